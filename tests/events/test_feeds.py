"""Calendars and the feed, read by two independent parsers; the secret address; what nobody else may learn."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET

import icalendar
import pytest
import vobject
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.logs import strike_out
from core.states import move
from events.models import CalendarLink, Event
from events.registration import sign_up, withdraw
from tests.factories.events import make_event, signed_up
from tests.world import World

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def event_at(world: World, **fields) -> Event:
    fields.setdefault("title", "Читаем задачу вслух; приёмы, вопросы")
    return make_event(world.school, **{"organiser": world.methodist, **fields})


def entries(content: bytes) -> dict[str, icalendar.Event]:
    book = icalendar.Calendar.from_ical(content)
    return {str(entry["summary"]): entry for entry in book.walk("VEVENT")}


def own_address(world: World, role: str = "teacher") -> str:
    client = world.client(role)
    client.post("/events/mine/calendar/")
    return CalendarLink.objects.get(person=world.person(role)).get_absolute_url()


def test_two_parsers_read_the_same_event(world, client):
    event = event_at(world, audience="учителя, 5–6 классы", capacity=30)

    response = client.get(f"/events/{event.pk}/event.ics")
    text = response.content.decode()
    ours = next(iter(entries(response.content).values()))
    theirs = vobject.readOne(text).vevent

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert str(ours["summary"]) == theirs.summary.value == event.title
    assert ours["dtstart"].dt == theirs.dtstart.value == event.starts_at
    assert ours["dtend"].dt == theirs.dtend.value == event.ends_at
    assert "учителя, 5–6 классы" in theirs.description.value and "учителя, 5–6 классы" in str(
        ours["description"]
    )
    assert theirs.url.value == f"http://portal.test{event.get_absolute_url()}"
    assert theirs.status.value == "CONFIRMED" and "Школа № 1" in theirs.location.value
    lines = text.split("\r\n")
    assert lines[-1] == "" and all(len(line.encode()) <= 75 for line in lines)


def test_network_calendar_holds_public_announced_events_only(world, client):
    event_at(world, title="Открытое")
    event_at(world, title="Для своих", is_public=False)
    event_at(world, title="Готовится", state=Event.State.PLANNED)
    event_at(world, title="Давнее", starts_at=timezone.now() - dt.timedelta(days=60))
    make_event(world.far.organisation, title="Чужое", organiser=world.far.head)

    everywhere = entries(client.get("/events/calendar.ics").content)
    here = entries(client.get(f"/events/calendar.ics?municipality={world.municipality.pk}").content)

    assert set(everywhere) == {"Открытое", "Чужое"}
    assert set(here) == {"Открытое"}
    assert client.get("/events/calendar.ics?municipality=999").status_code == 404
    assert client.get("/events/calendar.ics?municipality=x").status_code == 404


def test_moved_event_keeps_its_uid_and_a_cancelled_one_is_struck_out(world, client):
    event = event_at(world)
    url = f"/events/{event.pk}/event.ics"
    before = next(iter(entries(client.get(url).content).values()))

    later = event.starts_at + dt.timedelta(days=7)
    event = move(event, "move_to", by=None, starts_at=later, ends_at=later + dt.timedelta(hours=2))
    moved = next(iter(entries(client.get(url).content).values()))
    move(event, "cancel", by=None, reason="Болезнь ведущего")
    cancelled = vobject.readOne(client.get("/events/calendar.ics").content.decode()).vevent

    assert moved["uid"] == before["uid"] == cancelled.uid.value
    assert (before["sequence"], moved["sequence"], cancelled.sequence.value) == (0, 1, "2")
    assert moved["dtstart"].dt == later
    assert cancelled.status.value == "CANCELLED" and "отменено" in cancelled.description.value


def test_own_calendar_holds_own_events_with_the_link_and_no_others(world, client):
    link = "https://video.example/komnata"
    mine = event_at(world, title="Моё", link=link)
    signed_up(mine, world.teacher)
    event_at(world, title="Не моё", link="https://video.example/drugaya")
    event_at(world, title="Веду", organiser=world.teacher)
    left = event_at(world, title="Отказался")
    withdraw(registration=signed_up(left, world.teacher), by=world.teacher)

    content = client.get(own_address(world)).content
    public = client.get("/events/calendar.ics").content.decode().replace("\r\n ", "")

    found = entries(content)
    assert set(found) == {"Моё", "Веду"}
    assert link in str(found["Моё"]["description"])
    assert "video.example" not in public


def test_who_waits_has_no_entry_and_an_offered_place_is_tentative(world, client):
    event = event_at(world, capacity=1)
    first = signed_up(event, world.head)
    sign_up(event=event, people=[world.teacher], by=world.teacher)
    address = own_address(world)
    waiting = entries(client.get(address).content)

    withdraw(registration=first, by=world.head)
    offered = entries(client.get(address).content)

    assert waiting == {}
    assert [str(entry["status"]) for entry in offered.values()] == ["TENTATIVE"]


def test_secret_address_is_made_once_renewed_and_taken_back(world, client):
    page = world.client("teacher")
    first = own_address(world)
    assert own_address(world) == first and first in page.get("/events/mine/calendar/").content.decode()

    page.post("/events/mine/calendar/", {"act": "renew"})
    second = CalendarLink.objects.get().get_absolute_url()
    assert client.get(first).status_code == 404 and client.get(second).status_code == 200

    page.post("/events/mine/calendar/", {"act": "revoke"})
    assert client.get(second).status_code == 404 and not CalendarLink.objects.exists()


def test_address_of_somebody_who_left_is_closed(world, client):
    address = own_address(world)
    type(world.teacher).objects.filter(pk=world.teacher.pk).update(is_active=False)

    assert client.get(address).status_code == 404


def test_secret_address_reaches_no_log(world, client, caplog):
    address = own_address(world)
    token = address.split("/")[-1].removesuffix(".ics")

    with caplog.at_level("DEBUG"):
        client.get(address)

    assert "GET /events/calendars/<str:token>.ics" in caplog.text and token not in caplog.text
    assert token not in strike_out(f"Not Found: {address}")


def test_event_of_the_own_network_only_is_given_to_its_people(world, client):
    event = event_at(world, is_public=False)
    url = f"/events/{event.pk}/event.ics"

    assert client.get(url).status_code == 404
    assert world.client("teacher").get(url).status_code == 200


def test_feed_is_atom_with_the_latest_announcement_first(world, client):
    event_at(world, title="Первое", audience="учителя <математики> & физики")
    event_at(world, title="Второе")
    event_at(world, title="Готовится", state=Event.State.PLANNED)
    event_at(world, title="Для своих", is_public=False)

    response = client.get("/events/feed.atom")
    feed = ET.fromstring(response.content)
    found = feed.findall(f"{ATOM}entry")

    assert response["Content-Type"].startswith("application/atom+xml")
    assert [entry.findtext(f"{ATOM}title") for entry in found] == ["Второе", "Первое"]
    assert "учителя <математики> & физики" in found[1].findtext(f"{ATOM}summary")
    for entry in found:
        assert entry.findtext(f"{ATOM}id").startswith("http://portal.test/events/")
        assert entry.find(f"{ATOM}updated") is not None and entry.find(f"{ATOM}link") is not None
    assert feed.findtext(f"{ATOM}id") and feed.findtext(f"{ATOM}updated")


def test_calendars_cost_the_same_for_one_and_thirty(world):
    client, address = Client(), own_address(world)

    def fill(count: int) -> None:
        for _ in range(count):
            signed_up(event_at(world, title=f"Событие {Event.objects.count()}"), world.teacher)

    def queries(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    urls = ["/events/calendar.ics", address, "/events/feed.atom"]
    fill(1)
    few = [queries(url) for url in urls]
    fill(29)
    assert [queries(url) for url in urls] == few == [2, 4, 1]
