"""Work of this app outside the request."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from events.models import Event, Registration
from events.registration import release_offers
from events.reminders import is_daytime, remind, thank


@shared_task
def release_places() -> None:
    """Places whose offer was not answered in time go to the next in the waiting list."""
    late = Registration.objects.lapsed().values("event")
    waiting_for = Event.objects.filter(pk__in=late).exclude(state=Event.State.CANCELLED)
    for event in waiting_for.order_by("pk"):
        release_offers(event)


@shared_task
def write_to_participants() -> None:
    """Reminders of what begins within a day and thanks for what was held, in the daytime."""
    if is_daytime(timezone.now()):
        remind()
        thank()
