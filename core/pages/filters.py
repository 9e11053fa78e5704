"""The filter form of a list, drawn once for what it shows: crispy takes longer for it than the list for its rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms

_MOST = 256
_drawn: dict[tuple[Any, ...], str] = {}


def drawn_once(form: forms.Form, draw: Callable[[], str]) -> str:
    """The HTML of the form, kept by everything it depends on: fields, values, choices. With mistakes it is drawn anew."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField) and not field.widget.is_hidden:
            # Read from the database once, for the key here and for the drawing. A hidden field shows its value alone:
            # reading its choices would read every organisation of the network for nothing.
            field.widget.choices = [(str(value), label) for value, label in field.choices]  # type: ignore[attr-defined]
    if form.errors:
        return draw()
    key = tuple(_looks(field) for field in form)
    if key not in _drawn:
        if len(_drawn) >= _MOST:
            _drawn.clear()
        _drawn[key] = draw()
    return _drawn[key]


def _looks(bound: forms.BoundField) -> tuple[Any, ...]:
    field = bound.field
    offered = () if field.widget.is_hidden else getattr(field.widget, "choices", ())
    choices = tuple((str(value), str(label)) for value, label in offered)
    return (
        bound.html_name,
        str(bound.label),
        str(bound.help_text),
        repr(bound.value()),
        type(field.widget),
        repr(sorted(field.widget.attrs.items())),
        field.required,
        choices,
    )
