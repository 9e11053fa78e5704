"""Organisations from a register or a list: the INN is the key, the acting and latest row of it is taken."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, ClassVar

from django.urls import reverse

from core import search
from core.imports.audit import log_changed, log_created
from core.imports.spec import Fate, ImportSpec, Outcome, Row, register
from core.imports.words import same_name
from network.imports.coordinates import Bounds, place_all
from network.imports.naming import kind_by_name, kind_in_words, short_name
from network.imports.organisation_cells import FIELDS
from network.models import Municipality, Organisation, OrganisationKind

_ACTING = re.compile(r"^(действ|активн|функционир|работает)", re.IGNORECASE)
_COMPARED = ("ogrn", "full_name", "short_name", "kind", "address", "phone", "email", "website")
_WRITTEN = ("inn", *_COMPARED, "latitude", "longitude")
_TITLES = {field.name: field.title for field in FIELDS}
_BATCH = 200


@register
class OrganisationImport(ImportSpec):
    """`params`: municipality — the id of the municipality whose network the organisations join."""

    kind = "network.organisations"
    title = "Загрузка организаций"
    section = "network"
    noun = "организация,организации,организаций"
    fields: ClassVar = FIELDS

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.municipality = Municipality.objects.get(pk=params["municipality"])

    def allows(self, person: Any) -> bool:
        manages = Municipality.objects.managed_by(person).filter(pk=self.municipality.pk).exists()
        return manages and person.has_perm("network.import_organisation", self.municipality)

    def where(self) -> str:
        return self.municipality.name

    def start_url(self) -> str:
        return reverse("network:organisation-import")

    def result_url(self) -> str:
        return reverse("network:organisations")

    def missing(self, columns: dict[str, int]) -> list[str]:
        lacks = [] if {"full_name", "short_name"} & columns.keys() else ["Полное название"]
        return (
            lacks
            if ("latitude" in columns) == ("longitude" in columns)
            else [*lacks, "Широта и долгота: обе"]
        )

    def judge(self, rows: list[Row], *, lock: bool) -> list[Outcome]:
        self._lock = lock
        taken = self._choose(rows)
        kept = [row for row in rows if row.number not in taken and not row.problems]
        self._locate(kept)
        known = self._known(kept)
        outcomes = []
        for row in rows:
            if row.number in taken and not row.problems:
                row.notes.append(taken[row.number])
                outcomes.append(Outcome(row, Fate.SUPERSEDED, _title(row)))
            elif row.problems:
                outcomes.append(Outcome(row, Fate.REJECTED, _title(row)))
            else:
                outcomes.append(self._compare(row, known))
        return outcomes

    def write(self, outcomes: Sequence[Outcome], *, by: Any, options: dict[str, Any]) -> None:
        new = [outcome.target for outcome in outcomes if outcome.fate == Fate.ADDED]
        Organisation.objects.bulk_create(new, batch_size=_BATCH)
        log_created(new, fields=_WRITTEN, by=by)
        changed = [outcome.target for outcome in outcomes if outcome.fate == Fate.CHANGED]
        for organisation, fields in changed:
            for name, (_, value) in fields.items():
                setattr(organisation, name, value)
        Organisation.objects.bulk_update(
            [organisation for organisation, _ in changed],
            [*_COMPARED, "latitude", "longitude"],
            batch_size=_BATCH,
        )
        log_changed(changed, by=by)
        search.index(new + [organisation for organisation, _ in changed])

    def _choose(self, rows: list[Row]) -> dict[int, str]:
        """Row number → why it is not taken: of an organisation's rows the acting one wins, of those the latest."""
        stated = any(_ACTING.match(row.get("status", "")) for row in rows)
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if stated and not _ACTING.match(row.get("status", "")) and row.get("status"):
                # A row that is not taken anyway need not be right.
                row.problems.clear()
            if not row.problems:
                groups[row.get("inn", "")].append(row)
        reasons: dict[int, str] = {}
        for inn, group in groups.items():
            acting = [row for row in group if not stated or _ACTING.match(row.get("status", ""))]
            best = max(
                acting, key=lambda row: (row.get("registered_on", dt.date.min), row.number), default=None
            )
            for row in group:
                if row is best or (not inn and row in acting):
                    continue
                reasons[row.number] = _why_not(row, best if inn else None, acting=row in acting)
        return reasons

    def _locate(self, rows: list[Row]) -> None:
        """Replace coordinates by the point, the right way round."""
        for row in rows:
            latitude, longitude = row.values.pop("latitude", None), row.values.pop("longitude", None)
            if latitude is not None and longitude is not None:
                row.values.setdefault("coordinates", (latitude, longitude))
            elif latitude is not None or longitude is not None:
                row.notes.append("Координаты не взяты: широта и долгота нужны обе")
        places = place_all([row.get("coordinates") for row in rows], self._bounds())
        for row, place in zip(rows, places, strict=True):
            pair = row.values.pop("coordinates", None)
            if place.point:
                row.values["point"] = place.point
                row.notes += [place.note] if place.note else []
            elif pair:
                words = f"{pair[0]}, {pair[1]}"
                row.problems.append(
                    ("Координаты", f"«{words}»: такой точки в России нет, проверьте оба числа")
                )

    def _bounds(self) -> Bounds | None:
        place = self.municipality
        sides = (place.south, place.north, place.west, place.east)
        return None if None in sides else Bounds(*sides)  # type: ignore[arg-type]

    def _known(self, rows: list[Row]) -> dict[Any, list[Organisation]]:
        """Organisations there are, by INN (everywhere) and by name with address (here, those without INN)."""
        known: dict[Any, list[Organisation]] = defaultdict(list)
        source = Organisation.objects.order_by("pk")
        if self._lock:
            Municipality.objects.select_for_update().get(pk=self.municipality.pk)
            source = source.select_for_update()
        self._namesakes: dict[tuple[str, str], list[Organisation]] = defaultdict(list)
        for organisation in source.filter(municipality=self.municipality):
            name = _unnumbered(organisation.full_name, organisation.address)
            known[organisation.inn or name].append(organisation)
            self._namesakes[name].append(organisation)
        strange = [row.get("inn") for row in rows if row.get("inn") and row.get("inn") not in known]
        for start in range(0, len(strange), 900):
            for organisation in source.filter(inn__in=strange[start : start + 900]):
                known[organisation.inn].append(organisation)
        return known

    def _compare(self, row: Row, known: dict[Any, list[Organisation]]) -> Outcome:
        values = self._values(row)
        if inn := row.get("inn"):
            found = known[inn]
            if found and found[0].municipality_id != self.municipality.pk:
                row.refuse("inn", f"организация с ИНН {inn} уже есть в сети другого муниципалитета")
        else:
            found = known[_unnumbered(values.get("full_name", ""), values.get("address", ""))]
            row.notes.append("Без ИНН: организация узнаётся только по точному совпадению названия и адреса")
        if not values.get("full_name"):
            row.refuse("full_name", "нет названия организации")
        if row.problems:
            return Outcome(row, Fate.REJECTED, _title(row))
        if not found:
            return self._added(row, values)
        # Two rows without INN and with one name are two organisations, so each meets a record of its own.
        return _changed(row, values, found[0] if inn else found.pop(0))

    def _values(self, row: Row) -> dict[str, Any]:
        values = {
            name: row.values[name] for name in ("inn", *_COMPARED) if name in row.values and name != "kind"
        }
        if "full_name" not in values and "short_name" in values:
            values["full_name"] = values["short_name"]
        if "point" in row.values:
            values["latitude"], values["longitude"] = row.values["point"]
        if said := row.get("kind"):
            kind = kind_in_words(said)
            if kind:
                values["kind"] = kind.value
            elif said.lower() != "other":
                row.notes.append(f"Вид «{said}» не из списка портала")
        return values

    def _added(self, row: Row, values: dict[str, Any]) -> Outcome:
        values.setdefault("kind", kind_by_name(values["full_name"]).value)
        guesses = {} if "kind" in row.columns else {"kind": values["kind"]}
        if "short_name" not in values:
            values["short_name"] = short_name(values["full_name"])
        if self._namesakes.get(_unnumbered(values["full_name"], values.get("address", ""))):
            row.notes.append(
                "В сети уже есть организация с таким названием и адресом: проверьте, не она ли это"
            )
        organisation = Organisation(municipality=self.municipality, **values)
        written = _lines({name: ("", value) for name, value in values.items()})
        return Outcome(row, Fate.ADDED, organisation.short_name, written, guesses, target=organisation)


