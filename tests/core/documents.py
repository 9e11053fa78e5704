"""A document with everything in it, and how other programs read the files made of it."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from decimal import Decimal
from pathlib import Path

from core.documents import (
    Chart,
    Document,
    Group,
    Heading,
    Hidden,
    Link,
    List,
    PageBreak,
    Paragraph,
    Percent,
    Strong,
    Table,
)

LONG_NAME = (
    "Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа № 12 "
    "с углублённым изучением отдельных предметов имени Героя Советского Союза А. А. Иванова»"
)
NASTY = '=HYPERLINK("http://x") </script><b>&amp; #strong[x] $x$ {{ 1 }}'
# Two halves, which programs like to round each in its own way, a thousand, a fraction, a fall.
FIGURES = ["1 340", "71,5 %", "29 %", "−5", "4,33", "0,5", "13 %", "01.09.2026"]


def report() -> Document:
    """Every kind of block and of cell."""
    table = Table(
        "Показатели",
        ["Показатель", "План", "Факт", "Прошлый год"],
        [
            Group("Показатели процесса"),
            [
                "Доля организаций в сообществах",
                Percent(0.8),
                Link(Percent(0.715, 1), "/m/1/"),
                Percent(0.285),
            ],
            [LONG_NAME, 120, Link(1340, "/m/2/"), -5],
            Group("Показатели результата"),
            [NASTY, Decimal("0.5"), 4.333, Percent(0.125)],
            ["Срок", dt.date(2026, 9, 1), None, Hidden("мало ответов")],
            ["Всего", 1, 2, 3],
        ],
        note="Значения на дату отчёта.",
        total=True,
    )
    bars = Chart(
        "bar",
        "Доля затруднений",
        ["Обучающиеся с ОВЗ и АООП", "Оценивание", NASTY],
        [("По сети", [Percent(0.58), Percent(0.285), Hidden("мало ответов")])],
        "Больше всего затруднений с ОВЗ: 58 %.",
    )
    lines = Chart(
        "line",
        "Затруднения по годам",
        ["2024/25", "2025/26", "2026/27"],
        [
            ("ОВЗ", [Percent(0.66), None, Percent(0.58)]),
            ("Оценивание", [Percent(0.4), Percent(0.44), Percent(0.5)]),
        ],
        "Затруднения с ОВЗ снизились с 66 до 58 %.",
        category="Учебный год",
    )
    return Document(
        "Годовой отчёт",
        "Приозёрный округ (вымышленный), 2026/27 учебный год",
        meta=[("Номер", "12-М"), ("Составлен", dt.date(2026, 11, 21))],
        author="Методический центр",
        made_at=dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC),
        blocks=[
            Heading(1, "Сеть"),
            Paragraph(
                ["В сети ", Strong("40 организаций"), " и ", Link(1012, "/network/staff/"), " педагогов."]
            ),
            List(["Первое", "Второе"], ordered=True),
            table,
            Heading(3, "Карта затруднений"),
            bars,
            List(["Вывод", ["Смотрите ", Link("решения", "/monitoring/decisions/")]]),
            PageBreak(),
            lines,
        ],
    )


def pdf_text(content: bytes) -> str:
    """What pdftotext reads, spaces of every kind alike."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return plain(done.stdout.decode())


def plain(text: str) -> str:
    """Words with one usual space between them."""
    return re.sub(r"\s+", " ", text)


def by_office(files: dict[str, bytes], folder: Path) -> dict[str, str]:
    """What LibreOffice shows of each file, as it prints it (in English manner: 1,340 and 71.5 %)."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf",
            "--outdir", str(folder / "out"), *(str(folder / name) for name in files),
        ],
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    return {name: pdf_text((folder / "out" / f"{name.split('.')[0]}.pdf").read_bytes()) for name in files}
