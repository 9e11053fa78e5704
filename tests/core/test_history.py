"""«История изменений»: values of the audit log in the words of the page."""

from __future__ import annotations

import pytest

from core.history import _words
from network.models import Employment, Person


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("2026-09-01", "01.09.2026"),
        ("2026-09-01 21:30:10.754347", "02.09.2026 00:30"),  # the log keeps UTC
        ("None", "–"),
        ("давно", "давно"),
    ],
)
def test_days_and_moments_are_told_the_russian_way_in_local_time(kept: str, told: str):
    field = Person._meta.get_field("joined_at") if ":" in kept else Employment._meta.get_field("starts_on")

    assert _words(field, kept) == told
