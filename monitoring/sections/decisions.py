"""Management decisions of the year: given, done in time, overdue."""

from __future__ import annotations

from core.documents import Column, Paragraph, Table
from core.documents.content import Block
from core.documents.values import Text
from monitoring.computed import Scope
from monitoring.models import Decision
from monitoring.sections.section import Data, Section, linked, many


class DecisionsSection(Section):
    key = "decisions"
    title = "Управленческие решения"

    def collect(self, scope: Scope) -> Data:
        rows = (
            Decision.objects.filter(municipality=scope.municipality, year=scope.year.start)
            .exclude(state__in=[Decision.State.DRAFT, Decision.State.CANCELLED])
            .select_related("organisation", "person")
            .order_by("due_on", "pk")
        )
        return {"rows": [_row(decision) for decision in rows]}

    def headline(self, data: Data) -> list[Text]:
        if not data["rows"]:
            return ["Управленческих решений по сети в этом году не принято."]
        overdue = sum(row["overdue"] for row in data["rows"])
        words = f"Принято {many(len(data['rows']), 'решение,решения,решений')}"
        words += f", исполнено {sum(bool(row['done_on']) for row in data['rows'])}"
        return [f"{words}, просрочено {overdue}."]

    def blocks(self, data: Data) -> list[Block]:
        if not data["rows"]:
            return [Paragraph("Решений к исполнению нет.")]
        rows = [
            [
                linked(row["text"], row["url"]),
                row["addressee"],
                _day(row["due_on"]),
                _day(row["done_on"]),
                f"{row['state']}, срок прошёл" if row["overdue"] else row["state"],
            ]
            for row in data["rows"]
        ]
        return [
            Table(
                "Реестр решений учебного года",
                [Column("Решение", width=44), *map(Column, ["Кому", "Срок", "Исполнено", "Состояние"])],
                rows,
            )
        ]


def _row(decision: Decision) -> Data:
    return {
        "text": decision.text,
        "addressee": decision.addressee,
        "due_on": decision.due_on.isoformat(),
        "done_on": decision.done_on.isoformat() if decision.done_on else None,
        "state": decision.get_state_display(),
        "overdue": decision.is_overdue,
        "url": decision.get_absolute_url(),
    }


def _day(text: str | None) -> str | None:
    return text and ".".join(reversed(text.split("-")))
