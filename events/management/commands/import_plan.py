from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction

from core.imports.command import ImportCommand
from core.imports.spec import ImportSpec
from core.school_year import SchoolYear
from events.imports import PlanItemsImport
from events.models import EventPlan
from events.planning import default_title
from network.models import Municipality


class Command(ImportCommand):
    help = "Take the plan of a municipality for a school year in from a spreadsheet: all rows or none."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--municipality", required=True, help="name of the municipality")
        parser.add_argument("--year", default="", help="school year, 2026/27; the current one by default")
        parser.add_argument(
            "--plan", type=int, help="number of another draft: of a community or an organisation"
        )

    def get_spec(self, options: dict[str, Any]) -> ImportSpec:
        name = options["municipality"].strip()
        municipality = Municipality.objects.filter(name=name).first()
        if municipality is None:
            raise CommandError(f"Муниципалитета «{name}» в портале нет.")
        plan = self._plan(municipality, options)
        if not plan.is_draft:
            raise CommandError(f"План «{plan}» утверждён: его пункты меняют на портале.")
        return PlanItemsImport({"plan": plan.pk})

    def _plan(self, municipality: Municipality, options: dict[str, Any]) -> EventPlan:
        plans = EventPlan.objects.filter(municipality=municipality)
        if options["plan"]:
            if (plan := plans.filter(pk=options["plan"]).first()) is None:
                raise CommandError(f"Плана {options['plan']} в муниципалитете «{municipality}» нет.")
            return plan
        try:
            year = SchoolYear.parse(options["year"]) if options["year"] else SchoolYear.current()
        except ValueError as error:
            raise CommandError(str(error)) from error
        if (plan := plans.municipal().of_year(year).first()) is not None:
            return plan
        new = EventPlan(municipality=municipality, year=year.start)
        new.title = default_title(new)
        new.save()
        return new

    def handle(self, *args: Any, **options: Any) -> None:
        # A plan begun for the file goes with it when nothing is saved.
        with transaction.atomic():
            self.import_file(options)
            if options["dry_run"]:
                transaction.set_rollback(True)
