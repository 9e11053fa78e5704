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


@my_tasks
def applications_to_move_on(person: Any) -> Iterator[Task]:
    """Those whose step is the methodist's or the official's, with the term of the step."""
    rights = person.rights
    theirs = Q(state__in=[State.SUBMITTED, State.IN_REVIEW], municipality__in=rights.methodist_in)
    theirs |= Q(state=State.AWAITING, municipality__in=rights.official_in)
    if not rights.manages:
        return
    verbs = {
        State.SUBMITTED: "Взять на рассмотрение",
        State.IN_REVIEW: "Дать заключение",
        State.AWAITING: "Решить",
    }
    # A draft order waits among the orders already; here again only when its term is over.
    rows = CommunityApplication.objects.filter(theirs).select_related("initiator")
    rows = rows.filter(Q(order=None) | Q(turn_until__lt=timezone.localdate()))
    for one in rows.order_by("turn_until", "pk")[:SHOWN]:
        verb = "Зарегистрировать акт" if one.order_id else verbs[State(one.state)]
        note = f"Заявление о сообществе, {one.initiator.initials}"
        yield Task(f"{verb}: {one}", one.get_absolute_url(), note, due=one.turn_until)


@my_tasks
def own_applications_to_finish(person: Any) -> Iterator[Task]:
    """Returned ones first, then drafts."""
    rows = CommunityApplication.objects.editable_by(person).order_by("-state", "-updated_at", "-pk")
    for one in rows[:SHOWN]:
        if one.state == State.RETURNED:
            yield Task(
                f"Исправить и подать снова: {one}", one.get_absolute_url(), "Заявление вернули с объяснением"
            )
        else:
            yield Task(f"Дописать и подать: {one}", one.get_absolute_url(), "Черновик заявления о сообществе")


@my_tasks
def answers_to_give(person: Any) -> Iterator[Task]:
    """Where the person is asked to take part, for oneself or as a head."""
    open_ones = Q(application__state__in=[State.SUBMITTED, State.IN_REVIEW, State.RETURNED, State.AWAITING])
    open_ones &= Q(application__order=None)
    mine = ApplicationMember.objects.awaited().filter(open_ones, person=person)
    for member in mine.select_related("application__initiator").order_by("asked_at", "pk")[:SHOWN]:
        yield Task(
            f"Ответить, участвуете ли: {member.application}",
            reverse("communities:application-participation", args=[member.application_id]),
            f"Зовёт {member.application.initiator.initials}",
        )
    if not person.rights.head_of:
        return
    places = ApplicationOrganisation.objects.awaited().filter(
        open_ones, organisation__in=person.rights.head_of
    )
    for place in places.select_related("application", "organisation").order_by("asked_at", "pk")[:SHOWN]:
        yield Task(
            f"Ответить за организацию: {place.application}",
            reverse("communities:application-participation", args=[place.application_id]),
            f"Участие в сообществе: {place.organisation}",
        )


@my_tasks
def opinions_to_give(person: Any) -> Iterator[Task]:
    rows = ExpertOpinion.objects.awaited().filter(expert=person).select_related("application", "asked_by")
    for opinion in rows.order_by("due_on", "pk")[:SHOWN]:
        yield Task(
            f"Дать мнение эксперта: {opinion.application}",
            reverse("communities:application-opinion", args=[opinion.application_id]),
            f"Просит {opinion.asked_by.initials}",
            due=opinion.due_on,
        )


@my_waits
def own_applications_with_others(person: Any) -> Iterator[Task]:
    """Own applications that are with a methodist or an official: whose turn it is and until when."""
    silent = ApplicationMember.objects.filter(application=OuterRef("pk"), answer=Answer.ASKED)
    rows = CommunityApplication.objects.filter(
        initiator=person, state__in=[State.SUBMITTED, State.IN_REVIEW, State.AWAITING]
    )
    for one in rows.annotate(waits=Exists(silent)).order_by("turn_until", "pk")[:SHOWN]:
        note = one.turn.who[:1].upper() + one.turn.who[1:]
        if one.waits:  # type: ignore[attr-defined]
            note += "; ответили ещё не все участники"
        yield Task(str(one), one.get_absolute_url(), note, due=one.turn_until)


@my_waits
def applications_with_others(person: Any) -> Iterator[Task]:
    """For a methodist: opinions asked of experts and applications that wait for the official."""
    if not person.rights.methodist_in:
        return
    opinions = ExpertOpinion.objects.awaited().filter(asked_by=person).select_related("application", "expert")
    for opinion in opinions.order_by("due_on", "pk")[:SHOWN]:
        title = f"Мнение эксперта: {opinion.application}"
        yield Task(title, opinion.application.get_absolute_url(), opinion.expert.initials, due=opinion.due_on)
    waiting = CommunityApplication.objects.filter(
        state=State.AWAITING, municipality__in=person.rights.methodist_in - person.rights.official_in
    )
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
