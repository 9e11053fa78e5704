"""Cells of django-tables2 rows, with what does not change from row to row worked out once a column.

The library asks each cell anew which arguments its render method takes and whether the field has choices;
that was three quarters of the time of a list. The outcome is the library's own, see tests/core/test_cells.py;
columns of a kind that is not known here are left to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.formats import localize
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django_tables2 import Column
from django_tables2.utils import signature

Cell = Callable[[Any], SafeString]


def cells_of(table: Any) -> list[Cell]:
    """For each shown column a function from the bound row to the text of its cell, safe for HTML."""
    return [_cell(table, column) for column in table.columns]


def _cell(table: Any, bound: Any) -> Cell:
    column = bound.column
    if type(column) is not Column:
        return lambda row: conditional_escape(row.get_cell(bound.name))
    value_of = _value_getter(table, bound)
    render = _caller(bound.render)
    link = bound.link and _linker(bound)
    default, empty = conditional_escape(bound.default), column.empty_values

    def cell(row: Any) -> SafeString:
        value = value_of(row.record)
        if value in empty:
            return default
        about = {
            "value": value,
            "record": row.record,
            "column": column,
            "bound_column": bound,
            "bound_row": row,
            "table": table,
        }
        content = conditional_escape(localize(render(about) if render else value))
        return link(content, about) if link else content

    return cell


def _caller(render: Any) -> Callable[[dict[str, Any]], Any] | None:
    """The render method with the arguments it asks for; None for the one that gives the value back."""
    if getattr(render, "__func__", None) is Column.render:
        return None
    names, rest = signature(render)
    return (
        (lambda about: render(**about))
        if rest
        else (lambda about: render(**{name: about[name] for name in names}))
    )


def _linker(bound: Any) -> Callable[[SafeString, dict[str, Any]], SafeString]:
    link = bound.link
    url = _caller(link.url) if callable(link.url) else None

    def linked(content: SafeString, about: dict[str, Any]) -> SafeString:
        if link.attrs:
            return link(content, **about)
        href = url(about) if url else link.compose_url(**about)
        return content if href is None else mark_safe(f'<a href="{escape(href)}">{content}</a>')

    return linked


def _value_getter(table: Any, bound: Any) -> Callable[[Any], Any]:
    """Follows the accessor; a field with choices gives its words. What is not there is None."""
    path = str(bound.accessor).replace("__", ".").split(".")
    words = _words_of(table.data.model, path)

    def value(record: Any) -> Any:
        for name in path:
            record = record[name] if isinstance(record, dict) else getattr(record, name, None)
            if callable(record) and not getattr(record, "alters_data", False):
                record = record()
            if record is None:
                return None
        return words.get(record, record) if words else record

    return value


def _words_of(model: type[models.Model] | None, path: list[str]) -> dict[Any, str]:
    """The words of a field with choices by its values; nothing for any other."""
    for position, name in enumerate(path):
        try:
            field = model._meta.get_field(name) if model else None
        except FieldDoesNotExist:
            return {}
        if position == len(path) - 1:
            return {value: str(label) for value, label in getattr(field, "flatchoices", None) or ()}
        model = getattr(field, "related_model", None)
    return {}
