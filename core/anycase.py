"""Finding words whatever their case: SQLite folds the case of Latin letters only."""

from functools import reduce
from operator import and_, or_

from django.db.models import Q

MOST_WORDS = 8


def any_case(fields: list[str], text: str) -> Q:
    """Every word of the text stands in one of the fields, as typed, in lower, upper or title case."""
    words = text.split()[:MOST_WORDS]
    return reduce(and_, (_word(fields, word) for word in words), Q())


def _word(fields: list[str], word: str) -> Q:
    forms = {word, word.lower(), word.upper(), word.capitalize()}
    return reduce(or_, (Q(**{f"{field}__icontains": form}) for field in fields for form in sorted(forms)))
