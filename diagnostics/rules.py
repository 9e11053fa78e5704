"""Predicates of this app beside those of the network."""

from __future__ import annotations

from typing import Any

import rules


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
