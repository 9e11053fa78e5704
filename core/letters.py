"""Letters: queued as rows in the transaction of the change they tell of, sent by the worker, each once.

A worker that dies after the mail server took a letter and before the row says so is the one case that
sends a letter twice; both copies then carry the same Message-ID (docs/adr/0004-outbox.md).
"""

import datetime
import hashlib
import smtplib
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import structlog
from celery import current_app
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import F
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import timezone

from core.models import Letter

logger = structlog.get_logger(__name__)

LEASE = datetime.timedelta(minutes=2)
BACKOFF = [datetime.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720)]
BATCH = 200
KEEP_TEXT = datetime.timedelta(days=30)
# Keys of letters whose mere sending would tell something of the person: no page lists them, the admin neither.
PRIVATE = "private:"
SERVER_AWAY = (ConnectionError, TimeoutError, smtplib.SMTPServerDisconnected, smtplib.SMTPConnectError)


def queue_letter(
    *, key: str, to: str, subject: str, template: str, context: dict[str, Any], secret: bool = False
) -> Letter:
    """Queue a letter in the caller's transaction; the same `key` again gives the letter that is there.

    The text is `templates/letters/<template>.txt`, the optional HTML `<template>.html`; both get
    `site_url` beside the context. `secret` blanks the body once the letter is sent or given up.
    """
    row = _row(to=to, subject=subject, template=template, context=context, secret=secret)
    with transaction.atomic():
        letter, created = Letter.objects.get_or_create(key=key, defaults=row)
    if created:
        _ring_after_commit()
    return letter


def queue_letters(letters: Iterable[dict[str, Any]]) -> None:
    """Queue many letters, each told by the arguments of `queue_letter`, in one query; keys that are there stay."""
    told = [dict(letter) for letter in letters]
    rows = [Letter(key=letter.pop("key"), **_row(**letter)) for letter in told]
    if rows:
        Letter.objects.bulk_create(rows, ignore_conflicts=True)
        _ring_after_commit()


def _row(
    *, to: str, subject: str, template: str, context: dict[str, Any], secret: bool = False
) -> dict[str, Any]:
    context = {"site_url": settings.SITE_URL, "subject": subject, **context}
    return {
        "to": to,
        "subject": " ".join(subject.split())[:300],
        "text": _render(f"letters/{template}.txt", context, autoescape=False),
        "html": _render_if_any(f"letters/{template}.html", context),
        "secret": secret,
        "next_at": timezone.now(),
        "request_id": structlog.contextvars.get_contextvars().get("request_id", "")[:64],
    }


def _ring_after_commit() -> None:
    if not any(waiting[1] is _ring for waiting in connection.run_on_commit):
        transaction.on_commit(_ring, robust=True)


def _render(name: str, context: dict[str, Any], *, autoescape: bool) -> str:
    template = get_template(name).template  # type: ignore[attr-defined]
    return template.render(Context(context, autoescape=autoescape)).strip() + "\n"


def _render_if_any(name: str, context: dict[str, Any]) -> str:
    try:
        return _render(name, context, autoescape=True)
    except TemplateDoesNotExist as missing:
        if str(missing) == name:
            return ""
        raise


def _ring() -> None:
    current_app.send_task("core.tasks.send_letters", retry_policy={"max_retries": 1})


def send_due() -> int:
    """Send every letter that is due, one claim at a time; returns how many the mail server took."""
    due = Letter.objects.due(timezone.now()).order_by("next_at").values_list("pk", flat=True)[:BATCH]
    pks = list(due)
    if not pks:
        return 0
    sent = 0
    mail = get_connection()
    try:
        for pk in pks:
            letter = _claim(pk)
            if letter is not None:
                with structlog.contextvars.bound_contextvars(request_id=letter.request_id, letter=pk):
                    sent += _send(letter, mail)
    except SERVER_AWAY:
        # The letters not yet claimed stay queued: no use in letting each of them wait for the server.
        logger.warning("mail_server_away", unsent=len(pks) - sent)
    finally:
        mail.close()
    if sent == BATCH:
        _ring()
    return sent


def forget_old() -> int:
    """Blank the texts of letters that are long settled; address and key stay. Returns how many were blanked.

    Personal data is kept no longer than its purpose asks (152-ФЗ, ст. 5 ч. 7).
    """
    settled = Letter.objects.filter(state__in=[Letter.State.SENT, Letter.State.FAILED])
    return (
        settled.filter(created_at__lt=timezone.now() - KEEP_TEXT)
        .exclude(text="", html="")
        .update(text="", html="")
    )


def _claim(pk: int) -> Letter | None:
    now = timezone.now()
    with transaction.atomic():
        taken = (
            Letter.objects.due(now)
            .filter(pk=pk)
            .update(state=Letter.State.SENDING, attempt=F("attempt") + 1, lease_until=now + LEASE)
        )
        return Letter.objects.get(pk=pk) if taken else None


def _send(letter: Letter, mail: BaseEmailBackend) -> bool:
    try:
        _message(letter, mail).send()
    except Exception as error:
        # The text of a mail error may quote the address, so the log gets its kind alone.
        logger.warning("letter_not_sent", error=type(error).__name__, attempt=letter.attempt)
        _put_back_or_fail(letter, error)
        mail.close()
        if isinstance(error, SERVER_AWAY):
            raise
        return False
    _close(letter, Letter.State.SENT, sent_at=timezone.now(), error="")
    logger.info("letter_sent", attempt=letter.attempt)
    return True


def _message(letter: Letter, mail: BaseEmailBackend) -> EmailMultiAlternatives:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    digest = hashlib.sha256(letter.key.encode()).hexdigest()[:40]
    message = EmailMultiAlternatives(
        letter.subject,
        letter.text,
        to=[letter.to],
        connection=mail,
        headers={"Message-ID": f"<{digest}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    return message


def _put_back_or_fail(letter: Letter, error: Exception) -> None:
    refused = isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _ in error.recipients.values()
    )
    reason = "Почтовый сервер не принял адрес" if refused else f"Почтовый сервер: {type(error).__name__}"
    if refused or letter.attempt > len(BACKOFF):
        _close(letter, Letter.State.FAILED, error=reason)
    else:
        _mine(letter).update(
            state=Letter.State.QUEUED,
            lease_until=None,
            error=reason,
            next_at=timezone.now() + BACKOFF[letter.attempt - 1],
        )


def _close(letter: Letter, state: Letter.State, **fields: Any) -> None:
    blank = {"text": "", "html": ""} if letter.secret else {}
    _mine(letter).update(state=state, lease_until=None, **blank, **fields)


def _mine(letter: Letter) -> Any:
    return Letter.objects.filter(pk=letter.pk, state=Letter.State.SENDING, attempt=letter.attempt)
