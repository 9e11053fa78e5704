"""DOCX by python-docx: real styles, Russian as the language, heads repeated on each page, words for pictures.

Times New Roman is used because every office has it (ГОСТ Р 7.0.97-2025 leaves the family free): the file is
to be edited there, and fonts cannot travel with it as they do with a PDF.
"""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

import docx
from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from core.documents import layout
from core.documents.content import Block, Document, Heading, List, PageBreak, Paragraph, Run
from core.documents.docx_tables import MUTED, element, write_link, write_table
from core.documents.figures import Chart, Table
from core.documents.pdf import picture_png

FONT = "Times New Roman"
INK, ACCENT = RGBColor(0x17, 0x21, 0x2B), RGBColor(0x0B, 0x3F, 0x7E)
_LANGUAGES = {"ru": "ru-RU", "en": "en-GB"}


def to_docx(document: Document) -> bytes:
    """The document as DOCX."""
    file = docx.Document()
    _styles(file, _LANGUAGES.get(document.lang, document.lang))
    _properties(file, document)
    _page_numbers(file)
    parts = layout.parts(document)
    if lies := bool(parts and parts[0].lying):  # the title stands on the sheet of what follows it
        _turn(file.sections[0], lies)
    file.add_paragraph(document.title, "Title")
    if document.subtitle:
        file.add_paragraph(document.subtitle, "Subtitle")
    for label, value in document.lines:
        line = file.add_paragraph(style="Details")
        line.add_run(f"{label}: ").font.color.rgb = MUTED
        line.add_run(value)
    _sheets(file, parts, lies)
    content = BytesIO()
    file.save(content)
    return content.getvalue()


def _sheets(file: WordFile, parts: list[layout.Part], lying: bool) -> None:
    on_new_page = False
    for part in parts:
        if part.lying != lying:
            lying = part.lying
            section = file.add_section(WD_SECTION.NEW_PAGE)
            section.different_first_page_header_footer = False
            _turn(section, lying)
        for label, block in part.blocks:
            place = len(file.element.body) - 1
            _block(file, label, block, lying)
            if on_new_page and not isinstance(block, PageBreak):
                WordParagraph(file.element.body[place], file).paragraph_format.page_break_before = True
            on_new_page = isinstance(block, PageBreak)


# The file


def _styles(file: WordFile, language: str) -> None:
    for lang in file.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), language)
    normal = _style(file, "Normal", 11.5, INK)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.15
    for level, size in ((1, 16), (2, 13), (3, 11.5)):
        heading = _style(file, f"Heading {level}", size, INK, bold=True)
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = (
            Pt(16 - 2 * level),
            Pt(6),
        )
    _style(file, "Title", 20, INK, bold=True).paragraph_format.space_after = Pt(4)
    for border in file.styles["Title"].element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
        break
    _style(file, "Subtitle", 13, MUTED).paragraph_format.space_after = Pt(8)
    caption = _style(file, "Caption", 10.5, INK)
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(10), Pt(4)
    caption.paragraph_format.keep_with_next = True
    for name, size, after in (("Details", 11, 2), ("Cell", 10, 0), ("Note", 9.5, 10)):
        file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = normal
        _style(file, name, size, MUTED if name == "Note" else INK).paragraph_format.space_after = Pt(after)
    file.styles["Cell"].paragraph_format.line_spacing = 1
    file.styles["Note"].paragraph_format.space_before = Pt(4)
    file.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER).font.color.rgb = ACCENT
    file.styles["Hyperlink"].font.underline = True


def _style(file: WordFile, name: str, size: float, colour: RGBColor, bold: bool = False) -> Any:
    style: Any = file.styles[name]
    style.font.size, style.font.bold, style.font.italic, style.font.color.rgb = Pt(size), bold, False, colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    for spacing in style.element.rPr.findall(qn("w:spacing")) + style.element.rPr.findall(qn("w:kern")):
        style.element.rPr.remove(spacing)
    return style


