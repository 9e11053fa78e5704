"""Who keeps a plan: those who manage its municipality, the head of its organisation, the leader of its community."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rules
from django.db.models import Q

if TYPE_CHECKING:
    from network.models import Person


def kept_by(person: Person) -> Q:
    """Plans that the person keeps."""
    rights = person.rights
    return (
        Q(municipality__in=rights.manages)
        | Q(organisation__in=rights.head_of)
        | Q(community__in=led_by(person))
    )


def led_by(person: Person) -> Any:
    """Ids of the communities that the person leads now or is the secretary of."""
    from communities.models import Membership

    return Membership.objects.filter(
        person=person, role__in=["leader", "secretary"], left_on__isnull=True
    ).values("community")


@rules.predicate
def keeps_plan(person: Any, obj: Any = None) -> bool:
    """Of a plan or of an item of it; without one: of some plan that is or might be."""
    if not person.is_authenticated:
        return False
    rights = person.rights
    if obj is None:
        return bool(rights.manages or rights.head_of) or led_by(person).exists()
    plan = getattr(obj, "plan", obj)
    if plan.municipality_id in rights.manages or plan.organisation_id in rights.head_of:
        return True
    return plan.community_id is not None and led_by(person).filter(community=plan.community_id).exists()


@rules.predicate
def heads_planner(person: Any, obj: Any = None) -> bool:
    """Head of the organisation whose own plan it is."""
    if not person.is_authenticated:
        return False
    where = person.rights.head_of
    return bool(where) if obj is None else obj.organisation_id in where


@rules.predicate
def answers_for_item(person: Any, obj: Any = None) -> bool:
    """Named in the item as the one responsible."""
    return person.is_authenticated and obj is not None and obj.responsible_person_id == person.pk
