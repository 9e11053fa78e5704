"""What participants said of the events of the year and which certificates they got: a part of the section of events."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Sum

from core.documents import Column, Heading, Paragraph, Table
from core.documents.content import Block
from monitoring.computed import Scope
from monitoring.computed.events import CertificatesIssued, FeedbackGiven, UsefulEvents, feedback_of
from monitoring.sections.section import Data, address, linked, many, share


def collect(scope: Scope) -> Data:
    """Certificates, who was asked and answered, and how many answers called the events useful; four queries."""
    released = feedback_of(scope).released()  # type: ignore[attr-defined]
    sums = released.aggregate(events=Count("pk"), useful=Sum("useful"), useful_of=Sum("useful_of"))
    return {
        "certificates": CertificatesIssued().count(scope).numerator,
        "feedback": list(FeedbackGiven().count(scope)),
        "useful_events": list(UsefulEvents().count(scope)),
        **{name: value or 0 for name, value in sums.items()},
    }


def blocks(data: Data, here: dict[str, Any]) -> list[Block]:
    """A table whose figures lead to their records; nothing where there are neither certificates nor feedback."""
    answered, asked = data["feedback"]
    if not (asked or data["certificates"]):
        return []
    found: list[list[Any]] = []
    if data["certificates"]:
        found.append(["Выдано сертификатов", _to("certificates-issued", data["certificates"], here), None])
    if asked:
        found.append(["Участников спросили", _to("feedback-given", asked, here, part="denominator"), None])
        found.append(["Из них ответили", _to("feedback-given", answered, here), share(answered, asked)])
    useful, of = data["useful_events"]
    if of:
        found.append(
            ["Событий с подсчитанными отзывами", _to("useful-events", of, here, part="denominator"), None]
        )
        found.append(["Из них названы полезными", _to("useful-events", useful, here), share(useful, of)])
    columns = [Column("Что посчитано"), Column("Число", "right"), Column("Доля", "right")]
    return [
        Heading(2, "Отзывы участников и сертификаты"),
        Table("Отзывы участников и сертификаты", columns, found),
        *_notes(data),
    ]


def _notes(data: Data) -> list[Block]:
    """What the figures mean; the sheets that called an event useful, over all events together."""
    if not data["useful_of"]:
        return []
    sheets = many(data["useful_of"], "отзыва,отзывов,отзывов")
    return [
        Paragraph(
            f"Всего событие названо полезным в {data['useful']} из {sheets}. Полезным считается событие, которое назвали "
            "таким не меньше трёх четвертей ответивших; где ответивших меньше наименьшей группы, отзывы не показываются."
        )
    ]


def _to(indicator: str, figure: int, here: dict[str, Any], **part: str) -> Any:
    return linked(figure, address("monitoring:records", indicator, **here, **part))
