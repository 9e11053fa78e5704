"""The page of an error nobody expected: broken, or only away for a while."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

_RETRY_SECONDS = 60


def server_error(request: HttpRequest) -> HttpResponse:
    """Page 503 while the database is away or too busy, else 500; neither asks anything of the database."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return HttpResponse(render_to_string("500.html"), status=500)
    return HttpResponse(
        render_to_string("503.html"), status=503, headers={"Retry-After": str(_RETRY_SECONDS)}
    )
