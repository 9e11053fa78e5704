"""Invitations to an event for those who find its subject hard: the number is shown, the people are not."""

import pytest
from django.core import mail

from core.jobs import run_inline
from core.letters import send_due
from core.models import Job, Letter
from core.states import WrongState
from diagnostics.calls import call
from diagnostics.coverage import count_coverage
from diagnostics.models import Coverage, EventCall, Response
from diagnostics.tallies import tally
from events.models import Registration
from tests.factories.coverage import HARDLY, finding_of, open_event, page, survey_of, teachers_of
from tests.factories.tallies import HARD, WELL, campaign, crowd, questionnaire
from tests.world import signed_in


@pytest.fixture
def people(world) -> list:
    return teachers_of(world)


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
