"""Cells of a plan as municipalities write it: titles of columns, dates, times, forms (field facts, C6)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from core.imports import parsers
from core.imports.spec import BadValue, Field, Noted
from core.imports.table import Cell, as_text
from core.imports.words import normal
from events.models import EventFormat
from events.rough_dates import words_of

_DAY = re.compile(r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$|^(\d{4})-(\d{2})-(\d{2})$")
_DASHES = ("-", "–", "—")
_TIME = re.compile(r"^(\d{1,2})[:.](\d{2})(?::\d{2})?$")
# Beginnings of words; the first that stands in the text is the form. Longer forms before the shorter in them.
_FORMATS = (
    ("мастер класс", EventFormat.MASTER_CLASS),
    ("вебинар", EventFormat.WEBINAR),
    ("открыт", EventFormat.OPEN_LESSON),
    ("десант", EventFormat.LANDING),
    ("круглый стол", EventFormat.ROUND_TABLE),
    ("круглого стол", EventFormat.ROUND_TABLE),
    ("конференц", EventFormat.CONFERENCE),
    ("марафон", EventFormat.MARATHON),
    ("экспедиц", EventFormat.EXPEDITION),
    ("стажиров", EventFormat.INTERNSHIP),
    ("консультац", EventFormat.CONSULTATION),
    ("совещан", EventFormat.MEETING),
    ("конкурс", EventFormat.CONTEST),
    ("олимпиад", EventFormat.CONTEST),
    ("фестивал", EventFormat.FESTIVAL),
    ("заседани", EventFormat.ASSOCIATION),
    ("методическ объединен", EventFormat.ASSOCIATION),
    ("клуб", EventFormat.CLUB),
    ("семинар", EventFormat.SEMINAR),
    ("практикум", EventFormat.SEMINAR),
)


def words(limit: int) -> Callable[[Cell], str | Noted]:
    """A line of text, cut to the limit; a dash stands for nothing."""
    parse = parsers.text(limit, cut=True)
    return lambda cell: "" if as_text(cell) in _DASHES else parse(cell)


def form_of(text: str) -> EventFormat | None:
    """The form that the words name, None when they name none."""
    words = f" {normal(text)}"
    return next((form for stem, form in _FORMATS if f" {stem}" in words), None)


def format_(cell: Cell) -> str:
    text = as_text(cell)
    exact = next((value for value, label in EventFormat.choices if normal(label) == normal(text)), None)
    return exact or form_of(text) or EventFormat.OTHER.value


def when(cell: Cell) -> str:
    """The words; a day becomes «15 октября 2026»."""
    if isinstance(cell, dt.datetime):
        clock = f", {cell:%H:%M}" if cell.time() != dt.time() else ""
        return words_of(cell.date(), cell.date()) + clock
    if isinstance(cell, dt.date):
        return words_of(cell, cell)
    text = as_text(cell)
    if match := _DAY.match(text):
        day, month, year, iso_year, iso_month, iso_day = match.groups()
        try:
            found = dt.date(int(iso_year or year), int(iso_month or month), int(iso_day or day))
        except ValueError as error:
            raise BadValue(f"«{text}»: такого дня нет") from error
        return words_of(found, found)
    if len(text) > 200:
        raise BadValue("длиннее 200 знаков")
    return text


def clock(cell: Cell) -> str:
    """«10:00» from text, a time or a share of the day; other words are left out."""
    if isinstance(cell, float) and 0 <= cell < 1:
        minutes = round(cell * 24 * 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    if isinstance(cell, dt.datetime):
        return f"{cell:%H:%M}"
    match = _TIME.match(as_text(cell))
    return f"{int(match[1]):02d}:{match[2]}" if match else ""


FIELDS = (
    Field("number", "№", ("№ п/п", "п/п", "номер", "N"), words(300)),
    Field(
        "title",
        "Мероприятие",
        (
            "Мероприятие/тема", "Мероприятие, тема", "Тема", "Название", "Наименование мероприятия",
            "Наименование", "Название мероприятия", "Содержание", "Содержание деятельности", "Мероприятия",
            "Вид деятельности", "Тема мероприятия",
        ),
        words(500),
        required=True,
    ),
    Field("format", "Форма", ("Форма проведения", "Формат", "Вид", "Вид мероприятия", "Форма мероприятия"), format_),
    Field(
        "when",
        "Дата, время",
        (
            "Срок", "Сроки", "Дата", "Дата проведения", "Сроки проведения", "Срок проведения", "Срок исполнения",
            "Месяц", "Дата и время", "Дата и место", "Период",
        ),
        when,
        hint="Точная дата или слова: «сентябрь», «1 раз в четверть», «в течение года».",
    ),
    Field("begins", "Начало", ("Время начала", "Время", "Начало мероприятия"), clock),
    Field("ends", "Окончание", ("Время окончания", "Конец"), clock),
    Field(
        "place",
        "Место",
        ("Место проведения", "Место (ОО)", "ОО", "ОУ", "Площадка", "Организация", "Место, ссылка", "Ссылка"),
        words(300),
    ),
    Field(
        "audience",
        "Категория участников",
        ("Участники", "Целевая аудитория", "Категория", "Для кого", "Состав участников", "Аудитория"),
        words(300),
    ),
    Field(
        "responsible",
        "Ответственный",
        (
            "Ответственные", "Исполнитель", "Исполнители", "Ответственный, выступающие", "Преподаватель",
            "Ответственный исполнитель", "Выступающие", "Ответственное лицо", "ФИО ответственного",
        ),
        words(500),
    ),
    Field("direction", "Направление", ("Тематика", "Направление работы", "Раздел"), words(200)),
    Field(
        "expected_result",
        "Ожидаемый результат",
        ("Результат", "Ожидаемые результаты", "Планируемый результат", "Итог", "Выход"),
        words(1000),
    ),
    Field(
        "measure",
        "Показатель эффективности",
        ("Показатель", "Показатели", "Критерий", "Целевой показатель"),
        words(500),
    ),
)  # fmt: skip
