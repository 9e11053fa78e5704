"""The neutral tree of a document: built once, printed as a page, DOCX, PDF and XLSX.

Blocks hold values, not markup. Everything is cleaned when it is built, so a builder never meets a character
that its format cannot hold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, NamedTuple

from core.documents.values import (
    Cell,
    Link,
    Strong,
    Text,
    bare,
    clean,
    text_of,
    tidy,
)


class Run(NamedTuple):
    """A stretch of a sentence in one manner."""

    text: str
    strong: bool = False
    link: Link | None = None


def runs_of(text: Text) -> list[Run]:
    """A sentence as stretches: plain, strong, linked."""
    runs = []
    for part in [text] if isinstance(text, str) else text:
        if isinstance(part, Link):
            runs.append(Run(text_of(part), link=part if part.url else None))
        else:
            runs.append(Run(part.text, strong=True) if isinstance(part, Strong) else Run(part))
    return runs


def _tidy_text(text: Text) -> Text:
    if isinstance(text, str):
        return clean(text)
    return tuple(clean(part) if isinstance(part, str) else part for part in text)


class Block:
    """A part of a document. `name` is what builders and templates choose by."""

    name: ClassVar[str] = ""

    @property
    def template(self) -> str:
        """The partial that prints the block on a page."""
        return f"core/document/{self.name}.html"


@dataclass(frozen=True)
class Heading(Block):
    """A heading; levels 1-3. A skipped level is closed up by `Document`, tagged files allow none."""

    name = "heading"
    level: int
    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))


@dataclass(frozen=True)
class Paragraph(Block):
    """A paragraph of plain, strong and linked words; a line break in the text stays a line break."""

    name = "paragraph"
    text: Text

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", _tidy_text(self.text))

    @property
    def runs(self) -> list[Run]:
        return runs_of(self.text)


@dataclass(frozen=True)
class List(Block):
    """Points one under another; numbered when `ordered`."""

    name = "list"
    items: Sequence[Text]
    ordered: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(_tidy_text(item) for item in self.items))

    @property
    def points(self) -> list[list[Run]]:
        return [runs_of(item) for item in self.items]


@dataclass(frozen=True)
class PageBreak(Block):
    """A new page in the files that have pages."""

    name = "page_break"


@dataclass(frozen=True)
class Document:
    """A document. `meta` are lines under the title (who, for what period, number); `made_at` is the moment
    written into the files' properties (now, when not given)."""

    title: str
    subtitle: str = ""
    lang: str = "ru"
    meta: Sequence[tuple[str, Cell]] = ()
    blocks: Sequence[Block] = field(default_factory=tuple)
    author: str = ""
    made_at: dt.datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", clean(self.title) or "Без названия")
        object.__setattr__(self, "subtitle", clean(self.subtitle))
        object.__setattr__(self, "author", clean(self.author))
        object.__setattr__(self, "meta", tuple((clean(label), tidy(value)) for label, value in self.meta))
        object.__setattr__(self, "blocks", tuple(_without_gaps(self.blocks)))

    def numbered(self) -> Iterator[tuple[str, Block]]:
        """Blocks in order, each with its number in words: «Таблица 2», «Рисунок 1», or nothing."""
        counts = {"table": 0, "chart": 0}
        words = {"table": "Таблица", "chart": "Рисунок"}
        for block in self.blocks:
            if block.name in counts:
                counts[block.name] += 1
                yield f"{words[block.name]} {counts[block.name]}", block
            else:
                yield "", block

    @property
    def lines(self) -> list[tuple[str, str]]:
        """The lines under the title as they are printed."""
        return [(label, text_of(bare(value))) for label, value in self.meta]


def _without_gaps(blocks: Sequence[Block]) -> Iterator[Block]:
    """Headings go down one level at a time: PDF/UA and WCAG readers lose their way over a gap."""
    level = 0
    for block in blocks:
        if isinstance(block, Heading):
            level = max(1, min(block.level, level + 1, 3))
            block = replace(block, level=level)
        yield block
