"""A certificate on paper: every field is read by other programs, the QR code leads to the page that verifies it."""

from __future__ import annotations

import datetime as dt
import io
import logging
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdf
import pytest
import segno
from django.conf import settings
from PIL import Image

from events.certificate_document import NO_DIPLOMA, to_pdf
from events.models import Certificate, ParticipantRole
from tests.core.documents import NASTY, pdf_text, plain
from tests.factories.events import certificate_in
from tests.network.test_order_files import tags
from tests.world import World

pytestmark = pytest.mark.django_db
MILLIMETRES = 297  # the width of a lying sheet


@pytest.fixture
def certificate(world: World) -> Certificate:
    return filled(certificate_in(world.school, world.teacher, world.head))


def filled(certificate: Certificate, **fields: Any) -> Certificate:
    """As if it had been issued with these words: what is printed is what the row keeps."""
    words = {
        "name": "Озёрная-Речкина Анна Львовна",
        "position": "учитель математики, Школа № 1",
        "title": "Функциональная грамотность: от задания к уроку",
        "format": "seminar",
        "level": "municipal",
        "held_on": dt.date(2026, 11, 12),
        "held_until": dt.date(2026, 11, 14),
        "hours": Decimal("10.0"),
        "role": ParticipantRole.SPEAKER,
        "topic": "Задание, которое хочется решить",
        "issuer": "Методический центр Приозёрного округа",
        "issued_on": dt.date(2026, 11, 20),
        **fields,
    }
    Certificate.objects.filter(pk=certificate.pk).update(**words)
    return Certificate.objects.get(pk=certificate.pk)


def test_every_field_is_on_the_sheet(certificate):
    text = pdf_text(to_pdf(certificate))

    for said in (
        "СЕРТИФИКАТ",
        f"№ {certificate.number} от 20 ноября 2026 г.",
        "Методический центр Приозёрного округа",
        "Озёрная-Речкина Анна Львовна",
        "учитель математики, Школа № 1",
        "выступил(а): семинар",
        "«Функциональная грамотность: от задания к уроку»",
        "тема выступления: «Задание, которое хочется решить»",
        "12 ноября 2026 г. – 14 ноября 2026 г.",
        "уровень: муниципальный",
        "часов: 10",
        NO_DIPLOMA,
        f"{settings.SITE_URL}{certificate.get_absolute_url()}",
    ):
        assert said in text, said
    assert "ОТОЗВАН" not in text


@pytest.mark.parametrize(
    ("role", "word"), [("participant", "принял(а) участие"), ("organiser", "организовал(а)")]
)
def test_role_is_said_in_its_own_word_and_empty_fields_leave_no_trace(role, word, certificate):
    day = dt.date(2026, 11, 12)
    text = pdf_text(to_pdf(filled(certificate, role=role, topic="", position="", hours=None, held_until=day)))

    assert f"{word}: семинар" in text and "12 ноября 2026 г. · уровень" in text
    assert "часов" not in text and "тема выступления" not in text and "–" not in text


def test_hours_with_a_half_are_written_in_russian(certificate):
    assert "часов: 2,5" in pdf_text(to_pdf(filled(certificate, hours=Decimal("2.5"))))


def test_quotation_marks_inside_are_the_inner_ones(certificate):
    text = pdf_text(to_pdf(filled(certificate, title="Встреча «Читаем вместе»", topic="Роман «Мы»")))

    assert "«Встреча „Читаем вместе“»" in text and "тема выступления: «Роман „Мы“»" in text


def test_revoked_sheet_says_so(world):
    assert "ОТОЗВАН" in pdf_text(to_pdf(certificate_in(world.school, world.teacher, world.head, "revoked")))


def test_nothing_typed_becomes_markup_and_long_words_stay_on_one_sheet(certificate):
    words = "Очень длинные слова о том, что было на семинаре "
    long = filled(
        certificate,
        title=f"{NASTY} {words * 9}"[:300],
        topic=(words * 9)[:300],
        position=(words * 9)[:300],
        name="Озёрная-Речкина " * 5,
        issuer=(words * 4)[:180],
    )
    pages = pypdf.PdfReader(io.BytesIO(to_pdf(long))).pages

    assert len(pages) == 1
    assert plain(NASTY) in pdf_text(to_pdf(long))


def test_sheet_is_tagged_in_russian_and_set_without_a_warning(certificate, caplog):
    with caplog.at_level(logging.WARNING):
        content = to_pdf(certificate)

    reader = pypdf.PdfReader(io.BytesIO(content))
    root = reader.trailer["/Root"]
    assert not caplog.records
    assert root["/MarkInfo"]["/Marked"].value and root["/Lang"] == "ru"
    assert {"/H1", "/P", "/Figure", "/Link"} <= tags(root["/StructTreeRoot"]["/K"])
    assert reader.metadata is not None and reader.metadata.title == f"Сертификат № {certificate.number}"
    kept = str(root["/Metadata"].get_data())
    assert "pdfaid" in kept and "pdfuaid" in kept
    assert reader.pages[0].mediabox.width > reader.pages[0].mediabox.height, "the sheet lies"


def test_same_certificate_gives_the_same_bytes(certificate):
    assert to_pdf(certificate) == to_pdf(Certificate.objects.get(pk=certificate.pk))


def test_qr_code_and_link_lead_to_the_page_that_verifies(certificate, client, tmp_path: Path):
    content = to_pdf(certificate)
    address = f"{settings.SITE_URL}{certificate.get_absolute_url()}"

    links = [
        note.get_object()["/A"]["/URI"] for note in pypdf.PdfReader(io.BytesIO(content)).pages[0]["/Annots"]
    ]
    assert links == [address]
    assert printed_modules(content, tmp_path) == modules(address)
    assert certificate.name in client.get(address).content.decode()


def modules(address: str) -> list[list[bool]]:
    """The squares of the code that the address makes."""
    return [[bool(square) for square in row] for row in segno.make(address, error="m", micro=False).matrix]


def printed_modules(content: bytes, folder: Path) -> list[list[bool]]:
    """The squares of the code in the lower right corner of the printed sheet."""
    (folder / "sheet.pdf").write_bytes(content)
    subprocess.run(
        ["pdftoppm", "-r", "300", "-gray", "-png", folder / "sheet.pdf", folder / "sheet"], check=True
    )
    page = Image.open(next(folder.glob("sheet*.png"))).convert("L")
    unit = page.width / MILLIMETRES
    corner = page.crop(tuple(int(edge * unit) for edge in (297 - 28 - 26, 210 - 22 - 26, 297 - 28, 210 - 22)))
    dark = corner.point(lambda shade: 255 if shade < 128 else 0)
    left, top, right, _ = dark.getbbox()
    count = round((right - left) / (finder_side(dark, left, top) / 7))
    side = (right - left) / count
    return [
        [dark.getpixel((int(left + (x + 0.5) * side), int(top + (y + 0.5) * side))) > 0 for x in range(count)]
        for y in range(count)
    ]


def finder_side(dark: Image.Image, left: int, top: int) -> int:
    """Length in pixels of the dark line that begins in the corner: the seven squares of the finder pattern."""
    length = 0
    while dark.getpixel((left + length, top)):
        length += 1
    return length
