"""Places of an event: signing up, the waiting list, one rule of promotion, leaving, letters."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import Letter
from core.states import NotAllowed, WrongState
from events import actions
from events.admission import clashes
from events.models import Event, Registration
from events.registration import accept, decline, place_in_line, release_offers, remove, sign_up, withdraw
from events.tasks import release_places
from network.models import Role
from tests.factories.events import at, make_event, signed_up
from tests.factories.network import OrganisationFactory, employ

State = Registration.State


@pytest.fixture
def staff(world):
    """Three more teachers of the own school."""
    return [employ(Role.TEACHER, world.school, last_name=name) for name in ("Азов", "Белов", "Ветров")]


def states(event: Event) -> dict[str, str]:
    return {row.person.last_name: row.state for row in event.registrations.select_related("person")}


def letters_to(person) -> list[str]:
    return list(Letter.objects.filter(to=person.email).order_by("pk").values_list("text", flat=True))


def test_teacher_signs_up_and_pressing_twice_changes_nothing(world):
    event = make_event(world.school, capacity=5)

    first = signed_up(event, world.teacher)
    second = signed_up(event, world.teacher)

    event.refresh_from_db()
    assert first == second
    assert (first.state, event.taken) == (State.REGISTERED, 1)
    assert first.organisation == world.school
    assert letters_to(world.teacher) == [], "who signs up themselves reads it on the page"


def test_head_signs_up_several_who_are_told_and_may_decline(world, staff):
    event = make_event(world.centre, capacity=10)

    rows = sign_up(event=event, people=staff, by=world.head)

    assert {row.registered_by for row in rows} == {world.head}
    assert all("Вас записали" in letters_to(person)[0] for person in staff)
    assert str(world.head) in letters_to(staff[0])[0]

    decline(registration=rows[0], by=staff[0])

    event.refresh_from_db()
    assert event.taken == 2
    assert f"{staff[0]}: отказ" in letters_to(world.head)[0]


def test_who_declined_is_not_signed_up_again_by_another(world, staff):
    event = make_event(world.centre)
    row = signed_up(event, staff[0], by=world.head)
    decline(registration=row, by=staff[0])

    with pytest.raises(WrongState, match="только сам"):
        sign_up(event=event, people=staff, by=world.head)

    assert states(event) == {"Азов": State.DECLINED}, "nobody is signed up when one may not be"
    assert signed_up(event, staff[0]).state == State.REGISTERED


def test_head_signs_up_only_own_people(world):
    event = make_event(world.centre)

    with pytest.raises(NotAllowed, match="своей организации"):
        sign_up(event=event, people=[world.near.teacher], by=world.head)


@pytest.mark.parametrize(
    ("level", "place", "is_admitted"),
    [
        ("school", "own", True),
        ("school", "near", False),
        ("municipal", "near", True),
        ("municipal", "far", False),
        ("regional", "far", True),
    ],
)
def test_level_says_whose_people_may_come(world, level, place, is_admitted):
    event = make_event(world.school, level=level)
    teacher = getattr(world, place).teacher

    if is_admitted:
        assert signed_up(event, teacher).state == State.REGISTERED
    else:
        with pytest.raises(WrongState, match="записывают только"):
            signed_up(event, teacher)


def test_full_event_puts_people_into_an_ordered_waiting_list(world, staff):
    event = make_event(world.centre, capacity=1)

    rows = sign_up(event=event, people=[*staff, world.teacher], by=world.head)

    assert [row.state for row in rows] == [State.REGISTERED, *[State.WAITING] * 3]
    assert [place_in_line(row) for row in rows[1:]] == [1, 2, 3]


FREED = {
    "withdrawn": lambda world, row: withdraw(registration=row, by=row.person),
    "withdrawn by the head": lambda world, row: withdraw(registration=row, by=world.head),
    "declined": lambda world, row: decline(registration=row, by=row.person),
    "taken off": lambda world, row: remove(registration=row, reason="Ошибка", by=world.methodist),
    "one place more": lambda world, row: more_places(row.event, world.methodist),
}


def more_places(event, by):
    event.refresh_from_db()
    event.capacity += 1
    actions.change_event(event=event, fields=["capacity"], by=by)


@pytest.mark.parametrize("way", FREED)
def test_place_freed_in_any_way_is_offered_to_the_first_in_line(world, staff, way):
    event = make_event(world.centre, capacity=1)
    first, second, third = sign_up(event=event, people=staff, by=world.head)

    FREED[way](world, first)

    event.refresh_from_db()
    second.refresh_from_db()
    assert second.state == State.OFFERED
    assert timedelta_hours(second.offered_until) == pytest.approx(48, abs=0.1)
    assert "держится за вами" in letters_to(second.person)[-1]
    assert states(event)[third.person.last_name] == State.WAITING
    assert event.taken == event.registrations.holding().count()


def timedelta_hours(moment: dt.datetime) -> float:
    return (moment - timezone.now()).total_seconds() / 3600


def test_offer_taken_is_a_place_and_offer_missed_goes_on(world, staff):
    event = make_event(world.centre, capacity=1)
    first, second, third = sign_up(event=event, people=staff, by=world.head)
    withdraw(registration=first, by=world.head)
    Registration.objects.filter(pk=second.pk).update(offered_until=timezone.now() - dt.timedelta(minutes=1))

    with pytest.raises(WrongState, match="перешло следующему"):
        accept(registration=second, by=second.person)
    release_places()
    release_places()

    assert states(event) == {"Азов": State.WITHDRAWN, "Белов": State.DECLINED, "Ветров": State.OFFERED}
    assert len(letters_to(second.person)) == 3, "signed up, offered, lapsed"
    assert accept(registration=third, by=third.person).state == State.REGISTERED
    event.refresh_from_db()
    assert event.taken == 1


def test_shortly_before_the_beginning_a_place_is_given_at_once_and_may_be_declined(world, staff):
    event = make_event(world.centre, capacity=1, starts_at=timezone.now() + dt.timedelta(hours=30))
    first, second, _ = [signed_up(event, person) for person in staff]

    withdraw(registration=first, by=first.person)

    second.refresh_from_db()
    assert second.state == State.REGISTERED
    assert "вы уже записаны" in letters_to(second.person)[0]
    assert decline(registration=second, by=second.person).state == State.DECLINED
    assert states(event)["Ветров"] == State.REGISTERED


def test_organisation_has_its_own_number_of_places(world, staff):
    event = make_event(world.centre, capacity=10, capacity_per_organisation=2)
    rows = sign_up(event=event, people=staff, by=world.head)
    neighbour = signed_up(event, world.near.teacher)

    assert [row.state for row in rows] == [State.REGISTERED, State.REGISTERED, State.WAITING]
    assert neighbour.state == State.REGISTERED, "another organisation is not held up"

    withdraw(registration=neighbour, by=neighbour.person)
    rows[2].refresh_from_db()
    assert rows[2].state == State.WAITING, "a place of another organisation does not help"

    withdraw(registration=rows[0], by=world.head)
    rows[2].refresh_from_db()
    assert rows[2].state == State.OFFERED


def test_first_whose_organisation_has_a_place_goes_before_those_whose_has_none(world, staff):
    event = make_event(world.centre, capacity=2, capacity_per_organisation=1)
    signed_up(event, staff[0])
    neighbour = signed_up(event, world.near.teacher)
    waits_longest = signed_up(event, staff[1])
    colleague = employ(Role.TEACHER, world.near.organisation, last_name="Соседов")
    waits = signed_up(event, colleague)

    withdraw(registration=neighbour, by=neighbour.person)

    assert states(event)["Соседов"] == State.OFFERED
    waits_longest.refresh_from_db()
    assert waits_longest.state == State.WAITING
    waits.refresh_from_db()
    assert waits.queue > waits_longest.queue


def test_own_place_is_given_up_until_the_deadline_only(world):
    event = make_event(world.centre, withdrawal_until=timezone.now() + dt.timedelta(days=1))
    row = signed_up(event, world.teacher)
    Event.objects.filter(pk=event.pk).update(withdrawal_until=timezone.now() - dt.timedelta(minutes=1))

    with pytest.raises(WrongState, match="Отказаться от места можно было до"):
        withdraw(registration=row, by=world.teacher)
    with pytest.raises(WrongState, match="записались сами"):
        decline(registration=row, by=world.teacher)

    row.refresh_from_db()
    assert row.state == State.REGISTERED


@pytest.mark.parametrize("act", [withdraw, decline])
def test_nothing_changes_once_it_has_begun(world, act):
    event = make_event(world.centre, capacity=1)
    row = signed_up(event, world.teacher, by=world.head)
    at(event, timezone.now() - dt.timedelta(minutes=5))

    with pytest.raises(WrongState, match="уже началось"):
        act(registration=row, by=world.teacher)


def test_offer_that_nobody_can_use_any_more_is_not_made(world, staff):
    event = make_event(world.centre, capacity=1)
    first, second, _ = sign_up(event=event, people=staff, by=world.head)
    withdraw(registration=first, by=world.head)
    Registration.objects.filter(pk=second.pk).update(offered_until=timezone.now())
    at(event, timezone.now() - dt.timedelta(minutes=5))

    release_offers(event)

    assert states(event) == {"Азов": State.WITHDRAWN, "Белов": State.DECLINED, "Ветров": State.WAITING}


def test_registration_window_is_kept(world):
    tomorrow = timezone.now() + dt.timedelta(days=1)
    early = make_event(world.centre, registration_opens_at=tomorrow)
    late = make_event(world.centre, registration_closes_at=timezone.now() - dt.timedelta(minutes=1))
    closed = make_event(world.centre, state=Event.State.ANNOUNCED)

    for event, words in ((early, "Запись откроется"), (late, "Запись закрылась"), (closed, "не идёт")):
        with pytest.raises(WrongState, match=words):
            signed_up(event, world.teacher)


def test_clash_with_another_event_is_found_and_shown(world, client_of):
    event = make_event(world.centre)
    other = make_event(world.school, title="Открытый урок о дробях")
    apart = make_event(world.school, starts_at=event.ends_at)
    for one in (other, apart):
        signed_up(one, world.teacher)

    assert clashes(event, [world.teacher, world.near.teacher]) == {world.teacher.pk: [other]}
    page = client_of(world.teacher).get(reverse("events:registration", args=[event.pk])).content.decode()
    assert "В это же время: «Открытый урок о дробях»" in page
    page = client_of(world.head).get(reverse("events:registration-staff", args=[event.pk])).content.decode()
    assert "В это же время: «Открытый урок о дробях»" in page


def test_who_was_taken_off_comes_back_only_by_the_organiser(world):
    event = make_event(world.centre)
    row = remove(registration=signed_up(event, world.teacher), reason="Не по теме", by=world.methodist)

    assert "Почему: Не по теме" in letters_to(world.teacher)[0]
    with pytest.raises(NotAllowed):
        remove(registration=row, reason="", by=world.teacher)
    with pytest.raises(WrongState, match="снята организатором"):
        signed_up(event, world.teacher, by=world.head)
    assert signed_up(event, world.teacher, by=world.methodist).state == State.REGISTERED


def test_moving_from_school_to_school_changes_from_where_one_comes(world):
    event = make_event(world.centre)
    row = withdraw(registration=signed_up(event, world.teacher), by=world.teacher)
    new_school = OrganisationFactory(municipality=world.municipality)
    world.teacher.employments.update(organisation=new_school)
    new_head = employ(Role.HEAD, new_school)

    again = signed_up(event, world.teacher, by=new_head)

    assert again.pk == row.pk
    assert (again.organisation, again.state) == (new_school, State.REGISTERED)
