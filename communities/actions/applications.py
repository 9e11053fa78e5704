"""An application for a community from its draft to the official's desk, and back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from communities.actions.participants import ask_participants, list_initiator
from communities.application_checks import check_passing_on, check_submission
from communities.application_letters import everybody, methodists, officials, tell
from communities.application_versions import keep_version
from communities.models import CommunityApplication
from core.search import index
from core.states import NotAllowed, WrongState, move
from network.models import Order, Person
from network.orders import discard_order

WRITTEN = ["kind", "title", "direction", "problem", "goal", "expected_result", "starts_on", "ends_on"]


def lock(application: CommunityApplication) -> CommunityApplication:
    """The row as it is now, under a lock; its draft order first, as a registration takes the two."""
    order = CommunityApplication.objects.values_list("order", flat=True).get(pk=application.pk)
    if order is not None:
        Order.objects.select_for_update(of=("self",)).filter(pk=order).first()
    return CommunityApplication.objects.select_for_update(of=("self",)).get(pk=application.pk)


@transaction.atomic
def begin_application(*, application: CommunityApplication, by: Person) -> CommunityApplication:
    """Save a new draft: the initiator leads it and is its first member until they say otherwise.

    The municipality is that of the organisation the initiator applies from.
    """
    organisation = application.initiator_organisation
    if organisation is not None:
        application.municipality = organisation.municipality
    application.initiator = application.leader = by
    if not by.has_perm("communities.add_communityapplication", application):
        raise NotAllowed("Заявление подают в муниципалитете, где работают.")
    application.save()
    if organisation is not None:
        list_initiator(application, organisation, by)
    index([application])
    return application


@transaction.atomic
def write_application(*, application: CommunityApplication, by: Person) -> CommunityApplication:
    """Save what the form changed. Raises WrongState once the application is no longer with the initiator."""
    stored = lock(application)
    if not by.has_perm("communities.change_communityapplication", stored):
        raise NotAllowed("Заявление меняет тот, кто его написал.")
    if not stored.is_open_to_change:
        raise WrongState(
            f"Заявление «{stored}» уже подано: изменить его можно, если методист или специалист его вернёт."
        )
    application.save(update_fields=[*WRITTEN, "updated_at"])
    index([application])
    return application


@transaction.atomic
def submit(*, application: CommunityApplication, by: Person) -> CommunityApplication:
    """Hand the application in: what it says is kept, participants are asked, methodists are told.

    Raises WrongState with all that is missing, in words.
    """
    check_submission(lock(application))
    application = move(application, "submit", by=by)
    keep_version(application, by=by)
    ask_participants(application, by=by)
    tell(
        application,
        methodists(application),
        subject="Подано заявление о сообществе",
        template="application_submitted",
        by=by,
    )
    index([application])
    return application


@transaction.atomic
def start_review(*, application: CommunityApplication, by: Person) -> CommunityApplication:
    """A methodist takes the application up; the initiator is told who."""
    application = move(application, "start_review", by=by)
    tell(
        application,
        [application.initiator],
        subject="Заявление рассматривают",
        template="application_in_review",
        by=by,
        methodist=by,
    )
    return application


@transaction.atomic
def conclude(
    *, application: CommunityApplication, conclusion: str, suggests: str, by: Person
) -> CommunityApplication:
    """Save the methodist's conclusion; it can be changed until the application is passed on."""
    application = lock(application)
    if not by.has_perm("communities.conclude_communityapplication", application):
        raise NotAllowed("Заключение даёт методист муниципалитета.")
    if application.state != CommunityApplication.State.IN_REVIEW:
        raise WrongState(f"Заявление «{application}» сейчас не на рассмотрении: заключение не сохранено.")
    application.conclusion, application.conclusion_suggests = conclusion, suggests
    application.conclusion_by, application.conclusion_at = by, timezone.now()
    application.save()
    return application


@transaction.atomic
def pass_on(*, application: CommunityApplication, by: Person) -> CommunityApplication:
    """Give the application with its conclusion to the officials. Raises WrongState with what is missing."""
    check_passing_on(lock(application))
    application = move(application, "pass_on", by=by)
    tell(
        application,
        officials(application),
        subject="Заявление ждёт решения",
        template="application_passed_on",
        by=by,
    )
    return application


@transaction.atomic
def return_back(*, application: CommunityApplication, reason: str, by: Person) -> CommunityApplication:
    """Back to the initiator, who reads the reason; a draft order for it is dropped."""
    lock(application)
    application = move(application, "return_back", by=by, reason=reason)
    _drop_order(application, by)
    _tell_initiator(application, "Заявление вернули", "application_returned", by, reason)
    return application


@transaction.atomic
def reject(*, application: CommunityApplication, reason: str, by: Person) -> CommunityApplication:
    """Decline the application; everybody who took part reads the reason. A draft order for it is dropped."""
    lock(application)
    application = move(application, "reject", by=by, reason=reason)
    _drop_order(application, by)
    tell(
        application,
        everybody(application),
        subject="Заявление отклонено",
        template="application_rejected",
        by=by,
        reason=reason,
    )
    return application


@transaction.atomic
def withdraw(*, application: CommunityApplication, reason: str, by: Person) -> CommunityApplication:
    """The initiator takes the application back; those who knew of it are told."""
    was_submitted = application.submitted_at is not None
    application = move(application, "withdraw", by=by, reason=reason)
    if was_submitted:
        tell(
            application,
            dict.fromkeys([*methodists(application), *everybody(application)]),
            subject="Заявление отозвано",
            template="application_withdrawn",
            by=by,
            reason=reason,
        )
    return application


def _drop_order(application: CommunityApplication, by: Any) -> None:
    """The draft order would found what is not to be; move has locked the application, `lock` its order."""
    if application.order is not None:
        discard_order(order=application.order, by=by)
        application.order = None


def _tell_initiator(
    application: CommunityApplication, subject: str, template: str, by: Person, reason: str
) -> None:
    tell(application, [application.initiator], subject=subject, template=template, by=by, reason=reason)
