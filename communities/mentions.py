"""«@Петрова» in a message: which member is meant.

Only members of the community can be mentioned. A name that is nobody's, or that two members bear, stays
plain text, so that trying names tells nothing about who is in the portal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from network.models import Person

MOST = 20
LONGEST = 120


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("ё", "е").split())


def _ways(person: Person) -> set[str]:
    """How people write the name, the surname first or last."""
    last, first, patronymic = person.last_name, person.first_name, person.patronymic
    short = f"{first[:1]}. {patronymic[:1]}." if patronymic else f"{first[:1]}."
    ways = [last, f"{last} {first}", f"{first} {last}", f"{last} {first[:1]}.", f"{last} {short}"]
    ways += [f"{last} {first} {patronymic}", f"{short} {last}", f"{last} {short.replace(' ', '')}"]
    ways.append(f"{first} {patronymic}")
    return {_plain(way) for way in ways if way.strip()}


def mentioned_in(text: str, members: Iterable[Person]) -> list[Person]:
    """Members named after «@», each once; the longest way that fits decides, and only if it is one person's."""
    chunks = text.split("@")[1 : MOST + 1]
    if not chunks:
        return []
    named: dict[str, set[Person]] = defaultdict(set)
    for person in members:
        for way in _ways(person):
            named[way].add(person)
    found: dict[int, Person] = {}
    for chunk in chunks:
        rest = _plain(chunk[:LONGEST])
        fitting = [way for way in named if rest.startswith(way) and _ends_there(rest, way)]
        people = named[max(fitting, key=len)] if fitting else set()
        if len(people) == 1:
            person = next(iter(people))
            found[person.pk] = person
    return list(found.values())


def _ends_there(rest: str, way: str) -> bool:
    return len(rest) == len(way) or not (rest[len(way)].isalnum() or rest[len(way)] == "-")
