"""From a cell of the map to a certificate that anybody can verify."""

from __future__ import annotations

import datetime as dt
import io
import re

import pypdf
import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from events.models import Certificate, Door, Event
from events.models.registration import Registration
from tests.browser.audit import audit
from tests.browser.story import (
    PHONE,
    Story,
    address_in,
    letter_to,
    soon,
    tags_of_pdf,
    text_of_pdf,
    words_of,
)
from tests.browser.world import follow, menu, plain, press
from tests.factories.events import at

TITLE = "Мастер-класс: разбор уроков"


def event() -> Event:
    return Event.objects.get(title=TITLE)


def plan_from_the_map(story: Story) -> None:
    """The methodist reads the map, writes a finding down, plans an event that answers it and opens signing up."""
    page = story.as_(story.world.methodist, "/my/")
    menu(page, "Диагностика")
    press(page, "Все опросы")
    press(page, str(story.campaign))
    follow(page, page.get_by_role("link", name="Карта затруднений").first)
    row = page.locator("table.heat tbody tr").filter(has_text=story.theme.name)
    assert "100" in plain(row.inner_text())
    follow(page, row.locator("th a"))
    press(page, "Записать вывод")
    page.get_by_label(re.compile("^Вывод")).fill("Не хватает практики: нужен разбор уроков.")
    press(page, "Записать вывод")
    press(page, "Спланировать поддержку")
    page.get_by_label("Название события").fill(TITLE)
    page.get_by_label("Начало", exact=True).fill(soon())
    press(page, "Запланировать событие")

    expect(page.get_by_label("Название", exact=True)).to_have_value(TITLE)
    page.get_by_label(re.compile("^Место")).fill("актовый зал")
    page.get_by_label(re.compile("^Мест всего")).fill("30")
    audit(page)
    press(page, "Сохранить")
    assert story.theme.name in words_of(page), "the theme of the finding"
    press(page, "Открыть запись")
    press(page, "Открыть запись")
    expect(page.get_by_text("Запись открыта.")).to_be_visible()


def head_signs_three_up(story: Story) -> None:
    head = story.world.head
    phone = story.as_(head, "/events/", PHONE)
    press(phone, TITLE)
    press(phone, "Записать педагогов")
    for teacher in story.teachers[:3]:
        phone.get_by_label(re.compile(f"^{teacher}")).check()
    audit(phone)
    press(phone, "Записать отмеченных")
    expect(phone.get_by_text("3 человека записаны.")).to_be_visible()


def one_declines(story: Story) -> None:
    """From the letter that tells who signed them up, on a phone; the head is told."""
    teacher = story.teachers[2]
    letter = letter_to(teacher, "Вас записали")
    assert str(story.world.head) in letter
    phone = story.as_(teacher, address_in(letter, r"/events/\d+/"), PHONE)
    press(phone, "Не смогу прийти")
    press(phone, "Отказаться")
    expect(phone.get_by_text("Вы отказались от участия.")).to_be_visible()
    audit(phone)
    assert str(teacher) in letter_to(story.world.head, "Отказ от участия")
    assert event().registrations.registered().count() == 2


def they_come(story: Story) -> None:
    """One by the QR code, one by the short code, and the head without having signed up, each on a phone."""
    screen = story.as_(story.world.methodist, event().get_absolute_url())
    press(screen, "Присутствие")
    press(screen, "Код на экран")
    press(screen, "Показать код")
    audit(screen)
    address = read_qr(screen)

    by_qr = story.as_(story.teachers[0], address, PHONE)
    audit(by_qr)
    press(by_qr, "Я здесь")
    expect(by_qr.get_by_text("Вы отмечены. Хорошего события!")).to_be_visible()

    by_code = story.as_(story.teachers[1], reverse("events:here-code"), PHONE)
    by_code.get_by_label("Код с экрана").fill(screen.locator(".code").inner_text().lower())
    audit(by_code)
    press(by_code, "Дальше")
    press(by_code, "Я здесь")

    head = story.as_(story.world.head, address, PHONE)
    assert "без записи" in words_of(head)
    press(head, "Я здесь")

    screen.reload()
    assert "Отметились: 3" in words_of(screen)


def read_qr(screen: Page) -> str:
    """The path that the QR code on the screen leads to: the code is the one that the address makes."""
    path = reverse("events:here", args=[Door.objects.get(event=event()).token])
    drawn = segno.make(f"{settings.SITE_URL}{path}", error="m").svg_data_uri(scale=8, border=2)
    assert screen.locator(".door img").get_attribute("src") == drawn
    return path


def sum_up_and_certify(story: Story) -> None:
    """When it is over the methodist sums up and gives certificates to those who came."""
    at(event(), timezone.now() - (event().ends_at - event().starts_at) - dt.timedelta(hours=1))
    page = story.as_(story.world.methodist, event().get_absolute_url())
    press(page, "Подвести итоги")
    page.get_by_label("Итоги", exact=True).fill("Разобрали шесть уроков.")
    press(page, "Подвести итоги")
    press(page, "Сертификаты")
    audit(page)
    press(page, "Выдать 3 сертификата")
    expect(page.get_by_text("Выдано: 3 сертификата.")).to_be_visible()
    marks = dict(Registration.objects.filter(event=event()).values_list("person", "attendance"))
    assert sorted(marks.values()) == ["", "attended", "attended", "attended"], "who declined did not come"


def certificate_is_verified(story: Story) -> None:
    """By a stranger at the address in the letter; the owner's sheet says the same and leads there."""
    teacher = story.teachers[0]
    path = address_in(letter_to(teacher, "Сертификат"), r"/events/certificates/[\w-]+/")
    certificate = Certificate.objects.get(event=event(), person=teacher)
    stranger = story.as_(None, path)
    audit(stranger)
    expect(stranger.get_by_text("Действителен")).to_be_visible()
    fields = [teacher.get_full_name(), "учитель", TITLE, certificate.number, "Часов 2", "участник"]
    shown = words_of(stranger)
    assert [one for one in fields if one.lower() not in shown.lower()] == []
    assert stranger.get_by_role("link", name="Скачать PDF").count() == 0

    page = story.as_(teacher, path, PHONE)
    with page.expect_download() as started:
        page.get_by_role("link", name="Скачать PDF").click()
    content = started.value.path().read_bytes()
    sheet = text_of_pdf(content)
    for words in (teacher.get_full_name(), f"№ {certificate.number}", TITLE, "часов: 2"):
        assert words in sheet
    root = pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value
    assert {"/H1", "/P", "/Figure", "/Link"} <= set(tags_of_pdf(root["/StructTreeRoot"]["/K"]))
    assert address_in(sheet.replace(" ", ""), r"/events/certificates/[\w-]+/") == path


def finding_is_answered(story: Story) -> None:
    page = story.as_(story.world.methodist, "/diagnostics/findings/")
    follow(page, page.locator("main").get_by_role("link", name=re.compile(story.theme.name)).first)
    row = page.get_by_role("row").filter(has_text=TITLE)
    assert "3" in plain(row.inner_text())
    audit(page)
