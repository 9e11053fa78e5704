"""What plans of events give to «Мои дела», to cards and to search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from communities.models import Community
from core.portal import SHOWN, Panel, Task, my_tasks, my_waits, record_panels
from core.school_year import SchoolYear
from core.search import Entry, search_source
from events import plan_rules
from events.models import EventPlan, PlanItem

# Of what a responsible person is reminded: the item begins within so many days and has no event yet.
AHEAD_DAYS = 21


def _items_late(person: Any) -> Any:
    """Of the plans that are the person's first of all."""
    rights = person.rights
    municipal = Q(municipality__in=rights.methodist_in, community=None, organisation=None)
    mine = EventPlan.objects.filter(
        municipal | Q(organisation__in=rights.head_of) | Q(community__in=plan_rules.led_by(person))
    )
    waits = [PlanItem.State.PLANNED, PlanItem.State.MOVED]
    rows = PlanItem.objects.filter(plan__in=mine, plan__state=EventPlan.State.APPROVED)
    return rows.filter(state__in=waits, ends_on__lt=timezone.localdate())


@my_tasks.among(_items_late)
def items_to_settle(person: Any, late: Any) -> Iterator[Task]:
    """Items whose time is over; one task a plan."""
    late = late.with_outcome().late().order_by()
    for row in late.values("plan", "plan__title").annotate(count=Count("pk")).order_by("plan")[:SHOWN]:
        yield Task(
            "Отметить, что стало с пунктами плана",
            reverse("events:plan", args=[row["plan"]]) + "?outcome=late",
            f"Срок прошёл, а отметки нет: {row['plan__title']}",
            count=row["count"],
        )


def _items_soon(person: Any) -> Any:
    today = timezone.localdate()
    return PlanItem.objects.filter(
        responsible_person=person,
        plan__state=EventPlan.State.APPROVED,
        starts_on__lte=today + dt.timedelta(days=AHEAD_DAYS),
        ends_on__gte=today,
        events__isnull=True,
        state__in=[PlanItem.State.PLANNED, PlanItem.State.MOVED],
        # «В течение года» is not soon.
        is_repeated=False,
    ).filter(ends_on__lte=today + dt.timedelta(days=2 * AHEAD_DAYS))


@my_tasks.among(_items_soon)
def items_coming(person: Any, soon: Any) -> Iterator[Task]:
    """Items the person answers for that come soon and have no event yet."""
    for item in soon.order_by("ends_on", "pk")[:SHOWN]:
        yield Task(
            f"Подготовить: {item}", item.get_absolute_url(), f"По плану: {item.when_text}", due=item.ends_on
        )


def _without_plan(person: Any) -> Any:
    led = Community.objects.filter(pk__in=plan_rules.led_by(person), state=Community.State.ACTIVE)
    return led.exclude(plans__year=SchoolYear.current().start)


@my_tasks.among(_without_plan)
def plans_to_begin(person: Any, communities: Any) -> Iterator[Task]:
    """Communities the person leads that are in force and have no plan of the year."""
    year = SchoolYear.current()
    for community in communities.order_by("pk")[:SHOWN]:
        url = f"{reverse('events:plan-new')}?owner=community-{community.pk}&year={year.start}"
        yield Task(f"Составить план на {year} учебный год", url, f"Сообщество «{community}»")


def _with_draft_order(person: Any) -> Any:
    if person.rights.official_in:
        return None
    return EventPlan.objects.filter(
        plan_rules.kept_by(person), state=EventPlan.State.DRAFT, order__isnull=False
    )


@my_waits.among(_with_draft_order)
def plans_to_be_approved(person: Any, plans: Any) -> Iterator[Task]:
    """Plans the person keeps whose draft order waits for number and date."""
    for plan in plans.select_related("order").order_by("pk")[:SHOWN]:
        note = f"{plan.order.requisites} ждёт номера и даты" if plan.order else ""
        yield Task(f"Утверждение: {plan}", plan.get_absolute_url(), note)


@record_panels.of("network.organisation")
def organisation_plan(organisation: Any, person: Any) -> Iterator[Panel]:
    """Plans of the organisation, the latest first."""
    yield from _plans(EventPlan.objects.filter(organisation=organisation), person)


@record_panels.of("communities.community")
def community_plans(community: Any, person: Any) -> Iterator[Panel]:
    """Plans of the community, the latest first."""
    yield from _plans(EventPlan.objects.filter(community=community), person)


def _plans(plans: Any, person: Any) -> Iterator[Panel]:
    found = list(plans.visible_to(person).with_fulfilment().order_by(F("year").desc(), "pk")[:3])
    if found:
        yield Panel("План", "events/plan_panel.html", {"plans": found}, order=30)


def _entry(plan: EventPlan) -> Entry:
    return Entry(
        title=plan.title,
        url=plan.get_absolute_url(),
        summary=f"{plan.owner} · {plan.get_state_display()}",
        text="план мероприятий событий",
    )


search_source(
    "events.plan", EventPlan, "Планы", _entry, related=("municipality", "community", "organisation")
)
