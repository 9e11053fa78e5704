"""Cells of the map as HTML, made without the template engine: a page has more than a thousand of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core.templatetags.portal import bar
from diagnostics.figures import Line
from diagnostics.findings import Answer

NAMED_MEASURES = 2


@dataclass(frozen=True)
class Row:
    """A line of the map, ready for the table and for the list that phones show."""

    line: Line
    answer: Answer | None
    dimension: str
    sees_all: bool
    can_act: bool

    def cells(self) -> SafeString:
        """A `td` for each group: the share in per cent as a link to the direction, or why it is hidden."""
        start = escape(f"{self.line.pk}/?by={self.dimension}&group=")
        parts = []
        for cell in self.line.cells:
            if cell.figure:
                # Group.query is quoted for an address, which leaves nothing to escape.
                parts.append(
                    f'<td><a class="heat-{cell.figure.step}" href="{start}{cell.group.query}">'
                    f"{cell.figure.percent}</a></td>"
                )
            else:
                parts.append(_hidden(cell.why, cell.reason))
        return mark_safe("".join(parts))

    def network(self) -> SafeString:
        """The network's share, its change since the earlier campaign, and a bar."""
        return self._network("")

    def network_in_words(self) -> SafeString:
        return self._network(" по сети")

    def _network(self, words: str) -> SafeString:
        figure, points = self.line.network, self.line.points
        if figure is None or not figure.answers:
            return mark_safe('<span class="muted">скрыто</span>')
        return format_html(
            "<b>{} %</b>{}{}{}",
            figure.percent,
            words,
            "" if points is None else _change(points),
            bar(figure.share),
        )

    def support(self) -> SafeString:
        """The measures that answer the difficulty, else the next step of who may take it."""
        return self._support("–")

    def support_in_words(self) -> SafeString:
        return self._support("мер поддержки пока нет")

    def _support(self, nothing: str) -> SafeString:
        measures = self.answer.measures if self.answer else []
        if measures:
            more = len(measures) - NAMED_MEASURES
            named = format_html_join(", ", "{}", ((self._measure(one),) for one in measures[:NAMED_MEASURES]))
            return format_html("{} и ещё {}", named, more) if more > 0 else named
        if self.can_act and self.answer and self.answer.findings:
            address = reverse("diagnostics:support", args=[self.answer.findings[0].pk])
            return format_html('<a href="{}">Спланировать</a>', address)
        if self.can_act and self.line.network:
            return format_html('<a href="{}/finding/">Спланировать</a>', self.line.pk)
        return format_html('<span class="muted">{}</span>', nothing)

    def _measure(self, measure) -> SafeString | str:
        if not self.sees_all:
            return measure.title
        return format_html(
            '<a href="{}">{}</a>', reverse("diagnostics:finding", args=[measure.finding_id]), measure.title
        )


def rows(
    lines: Iterable[Line], answers: dict[int, Answer], dimension: str, *, sees_all: bool, can_act: bool
) -> list[Row]:
    return [Row(line, answers.get(line.pk), dimension, sees_all, can_act) for line in lines]


@lru_cache(maxsize=64)
def _hidden(why: str, reason: str) -> SafeString:
    return format_html(
        '<td><span class="hid">{}<span class="visually-hidden">. {}</span></span></td>', why, reason
    )


@lru_cache(maxsize=256)
def _change(points: int) -> SafeString:
    sign = "= 0" if not points else f"▲ {points}" if points > 0 else f"▼ {-points}"
    return format_html(
        ' <span class="small muted">{} п. п.<span class="visually-hidden"> к прошлому опросу</span></span>',
        sign,
    )
