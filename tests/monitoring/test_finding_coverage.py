"""The report tells of each finding how far support has reached, by the figures the portal may tell."""

import pytest

from core.school_year import SchoolYear
from diagnostics.models import Coverage, Finding
from monitoring.computed import Scope
from monitoring.sections.findings import collect_findings, finding_blocks
from tests.factories.network import DirectionFactory


def finding(world, **coverage) -> Finding:
    made = Finding.objects.create(
        municipality=world.municipality, direction=DirectionFactory(), year=SchoolYear.current().start
    )
    if coverage:
        Coverage.objects.create(finding=made, **coverage)
    return made


def told(world) -> list[str]:
    [table] = finding_blocks(collect_findings(Scope(world.municipality, SchoolYear.current())))
    return [str(row[-1]) for row in table.rows]


def test_report_tells_whom_support_has_reached_and_what_is_not_shown(world) -> None:
    finding(world, unit="people", total=24, came=12)
    finding(world, unit="organisations", total=3, came=0)
    finding(world, unit="people", total=24, came=None)
    finding(world)

    assert told(world) == ["12 из 24 человек", "0 из 3 организаций", "не показан", "не показан"]


@pytest.mark.parametrize("rows", [1, 30])
def test_findings_of_the_report_cost_the_same(world, django_assert_num_queries, rows) -> None:
    for _ in range(rows):
        finding(world, unit="people", total=24, came=12)

    with django_assert_num_queries(2):
        assert len(told(world)) == rows
