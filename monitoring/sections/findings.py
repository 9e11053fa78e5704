"""Findings of a school year: what answers each, and of those who have the difficulty how many it has reached."""

from __future__ import annotations

from django.db.models import Prefetch

from core.documents import Column, Paragraph, Percent, Table
from core.documents.content import Block
from diagnostics.models import Coverage, Finding, SupportMeasure
from monitoring.computed import Scope
from monitoring.sections.section import Data, address, linked

REACHED_NOTE = (
    "Охват: сколько из тех, кому это трудно, участвовали в поддержке. Люди считаются, где опрос именной или "
    "конфиденциальный, организации – где анонимный; не показан там, где по числу можно было бы узнать ответ человека."
)


def collect_findings(scope: Scope) -> list[Data]:
    """Findings of the year with what answers them and how far it has reached; two queries."""
    measures = Prefetch(
        "measures", queryset=SupportMeasure.objects.standing().with_records().order_by("due_on", "pk")
    )
    rows = Finding.objects.filter(municipality=scope.municipality, year=scope.year.start)
    return [
        {
            "title": str(finding.direction),
            "place": finding.organisation.short_name if finding.organisation else "",
            "share": float(finding.share) if finding.share is not None else None,
            "note": finding.note,
            "url": address("diagnostics:finding", finding.pk),
            "reached": _reached(getattr(finding, "coverage", None)),
            "measures": [
                f"{measure.title}{' (сделано)' if measure.is_done else ''}"
                for measure in finding.measures.all()
            ],
        }
        for finding in rows.select_related("direction", "organisation", "coverage")
        .prefetch_related(measures)
        .order_by("pk")
    ]


def _reached(coverage: Coverage | None) -> Data | None:
    """Of those with the difficulty, how many the support has reached, as far as it may be told."""
    if coverage is None or not coverage.total or coverage.came is None:
        return None
    return {"unit": coverage.unit, "total": coverage.total, "came": coverage.came}


def finding_blocks(findings: list[Data]) -> list[Block]:
    if not findings:
        return [Paragraph("Выводы о затруднениях ещё не записаны.")]
    rows = [
        [
            linked(finding["title"], finding["url"]),
            finding["place"] or "вся сеть",
            None if finding["share"] is None else Percent(round(finding["share"], 6)),
            "; ".join(finding["measures"]) or "ничем не отвечено",
            _reached_words(finding.get("reached")),
        ]
        for finding in findings
    ]
    columns = [
        Column("Затруднение"),
        Column("Где", width=14),
        Column("Доля"),
        Column("Меры", width=50),
        Column("Охват", width=18),
    ]
    return [Table("Признанные затруднения и что на них отвечает", columns, rows, note=REACHED_NOTE)]


def _reached_words(reached: Data | None) -> str:
    if reached is None:
        return "не показан"
    whom = "человек" if reached["unit"] == "people" else "организаций"
    return f"{reached['came']} из {reached['total']} {whom}"
