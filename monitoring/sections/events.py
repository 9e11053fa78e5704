"""Events of the year: what was planned and held, by format and by competence area, and who came."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F
from django.db.models.functions import Coalesce

from core.documents import Chart, Column, Heading, Link, Paragraph, Table
from core.documents.content import Block
from core.documents.values import Text
from events.models import EventFormat, EventPlan, PlanItem
from monitoring.computed import Scope
from monitoring.computed.events import came, held
from monitoring.sections import event_feedback
from monitoring.sections.section import Data, Section, address, linked, many, share
from network.models import Direction, Organisation

OUTCOMES = {
    PlanItem.State.HELD: "Проведено",
    PlanItem.State.MOVED: "Перенесено, ждёт срока",
    PlanItem.State.PLANNED: "Ждёт срока",
    PlanItem.State.CANCELLED: "Отменено",
}
AREA = Coalesce("direction__parent__parent", "direction__parent", "direction")
AREA_OF_EVENT = Coalesce("event__direction__parent__parent", "event__direction__parent", "event__direction")


class EventsSection(Section):
    key = "events"
    title = "События: план и участие"

    def collect(self, scope: Scope) -> Data:
        events, visits = held(scope).order_by(), came(scope).order_by()
        people = {"visits": Count("pk"), "people": Count("person", distinct=True)}
        return {
            "municipality": scope.municipality.pk,
            "year": scope.year.start,
            "plan": _plan(scope),
            "held": events.count(),
            "totals": visits.aggregate(**people, places=Count("organisation", distinct=True)),
            "formats": _by(events, F("format"), visits, F("event__format")),
            "areas": _by(events, AREA, visits, AREA_OF_EVENT),
            "area_names": {
                str(pk): name for pk, name in Direction.objects.filter(parent=None).values_list("pk", "name")
            },
            "organisations": _places(scope, visits.values("organisation").annotate(**people)),
            "said": event_feedback.collect(scope),
        }

    def headline(self, data: Data) -> list[Text]:
        totals = data["totals"]
        lines: list[Text] = []
        if data["plan"]:
            counts = data["plan"]["counts"]
            whole = sum(counts.values())
            done = counts.get(PlanItem.State.HELD.value, 0)
            lines.append(f"План событий: проведено {done} из {many(whole, 'пункта,пунктов,пунктов')}.")
        if data["held"]:
            words = f"Состоялось {many(data['held'], 'событие,события,событий')}, пришли "
            words += f"{many(totals['people'], 'человек,человека,человек')} из "
            words += f"{many(totals['places'], 'организации,организаций,организаций')}."
            lines.append(words)
        return lines or ["Событий в этом учебном году ещё не было."]

    def blocks(self, data: Data) -> list[Block]:
        blocks = [*self._plan(data)]
        if not data["held"]:
            return [*blocks, Paragraph("Проведённых событий за учебный год нет.")]
        return [
            *blocks,
            Heading(2, "Что проведено"),
            self._formats(data),
            self._chart(data),
            self._areas(data),
            Heading(2, "Кто участвовал"),
            self._people(data),
            self._places(data),
            *self._said(data),
        ]

    def _plan(self, data: Data) -> list[Block]:
        plan = data["plan"]
        if not plan:
            return [Paragraph("План событий муниципалитета на этот учебный год не утверждён.")]
        counts = plan["counts"]
        whole = sum(counts.values())
        rows: list[list[Any]] = [
            [label, linked(counts[state], f"{plan['url']}?outcome={state}"), share(counts[state], whole)]
            for state, label in OUTCOMES.items()
            if counts.get(state)
        ]
        rows.append(["Всего пунктов", linked(whole, plan["url"]), None])
        return [
            Heading(2, "Выполнение плана"),
            Paragraph(["План: ", Link(plan["title"], plan["url"]), "."]),
            Table(
                "Пункты утверждённого плана муниципалитета",
                [Column("Состояние"), Column("Пунктов", "right"), Column("Доля", "right")],
                rows,
                total=True,
            ),
        ]

    def _formats(self, data: Data) -> Table:
        labels = dict(EventFormat.choices)
        rows = [[labels[one["key"]], *self._figures(data, one, format=one["key"])] for one in data["formats"]]
        return Table("События по формам", _columns("Форма"), [*rows, self._total(data)], total=True)

    def _areas(self, data: Data) -> Table:
        names = data["area_names"]
        rows = [
            [names.get(str(one["key"]), "без направления"), *self._figures(data, one, area=one["key"] or 0)]
            for one in data["areas"]
        ]
        return Table("События по областям компетенций", _columns("Область"), rows)

    def _chart(self, data: Data) -> Chart:
        labels = dict(EventFormat.choices)
        words = "; ".join(f"{labels[one['key']]}: {one['events']}" for one in data["formats"])
        return Chart(
            "bar",
            "События по формам",
            [str(labels[one["key"]]) for one in data["formats"]],
            [("Событий", [one["events"] for one in data["formats"]])],
            alt=f"Число проведённых событий по формам. {words}.",
            with_table=False,
        )

    def _people(self, data: Data) -> Paragraph:
        totals, here = data["totals"], self._here(data)
        return Paragraph(
            [
                "Участий: ",
                Link(totals["visits"], address("monitoring:records", "event-participants", **here)),
                f", людей: {totals['people']}. Педагогов сети: см. показатель ",
                Link(
                    "«Доля педагогов, участвовавших в событиях»",
                    address("monitoring:indicator", "teachers-in-events", **here),
                ),
                ".",
            ]
        )

    def _places(self, data: Data) -> Table:
        rows = [
            [
                linked(one["name"], address("network:organisation", one["key"])),
                one["people"],
                linked(
                    one["visits"],
                    address(
                        "monitoring:records",
                        "event-participants",
                        **self._here(data),
                        organisation=one["organisation"],
                    ),
                ),
            ]
            for one in data["organisations"]
        ]
        return Table(
            "Участие организаций",
            [Column("Организация"), Column("Людей", "right"), Column("Участий", "right")],
            rows,
        )

    def _said(self, data: Data) -> list[Block]:
        return event_feedback.blocks(data["said"], self._here(data)) if "said" in data else []

    def _here(self, data: Data) -> dict[str, Any]:
        return {"year": data["year"], "municipality": data["municipality"]}

    def _figures(self, data: Data, one: Data, **part: Any) -> list[Any]:
        query = {**self._here(data), **part}
        return [
            linked(one["events"], address("monitoring:records", "events-held", **query)),
            linked(one["visits"], address("monitoring:records", "event-participants", **query)),
        ]

    def _total(self, data: Data) -> list[Any]:
        one = {"events": data["held"], "visits": data["totals"]["visits"]}
        return ["Всего", *self._figures(data, one)]


def _plan(scope: Scope) -> Data | None:
    """The approved plan of the municipality with the outcomes of its items."""
    plan = (
        EventPlan.objects.municipal()
        .filter(municipality=scope.municipality, year=scope.year.start, state=EventPlan.State.APPROVED)
        .first()
    )
    if plan is None:
        return None
    items: Any = plan.items.with_outcome()
    counts = items.order_by().values_list("outcome").annotate(Count("pk"))
    return {"title": plan.title, "url": plan.get_absolute_url(), "counts": dict(counts)}


def _by(events: Any, of_event: Any, visits: Any, of_visit: Any) -> list[Data]:
    """Events and participations by a key, most events first."""
    came = dict(visits.annotate(key=of_visit).values_list("key").annotate(Count("pk")))
    rows = events.annotate(key=of_event).values("key").annotate(events=Count("pk")).order_by("-events", "key")
    return [{**row, "visits": came.get(row["key"], 0)} for row in rows]


def _places(scope: Scope, rows: Any) -> list[Data]:
    """Organisations of the municipality from which people came, most people first."""
    places = Organisation.objects.filter(municipality=scope.municipality).in_bulk(
        [row["organisation"] for row in rows]
    )
    found = [
        {**row, "name": places[row["organisation"]].short_name, "key": places[row["organisation"]].key}
        for row in rows
        if row["organisation"] in places
    ]
    return sorted(found, key=lambda row: (-row["people"], row["name"]))


def _columns(head: str) -> list[Column]:
    return [Column(head), Column("Событий", "right"), Column("Участий", "right")]
