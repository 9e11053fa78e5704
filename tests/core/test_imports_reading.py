"""Tables as people have them are read; what is no table is refused in words that help."""

from __future__ import annotations

import datetime as dt
import io
import random
import struct
import zipfile
import zlib

import openpyxl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet, OpenDocumentText
from odf.table import Table as OdfTable
from odf.table import TableCell, TableRow
from odf.text import P

from core.imports.reading import read_table
from core.imports.table import UnreadableTable, as_text
from tests.tables import xlsx

HEADER = ["Наименование", "ИНН", "Адрес"]
ROWS = [["Школа № 1", "7707083893", "ул. Лесная, 1"], ["Детский сад «Ёлочка»", "5003052454", "ул. Мира, 2"]]


def read(data: bytes, name: str = "файл", **options):
    return read_table(io.BytesIO(data), name=name, **options)


def xls(rows: list[list]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Лист1")
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            sheet.write(y, x, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(rows: list[list]) -> bytes:
    document = OpenDocumentSpreadsheet()
    table = OdfTable(name="Лист1")
    for row in rows:
        line = TableRow()
        for value in row:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=value))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def csv_text(delimiter: str = ";") -> str:
    return "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in [HEADER, *ROWS]) + "\r\n"


def content(table) -> list[list[str]]:
    return [[as_text(cell) for cell in row.cells] for row in table.rows]


@pytest.mark.parametrize("make", [xlsx, xls, ods], ids=["xlsx", "xls", "ods"])
def test_workbook_of_every_kind_is_read(make):
    table = read(make([HEADER, *ROWS]), name="таблица.txt")

    assert table.header == HEADER
    assert content(table) == ROWS
    assert [row.number for row in table.rows] == [2, 3]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
def test_csv_is_read_in_every_encoding_and_with_every_delimiter(delimiter, encoding):
    table = read(csv_text(delimiter).encode(encoding))

    assert table.delimiter == delimiter
    assert (table.header, content(table)) == (HEADER, ROWS)


@pytest.mark.parametrize("encoding", ["cp866", "koi8-r"])
def test_csv_of_old_programs_is_read(encoding):
    table = read("Название;Адрес\r\nШкола 1;ул. Лесная, 1\r\n".encode(encoding))

    assert table.encoding == encoding
    assert content(table) == [["Школа 1", "ул. Лесная, 1"]]


def test_encoding_of_csv_is_named():
    assert read(csv_text().encode("cp1251")).encoding == "cp1251"
    assert read(csv_text().encode("utf-8-sig")).encoding == "utf-8-sig"


def test_unbalanced_quotes_are_reported_by_line():
    lines = ["имя;инн;адрес", '"Школа "Радуга"";1;а', "Школа № 2;2;б", '"Школа № 3;3;в', "Школа № 4;4;г"]

    with pytest.raises(UnreadableTable, match=r"В строках 2, 4 кавычки не парные"):
        read("\n".join(lines).encode())


def test_line_break_inside_quotes_is_no_new_row_and_lines_are_counted_on():
    table = read('имя;адрес\n"Школа\nРадуга";а\nШкола 2;б\n'.encode())

    assert content(table) == [["Школа Радуга", "а"], ["Школа 2", "б"]]
    assert [row.number for row in table.rows] == [2, 4]


def test_row_with_a_loose_delimiter_has_a_problem_of_its_own():
    table = read("имя,инн,адрес\nШкола 1,1,а\nШкола 2,2,ул. Мира, дом 2\nШкола 3,3,в\n".encode())

    assert [bool(row.problem) for row in table.rows] == [False, True, False]
    assert "запятая" in table.rows[1].problem


def test_header_is_found_below_a_title_and_numbers_of_columns_are_skipped():
    rows = [["Реестр организаций"], [], ["на 1 сентября"], HEADER, [1, 2, 3], *ROWS]

    table = read(xlsx(rows))

    assert (table.header, table.header_row) == (HEADER, 4)
    assert content(table) == ROWS
    assert [row.number for row in table.rows] == [6, 7]


