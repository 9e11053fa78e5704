"""The two jobs of an upload: check every row, take the rows in."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import F
from django.utils import timezone

from core.imports.actions import forget_old, keep_preview, spec_of, table_of
from core.imports.spec import DataChanged, HasRejected, Plan, carry_out, make_plan
from core.imports.table import UnreadableTable
from core.jobs import JobFailed, Run, handler
from core.models import Upload

_CHANGED = (
    "Пока вы смотрели, данные портала изменились, поэтому ничего не записано. "
    "Посмотрите, что получится теперь, и подтвердите ещё раз."
)


@handler("core.imports.preview")
def preview(run: Run) -> None:
    """Say what becomes of every row; nothing of the domain is written."""
    upload = Upload.objects.filter(pk=run.params["upload"], revision=run.params["revision"]).first()
    if upload is None:
        with run.finish():
            return
    run.stage("Читаю файл", 10)
    try:
        table = table_of(upload)
    except UnreadableTable as error:
        raise JobFailed(str(error)) from error
    run.stage("Сверяю строки с данными портала", 40)
    plan = make_plan(spec_of(upload), table, upload.columns, corrections=upload.corrections)
    run.stage("Готовлю предварительный просмотр", 80)
    with run.finish(result=plan.counts, result_url=upload.get_absolute_url()):
        keep_preview(upload, plan, was=Upload.State.PREPARING)


@handler("core.imports.apply")
def apply(run: Run) -> None:
    """Take in what was confirmed, if it is still what the person saw; all of it or nothing."""
    upload = Upload.objects.get(pk=run.params["upload"])
    spec = spec_of(upload)
    by = get_user_model().objects.get(pk=run.params["by"])
    if not spec.allows(by):
        applying = Upload.objects.filter(pk=upload.pk, state=Upload.State.APPLYING)
        applying.update(state=Upload.State.READY, revision=F("revision") + 1)
        raise JobFailed("Прав на эту загрузку больше нет. Ничего не записано.")
    run.stage("Читаю файл", 10)
    table = table_of(upload)
    run.stage("Записываю", 40)
    try:
        with run.finish(result=upload.counts, result_url=upload.get_absolute_url()):
            carry_out(
                spec,
                table,
                upload.columns,
                by=by,
                accept_good_rows=upload.accept_good_rows,
                expect=upload.fingerprint,
                corrections=upload.corrections,
                options=upload.options,
            )
            Upload.objects.filter(pk=upload.pk).update(state=Upload.State.APPLIED, applied_at=timezone.now())
    except (DataChanged, HasRejected) as error:
        _show_again(run, upload, error.plan)


def _show_again(run: Run, upload: Upload, plan: Plan) -> None:
    with run.finish(result={"changed": True}, result_url=upload.get_absolute_url()):
        keep_preview(upload, plan, was=Upload.State.APPLYING, message=_CHANGED)


@shared_task(name="core.tasks.forget_uploads")
def forget_uploads() -> None:
    """Files of uploads are kept for UPLOAD_KEEP_DAYS."""
    forget_old(days=settings.UPLOAD_KEEP_DAYS)
