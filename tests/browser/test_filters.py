"""The filter of a list: on a phone closed until it is used, on a wider screen always open, without scripts too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.audit import audit

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def button(page: Page):
    return page.locator(".filter-fold > summary")


def kind(page: Page):
    return page.locator(".filter select[name=kind]")


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_the_list_comes_first(open_page, world, scripts: bool):
    page = open_page("/network/organisations/", world.methodist, width=390, scripts=scripts)
    expect(kind(page)).to_be_hidden()

    button(page).press("Enter")

    expect(kind(page)).to_be_visible()


def test_on_a_phone_a_filter_in_force_is_seen(open_page, world):
    page = open_page("/network/organisations/?kind=school", world.methodist, width=390)

    expect(kind(page)).to_have_value("school")
    expect(kind(page)).to_be_visible()
    audit(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_wider_screen_the_filter_is_open(open_page, world, scripts: bool):
    page = open_page("/network/organisations/", world.methodist, scripts=scripts)

    expect(kind(page)).to_be_visible()
    expect(button(page)).to_be_hidden()
