"""The way of a file by keyboard and mouse: every fate on one page, without a fault of accessibility."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from network.models import Organisation
from tests.browser.audit import audit
from tests.browser.world import follow
from tests.factories.network import OrganisationFactory, inn
from tests.tables import xlsx

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
A, B, C = inn(900_001), inn(900_002), inn(900_003)
ROWS = [
    ["ИНН", "Наименование", "Адрес", "Статус", "Широта", "Долгота"],
    [A, "Детский сад № 5", "ул. Лесная, 1", "действует", 42.5, 45.1],
    [B, "Школа № 12", "ул. Новая, 2", "действует", "", ""],
    [C, "Школа № 13", "ул. Старая, 3", "утратила силу", "", ""],
    ["123", "Школа № 14", "ул. Старая, 4", "действует", "", ""],
]


def choose(page: Page, rows: list[list]) -> None:
    page.get_by_label("Файл").set_input_files(
        {"name": "школы.xlsx", "mimeType": "application/octet-stream", "buffer": xlsx(rows)}
    )
    page.get_by_role("button", name="Проверить файл").press("Enter")


def test_file_is_checked_corrected_and_taken_in(open_page, world):
    OrganisationFactory(
        municipality=world.municipality, inn=B, full_name="Школа № 12", address="ул. Старая, 2"
    )
    page = open_page("/network/organisations/import/", world.methodist)
    audit(page)

    choose(page, ROWS)
    expect(page.get_by_text("в ИНН организации 10 цифр")).to_be_visible()
    follow(page, page.get_by_role("link", name="Все строки"), "Enter")
    expect(page.get_by_text("утратила силу")).to_be_visible()
    page.get_by_text("Что запишется").first.press("Enter")
    audit(page)

    page.get_by_label("Вид, строка 2").select_option("culture")
    follow(page, page.get_by_role("button", name="Запомнить поправки"), "Enter")
    follow(page, page.get_by_role("link", name="Поправить колонки"), "Enter")
    expect(page).to_have_url(re.compile(r"/mapping/$"))
    audit(page)
    follow(page, page.get_by_role("link", name="Отменить"), "Enter")
    page.get_by_label("Взять строки без ошибок").press("Space")
    page.get_by_role("button", name="Загрузить").press("Enter")

    expect(page.get_by_role("heading", name="Загружено")).to_be_visible()
    audit(page)
    assert Organisation.objects.get(inn=A).kind == "culture"
    assert Organisation.objects.get(inn=B).address == "ул. Новая, 2"
    assert not Organisation.objects.filter(inn=C).exists()
