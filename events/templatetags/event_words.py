"""When an event is, in words; `{% load event_words %}`."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from django import template
from django.utils import timezone
from django.utils.dates import MONTHS_ALT, WEEKDAYS_ABBR
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def when(event: Any, short: bool = False) -> SafeString:
    """«5 ноября 2026, чтв, 15:00–16:30»; short leaves out the year that is now.

    A list shows it on every card; with the date filters of templates it took a third of the page.
    """
    starts, ends = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    year = "" if short and starts.year == timezone.localdate().year else f" {starts.year}"
    last = f"–{ends:%H:%M}" if starts.date() == ends.date() else f" – {_day(ends)}, {ends:%H:%M}"
    return format_html(
        '<time datetime="{}">{}{}, {}, {}</time>{}',
        starts.isoformat(), _day(starts), year, _weekdays()[starts.weekday()], f"{starts:%H:%M}", last,
    )  # fmt: skip


def _day(moment: dt.datetime) -> str:
    return f"{moment.day} {_months()[moment.month - 1]}"


@cache
def _months() -> list[str]:
    return [str(MONTHS_ALT[number]) for number in range(1, 13)]


@cache
def _weekdays() -> list[str]:
    return [str(WEEKDAYS_ABBR[number]).lower() for number in range(7)]
