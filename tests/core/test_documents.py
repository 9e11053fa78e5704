"""Documents: the same figures in every file, files that other programs read, nothing typed becomes code."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import json
import re
import shutil
import time
import zipfile
from decimal import Decimal

import docx
import openpyxl
import pypdf
import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import (
    Chart,
    Column,
    Document,
    Heading,
    Hidden,
    Link,
    Paragraph,
    Percent,
    Table,
    download,
    from_data,
    layout,
    list_to_xlsx,
    text_of,
    to_data,
    to_docx,
    to_pdf,
    to_xlsx,
)
from tests.core.documents import FIGURES, LONG_NAME, NASTY, by_office, pdf_text, plain, report


def docx_text(content: bytes) -> str:
    file = docx.Document(io.BytesIO(content))
    cells = (cell.text for table in file.tables for row in table.rows for cell in row.cells)
    return plain(" ".join([*(paragraph.text for paragraph in file.paragraphs), *cells]))


def page_html(document: Document) -> str:
    return render_to_string("core/document/body.html", {"document": document})


def workbook(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def cells_of(content: bytes) -> dict[str, openpyxl.cell.Cell]:
    """Cells of all sheets by the text in the first column and their column's letter."""
    return {
        f"{row[0].value}/{cell.column_letter}": cell
        for sheet in workbook(content)
        for row in sheet.iter_rows()
        for cell in row
        if row[0].value
    }


def table_of(*columns: str, rows: list) -> Document:
    return Document(
        "Отчёт", blocks=[Heading(1, "Раздел"), Paragraph("Вводные слова."), Table("Т", columns, rows)]
    )


# The same figures everywhere


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1012, "1 012"), (-5, "−5"), (0.285, "0,29"), (2.675, "2,68"), (Decimal("4.50"), "4,50"), (-0.001, "0,00"),
        (Percent(0.285), "29 %"), (Percent(0.715, 1), "71,5 %"), (Percent(Decimal("0.005")), "1 %"), (None, "–"),
        ("", "–"), (True, "да"), (dt.date(2026, 9, 1), "01.09.2026"), (Hidden("мало ответов"), "мало ответов"),
        (dt.datetime(2026, 9, 1, 21, 30, tzinfo=dt.UTC), "02.09.2026 00:30"), (Link(1012, "/x/"), "1 012"),
        (10**30, "1" + " 000" * 10),
    ],
)  # fmt: skip
def test_value_is_written_the_russian_way(value, shown):
    assert text_of(value).replace("\u00a0", " ") == shown


def test_figures_are_the_same_in_pdf_docx_and_page():
    document = report()

    texts = {
        "pdf": pdf_text(to_pdf(document)),
        "docx": docx_text(to_docx(document)),
        "page": plain(page_html(document)),
    }

    missing = {(name, figure) for name, text in texts.items() for figure in FIGURES if figure not in text}
    assert not missing
    assert all("мало ответов" in text and "1 012" in text for text in texts.values())


def test_workbook_keeps_numbers_with_formats_that_show_the_same():
    cells = cells_of(to_xlsx(report()))

    share, fact, half = cells["Доля организаций в сообществах/C"], cells[f"{LONG_NAME}/C"], cells["Срок/B"]
    assert (share.value, share.number_format) == (pytest.approx(0.715), '0.0"\u00a0"%')
    assert (fact.value, fact.number_format) == (1340, "#,##0")
    assert half.value == dt.datetime(2026, 9, 1) and half.number_format == "dd.mm.yyyy"
    assert cells["Срок/D"].value == "мало ответов"
    assert share.hyperlink.target.endswith("/m/1/") and share.hyperlink.target.startswith("http")


@pytest.mark.skipif(
    not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed: files not opened in it"
)
def test_office_opens_files_and_shows_the_same_figures(tmp_path):
    document = report()

    shown = by_office({"word.docx": to_docx(document), "book.xlsx": to_xlsx(document)}, tmp_path)

    english = str.maketrans({" ": "", ",": "."})
    # Without a font of the widths of Times New Roman a figure may be torn there; in the file it is whole.
    word = shown["word.docx"].replace(" ", "")
    for figure in FIGURES:
        assert figure.replace(" ", "") in word
        if figure[:2] != "01":
            book = shown["book.xlsx"].replace("1,340", "1340").replace(" ", "").replace("-5", "−5")
            assert figure.translate(english) in book, figure


