"""Joining, leaving, duties of members. Nobody belongs to a community against the will of either side."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from communities.letters import leaders_of, tell
from communities.models import Community, JoinRequest, MemberRole, Membership, Subscription
from core.states import NotAllowed, WrongState, move
from network.models import Organisation, Person


def organisations_of(person: Person, community: Community) -> list[Organisation]:
    """On whose behalf the person may join: places of work in the municipality of the community."""
    jobs = person.rights.employments
    found = {job.organisation_id: job.organisation for job in jobs}
    return [one for one in found.values() if one.municipality_id == community.municipality_id]


@transaction.atomic
def ask_to_join(*, community: Community, organisation: Organisation, reason: str, by: Person) -> JoinRequest:
    """Ask the leader; raises WrongState when the person is in already or has asked."""
    community = _locked(community)
    if community.state == Community.State.CLOSED:
        raise WrongState(f"Сообщество «{community}» закрыто, вступить в него нельзя.")
    if not by.has_perm("communities.join_community", community):
        if community.role_of(by):
            raise WrongState(f"Вы уже участвуете в сообществе «{community}».")
        raise NotAllowed("Вступить может тот, кто работает в организациях этого муниципалитета.")
    if organisation not in organisations_of(by, community):
        raise WrongState("Вступают от своей организации: выберите её из списка.")
    if JoinRequest.objects.asked().filter(community=community, person=by).exists():
        raise WrongState("Вы уже попросились в это сообщество: ответ придёт письмом и в «Мои дела».")
    request = JoinRequest.objects.create(
        community=community, person=by, organisation=organisation, reason=reason
    )
    tell(
        leaders_of(community),
        key=f"join:{request.pk}:asked",
        subject=f"Просьба о вступлении: {community}",
        template="community_join_asked",
        url=request.get_absolute_url(),
        by=by,
        request=request,
    )
    return request


@transaction.atomic
def accept(*, request: JoinRequest, answer: str, by: Person) -> JoinRequest:
    """Take the person in, on behalf of the organisation named in the request."""
    request = move(request, "accept", by=by, answered_by=by, answer=answer)
    try:
        with transaction.atomic():
            Membership.objects.create(
                community=request.community, person=request.person, organisation=request.organisation
            )
    except IntegrityError as error:
        raise WrongState(f"{request.person} уже участвует в сообществе.") from error
    _tell_answer(request, by)
    return request


@transaction.atomic
def decline(*, request: JoinRequest, answer: str, by: Person) -> JoinRequest:
    """Not now; the person reads why."""
    request = move(request, "decline", by=by, answered_by=by, answer=answer, reason=answer)
    _tell_answer(request, by)
    return request


@transaction.atomic
def decline_with_community(*, request: JoinRequest, why: str) -> None:
    """The community is closed, so nobody is taken in; the portal answers for the leader."""
    _tell_answer(move(request, "decline", by=None, answer=why, reason=why), None)


def withdraw(*, request: JoinRequest, by: Person) -> JoinRequest:
    """Take the own request back."""
    return move(request, "withdraw", by=by)


def _tell_answer(request: JoinRequest, by: Person | None) -> None:
    accepted = request.state == JoinRequest.State.ACCEPTED
    tell(
        [request.person],
        key=f"join:{request.pk}:answered",
        subject=f"{'Вы приняты в сообщество' if accepted else 'Ответ на просьбу о вступлении'}: {request.community}",
        template="community_join_answered",
        url=request.community.get_absolute_url(),
        by=by,
        request=request,
        accepted=accepted,
    )


@transaction.atomic
def leave(*, community: Community, reason: str, by: Person) -> Membership:
    """End the own membership; the leader is replaced by an order first."""
    membership = _current(community, by)
    if membership.role == MemberRole.LEADER:
        raise WrongState("Руководитель сообщества меняется распорядительным актом: попросите о смене.")
    _end(membership, reason)
    tell(
        leaders_of(community),
        key=f"membership:{membership.pk}:left",
        subject=f"Участник вышел из сообщества: {community}",
        template="community_left",
        url=community.get_absolute_url(),
        by=by,
        membership=membership,
    )
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, reason: str, by: Person) -> Membership:
    """The leader says that a member no longer takes part; the person reads why."""
    if not by.has_perm("communities.end_membership", membership):
        raise NotAllowed("Состав ведут руководитель сообщества и методист.")
    membership = _current(membership.community, membership.person)
    if membership.role == MemberRole.LEADER:
        raise WrongState("Руководитель сообщества меняется распорядительным актом: попросите о смене.")
    _end(membership, reason)
    tell(
        [membership.person],
        key=f"membership:{membership.pk}:ended",
        subject=f"Ваше участие завершено: {membership.community}",
        template="community_membership_ended",
        url=membership.community.get_absolute_url(),
        by=by,
        membership=membership,
    )
    return membership


@transaction.atomic
def end_with_employment(*, membership: Membership) -> Membership:
    """The portal ends what was on behalf of a place where the person works no longer."""
    membership = _current(membership.community, membership.person)
    _end(membership, f"Больше не работает: {membership.organisation}")
    return membership


@transaction.atomic
def go_on_for(*, membership: Membership, organisation: Organisation) -> Membership:
    """The person has moved to another organisation of the municipality and stays, in the same role, in its name."""
    old = _current(membership.community, membership.person)
    if old.organisation == organisation:
        raise WrongState("Человек уже участвует от этой организации.")
    # Not `_end`: subscriptions stay with the person.
    old.left_on = max(timezone.localdate(), old.joined_on)
    old.left_because = f"Перешёл в другую организацию: {organisation}"
    old.save(update_fields=["left_on", "left_because"])
    return Membership.objects.create(
        community=old.community, person=old.person, organisation=organisation, role=old.role
    )


@transaction.atomic
def set_secretary(*, membership: Membership, is_secretary: bool, by: Person) -> Membership:
    """A secretary edits the page, news and reports beside the leader."""
    if not by.has_perm("communities.change_membership", membership):
        raise NotAllowed("Обязанности распределяет руководитель сообщества.")
    membership = _current(membership.community, membership.person)
    if membership.role == MemberRole.LEADER:
        raise WrongState("Руководитель не бывает секретарём: его меняют распорядительным актом.")
    membership.role = MemberRole.SECRETARY if is_secretary else MemberRole.MEMBER
    membership.save(update_fields=["role"])
    return membership


def _locked(community: Community) -> Community:
    return Community.objects.select_for_update(of=("self",)).get(pk=community.pk)


def _current(community: Community, person: Any) -> Membership:
    """The membership under a lock. Raises WrongState when there is none any more."""
    rows = (
        Membership.objects.current()
        .select_for_update(of=("self",))
        .select_related("community", "person", "organisation")
    )
    membership = rows.filter(community=community, person=person).first()
    if membership is None:
        raise WrongState("Человек уже не участвует в этом сообществе.")
    return membership


def _end(membership: Membership, reason: str) -> None:
    membership.left_on = max(timezone.localdate(), membership.joined_on)
    membership.left_because = reason
    membership.save(update_fields=["left_on", "left_because"])
    Subscription.objects.filter(person=membership.person, community=membership.community).delete()
    Subscription.objects.filter(
        person=membership.person, topic__community=membership.community, topic__is_public=False
    ).delete()
