"""An event from its writing to its results: steps, letters, what others see, cloning, programme, filters."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.models import Letter
from core.states import NotAllowed, WrongState, history
from events import actions
from events.models import Event, EventMaterial, Registration, Session, Speaker
from events.prefill import new_event_url
from network.models import Organisation, Person
from tests.factories.events import EventFactory, SeriesFactory, at, make_event, signed_up
from tests.factories.network import DirectionFactory
from tests.pages import form_values

State = Event.State


def local(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def soon(days: int = 10, hours: int = 0) -> dt.datetime:
    return timezone.now().replace(second=0, microsecond=0) + dt.timedelta(days=days, hours=hours)


def words(response: Any) -> str:
    """The page with usual spaces."""
    return response.content.decode().replace("\xa0", " ")


def written(world, **changes: Any) -> dict[str, Any]:
    """What the methodist fills in."""
    return {
        "title": "Как читать задание", "format": "master_class", "level": "municipal",
        "starts_at": local(soon()), "ends_at": local(soon(hours=2)), "host": world.centre.pk,
        "organiser": f"{world.head}, {world.school.short_name}", "answer_hours": 48, "hours": 2,
        "is_public": "on", **changes,
    }  # fmt: skip


def test_methodist_writes_opens_and_everybody_sees(world, client_of):
    client = client_of(world.methodist)
    response = client.post(reverse("events:new"), written(world, capacity=20))
    event = Event.objects.get()
    assert response["Location"] == event.get_absolute_url()
    assert (event.organiser, event.municipality, event.state) == (
        world.head,
        world.municipality,
        State.PLANNED,
    )
    assert client_of(None).get(event.get_absolute_url()).status_code == 404, (
        "a planned event is nobody's business"
    )

    client.post(reverse("events:opening", args=[event.pk]))

    event.refresh_from_db()
    assert event.state == State.REGISTRATION_OPEN
    page = words(client_of(None).get(reverse("events:events")))
    assert "Как читать задание" in page
    assert "20 мест свободно" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_at": local(soon(9))}, "кончается раньше, чем начинается"),
        ({"organiser": "Никого Такого"}, "такого человека нет"),
        ({"registration_closes_at": local(soon(11))}, "после начала события"),
        ({"capacity": 3, "capacity_per_organisation": 5}, "больше мест, чем есть всего"),
    ],
)
def test_mistakes_are_named_and_nothing_is_saved(world, client_of, changes, words):
    response = client_of(world.methodist).post(reverse("events:new"), written(world, **changes))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Event.objects.exists()


def test_head_plans_only_for_own_organisation(world, client_of):
    client = client_of(world.head)

    refused = client.post(reverse("events:new"), written(world))
    client.post(reverse("events:new"), written(world, host=world.school.pk))

    assert refused.status_code == 422
    assert Event.objects.get().host == world.school


def test_new_event_is_prefilled_by_the_address(world, client_of):
    direction = DirectionFactory()
    url = new_event_url(
        title="Ответ на трудность", direction=direction.pk, audience="учителя", format="seminar"
    )

    form = client_of(world.methodist).get(url).context["form"]

    assert form["title"].value() == "Ответ на трудность"
    assert (form["direction"].value(), form["audience"].value()) == (direction.pk, "учителя")


def test_editing_leaves_time_and_place_of_what_was_announced_alone(world, client_of):
    event = make_event(world.centre, organiser=world.head)
    client = client_of(world.methodist)
    values = form_values(client.get(reverse("events:edit", args=[event.pk])))
    assert "starts_at" not in values

    client.post(
        reverse("events:edit", args=[event.pk]),
        {**values, "title": "Другое название", "starts_at": local(soon(40))},
    )

    fresh = Event.objects.get()
    assert (fresh.title, fresh.starts_at) == ("Другое название", event.starts_at)


def test_fewer_places_than_people_are_refused(world, client_of):
    event = make_event(world.centre, organiser=world.head, capacity=5)
    for person in (world.teacher, world.near.teacher):
        signed_up(event, person)
    client = client_of(world.methodist)
    values = form_values(client.get(reverse("events:edit", args=[event.pk])))

    response = client.post(reverse("events:edit", args=[event.pk]), {**values, "capacity": 1})

    assert "Уже занято мест: 2" in response.content.decode()
    assert Event.objects.get().capacity == 5


def test_moving_tells_everybody_concerned_once_and_keeps_their_places(world, client_of):
    event = make_event(world.centre, organiser=world.head, capacity=1)
    part = Session.objects.create(
        event=event, title="Часть", starts_at=event.starts_at, ends_at=event.ends_at
    )
    signed_up(event, world.teacher)
    signed_up(event, world.near.teacher)
    when = {
        "starts_at": local(soon(12)),
        "ends_at": local(soon(12, 2)),
        "place": "библиотека",
        "reason": "Ремонт",
    }
    client = client_of(world.methodist)

    for _ in range(2):
        client.post(reverse("events:move", args=[event.pk]), when)

    event.refresh_from_db()
    part.refresh_from_db()
    assert (event.state, event.place) == (State.REGISTRATION_OPEN, "библиотека")
    assert part.starts_at - event.starts_at == dt.timedelta(0)
    told = Letter.objects.filter(subject__startswith="Перенос")
    assert {letter.to for letter in told} == {
        world.teacher.email, world.near.teacher.email, world.head.email
    } and told.count() == 3  # fmt: skip
    assert "Почему: Ремонт" in told[0].text
    assert event.registrations.live().count() == 2


def test_cancelling_tells_why_and_shows_it(world, client_of):
    event = make_event(world.centre, organiser=world.head)
    row = signed_up(event, world.teacher)

    client_of(world.methodist).post(reverse("events:cancellation", args=[event.pk]), {"reason": "Карантин"})

    event.refresh_from_db()
    row.refresh_from_db()
    assert event.state == State.CANCELLED
    assert row.state == Registration.State.REGISTERED, "who had signed up stays in the record"
    letter = Letter.objects.get(to=world.teacher.email)
    assert "Почему: Карантин" in letter.text
    page = client_of(None).get(event.get_absolute_url()).content.decode()
    assert "Событие отменено.</b> Карантин" in page
    assert event not in Event.objects.announced()


def test_results_hold_and_report_the_event(world, client_of):
    event = make_event(world.centre, organiser=world.head)
    url = reverse("events:report", args=[event.pk])
    answer = {"results": "Составили двенадцать заданий", "recording": "video.example/1"}
    early = client_of(world.head).post(url, answer)
    assert early.status_code == 422
    at(event, timezone.now() - dt.timedelta(hours=3))

    client_of(world.head).post(url, answer)

    event.refresh_from_db()
    assert (event.state, event.recording) == (State.REPORTED, "https://video.example/1")
    assert [row.transition for row in history(event)] == ["open_registration", "hold", "report"]
    assert "Составили двенадцать заданий" in client_of(None).get(event.get_absolute_url()).content.decode()


def test_clone_takes_the_programme_along_and_nobody_of_the_people(world):
    opens = soon(2)
    event = make_event(world.centre, organiser=world.head, registration_closes_at=opens, capacity=7)
    part = Session.objects.create(
        event=event, title="Часть", starts_at=event.starts_at, ends_at=event.ends_at
    )
    Speaker.objects.create(event=event, session=part, name="Гостев Глеб", topic="О главном")
    signed_up(event, world.teacher)
    later = dt.timedelta(weeks=52)

    copy = actions.clone_event(event=event, starts_at=event.starts_at + later, by=world.methodist)

    assert (copy.state, copy.taken, copy.cloned_from) == (State.PLANNED, 0, event)
    assert copy.ends_at - event.ends_at == copy.registration_closes_at - opens == later
    speaker = copy.speakers.get()
    assert (speaker.topic, speaker.session.starts_at) == ("О главном", part.starts_at + later)
    assert not copy.registrations.exists()


def test_people_of_a_series_are_signed_up_at_once(world, client_of):
    series = SeriesFactory(municipality=world.municipality)
    first = make_event(world.centre, organiser=world.head, series=series)
    for person in (world.teacher, world.near.teacher):
        signed_up(first, person)
    following = make_event(world.centre, organiser=world.head, series=series)
    at(following, first.starts_at + dt.timedelta(days=30))
    signed_up(following, world.teacher)

    client_of(world.methodist).post(reverse("events:registration-series", args=[following.pk]))

    rows = following.registrations.all()
    assert {row.person for row in rows} == {world.teacher, world.near.teacher}
    assert rows.get(person=world.near.teacher).registered_by == world.methodist


def test_link_is_shown_only_to_those_signed_up(world, client_of):
    event = make_event(world.centre, organiser=world.methodist, link="https://conference.example/room")
    url = event.get_absolute_url()
    stranger = client_of(world.near.teacher).get(url).content.decode()
    signed_up(event, world.teacher)

    assert "conference.example" not in stranger
    assert "conference.example" in client_of(world.teacher).get(url).content.decode()


def test_visitor_sees_whom_to_ask_at_the_host_and_a_name_only_with_its_consent(world, client_of):
    Organisation.objects.filter(pk=world.school.pk).update(
        phone="+7 (800) 000-00-11", email="school@demo.example"
    )
    Person.objects.filter(pk=world.head.pk).update(phone="+7 (900) 111-22-33")
    url = make_event(world.school, organiser=world.head).get_absolute_url()

    page = words(client_of(None).get(url))
    assert "+7 (800) 000-00-11" in page and "school@demo.example" in page
    assert world.head.last_name not in page and "111-22-33" not in page
    assert world.head.last_name in words(client_of(world.near.teacher).get(url))

    Person.objects.filter(pk=world.head.pk).update(shows_page=True)
    page = words(client_of(None).get(url))
    assert f'<a href="{world.head.get_absolute_url()}">{world.head}</a>' in page and "111-22-33" not in page


def test_private_event_is_seen_by_its_municipality_only(world):
    event = make_event(world.school, is_public=False)

    assert event in Event.objects.visible_to(world.near.teacher)
    assert event not in Event.objects.visible_to(world.far.teacher)
    assert event not in Event.objects.visible_to(None)


def test_material_is_known_by_its_content(world, client_of):
    event = make_event(world.centre, organiser=world.head)
    client = client_of(world.head)
    url = reverse("events:item-new", kwargs={"event": event.pk, "kind": "materials"})

    fake = client.post(url, {"title": "Слайды", "file": SimpleUploadedFile("слайды.pdf", b"MZ\x90")})
    client.post(url, {"title": "Слайды", "file": SimpleUploadedFile("слайды.pdf", b"%PDF-1.7 ...")})

    assert "Внутри файла не PDF" in fake.content.decode()
    material = EventMaterial.objects.get()
    response = client_of(None).get(material.get_absolute_url())
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert "attachment" in response["Content-Disposition"]


def test_event_on_two_days_stands_in_the_calendar_twice(world, client_of):
    first = timezone.make_aware(dt.datetime(2026, 11, 5, 14))
    event = make_event(world.school, ends_at=timezone.now() + dt.timedelta(days=11))
    Event.objects.filter(pk=event.pk).update(starts_at=first, ends_at=first + dt.timedelta(days=1))

    page = client_of(None).get(f"{reverse('events:events')}?view=month&month=2026-11")

    days = [day.date.day for week in page.context["weeks"] for day in week if day.events]
    assert days == [5, 6]
    assert "ноябрь 2026" in page.content.decode().lower()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Скоро", "Скоро открытое"}),
        ("?when=past", {"Прошло"}),
        ("?when=all", {"Скоро", "Скоро открытое", "Прошло"}),
        ("?open=on", {"Скоро открытое"}),
        ("?format=webinar", {"Скоро"}),
        ("?q=открытое", {"Скоро открытое"}),
        ("?when=unreported", {"Прошло"}),
    ],
)
def test_filters(world, client_of, query, found):
    make_event(world.school, title="Скоро", state=State.ANNOUNCED, format="webinar")
    make_event(world.school, title="Скоро открытое")
    make_event(world.school, title="Прошло", state=State.HELD)

    page = client_of(None).get(reverse("events:events") + query)

    assert {event.title for event in page.context["object_list"]} == found


def test_list_takes_the_same_queries_for_one_and_for_thirty(world, client_of, django_assert_num_queries):
    client = client_of(world.teacher)
    make_event(world.school, direction=DirectionFactory())
    client.get(reverse("events:events"))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("events:events"))
    for _ in range(29):
        EventFactory(host=world.school, state=State.ANNOUNCED, announced_at=timezone.now())

    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("events:events"))


LIST_QUERIES = 9


def test_participants_and_their_spreadsheet(world, client_of, django_assert_num_queries):
    event = make_event(world.centre, organiser=world.head, capacity=1)
    signed_up(event, world.teacher, by=world.head)
    signed_up(event, world.near.teacher)
    client = client_of(world.methodist)
    url = reverse("events:participants", args=[event.pk])

    page = words(client.get(url))
    assert "1 записан, из 1 организации, мест 1, ждут 1" in page
    assert "В листе ожидания, 1-й" in page

    from io import BytesIO

    from openpyxl import load_workbook

    sheet = load_workbook(BytesIO(b"".join(client.get(f"{url}?export=xlsx").streaming_content))).active
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    text = str(rows)
    assert world.teacher.last_name in text and "В листе ожидания" in text and str(world.head) in text


@pytest.mark.parametrize(
    "step", ["announce", "open_registration", "move_event", "cancel_event", "report_event"]
)
def test_steps_are_for_those_who_run_the_event(world, step):
    event = make_event(world.centre, organiser=world.head, state=State.PLANNED)
    extra = {
        "move_event": {"when": {"starts_at": soon(20), "ends_at": soon(20, 1)}, "reason": "Так"},
        "cancel_event": {"reason": "Так"},
        "report_event": {"results": "Так"},
    }.get(step, {})

    with pytest.raises((NotAllowed, WrongState)):
        getattr(actions, step)(event=event, by=world.near.head, **extra)

    event.refresh_from_db()
    assert event.state == State.PLANNED
