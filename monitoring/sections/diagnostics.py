"""Diagnostics: coverage, ranking of difficulties, the map by groups, findings and what answers them.

Every figure of answers comes from the released tallies through `diagnostics.difficulty_map`; nothing is counted
from the answers here, so a report can tell no more than the map does.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from core.documents import Chart, Column, Heading, Hidden, Link, Paragraph, Percent, Table, text_of
from core.documents.content import Block
from core.documents.values import Cell, Text
from diagnostics.difficulty_map import DifficultyMap, Figure, difficulty_map
from diagnostics.models import Campaign, Dimension
from monitoring.computed import Scope
from monitoring.computed.diagnostics import surveys
from monitoring.sections.findings import collect_findings, finding_blocks
from monitoring.sections.section import Data, Section, address, linked, many

RANKED = 15  # bars that can still be read
HIDDEN_NOTE = "Малые группы скрыты, чтобы нельзя было узнать ответы отдельных людей."
COMPARED = 6  # directions across, so that the table stays on a page
GROUPS = {
    Dimension.ORGANISATION: ("by_organisation", "Организация"),
    Dimension.SUBJECT: ("by_subject", "Предмет"),
    Dimension.CATEGORY: ("by_category", "Категория"),
    Dimension.YEARS: ("by_years", "Стаж"),
}


class DiagnosticsSection(Section):
    key = "diagnostics"
    title = "Диагностика профессиональных затруднений"

    def collect(self, scope: Scope) -> Data:
        counted = Count("responses", filter=Q(responses__batch__isnull=False))
        campaigns: list[Any] = list(
            surveys(scope)
            .select_related("questionnaire", "previous")
            .annotate(counted=counted)
            .order_by("-closes_on", "-pk")
        )
        # The largest one speaks for the network; a later survey of a few people does not take its place.
        readable = [one for one in campaigns if one.state == Campaign.State.CLOSED or one.interim_map]
        main = max(readable, key=lambda one: one.counted, default=None)
        maps = (
            {d: difficulty_map(main, d) for d, (flag, _) in GROUPS.items() if getattr(main, flag)}
            if main
            else {}
        )
        shown = next((one for one in maps.values() if not one.is_empty), None)
        return {
            "municipality": scope.municipality.pk,
            "campaigns": [_campaign(campaign) for campaign in campaigns],
            "main": _campaign(main) if main else None,
            "counted": shown.counted if shown else 0,
            "ranking": _ranking(shown) if shown else [],
            "maps": {d: _map(one, shown) for d, one in maps.items()} if shown else {},
            "findings": collect_findings(scope),
        }

    def headline(self, data: Data) -> list[Text]:
        if not data["ranking"]:
            return []
        top = data["ranking"][0]
        lines: list[Text] = [
            f"Чаще всего педагогам трудно: {top['title'][0].lower()}{top['title'][1:]} "
            f"({_text(top['share'])} ответов о затруднении, учтено {many(data['counted'], 'анкета,анкеты,анкет')})."
        ]
        unanswered = sum(not finding["measures"] for finding in data["findings"])
        if unanswered:
            words = many(unanswered, "признанное затруднение,признанных затруднения,признанных затруднений")
            lines.append(f"Без меры поддержки: {words}.")
        return lines

    def blocks(self, data: Data) -> list[Block]:
        if not data["campaigns"]:
            return [Paragraph("В этом учебном году опросы педагогов не проводились.")]
        blocks: list[Block] = [_campaigns_table(data["campaigns"])]
        if not data["ranking"]:
            blocks.append(
                Paragraph("Карты затруднений пока нет: ответов слишком мало или они ещё не подсчитаны.")
            )
        else:
            blocks += [*_ranking_blocks(data), *_map_blocks(data)]
        return [*blocks, *finding_blocks(data["findings"])]


def _campaign(campaign: Campaign) -> Data:
    return {
        "pk": campaign.pk,
        "title": campaign.title,
        "questionnaire": campaign.questionnaire.title,
        "anonymity": campaign.get_anonymity_display(),
        "opens_on": campaign.opens_on.isoformat(),
        "closes_on": campaign.closes_on.isoformat(),
        "state": campaign.get_state_display(),
        "invited": campaign.invited_count,
        "took_part": campaign.invitations.filter(participated=True).count(),
        "previous": campaign.previous.title if campaign.previous else "",
    }


def _ranking(shown: DifficultyMap) -> list[Data]:
    return [
        {
            "pk": line.pk,
            "code": line.code,
            "title": line.title,
            **_figure(line.network),
            "before": line.before.share if line.before else None,
            "change": line.change,
        }
        for line in shown.lines
        if line.network
    ]


def _figure(figure: Figure | None) -> Data:
    return {
        "share": figure.share if figure else None,
        "index": figure.index if figure else None,
        "answers": figure.answers if figure else None,
    }


def _map(one: DifficultyMap, shown: DifficultyMap) -> Data:
    order = [line.pk for line in shown.lines if line.network][:COMPARED]
    lines = {line.pk: line for line in one.lines}
    return {
        "lines": [{"pk": pk, "title": lines[pk].title} for pk in order],
        "groups": [
            {
                "label": group.label,
                "url": group.organisation.get_absolute_url() if group.organisation else "",
                "respondents": group.respondents,
                "coverage": group.coverage,
                "cells": [_cell(lines[pk].cells[number]) for pk in order],
            }
            for number, group in enumerate(one.groups)
        ],
    }


def _cell(cell: Any) -> Data:
    return {"share": cell.figure.share if cell.figure else None, "why": cell.why}


def _campaigns_table(campaigns: list[Data]) -> Table:
    rows = []
    for one in campaigns:
        dates = f"{_day(one['opens_on'])} – {_day(one['closes_on'])}"
        coverage = Percent(round(one["took_part"] / one["invited"], 6)) if one["invited"] else None
        name = linked(one["title"], address("diagnostics:campaign", one["pk"]))
        rows.append(
            [name, dates, one["anonymity"], one["invited"] or None, one["took_part"] or None, coverage]
        )
    columns = [
        Column(title) for title in ("Опрос", "Когда", "Анонимность", "Приглашено", "Участвовали", "Охват")
    ]
    return Table("Опросы учебного года", columns, rows)


def _ranking_blocks(data: Data) -> list[Block]:
    main, top = data["main"], data["ranking"][:RANKED]
    words = "; ".join(f"{line['title']}: {_text(line['share'])}" for line in top[:5])
    compared = any(line["before"] is not None for line in data["ranking"])
    columns = [
        Column("Направление"),
        Column("Доля затруднений", "right"),
        Column("Индекс", "right", digits=2),
        Column("Ответов", "right"),
        *([Column("Было", "right"), Column("Изменение, п. п.", "right")] if compared else []),
    ]
    rows = []
    for line in data["ranking"]:
        url = address("diagnostics:map-direction", main["pk"], line["pk"])
        row: list[Cell] = [
            line["title"],
            linked(_percent(line["share"]), url),
            line["index"],
            line["answers"],
        ]
        rows.append([*row, _percent(line["before"]), _points(line["change"])] if compared else row)
    note = f"Опрос «{main['title']}», учтено анкет: {data['counted']}."
    if compared:
        note += f" Было: опрос «{main['previous']}», те же вопросы."
    return [
        Table("Рейтинг затруднений по сети", columns, rows, note=note),
        Chart(
            "bar",
            "Самые частые затруднения",
            [line["title"] for line in top],
            [
                ("Доля затруднений", [_percent(line["share"]) for line in top]),
                *([("Прошлый опрос", [_percent(line["before"]) for line in top])] if compared else []),
            ],
            alt=f"Доля ответов о затруднении по направлениям. {words}.",
            with_table=False,
        ),
    ]


def _map_blocks(data: Data) -> list[Block]:
    whole = Link("Полная карта на портале", address("diagnostics:map", data["main"]["pk"]))
    words = f"Направления, где трудно чаще всего (первые {COMPARED}). "
    blocks: list[Block] = [Heading(3, "Карта затруднений"), Paragraph([words, whole, "."])]
    for dimension, one in data["maps"].items():
        name = GROUPS[Dimension(dimension)][1]
        has_coverage = any(group["coverage"] is not None for group in one["groups"])
        columns = [
            Column(name),
            Column("Анкет", "right"),
            *([Column("Охват", "right")] if has_coverage else []),
            *(Column(line["title"], "right") for line in one["lines"]),
        ]
        rows = [
            [
                linked(group["label"], group["url"]),
                group["respondents"],
                *([_percent(group["coverage"])] if has_coverage else []),
                *(
                    _percent(cell["share"]) if not cell["why"] else Hidden(cell["why"])
                    for cell in group["cells"]
                ),
            ]
            for group in one["groups"]
        ]
        if rows:
            caption = f"Доля затруднений по самым частым направлениям: {name.lower()}"
            blocks.append(Table(caption, columns, rows, note=HIDDEN_NOTE))
    return blocks


def _percent(value: float | None) -> Percent | None:
    return None if value is None else Percent(round(value, 6))


def _points(change: float | None) -> str | None:
    if change is None:
        return None
    points = round(change * 100)
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"


def _text(value: float | None) -> str:
    return text_of(_percent(value))


def _day(text: str) -> str:
    year, month, day = text.split("-")
    return f"{day}.{month}.{year}"
