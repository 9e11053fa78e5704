"""Predicates of rights on applications for a community: whose it is and whose turn it is."""

from __future__ import annotations

from typing import Any

import rules as library

from network import rules


@library.predicate
def is_initiator(person: Any, application: Any = None) -> bool:
    """Who wrote the application; asked without one, whoever may write one."""
    if not person.is_authenticated:
        return False
    if application is None:
        return bool(person.rights.municipality_ids)
    return application.initiator_id == person.pk


@library.predicate
def is_in_review(person: Any, application: Any = None) -> bool:
    return application is None or application.state in ("submitted", "in_review")


@library.predicate
def is_to_be_decided(person: Any, application: Any = None) -> bool:
    return application is None or application.state == "awaiting_decision"


@library.predicate
def is_asked_expert(person: Any, application: Any = None) -> bool:
    """An expert whose opinion on the application was asked."""
    if not person.is_authenticated:
        return False
    if application is None:
        return bool(person.rights.expert_in)
    return application.opinions.filter(expert=person).exists()


@library.predicate
def is_asked_to_take_part(person: Any, application: Any = None) -> bool:
    """Listed as a participant, or head of an organisation that is."""
    if not person.is_authenticated:
        return False
    if application is None:
        return bool(person.rights.municipality_ids)
    return (
        application.members.asked().filter(person=person).exists()
        or application.organisations.asked().filter(organisation__in=person.rights.head_of).exists()
    )


# Until a methodist has given the conclusion the return is theirs, then the official's.
may_return = (rules.is_methodist & ~is_to_be_decided) | (rules.is_official & ~is_in_review)
