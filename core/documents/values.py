"""What stands in a cell, and the one way it is written for a Russian reader.

Every builder (page, DOCX, PDF) prints `text_of(value)`; the workbook keeps the number itself with a format
that shows the same text. So a figure cannot differ between the files of one report.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

NBSP = "\u00a0"
NOTHING = "–"
FLOAT_DIGITS = 2
_WIDE = Context(prec=400)  # a float may have 309 digits before the comma

# What XML 1.0 cannot hold, and marks that reorder the text around them.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_SAFE_URL = re.compile(r"(https?://|mailto:|/(?!/))\S+|/", re.IGNORECASE)


def clean(text: str) -> str:
    """The text without characters that break a file or its reading order; letters put together (NFC)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return unicodedata.normalize("NFC", _FORBIDDEN.sub("", text))


@dataclass(frozen=True, slots=True)
class Percent:
    """A share: `value` 1 is 100 %, printed with `digits` after the comma."""

    value: float | Decimal
    digits: int = 0

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError("A share must be a finite number; use None where there is nothing to divide by.")


@dataclass(frozen=True, slots=True)
class Hidden:
    """A figure that is not shown, with the word why: «мало ответов»."""

    reason: str = "мало ответов"

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", clean(self.reason))


@dataclass(frozen=True, slots=True)
class Link:
    """A value (mostly a figure) that leads to its records.

    `url` is a path of the portal or a full http(s) or mailto address; any other scheme is dropped and the
    text stays.
    """

    text: Any
    url: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "url", self.url if _SAFE_URL.fullmatch(self.url or "") else "")
        if isinstance(self.text, str):
            object.__setattr__(self, "text", clean(self.text))

    @property
    def address(self) -> str:
        """The full address, for a file that is read outside the portal; empty when there is none."""
        return f"{settings.SITE_URL}{self.url}" if self.url.startswith("/") else self.url


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out in a sentence."""

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))


Cell = str | int | float | Decimal | dt.date | Percent | Hidden | Link | None
Text = str | Sequence[str | Link | Strong]


def tidy(value: Any) -> Cell:
    """The value as a cell: text cleaned, anything unknown as its text.

    Raises ValueError for a number that is not finite.
    """
    if isinstance(value, (float, Decimal)) and not math.isfinite(value):
        raise ValueError("A cell must be a finite number; use None where nothing was counted.")
    if value is None or isinstance(value, (int, float, Decimal, dt.date, Percent, Hidden, Link)):
        return value
    return clean(str(value))


def bare(value: Cell) -> Cell:
    """The value without its link."""
    return value.text if isinstance(value, Link) else value


def number_of(value: Cell) -> float | None:
    """The number in a cell as a chart draws it (a share as 0..1); None where there is none."""
    value = bare(value)
    if isinstance(value, Percent):
        return float(value.value)
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return float(value)
    return None


def kind_of(value: Cell) -> str:
    """One of text, number, percent, date, hidden, none."""
    value = bare(value)
    if value is None or value == "":
        return "none"
    if isinstance(value, Hidden):
        return "hidden"
    if isinstance(value, Percent):
        return "percent"
    if isinstance(value, dt.date):
        return "date"
    return "text" if number_of(value) is None else "number"


def text_of(value: Cell, digits: int | None = None) -> str:
    """The value in Russian: «1 012», «61 %», «0,5», «01.09.2026», «–» for nothing.

    `digits` after the comma is for numbers that are not whole; without it a Decimal keeps its own,
    a float has two. Halves are rounded away from zero, as spreadsheets do.
    """
    value = bare(value)
    if value is None or value == "":
        return NOTHING
    if isinstance(value, Hidden):
        return value.reason
    if isinstance(value, bool):
        return "да" if value else "нет"
    number = printed_number(value, digits)
    if number is not None:
        sign = "−" if number < 0 else ""
        figures = f"{abs(number):,f}".replace(",", NBSP).replace(".", ",")
        return f"{sign}{figures}{NBSP}%" if isinstance(value, Percent) else sign + figures
    if isinstance(value, dt.datetime):
        return f"{local(value):%d.%m.%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    return str(value)


def printed_number(value: Cell, digits: int | None = None) -> Decimal | None:
    """The number as it is printed, rounded, a share times hundred; None where there is no number."""
    value = bare(value)
    if number_of(value) is None:
        return None
    exact = Decimal(str(value.value)) * 100 if isinstance(value, Percent) else Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-digits_of(value, digits)), ROUND_HALF_UP, _WIDE)


def digits_of(value: Cell, digits: int | None = None) -> int:
    """How many digits of a number stand after the comma."""
    if isinstance(value, Percent):
        return value.digits
    if isinstance(value, int) or digits is not None:
        return 0 if isinstance(value, int) else digits or 0
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else -FLOAT_DIGITS
    return max(0, -int(exponent))


def local(value: dt.datetime) -> dt.datetime:
    """The moment in the portal's time zone, without zone: spreadsheets have none."""
    return timezone.make_naive(value) if timezone.is_aware(value) else value
