"""Order as people read it: «Школа № 2» before «Школа № 10»."""

from __future__ import annotations

import re
from typing import Any

from django.db import models


def natural_key(text: str) -> str:
    """Lower case, ё as е, numbers filled up with zeros to six digits."""
    key = re.sub(r"\d+", lambda number: number.group().zfill(6), text.lower().replace("ё", "е"))
    return " ".join(key.split())[:300]


class NaturalKeyField(models.CharField):
    """A column to order by, made from another field at every saving and bulk_create (not at bulk_update)."""

    def __init__(self, *args: Any, source: str = "", **kwargs: Any) -> None:
        self.source = source
        kwargs.update(max_length=300, editable=False, default="")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for made in ("max_length", "editable", "default"):
            kwargs.pop(made, None)
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = natural_key(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, key)
        return key
