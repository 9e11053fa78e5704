"""Campaigns: launched once, people added while it runs, letters queued once, reminders, closing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from celery import current_app
from django.db import transaction
from django.utils import timezone

from core.jobs import enqueue
from core.models import Job
from core.search import forget, index
from core.states import NotAllowed, WrongState, move
from diagnostics.audience import invitees, newcomers
from diagnostics.models import Campaign, Draft, Invitation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from network.models import Employment, Organisation, Person


@transaction.atomic
def save_draft(
    campaign: Campaign, *, by: Person, limits: Mapping[str, Iterable[object]] | None = None
) -> Campaign:
    """A new or changed draft; the smallest group shown is that of the municipality.

    `limits`: the chosen `organisations` and `subjects`; without it they stay as they are.
    Raises NotAllowed without the right there, WrongState when it has been launched meanwhile.
    """
    if not by.has_perm("diagnostics.change_campaign", campaign):
        raise NotAllowed("Готовить опрос может методист муниципалитета.")
    if campaign.pk is None:
        campaign.created_by = by
    elif Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk).state != Campaign.State.DRAFT:
        raise WrongState("Опрос уже запущен, и его условия не меняются.")
    campaign.smallest_group = campaign.municipality.smallest_group
    campaign.save()
    for name, rows in (limits or {}).items():
        getattr(campaign, name).set(rows)
    index([campaign])
    return campaign


@transaction.atomic
def launch(campaign: Campaign, *, by: Person) -> Campaign:
    """Fix the terms, invite everybody at once and queue the letters (on the opening day when it is to come).

    Raises WrongState for whoever comes second: there is one launch, and each person is invited once.
    """
    fresh = move(campaign, "launch", by=by)
    if not fresh.open_link and not _invite(fresh, invitees(fresh)):
        raise WrongState("Приглашать некого: под условия опроса никто не подходит. Измените, кто участвует.")
    if fresh.accepts_answers:
        queue_invitations(fresh, by=by)
    return fresh


@transaction.atomic
def add_participants(campaign: Campaign, organisations: Iterable[Organisation], *, by: Person) -> int:
    """Invite who fits the audience at these organisations and was not invited yet; returns how many.

    An organisation that did not take part joins the audience. Nothing of what was fixed at launch changes, and
    who is invited already keeps the invitation and the link. Safe to call twice: the second adds nobody.
    Raises NotAllowed without the right, WrongState when the campaign is not running or has an open link.
    """
    if not by.has_perm("diagnostics.invite_campaign", campaign):
        raise NotAllowed("Приглашать может методист муниципалитета.")
    fresh = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if not fresh.is_ahead_or_open or fresh.open_link:
        raise WrongState("Добавить участников можно, пока опрос идёт и люди приглашены лично.")
    before = fresh.invited_count
    places = _invite(fresh, newcomers(fresh).filter(organisation__in=[place.pk for place in organisations]))
    if fresh.chosen_only:
        fresh.organisations.add(*places)
    if places and fresh.accepts_answers:
        queue_invitations(fresh, by=by, part=f":{fresh.invited_count}")
    return fresh.invited_count - before


def _invite(campaign: Campaign, people: QuerySet[Employment]) -> set[int]:
    """One invitation a person, at the newest place of work; returns the organisations.

    The caller holds the row of the campaign.
    """
    places = people.order_by("person", "-starts_on", "pk").values_list("person", "organisation")
    first: dict[int, int] = {}
    for person, organisation in places:
        first.setdefault(person, organisation)
    Invitation.objects.bulk_create(
        (Invitation(campaign=campaign, person_id=who, organisation_id=where) for who, where in first.items()),
        batch_size=500,
    )
    campaign.invited_count += len(first)
    campaign.save(update_fields=["invited_count"])
    return set(first.values())


def queue_invitations(campaign: Campaign, *, by: Person | None, part: str = "") -> Job | None:
    """The letters of a campaign; asking again gives the same job. None where nobody is invited by name.

    `part` (how many are invited then) tells the job of people added later from that of the launch.
    """
    if campaign.open_link:
        return None
    return enqueue(
        "diagnostics.invite",
        by=by,
        title=f"Приглашения: {campaign}",
        params={"campaign": campaign.pk},
        key=f"diagnostics.invite:{campaign.pk}{part}",
    )


def remind(campaign: Campaign, *, by: Person | None) -> Job:
    """Letters to those who have not taken part; at most once a day, whoever asks.

    Raises NotAllowed without the right, WrongState when answers are not taken now.
    """
    if by is not None and not by.has_perm("diagnostics.remind_campaign", campaign):
        raise NotAllowed("Напоминать может методист муниципалитета.")
    campaign.refresh_from_db()
    if not campaign.accepts_answers or campaign.open_link:
        raise WrongState("Напоминать можно, пока опрос идёт и люди приглашены лично.")
    return enqueue(
        "diagnostics.remind",
        by=by,
        title=f"Напоминания: {campaign}",
        params={"campaign": campaign.pk, "day": timezone.localdate().isoformat()},
        key=reminder_key(campaign),
    )


def reminder_key(campaign: Campaign) -> str:
    """Key of today's reminders."""
    return f"diagnostics.remind:{campaign.pk}:{timezone.localdate():%Y-%m-%d}"


@transaction.atomic
def close(campaign: Campaign, *, by: Person | None) -> Campaign:
    """No more answers. What was begun and not sent is deleted: it was never handed in."""
    fresh = move(campaign, "close", by=by)
    Draft.objects.filter(campaign=fresh).delete()
    transaction.on_commit(_ring_tally, robust=True)
    return fresh


def _ring_tally() -> None:
    """The final map need not wait for the clock; when nobody hears the bell, the clock still comes."""
    current_app.send_task("diagnostics.tasks.tally_due", retry_policy={"max_retries": 1})


@transaction.atomic
def delete_draft(campaign: Campaign, *, by: Person) -> None:
    """Raises NotAllowed without the right, WrongState when it has been launched."""
    fresh = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if not by.has_perm("diagnostics.change_campaign", fresh):
        raise NotAllowed("Удалить черновик может методист муниципалитета.")
    if fresh.state != Campaign.State.DRAFT or fresh.responses.exists():
        raise WrongState("Опрос уже запущен, его можно только завершить.")
    forget(fresh)
    fresh.delete()
