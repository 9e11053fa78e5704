"""Guards that make every test stricter than its own assertions."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

TEMPLATES = str(Path(__file__).resolve().parent.parent / "templates")


class UnknownTemplateVariable(Exception):
    """A template of the portal prints a variable that is not in its context."""


class FailOnUnknownVariable(str):
    """Django's `string_if_invalid`: raises for the portal's own templates, prints nothing for others' ones."""

    def __new__(cls) -> FailOnUnknownVariable:
        return super().__new__(cls, "%s")

    def __mod__(self, variable: Any) -> str:
        where = _template_being_rendered()
        if where.startswith(TEMPLATES):
            raise UnknownTemplateVariable(f"{variable} in {where}")
        return ""


def _template_being_rendered() -> str:
    frame = inspect.currentframe()
    while frame is not None:
        origin = getattr(frame.f_locals.get("self"), "origin", None)
        if origin is not None and frame.f_code.co_name == "render_annotated":
            return str(origin.name)
        frame = frame.f_back
    return ""
