"""Sent sheets of a campaign as arrays, and what is counted of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from django.db.models import QuerySet

from diagnostics.disclosure import Sheets, protect
from diagnostics.models import Campaign, Dimension, Item, Response, ScaleOption

READ_AT_ONCE = 2000

Key = tuple[str, str, int | None, str]  # dimension, group, item, option


@dataclass
class Table:
    """Sent sheets of a campaign as arrays: a row a respondent, a column a scale item."""

    items: list[Item]
    options: list[list[str]]  # codes of valid answers of each item
    answers: np.ndarray  # index into options, -1 without a valid answer
    hard: np.ndarray
    groups: dict[str, np.ndarray]
    keys: dict[str, list[str]]  # dimension → group key of each code

    @property
    def directions(self) -> dict[int, list[int]]:
        """Direction id → its item columns."""
        columns: dict[int, list[int]] = {}
        for column, item in enumerate(self.items):
            columns.setdefault(item.direction_id or 0, []).append(column)
        return columns

    @property
    def size(self) -> int:
        """Respondents."""
        return len(self.answers)


def scale_items(campaign: Campaign) -> list[Item]:
    """The items that the map counts: scale items tied to a direction, in the order of the questionnaire."""
    items = Item.objects.filter(
        section__questionnaire=campaign.questionnaire_id, kind=Item.Kind.SCALE, direction__isnull=False
    )
    return list(items.select_related("scale", "direction").prefetch_related("scale__options"))


def dimensions(campaign: Campaign) -> list[str]:
    """What this campaign compares, fixed at launch."""
    flags = {
        Dimension.ORGANISATION: campaign.by_organisation,
        Dimension.SUBJECT: campaign.by_subject,
        Dimension.CATEGORY: campaign.by_category,
        Dimension.YEARS: campaign.by_years,
    }
    return [dimension.value for dimension, compared in flags.items() if compared]


GROUP_FIELDS = ("organisation_id", "group_label", "subject", "category", "years")


def group_keys(compared: list[str], row: tuple[Any, ...]) -> list[str]:
    """Groups of a response, given as its GROUP_FIELDS: an organisation is `#<id>`, one outside the network its label."""
    organisation, label, *others = row
    own = dict(zip((Dimension.SUBJECT, Dimension.CATEGORY, Dimension.YEARS), others, strict=True))
    own[Dimension.ORGANISATION] = f"#{organisation}" if organisation else label
    return [own[Dimension(dimension)] for dimension in compared]


def coded(compared: list[str], names: list[list[str]]) -> tuple[dict[str, np.ndarray], dict[str, list[str]]]:
    """Keys of groups as numbers: of each dimension a code for every respondent, and the key of every code."""
    groups, keys = {}, {}
    for number, dimension in enumerate(compared):
        keys[dimension] = sorted({row[number] for row in names})
        code = {name: n for n, name in enumerate(keys[dimension])}
        groups[dimension] = np.array([code[row[number]] for row in names], dtype=np.int64)
    return groups, keys


def read(campaign: Campaign, responses: QuerySet[Response]) -> Table:
    """The responses as arrays; codes unknown to the scale and «no answer» codes are no answer."""
    items = scale_items(campaign)
    options = [[o.code for o in _scale(item) if not o.is_no_answer] for item in items]
    index = [
        (item.code, {code: n for n, code in enumerate(codes)})
        for item, codes in zip(items, options, strict=True)
    ]
    compared = dimensions(campaign)
    names: list[list[str]] = []
    parts = [np.empty((0, len(items)), dtype=np.int16)]
    rows = responses.order_by("pk").values_list("answers", *GROUP_FIELDS)
    for chunk in batched(rows.iterator(chunk_size=READ_AT_ONCE), READ_AT_ONCE):
        names += [group_keys(compared, row[1:]) for row in chunk]
        given = [[codes.get(str(row[0].get(code)), -1) for code, codes in index] for row in chunk]
        parts.append(np.array(given, dtype=np.int16).reshape(len(chunk), len(items)))
    answers = np.concatenate(parts)
    groups, keys = coded(compared, names)
    return Table(items, options, answers, _difficulties(items, options, answers), groups, keys)


def _scale(item: Item) -> list[ScaleOption]:
    return list(item.scale.options.all()) if item.scale else []


def _difficulties(items: list[Item], options: list[list[str]], answers: np.ndarray) -> np.ndarray:
    hard = np.zeros(answers.shape, dtype=bool)
    for column, (item, codes) in enumerate(zip(items, options, strict=True)):
        difficult = {option.code for option in _scale(item) if option.is_difficulty}
        hard[:, column] = np.isin(
            answers[:, column], [n for n, code in enumerate(codes) if code in difficult]
        )
    return hard


def decide(table: Table, k: int) -> dict[str, dict[str, list[str]]]:
    """What to show of these responses, in the form of `Batch.shown`."""
    sheets = Sheets(table.groups, table.answers >= 0, table.hard)
    directions = table.directions
    decided = {}
    for direction, shown in zip(directions, protect(sheets, directions.values(), k), strict=True):
        if shown is not None:
            decided[str(direction)] = {
                dimension: [table.keys[dimension][group] for group in np.flatnonzero(flags)]
                for dimension, flags in shown.items()
            }
    return decided


def count(table: Table, shown: dict[str, dict[str, list[str]]]) -> Counter[Key]:
    """Counts of the options of all that is shown, zeros too, and how many respondents each group has."""
    counts: Counter[Key] = Counter()
    counts[Dimension.ALL, "", None, ""] = table.size
    whole = np.zeros(table.size, dtype=np.int64)
    for dimension, codes in table.groups.items():
        for key, size in zip(
            table.keys[dimension], np.bincount(codes, minlength=len(table.keys[dimension])), strict=True
        ):
            if size:
                counts[dimension, key, None, ""] = int(size)
    for direction, columns in table.directions.items():
        if str(direction) not in shown:
            continue
        for column in columns:
            _count_item(counts, table, column, Dimension.ALL, whole, [""], {""})
            for dimension, codes in table.groups.items():
                allowed = set(shown[str(direction)].get(dimension, ()))
                _count_item(counts, table, column, dimension, codes, table.keys[dimension], allowed)
    return counts


def _count_item(
    counts: Counter[Key],
    table: Table,
    column: int,
    dimension: str,
    codes: np.ndarray,
    keys: list[str],
    allowed: set[str],
) -> None:
    answers, width = table.answers[:, column], len(table.options[column])
    given = answers >= 0
    cells = np.bincount(codes[given] * width + answers[given], minlength=len(keys) * width).reshape(-1, width)
    for group, key in enumerate(keys):
        if key in allowed:
            for option, code in enumerate(table.options[column]):
                counts[dimension, key, table.items[column].pk, code] = int(cells[group, option])


def batched(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The rows in lists of so many."""
    rest = iter(rows)
    while part := list(islice(rest, size)):
        yield part
