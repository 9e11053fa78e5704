"""Predicates of rights: who, and where. What each model allows is in its `Meta.rules_permissions`.

A predicate asked without an object answers whether the person has the role anywhere: that is what a
list page or a menu asks. With an object it looks at `municipality_id` or `organisation_id` of it.
"""

from __future__ import annotations

from typing import Any

import rules


def _municipality(obj: Any) -> int | None:
    if hasattr(obj, "municipality_id"):
        return obj.municipality_id
    return obj.organisation.municipality_id if getattr(obj, "organisation_id", None) else None


@rules.predicate
def is_admin(person: Any, obj: Any = None) -> bool:
    return person.is_authenticated and person.rights.is_admin


@rules.predicate
def is_methodist(person: Any, obj: Any = None) -> bool:
    if not person.is_authenticated:
        return False
    where = person.rights.methodist_in
    return bool(where) if obj is None else _municipality(obj) in where


@rules.predicate
def is_official(person: Any, obj: Any = None) -> bool:
    if not person.is_authenticated:
        return False
    where = person.rights.official_in
    return bool(where) if obj is None else _municipality(obj) in where


@rules.predicate
def is_head(person: Any, obj: Any = None) -> bool:
    """Head of the object's organisation."""
    if not person.is_authenticated:
        return False
    where = person.rights.head_of
    return bool(where) if obj is None else getattr(obj, "organisation_id", None) in where


@rules.predicate
def is_teacher(person: Any, obj: Any = None) -> bool:
    return person.is_authenticated and bool(person.rights.teacher_at)


@rules.predicate
def is_employee(person: Any, obj: Any = None) -> bool:
    """Works somewhere in the network; with an object, in its municipality."""
    if not person.is_authenticated:
        return False
    where = person.rights.municipality_ids
    return bool(where) if obj is None else _municipality(obj) in where


@rules.predicate
def is_self(person: Any, obj: Any = None) -> bool:
    return person.is_authenticated and obj is not None and obj.pk == person.pk


@rules.predicate
def keeps_staff_record(person: Any, obj: Any = None) -> bool:
    """Head, methodist or official of a place where the object (a Person) works now."""
    if not person.is_authenticated:
        return False
    if obj is None:
        return bool(person.rights.head_of or person.rights.manages)
    from network.models import Employment

    return Employment.objects.in_force().visible_to(person).filter(person=obj).exclude(person=person).exists()


@rules.predicate
def keeps_whole_record(person: Any, obj: Any = None) -> bool:
    """Methodist or official of every municipality where the object (a Person, no administrator) works now."""
    if not person.is_authenticated:
        return False
    if obj is None:
        return bool(person.rights.manages)
    from network.models import Employment

    if obj.pk == person.pk or obj.is_superuser:
        return False
    places = (
        Employment.objects.in_force().filter(person=obj).values_list("organisation__municipality", flat=True)
    )
    return bool(places) and set(places) <= person.rights.manages


keeps_staff = is_methodist | is_official | is_head
