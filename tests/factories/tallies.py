"""A campaign with a short questionnaire, and answers to it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable

from django.utils import timezone

from diagnostics.models import (
    Anonymity,
    Campaign,
    Item,
    Questionnaire,
    Response,
    Scale,
    ScaleOption,
    Section,
    YearsBand,
)
from network.models import Direction, Municipality, Organisation
from tests.factories.network import DirectionFactory

HARD, SOME, WELL, NOT_MINE = "hard", "some", "well", "na"


def difficulty_scale() -> Scale:
    scale, made = Scale.objects.get_or_create(code="test-difficulty", defaults={"name": "Затруднения"})
    if made:
        ScaleOption.objects.bulk_create(
            [
                ScaleOption(scale=scale, code=HARD, label="трудно", position=1, is_difficulty=True, weight=1),
                ScaleOption(scale=scale, code=SOME, label="бывает трудно", position=2, weight="0.5"),
                ScaleOption(scale=scale, code=WELL, label="получается", position=3, weight=0),
                ScaleOption(scale=scale, code=NOT_MINE, label="не моё", position=4, is_no_answer=True),
            ]
        )
    return scale


def questionnaire(
    items: int = 4, per_direction: int = 2, without_direction: str = "", **values: object
) -> Questionnaire:
    """Published, with `items` scale items q1, q2, … and a direction for every `per_direction` of them."""
    sheet = Questionnaire.objects.create(**{"family": "test", "title": "Анкета", **values})
    section = Section.objects.create(questionnaire=sheet, title="Тема")
    scale = difficulty_scale()
    for number in range(items):
        if number % per_direction == 0:
            direction = Direction.objects.filter(code=f"test-{number}").first() or DirectionFactory(
                code=f"test-{number}", name=f"Направление {number // per_direction + 1}"
            )
        code = f"q{number + 1}"
        Item.objects.create(
            section=section,
            code=code,
            text=f"Вопрос {number + 1}",
            scale=scale,
            direction=None if code == without_direction else direction,
            position=number,
        )
    Questionnaire.objects.filter(pk=sheet.pk).update(state=Questionnaire.State.PUBLISHED)
    return Questionnaire.objects.get(pk=sheet.pk)


def campaign(municipality: Municipality, sheet: Questionnaire | None = None, **values: object) -> Campaign:
    """A running anonymous campaign that compares everything and shows groups from five."""
    today = timezone.localdate()
    return Campaign.objects.create(
        **{
            "municipality": municipality,
            "questionnaire": sheet or questionnaire(),
            "title": "Что даётся трудно",
            "anonymity": Anonymity.ANONYMOUS,
            "opens_on": today - dt.timedelta(days=10),
            "closes_on": today + dt.timedelta(days=10),
            "state": Campaign.State.RUNNING,
            **values,
        }
    )


def answer(
    survey: Campaign, organisation: Organisation | None, answers: Iterable[str], **values: object
) -> Response:
    """One sent sheet: the answers to q1, q2, … in order."""
    return Response.objects.create(
        campaign=survey,
        is_anonymous="person" not in values,
        organisation=organisation,
        answers={f"q{number}": code for number, code in enumerate(answers, 1)},
        **values,
    )


def crowd(survey: Campaign, organisations: Iterable[Organisation], each: int, seed: int = 1) -> None:
    """`each` random sheets of every organisation, with subjects, categories and years."""
    rng = random.Random(seed)
    items = Item.objects.filter(section__questionnaire=survey.questionnaire_id).count()
    codes = [f"q{number}" for number in range(1, items + 1)]
    Response.objects.bulk_create(
        Response(
            campaign=survey,
            is_anonymous=True,
            organisation=organisation,
            subject=rng.choice(["математика", "физика", "музыка"]),
            category=rng.choice(["none", "first", "highest"]),
            years=rng.choice(YearsBand.values),
            answers={code: rng.choice([HARD, HARD, SOME, WELL, WELL, NOT_MINE]) for code in codes},
        )
        for organisation in organisations
        for _ in range(each)
    )
