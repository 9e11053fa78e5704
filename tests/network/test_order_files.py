"""The order on paper: what other programs read in the DOCX and the PDF, tags, margins, the QR code."""

from __future__ import annotations

import io
import logging
import subprocess
from pathlib import Path

import docx
import pypdf
import pytest
from docx.shared import Mm

from network.models import Order
from network.order_document import QR_SIDE, bound, public_address, qr_png, to_docx, to_pdf
from network.orders import NewAnnex
from tests.core.documents import NASTY, by_office, pdf_text, plain
from tests.factories.orders import PEOPLE, draft_order, registered_order
from tests.world import World

pytestmark = pytest.mark.django_db
MANY = NewAnnex(
    "Состав",
    ["№", "Фамилия, имя, отчество", "Должность", "Организация"],
    [
        [
            str(n),
            f"Озёрный-Речкин Константин Александрович{n}",
            "учитель начальных классов",
            "Школа № 12 имени героя",
        ]
        for n in range(1, 61)
    ],
)


@pytest.fixture
def order(world: World) -> Order:
    place = world.municipality
    place.approving_body = "Управление образования администрации Приозёрного округа"
    place.order_place, place.signatory_position = "г. Приозёрск", "Начальник управления"
    place.signatory_name = "В. П. Северова"
    clauses = ["Создать сообщество согласно приложению.", f"Учесть {NASTY}.", "Контроль оставляю за собой."]
    return registered_order(place, clauses=clauses, annexes=[PEOPLE])


WORDS = [
    "Управление образования администрации Приозёрного округа",
    "ПРИКАЗ",
    "3 октября 2026 г.",
    "№ 489/2-од",
    "г. Приозёрск",
    "О создании сообщества «Читаем вместе»",
    "В целях поддержки педагогов",
    "ПРИКАЗЫВАЮ:",
    "1. Создать сообщество согласно приложению.",
    "3. Контроль оставляю за собой.",
    "Начальник управления",
    "В. П. Северова",
    "Приложение",
    "к приказу",
    "от 03.10.2026 № 489/2-од",
    "Состав сообщества",
    "Речкин Пётр Ильич",
]


def in_order(text: str, words: list[str]) -> None:
    """Every phrase stands in the text, each after the one before."""
    place = 0
    for phrase in words:
        found = text.find(phrase, place)
        assert found >= 0, f"«{phrase}» is not where it should be in: {text[place : place + 400]}"
        place = found


def test_pdf_has_the_requisites_in_the_order_of_the_standard(order: Order):
    text = pdf_text(to_pdf(order))

    # The signatory's lines are set in two columns, read line by line.
    in_order(text, WORDS)
    assert public_address(order) in text.replace(" ", "") or public_address(order) in text


def test_docx_says_the_same_to_the_office(order: Order, tmp_path: Path):
    text = by_office({"order.docx": to_docx(order)}, tmp_path)["order.docx"]

    in_order(text, WORDS)
    assert public_address(order) in text


def test_nothing_typed_becomes_markup(order: Order):
    kept = NASTY.split("</script>")[0].strip()

    assert plain(kept) in pdf_text(to_pdf(order))
    assert any(NASTY in line.text for line in docx.Document(io.BytesIO(to_docx(order))).paragraphs)


def test_docx_is_an_editable_sheet_of_the_standard(order: Order):
    file = docx.Document(io.BytesIO(to_docx(order)))

    section = file.sections[0]
    sides = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
    assert [round(side.mm) for side in sides] == [30, 10, 20, 20]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    clauses = [line for line in file.paragraphs if line.style.name == "List Number"]
    assert [line.text[:7] for line in clauses] == ["Создать", "Учесть ", "Контрол"], "numbered by the program"
    assert abs(clauses[0].paragraph_format.first_line_indent - Mm(12.5)) < Mm(0.1)
    assert file.styles["Normal"].font.size.pt == 13
    drawing = section.first_page_footer.paragraphs[0]._p.xpath(".//wp:docPr")[0]
    assert drawing.get("descr") == f"QR-код публичной страницы акта: {public_address(order)}"
    assert section.different_first_page_header_footer
    assert file.tables[-1].rows[0]._tr.xpath(".//w:tblHeader"), "heads are repeated on each page"


