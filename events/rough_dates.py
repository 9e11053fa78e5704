"""Dates as plans write them: «15 октября», «сентябрь», «1 раз в четверть», «в течение года».

The words are kept as they are; what they mean in days is an optional range. Quarters and half-years of a
school differ from place to place, so their ranges are whole months and only sort the plan.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass

from core.school_year import SchoolYear


@dataclass(frozen=True)
class RoughDate:
    """What the words say: first and last day (both or none), and whether it comes again in between."""

    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    repeats: bool = False


Span = tuple[dt.date, dt.date]

_STEMS = [
    "январ",
    "феврал",
    "март",
    "апрел",
    "ма",
    "июн",
    "июл",
    "август",
    "сентябр",
    "октябр",
    "ноябр",
    "декабр",
]
# «мая», «май», «мае», but neither «март» nor «массовый».
_MONTH = (
    r"(январ[ьяе]|феврал[ьяе]|март[ае]?|апрел[ьяе]|ма[йяе]|июн[ьяе]|июл[ьяе]|август[ае]?"
    r"|сентябр[ьяе]|октябр[ьяе]|ноябр[ьяе]|декабр[ьяе])\b"
)
_YEAR = r"(?:\s*(\d{4})(?:\s*г(?:ода|\.)?)?)?"
_TO = r"\s*(?:-|по|до)\s*"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_ORDINAL = {"перв": 1, "втор": 2, "трет": 3, "четверт": 4, "последн": -1}
_NUMBER = (
    r"(\d|iv|i{1,3}|перв\w*|втор\w*|трет\w*|четверт(?:ая|ой|ую)|последн\w*)(?:-?(?:я|й|е|ая|ой|ое|ом|ый|го))?"
)
_SCHOOL_QUARTERS = {1: (9, 10), 2: (11, 12), 3: (1, 3), 4: (4, 5)}
_HALF_YEARS = {1: (9, 12), 2: (1, 5)}
_SEASONS = {"осен": (9, 11), "зим": (12, 2), "весн": (3, 5), "весен": (3, 5), "лет": (6, 8)}

_DAY = re.compile(r"\b(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2}))?\b|\b(\d{4})-(\d{2})-(\d{2})\b")
_DAYS_IN_WORDS = re.compile(rf"\b(?:с\s+)?(\d{{1,2}})(?:{_TO}(\d{{1,2}}))?\s+{_MONTH}{_YEAR}")
_DAYS_ALONE = re.compile(r"\b(\d{1,2})\s*(?:-|по)\s*(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2}))?\b")
_MONTH_IN_WORDS = re.compile(rf"\b{_MONTH}{_YEAR}")
_PART = re.compile(rf"{_NUMBER}\s+(декад|недел|половин)\w*\s+{_MONTH}{_YEAR}")
_STRETCH = re.compile(rf"\b(начал|середин|кон(?:ец|ц))\w*\s+{_MONTH}{_YEAR}")
_PERIOD = re.compile(rf"\b{_NUMBER}\s+(учебн\w+\s+четверт|четверт|полугоди|квартал|триместр)\w*")
_SEASON = re.compile(r"\b(осен|зим|весн|весен|лет)(?:ью|ой|ом|ний|нии|них|ние|ний|няя|и|а|о)?\b")
# Holidays differ by a week or two from school to school.
_HOLIDAYS = {"осен": ((10, 24), (11, 8)), "зим": ((12, 26), (1, 10)), "весен": ((3, 20), (4, 4))}
_HOLIDAY = re.compile(r"\b(осен|зим|весен)ни[ехй]\w*\s+каникул")
_UNTIL = re.compile(r"^(?:до|не позднее|не позже)\b")
_AGAIN = re.compile(
    r"\bраза?\s+в\b|ежемесяч|еженедел|ежекварт|ежегод|кажд|регуляр|постоян|систематич"
    r"|\bпо\s+(?:понедельник|вторник|сред|четверг|пятниц|суббот)"
)
# «15.10, 12.11 и 10.12» are several days, «28 октября – 2 ноября» is one stretch.
_LISTED = re.compile(r"[,;]|\sи\s")
_WHOLE_YEAR = re.compile(
    r"в течение\s+(?:всего\s+)?(?:\d{4}\D\d{2,4}\s+)?(?:учебного\s+)?года|весь\s+(?:учебный\s+)?год|круглый год"
)


def read_rough_date(words: str, year: SchoolYear) -> RoughDate:
    """What the words of a plan for the school year mean in days; words that name no days give no range.

    A month without a year belongs to the school year; «до 1 октября» begins with the year. Never raises:
    what is not understood is text alone.
    """
    text = _plain(words)
    again = bool(_AGAIN.search(text))
    try:
        spans = _spans(text, year)
    except ValueError:
        # «31 ноября»: there is no such day.
        return RoughDate(repeats=again)
    if not spans and (again or _WHOLE_YEAR.search(text)):
        spans = [(year.starts_on, year.ends_on)]
    if not spans:
        return RoughDate(repeats=again)
    first, last = min(start for start, _ in spans), max(end for _, end in spans)
    if _UNTIL.search(text):
        first = min(year.starts_on, last)
    listed = len(spans) > 1 and bool(_LISTED.search(text))
    return RoughDate(first, last, again or listed)


def words_of(starts_on: dt.date, ends_on: dt.date) -> str:
    """Days in words: «15 октября 2026», «12–14 ноября 2026», «28 октября – 2 ноября 2026»."""
    if starts_on == ends_on:
        return _day_words(starts_on)
    if (starts_on.year, starts_on.month) == (ends_on.year, ends_on.month):
        return f"{starts_on.day}–{_day_words(ends_on)}"
    year = f" {starts_on.year}" if starts_on.year != ends_on.year else ""
    return f"{starts_on.day} {_GENITIVE[starts_on.month - 1]}{year} – {_day_words(ends_on)}"


_GENITIVE = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
_NOMINATIVE = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
]


def month_name(month: int) -> str:
    """«Сентябрь» for 9."""
    return _NOMINATIVE[month - 1].capitalize()


def _day_words(day: dt.date) -> str:
    return f"{day.day} {_GENITIVE[day.month - 1]} {day.year}"


def _plain(words: str) -> str:
    """Lower case, «ё» as «е», every dash as «-», clock times left out."""
    text = words.lower().replace("ё", "е").replace("\u00a0", " ")
    text = re.sub(r"[‐‑‒–—−]", "-", text)
    text = re.sub(r"\b\d{1,2}:\d{2}(?:\s*-\s*\d{1,2}:\d{2})?", " ", text)
    return " ".join(text.split())


def _spans(text: str, year: SchoolYear) -> list[Span]:
    """Every stretch of days named; the first kind of wording that is found is the one that is meant."""
    for read in (_exact, _parts_of_months, _months, _periods):
        if spans := read(text, year):
            return spans
    return []


def _exact(text: str, year: SchoolYear) -> list[Span]:
    spans = _each(_DAYS_ALONE, text, lambda m: _days(m[1], m[2], int(m[3]), m[4], year))
    spans += _each(_DAY, text, lambda m: _iso(m) if m[4] else _days(m[1], m[1], int(m[2]), m[3], year))
    return spans + _each(_DAYS_IN_WORDS, text, lambda m: _days(m[1], m[2] or m[1], _month(m[3]), m[4], year))


def _parts_of_months(text: str, year: SchoolYear) -> list[Span]:
    def part(m: re.Match[str]) -> Span:
        first, last = _whole(_month(m[3]), m[4], year)
        pieces = {"декад": 3, "половин": 2, "недел": 4}[m[2]]
        return _piece(first, last, _number(m[1]), pieces)

    def stretch(m: re.Match[str]) -> Span:
        first, last = _whole(_month(m[2]), m[3], year)
        return _piece(first, last, {"н": 1, "с": 2, "к": 3}[m[1][0]], 3)

    return _each(_PART, text, part) + _each(_STRETCH, text, stretch)


def _months(text: str, year: SchoolYear) -> list[Span]:
    found = [(_month(match[1]), match[2]) for match in _MONTH_IN_WORDS.finditer(text)]
    if not found:
        return []
    # «сентябрь – ноябрь 2026»: the year stands once, behind the last.
    spans = [_whole(month, said, year) for month, said in found]
    if len(found) == 2 and found[1][1] and not found[0][1] and spans[0][0] > spans[1][1]:
        spans[0] = _whole(found[0][0], str(int(found[1][1]) - 1), year)
    if len(found) == 2 and spans[0][0] > spans[1][1]:
        # «август – сентябрь»: the August before the year.
        spans[0] = _whole(found[0][0], str(spans[0][0].year - 1), year)
    return spans


def _periods(text: str, year: SchoolYear) -> list[Span]:
    def period(m: re.Match[str]) -> Span:
        number, kind = _number(m[1]), m[2]
        if kind == "квартал":
            months = (number * 3 - 2, number * 3)
        else:
            months = (_HALF_YEARS if kind == "полугоди" else _SCHOOL_QUARTERS)[number]
        return _whole(months[0], None, year)[0], _whole(months[1], None, year)[1]

    def season(m: re.Match[str]) -> Span:
        first, last = _SEASONS[m[1]]
        return _whole(first, None, year)[0], _whole(last, None, year)[1]

    def holiday(m: re.Match[str]) -> Span:
        days = [dt.date(_calendar_year(month, None, year), month, day) for month, day in _HOLIDAYS[m[1]]]
        return days[0], days[1]

    try:
        found = _each(_PERIOD, text, period) or _each(_HOLIDAY, text, holiday)
        return found or _each(_SEASON, text, season)
    except KeyError:
        return []


def _each(pattern: re.Pattern[str], text: str, read: Callable[[re.Match[str]], Span]) -> list[Span]:
    return [read(match) for match in pattern.finditer(text)]


def _iso(match: re.Match[str]) -> Span:
    day = dt.date(int(match[4]), int(match[5]), int(match[6]))
    return day, day


def _days(first: str, last: str, month: int, said: str | None, year: SchoolYear) -> Span:
    calendar_year = _calendar_year(month, said, year)
    return dt.date(calendar_year, month, int(first)), dt.date(calendar_year, month, int(last))


def _whole(month: int, said: str | None, year: SchoolYear) -> Span:
    calendar_year = _calendar_year(month, said, year)
    last = calendar.monthrange(calendar_year, month)[1]
    return dt.date(calendar_year, month, 1), dt.date(calendar_year, month, last)


def _calendar_year(month: int, said: str | None, year: SchoolYear) -> int:
    if said:
        return int(said) if len(said) == 4 else 2000 + int(said)
    return year.start if month >= 9 else year.start + 1


def _piece(first: dt.date, last: dt.date, number: int, pieces: int) -> Span:
    """The numbered third, half or week of a month; the last piece takes what remains."""
    if number in (-1, pieces) or number > pieces:
        number = pieces
    length = {2: 15, 3: 10, 4: 7}[pieces]
    start = first + dt.timedelta(days=length * (number - 1))
    return start, last if number == pieces else start + dt.timedelta(days=length - 1)


def _month(word: str) -> int:
    stems = [number for number, stem in enumerate(_STEMS, 1) if word.startswith(stem)]
    # «март» begins with «ма» too.
    return 3 if word.startswith("март") else stems[0]


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    if word in _ROMAN:
        return _ROMAN[word]
    return next(number for stem, number in _ORDINAL.items() if word.startswith(stem))
