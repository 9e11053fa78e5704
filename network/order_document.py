"""An order on paper, as DOCX for the office and as tagged PDF, in the layout of ГОСТ Р 7.0.97-2025.

Sheet A4 with margins of 30 (a document kept for more than ten years), 10, 20 and 20 mm; requisites in the order of
the standard; the heading to the left, not wider than 8 cm where it is short; the QR code that leads to the public
page in the lower right corner of the first sheet; pages numbered from the second on, on top in the middle.
A draft has lines for number and date: the office fills them in.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path

import segno
from django.conf import settings
from django.utils import timezone

from core.documents import Table, layout, typeset
from network.models import Order, OrderAnnex

TEMPLATE = Path(__file__).parent / "typst" / "order.typ"
MARGIN_LEFT, MARGIN_RIGHT, MARGIN_TOP, MARGIN_BOTTOM = 30, 10, 20, 20
TEXT_WIDTH = layout.PAGE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT
SCALES = (1.2, 1.1, 1.0)  # of the ten points that tables of reports have
QR_SIDE = 24  # millimetres; read by a phone from a photocopy
MONTHS = (
    ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"]
)  # fmt: skip

NBSP = "\u00a0"
_BOUND = re.compile(r"(№|\b[А-ЯЁ]\.|\bп\.|\bг\.) (?=\S)")


@dataclass(frozen=True)
class AnnexSheet:
    """An annex as it is printed: its mark in the corner, title, and a table with widths in millimetres."""

    mark: list[str]
    title: str
    columns: list[str]
    rows: list[list[str]]
    widths: list[float]
    size: float
    torn: list[bool]
    aligns: list[str]


@dataclass(frozen=True)
class OrderSheet:
    """Everything that stands on the sheets of an order, ready to be set."""

    title: str
    body: str
    kind: str
    date: str
    number: str
    place: str
    heading: str
    preamble: str
    command: str
    clauses: list[str]
    position: str
    name: str
    executor: str
    url: str
    annexes: list[AnnexSheet]


def sheet_of(order: Order) -> OrderSheet:
    """The requisites and the text in words, as both files print them."""
    annexes = list(order.annexes.all())
    return OrderSheet(
        title=str(order),
        body=order.body,
        kind=order.get_kind_display().upper(),
        date=long_date(order.date) if order.date else "«___» ______________ 20___ г.",
        number=f"№ {order.number or '____________'}",
        place=order.place,
        heading=bound(order.heading),
        preamble=bound(order.preamble.strip()),
        command=f"{order.command}:" if order.command else "",
        clauses=[bound(clause) for clause in order.clauses],
        position=order.signatory_position,
        name=bound(order.signatory_name),
        executor=order.executor,
        url=public_address(order),
        annexes=[_annex(order, annex, len(annexes)) for annex in annexes],
    )


def to_pdf(order: Order) -> bytes:
    """The order as PDF/A-3a with tags of PDF/UA; a registered one always with the same bytes."""
    sheet = sheet_of(order)
    data = {**asdict(sheet), "qr": qr_svg(sheet.url), "qr_side": QR_SIDE, "author": order.body}
    return typeset(TEMPLATE, data, order.registered_at or timezone.now())


def to_docx(order: Order) -> bytes:
    """The order as DOCX, to be put on the office's blank, signed and registered there."""
    from network.order_docx import write_order

    return write_order(sheet_of(order), order.registered_at or timezone.now())


def public_address(order: Order) -> str:
    """The whole address of the public page, printed under the QR code."""
    return f"{settings.SITE_URL}{order.get_public_url()}"


def qr_svg(address: str) -> str:
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def qr_png(address: str) -> bytes:
    out = BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", border=2, scale=10)
    return out.getvalue()


def long_date(day: dt.date) -> str:
    """«3 октября 2026 г.», the date in words and figures as the standard has it."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year} г."


def bound(text: str) -> str:
    """What a line does not break: «№ 12», «п. 3.1.4», «И. А. Петрова»."""
    return _BOUND.sub(f"\\1{NBSP}", text)


def _annex(order: Order, annex: OrderAnnex, count: int) -> AnnexSheet:
    rows = [[bound(str(cell)) for cell in row] for row in annex.rows]
    columns = [str(column) for column in annex.columns]
    number = f"Приложение {annex.position}" if count > 1 else "Приложение"
    date = order.date.strftime("%d.%m.%Y") if order.date else "____________"
    widths, size, torn = _fit(Table(annex.title, columns, rows))
    return AnnexSheet(
        mark=[number, f"к {order.kind_to}", bound(f"от {date} № {order.number or '________'}")],
        title=annex.title,
        columns=columns,
        rows=rows,
        widths=widths,
        size=size,
        torn=torn,
        aligns=["center" if _is_number_column(index, rows) else "left" for index in range(len(columns))],
    )


def _fit(table: Table) -> layout.Fit:
    """Columns over the whole width, in type of 12 points where there is room, else smaller."""
    for scale in SCALES:
        fit = layout.fit(table, TEXT_WIDTH / scale)
        if fit and fit.size == layout.SIZES[0]:
            break
    else:
        scale, fit = 1.0, layout.least_bad(table, TEXT_WIDTH)
    share = TEXT_WIDTH / sum(fit.widths)
    return layout.Fit([width * share for width in fit.widths], fit.size * scale, fit.torn)


def _is_number_column(index: int, rows: list[list[str]]) -> bool:
    """«№ п/п»: nothing but short figures."""
    return bool(rows) and all(row[index].rstrip(".").isdigit() or not row[index] for row in rows)
