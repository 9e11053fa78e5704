"""The difficulty map as a document: the same released figures as on the page."""

from __future__ import annotations

from core.documents import Column, Document, Hidden, Paragraph, Percent, Table
from core.documents.values import Cell as DocumentCell
from diagnostics.difficulty_map import DifficultyMap, Figure
from diagnostics.models import Dimension


def map_document(table: DifficultyMap) -> Document:
    """Shares, the numbers of answers under them and the coverage, each a table (a sheet of the workbook)."""
    how = Dimension(table.dimension).label
    return Document(
        title="Карта затруднений",
        subtitle=table.campaign.title,
        meta=[("Учтено ответов", table.counted), ("Сравнение", how)],
        blocks=[
            Paragraph(
                f"Скрыты группы, в которых меньше {table.campaign.smallest_group} ответов, и те, по которым "
                "вычитанием можно было бы найти скрытое."
            ),
            share_table(table),
            _answers(table),
            coverage_table(table),
        ],
    )


def share_table(table: DifficultyMap) -> Table:
    """Share of answers that are difficulties: directions × groups, the network first, then the survey before."""
    columns = [Column("Направление", width=40), Column("По сети"), Column("Индекс")]
    compared = table.campaign.previous_id is not None
    if compared:
        columns.append(Column("Было"))
    rows: list[list[DocumentCell]] = [
        [line.title, _share(line.network), _index(line.network)]
        + ([_share(line.before)] if compared else [])
        + [_share(cell.figure) if cell.figure else Hidden(cell.why) for cell in line.cells]
        for line in table.lines
    ]
    return Table("Доля затруднений", columns + [Column(group.label) for group in table.groups], rows)


def _answers(table: DifficultyMap) -> Table:
    columns = [Column("Направление", width=40), Column("По сети")]
    rows: list[list[DocumentCell]] = [
        [line.title, _number(line.network), *(_number(cell.figure, cell.why) for cell in line.cells)]
        for line in table.lines
    ]
    return Table("Число ответов", columns + [Column(group.label) for group in table.groups], rows)


def coverage_table(table: DifficultyMap) -> Table:
    """How many respondents of each group were counted, and of organisations how many were invited."""
    rows: list[list[DocumentCell]] = [
        [
            group.label,
            group.respondents,
            group.invited,
            None if group.coverage is None else Percent(group.coverage),
        ]
        for group in table.groups
    ]
    columns = [Column("Группа", width=40), Column("Учтено"), Column("Приглашено"), Column("Охват")]
    return Table("Охват", columns, rows)


def _share(figure: Figure | None) -> DocumentCell:
    if figure is None:
        return Hidden()
    return None if figure.share is None else Percent(figure.share)


def _number(figure: Figure | None, why: str = "мало ответов") -> DocumentCell:
    return figure.answers if figure else Hidden(why)


def _index(figure: Figure | None) -> DocumentCell:
    return None if figure is None or figure.index is None else round(figure.index * 100, 1)
