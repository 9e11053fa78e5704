"""Cells of a list of organisations: numbers with control digits, coordinates, and the columns an import knows."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from core.imports import parsers
from core.imports.spec import BadValue, Field, Noted
from core.imports.table import Cell, as_text
from network.inn import inn_is_valid, ogrn_is_valid
from network.models import OrganisationKind


def _inn(cell: Cell) -> str | Noted:
    value = parsers.digits(cell)
    if len(value) == 12:
        raise BadValue(f"«{value}»: 12 цифр бывает у человека и ИП, у организации 10")
    note = ""
    if len(value) == 9 and inn_is_valid(f"0{value}"):
        value, note = f"0{value}", f"ИНН: восстановлен ноль в начале, 0{value}"
    if len(value) != 10:
        raise BadValue(f"«{value}»: в ИНН организации 10 цифр, здесь {len(value)}")
    if not inn_is_valid(value):
        raise BadValue(f"«{value}»: контрольная цифра не сходится, проверьте, нет ли опечатки")
    return Noted(value, note) if note else value


def _ogrn(cell: Cell) -> str | Noted:
    value = parsers.digits(cell)
    if ogrn_is_valid(value):
        return value
    return Noted("", f"ОГРН «{value[:20]}» не взят: контрольная цифра не сходится")


def _contact(read: Callable[[Cell], str]) -> Callable[[Cell], str | Noted]:
    """A contact must not keep an organisation out: the first of several that can be read, else none and a note."""

    def parse(cell: Cell) -> str | Noted:
        for part in re.split(r"[,;\s]+", as_text(cell)):
            try:
                return read(part)
            except BadValue:
                continue
        return Noted("", f"«{as_text(cell)[:60]}» не взято: это не адрес")

    return parse


def _pair(cell: Cell) -> tuple[Decimal, Decimal]:
    found = re.findall(r"\d+(?:\.\d+)?", as_text(cell)) if "." in as_text(cell) else []
    if len(found) != 2:
        raise BadValue(f"«{as_text(cell)[:40]}»: нужны два числа, например 44.101, 42.976")
    return Decimal(found[0]), Decimal(found[1])


FIELDS = (
    Field(
        "inn",
        "ИНН",
        ("inn", "инн организации", "инн оо", "инн юридического лица"),
        _inn,
        "10 цифр: по нему организация узнаётся",
    ),
    Field(
        "full_name",
        "Полное название",
        (
            "наименование",
            "название",
            "полное наименование",
            "full_name",
            "name",
            "организация",
            "учреждение",
            "наименование образовательной организации",
            "наименование организации",
            "полное название организации",
            "образовательная организация",
            "наименование оо",
            "наименование учреждения",
        ),
        parsers.text(600),
    ),
    Field(
        "short_name",
        "Краткое название",
        (
            "краткое наименование",
            "сокращенное наименование",
            "сокращенное название",
            "short_name",
            "краткое наименование организации",
        ),
        parsers.text(250),
    ),
    Field(
        "kind",
        "Вид",
        (
            "тип",
            "kind",
            "type",
            "тип организации",
            "вид организации",
            "тип оо",
            "вид оо",
            "тип образовательной организации",
        ),
        parsers.text(200),
        "школа, детский сад…; без колонки угадывается по названию",
        choices=tuple(OrganisationKind.choices),
    ),
    Field("ogrn", "ОГРН", ("ogrn", "огрн организации"), _ogrn),
    Field(
        "address",
        "Адрес",
        (
            "address",
            "adress",
            "место нахождения",
            "местонахождение",
            "юридический адрес",
            "адрес организации",
            "место нахождения образовательной организации",
            "адрес места нахождения",
            "фактический адрес",
        ),
        parsers.text(400, cut=True),
    ),
    Field(
        "latitude",
        "Широта",
        ("latitude", "lat", "географическая широта", "географические координаты широта"),
        parsers.number,
    ),
    Field(
        "longitude",
        "Долгота",
        ("longitude", "lon", "lng", "географическая долгота", "географические координаты долгота"),
        parsers.number,
    ),
    Field(
        "coordinates",
        "Координаты",
        ("географические координаты", "координаты широта долгота", "geo"),
        _pair,
        "широта и долгота в одной колонке",
    ),
    Field(
        "phone",
        "Телефон",
        ("phone", "тел", "телефоны", "контактный телефон", "номер телефона"),
        parsers.text(60, cut=True),
    ),
    Field(
        "email",
        "Электронная почта",
        ("email", "e mail", "эл почта", "почта", "адрес электронной почты"),
        _contact(parsers.email),
    ),
    Field(
        "website",
        "Сайт",
        ("site", "website", "url", "официальный сайт", "адрес сайта", "сайт организации"),
        _contact(parsers.website),
    ),
    Field(
        "status",
        "Состояние",
        ("статус лицензии", "статус", "состояние лицензии", "status"),
        parsers.text(300, cut=True),
        "берутся строки, где стоит «действует»",
    ),
    Field(
        "registered_on",
        "Дата записи",
        (
            "дата внесения в реестр",
            "registered_on",
            "дата регистрации",
            "дата внесения в реестр сведений",
            "дата выдачи лицензии",
        ),
        parsers.last_date,
        "из нескольких строк берётся последняя",
    ),
)
