"""What the portal proposes for the cells of one assessment: counts for the table, records for the page of a cell.

The number of queries is the number of sources, however many cells, rules and records there are.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Count, Model, Q, Value, When, Window
from django.db.models.functions import RowNumber

from core.school_year import SchoolYear
from monitoring.models import Assessment, Column, Evidence, ProposalRule, Refusal, Row
from monitoring.proposals import SOURCES, Source
from network.models import Person

# How many records of one rule a page shows; when they are settled, the next come up.
SHOWN = 30
Cell = tuple[int, int]


@dataclass(frozen=True)
class Proposal:
    """A record that may confirm a cell, and by which rule."""

    source: Source
    record: Any
    rule: ProposalRule

    @property
    def key(self) -> str:
        return key_of(self.record)

    @property
    def title(self) -> str:
        return self.source.told(self.record)

    @property
    def url(self) -> str:
        return self.record.get_absolute_url()

    @property
    def day(self) -> dt.date | None:
        return self.source.day(self.record)


@dataclass(frozen=True)
class Group:
    """The newest records that one rule proposes, and how many there are in all."""

    rule: ProposalRule
    source: Source
    proposals: list[Proposal]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.proposals)


def key_of(record: Model) -> str:
    """What a tick in a form carries: «order-12»."""
    return f"{_name_of(type(record))}-{record.pk}"


def _name_of(model: type[Model]) -> str:
    return next(name for name, source in SOURCES.items() if source.model is model)


class Proposals:
    """Proposals for one assessment as one person sees them; what is settled (evidence, refusals) is left out."""

    def __init__(self, assessment: Assessment, person: Person) -> None:
        self.assessment, self.person = assessment, person
        self.year = SchoolYear(assessment.year)

    @cached_property
    def rules(self) -> list[ProposalRule]:
        """Rules of the framework whose source the portal knows, in their order."""
        rules = ProposalRule.objects.filter(position__section__framework=self.assessment.framework_id)
        return [rule for rule in rules if rule.source in SOURCES]

    @cached_property
    def settled(self) -> dict[tuple[int, int, int], set[int]]:
        """Cell and type of record → the records that are evidence there already or were found not to fit."""
        found = defaultdict(set)
        fields = ("score__row", "score__column", "record_type", "record_id")
        mine = {"score__assessment": self.assessment}
        taken = Evidence.objects.filter(**mine, record_id__isnull=False).order_by().values_list(*fields)
        for row, column, kind, pk in taken.union(
            Refusal.objects.filter(**mine).order_by().values_list(*fields)
        ):
            found[row, column, kind].add(pk)
        return found

    def counts(self, cells: list[tuple[Row, Column]]) -> dict[Cell, int]:
        """How many records wait for a person at each cell; each source is asked once."""
        sums: dict[Cell, int] = dict.fromkeys([(row.pk, column.pk) for row, column in cells], 0)
        for source in SOURCES.values():
            asked = {
                f"at_{row.pk}_{column.pk}": self._proposed(source, row, column, rules)
                for row, column in cells
                if (rules := self._rules(source, row, column))
            }
            if not asked:
                continue
            rows = self._records(source)
            numbers = rows.aggregate(**{name: Count("pk", filter=found) for name, found in asked.items()})
            for name, number in numbers.items():
                _, row_pk, column_pk = name.split("_")
                sums[int(row_pk), int(column_pk)] += number
        return sums

    def groups(self, row: Row, column: Column) -> list[Group]:
        """The records proposed for a cell, the newest of each rule, in the order of the rules."""
        found: dict[int, Group] = {}
        for source in SOURCES.values():
            rules = {rule.pk: rule for rule in self._rules(source, row, column)}
            if not rules:
                continue
            for record in self._ranked(source, row, column, list(rules.values())):
                rule = rules[record.rule_pk]
                group = found.setdefault(rule.pk, Group(rule, source, [], record.rule_total))
                group.proposals.append(Proposal(source, record, rule))
        return [found[rule.pk] for rule in self.rules if rule.pk in found]

    def chosen(self, row: Row, column: Column, keys: set[str]) -> list[Proposal]:
        """Of the records ticked those that are proposed now; what was settled or cancelled meanwhile is not there."""
        found = []
        for source in SOURCES.values():
            rules = {rule.pk: rule for rule in self._rules(source, row, column)}
            if pks := _pks(source, keys) if rules else set():
                rows = self._of_rules(source, row, column, list(rules.values())).filter(pk__in=pks)
                found += [Proposal(source, record, rules[record.rule_pk]) for record in rows]
        return found

    def _records(self, source: Source) -> Any:
        return source.of(self.assessment.municipality, self.person).order_by()

    def _rules(self, source: Source, row: Row, column: Column) -> list[ProposalRule]:
        return [
            rule
            for rule in self.rules
            if rule.source == source.name
            and rule.position_id == row.position_id
            and rule.row_id in (None, row.pk)
            and rule.column_id in (None, column.pk)
        ]

    def _proposed(self, source: Source, row: Row, column: Column, rules: list[ProposalRule]) -> Q:
        fits = reduce(or_, (source.condition(rule.only, self.year) for rule in rules))
        kind = ContentType.objects.get_for_model(source.model).pk
        settled = self.settled.get((row.pk, column.pk, kind), set())
        return fits & ~Q(pk__in=settled) if settled else fits

    def _of_rules(self, source: Source, row: Row, column: Column, rules: list[ProposalRule]) -> Any:
        """Proposed records with `rule_pk`: the first rule that proposes each."""
        first = Case(*(When(source.condition(rule.only, self.year), then=Value(rule.pk)) for rule in rules))
        rows = self._records(source).filter(self._proposed(source, row, column, rules))
        return rows.annotate(rule_pk=first)

    def _ranked(self, source: Source, row: Row, column: Column, rules: list[ProposalRule]) -> Any:
        """The newest of each rule with `rule_total`, how many it proposes in all."""
        newest = [f"-{source.newest}", "-pk"]
        rows = self._of_rules(source, row, column, rules).annotate(
            rule_total=Window(Count("pk"), partition_by="rule_pk"),
            rule_place=Window(RowNumber(), partition_by="rule_pk", order_by=newest),
        )
        return rows.filter(rule_place__lte=SHOWN).order_by(*newest)


def _pks(source: Source, keys: set[str]) -> set[int]:
    """Keys of records of the source among what a form sent."""
    pairs = (key.rpartition("-") for key in keys)
    return {
        int(pk)
        for name, _, pk in pairs
        if name == source.name and pk.isascii() and pk.isdigit() and len(pk) <= 18
    }