def _properties(file: WordFile, document: Document) -> None:
    properties = file.core_properties
    properties.title, properties.subject = document.title[:255], document.subtitle[:255]
    properties.author, properties.language = (
        document.author[:255],
        _LANGUAGES.get(document.lang, document.lang),
    )
    properties.comments = ""
    properties.created = properties.modified = (document.made_at or dt.datetime.now(dt.UTC)).astimezone(
        dt.UTC
    )
    section = file.sections[0]
    section.page_width, section.page_height = Mm(layout.PAGE_WIDTH), Mm(layout.PAGE_HEIGHT)
    section.left_margin, section.right_margin = Mm(layout.MARGIN_LEFT), Mm(layout.MARGIN_RIGHT)
    section.top_margin, section.bottom_margin = Mm(layout.MARGIN_TOP), Mm(layout.MARGIN_BOTTOM)
    section.header_distance = section.footer_distance = Mm(10)
    for setting in file.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(
                qn("w:val"), "15"
            )  # Word 2013 and later; less opens in «режим ограниченной функциональности»
    file.settings.element.find(qn("w:themeFontLang")).set(
        qn("w:val"), _LANGUAGES.get(document.lang, document.lang)
    )


def _page_numbers(file: WordFile) -> None:
    """The number of the page on top in the middle, from the second page on."""
    section = file.sections[0]
    section.different_first_page_header_footer = True
    line = section.header.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.tab_stops.clear_all()
    field = element("w:fldSimple", instr="PAGE")
    field.append(OxmlElement("w:r"))
    field[0].append(OxmlElement("w:t"))
    field[0][0].text = "2"
    line._p.append(field)


def _turn(section: Section, lying: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
    sides = (layout.PAGE_HEIGHT, layout.PAGE_WIDTH) if lying else (layout.PAGE_WIDTH, layout.PAGE_HEIGHT)
    section.page_width, section.page_height = Mm(sides[0]), Mm(sides[1])


# Blocks


def _block(file: WordFile, label: str, block: Block, lying: bool) -> None:
    match block:
        case Heading():
            file.add_paragraph(block.text, f"Heading {block.level}")
        case Paragraph():
            _write(file.add_paragraph(), block.runs)
        case List():
            _list(file, block)
        case Table():
            _caption(file, label, block.caption)
            write_table(file, block, layout.LYING if lying else layout.UPRIGHT)
            if block.note:
                file.add_paragraph(block.note, "Note")
            else:  # two tables one after another would become one
                file.add_paragraph(style="Note").paragraph_format.line_spacing = Pt(4)
        case Chart():
            _caption(file, label, block.title)
            _picture(file, block)
            if note := block.note:
                file.add_paragraph(note, "Note")


def _caption(file: WordFile, label: str, words: str) -> None:
    line = file.add_paragraph(style="Caption")
    if label:
        line.add_run(f"{label}. ").bold = True
    line.add_run(words)


def _write(line: WordParagraph, runs: list[Run]) -> None:
    for run in runs:
        if run.link:
            write_link(line, run.text, run.link)
        else:
            line.add_run(run.text).bold = run.strong or None


def _list(file: WordFile, block: List) -> None:
    numbering = _new_numbering(file) if block.ordered else None
    for point in block.points:
        line = file.add_paragraph(style="List Number" if block.ordered else "List Bullet")
        if numbering is not None:
            line._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = numbering
        _write(line, point)


def _new_numbering(file: WordFile) -> int:
    """A list that counts from one again."""
    numbering = file.part.numbering_part.numbering_definitions._numbering
    style = file.styles["List Number"].element
    own = numbering.num_having_numId(style.pPr.numPr.numId.val)
    fresh = numbering.add_num(own.abstractNumId.val)
    fresh.add_lvlOverride(0).add_startOverride(1)
    return fresh.numId


def _picture(file: WordFile, chart: Chart) -> None:
    line = file.add_paragraph()
    shape = line.add_run().add_picture(BytesIO(picture_png(chart)), Mm(layout.UPRIGHT))
    if (tall := shape.height / Mm(layout.PICTURE_HEIGHT)) > 1:  # its caption stays on the same sheet
        shape.width, shape.height = Emu(int(shape.width / tall)), Mm(layout.PICTURE_HEIGHT)
    shape._inline.docPr.set("descr", chart.alt)
    shape._inline.docPr.set("title", chart.title)
