"""Everything back from one file."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from core import backup


class Command(BaseCommand):
    help = "Check an archive of `backup` and put database and uploaded files into its state: all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="even when there is data: it will be lost")

    def handle(self, *, file: Path, replace: bool, **options: Any) -> None:
        try:
            manifest = backup.restore(file, replace=replace)
        except (backup.BadArchive, backup.NotEmpty) as error:
            raise CommandError(f"{error} Ничего не изменено.") from error
        except (DatabaseError, OSError) as error:
            raise CommandError(f"Не удалось восстановить: {error}. Ничего не изменено.") from error
        self.stdout.write(
            f"Восстановлено из {file} (копия от {manifest['made_at'][:16]}): "
            f"{sum(manifest['rows'].values())} строк. Все входят заново."
        )
