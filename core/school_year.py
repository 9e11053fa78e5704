"""The school year: 1 September to 31 August, named «2026/27» and stored as the year it begins in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone


@dataclass(frozen=True, order=True)
class SchoolYear:
    """One school year; `start` is the calendar year of its 1 September."""

    start: int

    @classmethod
    def of(cls, day: dt.date) -> SchoolYear:
        return cls(day.year if day.month >= 9 else day.year - 1)

    @classmethod
    def current(cls) -> SchoolYear:
        return cls.of(timezone.localdate())

    @classmethod
    def parse(cls, text: str) -> SchoolYear:
        """Read «2026/27», «2026-2027» or «2026»; raises ValueError for anything else."""
        head, _, tail = text.strip().replace("-", "/").replace("–", "/").partition("/")
        if not (head.isdigit() and len(head) == 4):
            raise ValueError(f"«{text}»: учебный год пишут так: 2026/27")
        year = cls(int(head))
        if tail and tail not in (str(year.start + 1), str(year.start + 1)[2:]):
            raise ValueError(f"«{text}»: учебный год длится с сентября по август, например 2026/27")
        return year

    @property
    def starts_on(self) -> dt.date:
        return dt.date(self.start, 9, 1)

    @property
    def ends_on(self) -> dt.date:
        return dt.date(self.start + 1, 8, 31)

    @property
    def previous(self) -> SchoolYear:
        return SchoolYear(self.start - 1)

    @property
    def next(self) -> SchoolYear:
        return SchoolYear(self.start + 1)

    def __contains__(self, day: dt.date) -> bool:
        return self.starts_on <= day <= self.ends_on

    def __str__(self) -> str:
        return f"{self.start}/{(self.start + 1) % 100:02d}"


def validate_school_year(value: int) -> None:
    if not 1990 <= value <= 2100:
        raise ValidationError("Укажите год начала учебного года, например 2026.")


def school_year_choices(years_back: int = 4, years_ahead: int = 1) -> list[tuple[int, str]]:
    """Choices for forms and filters, the newest first."""
    now = SchoolYear.current().start
    return [(y, str(SchoolYear(y))) for y in range(now + years_ahead, now - years_back - 1, -1)]
