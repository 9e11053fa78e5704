"""Documents that people upload: known by their content, whatever the name says."""

from __future__ import annotations

import zipfile
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

KINDS = "PDF, DOCX, XLSX, PPTX, ODT, ODS, JPEG или PNG"
_STARTS = {".pdf": b"%PDF-", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".png": b"\x89PNG\r\n\x1a\n"}
_INSIDE = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}
_MIMETYPE = {
    ".odt": b"application/vnd.oasis.opendocument.text",
    ".ods": b"application/vnd.oasis.opendocument.spreadsheet",
}


def check_document(upload: UploadedFile) -> None:
    """Raises ValidationError, in Russian, for a file too large, empty or not of the kind its name says."""
    limit = settings.UPLOAD_LIMIT_BYTES
    if upload.size > limit:
        raise ValidationError(f"Файл больше {limit // 2**20} МБ. Сожмите его или дайте ссылку.")
    suffix = PurePosixPath(upload.name or "").suffix.lower()
    if suffix not in _STARTS | _INSIDE | _MIMETYPE:
        raise ValidationError(f"Такой файл не принимается. Подойдёт {KINDS}.")
    if not _is_what_it_says(upload, suffix):
        raise ValidationError(f"Внутри файла не {suffix[1:].upper()}. Сохраните документ заново: {KINDS}.")
    upload.seek(0)


def _is_what_it_says(upload: UploadedFile, suffix: str) -> bool:
    upload.seek(0)
    if suffix in _STARTS:
        return upload.read(16).startswith(_STARTS[suffix])
    try:
        with zipfile.ZipFile(upload) as archive:
            if suffix in _INSIDE:
                return _INSIDE[suffix] in archive.namelist()
            with archive.open("mimetype") as kind:
                return kind.read(100).strip() == _MIMETYPE[suffix]
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, ValueError):
        return False
