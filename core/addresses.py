"""Addresses of records: a list shows thirty to sixty of them, and finding the route each time is a tenth of the page."""

from __future__ import annotations

import re

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

# What stands in an address as it is; anything else is left to the routes to check and to quote.
_PLAIN = re.compile(r"[0-9A-Za-z]+")
_around: dict[tuple[str, str, str], tuple[str, str]] = {}


def address_of(name: str, key: int | str | None) -> str:
    """What `reverse(name, args=[key])` gives, for a route with one key; what stands around the key is kept.

    Raises NoReverseMatch as `reverse` does, for the first key of a route and for one of other than letters and digits.
    """
    text = str(key)
    if key is None or not _PLAIN.fullmatch(text):
        return reverse(name, args=[key])
    route = (name, get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)
    if route not in _around:
        address = reverse(name, args=[key])
        if address.count(text) > 1:  # «1» of «/v1/people/1/»: which of them is the key cannot be told
            return address
        before, _, after = address.partition(text)
        _around[route] = (before, after)
    before, after = _around[route]
    return f"{before}{text}{after}"
