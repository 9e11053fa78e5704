"""What a rule of counting is: a set of records and the part of it that the indicator is about."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from django.db.models import Count, F, Model, Q, QuerySet
from django.db.models.expressions import Combinable
from django.utils import timezone

from core.school_year import SchoolYear
from network.models import Municipality, Organisation

NUMERATOR, DENOMINATOR = "numerator", "denominator"
Part = str
Condition = Q | Combinable


@dataclass(frozen=True)
class Scope:
    """Where and when is counted: a municipality or one organisation of it, in a school year."""

    municipality: Municipality
    year: SchoolYear
    organisation: Organisation | None = None

    @property
    def day(self) -> dt.date:
        """The day on which people and organisations are counted: today, within the school year."""
        return min(max(timezone.localdate(), self.year.starts_on), self.year.ends_on)


class Counts(NamedTuple):
    """How many records are in the part and in the whole; a plain quantity has no whole."""

    numerator: int
    denominator: int | None

    @property
    def value(self) -> float | None:
        """The share, or the quantity; None where there is nothing to divide by."""
        if self.denominator is None:
            return self.numerator
        return self.numerator / self.denominator if self.denominator else None


class Rule(ABC):
    """Counts an indicator in SQL and names exactly the records it counted.

    `counted` is the field whose distinct values are counted, `organisation_path` leads from a record to its
    organisation (empty: the indicator has no values for organisations), `is_share` is off for quantities.
    `columns` are what the page of records shows: pairs (title, attribute path or callable). `slices` are the
    parts of the records that a report tells apart: GET name → condition for its value.
    """

    name: ClassVar[str]
    counted: ClassVar[str] = "pk"
    organisation_path: ClassVar[str] = "organisation"
    is_share: ClassVar[bool] = True
    by_groups: ClassVar[bool] = False  # people may not be named: the page shows numbers by organisation
    columns: ClassVar[list[tuple[str, str | Callable[[Any], Any]]]] = []
    slices: ClassVar[dict[str, Callable[[str], Q]]] = {}

    @abstractmethod
    def base(self, scope: Scope) -> QuerySet:
        """Every record of the whole, of the municipality; `within` narrows it to an organisation."""

    def part(self, scope: Scope) -> Condition:
        """Which records of the whole are counted above the line."""
        return Q(pk__isnull=False)

    def within(self, scope: Scope) -> QuerySet:
        rows = self.base(scope).order_by()
        if scope.organisation is None:
            return rows
        if not self.organisation_path:
            return rows.none()
        return rows.filter(**{self.organisation_path: scope.organisation.pk})

    def count(self, scope: Scope) -> Counts:
        """The figures, by one query."""
        row = self.within(scope).aggregate(**self._sums(scope))
        return self._counts(row)

    def count_by_organisation(self, scope: Scope) -> dict[int, Counts]:
        """The figures of every organisation that has records, by one query."""
        if not self.organisation_path:
            return {}
        rows = (
            self.base(scope)
            .order_by()
            .filter(**{f"{self.organisation_path}__isnull": False})
            .values(counted_at=F(self.organisation_path))
            .annotate(**self._sums(scope))
        )
        return {row["counted_at"]: self._counts(row) for row in rows}

    def records(self, scope: Scope, part: Part = NUMERATOR) -> QuerySet:
        """The records that `count` counted, one row each."""
        rows = self.within(scope)
        if part == NUMERATOR:
            rows = rows.filter(self.part(scope))
        return self.listed(rows)

    def listed(self, rows: QuerySet) -> QuerySet:
        """The counted records ready to be shown."""
        return rows

    def frozen(self, scope: Scope) -> dict[str, Any]:
        """What an accepted value keeps: the keys of its records, or numbers where people may not be named."""
        if self.by_groups:
            return {
                "groups": {
                    str(place): list(counts) for place, counts in self.count_by_organisation(scope).items()
                }
            }
        return {
            part: list(self.records(scope, part).order_by("pk").values_list("pk", flat=True))
            for part in ([NUMERATOR, DENOMINATOR] if self.is_share else [NUMERATOR])
        }

    def records_by_keys(self, keys: list[int]) -> QuerySet:
        """Records that an accepted value kept."""
        return self.listed(self.record_model()._default_manager.filter(pk__in=keys))

    @abstractmethod
    def record_model(self) -> type[Model]:
        """Whose rows `records` gives."""

    def _sums(self, scope: Scope) -> dict[str, Any]:
        return {
            "above": Count(self.counted, filter=self.part(scope), distinct=True),  # type: ignore[arg-type]
            "below": Count(self.counted, distinct=True),
        }

    def _counts(self, row: dict[str, Any]) -> Counts:
        return Counts(row["above"], row["below"] if self.is_share else None)
