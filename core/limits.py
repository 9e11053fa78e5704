"""How often one place or one person may do a thing. No address is stored: a counter's name is a keyed hash."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def within_limit(request: HttpRequest, what: str, *, limit: int, seconds: int) -> bool:
    """Count one more; False when `what` was done from this address more than `limit` times in the period."""
    return _counted(f"{what}:{_address(request)}", limit, seconds)


def person_within_limit(person: Any, what: str, *, limit: int, seconds: int) -> bool:
    """Count one more; False when this person did `what` more than `limit` times in the period.

    A school shares one address, so what needs a sign-in is counted by person.
    """
    return _counted(f"{what}:person {person.pk}", limit, seconds)


def _counted(what: str, limit: int, seconds: int) -> bool:
    period = int(time.time() // seconds)
    name = salted_hmac("core.limits", f"{what}:{period}", algorithm="sha256").hexdigest()
    key = f"limit:{name}"
    if cache.add(key, 1, timeout=seconds):
        return True
    try:
        return cache.incr(key) <= limit
    except ValueError:  # It ran out between the two calls.
        return True


def _address(request: HttpRequest) -> str:
    if settings.SECURE_PROXY_SSL_HEADER:
        return request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    return request.META.get("REMOTE_ADDR", "")
