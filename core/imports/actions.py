"""The way of an upload: received, mapped, previewed, confirmed. Every step is a conditional update of its row."""

from __future__ import annotations

import datetime as dt
from typing import IO, Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from core.imports.mapping import guess_columns, title_words
from core.imports.reading import read_table
from core.imports.spec import Corrections, ImportSpec, Plan, spec_for
from core.imports.table import Table
from core.jobs import enqueue, run_inline
from core.models import Job, Upload, UploadRow
from core.states import WrongState

# Up to so many rows the page does the work itself and shows the outcome at once.
QUICK_ROWS = 3_000
_STALE = "Пока вы смотрели, загрузка изменилась. Посмотрите на неё ещё раз."


def spec_of(upload: Upload) -> ImportSpec:
    return spec_for(upload.kind, upload.params)


def table_of(upload: Upload) -> Table:
    """The table of the kept file, read as the upload says. Raises UnreadableTable."""
    with upload.file.open("rb") as file:
        return read_table(file, name=upload.name, sheet=upload.sheet, header_row=upload.header_row)


def receive(*, spec: ImportSpec, file: IO[bytes], name: str, by: Any) -> Upload:
    """Keep the file, guess its mapping and check every row. Raises UnreadableTable; nothing is kept then."""
    table = read_table(file, name=name, words=title_words(spec.fields))
    file.seek(0)
    with transaction.atomic():
        upload = Upload(
            kind=spec.kind,
            params=spec.params,
            name=name[-255:],
            columns=guess_columns(table.header, spec.fields),
            created_by=by,
            **_found(table),
        )
        upload.file.save(name, ContentFile(file.read()), save=False)
        upload.save()
        job = _check_again(upload, spec, by=by)
    return _at_once(upload, job, len(table.rows))


def choose_table(*, upload: Upload, sheet: str, header_row: int, by: Any) -> Upload:
    """Take another sheet or another header row and guess the mapping anew. Raises UnreadableTable, WrongState."""
    spec = spec_of(upload)
    with upload.file.open("rb") as file:
        table = read_table(
            file,
            name=upload.name,
            sheet=sheet,
            header_row=header_row or None,
            words=title_words(spec.fields),
        )
    columns = guess_columns(table.header, spec.fields)
    return _change(
        upload, spec, by=by, rows=len(table.rows), columns=columns, corrections={}, **_found(table)
    )


def map_columns(*, upload: Upload, columns: dict[str, int], by: Any) -> Upload:
    """Say which column is which field. Raises WrongState."""
    return _change(upload, spec_of(upload), by=by, rows=upload.total, columns=columns)


def correct_rows(*, upload: Upload, corrections: Corrections, by: Any) -> Upload:
    """Overrule what was guessed in single rows. Raises WrongState."""
    merged = {**upload.corrections}
    for number, values in corrections.items():
        merged[number] = {**merged.get(number, {}), **values}
    return _change(upload, spec_of(upload), by=by, rows=upload.total, corrections=merged)


def confirm(
    *, upload: Upload, fingerprint: str, accept_good_rows: bool, options: dict[str, bool], by: Any
) -> Upload:
    """Take in what the preview with this fingerprint showed. Pressed twice it is done once.

    Raises WrongState when the preview shown is no longer the upload's, or has errors nobody agreed to leave out.
    """
    rejected = upload.counts.get("rejected", 0)
    if rejected and not accept_good_rows:
        raise WrongState(
            "В файле есть строки с ошибками. Исправьте файл или согласитесь взять строки без ошибок."
        )
    with transaction.atomic():
        mine = Upload.objects.filter(pk=upload.pk, state=Upload.State.READY, fingerprint=fingerprint)
        taken = mine.update(
            state=Upload.State.APPLYING, accept_good_rows=accept_good_rows, options=options, message=""
        )
        upload.refresh_from_db()
        if not taken:
            if upload.fingerprint == fingerprint and upload.state != Upload.State.READY:
                return upload
            raise WrongState(_STALE)
        job = _enqueue("core.imports.apply", upload, by=by, title=f"Загрузка файла «{upload.name}»")
    return _at_once(upload, job, upload.total)


