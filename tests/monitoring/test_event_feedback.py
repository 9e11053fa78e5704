"""Indicators of certificates and feedback on events, and what the report tells of them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse

from core.documents import Link, Table, text_of
from core.school_year import SchoolYear
from diagnostics.models import Feedback, Invitation
from events.certificates import issue, revoke
from monitoring.computed import RULES, Scope
from monitoring.sections.events import EventsSection
from network.models import Organisation
from tests.factories.feedback import DISAGREE, answer, counted, opened
from tests.factories.monitoring import shipped_set
from tests.world import World

pytestmark = pytest.mark.django_db
YEAR = SchoolYear.current()


def scope(world: World, organisation: Organisation | None = None) -> Scope:
    return Scope(world.municipality, YEAR, organisation)


def gathered(world: World, place: Any, sheets: list[dict[str, str]], people: int = 8) -> Feedback:
    """Counted feedback on an event of the place."""
    feedback = opened(place.organisation, by=place.head, people=people)
    answer(feedback, *sheets)
    return counted(feedback, by=place.head)


@pytest.fixture
def said(world: World) -> tuple[Feedback, Feedback]:
    """Of six who answered four called the event useful; at another school six of six; of a third too few answered."""
    shipped_set()
    doubtful = gathered(world, world.own, [{}, {}, {}, {}, {"useful": DISAGREE}, {"useful": DISAGREE}])
    good = gathered(world, world.near, [{}] * 6)
    gathered(world, world.own, [{}] * 3)
    gathered(world, world.far, [{}] * 6)
    return doubtful, good


def test_share_of_participants_who_answered_is_of_those_asked(world: World, said):
    rule = RULES["feedback_given"]

    assert rule.count(scope(world)) == (15, 24)
    assert rule.count(scope(world, world.near.organisation)) == (6, 8)
    assert rule.count_by_organisation(scope(world)) == {
        world.school.pk: (9, 16),
        world.near.organisation.pk: (6, 8),
    }


def test_useful_is_what_three_quarters_called_so_and_few_answers_do_not_count(world: World, said):
    doubtful, good = said
    rule = RULES["useful_events"]

    assert rule.count(scope(world)) == (1, 2)
    assert list(rule.records(scope(world))) == [good.event]
    assert set(rule.records(scope(world), "denominator")) == {good.event, doubtful.event}

    Feedback.objects.filter(pk=doubtful.pk).update(useful=6, useful_of=8)
    assert rule.count(scope(world)) == (2, 2)


def test_certificates_of_the_year_without_revoked_ones(world: World, said):
    event = said[0].event
    first, *rest = issue(event=event, by=world.head)
    revoke(certificate=first, reason="Ошибка в имени", by=world.head)
    old = rest[0]
    type(old).objects.filter(pk=old.pk).update(issued_on=YEAR.starts_on - dt.timedelta(days=1))
    rule = RULES["certificates_issued"]

    assert rule.count(scope(world)) == (6, None)
    assert rule.count(scope(world, world.school)) == (6, None)
    assert rule.count(scope(world, world.near.organisation)) == (0, None)


def test_records_of_feedback_name_nobody(world: World, said):
    names = Invitation.objects.filter(participated=True).values_list("person__last_name", flat=True)
    url = reverse("monitoring:records", args=["feedback-given"])

    page = world.client("methodist").get(url).content.decode()

    assert "Всего: <b>15</b>" in page and "Школа № 1" in page
    assert not [name for name in names if name in page]


def test_report_tells_of_feedback_and_certificates_and_each_figure_opens_its_records(world: World, said):
    issue(event=said[0].event, by=world.head)
    section = EventsSection()

    blocks = section.blocks(section.collect(scope(world)))

    (table,) = (one for one in blocks if isinstance(one, Table) and one.caption.startswith("Отзывы"))
    told = {str(row[0]): (row[1].text, None if row[2] is None else text_of(row[2])) for row in table.rows}
    assert {name: (n, share and share.replace("\xa0", " ")) for name, (n, share) in told.items()} == {
        "Выдано сертификатов": (8, None),
        "Участников спросили": (24, None),
        "Из них ответили": (15, "63 %"),
        "Событий с подсчитанными отзывами": (2, None),
        "Из них названы полезными": (1, "50 %"),
    }
    browser = world.client("methodist")
    for row in table.rows:
        cell = row[1]
        assert isinstance(cell, Link)
        found = re.search(r"Всего: <b>(\d+)</b>", browser.get(cell.url).content.decode())
        assert found and int(found[1]) == cell.text, cell.url


def test_year_without_feedback_and_certificates_says_nothing_of_them(world: World):
    section = EventsSection()

    captions = [
        one.caption for one in section.blocks(section.collect(scope(world))) if isinstance(one, Table)
    ]

    assert not [caption for caption in captions if caption.startswith("Отзывы")]