def test_pdf_is_tagged_in_russian_and_set_without_a_warning(order: Order, caplog):
    with caplog.at_level(logging.WARNING):
        content = to_pdf(order)

    root = pypdf.PdfReader(io.BytesIO(content)).trailer["/Root"]
    assert not caplog.records
    assert root["/MarkInfo"]["/Marked"].value and root["/Lang"] == "ru"
    assert {"/H1", "/P", "/Table", "/TH", "/TD", "/Figure", "/Link"} <= tags(root["/StructTreeRoot"]["/K"])
    assert b"pdfaid:part" in content or "pdfaid" in str(root["/Metadata"].get_data())


def tags(node: object) -> set[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, pypdf.generic.ArrayObject):
        return set().union(*(tags(child) for child in node))
    if isinstance(node, pypdf.generic.DictionaryObject):
        return {str(node.get("/S"))} | (tags(node["/K"]) if "/K" in node else set())
    return set()


def test_registered_order_is_always_printed_with_the_same_bytes(order: Order):
    assert to_pdf(order) == to_pdf(Order.objects.get())


def test_draft_leaves_lines_for_number_and_date(world: World, tmp_path: Path):
    draft = draft_order(world.municipality, annexes=[PEOPLE])
    texts = [pdf_text(to_pdf(draft)), by_office({"draft.docx": to_docx(draft)}, tmp_path)["draft.docx"]]

    for text in texts:
        assert "«___» ______________ 20___ г." in text and "№ ____________" in text


def test_long_annex_goes_on_with_its_heads_and_numbered_pages(world: World):
    draft = draft_order(world.municipality, annexes=[MANY, PEOPLE])
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(to_pdf(draft))).pages]

    with_table = [page for page in pages if "Озёрный-Речкин" in plain(page).replace("- ", "-")]
    assert len(with_table) >= 2
    assert all("Должность" in page for page in with_table), "the heads are repeated"
    assert [plain(page).split()[0] for page in pages[1:]] == [str(n) for n in range(2, len(pages) + 1)]
    assert plain(pages[0]).split()[0] != "1", "the first page has no number"
    assert "Приложение 1" in pages[1] and "Приложение 2" in pages[-1]


def test_qr_stands_in_the_lower_right_corner_of_the_first_sheet(order: Order, tmp_path: Path):
    from PIL import Image

    (tmp_path / "order.pdf").write_bytes(to_pdf(order))
    subprocess.run(
        ["pdftoppm", "-r", "100", "-gray", "-png", "-l", "1", tmp_path / "order.pdf", tmp_path / "page"],
        check=True,
    )
    page = Image.open(next(tmp_path.glob("page*.png"))).convert("L")
    millimetre = page.width / 210
    corner = page.crop(tuple(int(edge * millimetre) for edge in (200 - QR_SIDE, 277 - QR_SIDE, 200, 277)))
    dark = sum(corner.histogram()[:128]) / (corner.width * corner.height)

    assert 0.3 < dark < 0.65, "the corner is filled with the code"
    assert qr_png(public_address(order)).startswith(b"\x89PNG")


def test_file_names_say_which_order_it_is(order: Order, world: World):
    client = world.client("official")

    registered = client.get(f"/network/orders/{order.pk}/order.docx")["Content-Disposition"]
    draft = client.get(f"/network/orders/{draft_order(world.municipality).pk}/order.pdf")[
        "Content-Disposition"
    ]

    assert "489-2-%D0%BE%D0%B4" in registered and registered.endswith(".docx")
    assert "%D0%BF%D1%80%D0%BE%D0%B5%D0%BA%D1%82" in draft and draft.endswith(".pdf")


def test_signs_that_belong_together_are_not_parted():
    assert (
        bound("Школа № 12, п. 3.1, И. А. Петрова") == "Школа №\u00a012, п.\u00a03.1, И.\u00a0А.\u00a0Петрова"
    )
