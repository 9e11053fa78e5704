"""Readers of cells: each takes a filled cell and returns a value or raises BadValue with a Russian reason."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from core.imports.spec import BadValue, Noted
from core.imports.table import Cell, as_text

_DATE = re.compile(r"(\d{1,2})[.\s/](\d{1,2})[.\s/](\d{4})|(\d{4})-(\d{2})-(\d{2})")
_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")


def text(limit: int, *, cut: bool = False) -> Callable[[Cell], str | Noted]:
    """One line of text; longer than `limit` characters is refused, or cut when `cut`."""

    def parse(cell: Cell) -> str | Noted:
        value = as_text(cell)
        if len(value) <= limit:
            return value
        if cut:
            return Noted(value[:limit].rstrip(), f"«{value[:40]}…» сокращено до {limit} знаков")
        raise BadValue(f"длиннее {limit} знаков")

    return parse


def digits(cell: Cell) -> str:
    """The digits of a number that may have been stored as text or as a float, with spaces or a stray quote."""
    value = as_text(cell).strip("'’").replace(" ", "").replace("\u00a0", "")
    if not (value.isascii() and value.isdigit()):
        raise BadValue(f"«{as_text(cell)[:40]}»: нужны одни цифры")
    return value


def number(cell: Cell) -> Decimal:
    """A decimal number with a point or a comma, a degree sign allowed."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Decimal(as_text(cell))
    value = as_text(cell).replace("\u00a0", "").replace(" ", "").rstrip("°").replace(",", ".")
    if not _NUMBER.match(value):
        raise BadValue(f"«{as_text(cell)[:40]}»: нужно число")
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise BadValue(f"«{value[:40]}»: нужно число") from error


def last_date(cell: Cell) -> dt.date | None:
    """The last date in the cell, None when there is none: registers write all reissues into one cell."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    found = [_date(match) for match in _DATE.finditer(as_text(cell))]
    return max((day for day in found if day), default=None)


def email(cell: Cell) -> str:
    value = as_text(cell).strip(" .,;<>").lower()
    try:
        validate_email(value)
    except ValidationError as error:
        raise BadValue(f"«{as_text(cell)[:60]}»: это не адрес электронной почты") from error
    return value


def website(cell: Cell) -> str:
    value = as_text(cell).split(" ")[0].strip(",;").lower()
    if "://" not in value:
        value = f"https://{value}"
    try:
        URLValidator(schemes=["http", "https"])(value)
    except ValidationError as error:
        raise BadValue(f"«{as_text(cell)[:60]}»: это не адрес сайта") from error
    return value


def _date(match: re.Match[str]) -> dt.date | None:
    day, month, year, iso_year, iso_month, iso_day = match.groups()
    try:
        if iso_year:
            return dt.date(int(iso_year), int(iso_month), int(iso_day))
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