def test_header_row_can_be_named_by_a_person():
    table = read(xlsx([["а", "б", "в", "г"], ["Имя", "ИНН"], ["Школа", "1"]]), header_row=2)

    assert table.header[:2] == ["Имя", "ИНН"]


def test_header_row_that_is_empty_is_refused():
    with pytest.raises(UnreadableTable, match="Строка 9 пуста"):
        read(xlsx([HEADER, *ROWS]), header_row=9)


def test_first_filled_sheet_is_taken_and_another_can_be_chosen():
    book = xlsx([], [HEADER, *ROWS], [["А", "Б"], ["1", "2"]], names=("Пусто", "Школы", "Ещё"))

    assert (read(book).sheet, read(book).sheets) == ("Школы", ["Школы", "Ещё"])
    assert read(book, sheet="Ещё").header == ["А", "Б"]
    with pytest.raises(UnreadableTable, match="нет листа «Пусто»"):
        read(book, sheet="Пусто")


def test_sheet_with_the_hoped_for_titles_is_preferred():
    book = xlsx(
        [["Справка"], ["о школах"]],
        [["А", "Б"], ["1", "2"]],
        [HEADER, *ROWS],
        names=("Титул", "Иное", "Школы"),
    )

    table = read(book, words={"инн", "наименование"})

    assert (table.sheet, table.header) == ("Школы", HEADER)


def test_cell_merged_over_rows_stands_in_each_of_them():
    book = openpyxl.Workbook()
    for row in [
        ["Школа", "ФИО"],
        ["Школа № 1", "Лесная Ольга"],
        ["", "Сосновый Пётр"],
        ["Школа № 2", "Ясный Иван"],
    ]:
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    out = io.BytesIO()
    book.save(out)

    assert [row[0] for row in content(read(out.getvalue()))] == ["Школа № 1", "Школа № 1", "Школа № 2"]


def test_dates_and_numbers_keep_their_kind_and_read_as_people_write_them():
    table = read(xlsx([["Дата", "ИНН", "Широта"], [dt.datetime(2011, 11, 28), 2613007224.0, 44.5]]))

    assert table.rows[0].cells == [dt.date(2011, 11, 28), 2613007224, 44.5]
    assert [as_text(cell) for cell in table.rows[0].cells] == ["28.11.2011", "2613007224", "44.5"]


def odt() -> bytes:
    document = OpenDocumentText()
    document.text.addElement(P(text="Уважаемые коллеги"))
    out = io.BytesIO()
    document.write(out)
    return out.getvalue()


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            file.writestr(name, "<xml/>")
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Файл пуст"),
        (b"%PDF-1.7\n...", "документ PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "картинка"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "картинка"),
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "HTML"),
        (b'<?xml version="1.0"?><Workbook/>', "XML"),
        (archive("word/document.xml"), "документ Word"),
        (archive("что-то.txt"), "архив"),
        (odt(), "ODT"),
        (OLE + "WordDocument".encode("utf-16-le"), "документ Word"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "закрыт паролем"),
        (OLE + "Thumbs".encode("utf-16-le"), "Это не таблица"),
        (random.Random(1).randbytes(4000), "не таблица|повреждён"),
        ("Уважаемые коллеги!\nПросим прислать списки.\n".encode(), "нет разделителя"),
        ("имя;инн\n".encode(), "нет ни одной строки с данными"),
        (archive("xl/workbook.xml", "xl/worksheets/sheet1.xml"), "повреждён"),
        (xlsx([HEADER, *ROWS])[:2000], "повреждён"),
    ],
)  # fmt: skip
def test_file_that_is_no_table_is_refused_with_advice(data, words):
    with pytest.raises(UnreadableTable, match=words):
        read(data)


