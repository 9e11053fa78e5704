"""The dossier of a self-assessment: one ZIP with the table, every document, and the links listed."""

from __future__ import annotations

import re
import tempfile
import zipfile
from pathlib import PurePosixPath
from typing import IO

from django.utils import timezone

from core.documents import Column, Document, Link, Table, to_xlsx
from core.school_year import SchoolYear
from monitoring.models import Assessment, Evidence
from monitoring.sections.assessment import assessment_blocks, assessment_data
from monitoring.sheet import Sheet, sheet_of

IN_MEMORY = 8 * 2**20
INVENTORY = (
    "Код",
    "Графа",
    "Подтверждение",
    "Откуда",
    "Почему предложено",
    "Кто и когда",
    "Отметка",
    "Файл архива или адрес",
)


def dossier(assessment: Assessment) -> IO[bytes]:
    """The archive, ready to be read from its beginning; large ones lie in a temporary file, not in memory."""
    sheet = sheet_of(assessment)
    archive = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (the response closes it)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        names = _names(sheet)
        packed.writestr("Самооценка.xlsx", to_xlsx(_document(assessment, sheet, names)))
        for evidence in sheet.evidence:
            if evidence.document:
                _put(packed, evidence, names[evidence.pk])
    archive.seek(0)
    return archive  # type: ignore[return-value]


def _names(sheet: Sheet) -> dict[int, str]:
    """Evidence → its name in the archive: the code of the line, a number, the name people gave the file."""
    names: dict[int, str] = {}
    for line in sheet.lines:
        documents = [one for cell in line.cells for one in cell.evidence if one.document]
        for number, evidence in enumerate(documents, 1):
            words = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", PurePosixPath(evidence.filename).stem).strip()[:80]
            suffix = PurePosixPath(evidence.filename).suffix.lower()
            names[evidence.pk] = f"Документы/{line.row.code}-{number:02d} {words or 'документ'}{suffix}"
    return names


def _document(assessment: Assessment, sheet: Sheet, names: dict[int, str]) -> Document:
    rows = [
        [
            line.row.code,
            cell.column.title,
            evidence.title,
            evidence.source_words,
            evidence.why,
            _who(evidence),
            evidence.trouble,
            names.get(evidence.pk) or Link(_address(evidence), evidence.get_absolute_url()),
        ]
        for line in sheet.lines
        for cell in line.cells
        for evidence in cell.evidence
    ]
    blocks = assessment_blocks(assessment_data(sheet))
    columns = [Column(title) for title in INVENTORY]
    return Document(
        title=f"Самооценка за {SchoolYear(assessment.year)} учебный год",
        subtitle=str(assessment.municipality),
        meta=[("Критерии", assessment.framework.title), ("Состояние", assessment.get_state_display())],
        blocks=[*blocks, Table("Опись подтверждений", columns, rows)],
    )


def _who(evidence: Evidence) -> str:
    day = f"{timezone.localtime(evidence.added_at):%d.%m.%Y}"
    return f"{evidence.added_by.initials}, {day}" if evidence.added_by else day


def _address(evidence: Evidence) -> str:
    return Link(evidence.title, evidence.get_absolute_url()).address or evidence.title


def _put(packed: zipfile.ZipFile, evidence: Evidence, name: str) -> None:
    """Copy by pieces: a document may be large."""
    try:
        source = evidence.document.open("rb")
    except FileNotFoundError:
        packed.writestr(f"{name} – файла нет на диске портала.txt", "")
        return
    with source, packed.open(name, "w") as target:
        for piece in source.chunks():
            target.write(piece)
