"""Approval of a plan by an order: the draft with the plan as its annex, and what registration does."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from core.search import index
from core.states import WrongState, move
from events.models import EventPlan
from events.plan_document import COLUMNS, table_rows
from events.planning import demand_items, quoted
from network.models import Order
from network.orders import NewAnnex, discard_order, order_cancelled, order_effect, prepare_order

PURPOSE = "events.plan"


@transaction.atomic
def prepare_approval(*, plan: EventPlan, by: Any) -> Order:
    """A draft order with the items as annex; an earlier draft of the same plan goes.

    Raises NotAllowed unless `by` may prepare orders of the municipality, WrongState for an empty or approved plan.
    """
    plan = EventPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if not plan.is_draft:
        raise WrongState("План уже утверждён.")
    demand_items(plan)
    if plan.order is not None:
        earlier, plan.order = plan.order, None
        plan.save(update_fields=["order"])
        discard_order(order=earlier, by=by)
    plan.order = prepare_order(
        municipality=plan.municipality,
        purpose=PURPOSE,
        heading=_heading(plan),
        preamble=_preamble(plan),
        clauses=_clauses(plan),
        annexes=[_annex(plan)],
        by=by,
    )
    plan.save(update_fields=["order"])
    return plan.order


def subject(order: Order) -> EventPlan:
    """The plan the order approves. Raises DoesNotExist when another draft was prepared since."""
    return order.event_plan


@order_effect(PURPOSE, label="утверждение плана событий", subject=subject)
def approve(*, order: Order, by: Any) -> None:
    """The plan is approved as it stands in the annex. Raises WrongState when it has changed since."""
    plan = EventPlan.objects.select_for_update(of=("self",)).filter(order=order).first()
    if plan is None:
        raise WrongState("Этот проект больше не относится к плану: по плану подготовлен другой.")
    annex = order.annexes.first()
    if annex is None or _bare(annex.rows) != _bare(_annex(plan).rows):
        raise WrongState(
            "План изменился после подготовки акта, приложение с ним расходится. "
            "Откройте план и подготовьте акт ещё раз."
        )
    index([move(plan, "approve", by=by, reason=order.requisites)])


def _foretell_reopening(order: Order) -> list[str]:
    plans = EventPlan.objects.filter(order=order, state=EventPlan.State.APPROVED)
    return [f"«{plan}» снова станет проектом." for plan in plans]


@order_cancelled(PURPOSE, foretell=_foretell_reopening)
def reopen(*, order: Order, by: Any) -> None:
    """The order was cancelled: the plan is a draft again, its items stay with their marks."""
    plan = EventPlan.objects.filter(order=order, state=EventPlan.State.APPROVED).first()
    if plan is not None:
        index([move(plan, "reopen", by=by, reason=order.requisites)])


def _heading(plan: EventPlan) -> str:
    if plan.community is not None:
        return f"Об утверждении плана работы сообщества {quoted(plan.community)} на {plan.school_year} учебный год"
    if plan.organisation is not None:
        name = plan.organisation.short_name
        return f"Об утверждении плана методической работы на {plan.school_year} учебный год: {name}"
    return f"Об утверждении плана методических мероприятий на {plan.school_year} учебный год"


def _preamble(plan: EventPlan) -> str:
    return (
        "В целях методического сопровождения педагогических работников и развития сетевого взаимодействия "
        f"образовательных организаций в {plan.school_year} учебном году"
    )


def _clauses(plan: EventPlan) -> list[str]:
    centre = plan.municipality.centre_name or "Методический центр"
    return [
        f"Утвердить прилагаемый план: «{plan.title}».",
        f"{centre}: организовать выполнение плана и вести учёт проведённых мероприятий.",
        "Руководителям образовательных организаций обеспечить участие педагогических работников.",
        "Контроль за исполнением настоящего акта оставляю за собой.",
    ]


def _annex(plan: EventPlan) -> NewAnnex:
    """The columns of the plan but the mark of fulfilment, which comes later."""
    rows = table_rows(plan, with_people=True, with_marks=False)
    return NewAnnex(plan.title, COLUMNS[:-1], rows, has_people=any(row[6] for row in rows))


def _bare(rows: Any) -> list[list[str]]:
    return [[" ".join(str(cell).split()) for cell in row] for row in rows]
