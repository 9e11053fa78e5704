"""Letters that go by themselves: a reminder before an event, thanks after it; each once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from core.letters import queue_letters
from core.models import Letter
from events.feedback import feedback_asks
from events.models import Certificate, Event, Registration

# Letters that the portal sends by itself go out in the daytime, local hours from … to.
DAYTIME = range(8, 20)
# A reminder goes out that long before the beginning, thanks not later than so many days after the end.
BEFORE = dt.timedelta(hours=26)
THANKS_DAYS = 5


def is_daytime(now: dt.datetime) -> bool:
    return timezone.localtime(now).hour in DAYTIME


def remind(now: dt.datetime | None = None) -> int:
    """A letter to everybody with a place at what begins within a day; returns how many were due.

    The key holds the beginning, so of an event that was moved one is reminded again.
    """
    now = now or timezone.now()
    rows = Registration.objects.registered().filter(
        event__state__in=[Event.State.ANNOUNCED, Event.State.REGISTRATION_OPEN],
        event__starts_at__gt=now,
        event__starts_at__lte=now + BEFORE,
        # Who signed up a moment ago knows.
        registered_at__lt=now - dt.timedelta(hours=2),
    )
    told = [
        _letter(
            row, f"event-reminder:{row.pk}:{row.event.starts_at.timestamp():.0f}", "Скоро", "event_reminder"
        )
        for row in _reachable(rows)
    ]
    return _queue(told)


def thank(now: dt.datetime | None = None) -> int:
    """A letter to everybody who came to what was held in the last days; returns how many were due.

    Who is asked for feedback gets the link with it: such a letter is a secret.
    """
    now = now or timezone.now()
    certificate = Certificate.objects.valid().filter(event=OuterRef("event"), person=OuterRef("person"))
    rows: Any = (
        Registration.objects.attended()
        .filter(
            event__in=Event.objects.took_place(),
            event__ends_at__lt=now,
            event__ends_at__gte=now - dt.timedelta(days=THANKS_DAYS),
        )
        .annotate(has_certificate=Exists(certificate))
    )
    found = list(_reachable(rows))
    known = set(Letter.objects.filter(key__in=map(thanks_key, found)).values_list("key", flat=True))
    new = [row for row in found if thanks_key(row) not in known]
    with transaction.atomic():
        asks = {ask.registration: ask for ask in feedback_asks.gather(new)} if new else {}
        queue_letters(
            {
                **_letter(
                    row, thanks_key(row), "Спасибо за участие", "event_thanks",
                    has_certificate=row.has_certificate, mine=f"{settings.SITE_URL}{reverse('events:mine')}",
                    ask=asks.get(row.pk),
                ),
                "secret": row.pk in asks,
            }
            for row in new
        )  # fmt: skip
    return len(new)


def thanks_key(row: Registration) -> str:
    """By which the letter of thanks of a registration is known."""
    return f"event-thanks:{row.pk}"


def _reachable(rows: Any) -> Any:
    found = rows.filter(person__is_active=True, person__email__isnull=False)
    return found.select_related("event", "person").order_by("pk")


def _letter(row: Registration, key: str, subject: str, template: str, **context: object) -> dict:
    return {
        "key": key,
        "to": row.person.email,
        "subject": f"{subject}: {row.event.title}",
        "template": template,
        "context": {
            "event": row.event,
            "name": row.person.get_short_name(),
            "url": f"{settings.SITE_URL}{row.event.get_absolute_url()}",
            **context,
        },
    }


def _queue(told: list[dict]) -> int:
    """Queue those that are not there yet: most runs find all of them sent long ago."""
    known = set(Letter.objects.filter(key__in=[one["key"] for one in told]).values_list("key", flat=True))
    new = [one for one in told if one["key"] not in known]
    with transaction.atomic():
        queue_letters(new)
    return len(new)
