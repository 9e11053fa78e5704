"""Invitations to the portal: one letter a person, with a link by which the password is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from core.letters import queue_letter
from core.models import Letter
from network.models import Person

_KEY = "network.invitation:"


def invite(*, person: Person, by: Any) -> Letter:
    """Queue the one invitation of a person with an e-mail; asked again, the letter that is there already.

    The link works for `PASSWORD_RESET_TIMEOUT`; after it the person signs in with a code from e-mail.
    """
    return queue_letter(
        key=_key(person),
        to=person.email or "",
        subject="Приглашение в МетодСеть",
        template="invitation",
        context={
            "name": person.get_short_name(),
            "by": by.get_full_name() if by is not None else "",
            "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
            "password_url": settings.SITE_URL + _password_path(person),
            "login_url": settings.SITE_URL + reverse("account_login"),
        },
        secret=True,
    )


def invite_all(people: Sequence[Person], *, by: Any) -> int:
    """Invite those who have an e-mail and no password and were not invited before; returns how many."""
    waiting = [
        p for p in people if p.email and p.is_active and not p.has_usable_password() and p.last_login is None
    ]
    invited = set(Letter.objects.filter(key__startswith=_KEY).values_list("key", flat=True))
    waiting = [person for person in waiting if _key(person) not in invited]
    for person in waiting:
        invite(person=person, by=by)
    return len(waiting)


def _key(person: Person) -> str:
    return f"{_KEY}{person.pk}"


def _password_path(person: Person) -> str:
    """A secret address, for the person's own letter only."""
    return reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)},
    )
