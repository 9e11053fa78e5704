"""The frame of every page: sign-in, header, menus, pages of errors."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.audit import audit
from tests.browser.world import follow, press

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/", "/no-such/"]
)
def test_page_for_a_visitor_is_accessible(open_page, path: str):
    page = open_page(path)

    audit(page)


@pytest.mark.parametrize(
    "path", ["/accounts/2fa/", "/accounts/password/change/", "/accounts/2fa/totp/activate/"]
)
def test_page_of_the_own_account_is_accessible(open_page, world, path: str):
    page = open_page(path, world.methodist)

    audit(page)


def test_wrong_password_is_told_in_words_and_the_address_is_kept(open_page, world):
    page = open_page("/accounts/login/")

    page.get_by_label("Адрес электронной почты").fill(world.teacher.email)
    page.locator("[name=password]").fill("not this one")
    press(page, "Войти")

    expect(page).to_have_title(re.compile("^Ошибка:"))
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Адрес электронной почты")).to_have_value(world.teacher.email)
    audit(page)


def test_person_signs_out_from_the_menu_by_keyboard(open_page, world):
    page = open_page("/accounts/password/change/", world.teacher)

    page.locator(".tools summary", has_text=world.teacher.get_short_name()).press("Enter")
    follow(page, page.locator(".tools").get_by_role("button", name="Выйти"), "Enter")

    expect(page.locator(".tools").get_by_role("link", name="Войти")).to_be_visible()


def test_phone_menu_opens_without_scripts(open_page, world):
    page = open_page("/accounts/password/change/", world.teacher, width=390, scripts=False)
    expect(page.locator("#find-phone")).to_be_hidden()

    page.locator(".burger > summary").click()

    expect(page.locator("#find-phone")).to_be_visible()
    expect(page.locator(".burger").get_by_role("link", name="Мои дела")).to_be_visible()
