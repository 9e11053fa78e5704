"""The network: organisations by kind, staff by category, young teachers."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from core.documents import Chart, Column, Link, Paragraph, Table
from core.documents.content import Block
from core.documents.values import Text
from monitoring.computed import Scope
from monitoring.computed.people import EARLY_CAREER_YEARS, teachers
from monitoring.sections.section import Data, Section, address, linked, many, share
from network.models import Category, Organisation, OrganisationKind

QUALIFIED = [Category.FIRST, Category.HIGHEST, Category.METHODIST, Category.MENTOR]


class NetworkSection(Section):
    key = "network"
    title = "Сеть: организации и кадры"

    def collect(self, scope: Scope) -> Data:
        staff = teachers(scope).order_by()
        young = Q(person__service_since__gte=scope.year.start - EARLY_CAREER_YEARS)
        sums = {
            "teachers": Count("person", distinct=True),
            "qualified": Count("person", distinct=True, filter=Q(person__category__in=QUALIFIED)),
            "young": Count("person", distinct=True, filter=young),
        }
        by_place: dict[int, Any] = {
            row["organisation"]: row for row in staff.values("organisation").annotate(**sums)
        }
        places = Organisation.objects.active().filter(municipality=scope.municipality)
        return {
            "municipality": scope.municipality.pk,
            "year": scope.year.start,
            "day": scope.day.isoformat(),
            "totals": staff.aggregate(**sums),
            "categories": dict(
                staff.values_list("person__category").annotate(n=Count("person", distinct=True))
            ),
            "organisations": [
                {
                    "pk": place.pk,
                    "name": place.short_name,
                    "kind": place.kind,
                    "key": place.inn or place.short_name,
                    "url": address("network:organisation", place.key),
                    **{name: by_place.get(place.pk, {}).get(name, 0) for name in sums},
                }
                for place in places.only("inn", "short_name", "kind")
            ],
        }

    def headline(self, data: Data) -> list[Text]:
        totals, places = data["totals"], data["organisations"]
        qualified = share(totals["qualified"], totals["teachers"])
        words = f"В сети {many(len(places), 'организация,организации,организаций')}, "
        words += f"{many(totals['teachers'], 'педагог,педагога,педагогов')}"
        if qualified:
            words += f"; первую или высшую категорию имеют {totals['qualified']} из них"
        return [f"{words}."]

    def blocks(self, data: Data) -> list[Block]:
        totals = data["totals"]
        counted = {"year": data["year"], "municipality": data["municipality"]}
        everybody = address("monitoring:records", "qualified-teachers", part="denominator", **counted)
        young = address("monitoring:records", "early-career", part="numerator", **counted)
        return [
            Paragraph(
                [
                    "Педагогов в сети: ",
                    Link(totals["teachers"], everybody),
                    f". Молодых педагогов (стаж до {EARLY_CAREER_YEARS} лет): ",
                    Link(totals["young"], young),
                    ".",
                ]
            ),
            self._kinds(data),
            *self._categories(data),
            self._places(data),
        ]

    def _kinds(self, data: Data) -> Table:
        rows: list[list[Any]] = []
        for kind, label in OrganisationKind.choices:
            places = [place for place in data["organisations"] if place["kind"] == kind]
            if places:
                url = address("network:organisations", municipality=data["municipality"], kind=kind)
                rows.append([label, linked(len(places), url), sum(place["teachers"] for place in places)])
        rows.append(["Всего", len(data["organisations"]), sum(p["teachers"] for p in data["organisations"])])
        note = "Педагог, который работает в двух организациях, посчитан в каждой."
        return Table(
            "Организации сети",
            [Column("Вид"), Column("Организаций"), Column("Педагогов")],
            rows,
            note=note,
            total=True,
        )

    def _categories(self, data: Data) -> list[Block]:
        whole, counts = data["totals"]["teachers"], data["categories"]
        found = [(code, label, counts[code]) for code, label in Category.choices if counts.get(code)]
        if not found:
            return []
        rows = []
        for code, label, count in found:
            url = address("network:staff", role="teacher", category=code)
            rows.append([label, linked(count, url), share(count, whole)])
        words = "; ".join(f"{label}: {count}" for _, label, count in found)
        return [
            Table(
                "Педагоги по квалификационным категориям",
                [Column("Категория"), Column("Педагогов"), Column("Доля")],
                rows,
            ),
            Chart(
                "bar",
                "Квалификационные категории педагогов",
                [label for _, label, _ in found],
                [("Педагогов", [count for _, _, count in found])],
                alt=f"Число педагогов по категориям. {words}.",
                with_table=False,
            ),
        ]

    def _places(self, data: Data) -> Table:
        rows = []
        for place in data["organisations"]:
            n = place["teachers"]
            if not n:
                continue
            people = address("network:staff", organisation=place["key"], role="teacher")
            here = {"year": data["year"], "municipality": data["municipality"], "organisation": place["pk"]}
            rows.append(
                [
                    linked(place["name"], place["url"]),
                    linked(n, people),
                    linked(
                        share(place["qualified"], n),
                        address("monitoring:records", "qualified-teachers", **here),
                    ),
                    linked(share(place["young"], n), address("monitoring:records", "early-career", **here)),
                ]
            )
        return Table(
            "Кадры по организациям",
            [
                Column("Организация"),
                Column("Педагогов", "right"),
                Column("С первой и высшей категорией", "right"),
                Column("Молодых", "right"),
            ],
            rows,
        )
