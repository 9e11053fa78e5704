"""Applications for a community; states are reached by the steps people take."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from communities.actions import applications as actions
from communities.actions import decision, opinions, participants
from communities.models import Answer, CommunityApplication, ExpertOpinion
from network.models import Employment, Order, Organisation, Person, Role
from network.orders import register_order
from tests.factories.network import DirectionFactory, employ

State = CommunityApplication.State


def whole(organisation: Organisation, **fields: Any) -> CommunityApplication:
    """An unsaved application with everything filled in."""
    today = timezone.localdate()
    given = {
        "title": "Классный руководитель: первые шаги",
        "problem": "Девять классных руководителей ведут класс первый год.",
        "expected_result": "Банк разобранных ситуаций и открытые классные часы в пяти школах.",
        "starts_on": today + dt.timedelta(days=10),
        "ends_on": today + dt.timedelta(days=200),
        "direction": fields.pop("direction", None) or DirectionFactory(),
    }
    return CommunityApplication(
        municipality=organisation.municipality, initiator_organisation=organisation, **{**given, **fields}
    )


def draft(initiator: Person, size: int = 5, **fields: Any) -> CommunityApplication:
    """A draft of somebody employed, with `size` people listed, the initiator among them."""
    place = initiator.rights.employments[0].organisation
    application = actions.begin_application(application=whole(place, **fields), by=initiator)
    for _ in range(size - 1):
        add(application, employ(Role.TEACHER, place))
    return application


def add(application: CommunityApplication, person: Person) -> None:
    job = Employment.objects.filter(person=person).select_related("person", "organisation").first()
    participants.add_person(application=application, job=job, by=application.initiator)  # type: ignore[arg-type]


def submitted(initiator: Person, size: int = 5, **fields: Any) -> CommunityApplication:
    application = draft(initiator, size, **fields)
    return actions.submit(application=application, by=initiator)


def agree(application: CommunityApplication, count: int | None = None) -> None:
    """Those who have not answered say yes, each for oneself."""
    silent = application.members.asked().filter(answer=Answer.ASKED).select_related("person")
    for row in list(silent)[:count]:
        participants.answer(application=application, agrees=True, by=row.person)


def in_review(
    initiator: Person, methodist: Person, agreed: bool = True, **fields: Any
) -> CommunityApplication:
    application = submitted(initiator, **fields)
    if agreed:
        agree(application)
    return actions.start_review(application=application, by=methodist)


def ask(application: CommunityApplication, methodist: Person, expert: Person, days: int = 7) -> ExpertOpinion:
    """An opinion asked; a day that is past is written below the action, which refuses one."""
    due = timezone.localdate() + dt.timedelta(days=days)
    [opinion] = opinions.ask_opinions(application=application, experts=[expert], due_on=due, by=methodist)
    return opinion


def awaiting(initiator: Person, methodist: Person, **fields: Any) -> CommunityApplication:
    application = in_review(initiator, methodist, **fields)
    application = actions.conclude(
        application=application, conclusion="Состав и срок ясны.", suggests="approve", by=methodist
    )
    return actions.pass_on(application=application, by=methodist)


def ordered(initiator: Person, methodist: Person, official: Person, **fields: Any) -> Order:
    """A draft order of an application that waits for a decision."""
    application = awaiting(initiator, methodist, **fields)
    return decision.prepare_founding_order(application=application, by=official)


def approved(initiator: Person, methodist: Person, official: Person, **fields: Any) -> CommunityApplication:
    order = ordered(initiator, methodist, official, **fields)
    register_order(order=order, number=f"{order.pk}-од", date=timezone.localdate(), by=official)
    return CommunityApplication.objects.get(order=order)


def in_state(state: str, initiator: Person, methodist: Person, official: Person) -> CommunityApplication:
    """An application that reached the state by real steps."""
    if state == State.DRAFT:
        return draft(initiator)
    if state == State.SUBMITTED:
        application = submitted(initiator)
        agree(application)
        return application
    if state == State.IN_REVIEW:
        application = in_review(initiator, methodist)
        return actions.conclude(application=application, conclusion="Да.", suggests="approve", by=methodist)
    if state == State.RETURNED:
        application = in_review(initiator, methodist)
        return actions.return_back(application=application, reason="Назовите результат", by=methodist)
    if state == State.WITHDRAWN:
        return actions.withdraw(application=submitted(initiator), reason="", by=initiator)
    if state == State.APPROVED:
        return approved(initiator, methodist, official)
    application = awaiting(initiator, methodist)
    if state == State.REJECTED:
        return actions.reject(application=application, reason="Дублирует клуб", by=official)
    return application
