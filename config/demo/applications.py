"""Applications for communities of the demo: one in every state and some more, by the steps people take."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils import timezone

from communities.actions import applications as actions
from communities.actions import opinions, participants
from communities.actions.decision import prepare_founding_order
from communities.models import CommunityApplication, ExpertOpinion
from config.demo.application_words import APPLICATIONS, Told
from core.models import Letter, StateChange
from core.states import history
from network.models import Direction, Employment, Municipality, Person, Role
from network.orders import register_order

State = CommunityApplication.State
# Fewer people than this do not make the applications.
ENOUGH = 100


@dataclass
class Cast:
    """Who plays in the applications of the demo."""

    accounts: dict[str, Person]
    jobs: list[Employment]
    experts: list[Person]
    directions: dict[str, Direction]
    rng: random.Random

    @property
    def methodist(self) -> Person:
        return self.accounts["methodist"]

    @property
    def official(self) -> Person:
        return self.accounts["official"]


def make_applications(municipality: Municipality, accounts: dict[str, Person], rng: random.Random) -> None:
    """Each is walked to its state and then moved back in time by the days it has lain there."""
    jobs = Employment.objects.in_force().pedagogues().filter(organisation__municipality=municipality)
    pool = list(jobs.select_related("person", "organisation").order_by("pk"))
    if len(pool) < ENOUGH:
        return
    own = next(job for job in pool if job.person == accounts["teacher"])
    pool.remove(own)
    cast = Cast(
        accounts, [own, *pool], [accounts["expert"], *_more_experts(pool, rng)],
        {row.code: row for row in Direction.objects.all()}, rng,
    )  # fmt: skip
    for told in APPLICATIONS:
        _walk(told, cast)
    # Everybody in the demo knows already; nobody wants its letters.
    Letter.objects.filter(key__startswith="application").delete()


def _more_experts(pool: list[Employment], rng: random.Random) -> list[Person]:
    chosen = [pool.pop(rng.randrange(len(pool))) for _ in range(3)]
    Employment.objects.bulk_create(
        Employment(person=job.person, organisation=job.organisation, role=Role.EXPERT, position="эксперт",
                   starts_on=job.starts_on)
        for job in chosen
    )  # fmt: skip
    return [job.person for job in chosen]


def _walk(told: Told, cast: Cast) -> None:
    application = _begin(told, cast)
    if told.state != State.DRAFT:
        application = actions.submit(application=application, by=application.initiator)
        _answer(application, told, cast)
        application = _review(application, told, cast)
        application = _finish(application, told, cast)
    _move_back(application, told.days)


def _begin(told: Told, cast: Cast) -> CommunityApplication:
    """The initiator is the demo teacher where the story says so; others come from a few organisations."""
    others = [job for job in cast.jobs[1:] if job.person not in cast.experts]
    first = cast.jobs[0] if told.by_teacher else others[cast.rng.randrange(len(others))]
    today = timezone.localdate()
    application = actions.begin_application(
        application=CommunityApplication(
            municipality=first.organisation.municipality,
            initiator_organisation=first.organisation,
            title=told.title, kind=told.kind, direction=cast.directions[told.direction],
            problem=told.problem, goal=told.goal, expected_result=told.result,
            starts_on=today + dt.timedelta(days=20), ends_on=today + dt.timedelta(days=20 + told.term),
        ),
        by=first.person,
    )  # fmt: skip
    places = {first.organisation_id, *cast.rng.sample(sorted({job.organisation_id for job in others}), 4)}
    near = [job for job in others if job.organisation_id in places and job.person != first.person]
    team = cast.rng.sample(near, min(len(near), told.people - 1))
    if told.asks_teacher:
        team[0] = cast.jobs[0]
    for job in team:
        participants.add_person(application=application, job=job, by=first.person)
    return application


def _answer(application: CommunityApplication, told: Told, cast: Cast) -> None:
    """All but the last `silent` say yes; the demo teacher is left to answer where the story asks them."""
    rows = list(application.members.awaited().select_related("person").order_by("pk"))
    rows.sort(key=lambda row: row.person == cast.jobs[0].person)
    for row in rows[: len(rows) - told.silent]:
        participants.answer(application=application, agrees=True, by=row.person)
    heads = {
        job.organisation_id: job.person
        for job in Employment.objects.in_force()
        .filter(role=Role.HEAD, organisation__in=application.organisations.values("organisation"))
        .select_related("person")
    }
    for place in application.organisations.awaited().select_related("organisation"):
        head = heads.get(place.organisation_id)
        if head is not None and head != cast.accounts["head"]:
            participants.answer(
                application=application, agrees=True, by=head, organisation=place.organisation
            )


def _review(application: CommunityApplication, told: Told, cast: Cast) -> CommunityApplication:
    """Taken up, with opinions; returned once and handed in again where the story says so."""
    if told.state in (State.SUBMITTED, State.WITHDRAWN):
        return application
    application = actions.start_review(application=application, by=cast.methodist)
    if told.returned:
        application = actions.return_back(application=application, reason=told.returned, by=cast.methodist)
        if told.state == State.RETURNED:
            return application
        application.expected_result = f"{told.result} {told.added}"
        application = actions.write_application(application=application, by=application.initiator)
        application = actions.submit(application=application, by=application.initiator)
        application = actions.start_review(application=application, by=cast.methodist)
    due = timezone.localdate() + dt.timedelta(days=max(3, told.days))
    asked = cast.experts[: len(told.opinions) + told.asks_expert]
    if told.asks_expert:
        asked = asked[1:] + asked[:1]  # the demo expert is the one who has still to answer
    opinions.ask_opinions(application=application, experts=asked, due_on=due, by=cast.methodist)
    for expert, (verdict, text) in zip(asked, told.opinions, strict=False):
        opinions.give_opinion(application=application, verdict=verdict, text=text, by=expert)
    return application


def _finish(application: CommunityApplication, told: Told, cast: Cast) -> CommunityApplication:
    if told.state == State.WITHDRAWN:
        return actions.withdraw(application=application, reason=told.reason, by=application.initiator)
    if not told.conclusion:
        return application
    application = actions.conclude(
        application=application, conclusion=told.conclusion, suggests=told.suggests, by=cast.methodist
    )
    application = actions.pass_on(application=application, by=cast.methodist)
    if told.state == State.REJECTED:
        return actions.reject(application=application, reason=told.reason, by=cast.official)
    if told.number or told.prepared:
        order = prepare_founding_order(application=application, by=cast.official)
        if told.number:
            day = timezone.localdate() - dt.timedelta(days=told.days)
            register_order(order=order, number=told.number, date=day, by=cast.official)
    return CommunityApplication.objects.get(pk=application.pk)


def _move_back(application: CommunityApplication, days: int) -> None:
    """As if the last step was `days` ago and each step before it two days earlier."""
    shift = dt.timedelta(days=days)
    rows: Any = CommunityApplication.objects.filter(pk=application.pk)
    rows.update(turn_since=F("turn_since") - shift)
    if application.turn_until is not None:
        rows.update(turn_until=application.turn_until - shift)
    steps = list(history(application))
    for number, step in enumerate(reversed(steps)):
        step.at -= shift + dt.timedelta(days=2 * number)
    StateChange.objects.bulk_update(steps, ["at"])
    submissions = [step.at for step in steps if step.transition == "submit"]
    if submissions:
        rows.update(submitted_at=submissions[-1])
        concluded = [step.at for step in steps if step.transition == "pass_on"]
        if concluded:
            rows.update(conclusion_at=concluded[-1])
        versions = list(application.versions.order_by("number"))
        for version, at in zip(versions, submissions, strict=True):
            version.submitted_at = at
        application.versions.bulk_update(versions, ["submitted_at"])
        at = submissions[-1]
        application.members.asked().update(asked_at=at)
        application.organisations.asked().update(asked_at=at)
        asked = ExpertOpinion.objects.filter(application=application)
        asked.update(asked_at=at, due_on=F("due_on") - shift)
        # Opinions come before the conclusion that weighs them.
        given = concluded[-1] if concluded else timezone.now()
        asked.given().update(given_at=at + (given - at) / 2)
