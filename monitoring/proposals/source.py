"""A source of records that can confirm a cell of a self-assessment."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.db.models import Model, Q, QuerySet

from core.anycase import any_case
from core.school_year import SchoolYear
from network.models import Municipality, Person

# Limits every source knows: how many school years back a record may lie. A goal is set for more than a year.
YEARS_BACK = "years_back"
MOST_YEARS_BACK = 5


def words(*fields: str) -> Callable[[list[str]], Q]:
    """Any of the beginnings of words stands in one of the fields, whatever the case."""
    return lambda given: reduce(or_, (any_case(list(fields), word) for word in given), Q(pk=None))


def one_of(field: str) -> Callable[[list[str]], Q]:
    return lambda given: Q(**{f"{field}__in": given})


def on_direction(given: list[str]) -> Q:
    """On one of the directions (by code), or on a theme below it."""
    paths = ("direction", "direction__parent", "direction__parent__parent")
    return reduce(or_, (Q(**{f"{path}__code__in": given}) for path in paths))


class Source(ABC):
    """Records of one model. `limits` are what a rule may narrow them by: name → condition of a list of strings.

    Only records that stand are proposed (registered, held, closed, accepted); one that stood and was cancelled
    since is `gone`: it loses its proposal, and the evidence it became says so.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    model: ClassVar[type[Model]]
    of_municipality: ClassVar[str] = "municipality"
    related: ClassVar[tuple[str, ...]] = ()
    heavy: ClassVar[tuple[str, ...]] = ()  # columns that nobody reads here
    newest: ClassVar[str]  # the field by which the newest come first
    limits: ClassVar[dict[str, Callable[[list[str]], Q]]] = {}

    @abstractmethod
    def standing(self) -> Q:
        """Records that can be evidence at all."""

    @abstractmethod
    def during(self, first: SchoolYear, last: SchoolYear) -> Q:
        """Records of the school years from `first` to `last`."""

    @abstractmethod
    def day(self, record: Any) -> dt.date | None:
        """The day to be shown."""

    def is_gone(self, record: Any) -> bool:
        """Whether a record that was accepted as evidence was cancelled since."""
        return False

    def told(self, record: Any) -> str:
        """The record in words: the title of the evidence."""
        return str(record)[:250]

    def shown(self) -> QuerySet:
        """Rows ready to be told without further queries."""
        rows = self.model._default_manager.select_related(*self.related)
        return rows.defer(*self.heavy) if self.heavy else rows

    def of(self, municipality: Municipality, person: Person) -> QuerySet:
        """Standing records of the municipality that the person may see."""
        rows = self.shown().visible_to(person)  # type: ignore[attr-defined]
        return rows.filter(self.standing(), **{self.of_municipality: municipality})

    def condition(self, only: dict[str, Any], year: SchoolYear) -> Q:
        """What a rule with the limits `only` proposes for an assessment of the year."""
        back = only.get(YEARS_BACK, 0)
        found = self.during(SchoolYear(year.start - back), year)
        for name, given in only.items():
            if name != YEARS_BACK:
                found &= self.limits[name](given)
        return found

    def problem(self, only: Any) -> str:
        """What is wrong with the limits of a rule, in words; empty when nothing is."""
        if not isinstance(only, dict):
            return "Нужен объект JSON."
        for name, given in only.items():
            if name == YEARS_BACK:
                if not isinstance(given, int) or not 0 <= given <= MOST_YEARS_BACK:
                    return f"{YEARS_BACK}: число от 0 до {MOST_YEARS_BACK}."
            elif name not in self.limits:
                return f"Нет отбора «{name}»; есть: {', '.join([YEARS_BACK, *self.limits])}."
            elif not given or not isinstance(given, list) or not all(isinstance(one, str) for one in given):
                return f"{name}: нужен список строк."
        return ""


def in_years(field: str, first: SchoolYear, last: SchoolYear) -> Q:
    """A date between the beginning of one school year and the end of another."""
    return Q(**{f"{field}__range": (first.starts_on, last.ends_on)})


def by_year(field: str, first: SchoolYear, last: SchoolYear) -> Q:
    """A stored school year."""
    return Q(**{f"{field}__range": (first.start, last.start)})
