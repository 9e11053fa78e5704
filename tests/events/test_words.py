"""When an event is, in the words of lists and cards."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import timezone

from events.templatetags.event_words import when


def at(*parts: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime(*parts))


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        (at(2025, 9, 3, 15, 0), at(2025, 9, 3, 16, 30), "3 сентября 2025, ср, 15:00</time>–16:30"),
        (at(2025, 5, 31, 9, 5), at(2025, 6, 1, 12, 0), "31 мая 2025, сб, 09:05</time> – 1 июня, 12:00"),
    ],
)
def test_event_says_its_day_and_hours(starts, ends, words):
    assert words in when(SimpleNamespace(starts_at=starts, ends_at=ends))


def test_short_words_leave_out_this_year_only():
    this = timezone.localdate().year

    def short(year: int) -> str:
        event = SimpleNamespace(starts_at=at(year, 11, 5, 15, 0), ends_at=at(year, 11, 5, 16, 0))
        return when(event, short=True)

    assert "5 ноября, " in short(this)
    assert f"5 ноября {this + 1}, " in short(this + 1)
