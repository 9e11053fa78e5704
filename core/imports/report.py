"""The rows that were refused, as a workbook one corrects and sends in again."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse

from core.imports.actions import table_of
from core.imports.spec import Fate
from core.imports.table import as_text
from core.models import Upload

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def error_report(upload: Upload) -> HttpResponse:
    """Rejected rows as they stood in the file, with the row number and the reasons in front."""
    from core.documents import list_to_xlsx

    reasons = {
        row.number: "; ".join(f"{column}: {reason}" if column else reason for column, reason in row.problems)
        for row in upload.rows.filter(fate=Fate.REJECTED)
    }
    table = table_of(upload)

    def lines() -> Iterator[list[str]]:
        for row in table.rows:
            if row.number in reasons:
                yield [str(row.number), reasons[row.number], *map(as_text, row.cells)]

    columns = ["Строка", "Что исправить", *[title or "без названия" for title in table.header]]
    content = list_to_xlsx(f"Строки с ошибками: {upload.name}", columns, lines(), ["строки с ошибками"])
    response = HttpResponse(content, content_type=_TYPE)
    response["Content-Disposition"] = 'attachment; filename="errors.xlsx"'
    return response
