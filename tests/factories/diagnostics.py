"""Questionnaires, campaigns and respondents for tests; states are reached by their real transitions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.states import move
from diagnostics.actions import campaigns as actions
from diagnostics.invitations import new_key
from diagnostics.models import (
    Anonymity,
    Campaign,
    Invitation,
    Item,
    ItemOption,
    Questionnaire,
    Scale,
    ScaleOption,
    Section,
)
from network.models import Municipality, Person
from tests.factories.network import DirectionFactory

HARD, SOME, WELL, NOT_MINE = "1", "2", "3", "na"


def make_scale() -> Scale:
    """The three-step scale of difficulties."""
    scale, made = Scale.objects.get_or_create(code="difficulty-3", defaults={"name": "Затруднения"})
    if made:
        rows = [(HARD, "Испытываю затруднения", 1), (SOME, "Получается, но нужно", ".5"), (WELL, "Хорошо", 0)]
        for position, (code, label, weight) in enumerate(rows):
            ScaleOption.objects.create(
                scale=scale,
                code=code,
                label=label,
                position=position,
                weight=weight,
                is_difficulty=code == HARD,
            )
        ScaleOption.objects.create(
            scale=scale, code=NOT_MINE, label="Не применимо", position=9, is_no_answer=True
        )
    return scale


def make_questionnaire(
    municipality: Municipality | None = None,
    *,
    topics: int = 2,
    items: int = 3,
    published: bool = True,
    **fields: Any,
) -> Questionnaire:
    """`topics` topics of `items` scale items each: t1q1, t1q2, …, all required."""
    scale = make_scale()
    questionnaire = Questionnaire.objects.create(
        **{"family": f"family-{Questionnaire.objects.count()}", "title": "Что даётся трудно", **fields},
        municipality=municipality,
    )
    for topic in range(1, topics + 1):
        section = Section.objects.create(questionnaire=questionnaire, title=f"Тема {topic}", position=topic)
        for number in range(1, items + 1):
            Item.objects.create(
                section=section,
                code=f"t{topic}q{number}",
                text=f"Вопрос {topic}.{number}",
                scale=scale,
                direction=DirectionFactory(),
                position=number,
            )
    return move(questionnaire, "publish", by=None) if published else questionnaire


def add_item(section: Section, code: str, kind: str, *choices: str, **fields: Any) -> Item:
    """An item of another kind with choices 1, 2, …"""
    item = Item.objects.create(section=section, code=code, text=f"Вопрос {code}", kind=kind, **fields)
    for number, label in enumerate(choices, 1):
        ItemOption.objects.create(item=item, code=str(number), label=label, position=number)
    return item


def make_campaign(municipality: Municipality, **fields: Any) -> Campaign:
    """A draft that opens today and closes in ten days; compares nothing unless told."""
    today = timezone.localdate()
    fields = {
        "title": "Опрос педагогов",
        "anonymity": Anonymity.ANONYMOUS,
        "opens_on": today,
        "closes_on": today + dt.timedelta(days=10),
        **dict.fromkeys(("by_organisation", "by_subject", "by_category", "by_years"), False),
        **fields,
    }
    fields.setdefault("questionnaire", make_questionnaire())
    return Campaign.objects.create(municipality=municipality, **fields)


def launched(municipality: Municipality, *, by: Person, **fields: Any) -> Campaign:
    """A running campaign, launched by the methodist."""
    return actions.launch(make_campaign(municipality, **fields), by=by)


def invitation_of(campaign: Campaign, person: Person) -> Invitation:
    return campaign.invitations.get(person=person)


def link_of(campaign: Campaign, person: Person) -> str:
    """Token of a personal link, as a letter carries it."""
    return new_key(invitation_of(campaign, person))


class Phone:
    """A respondent's phone: opens a link and presses what is there."""

    def __init__(self, token: str, client: Client | None = None) -> None:
        self.token = token
        self.client = client or Client()

    def url(self, page: str = "", **kwargs: Any) -> str:
        name = f"diagnostics:answer-{page}" if page else "diagnostics:answer"
        return reverse(name, kwargs={"token": self.token, **kwargs})

    def begin(self) -> Any:
        return self.client.post(self.url(), follow=True)

    def about(self, **passport: Any) -> Any:
        return self.client.post(self.url("about"), passport)

    def topic(self, number: int, answers: dict[str, Any], go: str = "next") -> Any:
        data = {f"q-{code}": value for code, value in answers.items()}
        return self.client.post(self.url("topic", number=number), {**data, "go": go})

    def answer_all(self, campaign: Campaign, answer: str = HARD) -> None:
        """Fill in every topic with one and the same answer."""
        for number, section in enumerate(campaign.questionnaire.sections.all(), 1):
            self.topic(number, {item.code: answer for item in section.items.all()})

    def send(self) -> Any:
        return self.client.post(self.url("check"))

    def fill_in(self, campaign: Campaign, answer: str = HARD) -> Any:
        """From the link to the thanks."""
        self.begin()
        self.answer_all(campaign, answer)
        return self.send()
