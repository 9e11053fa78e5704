"""Plans of events and their items; states are reached by real steps."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone

from core.school_year import SchoolYear
from events.models import EventPlan, PlanItem
from events.plan_approval import prepare_approval
from events.rough_dates import read_rough_date
from network.models import Person
from network.orders import register_order
from tests.factories.network import MunicipalityFactory


class EventPlanFactory(factory.django.DjangoModelFactory):
    """A draft of the municipality for the current school year."""

    class Meta:
        model = EventPlan

    municipality = factory.SubFactory(MunicipalityFactory)
    year = factory.LazyFunction(lambda: SchoolYear.current().start)
    title = "План методических мероприятий"


class PlanItemFactory(factory.django.DjangoModelFactory):
    """`when` in words gives the range as the portal reads it."""

    class Meta:
        model = PlanItem

    class Params:
        when = "в течение года"

    plan = factory.SubFactory(EventPlanFactory)
    position = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Семинар {n}")
    format = "seminar"
    when_text = factory.SelfAttribute("when")
    starts_on = factory.LazyAttribute(lambda o: read_rough_date(o.when_text, o.plan.school_year).starts_on)
    ends_on = factory.LazyAttribute(lambda o: read_rough_date(o.when_text, o.plan.school_year).ends_on)
    is_repeated = factory.LazyAttribute(lambda o: read_rough_date(o.when_text, o.plan.school_year).repeats)


def days_from_now(days: int) -> dict[str, Any]:
    """Fields of an item that takes place on the day: negative for the past."""
    day = timezone.localdate() + dt.timedelta(days=days)
    return {"when_text": f"{day:%d.%m.%Y}", "starts_on": day, "ends_on": day}


def approved_plan(official: Person, plan: EventPlan, *, number: str = "12-од") -> EventPlan:
    """The plan approved by a registered order; it gets an item when it has none."""
    if not plan.items.exists():
        PlanItemFactory(plan=plan)
    order = prepare_approval(plan=plan, by=official)
    register_order(order=order, number=number, date=timezone.localdate(), by=official)
    return EventPlan.objects.select_related("municipality", "order").get(pk=plan.pk)
