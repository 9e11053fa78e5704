"""Who plans events, who runs one, who may sign up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rules
from django.db.models import Q

from events.plan_rules import led_by
from network.rules import is_head, is_methodist, is_official

if TYPE_CHECKING:
    from network.models import Person


def run_by(person: Person) -> Q:
    """Events that the person runs: methodist there, head of the host, the responsible one, leader of its community."""
    rights = person.rights
    return (
        Q(municipality__in=rights.methodist_in)
        | Q(host__in=rights.head_of)
        | Q(organiser=person)
        | Q(community__in=led_by(person))
    )


@rules.predicate
def leads_community(person: Any, obj: Any = None) -> bool:
    """Leader or secretary of some community; with an event, of its community."""
    if not person.is_authenticated:
        return False
    if obj is None:
        return led_by(person).exists()
    return obj.community_id is not None and led_by(person).filter(community=obj.community_id).exists()


@rules.predicate
def is_organiser(person: Any, obj: Any = None) -> bool:
    return person.is_authenticated and obj is not None and obj.organiser_id == person.pk


@rules.predicate
def is_admitted(person: Any, obj: Any = None) -> bool:
    """Works in the network; with an event, where its level reaches (`events.registration.admission`)."""
    if not person.is_authenticated:
        return False
    if obj is None:
        return bool(person.rights.organisation_ids)
    return any(admits(obj, row.organisation) for row in person.rights.employments)


def admits(event: Any, organisation: Any) -> bool:
    """Whether people of the organisation may sign up: a school event is the host's, a municipal one the municipality's."""
    if event.level == "school":
        return organisation.pk == event.host_id
    if event.level == "municipal" or not event.is_public:
        return organisation.municipality_id == event.municipality_id
    return True


@rules.predicate
def heads_admitted(person: Any, obj: Any = None) -> bool:
    """Head of an organisation whose people may sign up."""
    if not person.is_authenticated:
        return False
    if obj is None:
        return bool(person.rights.head_of)
    return any(
        row.organisation_id in person.rights.head_of and admits(obj, row.organisation)
        for row in person.rights.employments
    )


@rules.predicate
def is_participant(person: Any, obj: Any = None) -> bool:
    return person.is_authenticated and (obj is None or obj.person_id == person.pk)


@rules.predicate
def is_participants_head(person: Any, obj: Any = None) -> bool:
    """Head of the organisation from which the person is signed up."""
    return is_head(person, obj)


@rules.predicate
def runs_its_event(person: Any, obj: Any = None) -> bool:
    """Runs the event of a registration."""
    return runs_event(person, None if obj is None else obj.event)


is_official_there = is_official
runs_event = is_methodist | is_head | is_organiser | leads_community
may_plan = is_methodist | is_head | leads_community
signs_up_staff = runs_event | heads_admitted
