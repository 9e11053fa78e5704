"""The way of an application: what was done, whose turn it is, what comes; in words for its card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from communities.models import CommunityApplication
from core.models import StateChange
from core.states import history
from core.templatetags.portal import plural

State = CommunityApplication.State
DONE = {
    "start_review": "Взято на рассмотрение",
    "return_back": "Возвращено",
    "pass_on": "Рассмотрено",
    "approve": "Утверждено",
    "reject": "Отклонено",
    "withdraw": "Отозвано",
}
FELL = {"return_back", "reject", "withdraw"}
TO_COME = {
    State.DRAFT: ["Рассмотрение", "Решение", "Распорядительный акт"],
    State.SUBMITTED: ["Решение", "Распорядительный акт"],
    State.IN_REVIEW: ["Решение", "Распорядительный акт"],
    State.RETURNED: ["Рассмотрение", "Решение", "Распорядительный акт"],
    State.AWAITING: ["Распорядительный акт"],
}
NOW = {
    State.DRAFT: "Подача",
    State.SUBMITTED: "Рассмотрение",
    State.IN_REVIEW: "Рассмотрение",
    State.RETURNED: "Исправление",
    State.AWAITING: "Решение",
}


@dataclass(frozen=True)
class Waypoint:
    """One point of the way: `css` is past, fell, now, or nothing for what is still to come."""

    label: str
    note: str = ""
    css: str = ""


def way_of(application: CommunityApplication, *, opinions: int, order: Any, own: bool) -> list[Waypoint]:
    """From the first submission to the order. `own`: the reader is whose turn it is."""
    points = _past(application, opinions)
    state = State(application.state)
    if order is not None and state == State.AWAITING:
        points.append(Waypoint("Проект акта готов", "зарегистрируйте номер и дату", "past"))
    if state in NOW:
        points.append(Waypoint(NOW[state], _whose(application, own), "now"))
        points += [Waypoint(label) for label in TO_COME[state]]
    if state == State.APPROVED and order is not None:
        points.append(Waypoint(order.requisites, "сообщество существует с этого дня", "past"))
    return points


def _past(application: CommunityApplication, opinions: int) -> list[Waypoint]:
    points, submissions = [], 0
    for step in history(application):
        submissions += step.transition == "submit"
        label = DONE.get(step.transition) or ("Подано" if submissions == 1 else "Подано снова")
        points.append(Waypoint(label, _note(step, opinions), "fell" if step.transition in FELL else "past"))
    return points


def _note(step: StateChange, opinions: int) -> str:
    words = [date_format(timezone.localtime(step.at), "j E Y")]
    if step.by is not None:
        words.append(step.by.initials)
    note = ", ".join(words)
    if step.transition == "pass_on":
        note += f", заключение{f' и {_opinions(opinions)}' if opinions else ''}"
    if step.reason and step.transition != "approve":
        note += f": «{step.reason}»"
    return note


def _opinions(count: int) -> str:
    return plural(count, "мнение,мнения,мнений")


def _whose(application: CommunityApplication, own: bool) -> str:
    who = "у вас" if own else application.turn.who
    until = application.turn.until
    if until is None:
        return who
    late = application.turn.days_late
    return f"{who}, {'срок прошёл' if late else 'до'} {date_format(until, 'j E')}"


def is_theirs(application: CommunityApplication, person: Any) -> bool:
    """Whether it is the person's turn to act."""
    state, place, rights = State(application.state), application.municipality_id, person.rights
    if state in (State.DRAFT, State.RETURNED):
        return application.initiator_id == person.pk
    if state in (State.SUBMITTED, State.IN_REVIEW):
        return place in rights.methodist_in
    return state == State.AWAITING and place in rights.official_in


def what_is_next(application: CommunityApplication, *, own: bool, kind: str) -> str:
    """«Что будет дальше» in one or two sentences. `kind`: the kind of act of the municipality, «распоряжение»."""
    return {
        State.DRAFT: "Черновик видите только вы. После подачи участники и руководители организаций получат "
        "письмо с вопросом, согласны ли они, а методист возьмёт заявление на рассмотрение.",
        State.SUBMITTED: "Методист возьмёт заявление на рассмотрение, спросит мнения экспертов и даст заключение. "
        "Тем временем участники отвечают, согласны ли они.",
        State.IN_REVIEW: "Методист даст заключение и передаст заявление специалисту управления образованием "
        "или вернёт его с объяснением.",
        State.RETURNED: "Инициатор исправляет заявление и подаёт снова; ответы участников сохраняются, "
        "спросят только тех, кого добавили.",
        State.AWAITING: f"Портал составит {kind} в DOCX и PDF. Зарегистрируйте его как обычно и впишите номер: "
        "с этого дня сообщество существует, участники получат письмо."
        if own
        else f"Специалист управления образованием решает. Сообщество создаёт {kind}.",
    }.get(State(application.state), "")
