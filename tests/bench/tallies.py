"""A large batch of answers tallied in steps, against reading its sheets once; and how long it keeps others from writing."""

from __future__ import annotations

import random
import time
from unittest import mock

from django.db.transaction import Atomic
from django.test import Client

from diagnostics import tallies
from diagnostics.difficulty_map import difficulty_map
from diagnostics.models import Campaign, Response
from network.models import Person
from tests.bench.measure import Figure, milliseconds, once

SHEETS_A_PLACE = 100
PAGES = {"card": "", "map by organisation": "map/", "map by subject": "map/?by=subject"}
FIELDS = ("answers", "organisation_id", "subject", "category", "years")


def measure(size: int) -> list[Figure]:
    model = Campaign.objects.filter(title__startswith="Что в работе").earliest("pk")
    sheets = list(Response.objects.filter(campaign=model).values(*FIELDS))
    small, small_pages = map_cost(model), [page_cost(model, path) for path in PAGES.values()]
    kept = ("municipality", "questionnaire", "anonymity", "opens_on", "closes_on", "state")
    campaign = Campaign.objects.create(title="Для замера", **{name: getattr(model, name) for name in kept})
    rng = random.Random(1)
    for _ in range(SHEETS_A_PLACE * size // 1000 or 1):
        Response.objects.bulk_create(
            Response(campaign=campaign, is_anonymous=True, **rng.choice(sheets)) for _ in range(1000)
        )
    floor = once(lambda: list(Response.objects.filter(campaign=campaign).values_list(*FIELDS)))
    with mock.patch.object(tallies.transaction, "atomic", Timed):
        seconds = once(lambda: tallies.tally(campaign, final=True))
    assert not tallies.differences(campaign)
    count = Response.objects.filter(campaign=campaign).count()
    return [
        (f"batch of {count} sheets", seconds, floor, "s"),
        ("its longest write transaction", Timed.longest, floor, "s"),
        (f"reading the map of {count} sheets", map_cost(campaign), small, "ms"),
        *(
            (f"{name} of {count} sheets", page_cost(campaign, path), floor, "ms")
            for (name, path), floor in zip(PAGES.items(), small_pages, strict=True)
        ),
    ]


def page_cost(campaign: Campaign, path: str) -> float:
    """What a page of the campaign costs; the floor is the same page of the survey of the demo."""
    methodist = Client()
    methodist.force_login(
        Person.objects.get(email="methodist@demo.example"), "network.backends.EmploymentBackend"
    )
    address = f"/diagnostics/campaigns/{campaign.pk}/{path}"
    assert methodist.get(address).status_code == 200, address
    return milliseconds(lambda: methodist.get(address))


def map_cost(campaign: Campaign) -> float:
    return milliseconds(lambda: difficulty_map(campaign, show=lambda groups: groups[:30]))


class Timed(Atomic):
    """`transaction.atomic` that remembers the longest time it was open."""

    longest = 0.0

    def __init__(self, using: str | None = None, savepoint: bool = True, durable: bool = False) -> None:
        super().__init__(using, savepoint, durable)

    def __enter__(self) -> None:
        super().__enter__()
        self.started = time.process_time()

    def __exit__(self, *args: object) -> None:
        super().__exit__(*args)  # type: ignore[arg-type]
        Timed.longest = max(Timed.longest, time.process_time() - self.started)
