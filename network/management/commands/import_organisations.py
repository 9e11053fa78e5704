from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction

from core.imports.command import ImportCommand
from core.imports.spec import ImportSpec
from network.imports.organisations import OrganisationImport
from network.models import Municipality


class Command(ImportCommand):
    help = "Take the organisations of a municipality in from a spreadsheet: all rows or none."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--municipality", required=True, help="name of the municipality")
        parser.add_argument("--create-municipality", action="store_true", help="make it when it is not there")

    def get_spec(self, options: dict[str, Any]) -> ImportSpec:
        name = options["municipality"].strip()
        municipality = Municipality.objects.filter(name=name).first()
        if municipality is None and options["create_municipality"]:
            municipality = Municipality.objects.create(name=name, network_title=f"Методическая сеть: {name}")
        if municipality is None:
            known = ", ".join(f"«{name}»" for name in Municipality.objects.values_list("name", flat=True))
            raise CommandError(
                f"Муниципалитета «{name}» в портале нет. Есть: {known or 'ни одного'}. "
                "Добавьте --create-municipality, чтобы завести его."
            )
        return OrganisationImport({"municipality": municipality.pk})

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            self.import_file(options)
            if options["dry_run"]:
                transaction.set_rollback(True)
