"""Items of a plan from a spreadsheet, into a draft."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db.models import Max

from core.imports.audit import log_changed, log_created
from core.imports.spec import Fate, ImportSpec, Outcome, Row, register
from core.imports.words import normal, same_name
from events.forms.plans import outside
from events.models import EventFormat, EventPlan, PlanItem
from events.plan_cells import FIELDS, form_of
from events.rough_dates import RoughDate, read_rough_date
from events.webinar_log import WebinarLog
from network.models import Direction, Organisation

__all__ = ["PlanItemsImport", "WebinarLog"]

MOST_ITEMS = 1000
_PLAIN = (
    "format",
    "audience",
    "responsible",
    "expected_result",
    "measure",
    "place",
    "organisation",
    "direction",
)
_WRITTEN = ("title", "when_text", "starts_on", "ends_on", "is_repeated", *_PLAIN)
_NO_TIME = "нет срока: напишите дату или слова, хотя бы «в течение года»"
_HEADING = "Похоже на заголовок раздела"


@dataclass
class Target:
    """An item to be written, new or with (old, new) by field."""

    item: PlanItem
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)


@register
class PlanItemsImport(ImportSpec):
    """`params`: plan (id of a draft). A row is the item of the same title and time, else of the same title alone."""

    kind = "events.plan_items"
    title = "Загрузка пунктов плана"
    section = "events"
    noun = "пункт,пункта,пунктов"
    fields: ClassVar = FIELDS

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        plans = EventPlan.objects.select_related("municipality", "community", "organisation")
        self.plan = plans.get(pk=params["plan"])
        self.year = self.plan.school_year

    def allows(self, person: Any) -> bool:
        return self.plan.is_draft and person.has_perm("events.change_eventplan", self.plan)

    def where(self) -> str:
        return str(self.plan)

    def start_url(self) -> str:
        return f"{self.plan.get_absolute_url()}import/"

    def result_url(self) -> str:
        return self.plan.get_absolute_url()

    def missing(self, columns: dict[str, int]) -> list[str]:
        # Without a column of dates the rows may stand under months: «Сентябрь», «Октябрь».
        return [] if "title" in columns else ["Мероприятие"]

    def judge(self, rows: list[Row], *, lock: bool) -> list[Outcome]:
        if lock:
            EventPlan.objects.select_for_update(of=("self",)).get(pk=self.plan.pk)
        self._read_what_is_known()
        headings = self._settle(rows)
        keys = {self._key(row): row.number for row in rows if not row.problems and row.number not in headings}
        titles = defaultdict(set)
        for row in rows:
            titles[same_name(row.get("title", ""))].add(row.number)
        outcomes, new = [], 0
        for row in rows:
            if row.number in headings:
                row.notes.append(_HEADING)
                outcomes.append(Outcome(row, Fate.SUPERSEDED, headings[row.number]))
                continue
            alone = len(titles[same_name(row.get("title", ""))]) == 1
            outcome = self._outcome(row, keys, alone, new)
            new += outcome.fate == Fate.ADDED
            outcomes.append(outcome)
        return outcomes

    def write(self, outcomes: Sequence[Outcome], *, by: Any, options: dict[str, Any]) -> None:
        new = [outcome.target.item for outcome in outcomes if outcome.fate == Fate.ADDED]
        changed = [outcome.target for outcome in outcomes if outcome.fate == Fate.CHANGED]
        last = self.plan.items.aggregate(last=Max("position"))["last"] or 0
        for position, item in enumerate(new, last + 1):
            item.position = position
        PlanItem.objects.bulk_create(new, batch_size=500)
        PlanItem.objects.bulk_update([target.item for target in changed], _WRITTEN, batch_size=200)
        log_created(new, fields=["title", "when_text"], by=by)
        log_changed([(target.item, target.changes) for target in changed], by=by)

    def _read_what_is_known(self) -> None:
        items = list(self.plan.items.select_related("organisation", "direction"))
        self._count = len(items)
        self._by_key = {(same_name(item.title), normal(item.when_text)): item for item in items}
        self._by_title = defaultdict(list)
        for item in items:
            self._by_title[same_name(item.title)].append(item)
        schools = Organisation.objects.active().filter(municipality=self.plan.municipality_id)
        self._places = {same_name(one.short_name): one for one in schools}
        self._directions = {normal(one.name): one for one in Direction.objects.filter(is_active=True)}

    def _settle(self, rows: list[Row]) -> dict[int, str]:
        """Settle when each row is and what it names; returns the rows that are headings, with their words."""
        headings: dict[int, str] = {}
        month = ""
        for row in rows:
            words = row.get("title") or row.get("number") or ""
            lone = not (row.values.keys() - {"number", "title"}) and not row.problems
            if lone and words and not (row.get("title") and row.get("number")):
                headings[row.number] = words
                month = words if read_rough_date(words, self.year).starts_on else month
                continue
            if not row.get("title"):
                row.refuse("title", "нет названия мероприятия")
            said = row.get("when") or month
            if not said:
                row.refuse("when", _NO_TIME)
            row.values["when"] = said + self._clock(row)
            row.values["meant"] = read_rough_date(row.values["when"], self.year)
            if outside(row.values["meant"], self.year):
                row.refuse("when", f"«{said}» не относится к {self.year} учебному году")
            self._name_things(row)
        return headings

    def _clock(self, row: Row) -> str:
        times = [row.values.pop(name) for name in ("begins", "ends") if name in row.values]
        return f", {'–'.join(times)}" if times else ""

    def _name_things(self, row: Row) -> None:
        """Turn words into records where they are known."""
        row.values.setdefault("format", form_of(row.get("title", "")) or EventFormat.OTHER.value)
        if school := self._places.get(same_name(row.get("place", ""))):
            row.values["organisation"] = school
            row.values.pop("place")
        if said := row.values.pop("direction", None):
            if found := self._directions.get(normal(said)):
                row.values["direction"] = found
            else:
                row.notes.append(f"Направления «{said[:60]}» нет в справочнике, пункт останется без него")

    def _key(self, row: Row) -> tuple[str, str]:
        return same_name(row.get("title", "")), normal(row.get("when", ""))

    def _outcome(self, row: Row, last: dict[Any, int], alone: bool, new: int) -> Outcome:
        title = row.get("title", "без названия")
        if row.problems:
            return Outcome(row, Fate.REJECTED, title)
        if last[self._key(row)] != row.number:
            row.notes.append(f"То же мероприятие в тот же срок ниже, берётся строка {last[self._key(row)]}")
            return Outcome(row, Fate.SUPERSEDED, title)
        item = self._known(row, alone)
        if item is None:
            if self._count + new >= MOST_ITEMS:
                row.refuse("title", f"в плане не больше {MOST_ITEMS} пунктов")
                return Outcome(row, Fate.REJECTED, title)
            item = PlanItem(plan=self.plan, title=title)
            self._fill(row, item)
            return Outcome(row, Fate.ADDED, title, _written(item), target=Target(item))
        before = {name: getattr(item, name) for name in _WRITTEN}
        self._fill(row, item)
        changes = {name: (old, new_) for name, old in before.items() if old != (new_ := getattr(item, name))}
        lines = [(_label(name), _text(old), _text(new_)) for name, (old, new_) in changes.items()]
        fate = Fate.CHANGED if changes else Fate.UNCHANGED
        return Outcome(row, fate, title, lines, target=Target(item, changes))

    def _known(self, row: Row, alone: bool) -> PlanItem | None:
        same = self._by_title[same_name(row.get("title"))]
        return self._by_key.get(self._key(row)) or (same[0] if alone and len(same) == 1 else None)

    def _fill(self, row: Row, item: PlanItem) -> None:
        meant: RoughDate = row.get("meant")
        if normal(item.when_text) != normal(row.get("when")):
            item.set_when(row.get("when"), meant)
        for name in _PLAIN:
            if name in row.values:
                setattr(item, name, row.values[name])


def _written(item: PlanItem) -> list[tuple[str, str, str]]:
    shown = ("when_text", "starts_on", "ends_on", *_PLAIN)
    return [(_label(name), "", text) for name in shown if (text := _text(getattr(item, name)))]


def _label(name: str) -> str:
    field: Any = PlanItem._meta.get_field(name)
    return str(field.verbose_name).capitalize()


def _text(value: Any) -> str:
    if value in dict(EventFormat.choices):
        return str(dict(EventFormat.choices)[value])
    if isinstance(value, bool):
        return "да" if value else "нет"
    if hasattr(value, "strftime"):
        return f"{value:%d.%m.%Y}"
    return "" if value is None else str(value)
