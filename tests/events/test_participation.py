"""«Моё участие» and the letters that go by themselves."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import Letter
from core.school_year import SchoolYear
from events import reminders
from events.models import Event, Registration, Speaker
from events.participation import taken_part
from tests.factories.events import at, make_event, signed_up
from tests.world import World

pytestmark = pytest.mark.django_db
State = Event.State
NOON = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)


def attended(world: World, title: str, *, days_ago: int = 1, hours: str = "2", **fields) -> Event:
    """An event to which the teacher came."""
    event = make_event(world.school, title=title, organiser=world.methodist, hours=Decimal(hours), **fields)
    row = signed_up(event, world.teacher)
    event = at(event, timezone.now() - dt.timedelta(days=days_ago))
    Registration.objects.filter(pk=row.pk).update(attendance="attended")
    Event.objects.filter(pk=event.pk).update(state=State.HELD)
    return event


def test_only_what_the_person_took_part_in_counts(world):
    came = attended(world, "Был")
    absent = attended(world, "Не пришёл")
    Registration.objects.filter(event=absent).update(attendance="absent")
    spoke = attended(world, "Выступал", days_ago=3)
    Registration.objects.filter(event=spoke).delete()
    Speaker.objects.create(event=spoke, person=world.teacher, topic="Задача как рассказ")
    ahead = make_event(world.school, title="Впереди", organiser=world.teacher)
    signed_up(ahead, world.head)

    found = [(one.event.title, one.role.value, one.hours) for one in taken_part(world.teacher)]

    assert found == [("Был", "participant", Decimal("2.0")), ("Выступал", "speaker", None)]
    assert [one.event for one in taken_part(world.head)] == []
    assert came.pk


def test_page_shows_what_is_ahead_and_what_was(world):
    attended(world, "Был")
    signed_up(make_event(world.school, title="Ближайшее", organiser=world.methodist), world.teacher)

    page = world.client("teacher").get("/events/mine/")
    other = world.client("head").get("/events/mine/").content.decode()

    assert [row.event.title for row in page.context["coming"]] == ["Ближайшее"]
    assert [one.event.title for one in page.context["rows"]] == ["Был"]
    assert "Ближайшее" not in other and "никуда не записаны" in other


def test_workbook_has_the_columns_of_a_portfolio(world):
    attended(world, "Семинар", format="seminar", level="municipal")
    spoke = attended(world, "Мастер-класс", days_ago=2, level="regional")
    Speaker.objects.create(event=spoke, person=world.teacher, topic="Задача как рассказ")

    response = world.client("teacher").get("/events/mine/?export=xlsx")

    book = openpyxl.load_workbook(io.BytesIO(response.content))
    tables = {}
    for sheet in book.worksheets[1:]:
        rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
        start = next(index for index, row in enumerate(rows) if "Дата" in row)
        tables[sheet.title.split(" ", 1)[1]] = rows[start:]
    visits, all_of_them, speeches = tables.values()
    assert visits[0] == ["Дата", "Тема", "Организатор", "Формат", "Часы", "Документ"]
    assert [row[1] for row in visits[1:3]] == ["Мастер-класс", "Семинар"]
    assert all_of_them[0] == ["Дата", "Название", "Тип", "Уровень", "Статус", "Часы", "Документ"]
    assert sorted(row[4] for row in all_of_them[1:4]) == ["выступающий", "участник", "участник"]
    assert speeches[0] == ["Дата", "Форма", "Уровень", "Тема", "Выступление", "Ссылка"]
    assert speeches[1][1:5] == ["мастер-класс", "региональный", "Задача как рассказ", "мастер-класс"]
    assert any(2 in row for row in visits[1:3])


def test_year_narrows_page_and_workbook(world):
    attended(world, "Нынешнее")
    attended(world, "Давнее", days_ago=800)
    old = SchoolYear.of(timezone.localdate() - dt.timedelta(days=800))

    page = world.client("teacher").get(f"/events/mine/?year={old.start}")
    file = world.client("teacher").get(f"/events/mine/?year={old.start}&export=xlsx").content

    assert [one.event.title for one in page.context["rows"]] == ["Давнее"]
    cells = [
        cell for sheet in openpyxl.load_workbook(io.BytesIO(file)) for row in sheet.values for cell in row
    ]
    assert "Давнее" in cells and "Нынешнее" not in cells


def test_page_costs_the_same_for_one_and_thirty(world):
    client = world.client("teacher")

    def queries() -> int:
        client.get("/events/mine/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/events/mine/")
        return len(seen)

    attended(world, "Был")
    few = queries()
    for number in range(29):
        attended(world, f"Был {number}")
    assert queries() == few == 8


# Letters


def coming(world: World, hours: float, **fields) -> Event:
    """An event that begins so many hours after noon of today; the teacher signed up yesterday."""
    event = make_event(world.school, organiser=world.methodist, **fields)
    row = signed_up(event, world.teacher)
    Registration.objects.filter(pk=row.pk).update(registered_at=NOON - dt.timedelta(days=1))
    return at(event, NOON + dt.timedelta(hours=hours))


def test_reminder_goes_once_and_again_after_a_move(world):
    event = coming(world, 20)

    assert reminders.remind(NOON) == 1
    assert reminders.remind(NOON + dt.timedelta(hours=1)) == 0
    at(event, NOON + dt.timedelta(hours=24))
    assert reminders.remind(NOON + dt.timedelta(hours=2)) == 1

    letters = Letter.objects.filter(key__startswith="event-reminder")
    assert [letter.to for letter in letters] == [world.teacher.email] * 2
    assert event.get_absolute_url() in letters[0].text


def test_reminder_is_for_those_with_a_place_at_what_is_near(world):
    coming(world, 60)
    coming(world, -1)
    waiting = coming(world, 10)
    Registration.objects.filter(event=waiting).update(state="waiting", queue=1)
    cancelled = coming(world, 10)
    Event.objects.filter(pk=cancelled.pk).update(state="cancelled")
    fresh = coming(world, 10)
    Registration.objects.filter(event=fresh).update(registered_at=NOON - dt.timedelta(minutes=5))

    assert reminders.remind(NOON) == 0


def test_reminder_does_not_hold_the_link(world):
    """Letters are forwarded; the link is on the page."""
    coming(world, 10, link="https://video.example/komnata")

    reminders.remind(NOON)

    text = Letter.objects.get(key__startswith="event-reminder").text
    assert "video.example" not in text and "Ссылка для участия – на странице события" in text


def test_thanks_go_once_to_those_who_came(world):
    event = attended(world, "Был")
    absent = attended(world, "Не пришёл")
    Registration.objects.filter(event=absent).update(attendance="absent")
    attended(world, "Давно", days_ago=20)

    assert (reminders.thank(), reminders.thank()) == (1, 0)
    letter = Letter.objects.get(key__startswith="event-thanks")
    assert letter.to == world.teacher.email and event.get_absolute_url() in letter.text
    assert "/events/mine/" in letter.text


@pytest.mark.parametrize(("hour", "goes"), [(3, False), (7, False), (8, True), (19, True), (20, False)])
def test_letters_that_go_by_themselves_go_in_the_daytime(hour, goes):
    assert reminders.is_daytime(NOON.replace(hour=hour)) is goes
