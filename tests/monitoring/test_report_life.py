"""Sections of the report on events, communities and acts: every figure opens the records it was counted from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from core.documents import Link, Table
from core.school_year import SchoolYear
from core.states import move
from events.models import EventPlan
from monitoring.computed import Scope
from monitoring.sections.communities import CommunitiesSection, OrdersSection
from monitoring.sections.events import EventsSection
from tests.factories.event_plans import EventPlanFactory, PlanItemFactory, approved_plan, days_from_now
from tests.factories.events import make_event
from tests.factories.monitoring import shipped_set
from tests.factories.network import DirectionFactory, employ
from tests.monitoring.test_computed_life import community, held
from tests.world import World

pytestmark = pytest.mark.django_db
SECTIONS = [EventsSection(), CommunitiesSection(), OrdersSection()]


@pytest.fixture
def lived(world: World) -> World:
    """A year with a plan, three events, two communities and their orders; another municipality beside it."""
    shipped_set()
    plan = EventPlanFactory(municipality=world.municipality)
    done, _, cancelled = (PlanItemFactory(plan=plan, **days_from_now(days)) for days in (-9, -5, 30))
    approved_plan(world.official, plan)
    move(cancelled, "cancel", by=None, because="Болезнь")
    theme = DirectionFactory(parent=DirectionFactory(parent=None))
    guest = employ("teacher", world.near.organisation)
    held(world, world.teacher, guest, format="master_class", plan_item=done, direction=theme)
    held(world, guest, format="seminar", direction=theme.parent)
    held(world, world.teacher, format="seminar")
    make_event(world.school)
    community(world, [world.teacher, guest], "1")
    community(world, [guest], "2")
    community(world, [world.far.teacher], "3", municipality=world.far.municipality)
    return world


def collected(world: World) -> list[tuple[Any, dict[str, Any]]]:
    scope = Scope(world.municipality, SchoolYear.current())
    return [(section, section.collect(scope)) for section in SECTIONS]


def figures(section: Any, data: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """Every whole number of the tables that leads somewhere."""
    for block in section.blocks(data):
        if isinstance(block, Table):
            for row in block.rows:
                yield from (
                    (cell.text, cell.url)
                    for cell in row
                    if isinstance(cell, Link) and isinstance(cell.text, int)
                )


def test_every_figure_opens_as_many_records_as_it_says(lived):
    client = lived.client("methodist")
    seen = 0
    for section, data in collected(lived):
        for figure, url in figures(section, data):
            page = client.get(url).content.decode()
            said = re.search(r"Всего: <b>(\d+)</b>|Всего: (\d+)", page)
            if "/records/" in url:
                assert said and int(said[1] or said[2]) == figure, url
                seen += 1
            elif "outcome=" in url:
                assert len(set(re.findall(r'/items/(\d+)/"', page))) == figure, url
    assert seen >= 14


def test_headlines_and_tables_tell_what_happened(lived):
    lines, titles = [], {}
    for section, data in collected(lived):
        lines += section.headline(data)
        titles |= {block.caption: block for block in section.blocks(data) if isinstance(block, Table)}

    assert lines == [
        "План событий: проведено 1 из 3 пунктов.",
        "Состоялось 3 события, пришли 2 человека из 2 организаций.",
        "Действует 2 сообщества, в них 2 человека из 2 организаций.",
        "О работе сети издано 3 акта.",
    ]
    formats = [[_bare(cell) for cell in row] for row in titles["События по формам"].rows]
    assert formats == [["семинар", 2, 2], ["мастер-класс", 1, 2], ["Всего", 3, 4]]
    areas = [[_bare(cell) for cell in row] for row in titles["События по областям компетенций"].rows]
    assert sorted(row[1:] for row in areas) == [[1, 1], [2, 3]]


def test_year_without_life_says_so(world):
    shipped_set()

    texts = [section.headline(data) for section, data in collected(world)]

    assert texts == [
        ["Событий в этом учебном году ещё не было."],
        ["Действующих педагогических сообществ нет."],
        [],
    ]
    assert not EventPlan.objects.exists()


def test_sections_cost_the_same_at_one_and_thirty_records(lived, django_assert_num_queries):
    with django_assert_num_queries(23):
        collected(lived)
    guest = employ("teacher", lived.near.organisation)
    for number in range(12):
        held(lived, guest, format="open_lesson")
        community(lived, [guest], f"10{number}")
    with django_assert_num_queries(23):
        collected(lived)


def _bare(cell: Any) -> Any:
    return cell.text if isinstance(cell, Link) else cell
