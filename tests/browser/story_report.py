"""The annual report tells the event and the community, and every figure of both sections opens its records."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.audit import audit
from tests.browser.story import Story
from tests.browser.story_community import TITLE as COMMUNITY
from tests.browser.story_event import TITLE as EVENT
from tests.browser.world import menu, plain, press

RECORDS = "/monitoring/indicators/"
# Table of the report → columns whose figures lead to their records.
TABLES = {
    "События по формам": (1, 2),
    "События по областям компетенций": (1, 2),
    "Участие организаций": (2,),
    "Действующие сообщества по видам": (1,),
    "Сообщества, их планы и отчёты за учебный год": (2,),
    "Заявления о сообществах, поданные в учебном году": (1,),
}


def build(story: Story) -> Page:
    """By the worker, from the page of monitoring; returns the page of the report."""
    page = story.as_(story.world.methodist, "/my/")
    menu(page, "Мониторинг")
    press(page, "Собрать годовой отчёт")
    press(page, "Собрать")
    page.locator("main").get_by_role("link", name="Открыть отчёт").click()
    expect(page.get_by_role("heading", name="Файлы")).to_be_visible()
    audit(page)
    return page


def tells_both(story: Story, page: Page) -> None:
    assert rows(page, "События по формам") == [["мастер-класс", "1", "3"], ["Всего", "1", "3"]]
    assert rows(page, "Участие организаций") == [[story.world.school.short_name, "3", "3"]]
    assert rows(page, "Действующие сообщества по видам")[-1] == ["Всего", "1", "5"]
    assert rows(page, "Сообщества, их планы и отчёты за учебный год")[0][0] == COMMUNITY
    assert rows(page, "Заявления о сообществах, поданные в учебном году") == [["Утверждено", "1"]]


def figures_open_their_records(story: Story, page: Page) -> None:
    """Each leads to a page that tells the same number; the records are the event and the community of the story."""
    figures = [
        (title, cells.nth(column))
        for title, columns in TABLES.items()
        for row in table(page, title).locator("tbody tr").all()
        for cells in [row.locator("th, td")]
        for column in columns
    ]
    opened = {}
    for title, cell in figures:
        figure, address = plain(cell.inner_text()), cell.get_by_role("link").get_attribute("href")
        opened[address] = told = text_at(page, str(address))
        number = rf"Всего: {figure}\b" if str(address).startswith(RECORDS) else rf"\b{figure}\b"
        assert re.search(number, told), (title, figure, address)
    records = " ".join(opened.values())
    for name in (EVENT, COMMUNITY, *(teacher.last_name for teacher in story.teachers[:2])):
        assert name in records


def text_at(page: Page, address: str) -> str:
    answer = page.context.new_page()
    answer.goto("/".join(page.url.split("/", 3)[:3]) + address)
    text = plain(answer.locator("main").inner_text())
    answer.close()
    return text


def table(page: Page, title: str) -> Locator:
    return page.get_by_role("table").filter(has=page.locator("caption", has_text=title))


def rows(page: Page, title: str) -> list[list[str]]:
    """Texts of the cells of each row."""
    return [
        [plain(cell) for cell in row.locator("th, td").all_inner_texts()]
        for row in table(page, title).locator("tbody tr").all()
    ]
