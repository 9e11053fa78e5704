from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from diagnostics.models import Campaign
from diagnostics.tallies import differences, rebuild, tally


class Command(BaseCommand):
    help = "Подсчитать ожидающие ответы опроса, проверить или пересобрать счёт по самим ответам."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", type=int, help="номер опроса")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--check", action="store_true", help="сравнить счёт с ответами, не меняя его")
        what.add_argument("--rebuild", action="store_true", help="пересобрать счёт; показанное не меняется")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.filter(pk=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"Опроса с номером {options['campaign']} нет.")
        if options["check"]:
            self._check(campaign)
        elif options["rebuild"]:
            rebuild(campaign)
            self.stdout.write("Счёт пересобран по ответам.")
        else:
            batch = tally(campaign, final=campaign.state == Campaign.State.CLOSED)
            self.stdout.write(f"Учтено ответов: {batch.size}." if batch else "Учитывать пока нечего.")

    def _check(self, campaign: Campaign) -> None:
        wrong = differences(campaign)
        for (dimension, group, item, option), (stored, counted) in sorted(wrong.items(), key=str)[:20]:
            where = f"{dimension} «{group}», вопрос {item}, ответ {option}"
            self.stderr.write(f"{where}: в счёте {stored}, по ответам {counted}")
        if wrong:
            raise CommandError(f"Счёт расходится с ответами в {len(wrong)} местах. Пересобрать: --rebuild")
        self.stdout.write("Счёт совпадает с ответами.")
