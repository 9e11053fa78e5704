from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import CommandError

from core.imports.command import ImportCommand
from core.imports.spec import ImportSpec
from network.imports.staff import StaffImport
from network.models import Municipality


class Command(ImportCommand):
    help = "Take the staff of a municipality's organisations in from a spreadsheet: all rows or none."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--municipality", required=True, help="name of the municipality")
        parser.add_argument(
            "--invite", action="store_true", help="send invitations to those who have an e-mail"
        )

    def get_spec(self, options: dict[str, Any]) -> ImportSpec:
        municipality = Municipality.objects.filter(name=options["municipality"].strip()).first()
        if municipality is None:
            raise CommandError(f"Муниципалитета «{options['municipality']}» в портале нет.")
        return StaffImport({"municipality": municipality.pk})

    def get_options(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"invite": options["invite"]}

    def handle(self, *args: Any, **options: Any) -> None:
        self.import_file(options)
