"""What a browser would do with a page."""

from __future__ import annotations

from typing import Any

from django import forms


def form_values(response: Any, name: str = "form") -> dict[str, Any]:
    """The values the form on the page would send back as it stands; files and empty checkboxes are not sent."""
    values = {}
    for field in response.context[name]:
        value = field.value()
        if isinstance(field.field, forms.FileField) or value is False:
            continue
        values[field.html_name] = "" if value is None else getattr(value, "pk", value)
    return values
