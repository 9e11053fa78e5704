"""Who came: on the list, by the code, from the log of a webinar; certificates for those and nobody else."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils import timezone

from core.imports.reading import read_table
from core.imports.spec import Fate, carry_out, make_plan
from core.models import Letter
from core.states import WrongState, history, move
from events import attendance, certificates
from events.attendance import Mark
from events.models import Certificate, Door, Event, Registration
from events.webinar_log import WebinarLog
from tests.factories.events import make_event, signed_up
from tests.factories.network import employ
from tests.tables import xlsx
from tests.world import World, signed_in

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def event(world: World) -> Event:
    """Begun two hours ago, six hours long in the records, two teachers and the head signed up."""
    event = make_event(world.school, organiser=world.head, hours=Decimal("2.5"))
    for person in (world.teacher, world.near.teacher, world.head):
        signed_up(event, person)
    return begun(event)


def begun(event: Event) -> Event:
    now = timezone.now()
    Event.objects.filter(pk=event.pk).update(starts_at=now - 2 * HOUR, ends_at=now + HOUR)
    return Event.objects.get(pk=event.pk)


def row(event: Event, person) -> Registration:
    return Registration.objects.get(event=event, person=person)


def came(event: Event, *people, by) -> None:
    attendance.mark(event=event, marks={row(event, one).pk: Mark("attended") for one in people}, by=by)


def test_marks_keep_hours_of_the_event_and_pressing_twice_changes_nothing(world, event):
    marks = {
        row(event, world.teacher).pk: Mark("attended"),
        row(event, world.near.teacher).pk: Mark("attended", Decimal(1)),
        row(event, world.head).pk: Mark("excused", Decimal(9)),
    }

    changed = attendance.mark(event=event, marks=marks, by=world.head)
    again = attendance.mark(event=event, marks=marks, by=world.head)

    assert (changed, again) == (3, 0)
    said = {one.person: (one.attendance, one.hours) for one in Registration.objects.filter(event=event)}
    assert said == {
        world.teacher: ("attended", Decimal("2.5")),
        world.near.teacher: ("attended", Decimal(1)),
        world.head: ("excused", None),
    }


def test_nothing_is_marked_before_the_hour_nor_by_a_stranger(world):
    ahead = make_event(world.school, organiser=world.head)
    mine = signed_up(ahead, world.teacher)

    with pytest.raises(WrongState, match="Отмечать присутствие можно с"):
        attendance.mark(event=ahead, marks={mine.pk: Mark("attended")}, by=world.head)
    ahead = begun(ahead)
    with pytest.raises(PermissionDenied):
        attendance.mark(event=ahead, marks={mine.pk: Mark("attended")}, by=world.near.head)

    assert row(ahead, world.teacher).attendance == ""


def test_page_of_marks_keeps_what_was_said_when_hours_are_wrong(world, event):
    client, pk = world.client("head"), row(event, world.teacher).pk
    page = f"{event.get_absolute_url()}attendance/"

    wrong = client.post(page, {f"mark-{pk}": "absent", f"hours-{pk}": "-3"})
    text = wrong.content.decode()

    assert wrong.status_code == 422 and "Убедитесь, что это значение больше либо равно 0" in text
    assert 'value="absent" checked' in text and row(event, world.teacher).attendance == ""
    client.post(page, {"all": "attended", f"mark-{pk}": "absent"})
    assert sorted(event.registrations.values_list("attendance", flat=True)) == [
        "absent",
        "attended",
        "attended",
    ]


def test_code_at_the_door_marks_the_person_once_and_only_while_it_is_open(world, event):
    door = attendance.open_door(event=event, by=world.head)
    guest = employ("teacher", world.near.organisation)
    client = signed_in(guest)

    typed = client.post("/events/here/", {"code": f" {door.code[:3].lower()} {door.code[3:]}"})
    for _ in range(2):
        client.post(typed.headers["Location"])

    mine = row(event, guest)
    assert (mine.attendance, mine.walked_in, mine.organisation) == ("attended", True, world.near.organisation)
    assert Event.objects.get(pk=event.pk).taken == 3
    attendance.close_door(event=event, by=world.head)
    with pytest.raises(WrongState, match="больше не действует"):
        attendance.check_in(door=Door.objects.get(event=event), token=door.token, person=world.teacher)
    assert client.post("/events/here/", {"code": door.code}).status_code == 422


def test_new_code_makes_the_old_one_useless(world, event):
    first = attendance.open_door(event=event, by=world.head)
    second = attendance.open_door(event=event, by=world.head)

    assert first.code != second.code
    assert signed_in(world.teacher).get(f"/events/here/{first.token}/").status_code == 404


def minutes_pass(door: Door, minutes: int) -> None:
    """The door as if it had been opened so many minutes earlier."""
    Door.objects.filter(pk=door.pk).update(opened_at=F("opened_at") - dt.timedelta(minutes=minutes))


def test_code_on_the_screen_changes_and_works_for_ten_minutes_more(world, event):
    door = attendance.open_door(event=event, by=world.head)
    token, code, client = door.token, door.code, signed_in(world.teacher)

    minutes_pass(door, 11)
    shown = world.client("head").get(f"{event.get_absolute_url()}attendance/door/").content.decode()
    later = Door.objects.get(event=event)
    assert later.token != token and later.code != code and later.code in shown and code not in shown
    assert client.post("/events/here/", {"code": code}).status_code == 302, "somebody is typing it still"
    assert "Я здесь" in client.get(f"/events/here/{token}/").content.decode()

    minutes_pass(door, 10)
    assert client.post("/events/here/", {"code": code}).status_code == 422
    page = client.get(f"/events/here/{token}/").content.decode()
    assert "уже сменился" in page and "Я здесь" not in page
    client.post(f"/events/here/{token}/")
    assert row(event, world.teacher).attendance == "", "sent to a friend it is worth nothing"

    client.post(f"/events/here/{Door.objects.get(event=event).token}/")
    assert row(event, world.teacher).attendance == "attended"


@pytest.mark.parametrize("token", ["1-guess", "x-y", "-", "²-a", "99999999999999999999-a"])
def test_made_up_token_leads_nowhere(token, world, event):
    attendance.open_door(event=event, by=world.head)

    assert signed_in(world.teacher).get(f"/events/here/{token}/").status_code == 404


def test_who_waited_and_came_gives_no_place_away(world):
    event = make_event(world.school, organiser=world.head, capacity=1)
    signed_up(event, world.teacher)
    waiting = signed_up(event, world.near.teacher)
    event = begun(event)

    attendance.add_walk_in(event=event, person=world.near.teacher, by=world.head)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.walked_in, waiting.attendance) == ("registered", True, "attended")
    assert Event.objects.get(pk=event.pk).taken == 1


def test_stranger_to_the_municipality_is_not_let_in(world, event):
    door = attendance.open_door(event=event, by=world.head)

    with pytest.raises(WrongState, match="записывают только"):
        attendance.check_in(door=door, token=door.token, person=world.far.teacher)


LOG = [
    ["Имя участника", "Email", "Минут"],
    ["Кто-то", "{teacher}", 40],
    ["{near}", "", 12],
    ["{near}", "", 30],
    ["Неизвестный Гость", "guest@example.org", 5],
    ["Пришедший", "{walkin}", 50],
    ["", "не почта", 50],
]


def test_log_of_a_webinar_tells_the_fate_of_every_row(world, event):
    walk_in = employ("teacher", world.school)
    names = {
        "{teacher}": world.teacher.email,
        "{near}": f"{world.near.teacher.first_name} {world.near.teacher.last_name}",
        "{walkin}": walk_in.email,
    }
    rows = [[names.get(cell, cell) for cell in line] for line in LOG]
    table = read_table(BytesIO(xlsx(rows)), name="журнал.xlsx")
    spec = WebinarLog({"event": event.pk})
    columns = {"name": 0, "email": 1, "minutes": 2}

    plan = make_plan(spec, table, columns)
    carry_out(spec, table, columns, by=world.head, accept_good_rows=True)

    fates = [outcome.fate for outcome in plan.outcomes]
    assert fates == [
        Fate.CHANGED, Fate.CHANGED, Fate.SUPERSEDED, Fate.SUPERSEDED, Fate.ADDED, Fate.REJECTED,
    ]  # fmt: skip
    assert "на событие не записан" in plan.outcomes[3].row.notes[0]
    assert set(Registration.objects.attended().values_list("person", flat=True)) == {
        world.teacher.pk,
        world.near.teacher.pk,
        walk_in.pk,
    }
    again = make_plan(WebinarLog({"event": event.pk}), table, columns)
    assert again.counts["changed"] == again.counts["added"] == 0


@pytest.fixture
def held(world: World, event: Event) -> Event:
    """Over, with the two teachers marked as having come."""
    came(event, world.teacher, world.near.teacher, by=world.head)
    return move(event, "hold", by=world.head)


def test_certificates_go_to_those_who_came_once_each_with_one_letter(world, held):
    first = certificates.issue(event=held, by=world.head)
    second = certificates.issue(event=held, by=world.head)

    assert {one.person for one in first} == {world.teacher, world.near.teacher} and second == []
    assert sorted(one.serial for one in first) == [1, 2]
    assert Letter.objects.filter(key__startswith="certificate:").count() == 2
    one = Certificate.objects.get(person=world.teacher)
    assert (one.name, one.hours, one.issuer) == (
        world.teacher.get_full_name(),
        Decimal("2.5"),
        world.municipality.centre_name or world.municipality.name,
    )


def test_no_certificate_before_the_event_took_place(world, event):
    came(event, world.teacher, by=world.head)

    with pytest.raises(WrongState, match="после события"):
        certificates.issue(event=event, by=world.head)


def test_certificate_keeps_what_it_said_and_forbids_taking_the_mark_back(world, held):
    certificates.issue(event=held, by=world.head)
    world.teacher.last_name = "Новофамильная"
    world.teacher.save()

    with pytest.raises(WrongState, match="сертификат уже выдан"):
        attendance.mark(event=held, marks={row(held, world.teacher).pk: Mark("absent")}, by=world.head)

    assert "Новофамильная" not in Certificate.objects.get(person=world.teacher).name


def test_public_page_verifies_every_field_and_reissue_leads_to_the_next(world, held):
    certificates.issue(event=held, by=world.head)
    old = Certificate.objects.get(person=world.teacher)
    world.teacher.last_name = "Новофамильная"
    world.teacher.save()

    before = world.client("visitor").get(old.get_absolute_url()).content.decode()
    fresh = certificates.reissue(certificate=old, reason="Смена фамилии", by=world.head)
    after = world.client("visitor").get(old.get_absolute_url()).content.decode()
    page = world.client("visitor").get(fresh.get_absolute_url())

    for said in (old.name, held.title, old.number, "мастер-класс", "2,5", "Действителен", "Не является"):
        assert said in before, said
    assert "Сертификат недействителен" in after and fresh.get_absolute_url() in after
    assert fresh.name.startswith("Новофамильная") and fresh.replaces_id == old.pk and fresh.serial == 3
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert [step.reason for step in history(old)] == ["Смена фамилии"]


def test_revoked_certificate_is_told_and_not_revoked_twice(world, held):
    certificates.issue(event=held, by=world.head)
    one = Certificate.objects.get(person=world.near.teacher)

    certificates.revoke(certificate=one, reason="Отмечен по ошибке", by=world.head)
    with pytest.raises(WrongState):
        certificates.revoke(certificate=one, reason="Ещё раз", by=world.methodist)

    letter = Letter.objects.get(key=f"certificate:{one.pk}:certificate_revoked")
    assert "Отмечен по ошибке" in letter.text


def test_numbers_of_two_events_of_one_year_go_on(world, held):
    certificates.issue(event=held, by=world.head)
    other = begun(make_event(world.near.organisation, organiser=world.near.head))
    attendance.add_walk_in(event=other, person=world.teacher, by=world.near.head)
    other = move(other, "hold", by=world.near.head)

    (one,) = certificates.issue(event=other, by=world.near.head)

    assert one.number == f"000003/{timezone.localdate().year}"
