from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from diagnostics import xlsform
from network.models import Municipality


class Command(BaseCommand):
    help = "Make a draft questionnaire from an XLSForm workbook; what is not supported is named row by row."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="XLSX or XLS in the XLSForm format")
        parser.add_argument(
            "--municipality", default="", help="whose questionnaire it is; the only one by default"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = Municipality.objects.all()
        if options["municipality"]:
            found = found.filter(name=options["municipality"])
        if found.count() != 1:
            raise CommandError("Укажите муниципалитет: --municipality «название», как в портале.")
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"Файл {options['file']} не открывается: {error.strerror}.") from error
        try:
            form = xlsform.read(data, name=options["file"].name)
        except xlsform.Refused as refused:
            rows = "".join(f"\n  {row}" for row in refused.rows)
            raise CommandError(f"Анкета не загружена, ничего не сохранено: {refused}{rows}") from refused
        questionnaire = xlsform.save(form, by=None, municipality=found.get())
        self.stdout.write(f"Черновик анкеты: {questionnaire}, {questionnaire.get_absolute_url()}")
