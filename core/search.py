"""Search with Russian word forms over what the person may see.

An app registers its models in `<app>/portal.py`:

    search_source("network.organisation", Organisation, "Организации", entry)

where `entry(obj)` gives an `Entry`; the model has an integer key and its manager `.visible_to(person)`.
Actions call `index([obj])` in the transaction of the change, imports `index(queryset)` once at the end;
`manage.py reindex` makes everything anew.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

import snowballstemmer
from django.db import models, transaction
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.models import SearchEntry

WORD = re.compile(r"\w+")
MOST_WORDS = 8
# So many found records of a source are named in the question what the person may see; of more all of it is asked.
MOST_NAMED = 2000
_stemmer = snowballstemmer.stemmer("russian")


@dataclass(frozen=True)
class Entry:
    """What is shown of a record in results, and in `text` what else it is found by."""

    title: str
    url: str
    summary: str = ""
    text: str = ""


@dataclass(frozen=True)
class Source:
    """A model that is searched; `title` names the group of results."""

    key: str
    model: Any
    title: str
    entry: Callable[[Any], Entry]
    related: tuple[str, ...] = ()

    def records(self) -> models.QuerySet:
        return self.model._default_manager.select_related(*self.related)


sources: dict[str, Source] = {}


def search_source(
    key: str, model: Any, title: str, entry: Callable[[Any], Entry], *, related: tuple[str, ...] = ()
) -> None:
    """Register a model; `related` are the relations `entry` reads."""
    sources[key] = Source(key, model, title, entry, related)


def words_of(text: str) -> list[str]:
    """Words in lower case, ё as е."""
    return WORD.findall(text.lower().replace("ё", "е"))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    return _stemmer.stemWord(word)


def _spaced(text: str) -> str:
    words = words_of(text)
    return f" {' '.join(dict.fromkeys([*words, *map(stem, words)]))} "


def index(objs: Iterable[Any]) -> int:
    """Make the entries of records of one model anew; returns how many."""
    count, rest = 0, iter(objs)
    while batch := list(islice(rest, 500)):
        source = _source_of(batch[0])
        entries = [_entry_row(source, obj) for obj in batch]
        with transaction.atomic():
            SearchEntry.objects.bulk_create(
                entries,
                update_conflicts=True,
                unique_fields=["source", "object_id"],
                update_fields=["title", "summary", "url", "title_words", "words"],
            )
        count += len(entries)
    return count


def forget(obj: Any) -> None:
    """Take a record out of search."""
    SearchEntry.objects.filter(source=_source_of(obj).key, object_id=obj.pk).delete()


def reindex() -> int:
    """Make every entry anew, a source at a time; entries of records that are gone go with it."""
    count = 0
    for source in sources.values():
        with transaction.atomic():
            SearchEntry.objects.filter(source=source.key).delete()
            count += index(source.records().order_by("pk").iterator(500))
    return count


def _source_of(obj: Any) -> Source:
    return next(source for source in sources.values() if source.model is type(obj))


def _entry_row(source: Source, obj: Any) -> SearchEntry:
    entry = source.entry(obj)
    return SearchEntry(
        source=source.key,
        object_id=obj.pk,
        title=entry.title[:300],
        summary=entry.summary[:300],
        url=entry.url,
        title_words=_spaced(entry.title),
        words=_spaced(f"{entry.title} {entry.summary} {entry.text}"),
    )


@dataclass(frozen=True)
class Question:
    """What was asked: every word must be found, by its stem or as the beginning of a word."""

    text: str
    words: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Question:
        return cls(text.strip(), tuple(dict.fromkeys(words_of(text)[:MOST_WORDS])))

    def found_in(self, field: str) -> Q:
        return Q(
            *(
                Q(**{f"{field}__contains": _beginning(word)}) | Q(**{f"{field}__contains": f" {stem(word)} "})
                for word in self.words
            )
        )

    def typed_in(self, field: str) -> Q:
        """Every word just as it was typed: «Петров» is not «Пётр», whose stem is the same."""
        return Q(*(Q(**{f"{field}__contains": _beginning(word)}) for word in self.words))

    def mark(self, text: str) -> SafeString:
        """The text with the words that were found in <mark>."""
        parts, end = [], 0
        for match in WORD.finditer(text):
            spaced = _spaced(match.group())
            if any(_beginning(word) in spaced or f" {stem(word)} " in spaced for word in self.words):
                parts.append(format_html("{}<mark>{}</mark>", text[end : match.start()], match.group()))
                end = match.end()
        return mark_safe("".join([*parts, format_html("{}", text[end:])]))


def _beginning(word: str) -> str:
    # «12» is not the beginning of «123», and two letters begin too much.
    return f" {word} " if len(word) < 3 or word.isdigit() else f" {word}"


def found(question: Question, person: Any) -> models.QuerySet[SearchEntry]:
    """Entries that hold every word and whose records the person may see; as typed in the title first.

    The words are looked for first, in a query of its own, as every entry is read for them: what the person may see
    is then asked of the records that were found, and of no source where nothing was.
    """
    if not question.words:
        return SearchEntry.objects.none()
    words = question.found_in("words")
    visible = Q(pk__in=[])
    for source, numbers in _numbers(words).items():
        records = source.model._default_manager.visible_to(person).order_by()
        of_source = Q(source=source.key)
        if len(numbers) > MOST_NAMED:
            of_source &= words
        else:
            records = records.filter(pk__in=numbers)
        visible |= of_source & Q(object_id__in=records.values("pk"))
    place = Case(
        When(question.typed_in("title_words"), then=Value(0)),
        When(question.found_in("title_words"), then=Value(1)),
        default=2,
        output_field=IntegerField(),
    )
    return SearchEntry.objects.filter(visible).order_by(place, F("title"), "pk")


def _numbers(words: Q) -> dict[Source, list[int]]:
    """The records whose entries hold the words, by source; sources without any are left out."""
    found_rows: dict[str, list[int]] = defaultdict(list)
    for key, number in SearchEntry.objects.filter(words).order_by().values_list("source", "object_id"):
        found_rows[key].append(number)
    return {source: found_rows[source.key] for source in sources.values() if source.key in found_rows}