def _changed(row: Row, values: dict[str, Any], organisation: Organisation) -> Outcome:
    if "short_name" in values and "full_name" not in row.values:
        values.pop("full_name")
    fields = {
        name: (getattr(organisation, name), value)
        for name, value in values.items()
        if getattr(organisation, name) != value
    }
    changes = _lines(fields)
    if not organisation.is_active:
        row.notes.append("Организация вышла из сети, загрузка её не возвращает")
    fate = Fate.CHANGED if changes else Fate.UNCHANGED
    return Outcome(row, fate, organisation.short_name, changes, target=(organisation, fields))


def _lines(fields: dict[str, tuple[Any, Any]]) -> list[tuple[str, str, str]]:
    """Old and new values by the Russian titles of the fields."""
    return [(_TITLES[name], _shown(name, old), _shown(name, new)) for name, (old, new) in fields.items()]


def _why_not(row: Row, best: Row | None, *, acting: bool) -> str:
    if best is not None and not acting:
        return f"Взята действующая запись той же организации, строка {best.number}"
    if best is not None:
        return f"Взята более поздняя запись той же организации, строка {best.number}"
    status = row.get("status")
    return f"Не действует: «{status}»" if status else "Не действует: состояние не указано"


def _unnumbered(name: str, address: str) -> tuple[str, str]:
    return same_name(name), same_name(address)


def _shown(name: str, value: Any) -> str:
    if name == "kind" and value:
        return OrganisationKind(value).label
    return "" if value is None else str(value)


def _title(row: Row) -> str:
    return str(row.get("short_name") or row.get("full_name") or row.get("inn") or "")
