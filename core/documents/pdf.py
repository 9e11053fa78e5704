"""PDF by Typst: tagged (PDF/UA-1), for keeping (PDF/A-3a), with its own fonts only."""

from __future__ import annotations

import datetime as dt
import json
import logging
from pathlib import Path
from typing import Any

import typst

from core.documents import charts, layout
from core.documents.content import Block, Document, Heading, List, Paragraph, Run
from core.documents.figures import Chart, Shown, Table
from core.documents.letters import all_printable, fonts_folder

logger = logging.getLogger(__name__)

TEMPLATES = Path(__file__).parent / "typst"
STANDARDS = ["a-3a", "ua-1"]
_PICTURE_PPI = 192


def to_pdf(document: Document) -> bytes:
    """The document as PDF."""
    return typeset(TEMPLATES / "document.typ", _data(document), document.made_at)


def typeset(template: Path, data: dict[str, Any], made_at: dt.datetime | None = None) -> bytes:
    """`data` set by a Typst template as tagged PDF for keeping; the template reads it as JSON from `sys.inputs.data`.

    The same data and moment give the same bytes; `letters.printable` says what becomes of letters that the
    font has not.
    """
    content = json.dumps(all_printable(data), ensure_ascii=False)
    made_at = made_at or dt.datetime.now(dt.UTC)
    return _compile(
        template, {"data": content}, "pdf", pdf_standards=STANDARDS, timestamp=int(made_at.timestamp())
    )


def picture_png(chart: Chart) -> bytes:
    """The chart as a bitmap of print quality."""
    return _compile(TEMPLATES / "picture.typ", {"svg": charts.to_svg(chart)}, "png", ppi=_PICTURE_PPI)


def _compile(template: Path, inputs: dict[str, str], kind: Any, **options: Any) -> bytes:
    content, warnings = typst.compile_with_warnings(
        template,
        font_paths=[fonts_folder()],
        ignore_system_fonts=True,
        sys_inputs=inputs,
        format=kind,
        **options,
    )
    for warning in warnings:
        logger.warning("document %s: %s", template.name, warning)
    return content


def _data(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "lang": document.lang,
        "author": document.author,
        "meta": document.lines,
        "parts": [
            {
                "lying": part.lying,
                "blocks": [_block(label, block, part.lying) for label, block in part.blocks],
            }
            for part in layout.parts(document)
        ],
    }


def _block(label: str, block: Block, lying: bool) -> dict[str, Any]:
    match block:
        case Heading():
            content: dict[str, Any] = {"level": block.level, "text": block.text}
        case Paragraph():
            content = {"runs": [_run(run) for run in block.runs]}
        case List():
            content = {
                "ordered": block.ordered,
                "items": [[_run(run) for run in point] for point in block.points],
            }
        case Table():
            content = _table(block, lying)
        case Chart():
            svg = charts.to_svg(block)
            tall = charts.height_to_width(svg) * layout.UPRIGHT / layout.PICTURE_HEIGHT
            content = {
                "title": block.title,
                "alt": block.alt,
                "svg": svg,
                "note": block.note,
                "width": layout.UPRIGHT / max(1.0, tall),  # more than a sheet would be cut off
            }
        case _:
            content = {}
    return {"name": block.name, "label": label, **content}


def _table(table: Table, lying: bool) -> dict[str, Any]:
    width = layout.LYING if lying else layout.UPRIGHT
    found = layout.least_bad(table, width)
    return {
        "caption": table.caption,
        "note": table.note,
        "widths": found.widths,
        "torn": found.torn,
        "size": found.size,
        "whole": len(table.rows) <= layout.WHOLE_ROWS,
        "heads": [_shown(head) for head in table.heads],
        "rows": [
            {"group": row.group, "total": row.total, "cells": [_shown(cell) for cell in row.cells]}
            for row in table.printed
        ],
    }


def _run(run: Run) -> dict[str, Any]:
    return {"text": run.text, "strong": run.strong, "url": run.link.address if run.link else ""}


def _shown(shown: Shown) -> dict[str, Any]:
    return {
        "text": shown.text,
        "kind": shown.kind,
        "align": shown.align,
        "url": shown.link.address if shown.link else "",
    }
