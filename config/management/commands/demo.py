"""`manage.py demo`: the fictional municipality, the same for the same seed; a second run changes nothing."""

import random
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from config.demo.applications import make_applications
from config.demo.certificates import make_certificates
from config.demo.communities import make_communities
from config.demo.coverage import make_coverage
from config.demo.events import make_events
from config.demo.feedback import make_feedback
from config.demo.monitoring import make_monitoring
from config.demo.network import NAME, make_municipality, make_organisations, make_people
from config.demo.orders import make_orders
from config.demo.own_surveys import make_own_surveys
from config.demo.personal import make_personal
from config.demo.plans import make_plans
from config.demo.support import tie_support
from config.demo.surveys import make_surveys
from core.known_tables import know_tables
from network.models import Municipality


class Command(BaseCommand):
    help = (
        "Создаёт вымышленный муниципалитет с людьми, опросами и отчётами. Повторный запуск ничего не меняет."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisations", type=int, default=41)
        parser.add_argument("--people", type=int, default=1012)
        parser.add_argument("--responses", type=int, default=620)
        parser.add_argument("--seed", type=int, default=2026)
        parser.add_argument(
            "--no-dictionaries",
            dest="dictionaries",
            action="store_false",
            help="справочники только что поставлены",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Демонстрационные данные создаются только там, где включено DEMO=1.")
        if options["organisations"] < 4:
            raise CommandError("Нужно не меньше четырёх организаций: центр, управление и две школы.")
        if Municipality.objects.filter(name=NAME).exists():
            self.stdout.write("Демонстрационный муниципалитет уже есть, ничего не изменено.")
            return
        if options["dictionaries"]:
            call_command("install_dictionaries", stdout=self.stdout)
        with transaction.atomic():  # all of it or nothing: a second run would not complete a half
            municipality = self.make(options, random.Random(options["seed"]))
            call_command("reindex", stdout=self.stdout)
        know_tables()
        self.stdout.write(f"Готово: {municipality}.")

    def make(self, options: dict[str, Any], rng: random.Random) -> Municipality:
        municipality = make_municipality()
        organisations = make_organisations(municipality, options["organisations"], rng)
        accounts = make_people(organisations, options["people"], rng)
        make_surveys(municipality, accounts, options["responses"], rng)
        make_own_surveys(municipality, accounts["methodist"], rng)
        make_orders(municipality, accounts)
        make_communities(municipality, accounts, random.Random(options["seed"]))
        make_events(municipality, accounts, random.Random(options["seed"]))
        make_feedback(municipality, accounts, random.Random(options["seed"]))
        make_certificates(municipality, accounts)
        make_plans(municipality, accounts, random.Random(options["seed"]))
        make_applications(municipality, accounts, random.Random(options["seed"]))
        tie_support(municipality)
        make_coverage(municipality, accounts, options["responses"], random.Random(options["seed"]))
        make_personal(municipality, accounts, rng)
        make_monitoring(municipality, accounts)
        return municipality
