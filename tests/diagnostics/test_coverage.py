"""Coverage: of those who have the difficulty, how many were invited and came – and whom the portal invites."""

import re

import pytest
from django.core import mail
from django.utils import timezone

from communities.models import Membership
from core.jobs import run_inline
from core.letters import send_due
from core.models import Job, Letter
from core.states import WrongState
from diagnostics.calls import call
from diagnostics.coverage import count_coverage, count_due
from diagnostics.models import Coverage, CoverageSet, EventCall, Finding, Response
from diagnostics.support import answer_with
from diagnostics.tallies import tally
from events.models import Registration
from network.models import Direction, Role
from tests.factories import communities
from tests.factories.events import make_event
from tests.factories.network import OrganisationFactory, employ
from tests.factories.tallies import HARD, WELL, campaign, crowd, questionnaire
from tests.world import signed_in

HARDLY = 24  # of SIZE people who answered; two schools of thirty
SIZE = 60


@pytest.fixture
def people(world) -> list:
    """Thirty teachers of each of two schools."""
    return [
        employ(Role.TEACHER, place) for place in (world.school, world.near.organisation) for _ in range(SIZE // 2)
    ]  # fmt: skip


def survey_of(world, people, *, hard=None, anonymity="confidential", **fields):
    """A closed survey by organisations; to those numbered in `hard` the first direction is difficult."""
    hard = set(range(0, 2 * HARDLY, 2)) if hard is None else set(hard)
    fields = {"by_subject": False, "by_category": False, "by_years": False, "state": "closed", **fields}
    survey = campaign(world.municipality, questionnaire(items=2), anonymity=anonymity, **fields)
    Response.objects.bulk_create(
        Response(
            campaign=survey, is_anonymous=False, person=one, organisation=one.rights.employments[0].organisation,
            answers={"q1": HARD if number in hard else WELL, "q2": WELL},
        )
        for number, one in enumerate(people)
    )  # fmt: skip
    if survey.state == "closed":
        tally(survey, final=True)
    return survey


def finding_of(survey, **fields) -> Finding:
    return Finding.objects.create(
        municipality=survey.municipality, campaign=survey, direction=Direction.objects.get(code="test-0"),
        year=timezone.localdate().year, **fields,
    )  # fmt: skip


def held_with(world, finding, came, absent=(), state="held"):
    """An event that answers the finding, with who came and who was signed up and did not come."""
    event = make_event(world.centre, state=state, organiser=world.methodist)
    Registration.objects.bulk_create(
        Registration(
            event=event, person=one, organisation=one.rights.employments[0].organisation,
            attendance="attended" if one in came else "absent",
        )
        for one in [*came, *absent]
    )  # fmt: skip
    answer_with(finding=finding, record=event, by=world.methodist)
    return event


def page(world, finding, role="methodist") -> str:
    text = world.client(role).get(finding.get_absolute_url()).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("\xa0", " ")


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


# Invitations.


def open_event(world, finding, **fields):
    event = make_event(world.centre, organiser=world.methodist, **fields)
    answer_with(finding=finding, record=event, by=world.methodist)
    return event


def do_jobs() -> None:
    for job in Job.objects.filter(kind="diagnostics.call"):
        run_inline(job)


def test_letters_go_to_those_with_the_difficulty_once_and_only_the_number_is_shown(world, people) -> None:
    finding = finding_of(survey_of(world, people))
    event = open_event(world, finding)
    count_coverage(finding)
    client = world.client("methodist")
    address = f"/diagnostics/findings/{finding.pk}/measures/{finding.measures.get().pk}/invitation/"
    for way in (finding, event):
        assert address in client.get(way.get_absolute_url()).content.decode()
    assert address not in world.client("official").get(event.get_absolute_url()).content.decode()
    assert "24 человека отметили" in client.get(address).content.decode().replace("\xa0", " ")

    first, second = client.post(address), client.post(address)
    do_jobs(), do_jobs()

    assert first.url == second.url == finding.get_absolute_url()
    assert (EventCall.objects.get().number, Coverage.objects.get().invited) == (HARDLY, HARDLY)
    assert set(Letter.objects.values_list("to", flat=True)) == {one.email for one in people[: 2 * HARDLY : 2]}
    assert Letter.objects.count() == HARDLY
    assert "24 приглашены порталом" in page(world, finding)
    send_due()
    assert len(mail.outbox) == HARDLY and event.title in mail.outbox[0].subject


def test_who_was_invited_is_nowhere_to_be_seen(world, people) -> None:
    finding = finding_of(survey_of(world, people))
    event = open_event(world, finding)
    call(finding=finding, event=event, by=world.methodist)
    do_jobs()

    letters = world.client("admin").get("/admin/core/letter/").content.decode()
    assert not any(one.email in letters for one in people)
    assert not any(
        str(one.pk) in key.split(":")
        for one in people
        for key in Letter.objects.values_list("key", flat=True)
    )
    for role in ("methodist", "official", "admin"):
        text = page(world, finding, role)
        assert not any(one.last_name in text for one in people)
    assert not EventCall.objects.get().organisations.exists()
    send_due()
    assert set(Letter.objects.values_list("text", flat=True)) == {""}


def test_the_invited_person_alone_sees_it_in_my_tasks(world, people) -> None:
    finding = finding_of(survey_of(world, people))
    event = open_event(world, finding)
    call(finding=finding, event=event, by=world.methodist)

    assert "Вас приглашают" in signed_in(people[0]).get("/my/").content.decode()
    assert event.title not in signed_in(people[1]).get("/my/").content.decode()

    Registration.objects.create(event=event, person=people[0], organisation=world.school)
    assert "Вас приглашают" not in signed_in(people[0]).get("/my/").content.decode()


def test_who_is_signed_up_already_gets_no_letter(world, people) -> None:
    finding = finding_of(survey_of(world, people))
    event = open_event(world, finding)
    Registration.objects.create(event=event, person=people[0], organisation=world.school)

    call(finding=finding, event=event, by=world.methodist)
    do_jobs()

    assert not Letter.objects.filter(to=people[0].email).exists() and Letter.objects.count() == HARDLY - 1


def test_too_few_are_not_invited(world, people) -> None:
    finding = finding_of(survey_of(world, people, hard=range(4)))
    event = open_event(world, finding)

    with pytest.raises(WrongState, match="слишком мало"):
        call(finding=finding, event=event, by=world.methodist)
    assert not EventCall.objects.exists() and not Letter.objects.exists()


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"state": "announced"}, "идёт запись"), ({"level": "school"}, "только педагоги")],
)
def test_nobody_is_invited_where_they_could_not_sign_up(world, people, fields, why) -> None:
    finding = finding_of(survey_of(world, people))
    event = open_event(world, finding, **fields)

    with pytest.raises(WrongState, match=why):
        call(finding=finding, event=event, by=world.methodist)


def test_anonymous_survey_invites_the_heads_of_difficult_organisations(world) -> None:
    survey = campaign(world.municipality, questionnaire(items=2), notable_percent=40, state="closed")
    crowd(survey, [world.school, world.near.organisation], each=25)
    Response.objects.filter(organisation=world.school).update(answers={"q1": HARD, "q2": HARD})
    Response.objects.filter(organisation=world.near.organisation).update(answers={"q1": WELL, "q2": WELL})
    tally(survey, final=True)
    finding = finding_of(survey)
    event = open_event(world, finding)

    call(finding=finding, event=event, by=world.methodist)
    do_jobs()

    assert list(Letter.objects.values_list("to", flat=True)) == [world.head.email]
    assert list(EventCall.objects.get().organisations.all()) == [world.school]
    assert "Вас приглашают" in world.client("head").get("/my/").content.decode()
    assert event.title not in signed_in(world.near.head).get("/my/").content.decode()
    assert Coverage.objects.get().invited == 1
