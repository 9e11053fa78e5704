"""A confidential survey that is over, what answered it, and how far that has reached those who need it."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from django.utils import timezone

from core.school_year import SchoolYear
from diagnostics.coverage import count_coverage, count_due
from diagnostics.difficulty_map import difficulty_map
from diagnostics.models import (
    Anonymity,
    Campaign,
    Coverage,
    CoverageUnit,
    EventCall,
    Finding,
    Invitation,
    Item,
    Questionnaire,
    Response,
    YearsBand,
)
from diagnostics.support import answer_with
from diagnostics.tallies import tally
from events.models import Attendance, Event, Registration
from network.models import Direction, Employment, Municipality, Organisation, OrganisationKind, Person

ABOUT = "communication-parents"
SCHOOLS, ANSWERED, LEAST = 8, 130, 20
SIGNED_UP, CAME = 0.5, 0.62  # shares: of those who answered, of those who signed up
HARD = 0.42  # share of those who answered, for the theme the survey is about


def make_coverage(
    municipality: Municipality, accounts: dict[str, Person], count: int, rng: random.Random
) -> None:
    """By the steps of life, only that the survey was closed a month ago and the first event is over.

    A third of the `count` of sheets in the survey of all: it stays the greatest, of which the report tells.
    """
    jobs = _teachers(municipality, accounts["teacher"], min(ANSWERED, count // 3), rng)
    campaign = _survey(municipality, accounts["methodist"], jobs, rng)
    if campaign is None:
        return
    finding = _finding(campaign, accounts["methodist"])
    past, ahead = _events(finding, accounts["methodist"])
    _take_part(past, jobs, accounts["teacher"], rng)
    counted = count_coverage(finding)
    if counted is not None and counted.total:
        _invite(finding, ahead, counted.total, accounts["methodist"])
    count_due()


def _teachers(
    municipality: Municipality, teacher: Person, count: int, rng: random.Random
) -> list[Employment]:
    """Those who answered: of some schools, the teacher of the demo among them."""
    schools = Organisation.objects.filter(municipality=municipality, kind=OrganisationKind.SCHOOL)
    own = teacher.rights.employments[0].organisation_id
    chosen = {own, *schools.order_by("pk").values_list("pk", flat=True)[:SCHOOLS]}
    rows = Employment.objects.in_force().pedagogues().filter(organisation__in=chosen)
    first: dict[int, Employment] = {}
    for job in rows.select_related("person", "organisation").order_by("pk"):
        first.setdefault(job.person_id, job)
    mine = first.pop(teacher.pk)
    others = list(first.values())
    return [mine, *rng.sample(others, min(count, len(others)))]


def _survey(
    municipality: Municipality, methodist: Person, jobs: list[Employment], rng: random.Random
) -> Campaign | None:
    """None where the demo is too small to show anything of it."""
    published = Questionnaire.objects.filter(family="mentoring", state=Questionnaire.State.PUBLISHED)
    if len(jobs) < LEAST:
        return None
    today = timezone.localdate()
    campaign = Campaign.objects.create(
        municipality=municipality,
        questionnaire=published.get(municipality=municipality),
        title="Разговор с родителями и работа в классе",
        purpose="Решить, какие практикумы провести в этом полугодии.",
        anonymity=Anonymity.CONFIDENTIAL,
        opens_on=today - dt.timedelta(days=62),
        closes_on=today - dt.timedelta(days=41),
        state=Campaign.State.CLOSED,
        invited_count=len(jobs),
        by_subject=False, by_category=False,
        chosen_only=True,
        created_by=methodist,
    )  # fmt: skip
    campaign.organisations.set({job.organisation_id for job in jobs})
    Invitation.objects.bulk_create(
        Invitation(campaign=campaign, person=job.person, organisation=job.organisation, participated=True)
        for job in jobs
    )
    items = list(
        Item.objects.filter(section__questionnaire=campaign.questionnaire_id)
        .select_related("direction")
        .prefetch_related("options", "scale__options")
    )
    sent = timezone.now() - dt.timedelta(days=45)
    Response.objects.bulk_create(
        Response(
            campaign=campaign, is_anonymous=False, person=job.person, organisation=job.organisation,
            years=YearsBand.of(job.person.years_of_service), sent_at=sent + dt.timedelta(minutes=7 * number),
            answers={item.code: _choose(item, number == 0, rng) for item in items},
        )
        for number, job in enumerate(jobs)
    )  # fmt: skip
    tally(campaign, final=True)
    return campaign


def _choose(item: Item, surely_hard: bool, rng: random.Random) -> Any:
    """An answer; the teacher of the demo finds the theme of the survey hard."""
    if item.kind == Item.Kind.TEXT:
        return ""
    if item.kind == Item.Kind.NUMBER:
        return rng.randint(1, 6)
    if item.scale is not None:
        about = item.direction is not None and item.direction.code == ABOUT
        hard, *others = [option.code for option in item.scale.options.all()]
        if about and surely_hard:
            return hard
        share = HARD if about else 0.25
        return hard if rng.random() < share else rng.choice(others[:2])
    codes = [option.code for option in item.options.all()]
    return rng.sample(codes, 1) if item.kind == Item.Kind.MULTIPLE else rng.choice(codes)


def _finding(campaign: Campaign, methodist: Person) -> Finding:
    direction = Direction.objects.get(code=ABOUT)
    figure = next(line.network for line in difficulty_map(campaign).lines if line.pk == direction.pk)
    return Finding.objects.create(
        municipality=campaign.municipality,
        campaign=campaign,
        direction=direction,
        year=SchoolYear.of(campaign.opens_on).start,
        share=round(figure.share, 4) if figure and figure.share is not None else None,
        answers=figure.answers if figure else None,
        note="Разговор с родителями о трудностях ребёнка даётся трудно независимо от стажа: нужны практикумы.",
        created_by=methodist,
    )


def _events(finding: Finding, methodist: Person) -> tuple[Event, Event]:
    """A practical that was held and the next one, to which one can sign up."""
    host = methodist.rights.employments[0].organisation
    made = []
    for title, away, state in (
        ("Практикум «Разговор с родителями: с чего начать»", -12, Event.State.HELD),
        ("Практикум «Разговор с родителями: трудные случаи»", 16, Event.State.REGISTRATION_OPEN),
    ):
        day = timezone.localdate() + dt.timedelta(days=away)
        while day.weekday() > 4:
            day += dt.timedelta(days=1)
        starts = timezone.make_aware(dt.datetime.combine(day, dt.time(15)))
        event = Event.objects.create(
            municipality=finding.municipality, title=title, format="master_class", direction=finding.direction,
            audience="учителя, классные руководители", host=host, organiser=methodist, place="актовый зал",
            starts_at=starts, ends_at=starts + dt.timedelta(hours=2), hours=2, state=state,
            announced_at=min(timezone.now(), starts - dt.timedelta(days=20)), created_by=methodist,
        )  # fmt: skip
        answer_with(finding=finding, record=event, by=methodist)
        made.append(event)
    return made[0], made[1]


def _take_part(event: Event, jobs: list[Employment], teacher: Person, rng: random.Random) -> None:
    """Some of those who answered signed up and most of these came; the teacher of the demo did not."""
    others = [job for job in jobs if job.person_id != teacher.pk]
    people = rng.sample(others, round(len(others) * SIGNED_UP))
    Registration.objects.bulk_create(
        Registration(
            event=event, person=job.person, organisation=job.organisation, registered_by=job.person,
            registered_at=event.starts_at - dt.timedelta(days=9, minutes=11 * number),
            **(
                {"attendance": Attendance.ATTENDED, "hours": event.hours, "attended_at": event.starts_at}
                if rng.random() < CAME
                else {"attendance": Attendance.ABSENT}
            ),
        )
        for number, job in enumerate(people)
    )  # fmt: skip
    Event.objects.filter(pk=event.pk).update(taken=len(people))


def _invite(finding: Finding, event: Event, number: int, methodist: Person) -> None:
    """Without letters: nobody reads the post of the demo."""
    Coverage.objects.filter(finding=finding).update(invited=number)
    EventCall.objects.create(
        finding=finding, event=event, unit=CoverageUnit.PEOPLE, number=number, by=methodist,
        at=timezone.now() - dt.timedelta(hours=30),
    )  # fmt: skip
