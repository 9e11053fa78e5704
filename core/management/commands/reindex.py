"""Make the search index anew."""

from typing import Any

from django.core.management import BaseCommand

from core.search import reindex


class Command(BaseCommand):
    help = "Make the search index anew from the records of every app."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"Записей в поиске: {reindex()}")
