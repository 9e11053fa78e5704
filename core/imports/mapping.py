"""Which column of the file is which field: guessed from titles, corrected by a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from core.imports.spec import Field
from core.imports.words import normal

_ENOUGH = 0.55
_ALIKE = 0.85


def title_words(fields: Iterable[Field]) -> set[str]:
    """Normalised titles and synonyms of the fields: what helps to find the header of a table."""
    return {normal(text) for field in fields for text in (field.title, *field.synonyms)}


def guess_columns(header: Sequence[str], fields: Sequence[Field]) -> dict[str, int]:
    """Field name → index of its column, each column used once, the surest pairs first."""
    titles = [normal(title) for title in header]
    pairs = [
        (score, -order, -index, field.name, index)
        for order, field in enumerate(fields)
        for index, title in enumerate(titles)
        if title and (score := _score(title, field)) >= _ENOUGH
    ]
    found: dict[str, int] = {}
    taken: set[int] = set()
    for *_, name, index in sorted(pairs, reverse=True):
        if name not in found and index not in taken:
            found[name] = index
            taken.add(index)
    return found


def _score(title: str, field: Field) -> float:
    return max(_likeness(title, normal(text)) for text in (field.title, *field.synonyms))


def _likeness(title: str, synonym: str) -> float:
    """1 for the same words, less for a title that holds the synonym among others or has a misprint."""
    if title == synonym:
        return 1.0
    if f" {synonym} " in f" {title} ":
        return 0.5 + 0.45 * len(synonym) / len(title)
    if len(synonym) >= 5:
        ratio = SequenceMatcher(None, title, synonym).ratio()
        return 0.8 * ratio if ratio >= _ALIKE else 0.0
    return 0.0
