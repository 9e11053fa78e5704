from typing import Any

from django.core.management import BaseCommand

from core.workflows import document


class Command(BaseCommand):
    help = "Print docs/workflows.md: the states of records and the steps between them, as the models declare them."

    def handle(self, **options: Any) -> None:
        self.stdout.write(document(), ending="")
