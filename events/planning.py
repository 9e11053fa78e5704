"""Plans of events: begun, filled, approved by an order, and what became of each item."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from core.school_year import SchoolYear
from core.search import forget, index
from core.states import NotAllowed, WrongState, move
from events.models import EventPlan, PlanItem
from events.rough_dates import RoughDate, month_name, read_rough_date

# Of an approved plan these may still be settled; the rest is what was approved.
WORKING_FIELDS = ("direction", "place", "organisation", "responsible", "responsible_person")
_COPIED = (
    "position", "title", "format", "direction", "audience", "place", "organisation", "responsible",
    "responsible_person", "expected_result", "measure",
)  # fmt: skip
_NOT_YOURS = "План ведут методист и специалист управления, руководитель организации или сообщества."


def default_title(plan: EventPlan) -> str:
    """«План мероприятий на 2026/27 учебный год», with the name of the community or organisation."""
    year = plan.school_year
    if plan.community is not None:
        return f"План работы сообщества {quoted(plan.community)} на {year} учебный год"[:300]
    if plan.organisation is not None:
        return f"План методической работы: {plan.organisation.short_name}, {year} учебный год"[:300]
    return f"План методических мероприятий на {year} учебный год"


def quoted(name: object) -> str:
    """The name in quotation marks, unless it has its own."""
    text = str(name)
    return text if "«" in text else f"«{text}»"


@transaction.atomic
def begin_plan(*, plan: EventPlan, copy_last_year: bool = False, by: Any) -> EventPlan:
    """Save a new draft; with `copy_last_year` the items of the owner's plan of the year before come along.

    Raises NotAllowed when `by` does not keep plans of this owner, WrongState when the owner has one that year.
    """
    if not by.has_perm("events.add_eventplan", plan):
        raise NotAllowed(_NOT_YOURS)
    plan.title = plan.title or default_title(plan)
    plan.created_by = by
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError as error:
        raise WrongState(f"План на {plan.school_year} учебный год уже есть: {plan.owner}.") from error
    if copy_last_year and (last := last_plan(plan)) is not None:
        items = last.items.exclude(state=PlanItem.State.CANCELLED).order_by("position", "pk")
        PlanItem.objects.bulk_create([_next_year(item, plan) for item in items])
    index([plan])
    return plan


def last_plan(plan: EventPlan) -> EventPlan | None:
    """The same owner's plan of the year before."""
    return EventPlan.objects.filter(
        municipality=plan.municipality_id,
        community=plan.community_id,
        organisation=plan.organisation_id,
        year=plan.year - 1,
    ).first()


@transaction.atomic
def rename_plan(*, plan: EventPlan, title: str, by: Any) -> EventPlan:
    """Another title for a draft."""
    plan = _locked(plan, by)
    if not plan.is_draft:
        raise WrongState("Утверждённый план не переименовывают.")
    plan.title = title
    plan.save(update_fields=["title"])
    index([plan])
    return plan


@transaction.atomic
def remove_plan(*, plan: EventPlan, by: Any) -> None:
    """Delete a draft with its items. Raises WrongState for an approved plan and where events were made of items."""
    plan = _locked(plan, by)
    if not plan.is_draft:
        raise WrongState("Утверждённый план не удаляют: его отменяют распорядительным актом.")
    if plan.items.filter(events__isnull=False).exists():
        raise WrongState("По пунктам плана уже созданы события, поэтому план не удаляется.")
    if plan.order is not None:
        raise WrongState(f"Сначала удалите акт, подготовленный по этому плану: {plan.order}.")
    forget(plan)
    plan.delete()


@transaction.atomic
def save_item(*, item: PlanItem, by: Any) -> PlanItem:
    """Add an item or change one. What was approved does not change: later items are marked as additions.

    Raises NotAllowed; WrongState for a change of what an order approved.
    """
    plan = _locked(item.plan, by)
    if item.pk is None:
        item.position = (plan.items.aggregate(last=Max("position"))["last"] or 0) + 1
        item.is_extra = not plan.is_draft
    elif not plan.is_draft and not item.is_extra:
        stored = PlanItem.objects.get(pk=item.pk)
        frozen = [f.attname for f in PlanItem._meta.concrete_fields if f.name not in WORKING_FIELDS]
        if any(getattr(stored, name) != getattr(item, name) for name in frozen):
            raise WrongState(
                "План утверждён: срок меняют переносом, остальное – новым распорядительным актом."
            )
    item.save()
    return item