def test_hidden_figure_leaves_only_its_word():
    chart = Chart("bar", "Доли", ["а", "б"], [("с", [Percent(0.5), Hidden("мало ответов")])], "Доли.")

    book = workbook(to_xlsx(Document("Отчёт", blocks=[chart])))

    numbers = [
        c.value
        for sheet in book
        for row in sheet.iter_rows()
        for c in row
        if isinstance(c.value, (int, float))
    ]
    words = [c.value for row in book.worksheets[1].iter_rows() for c in row if c.value == "мало ответов"]
    assert set(numbers) == {0.5} and len(words) == 1, "a chart would draw a word as zero"
    assert "мало ответов" in plain(page_html(Document("Отчёт", blocks=[chart])))
    assert chart.data["series"][0]["values"] == [50.0, None]


def test_picture_of_very_many_bars_shows_the_first_and_says_so():
    names = [f"Школа № {number}" for number in range(100)]
    chart = Chart("bar", "Доли", names, [("с", list(range(100)))], "Доли школ.")

    texts = [pdf_text(to_pdf(Document("О", blocks=[chart]))), plain(page_html(Document("О", blocks=[chart])))]

    assert len(chart.data["categories"]) == len(chart.data["series"][0]["values"]) == 40
    assert all("первые 40 строк из 100" in text and "Школа № 99" in text for text in texts)


def test_picture_taller_than_a_sheet_is_made_smaller_as_a_whole_with_its_caption():
    names = [f"Школа № {number}" for number in range(30)]
    series = [(year, list(range(30))) for year in ("было", "цель", "стало")]
    chart = Chart("bar", "Доли", names, series, "Доли.", with_table=False)
    document = Document("О", blocks=[chart])

    on_paper = pdf_text(to_pdf(document))
    (shape,) = docx.Document(io.BytesIO(to_docx(document))).inline_shapes

    assert all(words in on_paper for words in ["было", "стало", "Школа № 0 ", "Школа № 29 "])
    assert shape.height.mm < 297 - 20 - 20 - 20
    assert shape.width.mm < 150, "made smaller as a whole, not flattened"


def test_stored_document_gives_the_same_files():
    document = report()

    again = from_data(json.loads(json.dumps(to_data(document))))

    assert again == document
    assert to_pdf(again) == to_pdf(document)


# What the files promise


def test_pdf_is_tagged_archival_and_carries_its_fonts(caplog):
    file = pypdf.PdfReader(io.BytesIO(to_pdf(report())))
    root = file.trailer["/Root"]
    fonts = [f.get_object() for page in file.pages for f in page["/Resources"].get("/Font", {}).values()]
    inner = [font["/DescendantFonts"][0].get_object() for font in fonts if "/DescendantFonts" in font]

    assert root["/MarkInfo"]["/Marked"].value and root["/Lang"] == "ru" and "/StructTreeRoot" in root
    assert root["/OutputIntents"] and root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert file.metadata.title == "Годовой отчёт"
    assert b"pdfaid:part>3<" in root["/Metadata"].get_object().get_data().replace(
        b"<pdfaid:conformance>", b""
    )
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_object().get_data()
    assert inner and all("/FontFile2" in font["/FontDescriptor"] for font in inner)
    assert {font["/BaseFont"].split("+")[1].split("-")[0] for font in inner} == {"PTSerif"}
    assert not caplog.records, "the compiler warned"


def test_pdf_tags_headings_tables_and_words_for_pictures():
    file = pypdf.PdfReader(io.BytesIO(to_pdf(report())))
    tags, words = [], []

    def walk(node):
        node = node.get_object()
        if isinstance(node, pypdf.generic.ArrayObject):
            for child in node:
                walk(child)
        elif isinstance(node, pypdf.generic.DictionaryObject):
            tags.append(node.get("/S"))
            words.append(node.get("/Alt"))
            if "/K" in node:
                walk(node["/K"])

    walk(file.trailer["/Root"]["/StructTreeRoot"]["/K"])

    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/LI", "/Figure", "/Caption", "/Link"} <= set(tags)
    assert "/H3" not in tags, "a skipped level is closed up"
    assert "Затруднения с ОВЗ снизились с 66 до 58 %." in words


def test_docx_has_styles_language_heads_and_words_for_pictures():
    content = to_docx(report())
    file = docx.Document(io.BytesIO(content))
    styles = zipfile.ZipFile(io.BytesIO(content)).read("word/styles.xml").decode()

    assert [p.style.name for p in file.paragraphs if p.style.name.startswith("Heading")] == [
        "Heading 1",
        "Heading 2",
    ]
    assert set(re.findall(r'<w:lang [^>]*w:val="([^"]+)"', styles)) == {"ru-RU"}
    assert (file.core_properties.title, file.core_properties.language) == ("Годовой отчёт", "ru-RU")
    assert all(table.rows[0]._tr.trPr.xpath("w:tblHeader") for table in file.tables)
    assert [shape._inline.docPr.get("descr") for shape in file.inline_shapes] == [
        "Больше всего затруднений с ОВЗ: 58 %.", "Затруднения с ОВЗ снизились с 66 до 58 %.",
    ]  # fmt: skip
    targets = {r.target_ref for r in file.part.rels.values() if r.is_external}
    assert all(target.startswith("http") for target in targets) and len(targets) == 4


