from typing import Any

from django.db import models
from django_fsm import FSMFieldMixin


class StatefulModel(models.Model):
    """A record with a protected state: read again from the database, it gets the state of the row too.

    django-fsm-2 refuses every assignment to a protected field once it has a value, also that of
    `refresh_from_db`; its own mixin leaves the old state in place, which would show a state that is gone.
    """

    class Meta:
        abstract = True

    def refresh_from_db(self, using: Any = None, fields: Any = None, from_queryset: Any = None) -> None:
        for field in self._meta.concrete_fields:
            if isinstance(field, FSMFieldMixin) and field.protected and (not fields or field.name in fields):
                self.__dict__.pop(field.name, None)
        super().refresh_from_db(using=using, fields=fields, from_queryset=from_queryset)
