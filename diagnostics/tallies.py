"""Tallies of a campaign's answers: kept in batches by the worker, always equal to the answers they cover.

A response waits until it is put into a batch. Each batch is protected by itself (diagnostics.disclosure), and
what a group shows is the sum over the batches in which it was shown: two looks at a running campaign differ
by whole protected batches. Nothing but these sums leaves the app; pages, exports and reports read them
through `diagnostics.difficulty_map`.

A batch is made in steps, so that no step holds a lock for long: responses are tied to it some hundred at a
time, then what to show of them is decided, then one transaction adds the sums and marks the batch as counted.
Until that moment nothing of it is shown. A worker that was killed leaves an open batch; the next one goes on.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections import Counter
from contextlib import suppress

import structlog
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from diagnostics.answer_table import (
    GROUP_FIELDS,
    Key,
    batched,
    coded,
    count,
    decide,
    dimensions,
    group_keys,
    read,
    scale_items,
)
from diagnostics.disclosure import settled
from diagnostics.models import Batch, Campaign, Response, Tally

__all__ = ["TallyChanged", "differences", "dimensions", "rebuild", "scale_items", "tally", "tally_due"]

logger = structlog.get_logger(__name__)

# An interim batch smaller than so many smallest groups would hide more than it tells.
INTERIM_GROUPS = 4
# How many responses one transaction ties, and how many rows of the table one statement writes.
TIED_AT_ONCE, WRITTEN_AT_ONCE = 500, 1000
# Longer than the longest step between two signs of life: deciding what to show of a large batch.
LEASE = dt.timedelta(minutes=10)


class TallyChanged(Exception):
    """Another worker is making this batch, or responses changed meanwhile: nothing was shown, try again later."""


def waiting(campaign: Campaign) -> QuerySet[Response]:
    """Sent responses that count and are in no batch yet."""
    rows = Response.objects.filter(campaign=campaign, batch__isnull=True)
    return rows.filter(straightlined=False) if campaign.exclude_straightlined else rows


def tally(campaign: Campaign, *, final: bool = False) -> Batch | None:
    """Put waiting responses into a batch, protect it and add it to the tallies; None when it is too early.

    An interim batch takes those whose groups are all large enough; a final one takes all that wait, and
    releases nothing when they are fewer than the smallest group. Raises TallyChanged, then nothing was shown.
    """
    batch = campaign.batches.filter(counted=False).first()
    least = 1 if final else INTERIM_GROUPS * campaign.smallest_group
    ids = _members(campaign, batch, final)
    if len(ids) < least:
        return None
    batch = _take(campaign, batch)
    try:
        _claim(campaign, batch, ids)
        _release(campaign, batch)
    except Exception:
        with suppress(DatabaseError):  # a transaction around this one may be broken
            Batch.objects.filter(pk=batch.pk, attempt=batch.attempt).update(busy_until=None)
        raise
    return batch


def tally_due() -> int:
    """Tally every campaign that has something to tally; returns the number of batches made.

    Running ones (where an interim map is wanted) get interim batches, closed ones the final batch. A campaign
    that another worker is tallying, or whose rows move just now, waits for the next round.
    """
    running = Q(state=Campaign.State.RUNNING, interim_map=True)
    held = Exists(Response.objects.filter(campaign=OuterRef("pk"), batch__isnull=True))
    open_batch = Exists(Batch.objects.filter(campaign=OuterRef("pk"), counted=False))
    made = 0
    for campaign in Campaign.objects.filter(running | Q(state=Campaign.State.CLOSED), held | open_batch):
        try:
            made += tally(campaign, final=campaign.state == Campaign.State.CLOSED) is not None
        except TallyChanged:
            logger.info("tally_changed_meanwhile", campaign=campaign.pk)
    return made


def _members(campaign: Campaign, batch: Batch | None, final: bool) -> list[uuid.UUID]:
    """The responses of the next batch: of those that wait, and of those an open batch already has."""
    compared = dimensions(campaign)
    ids, names = [], []
    for rows in [waiting(campaign)] + ([batch.responses.all()] if batch else []):
        for pk, *row in rows.order_by().values_list("pk", *GROUP_FIELDS).iterator():
            ids.append(pk)
            names.append(group_keys(compared, tuple(row)))
    if final or not ids or not compared:
        return ids
    inside = settled(coded(compared, names)[0], campaign.smallest_group)
    return [pk for pk, kept in zip(ids, inside, strict=True) if kept]


def _take(campaign: Campaign, batch: Batch | None) -> Batch:
    """Begin a batch or go on with an open one whose worker is gone. Raises TallyChanged when another has it."""
    until = timezone.now() + LEASE
    if batch is None:
        number = campaign.batches.count() + 1
        with suppress(IntegrityError), transaction.atomic():
            return Batch.objects.create(campaign=campaign, number=number, attempt=1, busy_until=until)
    else:
        free = Q(busy_until__isnull=True) | Q(busy_until__lt=timezone.now())
        mine = Batch.objects.filter(free, pk=batch.pk, counted=False, attempt=batch.attempt)
        if mine.update(attempt=F("attempt") + 1, busy_until=until):
            return Batch.objects.get(pk=batch.pk)
    raise TallyChanged("Эти ответы уже подсчитывает другой обработчик.")


def _keep(batch: Batch) -> None:
    """In the transaction of each step: the batch is still mine. Raises TallyChanged."""
    mine = Batch.objects.filter(pk=batch.pk, attempt=batch.attempt, counted=False)
    if not mine.update(busy_until=timezone.now() + LEASE):
        raise TallyChanged("Эти ответы уже подсчитывает другой обработчик.")


def _claim(campaign: Campaign, batch: Batch, ids: list[uuid.UUID]) -> None:
    """Tie the responses to the batch; anonymous ones are written anew in random order under new random ids.

    So neither the order of rows nor the number of the transaction that sent them is left to match with the
    invitations: which responses share a transaction is random too. Raises TallyChanged when one of them is
    no longer waiting, since the batch was chosen as a whole.
    """
    there = set(batch.responses.values_list("pk", flat=True))
    mixed = [pk for pk in ids if pk not in there]
    random.SystemRandom().shuffle(mixed)
    for part in batched(mixed, TIED_AT_ONCE):
        with transaction.atomic():
            # As shuffle_waiting does, so that the two never wait for each other's rows.
            Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
            _keep(batch)
            mine = waiting(campaign).filter(pk__in=part)
            taken = _write_anew(mine, batch) if campaign.is_anonymous else mine.update(batch=batch)
        if taken != len(part):
            raise TallyChanged("Ответы изменились во время подсчёта; он будет повторён.")


def _write_anew(responses: QuerySet[Response], batch: Batch) -> int:
    rows = list(responses.select_for_update())
    Response.objects.filter(pk__in=[row.pk for row in rows]).delete()
    random.SystemRandom().shuffle(rows)
    for row in rows:
        row.pk, row.batch = uuid.uuid4(), batch
    Response.objects.bulk_create(rows)
    return len(rows)


def _release(campaign: Campaign, batch: Batch) -> None:
    """Decide what to show of the batch as it is tied and add it to the tallies, all at once.

    Raises TallyChanged when a response was deleted while it was decided.
    """
    table = read(campaign, batch.responses.all())
    shown = decide(table, campaign.smallest_group)
    counts = count(table, shown)
    with transaction.atomic():
        _keep(batch)
        if batch.responses.count() != table.size:
            raise TallyChanged("Ответы изменились во время подсчёта; он будет повторён.")
        _add(campaign, counts)
        batch.size, batch.shown, batch.counted, batch.busy_until = table.size, shown, True, None
        batch.save()


def _add(campaign: Campaign, counts: Counter[Key]) -> None:
    """Add to the tallies, zeros too; by SQL, since one statement adds to what is there and makes what is not."""
    quoted = connection.ops.quote_name
    table, group = quoted(Tally._meta.db_table), quoted("group")
    insert = f"INSERT INTO {table} (campaign_id, dimension, {group}, item_id, option, count) VALUES "
    add = f"DO UPDATE SET count = {table}.count + excluded.count"
    cell = f" ON CONFLICT (campaign_id, dimension, {group}, item_id, option) {add}"
    coverage = f" ON CONFLICT (campaign_id, dimension, {group}) WHERE item_id IS NULL {add}"
    rows = [(campaign.pk, str(d), g, item, option, n) for (d, g, item, option), n in counts.items()]
    with connection.cursor() as cursor:
        for conflict, of_kind in (
            (cell, [row for row in rows if row[3] is not None]),
            (coverage, [row for row in rows if row[3] is None]),
        ):
            for part in batched(of_kind, WRITTEN_AT_ONCE):
                places = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(part))
                cursor.execute(insert + places + conflict, [value for row in part for value in row])


def recount(campaign: Campaign) -> Counter[Key]:
    """The tallies as they follow from the responses and from what was decided for each batch."""
    total: Counter[Key] = Counter()
    for batch in campaign.batches.filter(counted=True):
        total.update(count(read(campaign, batch.responses.all()), batch.shown))
    return total


def differences(campaign: Campaign) -> dict[Key, tuple[int, int]]:
    """Cells where the table does not equal the answers: stored and counted."""
    rows = Tally.objects.filter(campaign=campaign).values_list(
        "dimension", "group", "item", "option", "count"
    )
    stored: dict[Key, int] = {row[:4]: row[4] for row in rows}  # type: ignore[misc]
    counted = dict(recount(campaign))
    return {
        key: (stored.get(key, 0), counted.get(key, 0))
        for key in stored.keys() | counted.keys()
        if stored.get(key) != counted.get(key)
    }


def rebuild(campaign: Campaign) -> None:
    """Write the tallies anew from the responses; what was decided to show stays as it was.

    Raises TallyChanged when a batch was counted meanwhile, then nothing was done.
    """
    before = campaign.batches.filter(counted=True).count()
    counts = recount(campaign)
    with transaction.atomic():
        # _release writes to the batch in its transaction, so after this lock none is being counted.
        list(campaign.batches.select_for_update())
        if campaign.batches.filter(counted=True).count() != before:
            raise TallyChanged("Ответы подсчитаны ещё раз во время пересборки; повторите её.")
        Tally.objects.filter(campaign=campaign).delete()
        _add(campaign, counts)
