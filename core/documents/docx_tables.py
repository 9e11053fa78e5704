"""Tables and links of a DOCX: what python-docx leaves to the raw elements of the format."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.text.paragraph import Paragraph as WordParagraph

from core.documents import layout
from core.documents.figures import Shown, Table
from core.documents.values import Link

MUTED = RGBColor(0x55, 0x60, 0x6E)
RULE, WASH = "B9C3CE", "F1F4F7"
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
}


def element(name: str, **attributes: Any) -> Any:
    """A raw element with attributes of the main namespace."""
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    return element


def write_link(line: WordParagraph, text: str, link: Link, bold: bool = False) -> None:
    """Adds linked words to a line."""
    # python-docx looks through all former links for each new one: a name made of the address needs no search.
    target, links = f"link{sha256(link.address.encode()).hexdigest()[:24]}", line.part.rels
    if target not in links:
        links.add_relationship(RELATIONSHIP_TYPE.HYPERLINK, link.address, target, is_external=True)
    run = line.add_run(text)
    run._r.style = "Hyperlink"
    run.bold = bold or None
    anchor = OxmlElement("w:hyperlink")
    anchor.set(qn("r:id"), target)
    run._r.addprevious(anchor)
    anchor.append(run._r)


def write_table(file: WordFile, table: Table, width: float) -> None:
    """Adds a table that fits `width` millimetres; heads are repeated on each page, rows are not torn."""
    widths, size, _ = layout.least_bad(table, width)
    word = file.add_table(rows=1 + len(table.rows), cols=len(table.columns))
    _properties(word, table)
    for column, millimetres in zip(word.columns, widths, strict=True):
        column.width = Mm(millimetres)
    rows = [row.cells for row in word.rows]
    for cells in rows:
        for cell, millimetres in zip(cells, widths, strict=True):
            cell.width = Mm(millimetres)
    for head, cell in zip(table.heads, rows[0], strict=True):
        _fill(cell, head, size, bold=True)
        _shade(cell)
    word.rows[0]._tr.get_or_add_trPr().append(element("w:tblHeader"))
    for row, cells in zip(table.printed, rows[1:], strict=True):
        if row.group:
            whole = cells[0].merge(cells[-1])
            _fill(whole, Shown(row.group, "text", None, "left"), size, bold=True)
            _shade(whole)
            whole.paragraphs[0].paragraph_format.keep_with_next = True  # never alone at the foot of a page
        else:
            for shown, cell in zip(row.cells, cells, strict=True):
                _fill(cell, shown, size, bold=row.total)
    if len(rows) <= layout.WHOLE_ROWS:
        for cells in rows[:-1]:
            for cell in cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True


def _properties(word: WordTable, table: Table) -> None:
    word.autofit = False
    properties = word._tbl.tblPr  # the format demands its children in this order
    layout_mode, look = properties.find(qn("w:tblLayout")), properties.find(qn("w:tblLook"))
    borders = element("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(element(f"w:{side}", val="single", sz=4, space=0, color=RULE))
    layout_mode.addprevious(borders)
    margins = element("w:tblCellMar")
    for side, twips in (("top", 50), ("left", 85), ("bottom", 50), ("right", 85)):
        margins.append(element(f"w:{side}", w=twips, type="dxa"))
    layout_mode.addnext(margins)
    if look is not None:
        properties.remove(look)
    properties.append(element("w:tblLook", val="04A0", firstRow=1, lastRow=0, firstColumn=1, noVBand=1))
    properties.append(element("w:tblCaption", val=table.caption[:255]))
    for row in word._tbl.tr_lst:
        row.get_or_add_trPr().append(element("w:cantSplit"))


def _fill(cell: WordCell, shown: Shown, size: float, *, bold: bool) -> None:
    line = cell.paragraphs[0]
    line._p.style = "Cell"  # by its id: looking the name up for each cell takes most of the time
    line.alignment = _ALIGN[shown.align]
    if shown.link:
        write_link(line, shown.text, shown.link, bold)
    else:
        run = line.add_run(shown.text)
        run.bold = bold or None
        if shown.kind == "hidden":
            run.italic, run.font.color.rgb = True, MUTED
    for run in line._p.iter(qn("w:r")):
        run.get_or_add_rPr().append(element("w:sz", val=round(size * 2)))


def _shade(cell: WordCell) -> None:
    cell._tc.get_or_add_tcPr().append(element("w:shd", val="clear", color="auto", fill=WASH))
