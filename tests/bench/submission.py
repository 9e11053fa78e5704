"""Sending a sheet of answers against writing the same rows directly."""

from __future__ import annotations

import secrets
import statistics
import uuid

from django.db import transaction
from django.db.models import Count

from diagnostics.actions.answering import submit
from diagnostics.answering import Sheet
from diagnostics.models import Campaign, Invitation, Response
from tests.bench.measure import Figure, once

SHEETS = 60


def measure(size: int) -> list[Figure]:
    campaign = Campaign.objects.surveys().running().annotate(people=Count("invitations")).latest("people")
    answers = Response.objects.filter(campaign=campaign)[:1].get().answers
    waiting = Invitation.objects.filter(campaign=campaign, participated=False).select_related("person")
    invitations = list(waiting[: 2 * SHEETS])

    def send(invitation: Invitation) -> None:
        sheet = Sheet(campaign, "", secrets.token_urlsafe(32), invitation)
        sheet.keep(list(answers), answers)
        assert submit(sheet)

    @transaction.atomic
    def write(invitation: Invitation) -> None:
        Response.objects.create(id=uuid.uuid4(), campaign=campaign, is_anonymous=True, answers=answers)
        Invitation.objects.filter(pk=invitation.pk).update(participated=True)

    def median(action, rows: list[Invitation]) -> float:
        return statistics.median(once(lambda row=row: action(row)) * 1000 for row in rows)

    floor = median(write, invitations[:SHEETS])
    return [("a sheet kept and sent", median(send, invitations[SHEETS:]), floor, "ms")]
