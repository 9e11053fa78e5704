"""Names of people in the cases of Russian grammar, as orders need them: «назначить Петрову Ирину Андреевну»."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from pytrovich.detector import PetrovichGenderDetector
from pytrovich.enums import Case, Gender, NamePart
from pytrovich.maker import PetrovichDeclinationMaker

if TYPE_CHECKING:
    from network.models import Person

CaseName = Literal["genitive", "dative", "accusative", "instrumental"]
_CASES = {
    "genitive": Case.GENITIVE,
    "dative": Case.DATIVE,
    "accusative": Case.ACCUSATIVE,
    "instrumental": Case.INSTRUMENTAL,
}


class _Name(NamedTuple):
    last: str
    first: str
    patronymic: str


def in_case(who: Person | str, case: CaseName) -> str:
    """The full name in the case: «Петрова Ирина Андреевна» → «Петровой Ирине Андреевне».

    A text is «Фамилия Имя Отчество». The gender is read from the patronymic, else from the name; a name the
    rules do not know stays as it is. The outcome stands in a text that a person reads before it is signed.
    """
    return " ".join(part for part in _declined(_name(who), case) if part)


def initials_in_case(who: Person | str, case: CaseName) -> str:
    """The surname in the case with initials before it: «И. А. Петровой»."""
    name = _name(who)
    letters = " ".join(f"{part[0]}." for part in (name.first, name.patronymic) if part)
    return f"{letters} {_declined(name, case).last}".strip()


def _name(who: Person | str) -> _Name:
    if isinstance(who, str):
        return _Name(*[*who.split(maxsplit=2), "", "", ""][:3])
    return _Name(who.last_name.strip(), who.first_name.strip(), who.patronymic.strip())


@lru_cache(maxsize=10_000)
def _declined(name: _Name, case: CaseName) -> _Name:
    if not any(name):
        return name
    gender = _detector().detect(
        firstname=name.first or None, middlename=name.patronymic or None, lastname=name.last or None
    )
    return _Name(
        _part(name.last, NamePart.LASTNAME, gender, case),
        _part(name.first, NamePart.FIRSTNAME, gender, case),
        _part(name.patronymic, NamePart.MIDDLENAME, gender, case),
    )


def _part(word: str, part: NamePart, gender: Gender, case: CaseName) -> str:
    return _maker().make(part, gender, _CASES[case], word) if word else ""


@cache
def _maker() -> PetrovichDeclinationMaker:
    return PetrovichDeclinationMaker()


@cache
def _detector() -> PetrovichGenderDetector:
    return PetrovichGenderDetector()
