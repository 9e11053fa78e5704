"""Texts of headers and names made comparable."""

from __future__ import annotations

import re
from typing import Any

_NOT_WORDS = re.compile(r"[^0-9a-zа-я№@+]+")
_QUOTES = str.maketrans(dict.fromkeys("«»„“”\"'`", " "))


def normal(value: Any) -> str:
    """Lower case, «ё» as «е», every run of punctuation, line breaks and spaces as one space."""
    return _NOT_WORDS.sub(" ", str(value).lower().replace("ё", "е")).strip()


def same_name(value: str) -> str:
    """A name for exact comparison: quotes of any kind, case, «ё» and spaces make no difference; words do."""
    text = value.lower().replace("ё", "е").translate(_QUOTES).replace("№", " № ")
    return " ".join(text.split())
