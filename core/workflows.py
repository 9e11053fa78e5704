"""The workflows of the portal as its models declare them: for the diagram in docs and for the walk of tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django_fsm import FSMField

from core.states import permission_name


@dataclass(frozen=True)
class Step:
    """One transition of a model from one state to another."""

    name: str
    source: str
    target: str


def stateful_models() -> list[type[models.Model]]:
    """Models with a protected state, in the order of the floors."""
    found = (model for model in apps.get_models() if _field(model) is not None)
    return sorted(found, key=lambda model: (model._meta.app_label, model.__name__))


def _field(model: type[models.Model]) -> FSMField | None:
    fields = (field for field in model._meta.get_fields() if isinstance(field, FSMField) and field.protected)
    return next(fields, None)


def states(model: type[models.Model]) -> dict[str, str]:
    """State → its Russian name."""
    field = _field(model)
    return {str(value): str(label) for value, label in field.choices} if field and field.choices else {}


def steps(model: type[models.Model]) -> Iterator[Step]:
    """Every declared pair of states with the transition between them."""
    field = _field(model)
    for transition in field.get_all_transitions(model) if field else ():
        yield Step(transition.name, str(transition.source), str(transition.target))


def diagram(model: type[models.Model]) -> str:
    """The workflow as a Mermaid state diagram; a step with no permission is taken by the portal itself."""
    import rules

    field, names = _field(model), states(model)
    lines = ["stateDiagram-v2", *(f"    {state} : {label}" for state, label in names.items())]
    if field is not None:
        lines.append(f"    [*] --> {field.default}")
    for step in sorted(steps(model), key=lambda s: (list(names).index(s.source), s.name)):
        itself = "" if rules.perm_exists(permission_name(model(), step.name)) else " (портал)"
        lines.append(f"    {step.source} --> {step.target} : {step.name}{itself}")
    return "\n".join(lines)


def document() -> str:
    """`docs/workflows.md`."""
    parts = [
        "# Workflows",
        "Drawn from the models by `python manage.py workflows`; a test compares this page with the code.",
    ]
    for model in stateful_models():
        parts.append(f"## {model._meta.app_label}.{model.__name__}: {model._meta.verbose_name}")
        parts.append(f"```mermaid\n{diagram(model)}\n```")
    return "\n\n".join(parts) + "\n"
