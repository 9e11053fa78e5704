"""What the portal itself puts on the home page from every app: the survey that is running."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count

from core.portal import Panel, home_panels
from diagnostics.models import Campaign
from network.models import Municipality, Person


@home_panels
def running_survey(municipality: Municipality, person: Person | None) -> Iterator[Panel]:
    """The survey that closes first. The open link is not shown: whom it is given to is the methodist's choice."""
    campaign = (
        Campaign.objects.surveys()
        .accepting()
        .filter(municipality=municipality)
        .select_related("questionnaire")
        .annotate(items=Count("questionnaire__sections__items"))
        .order_by("closes_on", "pk")
        .first()
    )
    if campaign is not None:
        yield Panel("Опрос идёт", "home_survey.html", {"campaign": campaign}, order=10)
