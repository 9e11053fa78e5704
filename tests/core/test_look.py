"""«Вид» is kept in a cookie, and error pages say what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from core.look import Look

ERRORS = ["400", "403", "403_csrf", "404", "413", "429", "500", "503"]


@pytest.mark.parametrize(
    "cookie", ["", "dark", "dark.high", "dark.high.largest", "x.y.z", "light.normal.huge.more", "\x00"]
)
def test_look_of_any_cookie_is_one_that_is_offered(cookie: str):
    look = Look.parse(cookie)

    assert look.theme in {"light", "dark"}
    assert look.contrast in {"normal", "high"}
    assert look.size in {"normal", "large", "largest"}


def test_one_choice_keeps_the_others():
    client = Client()
    client.cookies["look"] = "dark.normal.large"

    client.post(reverse("core:look"), {"contrast": "high", "next": "/help/"})

    assert client.cookies["look"].value == "dark.high.large"


@pytest.mark.parametrize(
    ("back", "wanted"),
    [("/help/?a=1", "/help/?a=1"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("", "/")],
)
def test_look_returns_to_the_portal_alone(back: str, wanted: str):
    response = Client().post(reverse("core:look"), {"theme": "dark", "next": back})

    assert response["Location"] == wanted


@pytest.mark.django_db
def test_chosen_look_stands_on_the_page():
    client = Client()
    client.post(reverse("core:look"), {"theme": "dark", "next": "/help/"})

    page = client.get("/no-such-page/").content.decode()

    assert 'data-bs-theme="dark"' in page
    assert re.search(r'value="dark" aria-pressed="true"', page)


@pytest.mark.parametrize("code", ["400", "500", "503"])
def test_error_page_needs_neither_request_nor_database(code: str):
    page = render_to_string(f"{code}.html")

    assert f"Ошибка {code}" in page
    assert "<h1>" in page


@pytest.mark.django_db
@pytest.mark.parametrize("code", ERRORS)
def test_error_page_says_what_happened_and_offers_a_way_on(code: str, rf):
    page = render_to_string(f"{code}.html", request=rf.get("/x/"))

    assert len(re.findall(r"<h1>", page)) == 1
    assert re.search(r'<div class="buttons">\s*<a class="btn btn-primary" href=', page)


def test_templates_have_no_inline_style_script_or_handler():
    inline = re.compile(
        r"""\s(style|on[a-z]+)\s*=\s*["']|<style|javascript:|<script(?![^>]*(\ssrc=|application/json))"""
    )
    letters = settings.BASE_DIR / "templates" / "letters"

    found = [
        f"{path.relative_to(settings.BASE_DIR)}:{number}"
        for path in Path(settings.BASE_DIR / "templates").glob("**/*.html")
        if letters not in path.parents
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if inline.search(line)
    ]

    assert found == []
