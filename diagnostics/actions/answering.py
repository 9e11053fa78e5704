"""Sending the answers: once, whatever is pressed or resent."""

from __future__ import annotations

import hashlib
import random
import uuid

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from diagnostics.answering import Sheet
from diagnostics.models import Campaign, Draft, Invitation, Response, SentKey
from diagnostics.sealing import draft_hash, sent_hash

WRITTEN_AT_ONCE = 500  # rows of one transaction of shuffle_waiting


class NotAccepting(Exception):
    """The campaign was closed meanwhile: nothing was sent, the draft is kept."""


@transaction.atomic
def submit(sheet: Sheet) -> bool:
    """Make the response of a complete sheet; False when this link has sent one already.

    In one transaction the link is marked as used (conditionally, so of two presses one gets through), the
    response is made and the draft deleted. Raises NotAccepting when the campaign does not take answers now.
    """
    if not _take_part(sheet):
        Draft.objects.filter(key_hash=draft_hash(sheet.secret)).delete()
        return False
    campaign = sheet.campaign
    own = {} if campaign.is_anonymous else {"person": sheet.person, "sent_at": timezone.now()}
    answers = sheet.ordered_answers()
    Response.objects.create(
        campaign=campaign,
        is_anonymous=campaign.is_anonymous,
        answers=answers,
        straightlined=sheet.is_straightlined(),
        **sheet.groups(),
        **own,
    )
    # Asked after the insert: its foreign key holds the campaign's row, so closing waits for us or we see it.
    if not Campaign.objects.accepting().filter(pk=campaign.pk).exists():
        raise NotAccepting
    Draft.objects.filter(key_hash=draft_hash(sheet.secret)).delete()
    return True


def _take_part(sheet: Sheet) -> bool:
    first = not sheet.is_of_browser or _mark_browser(sheet)
    if sheet.invitation is None:
        return first
    return bool(
        Invitation.objects.filter(pk=sheet.invitation.pk, participated=False).update(participated=True)
    )


def _mark_browser(sheet: Sheet) -> bool:
    """Remember that the browser has sent this sheet; False when it had."""
    try:
        with transaction.atomic():
            SentKey.objects.create(key_hash=sent_hash(sheet.secret), campaign=sheet.campaign)
    except IntegrityError:
        return False
    return True


def shuffle_waiting(campaign: Campaign) -> int:
    """Write the waiting rows of an anonymous campaign anew in random order; returns how many.

    Nothing is written while no row has come since the last time.

    A response and its invitation are written in one transaction, and the database remembers which (xmin,
    rowid). After this neither the order of rows nor which of them share a transaction says anything. Some
    hundred rows are written at a time: on SQLite nobody else can write meanwhile.
    """
    waiting = Response.objects.waiting().filter(campaign=campaign, is_anonymous=True)
    ids = list(waiting.values_list("pk", flat=True))
    if len(ids) < 2 or cache.get(_mixed(campaign)) == _fingerprint(ids):
        return 0
    random.SystemRandom().shuffle(ids)
    fresh: list[uuid.UUID] = []
    for start in range(0, len(ids), WRITTEN_AT_ONCE):
        part = ids[start : start + WRITTEN_AT_ONCE]
        with transaction.atomic():
            Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
            rows = list(waiting.filter(pk__in=part).select_for_update())
            Response.objects.filter(pk__in=[row.pk for row in rows]).delete()
            random.SystemRandom().shuffle(rows)
            for row in rows:
                row.pk = uuid.uuid4()
            Response.objects.bulk_create(rows)
        fresh += [row.pk for row in rows]
    cache.set(_mixed(campaign), _fingerprint(fresh), timeout=None)
    return len(fresh)


def _mixed(campaign: Campaign) -> str:
    return f"survey-mixed:{campaign.pk}"


def _fingerprint(ids: list[uuid.UUID]) -> str:
    """Changes with any new or missing row; says nothing of their order."""
    return hashlib.sha256("".join(sorted(pk.hex for pk in ids)).encode()).hexdigest()
