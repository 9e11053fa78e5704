"""A month as weeks of days with their events."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from events.models import Event


@dataclass
class Day:
    """One day of the grid; `inside` is false for days of the neighbouring months."""

    date: dt.date
    inside: bool
    is_today: bool
    events: list[Event] = field(default_factory=list)


def month_grid(month: str, events: Iterable[Event]) -> list[list[Day]]:
    """Weeks from Monday; an event of several days stands in each of them."""
    first = dt.date.fromisoformat(f"{month}-01")
    by_day: dict[dt.date, list[Event]] = defaultdict(list)
    for event in events:
        day = timezone.localtime(event.starts_at).date()
        last = timezone.localtime(event.ends_at).date()
        while day <= last:
            by_day[day].append(event)
            day += dt.timedelta(days=1)
    today = timezone.localdate()
    return [
        [Day(day, day.month == first.month, day == today, by_day[day]) for day in week]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]


def neighbours(month: str) -> tuple[str, str]:
    """The months before and after «2026-11»."""
    first = dt.date.fromisoformat(f"{month}-01")
    before, after = first - dt.timedelta(days=1), first + dt.timedelta(days=32)
    return f"{before:%Y-%m}", f"{after:%Y-%m}"
