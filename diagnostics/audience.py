"""Whom a campaign asks: employments of its audience, in words and as rows."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from core.school_year import SchoolYear
from diagnostics.models import Audience, Campaign, Invitation
from network.models import Category, Employment, Organisation, Role
from network.models.person import EARLY_CAREER_YEARS

ROLE_OF = {Audience.TEACHERS: Role.TEACHER, Audience.HEADS: Role.HEAD}


def invitees(campaign: Campaign) -> QuerySet[Employment]:
    """Employments in force of the audience; a person with several is met several times.

    None for an open link: there the portal does not know who is asked.
    """
    return _fitting(campaign).filter(_places(campaign))


def newcomers(campaign: Campaign) -> QuerySet[Employment]:
    """Employments that fit the audience at any organisation of the municipality, of people not invited yet."""
    invited = Invitation.objects.filter(campaign=campaign, person=OuterRef("person"))
    return _fitting(campaign).filter(~Exists(invited))


def newcomers_by_organisation(campaign: Campaign) -> list[Organisation]:
    """Organisations where somebody can still be invited, with `people`, how many; in one query."""
    counts = newcomers(campaign).order_by().values("organisation").annotate(n=Count("person", distinct=True))
    people = {row["organisation"]: row["n"] for row in counts}
    places = list(Organisation.objects.filter(pk__in=people))
    for place in places:
        place.people = people[place.pk]  # type: ignore[attr-defined]
    return places


def _fitting(campaign: Campaign) -> QuerySet[Employment]:
    role = ROLE_OF.get(Audience(campaign.questionnaire.audience))
    if campaign.open_link or role is None:
        return Employment.objects.none()
    rows = Employment.objects.in_force().filter(
        role=role,
        organisation__municipality=campaign.municipality_id,
        organisation__is_active=True,
        person__is_active=True,
    )
    if role == Role.TEACHER:
        rows = rows.filter(_limits(campaign))
    return rows


def _limits(campaign: Campaign) -> Q:
    limits = Q()
    subjects = list(campaign.subjects.values_list("pk", flat=True))
    if subjects:
        limits &= Q(subject__in=subjects)
    if campaign.categories:
        limits &= Q(person__category__in=campaign.categories)
    if campaign.early_career_only:
        limits &= Q(person__service_since__gte=SchoolYear.current().start - EARLY_CAREER_YEARS)
    return limits


def _places(campaign: Campaign) -> Q:
    return Q(organisation__in=campaign.organisations.all()) if campaign.chosen_only else Q()


def limit_words(campaign: Campaign) -> list[str]:
    """The limits of the audience beside its organisations, in Russian; empty where there are none."""
    labels = dict(Category.choices)
    subjects = list(campaign.subjects.values_list("name", flat=True))
    words = []
    if subjects:
        words.append(f"предметы: {', '.join(subjects)}")
    if campaign.categories:
        words.append(f"категории: {', '.join(str(labels.get(code, code)) for code in campaign.categories)}")
    if campaign.early_career_only:
        words.append(f"молодые педагоги (стаж до {EARLY_CAREER_YEARS} лет)")
    return words


def compared_places(campaign: Campaign) -> QuerySet[Organisation]:
    """Organisations that a respondent can say to work in: those of the audience."""
    places: Any = Organisation.objects.active().filter(municipality=campaign.municipality_id)
    return places.filter(pk__in=campaign.organisations.all()) if campaign.chosen_only else places
