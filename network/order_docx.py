"""The sheets of an order as DOCX: real styles and numbering, so that the office can go on editing."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import docx
from docx.document import Document as WordFile
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from core.documents import layout
from core.documents.docx_tables import element
from network.order_document import (
    MARGIN_BOTTOM,
    MARGIN_LEFT,
    MARGIN_RIGHT,
    MARGIN_TOP,
    QR_SIDE,
    TEXT_WIDTH,
    AnnexSheet,
    OrderSheet,
    qr_png,
)

FONT = "Times New Roman"  # every office has it; the standard leaves the family free
SIZE = 13
INDENT = Mm(12.5)
_CENTRE, _LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT


def write_order(sheet: OrderSheet, made_at: dt.datetime) -> bytes:
    """The file; the same sheet and moment give the same text."""
    file = docx.Document()
    _styles(file)
    _page(file)
    _properties(file, sheet, made_at)
    _first_footer(file, sheet)
    _head(file, sheet)
    _text(file, sheet)
    _signature(file, sheet)
    for annex in sheet.annexes:
        _annex(file, annex)
    content = BytesIO()
    file.save(content)
    return content.getvalue()


def _styles(file: WordFile) -> None:
    for lang in file.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), "ru-RU")
    for name in ("Normal", "Heading 1", "List Number"):
        style: Any = file.styles[name]
        style.font.size, style.font.bold, style.font.italic = Pt(SIZE), name == "Heading 1", False
        style.font.color.rgb = docx.shared.RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), FONT)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(0), Pt(6)
        style.paragraph_format.line_spacing = 1.15
    file.styles["Heading 1"].paragraph_format.space_after = Pt(16)


def _page(file: WordFile) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Mm(layout.PAGE_WIDTH), Mm(layout.PAGE_HEIGHT)
    section.left_margin, section.right_margin = Mm(MARGIN_LEFT), Mm(MARGIN_RIGHT)
    section.top_margin, section.bottom_margin = Mm(MARGIN_TOP), Mm(MARGIN_BOTTOM)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    line = section.header.paragraphs[0]
    line.alignment = _CENTRE
    field = element("w:fldSimple", instr="PAGE")
    field.append(OxmlElement("w:r"))
    field[0].append(OxmlElement("w:t"))
    field[0][0].text = "2"
    line._p.append(field)


def _properties(file: WordFile, sheet: OrderSheet, made_at: dt.datetime) -> None:
    properties = file.core_properties
    properties.title, properties.author, properties.language = sheet.title[:255], sheet.body[:255], "ru-RU"
    properties.comments = ""
    properties.created = properties.modified = made_at.astimezone(dt.UTC)


def _first_footer(file: WordFile, sheet: OrderSheet) -> None:
    """The QR code in the lower right corner of the first sheet."""
    line = file.sections[0].first_page_footer.paragraphs[0]
    line.paragraph_format.tab_stops.clear_all()
    line.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    line.add_run(f"Проверить акт: {sheet.url}").font.size = Pt(8.5)
    line.add_run("\t")
    picture = line.add_run().add_picture(BytesIO(qr_png(sheet.url)), Mm(QR_SIDE))
    picture._inline.docPr.set("descr", f"QR-код публичной страницы акта: {sheet.url}")


def _head(file: WordFile, sheet: OrderSheet) -> None:
    body = _line(file, sheet.body, _CENTRE, after=14)
    body.runs[0].bold, body.runs[0].font.size = True, Pt(14)
    kind = _line(file, sheet.kind, _CENTRE, after=12)
    kind.runs[0].bold, kind.runs[0].font.size = True, Pt(15)
    kind.runs[0]._r.get_or_add_rPr().append(element("w:spacing", val=40))
    dates = _line(file, sheet.date, after=4)
    dates.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    dates.add_run(f"\t{sheet.number}")
    if sheet.place:
        _line(file, sheet.place, _CENTRE, after=14)
    heading = file.add_paragraph(sheet.heading, "Heading 1")
    if len(sheet.heading) <= 165:
        heading.paragraph_format.right_indent = Mm(TEXT_WIDTH - 95)


def _text(file: WordFile, sheet: OrderSheet) -> None:
    for words in sheet.preamble.splitlines():
        if words.strip():
            _indented(file.add_paragraph(words.strip()))
    if sheet.command:
        line = _line(file, sheet.command, after=6)
        line.paragraph_format.keep_with_next = True
    _number_after_space(file)
    for clause in sheet.clauses:
        _indented(file.add_paragraph(clause, "List Number"))


def _indented(line: Paragraph) -> None:
    line.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Mm(0), INDENT


def _number_after_space(file: WordFile) -> None:
    """«1. Создать»: the number is followed by a space, the text goes on from the left margin."""
    numbering = file.part.numbering_part.numbering_definitions._numbering
    own = numbering.num_having_numId(file.styles["List Number"].element.pPr.numPr.numId.val)
    for definition in numbering.iter(qn("w:abstractNum")):
        if definition.get(qn("w:abstractNumId")) == str(own.abstractNumId.val):
            level = definition.find(qn("w:lvl"))
            level.find(qn("w:lvlText")).addprevious(element("w:suff", val="space"))


def _signature(file: WordFile, sheet: OrderSheet) -> None:
    if sheet.position or sheet.name:
        table = file.add_table(rows=1, cols=2)
        table.autofit = False
        widths = (TEXT_WIDTH - 60, 60)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for cell, words, width, side in zip(
            table.rows[0].cells,
            (sheet.position, sheet.name),
            widths,
            (_LEFT, WD_ALIGN_PARAGRAPH.RIGHT),
            strict=True,
        ):
            cell.width, cell.vertical_alignment = Mm(width), WD_ALIGN_VERTICAL.BOTTOM
            cell.paragraphs[0].text, cell.paragraphs[0].alignment = words, side
            cell.paragraphs[0].paragraph_format.space_before = Pt(36)
        table.rows[0]._tr.get_or_add_trPr().append(element("w:cantSplit"))
    if sheet.executor:
        line = _line(file, sheet.executor, before=30)
        line.runs[0].font.size = Pt(10)


def _annex(file: WordFile, annex: AnnexSheet) -> None:
    for index, words in enumerate(annex.mark):
        line = _line(file, words, after=16 if index == len(annex.mark) - 1 else 0)
        line.paragraph_format.left_indent = Mm(TEXT_WIDTH - 80)
        line.paragraph_format.page_break_before = index == 0
    file.add_paragraph(annex.title, "Heading 1").alignment = _CENTRE
    table = file.add_table(rows=1 + len(annex.rows), cols=len(annex.columns), style="Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, annex.widths, strict=True):
        column.width = Mm(width)
    rows = [row.cells for row in table.rows]
    for row, texts in zip(rows, [annex.columns, *annex.rows], strict=True):
        is_head = row is rows[0]
        for cell, words, width, align in zip(row, texts, annex.widths, annex.aligns, strict=True):
            cell.width = Mm(width)
            line = cell.paragraphs[0]
            line.alignment = _CENTRE if is_head or align == "center" else _LEFT
            line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(2)
            line.paragraph_format.line_spacing = 1
            run = line.add_run(words)
            run.bold, run.font.size = is_head or None, Pt(annex.size)
    for row in table._tbl.tr_lst:
        row.get_or_add_trPr().append(element("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))


def _line(
    file: WordFile, words: str, align: Any = _LEFT, *, before: float = 0, after: float = 6
) -> Paragraph:
    line = file.add_paragraph(words)
    line.alignment = align
    line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(before), Pt(after)
    return line
