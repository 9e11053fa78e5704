"""Answering on a phone, as a browser sees it: with scripts and without, gently corrected, in every look."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from diagnostics.models import Response
from tests.browser.audit import audit
from tests.browser.world import follow, press
from tests.factories.diagnostics import launched, link_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def link(world) -> str:
    campaign = launched(world.municipality, by=world.methodist, by_years=True)
    return f"/diagnostics/s/{link_of(campaign, world.teacher)}/"


@pytest.mark.parametrize("scripts", [True, False])
def test_sheet_is_answered_from_the_link_to_the_thanks(open_page, link, scripts):
    page = open_page(link, width=390, scripts=scripts)
    pages = []

    def look() -> None:
        pages.append(page.title())
        if scripts:
            audit(page)

    look()
    press(page, "Начать")
    look()
    page.get_by_label("Педагогический стаж").select_option(label="4–10 лет")
    press(page, "Дальше")
    for topic in (1, 2):
        look()
        for question in page.locator("fieldset.q").all():
            question.get_by_text("Испытываю затруднения").click()
        follow(page, page.locator("button.btn-primary"))
        expect(page).to_have_url(re.compile(f"/topics/{topic + 1}/$" if topic == 1 else "/check/$"))
    look()
    press(page, "Отправить ответы")
    expect(page).to_have_url(re.compile("/thanks/$"))
    look()

    assert len(pages) == 6
    assert Response.objects.get().years == "4-10"


def test_marked_answer_is_saved_at_once_and_found_after_a_reload(open_page, link):
    page = open_page(f"{link}topics/1/", width=390)

    page.locator("fieldset.q").first.get_by_text("Испытываю затруднения").click()
    expect(page.locator("#saved")).to_contain_text("Сохранено в")
    page.reload()

    expect(page.locator("fieldset.q").first.get_by_label("Испытываю затруднения")).to_be_checked()


@pytest.mark.parametrize("look", ["", "dark.usual.usual", "light.high.large"])
def test_gentle_mistake_is_accessible_in_every_look(open_page, link, look):
    page = open_page(f"{link}topics/1/", width=320, look=look)

    page.locator("button.btn-primary").click()

    expect(page.get_by_role("alert")).to_contain_text("Осталось: 3")
    audit(page)
