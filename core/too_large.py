"""A request too large to be read is answered in words before any of it is kept."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_CHUNK = 1 << 20
# A browser shows an answer only after it has sent its file; what is beyond this is cut off without words.
_READ_AT_MOST = 256 * _CHUNK


class TooLargeMiddleware:
    """Page 413 for a body beyond REQUEST_LIMIT_BYTES; smaller files that are too large are told at their field."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) <= settings.REQUEST_LIMIT_BYTES:
            return self.get_response(request)
        left = _READ_AT_MOST
        while left > 0 and (chunk := request.read(_CHUNK)):
            left -= len(chunk)
        return render(request, "413.html", {"upload_limit": settings.UPLOAD_LIMIT_BYTES}, status=413)