def test_workbook_has_sheets_native_charts_and_frozen_heads():
    content = to_xlsx(report())
    book = workbook(content)
    drawing = zipfile.ZipFile(io.BytesIO(content)).read("xl/drawings/drawing1.xml").decode()

    assert book.sheetnames == ["Документ", "Т1 Показатели", "Р1 Доля затруднений", "Р2 Затруднения по годам"]
    assert book["Т1 Показатели"].freeze_panes == "B5"
    assert [len(sheet._charts) for sheet in book] == [0, 0, 1, 1]
    assert "Больше всего затруднений с ОВЗ: 58 %." in drawing


# Nothing typed becomes code, nothing typed breaks a file


def test_typed_formula_stays_text_in_workbooks():
    typed = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "=cmd|' /C calc'!A0",
        "http://x.example/",
        "{=1}",
        "00123",
        "1e5",
    ]

    report_book = cells_of(to_xlsx(table_of("Текст", rows=[[text] for text in typed])))
    sheet = workbook(list_to_xlsx("=Список", ["=Столбец"], [[text] for text in typed], ["=отбор"])).active

    assert all(report_book[f"{text}/A"].data_type == "s" for text in typed)
    assert [sheet.cell(5 + i, 1).value for i in range(len(typed))] == typed
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} <= {"s", "inlineStr"}


def test_markup_in_text_is_text_everywhere():
    document = report()

    html = page_html(document)

    assert NASTY in pdf_text(to_pdf(document)) and NASTY in docx_text(to_docx(document))
    assert html.count("</script>") == html.count("<script") == 2, "only the scripts of the two charts"
    assert "<b>&amp; #" not in html


def test_link_with_a_script_is_dropped_and_its_text_stays():
    link = Link("вид", "javascript:alert(1)")

    html = page_html(table_of("А", "Б", rows=[["строка", link], ["строка", Link("ещё", "//evil.example/")]]))

    assert "<a " not in html and "вид" in html and "ещё" in html


def test_letters_the_font_has_not_are_marked_and_do_not_stop_the_pdf(caplog):
    text = pdf_text(to_pdf(table_of("А", rows=[["Ура 😀 漢字 → вперёд и\u0306ль\u200bза ＂ ＜ \uf4c6"]])))

    assert 'Ура ◊ ◊◊ —> вперёд йльза " < ◊' in text
    assert not caplog.records