def locked_xls() -> bytes:
    """The record FILEPASS follows the beginning of the stream, as in a book that Excel 97-2003 has locked."""
    book, out = xlwt.Workbook(), io.BytesIO()
    book.add_sheet("Лист1").write(0, 0, "Имя")
    book.save(out)
    data = bytearray(out.getvalue())
    begin = data.find(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    data[begin + 20 : begin + 22] = b"\x2f\x00"
    return bytes(data)


def locked_ods(*, whole: bool) -> bytes:
    """Members encrypted one by one, or (LibreOffice since 24.2) the whole package as one member."""
    member = "encrypted-package" if whole else "content.xml"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="{member}" manifest:media-type="text/xml">'
        "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("META-INF/manifest.xml", manifest)
        file.writestr(member, random.Random(1).randbytes(2000))
    return out.getvalue()


@pytest.mark.parametrize(
    "data", [locked_xls(), locked_ods(whole=False), locked_ods(whole=True)], ids=["xls", "ods", "ods-24.2"]
)
def test_locked_book_is_told_from_a_damaged_one(data):
    with pytest.raises(UnreadableTable, match="закрыт паролем"):
        read(data)


def test_file_beyond_the_limit_is_refused(settings):
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024

    with pytest.raises(UnreadableTable, match="больше 1 МБ"):
        read(b"a;b\n" * 300_000)


def test_zip_bomb_that_declares_its_size_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file, file.open("xl/sheet1.xml", "w") as member:
        for _ in range(210):
            member.write(bytes(1024 * 1024))

    assert len(out.getvalue()) < 1024 * 1024
    with pytest.raises(UnreadableTable, match="больше чем в 200 МБ"):
        read(out.getvalue())


def test_zip_bomb_that_lies_about_its_size_is_refused():
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(squeeze.compress(bytes(1024 * 1024)) for _ in range(210)) + squeeze.flush()
    name = b"xl/sheet1.xml"
    fields = (20, 0, 8, 0, 0, 0, len(packed), 1000, len(name), 0)
    local = b"PK\x03\x04" + struct.pack("<5H3I2H", *fields) + name + packed
    central = b"PK\x01\x02" + struct.pack("<6H3I5H2I", 20, *fields, 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, 1, 1, len(central), len(local), 0)

    with pytest.raises(UnreadableTable, match="больше чем в 200 МБ"):
        read(local + central + end)


def test_one_cell_in_the_last_corner_does_not_take_the_memory():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "Имя", "лишнее"
    out = io.BytesIO()
    book.save(out)

    with pytest.raises(UnreadableTable, match="Лист слишком велик"):
        read(out.getvalue())


def test_formatted_but_empty_cells_far_below_do_no_harm():
    book = openpyxl.Workbook()
    for row in [HEADER, *ROWS]:
        book.active.append(row)
    book.active["ZZ900000"].font = openpyxl.styles.Font(bold=True)
    out = io.BytesIO()
    book.save(out)

    assert content(read(out.getvalue())) == ROWS


# Texts as cells hold them: what XML forbids cannot stand in a workbook; the edges are trimmed by the comparison.
texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=20).map(
    lambda text: " ".join(text.split())
)
tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(
        st.lists(texts, min_size=width, max_size=width).filter(lambda row: any(row)), min_size=1, max_size=12
    )
)


@settings(max_examples=60, deadline=None)
@given(
    rows=tables, delimiter=st.sampled_from(",;\t"), encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])
)
def test_any_table_survives_csv(rows, delimiter, encoding):
    header = [f"Колонка {chr(1040 + i)}" for i in range(len(rows[0]))]
    lines = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [header, *rows]]

    table = read("\r\n".join(lines).encode(encoding), header_row=1)

    assert table.header == header
    assert content(table) == rows


@settings(max_examples=12, deadline=None)
@given(rows=tables)
def test_any_table_survives_xlsx(rows):
    # A text that begins with «=» is a formula to openpyxl, not to a reader of values.
    rows = [[cell.lstrip("=") for cell in row] for row in rows]
    rows = [row for row in rows if any(row)] or [["а", "б"]]
    header = [f"Колонка {chr(1040 + i)}" for i in range(len(rows[0]))]

    table = read(xlsx([header, *rows]), header_row=1)

    assert content(table) == [[*row, *[""] * (len(header) - len(row))] for row in rows]