def discard(*, upload: Upload) -> None:
    """Forget an upload that was not taken in, with its file. Raises WrongState."""
    waiting = [Upload.State.PREPARING, Upload.State.READY]
    if not Upload.objects.filter(pk=upload.pk, state__in=waiting).delete()[0]:
        raise WrongState("Эта загрузка уже записана, удалить её нельзя.")
    upload.file.delete(save=False)


def forget_old(*, days: int) -> int:
    """Delete files and rows that hold people's data longer than needed; returns how many uploads were touched.

    An upload never taken in goes as a whole; of one taken in its counts stay, to say who loaded what and when.
    """
    old = Upload.objects.filter(created_at__lt=timezone.now() - dt.timedelta(days=days)).exclude(file="")
    count = 0
    for upload in old.exclude(state=Upload.State.APPLYING).iterator():
        file = upload.file
        with transaction.atomic():
            if upload.state == Upload.State.APPLIED:
                upload.rows.all().delete()
                Upload.objects.filter(pk=upload.pk).update(file="", corrections={})
            else:
                Upload.objects.filter(pk=upload.pk).delete()
        file.delete(save=False)
        count += 1
    return count


def keep_preview(upload: Upload, plan: Plan, *, was: str, message: str = "") -> bool:
    """Store the plan's rows and open the upload for confirmation, in the caller's transaction.

    Returns False, having changed nothing, when the upload has moved on since.
    """
    mine = Upload.objects.filter(pk=upload.pk, revision=upload.revision, state=was)
    if not mine.update(
        state=Upload.State.READY,
        revision=F("revision") + 1,
        fingerprint=plan.fingerprint,
        counts=plan.counts,
        message=message,
    ):
        return False
    UploadRow.objects.filter(upload=upload).delete()
    UploadRow.objects.bulk_create(
        (UploadRow(upload=upload, **outcome.as_data()) for outcome in plan.outcomes), batch_size=100
    )
    return True


def _found(table: Table) -> dict[str, Any]:
    return {
        "sheet": table.sheet,
        "sheets": table.sheets,
        "header_row": table.header_row,
        "header": table.header,
    }


def _change(upload: Upload, spec: ImportSpec, *, by: Any, rows: int, **fields: Any) -> Upload:
    """Write the new mapping unless the upload is already being taken in, and check every row again."""
    open_states = [Upload.State.PREPARING, Upload.State.READY]
    with transaction.atomic():
        mine = Upload.objects.filter(pk=upload.pk, revision=upload.revision, state__in=open_states)
        if not mine.update(
            state=Upload.State.PREPARING,
            revision=F("revision") + 1,
            fingerprint="",
            job=None,
            message="",
            **fields,
        ):
            raise WrongState(_STALE)
        upload.refresh_from_db()
        job = _check_again(upload, spec, by=by)
    return _at_once(upload, job, rows)


def _check_again(upload: Upload, spec: ImportSpec, *, by: Any) -> Job | None:
    """Queue the check of every row, unless a required column is still to be named."""
    if spec.missing(upload.columns):
        return None
    return _enqueue("core.imports.preview", upload, by=by, title=f"Проверка файла «{upload.name}»")


def _enqueue(kind: str, upload: Upload, *, by: Any, title: str) -> Job:
    params = {"upload": str(upload.pk), "revision": upload.revision, "by": by.pk}
    key = f"{kind}:{upload.pk}:{upload.revision}:{upload.fingerprint[:16]}"
    upload.job = enqueue(kind, by=by, title=title[:300], params=params, key=key)
    upload.save(update_fields=["job"])
    return upload.job


def _at_once(upload: Upload, job: Job | None, rows: int) -> Upload:
    # Before the first check the number of rows is not known; a packed row takes some thirty bytes.
    if job is not None and (rows or upload.file.size // 30) <= QUICK_ROWS:
        run_inline(job)
    upload.refresh_from_db()
    return upload
