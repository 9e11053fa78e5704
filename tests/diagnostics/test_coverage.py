"""Coverage: of those who have the difficulty, how many came, as far as it may be told."""

import pytest

from communities.models import Membership
from diagnostics.coverage import count_coverage, count_due
from diagnostics.models import Coverage, CoverageSet, Response
from diagnostics.support import answer_with
from diagnostics.tallies import tally
from events.models import Registration
from network.models import Role
from tests.factories import communities
from tests.factories.coverage import HARDLY, finding_of, held_with, page, survey_of, teachers_of
from tests.factories.network import OrganisationFactory, employ
from tests.factories.tallies import HARD, WELL, campaign, crowd, questionnaire


@pytest.fixture
def people(world) -> list:
    return teachers_of(world)


def test_of_those_with_the_difficulty_the_page_tells_how_many_came(world, people) -> None:
    finding = finding_of(survey_of(world, people))
    held_with(world, finding, came=people[:12] + people[30:42], absent=people[12:24])

    count_coverage(finding)

    row = Coverage.objects.get()
    # Every second one of the first 48 finds it hard: 6 of the first dozen who came, 6 of the second.
    assert (row.unit, row.total, row.came, row.signed_up, row.invited) == ("people", HARDLY, 12, 18, None)
    for role in ("methodist", "official"):
        assert "24 людям трудно" in page(world, finding, role) and "12 участвовали, 50 %" in page(
            world, finding, role
        )


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (range(0, 24, 2), "all who came find it hard"),
        (range(48, 60), "none who came finds it hard"),
        (range(0, 8), "four who came find it hard, fewer than five"),
        (range(0, 26), "but for four the whole school came"),
    ],
)
def test_what_would_tell_a_persons_answer_is_not_shown(world, people, who, why) -> None:
    finding = finding_of(survey_of(world, people))
    held_with(world, finding, came=[people[number] for number in who])

    row = count_coverage(finding)

    assert (row.total, row.came, row.signed_up) == (HARDLY, None, None), why
    assert "скрыто участвовали" in page(world, finding) and not CoverageSet.objects.exists()


def test_one_who_is_marked_later_is_not_told_by_the_difference(world, people) -> None:
    finding = finding_of(survey_of(world, people))
    event = held_with(world, finding, came=people[:10] + people[30:40], absent=people[10:12])
    before = count_coverage(finding).came

    Registration.objects.filter(event=event, person=people[10]).update(attendance="attended")
    assert (before, count_coverage(finding).came) == (10, 10)

    held_with(world, finding, came=people[10:20] + people[40:50])
    assert count_coverage(finding).came == 10 + 5 + 4


def test_figures_of_one_school_and_of_the_network_are_not_told_where_they_differ_by_few(
    world, people
) -> None:
    survey = survey_of(world, people)
    network, school = finding_of(survey), finding_of(survey, organisation=world.school)
    event = held_with(world, network, came=people[:12] + people[30:34])
    answer_with(finding=school, record=event, by=world.methodist)

    assert count_coverage(network).came == 8
    # Of the sixteen who came four are of the other school: its own finding would tell them apart.
    assert count_coverage(school).came is None


def test_nobody_came_is_told_as_the_list_of_participants_tells_it(world, people) -> None:
    finding = finding_of(survey_of(world, people))
    held_with(world, finding, came=[])

    assert count_coverage(finding).came == 0


def test_everybody_finds_it_hard_tells_no_number(world, people) -> None:
    finding = finding_of(survey_of(world, people, hard=range(58)))
    held_with(world, finding, came=people[:20])

    row = count_coverage(finding)

    assert (row.total, row.came) == (None, None)
    assert "слишком мало" in page(world, finding)


def test_while_the_survey_runs_nothing_is_counted(world, people) -> None:
    survey = survey_of(world, people, state="running")
    tally(survey)
    finding = finding_of(survey)

    assert count_coverage(finding).total is None
    assert "появится, когда опрос завершится" in page(world, finding)


def test_who_was_signed_up_for_what_is_ahead_is_not_counted_yet(world, people) -> None:
    finding = finding_of(survey_of(world, people))
    held_with(world, finding, came=[], absent=people[:24], state="registration_open")
    Registration.objects.update(attendance="")

    assert (count_coverage(finding).signed_up, CoverageSet.objects.count()) == (0, 0)


def test_members_of_a_community_that_answers_are_reached(world, people) -> None:
    finding = finding_of(survey_of(world, people))
    community = communities.community_at(world.own)
    answer_with(finding=finding, record=community, by=world.methodist)
    Membership.objects.bulk_create(
        Membership(community=community, person=one, organisation=one.rights.employments[0].organisation)
        for one in people[:12] + people[30:42]
    )

    assert count_coverage(finding).came == 12


def test_anonymous_survey_counts_organisations_that_the_map_shows(world) -> None:
    survey = campaign(world.municipality, questionnaire(items=2), notable_percent=40, state="closed")
    third = OrganisationFactory(municipality=world.municipality)
    easy = OrganisationFactory(municipality=world.municipality)
    crowd(survey, [world.school, world.near.organisation, third], each=25)
    Response.objects.filter(campaign=survey).update(answers={"q1": HARD, "q2": HARD})
    crowd(survey, [easy], each=25)
    Response.objects.filter(organisation=easy).update(answers={"q1": WELL, "q2": WELL})
    tally(survey, final=True)
    finding = finding_of(survey)
    held_with(world, finding, came=[world.teacher], absent=[world.near.teacher, employ(Role.TEACHER, easy)])

    row = count_coverage(finding)

    assert (row.unit, row.total, row.signed_up, row.came) == ("organisations", 3, 2, 1)
    assert "3 организации, где трудно" in page(world, finding)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_worker_counts_and_the_page_reads_what_was_counted(
    world, people, django_assert_num_queries, rows
) -> None:
    finding = finding_of(survey_of(world, people))
    for number in range(rows):
        held_with(world, finding, came=people[number : number + 12])
    assert count_due() == Coverage.objects.count() == 1
    client = world.client("official")
    client.get(finding.get_absolute_url())

    with django_assert_num_queries(8):
        client.get(finding.get_absolute_url())