@transaction.atomic
def remove_item(*, item: PlanItem, by: Any) -> EventPlan:
    """Take an item out of a draft. Raises WrongState for an approved plan and where events were made of the item."""
    plan = _locked(item.plan, by)
    if not (plan.is_draft or item.is_extra):
        raise WrongState("План утверждён: пункт можно отменить с указанием причины, но не удалить.")
    if item.events.exists():
        raise WrongState("По этому пункту уже создано событие: отмените пункт с указанием причины.")
    item.delete()
    return plan


@transaction.atomic
def hold_item(*, item: PlanItem, on: dt.date | None, note: str, by: Any) -> PlanItem:
    """Mark as held without an event in the portal."""
    return move(item, "hold", by=by, reason=note, on=on, note=note)


@transaction.atomic
def move_item(*, item: PlanItem, words: str, meant: RoughDate, reason: str, by: Any) -> PlanItem:
    """Another time; the reason is read by all who see the plan."""
    return move(item, "move_to", by=by, reason=reason, because=reason, words=words, meant=meant)


@transaction.atomic
def cancel_item(*, item: PlanItem, reason: str, by: Any) -> PlanItem:
    """Will not take place. Raises WrongState while an event of the item is still ahead."""
    ahead = item.events.filter(state__in=["planned", "announced", "registration_open"]).first()
    if ahead is not None:
        raise WrongState(
            f"По пункту назначено событие «{ahead}»: сначала отмените его, участники получат письма."
        )
    return move(item, "cancel", by=by, reason=reason, because=reason)


@transaction.atomic
def restore_item(*, item: PlanItem, reason: str, by: Any) -> PlanItem:
    """Take back a mark made by mistake."""
    return move(item, "restore", by=by, reason=reason)


@transaction.atomic
def approve_own_plan(*, plan: EventPlan, number: str, date: dt.date, by: Any) -> EventPlan:
    """The head approves the plan of the organisation by its own act."""
    if date > timezone.localdate():
        raise WrongState(f"Дата {date:%d.%m.%Y} ещё не наступила: план утверждают днём подписания приказа.")
    demand_items(plan)
    plan = move(plan, "approve_own", by=by, number=number, date=date)
    index([plan])
    return plan


def when_of(words: str, year: SchoolYear, starts_on: dt.date | None, ends_on: dt.date | None) -> RoughDate:
    """What is meant by the words; days that a person named stand above what the words say."""
    meant = read_rough_date(words, year)
    if starts_on is None and ends_on is None:
        return meant
    first, last = starts_on or ends_on, ends_on or starts_on
    return RoughDate(first, last, meant.repeats)


def _next_year(item: PlanItem, plan: EventPlan) -> PlanItem:
    """A copy for the year after: a day becomes its month, rough words stay."""
    copy = PlanItem(plan=plan, **{name: getattr(item, name) for name in _COPIED})
    words = item.moved_from or item.when_text
    meant = read_rough_date(words, item.plan.school_year)
    if (
        meant.starts_on
        and meant.ends_on
        and (meant.ends_on - meant.starts_on).days < 20
        and not meant.repeats
    ):
        words = month_name(meant.starts_on.month).lower()
    words = re.sub(r"\s*\b20\d\d(?:\s*[-–/]\s*(?:20)?\d\d)?\b(?:\s*г\.)?", "", words).strip() or words
    copy.set_when(words, read_rough_date(words, plan.school_year))
    return copy


def _locked(plan: EventPlan, by: Any) -> EventPlan:
    """The plan under a lock, so that nothing changes while it is being approved. Raises NotAllowed."""
    fresh = EventPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if not by.has_perm("events.change_eventplan", fresh):
        raise NotAllowed(_NOT_YOURS)
    return fresh


def demand_items(plan: EventPlan) -> None:
    """Raises WrongState for a plan without items."""
    if not plan.items.exists():
        raise WrongState("В плане нет ни одного пункта: утверждать нечего.")
