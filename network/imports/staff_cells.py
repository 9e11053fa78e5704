"""Cells of a staff list: names, categories, years of service, roles as people write them."""

from __future__ import annotations

import re

from core.imports import parsers
from core.imports.spec import BadValue, Field, Noted
from core.imports.table import Cell, as_text
from core.school_year import SchoolYear
from network.models import Category, Role

_NOTHING = {"", "-", "–", "—", "нет", "не указан", "не указана"}
_INITIALS = re.compile(r"^[А-ЯЁ]\.?\s?([А-ЯЁ]\.?)?$")
_CATEGORIES = [
    (Category.METHODIST, r"педагог.{0,3}методист"),
    (Category.MENTOR, r"педагог.{0,3}наставник"),
    (Category.HIGHEST, r"^в$|высш|вкк"),
    (Category.FIRST, r"перв|^1|^i$|^i |1кк|1 кк"),
    (Category.FIT, r"соотв|сзд"),
    (Category.NONE, r"^нет|без кат|не имеет|не аттест|^-$|^–$|^—$"),
]
_ROLES = [
    (Role.HEAD, r"руковод|директор|заведующ|^head$"),
    (Role.METHODIST, r"методист|^methodist$"),
    (Role.OFFICIAL, r"специалист|орган управления|^official$"),
    (Role.EXPERT, r"эксперт|^expert$"),
    (Role.TEACHER, r"педагог|учител|воспитател|преподавател|^teacher$"),
]


def full_name(cell: Cell) -> tuple[str, str, str]:
    """Surname, name, patronymic (may be empty) from one cell."""
    parts = as_text(cell).replace(".", ". ").split()
    if len(parts) < 2 or any(_INITIALS.match(part) for part in parts[1:]):
        raise BadValue(f"«{as_text(cell)[:60]}»: нужны фамилия, имя и отчество полностью")
    last, first, *rest = parts
    return name(last), name(first), name(" ".join(rest))


def name(cell: Cell) -> str:
    """One part of a name; only capitals are turned into «Иванова», «Петров-Водкин»."""
    text = as_text(cell)
    if len(text) > 80:
        raise BadValue("длиннее 80 знаков")
    if any(char.isdigit() for char in text):
        raise BadValue(f"«{text[:60]}»: в имени не бывает цифр")
    return text.title() if text.isupper() and len(text) > 2 else text


def email(cell: Cell) -> str:
    return "" if _nothing(cell) else parsers.email(cell)


def category(cell: Cell) -> str:
    text = as_text(cell).lower().replace("ё", "е")
    for value, pattern in _CATEGORIES:
        if re.search(pattern, text):
            return value.value
    known = ", ".join(label for _, label in Category.choices)
    raise BadValue(f"«{as_text(cell)[:40]}»: бывает {known}")


def role(cell: Cell) -> str:
    text = as_text(cell).lower()
    for value, pattern in _ROLES:
        if re.search(pattern, text):
            return value.value
    known = ", ".join(label for _, label in Role.choices)
    raise BadValue(f"«{as_text(cell)[:40]}»: бывает {known}")


def service_since(cell: Cell) -> int | None:
    """The year pedagogical work began, from full years of service («12», «12 лет», «6 мес.») or a year («с 2014»)."""
    if _nothing(cell):
        return None
    text = as_text(cell).lower()
    match = re.search(r"\d+", text)
    if not match:
        raise BadValue(f"«{as_text(cell)[:40]}»: нужно число лет")
    value, this_year = int(match.group()), SchoolYear.current().start
    if 1950 <= value <= this_year + 1:
        return value
    if re.search(r"^\D*\d+\s*мес", text):
        value = 0
    if value > 70:
        raise BadValue(f"«{as_text(cell)[:40]}»: стаж не бывает больше 70 лет")
    return this_year - value


def optional_text(limit: int):
    """Text of at most `limit` characters; a dash or «нет» is nothing."""
    read = parsers.text(limit, cut=True)

    def parse(cell: Cell) -> str | Noted:
        return "" if _nothing(cell) else read(cell)

    return parse


def _nothing(cell: Cell) -> bool:
    return as_text(cell).lower() in _NOTHING


FIELDS = (
    Field(
        "full_name",
        "ФИО",
        (
            "фамилия имя отчество",
            "фио педагога",
            "фио сотрудника",
            "фио работника",
            "сотрудник",
            "педагог",
            "full_name",
            "ф и о",
            "фио полностью",
        ),
        full_name,
        "в одной колонке",
    ),
    Field("last_name", "Фамилия", ("last_name", "surname"), name, "если ФИО в трёх колонках"),
    Field("first_name", "Имя", ("first_name",), name),
    Field("patronymic", "Отчество", ("patronymic", "middle_name"), name),
    Field(
        "email",
        "Электронная почта",
        ("email", "e mail", "почта", "эл почта", "эл адрес", "адрес электронной почты", "имейл"),
        email,
        "по ней человек узнаётся и входит; у каждого своя",
    ),
    Field("inn", "ИНН организации", ("инн", "inn", "инн оо"), parsers.digits),
    Field(
        "organisation",
        "Организация",
        (
            "место работы",
            "школа",
            "оо",
            "наименование организации",
            "название организации",
            "учреждение",
            "образовательная организация",
            "краткое наименование организации",
            "organisation",
            "organization",
        ),
        parsers.text(600),
        "название точно как в портале",
    ),
    Field("position", "Должность", ("position", "занимаемая должность"), optional_text(200)),
    Field(
        "subject",
        "Предмет",
        ("subject", "преподаваемый предмет", "учебный предмет", "предметы"),
        optional_text(120),
    ),
    Field(
        "category",
        "Категория",
        ("квалификационная категория", "category", "кв категория", "квалификация категория"),
        category,
    ),
    Field(
        "service_since",
        "Стаж",
        (
            "педагогический стаж",
            "стаж лет",
            "пед стаж",
            "стаж работы",
            "общий стаж",
            "стаж педагогической работы",
            "service",
        ),
        service_since,
        "полных лет",
    ),
    Field("phone", "Телефон", ("phone", "тел", "мобильный телефон", "номер телефона"), optional_text(40)),
    Field(
        "role",
        "Роль",
        ("роль в портале", "role", "права"),
        role,
        "педагог, руководитель, методист…; без колонки – педагог",
    ),
)
