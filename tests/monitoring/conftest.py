from __future__ import annotations

import pytest

from diagnostics.models import Campaign
from diagnostics.tallies import tally
from monitoring import tasks
from monitoring.models import Report
from tests.factories import tallies
from tests.factories.network import employ
from tests.world import World


@pytest.fixture
def media(settings, tmp_path):
    """Files of the test lie in a folder of their own."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that do not read the files: what builds them is quick."""
    for name in tasks.BUILDERS:
        monkeypatch.setitem(tasks.BUILDERS, name, lambda document: document.title.encode())


@pytest.fixture
def surveyed(world: World) -> Campaign:
    """A tallied survey of two schools with enough answers to be shown."""
    survey = tallies.campaign(world.municipality)
    tallies.crowd(survey, [world.own.organisation, world.near.organisation], each=20)
    tally(survey, final=True)
    for school in (world.own.organisation, world.near.organisation):
        employ("teacher", school, category="first")
    return survey


def fresh(report: Report) -> Report:
    """The row as it is now: protected states cannot be refreshed in place."""
    return Report.objects.select_related("municipality", "job").get(pk=report.pk)
