"""Every pair of states of every workflow: what is not declared cannot happen, what people do has a right."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import rules
from django.utils import timezone

from core.models import StateChange
from core.states import WrongState, move, permission_name
from core.workflows import document, stateful_models, states, steps
from network.models import Municipality, Person
from tests.factories import applications
from tests.factories.communities import community_at, extension, join_request, order_for
from tests.factories.diagnostics import make_campaign, make_questionnaire
from tests.factories.event_plans import EventPlanFactory, PlanItemFactory
from tests.factories.events import EventFactory, certificate_in, registration_in
from tests.factories.monitoring import (
    AssessmentFactory,
    DecisionFactory,
    IndicatorValueFactory,
    ReportFactory,
)
from tests.factories.orders import cancelled_order, draft_order, registered_order


def closed_community(world):
    """It has a day of closing, so that it may be put into any state."""
    one = community_at(world.own)
    type(one).objects.filter(pk=one.pk).update(closed_on=dt.date(2026, 11, 1))
    return one


def change_with_order(world):
    change = extension(community_at(world.own))
    order_for(change, world.official)
    return change


def application_with_order(world):
    """Whole, concluded and with a draft order, so that it may be put into any state; one person is enough."""
    Municipality.objects.update(minimum_community_size=1)
    teacher = Person.objects.get(pk=world.teacher.pk)
    return applications.ordered(teacher, world.methodist, world.official, size=1).application


MAKE = {
    "CommunityApplication": application_with_order,
    "Community": closed_community,
    "CommunityChange": change_with_order,
    "JoinRequest": lambda world: join_request(community_at(world.own)),
    "Campaign": lambda world: make_campaign(world.municipality),
    "Questionnaire": lambda world: make_questionnaire(world.municipality, published=False),
    "EventPlan": lambda world: EventPlanFactory(municipality=world.municipality, own_number="1"),
    "PlanItem": lambda world: PlanItemFactory(plan__municipality=world.municipality, reason="Карантин"),
    "Event": lambda world: EventFactory(host=world.school, announced_at=timezone.now()),
    "Assessment": lambda world: AssessmentFactory(municipality=world.municipality),
    "Decision": lambda world: DecisionFactory(municipality=world.municipality, done_on=dt.date(2026, 5, 1)),
    "IndicatorValue": lambda world: IndicatorValueFactory(municipality=world.municipality),
    "Report": lambda world: ReportFactory(
        municipality=world.municipality, accepted_by=world.official, accepted_on=dt.date(2026, 5, 1)
    ),
}
# Where the database demands more of a state than its name, the record gets there by real steps.
MAKE_IN = {
    "Registration": lambda world, state: registration_in(
        EventFactory(host=world.school), world.teacher, world.school, state
    ),
    "Certificate": lambda world, state: certificate_in(world.school, world.teacher, world.head, state),
    "Order": lambda world, state: {
        "draft": draft_order,
        "registered": registered_order,
        "cancelled": cancelled_order,
    }[state](world.municipality),
}
PORTAL_ITSELF = {
    "communities.lapse_community",
    "events.lapse_registration",
    "events.offer_registration",
    "events.promote_registration",
    "monitoring.publish_report",
    "monitoring.publish_accepted_report",
}
UNDECLARED = [
    pytest.param(model, state, name, id=f"{model.__name__}-{state}-{name}")
    for model in stateful_models()
    for state in states(model)
    for name in sorted({step.name for step in steps(model)})
    if not any(step.source == state and step.name == name for step in steps(model))
]


@pytest.mark.parametrize(("model", "state", "name"), UNDECLARED)
def test_step_that_is_not_declared_cannot_be_taken(world, model, state, name):
    made_in = MAKE_IN.get(model.__name__)
    record = made_in(world, state) if made_in else MAKE[model.__name__](world)
    model.objects.filter(pk=record.pk).update(state=state)
    before = StateChange.objects.count()

    with pytest.raises(WrongState):
        move(record, name, by=None)

    assert model.objects.values_list("state", flat=True).get(pk=record.pk) == state
    assert StateChange.objects.count() == before


def test_every_step_has_a_right_or_is_the_portals_own():
    without = {
        permission
        for model in stateful_models()
        for step in steps(model)
        if not rules.perm_exists(permission := permission_name(model(), step.name))
    }

    assert without == PORTAL_ITSELF


def test_diagram_in_docs_is_what_the_code_says():
    page = Path(__file__).parent.parent / "docs" / "workflows.md"

    assert page.read_text() == document(), "python manage.py workflows > docs/workflows.md"
