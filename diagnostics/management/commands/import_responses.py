from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import CommandError

from core.imports.command import ImportCommand
from core.imports.spec import ImportSpec
from diagnostics.imports import ResponsesImport, why_not
from diagnostics.models import Campaign
from diagnostics.views.answers_import import sha256_of


class Command(ImportCommand):
    help = "Take past answers into a campaign from a spreadsheet and tally them: all rows or none."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--campaign", type=int, required=True, help="number of the campaign")
        parser.add_argument("--no-answer", default="", help='codes that mean «no answer», e.g. "6,7,9"')

    def get_spec(self, options: dict[str, Any]) -> ImportSpec:
        campaign = Campaign.objects.filter(pk=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"Опроса с номером {options['campaign']} нет.")
        try:
            with options["file"].open("rb") as file:
                digest = sha256_of(file)
        except OSError as error:
            raise CommandError(f"Файл {options['file']} не открывается: {error.strerror}.") from error
        if refusal := why_not(campaign, digest):
            raise CommandError(refusal)
        return ResponsesImport(
            {
                "campaign": campaign.pk,
                "no_answer": options["no_answer"],
                "sha256": digest,
                "name": options["file"].name,
            }
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.import_file(options)
