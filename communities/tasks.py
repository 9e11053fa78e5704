"""Work of this app outside the request."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from communities import application_reminders, departures, digest, terms

# Letters that the portal sends by itself go out in the daytime, local hours.
DAYTIME = range(8, 20)
DIGEST_HOURS = range(17, 21)


@shared_task
def watch_terms() -> None:
    """Mark communities whose term is over, tell of those that end within a month and of members who left their work."""
    if timezone.localtime().hour in DAYTIME:
        terms.watch_terms()
        departures.watch_departures()


@shared_task
def send_digests() -> None:
    """At the end of the working day, what is new in discussions."""
    if timezone.localtime().hour in DIGEST_HOURS:
        digest.send_digests()


@shared_task
def remind_of_applications() -> None:
    """Whoever keeps an application or an opinion beyond its term is told, once a day at most."""
    application_reminders.remind()
