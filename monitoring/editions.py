"""Files of an edition: written aside, moved into place as one folder, swept when nothing points at them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction

from monitoring.models import Report, ReportFile

FOLDER = "reports"


class Edition:
    """The folder that one attempt of one job fills. Two attempts never share one."""

    def __init__(self, report: Report, name: str) -> None:
        self.report, self.name = report, name
        self.aside = _home(report) / f"{name}.part"
        self.place = _home(report) / name

    def write(self, file_format: str, content: bytes) -> None:
        """Write one file to the disk, aside."""
        self.aside.mkdir(parents=True, exist_ok=True)
        with open(self.aside / file_name(self.report, file_format), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def put_in_place(self) -> list[ReportFile]:
        """Rename the folder and return the rows (not saved) that point into it."""
        os.replace(self.aside, self.place)
        return [
            ReportFile(
                report=self.report,
                format=path.suffix[1:],
                file=f"{FOLDER}/{self.report.pk}/{self.name}/{path.name}",
                size=path.stat().st_size,
            )
            for path in sorted(self.place.iterdir())
        ]

    def keep_only_this(self) -> None:
        """After the commit take away the folders of former editions and of attempts that were killed."""
        transaction.on_commit(self._sweep, robust=True)

    def _sweep(self) -> None:
        for folder in _home(self.report).iterdir():
            if folder != self.place:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def edition(report: Report, name: str) -> Iterator[Edition]:
    """Leaves nothing on the disk when the body fails."""
    one = Edition(report, name)
    try:
        yield one
    except BaseException:
        shutil.rmtree(one.aside, ignore_errors=True)
        shutil.rmtree(one.place, ignore_errors=True)
        raise


def file_name(report: Report, file_format: str) -> str:
    """`otchet-2026-27-1.docx`: the year and the number."""
    return f"otchet-{report.year}-{(report.year + 1) % 100:02d}-{report.number}.{file_format}"


def _home(report: Report) -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER / str(report.pk)
