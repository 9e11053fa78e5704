"""Letters of a campaign: each person one invitation and one reminder a day, with a link of their own.

A letter and the key of its link are written in one transaction, so a worker that is killed goes on where it
stopped: who has the letter is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from core.jobs import Run
from core.letters import queue_letters
from core.models import Letter
from diagnostics.answering import promise
from diagnostics.models import Campaign, Invitation, InvitationKey
from diagnostics.sealing import link_hash, new_secret

AT_ONCE = 50


def new_key(invitation: Invitation) -> str:
    """Another link to the invitation; returns its secret, which is stored nowhere."""
    token = new_secret()
    InvitationKey.objects.create(key_hash=link_hash(token), invitation=invitation)
    return token


def new_keys(invitations: Iterable[Invitation], *, printed: bool = False) -> dict[int, str]:
    """Another link to each of the invitations in one query: the secret by the id of the invitation."""
    tokens = {invitation.pk: new_secret() for invitation in invitations}
    InvitationKey.objects.bulk_create(
        InvitationKey(key_hash=link_hash(token), invitation_id=pk, printed=printed)
        for pk, token in tokens.items()
    )
    return tokens


def link(token: str) -> str:
    """Absolute address of answering by the token."""
    return settings.SITE_URL + reverse("diagnostics:answer", args=[token])


def send(run: Run, *, template: str, subject: str, prefix: str) -> int:
    """Queue a letter to everybody who has an e-mail and has not taken part; returns how many there are now.

    `prefix` makes the key of a letter: «prefix:invitation id». Raises LeaseLost.
    """
    campaign = Campaign.objects.select_related("municipality", "questionnaire", "feedback").get(
        pk=run.params["campaign"]
    )
    people = Invitation.objects.awaited().filter(campaign=campaign).written_to().order_by("pk")
    total, done = people.count(), 0
    for chunk in _chunks(people):
        with transaction.atomic():
            run.renew()
            _queue(campaign, chunk, template=template, subject=subject, prefix=prefix)
        done += len(chunk)
        run.progress(done, total, end=95)
    return total


def _chunks(people: Any) -> Iterator[list[Invitation]]:
    last = 0
    while chunk := list(people.filter(pk__gt=last).select_related("person")[:AT_ONCE]):
        yield chunk
        last = chunk[-1].pk


def _queue(campaign: Campaign, chunk: list[Invitation], *, template: str, subject: str, prefix: str) -> None:
    # Two jobs of one campaign (people were added while the first letters went out) take turns here.
    Campaign.objects.select_for_update(no_key=True, of=("self",)).get(pk=campaign.pk)
    keys = {f"{prefix}:{invitation.pk}": invitation for invitation in chunk}
    there = set(Letter.objects.filter(key__in=keys).values_list("key", flat=True))
    fresh = {key: invitation for key, invitation in keys.items() if key not in there}
    tokens = new_keys(fresh.values())
    queue_letters(
        {
            "key": key,
            "to": person.email,
            "subject": f"{subject}: {campaign.title}",
            "template": template,
            "context": {
                "campaign": campaign,
                "name": person.get_short_name(),
                "link": link(tokens[invitation.pk]),
                "anonymity": promise(campaign),
            },
            "secret": True,
        }
        for key, invitation in fresh.items()
        if (person := invitation.person)
    )
