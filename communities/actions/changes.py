"""Changes that only an order makes: asked for, prepared as a draft, done when the order is registered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from communities.actions.membership import decline_with_community
from communities.change_texts import text_of
from communities.letters import leaders_of, members_of, tell
from communities.models import ChangeKind, Community, CommunityChange, JoinRequest, MemberRole, Membership
from core.search import index
from core.states import NotAllowed, WrongState, move
from network.models import Order, Person
from network.models.order import quoted
from network.orders import discard_order, order_cancelled, order_effect, prepare_order


@transaction.atomic
def ask_change(
    *,
    community: Community,
    kind: str,
    reason: str,
    by: Person,
    new_leader: Person | None = None,
    new_ends_on: dt.date | None = None,
) -> CommunityChange:
    """Ask for a change by order. Raises WrongState when it cannot be or is asked for already."""
    community = Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    if not by.has_perm("communities.ask_change_community", community):
        raise NotAllowed("О переменах просят руководитель сообщества, методист и специалист управления.")
    if CommunityChange.objects.asked().filter(community=community, kind=kind).exists():
        raise WrongState("Такая просьба уже ждёт распорядительного акта.")
    if kind == ChangeKind.LEADER:
        _check_new_leader(community, new_leader)
    if kind == ChangeKind.EXTENSION:
        _check_new_end(community, new_ends_on)
    return CommunityChange.objects.create(
        community=community,
        kind=kind,
        reason=reason,
        asked_by=by,
        new_leader=new_leader if kind == ChangeKind.LEADER else None,
        new_ends_on=new_ends_on if kind == ChangeKind.EXTENSION else None,
    )


def _check_new_leader(community: Community, person: Person | None) -> None:
    role = community.role_of(person) if person else ""
    if not role:
        raise WrongState("Новым руководителем становится участник сообщества.")
    if role == MemberRole.LEADER:
        raise WrongState(f"{person} уже руководит сообществом.")


def _check_new_end(community: Community, ends_on: dt.date | None) -> None:
    if ends_on is None or ends_on <= max(timezone.localdate(), community.ends_on or dt.date.min):
        raise WrongState("Новый срок должен быть позже нынешнего и позже сегодняшнего дня.")


@transaction.atomic
def prepare_change_order(*, change: CommunityChange, by: Person) -> Order:
    """A draft order with the usual words; the one that is there, when it was prepared already."""
    # No join here: after waiting for the lock PostgreSQL gives the fresh row beside the stale half of a join.
    change = CommunityChange.objects.select_for_update().get(pk=change.pk)
    if change.order is not None:
        return change.order
    if change.state != CommunityChange.State.ASKED:
        raise WrongState("Эта просьба уже закрыта, распорядительный акт по ней не нужен.")
    founding = change.community.order
    change.order = prepare_order(
        municipality=change.community.municipality,
        purpose=f"communities.{change.kind}",
        amends=founding if founding.state == Order.State.REGISTERED else None,
        by=by,
        **text_of(change),
    )
    change.save(update_fields=["order"])
    return change.order


@transaction.atomic
def drop(*, change: CommunityChange, reason: str, by: Person) -> CommunityChange:
    """Take the request back or refuse it; who asked reads why."""
    change = move(change, "drop", by=by, reason=reason)
    if change.order is not None and by.has_perm("network.change_order", change.order):
        # A draft that nobody will register; of who may not delete it the official does.
        discard_order(order=change.order, by=by)
    tell(
        [change.asked_by],
        key=f"change:{change.pk}:dropped",
        subject=f"Просьба отклонена: {change}",
        template="community_change_dropped",
        url=change.get_absolute_url(),
        by=by,
        change=change,
        reason=reason,
    )
    return change


def _subject(order: Order) -> Any:
    return order.community_change.community


@order_effect("communities.leader", label="смена руководителя сообщества", subject=_subject)
def apply_leader(*, order: Order, by: Person) -> None:
    """The old leader stays a member, the new one leads."""
    change, community = _carry_out(order, by)
    now = Membership.objects.current().select_for_update(of=("self",)).filter(community=community)
    rows = {row.person_id: row for row in now}
    new = rows.get(change.new_leader_id)  # type: ignore[arg-type]
    if new is None:
        raise WrongState(f"{change.new_leader} больше не участвует в сообществе, возглавить его нельзя.")
    old = next((row for row in rows.values() if row.role == MemberRole.LEADER), None)
    if old is not None and old != new:
        old.role = MemberRole.MEMBER
        old.save(update_fields=["role"])
    new.role = MemberRole.LEADER
    new.save(update_fields=["role"])
    people = [change.new_leader, old.person if old else None, change.asked_by]
    _tell_done(change, people, by)


@order_effect("communities.extension", label="продление сообщества", subject=_subject)
def apply_extension(*, order: Order, by: Person) -> None:
    """The community goes on until the new day, also when its term had run out."""
    change, community = _carry_out(order, by)
    move(community, "extend", by=by, ends_on=change.new_ends_on, reason=order.requisites)
    _tell_done(change, [*leaders_of(community), change.asked_by], by)


@order_effect("communities.closing", label="закрытие сообщества", subject=_subject)
def apply_closing(*, order: Order, by: Person) -> None:
    """The work is over from the day of the order; everything written stays to be read."""
    change, community = _carry_out(order, by)
    move(community, "close", by=by, closed_on=order.date, reason=order.requisites)
    _drop_what_was_asked(community, f"Сообщество закрыто: {order.requisites}", by)
    _tell_done(change, [*members_of(community), change.asked_by], by)


def _foretell_closing(order: Order) -> list[str]:
    return [
        f"Сообщество «{quoted(str(community))}» закроется: оно создано этим актом. Участники получат письмо."
        for community in order.communities.not_closed()
    ]


@order_cancelled("communities.approve", "", foretell=_foretell_closing)
def close_without_its_order(*, order: Order, by: Person) -> None:
    """A community exists while its founding order is in force: members are told, what was asked for is dropped."""
    for community in order.communities.not_closed():
        why = f"Отменён акт: {order.requisites}"
        closed = move(community, "close", by=by, reason=why)
        _drop_what_was_asked(closed, why, by)
        index([closed])
        tell(
            members_of(closed),
            key=f"community:{closed.pk}:order-cancelled",
            subject=f"Сообщество закрыто: {closed}",
            template="community_order_cancelled",
            url=closed.get_absolute_url(),
            by=by,
            community=closed,
            order=order,
        )


def _why_not_taken_back(order: Order) -> str:
    if order.purpose == f"communities.{ChangeKind.CLOSING}":
        return f"{order.requisites}: сообщество закрыто этим актом и вновь не открывается. Подайте новое заявление."
    return (
        f"{order.requisites}: перемена в сообществе уже сделана. Отмените её новой переменой: "
        "попросите о ней на странице сообщества, портал подготовит акт."
    )


@order_cancelled(
    *(f"communities.{kind}" for kind in ChangeKind),
    foretell=lambda order: [f"Портал не зарегистрирует такой акт. {_why_not_taken_back(order)}"],
)
def keep_what_was_done(*, order: Order, by: Person) -> None:
    """A change is taken back by another change: its own order says who leads, or until when, from now on.

    Raises WrongState: to cancel the paper alone would leave the portal saying what no order says.
    """
    raise WrongState(_why_not_taken_back(order))


def _drop_what_was_asked(community: Community, why: str, by: Person) -> None:
    """Requests that nobody can answer any more; whoever asked reads why."""
    for change in CommunityChange.objects.asked().filter(community=community).select_related("order"):
        drop(change=change, reason=why, by=by)
    for request in JoinRequest.objects.asked().filter(community=community).select_related("person"):
        decline_with_community(request=request, why=why)


def _carry_out(order: Order, by: Person) -> tuple[CommunityChange, Community]:
    change = order.community_change
    community = Community.objects.select_for_update(of=("self",)).get(pk=change.community_id)
    if community.state == Community.State.CLOSED:
        raise WrongState(f"Сообщество «{community}» уже закрыто.")
    return move(change, "carry_out", by=by, reason=order.requisites), community


def _tell_done(change: CommunityChange, people: list[Any], by: Person) -> None:
    index([Community.objects.select_related("direction").get(pk=change.community_id)])
    tell(
        people,
        key=f"change:{change.pk}:done",
        subject=f"{change.get_kind_display().capitalize()}: {change.community}",
        template="community_changed",
        url=change.community.get_absolute_url(),
        by=by,
        change=change,
        order=change.order,
    )
