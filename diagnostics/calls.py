"""«Пригласить тех, кому это трудно»: invitations to an event that answers a finding.

Where answers are tied to people, the portal writes to those who have the difficulty; nobody sees to whom, and nothing
that a page, the admin or a log shows says it: of people only that it was done is kept (`EventCall`), whether
somebody is invited follows from the own answers, for the person alone. Where answers are anonymous, the heads of the
organisations that the map shows as having the difficulty are asked to sign their people up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from core.jobs import Run, enqueue
from core.letters import PRIVATE, queue_letters
from core.models import Letter
from core.states import NotAllowed, WrongState
from diagnostics.answer_table import batched
from diagnostics.coverage import count_coverage, difficult_places
from diagnostics.coverage_people import respondents
from diagnostics.models import Campaign, Coverage, CoverageUnit, EventCall, Finding, Item, Response
from events.models import Event, EventLevel, Registration
from network.models import Employment, Person, Role

AT_ONCE = 50
COUNTING = "Портал ещё считает, кому это трудно. Зайдите через несколько минут."
TOO_FEW = (
    "Пригласить портал не может: тех, кому это трудно, или тех, кому нет, слишком мало. "
    "Само приглашение выдало бы ответы отдельных людей."
)


def why_not(finding: Finding, event: Event) -> str:
    """Why those who have the difficulty cannot be invited to the event now, in Russian; empty where they can.

    The answer to a finding of people is that of the last count; `call` counts once more.
    """
    campaign = finding.campaign
    if campaign is None:
        return "Вывод сделан не по опросу: портал не знает, кому это трудно."
    if not event.takes_registrations:
        return "Приглашать можно, пока на событие идёт запись."
    is_school = event.level == EventLevel.SCHOOL and event.host_id != finding.organisation_id
    if is_school or event.municipality_id != finding.municipality_id:
        return f"На это событие могут записаться только педагоги: {event.host}."
    if campaign.is_anonymous:
        return "" if difficult_places(finding) else "На карте нет организаций, где это заметно трудно."
    if campaign.state != Campaign.State.CLOSED:
        return "Опрос ещё идёт. Пригласить можно, когда он завершится."
    counted = Coverage.objects.filter(finding=finding).first()
    if counted is None or not counted.fingerprint:
        return COUNTING
    return "" if counted.total is not None else TOO_FEW


def number_to_invite(finding: Finding) -> int:
    """How many people, or organisations, the invitation is for; 0 where it is not known or not told."""
    if finding.campaign is not None and finding.campaign.is_anonymous:
        return len(difficult_places(finding))
    counted = Coverage.objects.filter(finding=finding).first()
    return (counted.total or 0) if counted else 0


def call(*, finding: Finding, event: Event, by: Person) -> EventCall:
    """Invite to the event everybody who has the difficulty. Pressed twice, nobody is invited twice.

    Raises NotAllowed, and WrongState where `why_not` says so or the event does not answer the finding.
    """
    if by.has_perm("diagnostics.change_finding", finding):
        count_coverage(finding)  # reads all answers, so before the transaction
    return _call(finding, event, by)


@transaction.atomic
def _call(finding: Finding, event: Event, by: Person) -> EventCall:
    finding = Finding.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=finding.pk)
    if not by.has_perm("diagnostics.change_finding", finding):
        raise NotAllowed("Приглашает методист муниципалитета.")
    if (there := EventCall.objects.filter(finding=finding, event=event).first()) is not None:
        return there
    if not finding.measures.filter(event=event).exists():
        raise WrongState("Это событие не отвечает на затруднение: сначала добавьте его в меры поддержки.")
    if reason := why_not(finding, event):
        raise WrongState(reason)
    anonymous = finding.campaign is not None and finding.campaign.is_anonymous
    made = EventCall.objects.create(
        finding=finding,
        event=event,
        unit=CoverageUnit.ORGANISATIONS if anonymous else CoverageUnit.PEOPLE,
        number=number_to_invite(finding),
        by=by,
    )
    if anonymous:
        made.organisations.set(difficult_places(finding))
        count_coverage(finding)
    else:
        Coverage.objects.filter(finding=finding).update(invited=made.number)
    enqueue(
        "diagnostics.call",
        by=by,
        title=f"Приглашения на событие: {event}",
        params={"call": made.pk},
        key=f"diagnostics.call:{made.pk}",
    )
    return made


def write(run: Run, made: EventCall) -> None:
    """Queue the letters, in portions that each renew the lease; who has one is passed over. Raises LeaseLost.

    No progress is told: how many have an address would be one more figure about them.
    """
    for part in batched(_addressees(made), AT_ONCE):
        with transaction.atomic():
            run.renew()
            letters = {_key(made, person): person for person in part}
            there = set(Letter.objects.filter(key__in=letters).values_list("key", flat=True))
            queue_letters(_letter(made, key, who) for key, who in letters.items() if key not in there)


def _addressees(made: EventCall) -> Iterable[Person]:
    """Whom to write to: who has an address and is not signed up, waiting, or gone from the event by their own wish."""
    reached = Person.objects.filter(is_active=True, email__isnull=False).order_by("pk")
    if made.unit == CoverageUnit.ORGANISATIONS:
        heads = Employment.objects.in_force().filter(
            role=Role.HEAD, organisation__in=made.organisations.all()
        )
        return reached.filter(pk__in=heads.values("person"))
    among = respondents(made.finding)
    known = set(Registration.objects.filter(event=made.event_id).values_list("person", flat=True))
    wanted = [pk for pk in (among.with_difficulty() if among else []) if pk not in known]
    return [one for part in batched(wanted, 500) for one in reached.filter(pk__in=part)]


def _key(made: EventCall, person: Person) -> str:
    """One letter a person and event, whichever finding invites; of people it says neither to nobody."""
    words = f"{made.event_id}:{person.pk}"
    if made.unit == CoverageUnit.ORGANISATIONS:
        return f"event-call:{words}"
    return PRIVATE + salted_hmac("diagnostics.call", words, algorithm="sha256").hexdigest()


def _letter(made: EventCall, key: str, person: Person) -> dict[str, Any]:
    of_people = made.unit == CoverageUnit.PEOPLE
    return {
        "key": key,
        "to": person.email,
        "subject": f"Приглашение: {made.event.title}",
        "template": "event_call" if of_people else "event_call_head",
        "context": {
            "event": made.event,
            "name": person.get_short_name(),
            "url": f"{settings.SITE_URL}{made.event.get_absolute_url()}",
            "campaign": made.finding.campaign,
            "direction": made.finding.direction,
        },
        "secret": of_people,
    }


def live_calls() -> QuerySet[EventCall]:
    """Of events for which one can sign up now."""
    return EventCall.objects.filter(event__in=Event.objects.open_for_registration().values("pk"))


def own_answers(person: Person) -> QuerySet[Response]:
    """The person's own sheets by which they may be invited to something now."""
    rows = Response.objects.filter(person=person, batch__counted=True)
    calls = live_calls().filter(unit=CoverageUnit.PEOPLE)
    return rows.filter(campaign__in=calls.values("finding__campaign"))


