"""Feedback of the demo: counted for some past events, gathered of the last one, prepared for the next one."""

from __future__ import annotations

import datetime as dt
import random

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from diagnostics.actions.feedback import ask_for_feedback, close_feedback
from diagnostics.feedback import SHIPPED, release_due
from diagnostics.models import Anonymity, Feedback, Invitation, Questionnaire, Response
from diagnostics.other_answers import count_due
from diagnostics.tallies import tally
from events.models import Attendance, Event, Registration
from network.models import Municipality, Person

SCALES = ("useful", "applicable", "clear", "organised")
AGREEMENT = ["5", "4", "3", "2", "1"]
TAKE = [
    "Карточки для работы в парах, попробую уже на этой неделе.",
    "Приём «светофор» в конце урока.",
    "Критерии оценивания вместе с детьми.",
    "Как давать обратную связь за одну минуту.",
    "Задания трёх уровней к одному тексту.",
    "Лист самопроверки: его легко приспособить к моему предмету.",
    "Начну урок с вопроса, а не с темы.",
    "План разговора с родителями.",
    "Распечатаю памятку и повешу в учительской.",
]
IMPROVE = [
    "Больше времени на вопросы.",
    "Прислать презентацию заранее.",
    "Хотелось бы посмотреть урок, а не только рассказ.",
    "В кабинете было тесно.",
    "Начинать позже: после шестого урока не успеть доехать.",
    "Разделить начальную школу и старшие классы.",
]
COUNTED, MOST = 4, 26


def make_feedback(municipality: Municipality, accounts: dict[str, Person], rng: random.Random) -> None:
    """By the same steps as in life, only that nobody waits for a week."""
    past = list(_past(municipality)[: COUNTED + 1])
    if not past:
        return
    questionnaire = Questionnaire.objects.filter(family=SHIPPED, municipality=None).latest("version")
    methodist = accounts["methodist"]

    def ask(event: Event) -> Feedback:
        return ask_for_feedback(
            event=event, questionnaire=questionnaire, anonymity=Anonymity.ANONYMOUS, days=7, by=methodist
        )

    last, *others = past
    _was_there(last, accounts["teacher"])
    _answer(ask(last), rng, but=accounts["teacher"], share=0.4)
    for event in others:
        feedback = ask(event)
        _answer(feedback, rng, but=accounts["teacher"], share=0.7)
        tally(close_feedback(feedback, by=methodist).campaign, final=True)
    count_due()
    release_due()
    ahead = Event.objects.filter(municipality=municipality, state=Event.State.REGISTRATION_OPEN)
    if (coming := ahead.filter(starts_at__gt=timezone.now()).order_by("starts_at", "pk").first()) is not None:
        ask(coming)


def _past(municipality: Municipality) -> QuerySet[Event]:
    """Events of the last weeks where it was marked who came, the latest first."""
    now = timezone.now()
    came = Count("registrations", filter=Q(registrations__attendance=Attendance.ATTENDED))
    rows = Event.objects.took_place().filter(
        municipality=municipality, ends_at__lt=now, ends_at__gt=now - dt.timedelta(days=29)
    )
    return rows.annotate(came=came).filter(came__gte=8, came__lte=MOST).order_by("-ends_at", "pk")


def _was_there(event: Event, teacher: Person) -> None:
    """The teacher of the demo has something to answer."""
    place = teacher.rights.employments[0].organisation_id
    Registration.objects.update_or_create(
        event=event,
        person=teacher,
        defaults={
            "organisation_id": place, "registered_by": teacher, "attendance": Attendance.ATTENDED, "hours": event.hours,
            "attended_at": event.starts_at, "walked_in": True,
        },
    )  # fmt: skip


def _answer(feedback: Feedback, rng: random.Random, *, but: Person, share: float) -> None:
    """Some of those asked have answered; anonymous sheets, as they are stored."""
    asked = list(Invitation.objects.filter(campaign=feedback.campaign).exclude(person=but).order_by("pk"))
    answered = rng.sample(asked, max(1, round(len(asked) * share)))
    mood = rng.choice(([60, 30, 8, 2, 0], [35, 40, 15, 8, 2]))
    words = {"take": rng.sample(TAKE, 5), "improve": rng.sample(IMPROVE, 3)}
    Response.objects.bulk_create(
        Response(campaign=feedback.campaign, is_anonymous=True, answers=_sheet(rng, mood, words))
        for _ in answered
    )
    Invitation.objects.filter(pk__in=[one.pk for one in answered]).update(participated=True)


def _sheet(rng: random.Random, mood: list[int], words: dict[str, list[str]]) -> dict[str, str]:
    """Everybody marks the scales; some write a few words, nobody what another wrote."""
    sheet = {code: rng.choices(AGREEMENT, mood)[0] for code in SCALES}
    for code, left in words.items():
        if left and rng.random() < 0.5:
            sheet[code] = left.pop()
    return sheet
