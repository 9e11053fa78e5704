"""The one door through which a record changes its state."""

from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django_fsm import TransitionNotAllowed, can_proceed

from core.models import StateChange

M = TypeVar("M", bound=models.Model)


class WrongState(Exception):
    """The record is not in a state that allows the step (somebody was quicker, or a condition fails).

    The text is Russian and is shown to the person as it is.
    """


class NotAllowed(PermissionDenied):
    """The person may not take this step, whatever the state."""


def permission_name(obj: models.Model, transition: str) -> str:
    """`diagnostics.launch_campaign` for the transition `launch` of a Campaign."""
    return f"{obj._meta.app_label}.{transition}_{obj._meta.model_name}"


def state_field(obj: models.Model, transition: str) -> str:
    """Name of the protected field that the transition method moves."""
    return getattr(type(obj), transition)._django_fsm.field.name


def may(person, obj: models.Model, transition: str) -> bool:
    """Whether the person has the right and the state allows the step: what templates ask before showing a button."""
    return can_proceed(getattr(obj, transition)) and person.has_perm(permission_name(obj, transition), obj)


def move(obj: M, transition: str, *, by, reason: str = "", **kwargs) -> M:
    """Take one step of the workflow and log it; returns the row as it is now in the database.

    The row is read again under a lock, so of two people who press at once one moves it and the other is
    told. `by=None` is the portal itself (a closing date has come) and is not asked for rights.

    Raises NotAllowed when `by` has no right to this step, WrongState when the state or a condition
    does not allow it. Nothing is saved then.
    """
    with transaction.atomic():
        fresh = type(obj)._default_manager.select_for_update(of=("self",)).get(pk=obj.pk)
        if by is not None and not by.has_perm(permission_name(fresh, transition), fresh):
            raise NotAllowed("Для этого шага нужны другие права.")
        field = state_field(fresh, transition)
        before = getattr(fresh, field)
        try:
            getattr(fresh, transition)(**kwargs)
        except TransitionNotAllowed as error:
            label = getattr(fresh, f"get_{field}_display")()
            raise WrongState(
                f"Сейчас «{fresh}» в состоянии «{label}», этот шаг уже сделан или ещё невозможен."
            ) from error
        fresh.save()
        StateChange.objects.create(
            subject=fresh,
            transition=transition,
            from_state=before,
            to_state=getattr(fresh, field),
            by=by,
            reason=reason,
        )
    return fresh


def history(obj: models.Model) -> models.QuerySet[StateChange]:
    """Steps of the record, oldest first, with the people who took them."""
    from django.contrib.contenttypes.models import ContentType

    kind = ContentType.objects.get_for_model(obj)
    return StateChange.objects.filter(content_type=kind, object_id=str(obj.pk)).select_related("by")
