"""Who gets where: the declared table of every URL × method × role × own, near or far place.

Each app declares its URL names in `tests/access/<app>.py`:

    from tests.access import HEAD_AND_MANAGERS, MANAGERS, PUBLIC, SIGNED_IN, rule

    ACCESS = {
        "network:organisations": PUBLIC,                                # everyone, no object
        "network:staff": rule(own="head methodist official"),           # these roles (and admin), others 403
        "network:organisation-edit": HEAD_AND_MANAGERS.at(              # an object made in each place
            lambda world, place: {"key": place.organisation.key}
        ).posts().seen(own=EVERYONE, near=EVERYONE, far=EVERYONE),      # others see it: 403, not 404
    }

`tests/test_access.py` walks every URL name of the resolver and fails for one that is not declared.
The places: `own` is the school of teacher, head and expert in the municipality of methodist and official;
`near` another school of that municipality; `far` a school of another municipality. The outcomes:

    may        gets through: GET 200 or a redirect to elsewhere than the sign-in; POST (empty) not 403/404/login
    seen       sees the object but may not do this: 403
    the rest   404 where there is an object, 403 where there is none; a visitor is sent to the sign-in
    a method that is not declared gives 405 to those who may, nothing better to the others

`at(maker)` gets (world, place) and returns the kwargs of `reverse`; it is run once a place, inside a
transaction that is rolled back. `query` is a query string. The administrator may everything unless `admin=False`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.world import ROLES, Place, World

PLACES = ("own", "near", "far")
EVERYONE = " ".join(ROLES)
EMPLOYEES = "teacher head methodist official expert admin"
Maker = Callable[[World, Place], dict[str, Any]]


@dataclass(frozen=True)
class Rule:
    """One URL name: who may, who is told 403, by which methods, and how its object is made."""

    may: Mapping[str, frozenset[str]]
    sees: Mapping[str, frozenset[str]] = field(default_factory=dict)
    methods: tuple[str, ...] = ("GET",)
    maker: Maker | None = None
    query: str = ""
    ok: frozenset[str] = frozenset({"200", "302", "303"})
    is_public: bool = False

    def at(self, maker: Maker, query: str = "") -> Rule:
        """With an object made in each place."""
        return replace(self, maker=maker, query=query)

    def posts(self, *, only: bool = False) -> Rule:
        """GET and POST; POST alone with `only`."""
        return replace(self, methods=("POST",) if only else ("GET", "POST"))

    def seen(self, *, own: str = "", near: str = "", far: str = "") -> Rule:
        """These roles see the object: without the right they are told 403."""
        return replace(self, sees=_sets(own, near, far))

    def answers(self, *codes: int) -> Rule:
        """What getting through looks like, where it is not 200 or a redirect."""
        return replace(self, ok=frozenset(map(str, codes)))

    def public(self) -> Rule:
        """The view asks nobody to sign in: a visitor who does not see the object gets 404."""
        return replace(self, is_public=True)

    def outcome(self, role: str, place: str) -> str:
        """«ok», «login», «403» or «404»."""
        if role in self.may[place]:
            return "ok"
        if role == "visitor" and not self.is_public:
            return "login"
        if self.maker is None or role in self.sees.get(place, frozenset()):
            return "403"
        return "404"


def rule(*, own: str = "", near: str = "", far: str = "", admin: bool = True) -> Rule:
    """Roles by name, separated by spaces, who may at each place."""
    extra = " admin" if admin else ""
    return Rule(may=_sets(own + extra, near + extra, far + extra))


def _sets(own: str, near: str, far: str) -> dict[str, frozenset[str]]:
    sets = {place: frozenset(words.split()) for place, words in zip(PLACES, (own, near, far), strict=True)}
    unknown = frozenset().union(*sets.values()) - set(ROLES)
    if unknown:
        raise ValueError(f"no such role: {', '.join(sorted(unknown))}")
    return sets


PUBLIC = rule(own=EVERYONE, near=EVERYONE, far=EVERYONE)
SIGNED_IN = rule(own=EMPLOYEES, near=EMPLOYEES, far=EMPLOYEES)
# Methodist and official in their municipality.
MANAGERS = rule(own="methodist official", near="methodist official")
METHODISTS = rule(own="methodist", near="methodist")
OFFICIALS = rule(own="official", near="official")
# The head in the own organisation, methodist and official in the municipality.
HEAD_AND_MANAGERS = rule(own="head methodist official", near="methodist official")
# Those who work in the organisation or manage its municipality.
STAFF = rule(own="teacher head expert methodist official", near="methodist official")
# Everybody who works in the municipality.
NEIGHBOURS = rule(own=EMPLOYEES, near=EMPLOYEES)
ADMIN = rule()