ANY_CELL = st.one_of(
    st.text(max_size=40), st.none(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(allow_nan=False, allow_infinity=False, places=3), st.dates(), st.booleans(),
    st.builds(Percent, st.floats(-10, 10)), st.builds(Hidden, st.text(max_size=9)),
    st.builds(Link, st.text(max_size=9), st.text(max_size=20)),
)  # fmt: skip


@given(title=st.text(max_size=40), rows=st.lists(st.tuples(ANY_CELL, ANY_CELL), max_size=4))
@settings(max_examples=25, deadline=None)
def test_any_text_and_value_makes_every_file(title, rows):
    chart = Chart("bar", title, [title] * 2, [(title, [None, 1])], "слова " + title)
    document = Document(
        title, title, [(title, title)], blocks=[Paragraph(title), Table(title, [title, "Б"], rows), chart]
    )
    document = Document(title, title, meta=[(title, title)], blocks=document.blocks)

    files = [
        to_pdf(document),
        to_docx(document),
        to_xlsx(document),
        list_to_xlsx(title, [title, "Б"], rows, [title]),
    ]

    assert pypdf.PdfReader(io.BytesIO(files[0])).pages and docx.Document(io.BytesIO(files[1])).tables
    assert all(workbook(content).sheetnames for content in files[2:])


@pytest.mark.parametrize(
    "build",
    [
        lambda: Table("Т", ["А", "Б"], [["одна ячейка"]]),
        lambda: Table("Т", ["А"], [[float("nan")]]),
        lambda: Percent(float("inf")),
        lambda: Chart("bar", "Д", ["а"], [("с", [1])], alt=" "),
        lambda: Chart("bar", "Д", ["а", "б"], [("с", [1])], alt="слова"),
        lambda: Chart("pie", "Д", ["а"], [("с", [1])], alt="слова"),
    ],
)
def test_mistake_of_the_author_is_found_when_the_tree_is_built(build):
    with pytest.raises(ValueError):
        build()


# How it lies on paper


def test_wide_table_lies_with_its_heading_and_words_come_along():
    wide = table_of(
        "Направление", *(f"Школа № {i}" for i in range(14)), rows=[["Оценивание", *[Percent(0.5)] * 14]]
    )
    pages = pypdf.PdfReader(io.BytesIO(to_pdf(wide))).pages
    sections = docx.Document(io.BytesIO(to_docx(wide))).sections

    assert [page.mediabox.width > page.mediabox.height for page in pages[-1:]] == [True]
    assert "Раздел" in plain(pages[-1].extract_text()) and "Вводные слова" in plain(pages[-1].extract_text())
    assert sections[-1].page_width > sections[-1].page_height


def test_document_that_begins_with_a_wide_table_has_its_title_on_the_same_sheet():
    heads = ["Направление", *(f"Школа № {i}" for i in range(14))]
    wide = Document("План на год", blocks=[Table("Т", heads, [["Оценивание", *[Percent(0.5)] * 14]])])
    pages = pypdf.PdfReader(io.BytesIO(to_pdf(wide))).pages
    word = docx.Document(io.BytesIO(to_docx(wide)))

    assert len(pages) == 1 and pages[0].mediabox.width > pages[0].mediabox.height
    assert "План на год" in plain(pages[0].extract_text())
    assert [section.page_width > section.page_height for section in word.sections] == [True]


def test_table_wider_than_a_sheet_is_cut_and_loses_no_figure():
    numbers = list(range(1000, 1060))
    table = Table("Т", ["Направление", *(f"Школа № {n}" for n in numbers)], [["Оценивание", *numbers]])

    found = layout.pieces(table)

    assert len(found) > 1 and all(layout.fit(piece, layout.LYING) for piece in found)
    assert all(piece.columns[0].title == "Направление" for piece in found)
    assert [value for piece in found for value in piece.rows[0][1:]] == numbers
    text = pdf_text(to_pdf(Document("О", blocks=[table])))
    assert all(text_of(number).replace("\u00a0", " ") in text for number in numbers)
    assert "Таблица 1 (продолжение)" in text


def test_long_table_is_quick_and_repeats_its_heads_on_every_page():
    rows = [[i, LONG_NAME, f"26240{i:05d}", Percent(0.5), 20, None] for i in range(300)]
    document = table_of("№", "Наименование организации", "ИНН", "Доля", "Педагогов", "Ещё", rows=rows)

    started = time.process_time()
    content = to_pdf(document)
    to_docx(document)
    to_xlsx(document)
    spent = time.process_time() - started

    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    assert len(pages) > 10 and all("Наименование" in page.extract_text() for page in pages)
    assert spent < 6, f"{spent:.1f} s of processor time for 300 rows in three files"


def test_page_numbers_stand_from_the_second_page():
    content = to_pdf(report())
    first, second = (
        page.extract_text() for page in itertools.islice(pypdf.PdfReader(io.BytesIO(content)).pages, 2)
    )

    assert not first.strip().startswith("1") and second.strip().startswith("2")


# Lists


def test_list_is_written_in_one_pass_with_its_filters_above():
    rows = iter(
        [["Школа № 1", 12, Percent(0.5), dt.date(2026, 9, 1), None], [LONG_NAME, 1340, None, None, "да"]]
    )

    sheet = workbook(
        list_to_xlsx("Организации", ["Название", "Педагогов", "Доля", "Дата", "И"], rows, ["Вид: школа"])
    ).active

    assert [sheet["A1"].value, sheet["A2"].value] == ["Организации", "Отбор: Вид: школа"]
    assert [cell.value for cell in sheet[4]] == ["Название", "Педагогов", "Доля", "Дата", "И"]
    assert [cell.value for cell in sheet[5]] == ["Школа № 1", 12, 0.5, dt.datetime(2026, 9, 1), None]
    assert (sheet["A6"].value, sheet["B6"].value) == (LONG_NAME, 1340)
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("B5", "A4:E6", "$4:$4")


def test_list_of_two_thousand_rows_takes_less_than_half_a_second():
    columns = [Column("№"), "Название", "ИНН", "Вид", "Доля", "Дата", "И"]
    day, spent = dt.date(2026, 9, 1), []
    for _ in range(3):  # other work on the machine slows one of them, not all
        rows = ([i, LONG_NAME, f"26240{i:05d}", "школа", Percent(0.5), day, "да"] for i in range(2000))
        started = time.process_time()
        content = list_to_xlsx("Организации", columns, rows)
        spent.append(time.process_time() - started)

    assert workbook(content).active.max_row == 2004
    assert min(spent) < 0.5, f"{min(spent):.2f} s of processor time"


def test_download_names_the_file_in_russian():
    response = download(b"x", "Отчёт 12-М.pdf")

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%9E")
