"""Predicates of communities beside those of the network. The object is a community or something of one."""

from __future__ import annotations

from typing import Any

import rules


def _role(person: Any, obj: Any) -> str:
    """The role now, of somebody who works in the municipality: rights come from employments in force only."""
    community = getattr(obj, "community", obj)
    if not person.is_authenticated or community.municipality_id not in person.rights.municipality_ids:
        return ""
    return community.role_of(person)


@rules.predicate
def is_leader(person: Any, obj: Any = None) -> bool:
    """Leads the object's community; without an object, leads one."""
    if not person.is_authenticated:
        return False
    if obj is None:
        return person.community_memberships.current().filter(role="leader").exists()
    return _role(person, obj) == "leader"


@rules.predicate
def is_member(person: Any, obj: Any = None) -> bool:
    """Belongs to the object's community now, in whatever role."""
    if not person.is_authenticated:
        return False
    if obj is None:
        return person.community_memberships.current().exists()
    return bool(_role(person, obj))


@rules.predicate
def keeps_minutes(person: Any, obj: Any = None) -> bool:
    """Leader or secretary of the object's community."""
    return obj is not None and _role(person, obj) in ("leader", "secretary")


@rules.predicate
def may_ask_to_join(person: Any, obj: Any = None) -> bool:
    """Works in the municipality of the community, does not belong to it and has not asked yet."""
    return obj is not None and not _role(person, obj)


@rules.predicate
def is_asker(person: Any, obj: Any = None) -> bool:
    """The person who made the request."""
    asker = getattr(obj, "person_id", None) or getattr(obj, "asked_by_id", None)
    return person.is_authenticated and asker == person.pk


@rules.predicate
def is_author(person: Any, obj: Any = None) -> bool:
    return person.is_authenticated and obj is not None and obj.author_id == person.pk


@rules.predicate
def is_going_on(person: Any, obj: Any = None) -> bool:
    """The object's community has not been closed."""
    return obj is None or getattr(obj, "community", obj).state != "closed"


@rules.predicate
def is_open_topic(person: Any, obj: Any = None) -> bool:
    """The topic (of the post) takes replies."""
    return obj is None or not getattr(obj, "topic", obj).is_closed


@rules.predicate
def is_shown(person: Any, obj: Any = None) -> bool:
    """The post is not hidden."""
    return obj is None or obj.hidden_at is None
