"""How tables lie on an A4 sheet: widths of columns, upright or lying page, size of type, too wide ones cut.

Used alike by DOCX and PDF. Lengths are millimetres.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from core.documents.content import Block, Document, Heading, List, Paragraph
from core.documents.figures import Chart, Column, Group, Table
from core.documents.letters import width_of
from core.documents.values import NBSP, text_of

PAGE_WIDTH, PAGE_HEIGHT = 210, 297
MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = (
    20,
    15,
    20,
    20,
)  # ГОСТ Р 7.0.97-2025: at least 20, 10, 20, 20
UPRIGHT = PAGE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT
LYING = PAGE_HEIGHT - MARGIN_LEFT - MARGIN_RIGHT
PICTURE_HEIGHT = (
    PAGE_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM - 22
)  # what a caption of two lines leaves of a sheet

SIZES = (10.0, 9.0, 8.0)  # points; smaller is not read on paper
CELL_PADDING = 1.6  # on each side
WHOLE_ROWS = 12  # a table of so few rows is not torn between two pages
_POINT = 0.3528
# Widths of text below are in sizes of type (em), so that they hold for every size.
_LEAST, _LONGEST_WORD, _WIDEST_TEXT, _LETTER = 1.6, 7.5, 25.0, 0.55
_SLACK = 0.15  # Times and PT Serif differ, kerning is not counted
_BREAK = re.compile(r"[ \n/]+|(?<=[-–—])")


class Fit(NamedTuple):
    """How a table lies: widths of its columns in millimetres (a small table does not fill the sheet), size of
    type in points, and which columns have words that must be hyphenated."""

    widths: list[float]
    size: float
    torn: list[bool]


class Part(NamedTuple):
    """Blocks that stand on sheets of one orientation, each with its number in words."""

    lying: bool
    blocks: list[tuple[str, Block]]


@dataclass(frozen=True)
class _Need:
    least: float  # below it a figure or a common word would be torn
    likes: float  # at it most cells take one line
    longest: float  # the longest word
    wordy: bool


def _needs(table: Table) -> list[_Need]:
    rows = [row for row in table.rows if not isinstance(row, Group)]
    return [
        _need(
            column,
            [text_of(row[index], column.digits) for row in rows],
            table.align_of(index) == "left",
            table.total,
        )
        for index, column in enumerate(table.columns)
    ]


def _need(column: Column, texts: list[str], wordy: bool, total: bool) -> _Need:
    words = {word for text in texts for word in _BREAK.split(text) if word}
    widths = [width_of(word) for word in words]
    widths += [
        width_of(word, bold=True) for word in _BREAK.split(f"{column.title} {texts[-1] if total else ''}")
    ]
    figures = [width_of(word) for word in words if word[0].isdigit() or NBSP in word]
    lengths = sorted(map(width_of, texts)) or [0.0]
    usual = lengths[int(0.9 * (len(lengths) - 1))]
    least = max([min(max(widths), _LONGEST_WORD), *figures, _LEAST]) + _SLACK
    wished = column.width * _LETTER if column.width else max(usual, width_of(column.title) / 2, max(widths))
    likes = max(least, min(wished, _WIDEST_TEXT))
    return _Need(least, likes, max(widths), wordy)


def fit(table: Table, width: float) -> Fit | None:
    """Columns for a table on a sheet; None when it is too wide even in the smallest type."""
    needs = _needs(table)
    for size in SIZES:
        unit = size * _POINT
        room = (width - 2 * CELL_PADDING * len(needs)) / unit
        spare = room - sum(need.least for need in needs)
        if spare >= 0:
            wishes = [need.likes - need.least for need in needs]
            share = min(1.0, spare / sum(wishes)) if sum(wishes) else 0
            inner = [need.least + wish * share for need, wish in zip(needs, wishes, strict=True)]
            rest = room - sum(inner)
            _give_away(inner, rest if rest < 0.35 * room else 0.15 * sum(inner), needs)
            torn = [need.longest > x for need, x in zip(needs, inner, strict=True)]
            return Fit([x * unit + 2 * CELL_PADDING for x in inner], size, torn)
    return None


def least_bad(table: Table, width: float) -> Fit:
    """The same, but for a table that fits nowhere equal columns in the smallest type."""
    count = len(table.columns)
    return fit(table, width) or Fit([width / count] * count, SIZES[-1], [True] * count)


def _give_away(inner: list[float], rest: float, needs: Sequence[_Need]) -> None:
    """Room nobody asked for goes to columns of words, the wordier the more; else to all alike."""
    takers = [i for i, need in enumerate(needs) if need.wordy] or list(range(len(inner)))
    total = sum(inner[i] ** 2 for i in takers)
    for i in takers:
        inner[i] += rest * inner[i] ** 2 / total


def pieces(table: Table) -> list[Table]:
    """The table itself, or, when no sheet holds it, tables that share its columns; each has the first one."""
    if fit(table, LYING) or len(table.columns) < 3:
        return [table]
    count = len(table.columns) - 1
    per = count
    while per > 1:
        per -= 1
        sizes = _even(count, per)
        cut = [_columns(table, start, stop) for start, stop in sizes]
        if all(fit(piece, LYING) for piece in cut):
            return cut
    return cut


def _even(count: int, per: int) -> list[tuple[int, int]]:
    """Runs of nearly equal length, none longer than `per`, over columns 1..count."""
    parts = -(-count // per)
    edges = [1 + round(i * count / parts) for i in range(parts + 1)]
    return list(pairwise(edges))


def _columns(table: Table, start: int, stop: int) -> Table:
    keep = [0, *range(start, stop)]
    rows = [row if isinstance(row, Group) else tuple(row[i] for i in keep) for row in table.rows]
    note = table.note if stop == len(table.columns) else ""
    return replace(table, columns=[table.columns[i] for i in keep], rows=rows, note=note)


def parts(document: Document) -> list[Part]:
    """The document as runs of upright and lying sheets.

    A table too wide for an upright sheet lies, and its heading with the words under it goes along. A picture
    that comes with its figures brings them as a table of their own.
    """
    found: list[Part] = []
    for label, block in document.numbered():
        for number, piece in _opened(label, block):
            lying = isinstance(piece, Table) and not _stands(piece)
            if not found:
                found.append(Part(lying, []))
            elif found[-1].lying != lying:
                lead = _lead(found[-1].blocks) if lying else []
                if not found[-1].blocks:
                    found.pop()
                if found and found[-1].lying == lying:
                    found[-1].blocks.extend(lead)
                else:
                    found.append(Part(lying, lead))
            found[-1].blocks.append((number, piece))
    return found


def _opened(label: str, block: Block) -> list[tuple[str, Block]]:
    if isinstance(block, Table):
        first, *more = pieces(block)
        return [(label, first), *((f"{label} (продолжение)", piece) for piece in more)]
    if isinstance(block, Chart) and block.with_table:
        return [(label, block), *(("", piece) for piece in pieces(block.table))]
    return [(label, block)]


def _stands(table: Table) -> bool:
    found = fit(table, UPRIGHT)
    return found is not None and found.size >= SIZES[1]


def _lead(blocks: list[tuple[str, Block]]) -> list[tuple[str, Block]]:
    """Takes off the end the headings, and the words under the last one, that introduce what follows."""
    start = len(blocks)
    while start and isinstance(blocks[start - 1][1], (Paragraph, List)) and len(blocks) - start < 4:
        start -= 1
    if not start or not isinstance(blocks[start - 1][1], Heading):
        start = len(blocks)
    while start and isinstance(blocks[start - 1][1], Heading):
        start -= 1
    lead = blocks[start:]
    del blocks[start:]
    return lead
