"""Computed indicators: each value is exactly the number of the records it names."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.school_year import SchoolYear
from diagnostics.models import Finding, SupportMeasure
from monitoring.computed import RULES, Scope
from monitoring.models import Indicator
from network.models import Organisation, ResultsCluster
from tests.factories import tallies
from tests.factories.monitoring import done, given, shipped_set
from tests.factories.network import DirectionFactory, EmploymentFactory, OrganisationFactory, employ
from tests.world import World

YEAR = SchoolYear.current()


def scope(world: World, organisation: Organisation | None = None) -> Scope:
    return Scope(world.municipality, YEAR, organisation)


def people_who_count(world: World) -> None:
    """Two schools with teachers of every kind, and those who must not be counted."""
    school, other, foreign = (place.organisation for place in (world.own, world.near, world.far))
    employ("teacher", school, category="first", service_since=YEAR.start - 1)
    both = employ("teacher", school, category="highest", service_since=2001)
    EmploymentFactory(person=both, organisation=other)
    employ("teacher", other, category="mentor", service_since=YEAR.start - 3)
    employ("teacher", other, category="none", service_since=YEAR.start - 4)
    employ("teacher", foreign, category="highest")
    left = employ("teacher", school, category="highest")
    left.employments.update(ends_on=timezone.localdate() - dt.timedelta(days=1))


@pytest.mark.django_db
def test_qualified_teachers_counts_each_person_in_force_once(world):
    people_who_count(world)

    rule = RULES["qualified_teachers"]

    # own.teacher and near.teacher of the world have no category.
    assert rule.count(scope(world)) == (3, 6)
    assert rule.count(scope(world, world.own.organisation)) == (2, 3)
    assert rule.count_by_organisation(scope(world)) == {
        world.own.organisation.pk: (2, 3),
        world.near.organisation.pk: (2, 4),
    }


@pytest.mark.django_db
def test_early_career_teachers_are_up_to_three_school_years(world):
    people_who_count(world)

    assert RULES["early_career_teachers"].count(scope(world)) == (2, 6)


@pytest.mark.django_db
def test_surveyed_organisations_are_those_with_an_answer(world):
    survey = tallies.campaign(world.municipality)
    tallies.answer(survey, world.own.organisation, ["hard"])
    tallies.answer(
        tallies.campaign(world.far.municipality, survey.questionnaire), world.far.organisation, ["hard"]
    )

    rule = RULES["surveyed_organisations"]

    assert rule.count(scope(world)) == (1, 2)
    assert list(rule.records(scope(world))) == [world.own.organisation]
    assert RULES["surveys_held"].count(scope(world)) == (1, None)


@pytest.mark.django_db
def test_findings_and_measures_are_those_of_the_year(world):
    for year, measures in [(YEAR.start, 2), (YEAR.start, 0), (YEAR.start - 1, 0)]:
        finding = Finding.objects.create(
            municipality=world.municipality, direction=DirectionFactory(), year=year
        )
        for number in range(measures):
            SupportMeasure.objects.create(
                finding=finding,
                kind="event",
                title="Семинар",
                done_on=timezone.localdate() if number else None,
            )

    assert RULES["answered_findings"].count(scope(world)) == (1, 2)
    assert RULES["carried_out_measures"].count(scope(world)) == (1, 2)


@pytest.mark.django_db
def test_organisations_with_card_place_and_results(world):
    school, other = world.own.organisation, world.near.organisation
    Organisation.objects.filter(pk=school.pk).update(
        strengths="Физика", offers="Лаборатория", latitude=45, longitude=42, phone="8 800"
    )
    Organisation.objects.filter(pk=other.pk).update(strengths="Хор", latitude=45, longitude=42)
    ResultsCluster.objects.create(organisation=school, year=YEAR.start, procedure="ВПР", level="low")
    ResultsCluster.objects.create(organisation=other, year=YEAR.start, procedure="ВПР", level="high")

    assert RULES["visiting_cards"].count(scope(world)) == (1, 2)
    assert RULES["on_the_map"].count(scope(world)) == (1, 2)
    assert RULES["low_result_schools"].count(scope(world)) == (1, 2)
    assert list(RULES["low_result_schools"].records(scope(world))) == [school]


@pytest.mark.django_db
def test_decisions_on_time_are_of_those_due_or_done(world):
    today = timezone.localdate()
    days = dt.timedelta(days=1)
    done(world.municipality, world.official, due_on=today, done_on=today - days)
    done(world.municipality, world.official, due_on=today - 3 * days, done_on=today - days)
    given(world.municipality, world.official, due_on=today - days)
    given(world.municipality, world.official, due_on=today + days)

    assert RULES["decisions_on_time"].count(scope(world)) == (1, 3)
    assert RULES["decisions_made"].count(scope(world)) == (4, None)
    assert RULES["grounded_decisions"].count(scope(world)) == (0, 4)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(RULES))
def test_records_are_as_many_as_the_figure_says(name, world):
    people_who_count(world)
    survey = tallies.campaign(world.municipality)
    tallies.crowd(survey, [world.own.organisation], each=3)
    survey.invitations.create(person=world.teacher, organisation=world.school, participated=True)
    done(world.municipality, world.official)
    rule = RULES[name]

    for place in (None, world.own.organisation):
        here = scope(world, place)
        counts = rule.count(here)
        assert counts.numerator == rule.records(here).count()
        if rule.is_share:
            assert counts.denominator == rule.records(here, "denominator").count()


@pytest.mark.django_db
def test_records_page_lists_what_the_figure_counts(world):
    shipped_set()
    people_who_count(world)

    page = (
        world.client("methodist").get("/monitoring/indicators/qualified-teachers/records/").content.decode()
    )

    assert "Всего: <b>3</b>" in page
    assert page.count('<th role="rowheader"') == 3


@pytest.mark.django_db
def test_records_of_a_survey_name_nobody(world):
    shipped_set()
    survey = tallies.campaign(world.municipality)
    survey.invitations.create(person=world.teacher, organisation=world.school, participated=True)

    page = (
        world.client("methodist").get("/monitoring/indicators/diagnosed-teachers/records/").content.decode()
    )

    assert world.teacher.last_name not in page
    assert "Школа № 1" in page and "Всего людей" in page


@pytest.mark.django_db
def test_every_shipped_rule_is_known_and_at_least_eight_are_counted():
    rules = set(shipped_set().indicators.exclude(rule="").values_list("rule", flat=True))

    assert rules == set(RULES)
    assert len(rules) >= 8
    kinds = set(Indicator.objects.values_list("kind", flat=True))
    assert kinds == {"process", "result"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(RULES))
def test_counting_costs_two_queries_whatever_the_size(name, world):
    rule = RULES[name]
    for school in OrganisationFactory.create_batch(5, municipality=world.municipality):
        employ("teacher", school)

    with CaptureQueriesContext(connection) as seen:
        rule.count(scope(world))
        rule.count_by_organisation(scope(world))

    assert len(seen) == (2 if rule.organisation_path else 1)
