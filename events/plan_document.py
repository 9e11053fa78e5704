"""A plan as XLSX and DOCX in the usual columns of a plan of an association (field facts, C6)."""

from __future__ import annotations

from core.documents import Column, Document, Table, to_docx, to_xlsx
from core.documents.content import Paragraph
from events.models import EventPlan, PlanItem
from events.plan_board import as_read

COLUMNS = (
    "№",
    "Мероприятие",
    "Форма",
    "Дата, время",
    "Место",
    "Категория участников",
    "Ответственный",
    "Ожидаемый результат",
    "Показатель эффективности",
    "Отметка о выполнении",
)
_PEOPLE = COLUMNS.index("Ответственный")
_BUILDERS = {"docx": to_docx, "xlsx": to_xlsx}
FORMATS = tuple(_BUILDERS)


def table_rows(plan: EventPlan, *, with_people: bool, with_marks: bool) -> list[list[str]]:
    """The items as texts under `COLUMNS`, by date; without people «Ответственный» stays empty."""
    items = plan.items.with_outcome().by_date().select_related("organisation", "responsible_person")
    return [
        _row(number, item, with_people)[: None if with_marks else -1]
        for number, item in enumerate(as_read(items), 1)
    ]


def plan_file(plan: EventPlan, format: str, *, with_people: bool) -> bytes:
    """The plan as a file. Raises KeyError for a format there is not."""
    return _BUILDERS[format](plan_document(plan, with_people=with_people))


def plan_document(plan: EventPlan, *, with_people: bool) -> Document:
    """The plan as a document: whose it is, by what approved, the table."""
    rows = table_rows(plan, with_people=with_people, with_marks=True)
    columns, cells = list(COLUMNS), rows
    if not with_people:
        columns = [title for index, title in enumerate(columns) if index != _PEOPLE]
        cells = [[cell for index, cell in enumerate(row) if index != _PEOPLE] for row in rows]
    table = Table(plan.title, [Column(title) for title in columns], cells) if cells else None
    return Document(
        title=plan.title,
        subtitle=plan.owner,
        meta=[("Учебный год", str(plan.school_year)), ("Состояние", approval_words(plan))],
        blocks=[table or Paragraph("В плане пока нет пунктов.")],
        author=plan.municipality.centre_name,
    )


def approval_words(plan: EventPlan) -> str:
    """«Утверждён: Приказ от 28.08.2026 № 214-р», «проект»."""
    if plan.is_draft:
        return "проект"
    if plan.order is not None:
        return f"утверждён: {plan.order.requisites}"
    return f"утверждён: приказ организации от {plan.own_date:%d.%m.%Y} № {plan.own_number}"


def mark(item: PlanItem) -> str:
    """The mark of fulfilment; needs `with_outcome`. Empty while the item only waits."""
    match item.result_state:
        case PlanItem.State.HELD:
            day = f" {item.held_on:%d.%m.%Y}" if item.held_on else ""
            return f"Проведено{day}" + (f". {item.done_note}" if item.done_note else "")
        case PlanItem.State.MOVED:
            return f"Перенесено, было: {item.moved_from}. {item.reason}"
        case PlanItem.State.CANCELLED:
            return f"Отменено. {item.reason}"
    return "Добавлено после утверждения" if item.is_extra else ""


def _row(number: int, item: PlanItem, with_people: bool) -> list[str]:
    return [
        str(number),
        item.title,
        item.get_format_display(),
        item.when_text,
        item.where,
        item.audience,
        item.responsible_words if with_people else "",
        item.expected_result,
        item.measure,
        mark(item),
    ]
