"""Answers to the questions that the difficulty map does not show: counts over the whole network alone.

The same promise as of the map (docs/adr/0009-small-groups.md) kept by simpler means: no groups are compared, and
each figure is a sum over batches in which at least the smallest group answered the question. Batches share no
respondent, so what is found by subtracting two looks is a figure of at least so many people again. Words that
people wrote are shown nowhere: they may tell who wrote them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from diagnostics.models import Batch, Campaign, Item, OtherAnswers, Response
from diagnostics.questions import options_of

BATCHES_AT_ONCE = 20


@dataclass(frozen=True)
class Option:
    """An answer to choose from: how many chose it, and of all who answered the share, 0..1."""

    label: str
    count: int
    share: float


@dataclass(frozen=True)
class OtherItem:
    """A question with its counts; without `answers` there are too few of them to be shown."""

    item: Item
    answers: int
    options: list[Option]
    mean: float | None = None


OFF_THE_MAP = ~Q(kind=Item.Kind.SCALE, direction__isnull=False)


def other_items(campaign: Campaign) -> list[Item]:
    """Questions that are not on the map and can be counted, in the order of the questionnaire."""
    items = Item.objects.filter(OFF_THE_MAP, section__questionnaire=campaign.questionnaire_id)
    items = items.exclude(kind=Item.Kind.TEXT)
    return list(items.select_related("section", "scale").prefetch_related("options", "scale__options"))


def count_due() -> int:
    """Count the batches that were made since the last time; returns how many. Safe to run twice.

    A batch that is still being made waits for the next round.
    """
    batches = Batch.objects.filter(other_answers=None, counted=True).select_related("campaign")
    rows = [
        OtherAnswers(batch=batch, counts=count(batch)) for batch in batches.order_by("pk")[:BATCHES_AT_ONCE]
    ]
    OtherAnswers.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def count(batch: Batch) -> dict[str, Any]:
    """The counts of one batch, in the form of `OtherAnswers.counts`."""
    items = other_items(batch.campaign)
    k = batch.campaign.smallest_group
    if not items or batch.size < k:
        return {}
    found = {item.code: _Count(item) for item in items}
    rows = Response.objects.filter(batch=batch).order_by().values_list("answers", flat=True)
    for answers in rows.iterator(chunk_size=2000):
        for code, counted in found.items():
            if code in answers:
                counted.add(answers[code])
    return {str(c.item.pk): c.data() for c in found.values() if c.answers >= k}


class _Count:
    def __init__(self, item: Item) -> None:
        self.item = item
        self.is_number = item.kind == Item.Kind.NUMBER
        self.known = {option.code for option in options_of(item)}
        self.answers = 0
        self.total = 0.0
        self.options: Counter[str] = Counter()

    def add(self, value: Any) -> None:
        if self.is_number:
            if isinstance(value, int | float):
                self.answers += 1
                self.total += value
            return
        codes = self.known.intersection(map(str, value if isinstance(value, list) else [value]))
        if codes:
            self.answers += 1
            self.options.update(codes)

    def data(self) -> dict[str, Any]:
        if self.is_number:
            return {"answers": self.answers, "sum": self.total}
        return {"answers": self.answers, "options": dict(self.options)}


def other_answers(campaign: Campaign) -> list[OtherItem]:
    """What is released of each question; the cost does not depend on the number of answers."""
    rows = OtherAnswers.objects.filter(batch__campaign=campaign).values_list("counts", flat=True)
    parts: dict[str, list[dict[str, Any]]] = {}
    for counts in rows:
        for pk, part in counts.items():
            parts.setdefault(pk, []).append(part)
    return [_sum(item, parts.get(str(item.pk), [])) for item in other_items(campaign)]


def _sum(item: Item, parts: list[dict[str, Any]]) -> OtherItem:
    answers = sum(part["answers"] for part in parts)
    if not answers:
        return OtherItem(item, 0, [])
    if item.kind == Item.Kind.NUMBER:
        return OtherItem(item, answers, [], sum(part["sum"] for part in parts) / answers)
    chosen: Counter[str] = Counter()
    for part in parts:
        chosen.update(part["options"])
    options = [Option(o.label, chosen[o.code], chosen[o.code] / answers) for o in options_of(item)]
    return OtherItem(item, answers, options)
