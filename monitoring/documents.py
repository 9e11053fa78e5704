"""The annual report as a document: one tree for the page, DOCX, PDF and XLSX."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from core.documents import Document, Heading, List, Paragraph, from_data, to_data
from core.documents.content import Block
from core.school_year import SchoolYear
from monitoring.computed import Scope
from monitoring.models import Report
from monitoring.sections import SECTIONS
from monitoring.texts import CLOSING

Told = Callable[[str, int, int], None]


def collect(report: Report, tell: Told) -> dict[str, Any]:
    """The snapshot: every section's figures and the texts, as plain JSON. `tell` hears of each section."""
    scope = Scope(report.municipality, SchoolYear(report.year))
    sections = {}
    for number, section in enumerate(SECTIONS):
        tell(section.title, number, len(SECTIONS))
        sections[section.key] = section.collect(scope)
    return {"sections": sections, "texts": dict(report.texts.values_list("key", "text"))}


def compose(report: Report, snapshot: dict[str, Any], made_at: dt.datetime) -> Document:
    """The document of a snapshot; only the lines under the title depend on the state of the report."""
    return Document(
        title=f"{report.get_kind_display()} за {report.school_year} учебный год",
        subtitle=str(report.municipality),
        meta=_meta(report, made_at),
        blocks=_blocks(snapshot),
        author=report.municipality.centre_name,
        made_at=made_at,
    )


def snapshot_document(report: Report) -> Document | None:
    """The document of the edition that can be read, exactly as it stands in the files."""
    data = report.snapshot.get("document")
    return from_data(data) if data else None


def with_document(snapshot: dict[str, Any], document: Document) -> dict[str, Any]:
    """The snapshot with the document in it, so that the page shows what the files show, for ever."""
    return {**snapshot, "document": to_data(document)}


def _meta(report: Report, made_at: dt.datetime) -> list[tuple[str, Any]]:
    state = "черновик, не принят"
    if report.is_accepted and report.accepted_by and report.accepted_on:
        state = f"принят {report.accepted_on:%d.%m.%Y}, {report.accepted_by.initials}"
    return [
        ("Номер", f"{report.number} за {report.school_year}"),
        ("Данные на", made_at),
        ("Состояние", state),
    ]


def _blocks(snapshot: dict[str, Any]) -> list[Block]:
    sections, texts = snapshot["sections"], snapshot["texts"]
    present = [section for section in SECTIONS if section.key in sections]
    blocks: list[Block] = [Heading(1, "Главное")]
    blocks.append(List([line for section in present for line in section.headline(sections[section.key])]))
    for number, section in enumerate(present, 1):
        blocks.append(Heading(1, f"{number}. {section.title}"))
        blocks += section.blocks(sections[section.key])
        if words := texts.get(f"on-{section.key}"):
            blocks += [Heading(2, "Что это значит"), *_paragraphs(words)]
    written = [(title, texts[key]) for key, (title, _) in CLOSING.items() if texts.get(key)]
    blocks.append(Heading(1, f"{len(present) + 1}. Причины и рекомендации"))
    if not written:
        blocks.append(Paragraph("Причины и рекомендации ещё не написаны."))
    for title, words in written:
        blocks += [Heading(2, title), *_paragraphs(words)]
    return blocks


def _paragraphs(words: str) -> list[Block]:
    parts = [part.strip() for part in words.replace("\r\n", "\n").split("\n\n")]
    return [Paragraph(part) for part in parts if part]
