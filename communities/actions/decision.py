"""The official's decision: a draft order from the application, and the community when it is registered."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from communities.actions.founding import found_community
from communities.application_checks import check_decision
from communities.application_letters import everybody, tell
from communities.application_order import order_text
from communities.models import Community, CommunityApplication
from core.search import index
from core.states import NotAllowed, WrongState, move
from network.models import Order, Person
from network.orders import order_effect, prepare_order

PURPOSE = "communities.approve"


@transaction.atomic
def prepare_founding_order(*, application: CommunityApplication, by: Person) -> Order:
    """A draft of the order that founds the community; asked for twice it is the same draft.

    From now on participants cannot change their answers: the annex names them. Raises WrongState when
    the application does not wait for a decision or too few have agreed.
    """
    application = CommunityApplication.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if not by.has_perm("communities.approve_communityapplication", application):
        raise NotAllowed("Решение принимает специалист управления образованием муниципалитета.")
    if application.state != CommunityApplication.State.AWAITING:
        raise WrongState(
            f"Заявление «{application}» сейчас не ждёт решения: {application.get_state_display().lower()}."
        )
    if application.order is not None:
        return application.order
    check_decision(application)
    text = order_text(application)
    application.order = prepare_order(
        municipality=application.municipality,
        purpose=PURPOSE,
        heading=text.heading,
        preamble=text.preamble,
        clauses=text.clauses,
        annexes=[text.annex],
        by=by,
    )
    application.save(update_fields=["order", "updated_at"])
    return application.order


def _application_of(order: Order) -> CommunityApplication:
    return order.application  # type: ignore[attr-defined]


@order_effect(PURPOSE, label="создание сообщества", subject=_application_of)
def found_by_order(*, order: Order, by: Person) -> Community:
    """The order is registered: the application is approved and the community exists, in one transaction."""
    application = CommunityApplication.objects.select_for_update(of=("self",)).filter(order=order).first()
    if application is None:
        raise WrongState("Заявление, по которому готовили этот акт, уже вернули или отклонили.")
    check_decision(application)
    application = move(application, "approve", by=by, reason=order.requisites)
    community = _found(application, order, by)
    tell(
        application,
        everybody(application),
        subject="Сообщество создано",
        template="application_approved",
        by=by,
        order=order,
        community=community,
    )
    index([application])
    return community


def _found(application: CommunityApplication, order: Order, by: Any) -> Community:
    first, last = application.starts_on, application.ends_on
    if first is None or last is None or order.date is None or last <= max(first, order.date):
        raise WrongState(
            "Срок работы из заявления заканчивается раньше даты акта: верните заявление, чтобы срок исправили."
        )
    members = application.members.agreed().select_related("person", "organisation")
    return found_community(
        order=order,
        municipality=application.municipality,
        kind=application.kind,
        title=application.title,
        goal=application.goal or application.problem,
        direction=application.direction,  # type: ignore[arg-type]
        starts_on=max(first, order.date),
        ends_on=last,
        leader=application.leader,
        members=[(row.person, row.organisation) for row in members],
        application=application,
        by=by,
    )
