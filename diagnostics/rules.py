"""Predicates of this app beside those of the network."""

from __future__ import annotations

from typing import Any

import rules

from events.rules import runs_event


@rules.predicate
def heads_in_municipality(person: Any, obj: Any = None) -> bool:
    """Head of some organisation of the object's municipality."""
    if not person.is_authenticated:
        return False
    if obj is None:
        return bool(person.rights.head_of)
    return any(
        row.organisation_id in person.rights.head_of
        and row.organisation.municipality_id == obj.municipality_id
        for row in person.rights.employments
    )


@rules.predicate
def asks_of_own_event(person: Any, obj: Any = None) -> bool:
    """The campaign asks about an event that the person runs."""
    return obj is not None and obj.is_feedback and runs_event(person, obj.feedback.event)
