"""Every component in every look."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.audit import audit
from tests.browser.world import follow

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

DRAWN = """() => {
    const it = document.querySelector("canvas[data-chart]");
    return it.getContext("2d").getImageData(0, 0, it.width, it.height).data.some(value => value);
}"""


@pytest.fixture(autouse=True)
def _gallery(settings):
    settings.GALLERY = True


@pytest.mark.parametrize(
    "look",
    [
        "light.normal.normal",
        "dark.normal.normal",
        "light.high.large",
        "dark.high.normal",
        "light.normal.largest",
    ],
)
def test_gallery_is_accessible_in_every_look(open_page, look: str):
    page = open_page("/gallery/?form=wrong&messages=1", look=look)

    audit(page)


def test_gallery_is_accessible_on_a_phone(open_page):
    page = open_page("/gallery/", width=390)

    page.locator("details.burger > summary").click()

    audit(page)


def test_looks_are_chosen_without_scripts_and_kept(open_page):
    page = open_page("/gallery/", scripts=False)

    page.locator(".tools summary", has_text="Вид").click()
    follow(page, page.locator(".tools").get_by_role("button", name="Тёмные"))
    page.locator(".tools summary", has_text="Вид").click()
    follow(page, page.locator(".tools").get_by_role("button", name="Самый крупный"))

    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-size", "largest")
    expect(page).to_have_url(re.compile("/gallery/$"))


def test_picture_is_drawn_and_its_table_stands_beside(open_page):
    page = open_page("/gallery/")

    page.wait_for_function(DRAWN)  # the chart waits for its font
    expect(page.locator(".map .leaflet-marker-icon")).to_have_count(2)
    expect(page.get_by_role("table", name="Доля затруднений по годам")).to_be_visible()


def test_without_scripts_pictures_leave_no_gap(open_page):
    page = open_page("/gallery/", scripts=False)

    expect(page.locator("canvas[data-chart]")).to_be_hidden()
    expect(page.locator(".map")).to_be_hidden()


def test_mistake_in_the_summary_leads_to_its_field(open_page):
    page = open_page("/gallery/?form=wrong")

    expect(page).to_have_title(re.compile("^Ошибка:"))
    expect(page.locator(".mistakes")).to_be_focused()
    page.get_by_role("alert").get_by_role("link", name="Анонимность").click()
    expect(page.locator("[name=anonymity]").first).to_be_focused()


def test_menu_closes_by_escape_and_gives_the_focus_back(open_page):
    page = open_page("/gallery/")
    page.locator(".tools summary", has_text="Вид").press("Enter")

    page.keyboard.press("Escape")

    expect(page.locator("details.drop[open]")).to_have_count(0)
    expect(page.locator(".tools summary", has_text="Вид")).to_be_focused()


def test_first_tab_leads_past_the_header(open_page):
    page = open_page("/gallery/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


def test_button_pressed_twice_sends_once(open_page):
    page = open_page("/gallery/")
    sent = []
    page.route(
        "**/gallery/**",
        lambda route: (
            sent.append(route.request.method) if route.request.method == "POST" else route.continue_()
        ),
    )

    with page.expect_request(lambda request: request.method == "POST"):
        page.get_by_role("button", name="Сохранить").dblclick()
    page.wait_for_timeout(500)  # for a second one that is not to come

    assert sent == ["POST"]


def test_button_may_be_pressed_again_after_the_page_comes_back(open_page):
    page = open_page("/gallery/")
    follow(page, page.get_by_role("button", name="Сохранить"))

    page.go_back()

    expect(page.get_by_role("button", name="Сохранить")).to_be_visible()
    expect(page.locator("form[data-sent], .btn.busy")).to_have_count(0)


def test_paper_is_white_whatever_the_look(open_page):
    page = open_page("/gallery/", look="dark.high.normal")

    page.emulate_media(media="print")

    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    expect(page.locator("header.top")).to_be_hidden()
