"""What applications show in «Мои дела» and in search; imported by `portal.py` when the portal starts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from communities.actions import decision  # noqa: F401  (registers what the order does)
from communities.models import (
    Answer,
    ApplicationMember,
    ApplicationOrganisation,
    CommunityApplication,
    ExpertOpinion,
)
from core.portal import SHOWN, Task, my_tasks, my_waits
from core.search import Entry, search_source

State = CommunityApplication.State


def _to_move_on(person: Any) -> Any:
    rights = person.rights
    if not rights.manages:
        return None
    theirs = Q(state__in=[State.SUBMITTED, State.IN_REVIEW], municipality__in=rights.methodist_in)
    theirs |= Q(state=State.AWAITING, municipality__in=rights.official_in)
    # A draft order waits among the orders already; here again only when its term is over.
    not_twice = Q(order=None) | Q(turn_until__lt=timezone.localdate())
    return CommunityApplication.objects.filter(theirs, not_twice)


@my_tasks.among(_to_move_on)
def applications_to_move_on(person: Any, rows: Any) -> Iterator[Task]:
    """Those whose step is the methodist's or the official's, with the term of the step."""
    verbs = {
        State.SUBMITTED: "Взять на рассмотрение",
        State.IN_REVIEW: "Дать заключение",
        State.AWAITING: "Решить",
    }
    for one in rows.select_related("initiator").order_by("turn_until", "pk")[:SHOWN]:
        verb = "Зарегистрировать акт" if one.order_id else verbs[State(one.state)]
        note = f"Заявление о сообществе, {one.initiator.initials}"
        yield Task(f"{verb}: {one}", one.get_absolute_url(), note, due=one.turn_until)


@my_tasks.among(lambda person: CommunityApplication.objects.editable_by(person))
def own_applications_to_finish(person: Any, rows: Any) -> Iterator[Task]:
    """Returned ones first, then drafts."""
    for one in rows.order_by("-state", "-updated_at", "-pk")[:SHOWN]:
        if one.state == State.RETURNED:
            yield Task(
                f"Исправить и подать снова: {one}",
                one.get_absolute_url(),
                "Заявление вернули с объяснением",
                due=one.turn_until,
            )
        else:
            yield Task(f"Дописать и подать: {one}", one.get_absolute_url(), "Черновик заявления о сообществе")


@my_tasks.among(lambda person: ApplicationMember.objects.awaited().open_to_answers().filter(person=person))
def answers_to_give(person: Any, mine: Any) -> Iterator[Task]:
    """Where the person is asked to take part."""
    related = ("application__initiator", "application__municipality")
    for member in mine.select_related(*related).order_by("asked_at", "pk")[:SHOWN]:
        yield Task(
            f"Ответить, участвуете ли: {member.application}",
            reverse("communities:application-participation", args=[member.application_id]),
            f"Зовёт {member.application.initiator.initials}",
            due=member.answer_due,
        )


def _places_asked(person: Any) -> Any:
    places = person.rights.head_of
    asked = ApplicationOrganisation.objects.awaited().open_to_answers()
    return asked.filter(organisation__in=places) if places else None


@my_tasks.among(_places_asked)
def answers_to_give_as_head(person: Any, places: Any) -> Iterator[Task]:
    """Where an organisation the person heads is asked to take part."""
    related = ("application__initiator", "application__municipality", "organisation")
    for place in places.select_related(*related).order_by("asked_at", "pk")[:SHOWN]:
        yield Task(
            f"Ответить за организацию: {place.application}",
            reverse("communities:application-participation", args=[place.application_id]),
            f"Участие в сообществе: {place.organisation}",
            due=place.answer_due,
        )


@my_tasks.among(lambda person: ExpertOpinion.objects.awaited().filter(expert=person))
def opinions_to_give(person: Any, rows: Any) -> Iterator[Task]:
    for opinion in rows.select_related("application", "asked_by").order_by("due_on", "pk")[:SHOWN]:
        yield Task(
            f"Дать мнение эксперта: {opinion.application}",
            reverse("communities:application-opinion", args=[opinion.application_id]),
            f"Просит {opinion.asked_by.initials}",
            due=opinion.due_on,
        )


def _own_with_others(person: Any) -> Any:
    return CommunityApplication.objects.filter(
        initiator=person, state__in=[State.SUBMITTED, State.IN_REVIEW, State.AWAITING]
    )


@my_waits.among(_own_with_others)
def own_applications_with_others(person: Any, rows: Any) -> Iterator[Task]:
    """Own applications that are with a methodist or an official: whose turn it is and until when."""
    silent = ApplicationMember.objects.filter(application=OuterRef("pk"), answer=Answer.ASKED)
    for one in rows.annotate(waits=Exists(silent)).order_by("turn_until", "pk")[:SHOWN]:
        note = one.turn.who[:1].upper() + one.turn.who[1:]
        if one.waits:  # type: ignore[attr-defined]
            note += "; ответили ещё не все участники"
        yield Task(str(one), one.get_absolute_url(), note, due=one.turn_until)


def _opinions_asked(person: Any) -> Any:
    return ExpertOpinion.objects.awaited().filter(asked_by=person) if person.rights.methodist_in else None


@my_waits.among(_opinions_asked)
def opinions_of_experts(person: Any, opinions: Any) -> Iterator[Task]:
    """For a methodist: opinions asked of experts."""
    for opinion in opinions.select_related("application", "expert").order_by("due_on", "pk")[:SHOWN]:
        title = f"Мнение эксперта: {opinion.application}"
        yield Task(title, opinion.application.get_absolute_url(), opinion.expert.initials, due=opinion.due_on)


def _at_the_official(person: Any) -> Any:
    places = person.rights.methodist_in - person.rights.official_in
    rows = CommunityApplication.objects.filter(state=State.AWAITING, municipality__in=places)
    return rows if places else None


@my_waits.among(_at_the_official)
def applications_at_the_official(person: Any, waiting: Any) -> Iterator[Task]:
    """For a methodist: applications that wait for the official."""
    for one in waiting.order_by("turn_until", "pk")[:SHOWN]:
        yield Task(
            f"Решение: {one}",
            one.get_absolute_url(),
            "Специалист управления образованием",
            due=one.turn_until,
        )


def _entry(application: CommunityApplication) -> Entry:
    term = f", до {date_format(application.ends_on, 'j E Y')}" if application.ends_on else ""
    return Entry(
        title=str(application),
        url=application.get_absolute_url(),
        summary=f"Заявление: {application.get_state_display().lower()}{term}",
        text=f"{application.problem} {application.goal} {application.expected_result}",
    )


search_source("communities.communityapplication", CommunityApplication, "Заявления о сообществах", _entry)
