"""Events of the demo: some hundred and twenty over two school years, with those who signed up and who came."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from communities.models import Community
from config.demo import event_words as words
from core.models import StateChange
from core.school_year import SchoolYear
from events.models import Attendance, Event, EventMaterial, Registration, Series, Session, Speaker
from events.planning import quoted
from network.models import Direction, Employment, Municipality, Organisation, OrganisationKind, Person, Role

STATE, PLACE = Event.State, Registration.State
LAST_YEAR, THIS_YEAR = 62, 50
CAPACITIES = (None, 20, 25, 25, 30, 40)
Job = tuple[int, int]  # person, organisation


@transaction.atomic
def make_events(municipality: Municipality, accounts: dict[str, Person], rng: random.Random) -> None:
    """In many rows at once; the plan is made of them afterwards. Nobody gets a letter."""
    jobs = _teachers(municipality)
    hosts = list(
        Organisation.objects.active().filter(
            municipality=municipality, kind__in=[OrganisationKind.SCHOOL, OrganisationKind.METHODICAL_CENTRE]
        )
    )
    if not jobs or not hosts:
        return
    now = SchoolYear.current()
    maker = _Maker(municipality, accounts, rng, hosts)
    events = [*maker.of_year(now.previous, LAST_YEAR), *maker.of_year(now, THIS_YEAR), *maker.of_series(now)]
    events += maker.of_communities()
    Event.objects.bulk_create(events, batch_size=100)
    _programme(events, rng)
    _sign_up(events, jobs, rng)
    _for_accounts(events, accounts)
    _count(events)
    _tell_cancelled(events, accounts["methodist"])


def _teachers(municipality: Municipality) -> list[Job]:
    """Everybody who may be signed up, one place of work each."""
    found: dict[int, int] = {}
    rows = Employment.objects.in_force().filter(role=Role.TEACHER, organisation__municipality=municipality)
    for person, place in rows.order_by("pk").values_list("person", "organisation"):
        found.setdefault(person, place)
    return list(found.items())


class _Maker:
    """Makes events that are not saved yet, in the state that their date gives them."""

    def __init__(
        self,
        municipality: Municipality,
        accounts: dict[str, Person],
        rng: random.Random,
        hosts: list[Organisation],
    ) -> None:
        self.municipality, self.accounts, self.rng, self.hosts = municipality, accounts, rng, hosts
        self.now = timezone.now()
        self.directions = {one.code: one for one in Direction.objects.filter(is_active=True)}
        self.centre = next((one for one in hosts if one.kind == OrganisationKind.METHODICAL_CENTRE), hosts[0])

    def of_year(self, year: SchoolYear, count: int) -> list[Event]:
        """Spread over the year from mid-September to the end of May, on working days."""
        first, days = dt.date(year.start, 9, 10), 262
        made = []
        for number in range(count):
            day = first + dt.timedelta(days=number * days // count + self.rng.randrange(3))
            title, form, audience, about = words.EVENTS[number % len(words.EVENTS)]
            made.append(self.event(title, form, day, audience=audience, description=about))
        return made

    def of_series(self, year: SchoolYear) -> list[Event]:
        series = Series.objects.create(
            municipality=self.municipality,
            title=words.SERIES[0],
            product="Сборник заданий для начальной школы",
        )
        days = [
            dt.date(year.start, 10, 8),
            dt.date(year.start, 12, 10),
            dt.date(year.start + 1, 2, 11),
            dt.date(year.start + 1, 4, 15),
        ]
        return [
            self.event(
                title, "seminar", day, audience="учителя начальных классов", description=words.SERIES[1],
                series=series, host=self.centre, capacity=25,
            )
            for title, day in zip(words.OF_SERIES, days, strict=True)
        ]  # fmt: skip

    def of_communities(self) -> list[Event]:
        """Two meetings of each community in force: one behind, one ahead."""
        made = []
        for community in Community.objects.filter(municipality=self.municipality, state="active").order_by(
            "pk"
        ):
            leader = community.leader
            for away in (-35, 24):
                day = timezone.localdate() + dt.timedelta(days=away + self.rng.randrange(8))
                title = f"Встреча сообщества {quoted(community)}"[:300]
                made.append(
                    self.event(
                        title, "association", day, community=community, direction=community.direction,
                        audience="участники и гости сообщества", capacity=None,
                        **({"organiser": leader.person, "host": leader.organisation} if leader else {}),
                    )
                )  # fmt: skip
        return made

    def event(self, title: str, form: str, day: dt.date, **known: Any) -> Event:
        while day.weekday() > 4 or (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 10):
            day += dt.timedelta(days=1)
        rng = self.rng
        starts = timezone.make_aware(dt.datetime.combine(day, dt.time(rng.choice((11, 14, 14, 15)), 30)))
        long = form in ("conference", "festival", "landing", "internship", "expedition")
        host = self.centre if rng.random() < 0.3 else rng.choice(self.hosts)
        facts: dict[str, Any] = {
            "host": host,
            "organiser": self.accounts["methodist"],
            "direction": self.directions.get(words.DIRECTIONS.get(title, "")),
            "capacity": None if long else rng.choice(CAPACITIES),
            "place": "" if form == "webinar" else rng.choice(("актовый зал", "кабинет 12", "библиотека")),
            "link": "https://conference.example/seti" if form == "webinar" else "",
            "level": "municipal",
            **known,
        }
        state, announced = self.reached(starts)
        return Event(
            municipality=self.municipality, title=title, format=form, starts_at=starts,
            ends_at=starts + dt.timedelta(hours=5 if long else 2), hours=Decimal(6 if long else 2),
            state=state, announced_at=announced, created_by=self.accounts["methodist"],
            results=rng.choice(words.RESULTS) if state == STATE.REPORTED else "", **facts,
        )  # fmt: skip

    def reached(self, starts: dt.datetime) -> tuple[str, dt.datetime | None]:
        """State and when it was announced, by how far the event is."""
        away, chance = (starts - self.now).days, self.rng.random()
        announced = starts - dt.timedelta(days=25)
        if chance < 0.04 and away < 40:
            return STATE.CANCELLED, min(announced, self.now)
        if away < -10:
            return STATE.REPORTED, announced
        if away < 0:
            return (STATE.REGISTRATION_OPEN if chance < 0.3 else STATE.HELD), announced
        if away < 45:
            return STATE.REGISTRATION_OPEN, min(announced, self.now)
        return (STATE.ANNOUNCED, self.now) if away < 75 else (STATE.PLANNED, None)


def _programme(events: list[Event], rng: random.Random) -> None:
    """Parts and speakers of some, a link to the slides of what is over."""
    parts, speakers, materials = [], [], []
    for event in events:
        if event.format in ("conference", "festival", "seminar") and rng.random() < 0.6:
            middle = event.starts_at + (event.ends_at - event.starts_at) / 2
            parts.append(
                Session(event=event, title="Что мы видим", starts_at=event.starts_at, ends_at=middle)
            )
            parts.append(
                Session(event=event, title="Работа в группах", starts_at=middle, ends_at=event.ends_at)
            )
        if rng.random() < 0.5:
            speakers.append(Speaker(event=event, person=event.organiser, position="ведущий"))
        if event.state == STATE.REPORTED and rng.random() < 0.5:
            url = f"https://materials.example/{event.pk}"
            materials.append(EventMaterial(event=event, title="Презентация и задания", url=url))
    Session.objects.bulk_create(parts)
    Speaker.objects.bulk_create(speakers)
    EventMaterial.objects.bulk_create(materials)


def _sign_up(events: list[Event], jobs: list[Job], rng: random.Random) -> None:
    """Who signed up, who waits, who left; at what is over, who came."""
    rows: list[Registration] = []
    for number, event in enumerate(events):
        if event.state in (STATE.PLANNED, STATE.ANNOUNCED):
            continue
        wanted = rng.randrange(8, 34)
        if event.state == STATE.REGISTRATION_OPEN and event.capacity and number % 3 == 0:
            wanted = event.capacity + rng.randrange(2, 7)
        rows += _people_of(event, rng.sample(jobs, min(wanted, len(jobs))), rng)
    Registration.objects.bulk_create(rows, batch_size=500)


def _people_of(event: Event, people: list[Job], rng: random.Random) -> list[Registration]:
    made, seats = [], event.capacity or len(people)
    began = event.announced_at or timezone.now()
    for number, (person, place) in enumerate(people):
        signed = min(began + dt.timedelta(hours=3 * number + 1), timezone.now())
        row = Registration(
            event=event,
            person_id=person,
            organisation_id=place,
            registered_by_id=person,
            registered_at=signed,
        )
        if number >= seats:
            row = Registration(
                event=event, person_id=person, organisation_id=place, registered_by_id=person, registered_at=signed,
                state=PLACE.WAITING, queue=number - seats + 1,
            )  # fmt: skip
        elif event.state in (STATE.HELD, STATE.REPORTED):
            chance = rng.random()
            row.attendance = (
                Attendance.ATTENDED
                if chance < 0.86
                else Attendance.ABSENT
                if chance < 0.95
                else Attendance.EXCUSED
            )
            if row.attendance == Attendance.ATTENDED:
                row.hours, row.attended_at = event.hours, event.starts_at
        made.append(row)
    return made


def _for_accounts(events: list[Event], accounts: dict[str, Person]) -> None:
    """The teacher of the demo came to some, was signed up by the head, waits for a place, has one offered."""
    teacher, head = accounts["teacher"], accounts["head"]
    place = teacher.rights.employments[0].organisation_id
    ahead = [one for one in events if one.state == STATE.REGISTRATION_OPEN and one.starts_at > timezone.now()]
    over = [one for one in events if one.state == STATE.REPORTED and one.capacity is None]
    Registration.objects.filter(person=teacher, event__in=[*ahead, *over]).delete()
    free = [one for one in ahead if one.capacity is None]
    full = [one for one in ahead if one.capacity and one.registrations.filter(state=PLACE.WAITING).exists()]
    rows = [
        Registration(
            event=event, person=teacher, organisation_id=place, registered_by=teacher, hours=event.hours,
            attendance=Attendance.ATTENDED, attended_at=event.starts_at, registered_at=event.announced_at,
        )
        for event in over[-16::2]
    ]  # fmt: skip
    rows += [
        Registration(event=event, person=teacher, organisation_id=place, registered_by=head)
        for event in free[:2]
    ]
    for event in full[:1]:
        rows.append(
            Registration(
                event=event,
                person=teacher,
                organisation_id=place,
                registered_by=teacher,
                state=PLACE.WAITING,
                queue=50,
            )
        )
    for event in full[1:2]:
        last = event.registrations.filter(state=PLACE.REGISTERED).order_by("-pk").first()
        last.delete()
        rows.append(
            Registration(
                event=event, person=teacher, organisation_id=place, registered_by=teacher, state=PLACE.OFFERED,
                queue=51, offered_until=timezone.now() + dt.timedelta(hours=40), promoted_at=timezone.now(),
            )
        )  # fmt: skip
    Registration.objects.bulk_create(rows)


def _count(events: list[Event]) -> None:
    """The count of places that are held."""
    held = Counter(Registration.objects.holding().filter(event__in=events).values_list("event", flat=True))
    for event in events:
        event.taken = held[event.pk]
    Event.objects.bulk_update(events, ["taken"], batch_size=200)


def _tell_cancelled(events: list[Event], by: Person) -> None:
    """Why what was cancelled was, as the log says it."""
    kind = ContentType.objects.get_for_model(Event)
    StateChange.objects.bulk_create(
        StateChange(
            content_type=kind, object_id=str(one.pk), transition="cancel", from_state=STATE.ANNOUNCED,
            to_state=STATE.CANCELLED, by=by, reason=words.WHY_CANCELLED,
        )
        for one in events
        if one.state == STATE.CANCELLED
    )  # fmt: skip
