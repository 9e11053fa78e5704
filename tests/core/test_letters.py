"""Letters: queued with the change they tell of, sent once, secret ones forgotten."""

from __future__ import annotations

import datetime
import json
import smtplib
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import letters
from core.letters import queue_letter, send_due
from core.models import Letter
from tests.core.processes import environment, until

HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _templates(settings, tmp_path: Path) -> None:
    folder = tmp_path / "templates" / "letters"
    folder.mkdir(parents=True)
    (folder / "tried.txt").write_text(
        '{% extends "letters/base.txt" %}'
        "{% block text %}Отчёт «{{ name }}» готов: {{ site_url }}/r/7/{% endblock %}"
    )
    (folder / "tried_code.txt").write_text("Код: {{ name }}")
    (folder / "tried_code.html").write_text("<p>Код: {{ name }}</p>")
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [folder.parent, *engine["DIRS"]]}]


def write(
    key: str = "report 7", *, name: str = "Годовой", template: str = "tried", **fields: object
) -> Letter:
    return queue_letter(
        key=key,
        to="irina@school.example",
        subject="Отчёт готов",
        template=template,
        context={"name": name},
        **fields,  # type: ignore[arg-type]
    )


class Refusing(BaseEmailBackend):
    """A mail server that answers every letter with `error`."""

    error: Exception
    asked = 0

    def send_messages(self, messages: object) -> int:
        type(self).asked += 1
        raise self.error


@pytest.fixture
def refusing(settings) -> type[Refusing]:
    Refusing.asked = 0
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    return Refusing


@pytest.mark.django_db
def test_letter_is_sent_once_however_often_it_is_queued() -> None:
    first, second = write(), write(name="другой")
    assert first == second
    assert (send_due(), send_due()) == (1, 0)
    assert len(mail.outbox) == 1
    assert mail.outbox[0].to == ["irina@school.example"]


@pytest.mark.django_db
def test_letter_text_is_plain_and_links_are_absolute(settings) -> None:
    settings.SITE_URL = "https://portal.example"
    write(name='Школа "№ 1" & <сад>')
    send_due()

    body = mail.outbox[0].body
    assert 'Отчёт «Школа "№ 1" & <сад>» готов: https://portal.example/r/7/' in body
    assert "отвечать на него не нужно" in body


@pytest.mark.django_db
def test_letter_html_is_escaped() -> None:
    letter = write(template="tried_code", name="<b>")
    send_due()

    assert letter.html == "<p>Код: &lt;b&gt;</p>\n"
    assert mail.outbox[0].alternatives[0].content == letter.html


@pytest.mark.django_db
def test_letter_of_a_change_that_was_rolled_back_is_not_sent() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        write()
        raise RuntimeError

    assert send_due() == 0


@pytest.mark.django_db
def test_letter_that_is_secret_is_blanked_once_sent() -> None:
    letter = write(secret=True, template="tried_code")
    send_due()

    letter.refresh_from_db()
    assert "Код: Годовой" in mail.outbox[0].body
    assert (letter.state, letter.text, letter.html) == (Letter.State.SENT, "", "")


@pytest.mark.django_db
def test_letter_that_is_secret_cannot_be_kept_after_sending() -> None:
    letter = write(secret=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(state=Letter.State.SENT)


@pytest.mark.django_db
def test_letter_not_taken_waits_longer_each_time_and_is_given_up(refusing: type[Refusing]) -> None:
    refusing.error = smtplib.SMTPDataError(451, b"try later")
    letter = write(secret=True)
    waits = []
    for _ in range(len(letters.BACKOFF) + 1):
        Letter.objects.update(next_at=timezone.now())
        send_due()
        letter.refresh_from_db()
        waits.append(letter.next_at - timezone.now() > datetime.timedelta(seconds=30))

    assert waits == [True] * len(letters.BACKOFF) + [False]
    assert (letter.state, letter.text) == (Letter.State.FAILED, "")


@pytest.mark.django_db
def test_letter_to_an_address_that_does_not_exist_is_given_up_at_once(refusing: type[Refusing]) -> None:
    refusing.error = smtplib.SMTPRecipientsRefused({"irina@school.example": (550, b"no such user")})
    letter = write()
    send_due()

    letter.refresh_from_db()
    assert (letter.state, letter.error) == (Letter.State.FAILED, "Почтовый сервер не принял адрес")


@pytest.mark.django_db
def test_letters_do_not_each_wait_for_a_server_that_is_away(refusing: type[Refusing]) -> None:
    refusing.error = ConnectionRefusedError()
    for number in range(5):
        write(f"letter {number}")
    send_due()

    assert refusing.asked == 1
    assert Letter.objects.filter(state=Letter.State.QUEUED, attempt=0).count() == 4


@pytest.mark.django_db
def test_letter_of_a_worker_that_died_is_sent_by_another_under_the_same_message_id() -> None:
    letter = write()
    Letter.objects.update(state=Letter.State.SENDING, attempt=1, lease_until=timezone.now() + HOUR)
    assert send_due() == 0, "claimed by another"
    Letter.objects.update(lease_until=timezone.now() - HOUR)
    assert send_due() == 1

    Letter.objects.update(state=Letter.State.QUEUED)
    send_due()
    first, second = (message.message()["Message-ID"] for message in mail.outbox)
    assert first == second
    assert letter.key not in first


@pytest.mark.django_db
def test_letter_text_is_forgotten_a_month_after_it_was_sent() -> None:
    old, fresh, unsent = (write(f"letter {number}", template="tried_code") for number in range(3))
    send_due()
    long_ago = timezone.now() - letters.KEEP_TEXT - HOUR
    Letter.objects.filter(pk__in=[old.pk, unsent.pk]).update(created_at=long_ago)
    Letter.objects.filter(pk=unsent.pk).update(state=Letter.State.QUEUED)

    assert letters.forget_old() == 1
    kept = dict(Letter.objects.exclude(text="").values_list("key", "html"))
    assert kept == {fresh.key: fresh.html, unsent.key: unsent.html}
    assert write("letter 0") == old, "the key still tells that it was sent"


@pytest.mark.django_db
def test_log_of_letters_holds_neither_address_nor_text(refusing: type[Refusing], caplog) -> None:
    refusing.error = smtplib.SMTPDataError(550, b"irina@school.example: secret 1234")
    write(template="tried_code", name="secret 1234")
    send_due()

    assert "letter_not_sent" in caplog.text
    assert "irina" not in caplog.text and "1234" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_letter_once(tmp_path: Path) -> None:
    for number in range(30):
        write(f"letter {number}", name=f"№ {number}.")
    changes = {"EMAIL_URL": f"filemail:///{tmp_path / 'mail'}"}
    command = [sys.executable, "-m", "tests.core.send_all", str(tmp_path)]
    senders = [
        subprocess.Popen(
            command, env=environment(**changes), stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR
        )
        for _ in range(2)
    ]
    until(lambda: len(list(tmp_path.glob("ready *"))) == 2, what="two senders")
    (tmp_path / "go").touch()
    counts = [json.loads(sender.communicate(timeout=90)[0]) for sender in senders]

    assert sum(counts) == 30
    written = "".join(path.read_text() for path in (tmp_path / "mail").iterdir())
    assert written.count("To: irina@school.example") == 30
    assert set(Letter.objects.values_list("attempt", flat=True)) == {1}