def invited_by_answers(person: Person, sheets: Iterable[Response]) -> list[Event]:
    """Events to which the person is invited by the own answers and has not said anything yet; two queries."""
    by_campaign = {sheet.campaign_id: sheet for sheet in sheets}
    answered = Registration.objects.filter(person=person).values("event")
    calls = (
        live_calls()
        .filter(unit=CoverageUnit.PEOPLE, finding__campaign__in=by_campaign)
        .exclude(event__in=answered)
        .select_related("event__host", "finding__campaign")
        .order_by("event__starts_at", "pk")
    )
    found = list(calls)
    hard = _difficulties({one.finding for one in found})
    return list(
        {
            one.event.pk: one.event
            for one in found
            if _concerns(one.finding, by_campaign[one.finding.campaign_id or 0], hard)
        }.values()
    )


def _difficulties(findings: set[Finding]) -> dict[tuple[int, int], set[tuple[str, str]]]:
    """Questionnaire and direction → the answers (code of the question, code of the answer) that are a difficulty."""
    asked = {(one.campaign.questionnaire_id, one.direction_id) for one in findings if one.campaign}
    rows = Item.objects.filter(
        Q(kind=Item.Kind.SCALE, scale__options__is_difficulty=True),
        section__questionnaire__in={sheet for sheet, _ in asked},
        direction__in={direction for _, direction in asked},
    ).values_list("section__questionnaire", "direction", "code", "scale__options__code")
    found: dict[tuple[int, int], set[tuple[str, str]]] = defaultdict(set)
    for sheet, direction, code, answer in rows.order_by() if asked else ():
        found[sheet, direction or 0].add((code, answer))
    return found


def _concerns(finding: Finding, sheet: Response, hard: dict[tuple[int, int], set[tuple[str, str]]]) -> bool:
    if finding.organisation_id not in (None, sheet.organisation_id) or finding.campaign is None:
        return False
    meant = hard[finding.campaign.questionnaire_id, finding.direction_id]
    return any(str(sheet.answers.get(code)) == answer for code, answer in meant)
