"""A part of a report: what it collects as plain JSON, and how that is told as blocks of a document."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from core.documents import Link, Percent
from core.documents.content import Block
from core.documents.values import Cell, Text
from monitoring.computed import Scope

Data = dict[str, Any]


class Section(ABC):
    """`collect` reads the records once, into plain JSON; `blocks` and `headline` tell what was collected."""

    key: ClassVar[str]
    title: ClassVar[str]

    @abstractmethod
    def collect(self, scope: Scope) -> Data:
        """The figures of the section; a fixed number of queries, counted by the database."""

    @abstractmethod
    def blocks(self, data: Data) -> list[Block]:
        """The section without its heading."""

    def headline(self, data: Data) -> list[Text]:
        """One or two lines for «Главное» at the top of the report."""
        return []


def address(name: str, *args: Any, **query: Any) -> str:
    """Where records are listed; empty (a figure without a link) where a page is not installed."""
    try:
        url = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{url}?{urlencode(query)}" if query else url


def linked(value: Any, url: str) -> Cell:
    """A figure or a name that leads to its records; nothing known leads nowhere."""
    value = unbroken(value) if isinstance(value, str) else value
    return Link(value, url) if url and value is not None else value


def unbroken(name: str) -> str:
    """«Школа № 4» whose number never stands alone on the next line."""
    return name.replace("№ ", "№\u00a0")


def share(part: int, whole: int, digits: int = 0) -> Percent | None:
    """A share for a cell; None when there is nothing to divide by."""
    return Percent(round(part / whole, 6), digits) if whole else None


def many(count: int, forms: str) -> str:
    """«5 ответов» for `ответ,ответа,ответов`."""
    one, few, rest = forms.split(",")
    if 11 <= count % 100 <= 14:
        return f"{count} {rest}"
    return f"{count} {({1: one} | dict.fromkeys((2, 3, 4), few)).get(count % 10, rest)}"
