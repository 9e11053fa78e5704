"""A built file as a response."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def download(content: bytes, name: str) -> HttpResponse:
    """The file to be saved under `name`, Russian letters allowed; its ending says what it is."""
    response = HttpResponse(
        content, content_type=_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    )
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
