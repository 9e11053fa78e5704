"""Import of organisations from a spreadsheet against writing the same rows directly."""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.db import transaction
from openpyxl import Workbook

from config.demo.network import control_digits
from network.models import Municipality, Organisation
from tests.bench.measure import Figure, once


def measure(size: int) -> list[Figure]:
    rows = [
        (*control_digits(9_000_000 + n), f"Школа № {n}, загрузка", f"Посёлок, дом {n}") for n in range(size)
    ]
    book = Workbook()
    book.active.append(["ИНН", "ОГРН", "Полное наименование", "Адрес"])
    for row in rows:
        book.active.append(row)
    municipality = Municipality.objects.create(
        name="Для загрузки", is_fictional=False, network_title="Для загрузки"
    )

    def write() -> None:
        with transaction.atomic():
            Organisation.objects.bulk_create(
                Organisation(
                    municipality=municipality,
                    inn=inn,
                    ogrn=ogrn,
                    full_name=name,
                    short_name=name,
                    address=place,
                )
                for inn, ogrn, name, place in rows
            )

    floor = once(write)
    Organisation.objects.filter(municipality=municipality).delete()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "organisations.xlsx"
        book.save(path)

        def load() -> None:
            call_command(
                "import_organisations", path, municipality="Для загрузки", verbosity=0, stdout=io.StringIO()
            )

        first, second = once(load), once(load)
    assert Organisation.objects.filter(municipality=municipality).count() == size
    return [("import of organisations", first, floor, "s"), ("the same file again", second, floor, "s")]
