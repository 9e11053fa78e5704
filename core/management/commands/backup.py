"""One file with everything: rows and uploaded files."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from core import backup


class Command(BaseCommand):
    help = "Write database and uploaded files into one archive with checksums, readable by its owner alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            manifest = backup.write(file)
            backup.check(file)
        except FileExistsError as error:
            raise CommandError(f"Файл {file} уже есть. Назовите другой.") from error
        except (OSError, backup.BadArchive) as error:
            raise CommandError(f"Архив не записан: {error}") from error
        files = sum(name.startswith("files/") for name in manifest["members"])
        self.stdout.write(
            f"Записано и проверено: {file}, {sum(manifest['rows'].values())} строк, файлов {files}, "
            f"{file.stat().st_size / 1e6:.1f} МБ"
        )
