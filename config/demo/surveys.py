"""Surveys of the demo municipality: last year's, this autumn's running one, findings and support."""

from __future__ import annotations

import datetime as dt
import random

from django.utils import timezone

from core.school_year import SchoolYear
from diagnostics.difficulty_map import difficulty_map
from diagnostics.models import (
    Anonymity,
    Campaign,
    Finding,
    Invitation,
    Item,
    Questionnaire,
    Response,
    SupportMeasure,
    YearsBand,
)
from diagnostics.tallies import tally
from network.models import Direction, Employment, Municipality, Person

FAMILY = "teachers-difficulties"
# Share of teachers to whom the theme is hard this year, and how it has changed in a year (percentage points).
HARD = {
    "psychology-special": (58, 3), "method-functional": (51, -4), "method-assessment": (45, -6),
    "psychology-motivation": (41, -2), "digital-ai": (39, 12), "psychology-language": (36, 5),
    "subject-projects": (33, 0), "method-results": (31, -7), "digital-interactive": (28, -9),
    "communication-parents": (26, -1), "psychology-burnout": (34, 4), "subject-exams": (24, -3),
}  # fmt: skip
USUAL = 17
ANSWERED = {
    "method-functional": [
        (SupportMeasure.Kind.EVENT, "Семинар «Задания на функциональную грамотность в моём предмете»", 20),
        (SupportMeasure.Kind.EVENT, "Открытый урок с разбором: читаем задачу вслух", 34),
        (SupportMeasure.Kind.COMMUNITY, "Сообщество «Читаем задачу вслух»", 60),
    ],
    "method-assessment": [
        (
            SupportMeasure.Kind.EVENT,
            "Мастер-класс «Как оценивать, чтобы ученик понимал, что делать дальше»",
            5,
        )
    ],
    "psychology-motivation": [
        (SupportMeasure.Kind.COMMUNITY, "Сообщество «Трудный класс: приёмы, которые работают»", 60)
    ],
    "digital-interactive": [
        (SupportMeasure.Kind.MATERIAL, "Подборка интерактивных заданий с инструкциями", -12),
        (SupportMeasure.Kind.MENTOR, "Пары «молодой — опытному» по цифровым инструментам", 45),
    ],
}


def make_surveys(
    municipality: Municipality, accounts: dict[str, Person], count: int, rng: random.Random
) -> tuple[Campaign, Campaign]:
    """Last year's and this year's campaign of the shipped questionnaire, with some `count` sheets in each."""
    questionnaire = Questionnaire.objects.filter(
        family=FAMILY, municipality=None, state=Questionnaire.State.PUBLISHED
    ).latest("version")
    items = list(
        Item.objects.filter(section__questionnaire=questionnaire)
        .select_related("direction", "scale")
        .prefetch_related("scale__options")
    )
    today = timezone.localdate()
    common = {
        "municipality": municipality,
        "questionnaire": questionnaire,
        "anonymity": Anonymity.ANONYMOUS,
        "created_by": accounts["methodist"],
        "purpose": "Узнать, в чём педагогам нужна помощь, и спланировать поддержку на учебный год.",
    }
    year = SchoolYear.of(today)
    past = Campaign.objects.create(
        title=f"Что в работе даётся трудно, {year.start - 1} год",
        opens_on=today - dt.timedelta(days=380),
        closes_on=today - dt.timedelta(days=350),
        state=Campaign.State.CLOSED,
        **common,
    )
    running = Campaign.objects.create(
        title=f"Что в работе даётся трудно, {year.start} год",
        opens_on=today - dt.timedelta(days=12),
        closes_on=today + dt.timedelta(days=21),
        state=Campaign.State.RUNNING,
        previous=past,
        **common,
    )
    for campaign, is_past in ((past, True), (running, False)):
        _invite(campaign)
        _answer(campaign, items, count, rng, is_past)
        tally(campaign, final=is_past)
    _find(running, accounts["methodist"])
    return past, running


def _teachers(campaign: Campaign) -> list[Employment]:
    rows = Employment.objects.in_force().pedagogues().filter(organisation__municipality=campaign.municipality)
    return list(rows.select_related("person", "subject", "organisation").order_by("pk"))


def _invite(campaign: Campaign) -> None:
    """Invitations without letters: nobody reads the post of the demo."""
    rows = [
        Invitation(
            campaign=campaign,
            person=job.person,
            organisation=job.organisation,
        )
        for job in _teachers(campaign)
    ]
    Invitation.objects.bulk_create(rows, batch_size=500)
    Campaign.objects.filter(pk=campaign.pk).update(invited_count=len(rows))


def _answer(campaign: Campaign, items: list[Item], count: int, rng: random.Random, is_past: bool) -> None:
    jobs = _teachers(campaign)
    zeal = {job.organisation_id: rng.uniform(0.3, 1.0) for job in jobs}
    mood = {job.organisation_id: rng.uniform(-11, 11) for job in jobs}
    # The demo teacher and a few others leave something to try.
    # One place has answered too little to be shown by itself.
    quiet = min(zeal)
    pool = sorted(
        (job for job in jobs if job.person.email != "teacher@demo.example"),
        key=lambda job: rng.random() / zeal[job.organisation_id],
    )
    shy = [job for job in pool if job.organisation_id == quiet]
    pool = [job for job in pool if job not in shy[3:]][:count]
    responses = []
    for job in pool:
        leaning = mood[job.organisation_id] + (6 if job.person.is_early_career else 0)
        responses.append(
            Response(
                campaign=campaign,
                is_anonymous=True,
                organisation=job.organisation,
                subject=job.subject.name if job.subject else "",
                category=job.person.category,
                years=YearsBand.of(job.person.years_of_service),
                answers={item.code: _choose(item, leaning, is_past, rng) for item in items},
            )
        )
    rng.shuffle(responses)
    Response.objects.bulk_create(responses, batch_size=500)
    Invitation.objects.filter(campaign=campaign, person__in=[job.person_id for job in pool]).update(
        participated=True
    )


def _choose(item: Item, leaning: float, is_past: bool, rng: random.Random) -> str:
    share: float
    share, change = HARD.get(item.direction.code if item.direction else "", (USUAL, 0))
    share = min(90, max(4, share + leaning - (change if is_past else 0)))
    codes = [option.code for option in sorted(item.scale.options.all(), key=lambda o: o.position)]
    hard, improve, good, none = codes
    return rng.choices([hard, improve, good, none], [share, (100 - share) * 0.5, (100 - share) * 0.45, 3])[0]


def _find(campaign: Campaign, methodist: Person) -> None:
    today = timezone.localdate()
    directions = {
        row.code: row for row in Direction.objects.filter(code__in=["psychology-special", *ANSWERED])
    }
    figures = {line.pk: line.network for line in difficulty_map(campaign).lines}
    for code, direction in directions.items():
        seen = figures[direction.pk]
        finding = Finding.objects.create(
            municipality=campaign.municipality,
            campaign=campaign,
            direction=direction,
            year=SchoolYear.of(today).start,
            share=round(seen.share, 4) if seen else None,
            answers=seen.answers if seen else None,
            note="Отмечают педагоги большинства организаций; нужна поддержка в этом учебном году.",
            created_by=methodist,
        )
        SupportMeasure.objects.bulk_create(
            SupportMeasure(
                finding=finding,
                kind=kind,
                title=title,
                due_on=today + dt.timedelta(days=days),
                responsible=methodist,
                done_on=today + dt.timedelta(days=days) if days < 0 else None,
            )
            for kind, title, days in ANSWERED.get(code, [])
        )
