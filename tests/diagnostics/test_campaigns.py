"""Campaigns: one launch, each letter once, progress, reminders, closing by itself."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core.jobs import run_inline
from core.models import Job, Letter, StateChange
from core.states import NotAllowed, WrongState
from diagnostics import tasks
from diagnostics.actions import campaigns as actions
from diagnostics.models import Campaign, InvitationKey
from network.models import Role
from tests.factories.diagnostics import (
    Phone,
    invitation_of,
    launched,
    link_of,
    make_campaign,
    make_questionnaire,
)
from tests.factories.network import OrganisationFactory, employ
from tests.world import World, build_world


def form_data(questionnaire, **changes: object) -> dict[str, object]:
    today = timezone.localdate()
    return {
        "questionnaire": questionnaire.pk,
        "title": "Что даётся трудно",
        "purpose": "Спланировать семинары",
        "chosen_only": "all",
        "opens_on": today,
        "closes_on": today + dt.timedelta(days=7),
        "anonymity": "anonymous",
        "by_organisation": "on",
        **changes,
    }


def days_from_now(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def move_dates(campaign: Campaign, *, closes_in: int) -> Campaign:
    Campaign.objects.filter(pk=campaign.pk).update(
        opens_on=days_from_now(-9), closes_on=days_from_now(closes_in)
    )
    return Campaign.objects.get(pk=campaign.pk)


@pytest.fixture
def daytime(monkeypatch):
    monkeypatch.setattr(tasks, "DAYTIME", range(24))


def test_methodist_makes_a_draft_with_the_smallest_group_of_the_municipality(world):
    world.municipality.smallest_group = 7
    world.municipality.save()

    answer = world.client("methodist").post(
        reverse("diagnostics:campaign-new"), form_data(make_questionnaire())
    )

    campaign = Campaign.objects.get()
    assert answer["Location"] == campaign.get_absolute_url()
    assert (campaign.state, campaign.smallest_group) == (Campaign.State.DRAFT, 7)
    assert campaign.municipality == world.municipality
    assert campaign.created_by == world.methodist


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"closes_on": "2020-01-01"}, "Этот день уже прошёл"),
        ({"opens_on": "2099-01-01"}, "закрывается раньше, чем открывается"),
        ({"open_link": "on", "anonymity": "named"}, "бывает только анонимным"),
    ],
)
def test_terms_that_contradict_each_other_are_explained(world, changes, words):
    answer = world.client("methodist").post(
        reverse("diagnostics:campaign-new"), form_data(make_questionnaire(), **changes)
    )

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Campaign.objects.exists()


def test_parents_can_be_asked_by_an_open_link_only(world):
    answer = world.client("methodist").post(
        reverse("diagnostics:campaign-new"), form_data(make_questionnaire(audience="parents"))
    )

    assert "учётных записей у них нет" in answer.content.decode()


def test_launch_invites_every_teacher_of_the_municipality_once(world):
    employ(Role.TEACHER, world.far.organisation)
    OrganisationFactory(municipality=world.municipality)
    world.teacher.employments.create(organisation=world.near.organisation, role=Role.TEACHER)

    campaign = launched(world.municipality, by=world.methodist)

    people = set(campaign.invitations.values_list("person", flat=True))
    assert people == {world.own.teacher.pk, world.near.teacher.pk}
    assert campaign.invited_count == 2
    assert campaign.state == Campaign.State.RUNNING


def test_launch_page_says_whom_it_invites_and_what_is_fixed(world):
    world.near.teacher.email = None
    world.near.teacher.save()
    campaign = make_campaign(world.municipality)

    page = world.client("methodist").get(reverse("diagnostics:campaign-launch", args=[campaign.pk]))

    text = page.content.decode()
    assert "Приглашены будут 2 чел. из 2 организаций" in text
    assert "У 1 из них нет электронной почты" in text
    assert "После запуска нельзя изменить анкету, анонимность" in text
    assert "Приглашённых меньше наименьшей группы" in text


def test_second_launch_is_told_and_changes_nothing(world):
    campaign = launched(world.municipality, by=world.methodist)

    with pytest.raises(WrongState):
        actions.launch(campaign, by=world.methodist)

    assert campaign.invitations.count() == 2
    assert StateChange.objects.filter(transition="launch").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_methodists_at_once_make_one_launch():
    world = build_world()
    campaign = make_campaign(world.municipality)
    second = employ(Role.METHODIST, world.centre)
    ready = threading.Barrier(4)
    outcomes: list[str] = []

    def press(person) -> None:
        ready.wait()
        try:
            actions.launch(Campaign.objects.get(pk=campaign.pk), by=person)
            outcomes.append("launched")
        except WrongState:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[p]) for p in (world.methodist, second) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["launched", "told", "told", "told"]
    assert campaign.invitations.count() == 2
    assert Job.objects.filter(kind="diagnostics.invite").count() == 1


def test_letters_go_to_each_once_with_a_working_link_of_their_own(world):
    campaign = launched(world.municipality, by=world.methodist)
    job = Job.objects.get(kind="diagnostics.invite")
    run_inline(job)

    job.refresh_from_db()
    letters = Letter.objects.filter(key__startswith=f"survey-invitation:{campaign.pk}:")
    assert job.state == Job.State.DONE
    assert {letter.to for letter in letters} == {world.own.teacher.email, world.near.teacher.email}
    assert all(letter.secret for letter in letters)
    links = [line for letter in letters for line in letter.text.splitlines() if "/diagnostics/s/" in line]
    assert len(set(links)) == 2
    for link in links:
        token = link.split("/")[-2]
        assert token not in str(list(InvitationKey.objects.values()))
        assert "Начать" in Phone(token).client.get(link.removeprefix("http://portal.test")).content.decode()


def test_job_that_was_killed_half_way_sends_nobody_a_second_letter(world, monkeypatch):
    from diagnostics import invitations

    for _ in range(4):
        employ(Role.TEACHER, world.school)
    monkeypatch.setattr(invitations, "AT_ONCE", 2)
    launched(world.municipality, by=world.methodist)
    job = Job.objects.get(kind="diagnostics.invite")
    queue, calls = invitations._queue, []

    def killed_at_the_second(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("killed")
        queue(*args, **kwargs)

    monkeypatch.setattr(invitations, "_queue", killed_at_the_second)
    run_inline(job)
    first = Letter.objects.count()
    Job.objects.update(next_at=timezone.now())
    run_inline(job)

    assert first == 2
    assert Letter.objects.count() == 6
    assert InvitationKey.objects.count() == 6


def test_survey_of_tomorrow_is_launched_today_and_written_about_tomorrow(world, daytime):
    campaign = launched(
        world.municipality, by=world.methodist, opens_on=days_from_now(1), closes_on=days_from_now(9)
    )
    tasks.advance_campaigns()
    early = Job.objects.filter(kind="diagnostics.invite").count()
    move_dates(campaign, closes_in=8)
    tasks.advance_campaigns()
    tasks.advance_campaigns()

    assert early == 0
    assert Job.objects.filter(kind="diagnostics.invite").count() == 1


def test_reminder_goes_only_to_those_who_have_not_answered(world):
    campaign = launched(world.municipality, by=world.methodist)
    Phone(link_of(campaign, world.own.teacher)).fill_in(campaign)

    job = actions.remind(campaign, by=world.methodist)
    run_inline(job)

    letters = Letter.objects.filter(key__startswith="survey-reminder:")
    assert [letter.to for letter in letters] == [world.near.teacher.email]


def test_reminding_twice_in_a_day_is_one_reminder(world, daytime):
    campaign = launched(world.municipality, by=world.methodist, closes_on=days_from_now(3))

    by_hand = actions.remind(campaign, by=world.methodist)
    tasks.advance_campaigns()
    again = actions.remind(campaign, by=world.methodist)

    assert by_hand == again
    assert Job.objects.filter(kind="diagnostics.remind").count() == 1


def test_second_methodist_who_reminds_the_same_day_is_shown_the_campaign(world):
    campaign = launched(world.municipality, by=world.methodist)
    actions.remind(campaign, by=None)
    url = reverse("diagnostics:campaign-reminder", args=[campaign.pk])

    page = world.client("methodist").post(url, follow=True)

    assert page.redirect_chain[-1][0] == campaign.get_absolute_url()
    assert f"Напоминания: {campaign}" in page.content.decode()
    assert Job.objects.filter(kind="diagnostics.remind").count() == 1


@pytest.mark.parametrize(("days", "reminded"), [(4, 0), (3, 1), (2, 0), (1, 1), (0, 0)])
def test_portal_reminds_by_itself_in_the_last_days(world, daytime, days, reminded):
    launched(world.municipality, by=world.methodist, closes_on=days_from_now(days))

    tasks.advance_campaigns()

    assert Job.objects.filter(kind="diagnostics.remind").count() == reminded


def test_portal_closes_by_itself_the_day_after(world):
    campaign = launched(world.municipality, by=world.methodist)
    last_day = move_dates(campaign, closes_in=0)
    tasks.advance_campaigns()
    last_day.refresh_from_db()
    on_the_last_day = last_day.state
    move_dates(campaign, closes_in=-1)
    tasks.advance_campaigns()

    campaign = Campaign.objects.get()
    assert on_the_last_day == Campaign.State.RUNNING
    assert campaign.state == Campaign.State.CLOSED
    assert StateChange.objects.get(to_state="closed").by is None


def test_only_a_methodist_of_the_municipality_launches_closes_and_reminds(world):
    draft = make_campaign(world.municipality)
    running = launched(world.municipality, by=world.methodist)

    for person in (world.official, world.head, world.teacher, world.stranger_methodist):
        with pytest.raises(NotAllowed):
            actions.launch(draft, by=person)
        with pytest.raises(NotAllowed):
            actions.close(running, by=person)
        with pytest.raises(NotAllowed):
            actions.remind(running, by=person)


def test_launched_campaign_is_not_edited(world):
    campaign = launched(world.municipality, by=world.methodist)

    answer = world.client("methodist").post(
        reverse("diagnostics:campaign-edit", args=[campaign.pk]),
        form_data(campaign.questionnaire, anonymity="named"),
    )

    assert "его условия не меняются" in answer.content.decode()
    campaign.refresh_from_db()
    assert campaign.anonymity == "anonymous"


def test_methodist_sees_progress_by_organisation_and_a_head_only_the_own(world):
    campaign = launched(world.municipality, by=world.methodist)
    Phone(link_of(campaign, world.own.teacher)).fill_in(campaign)

    whole = world.client("methodist").get(campaign.get_absolute_url()).context["progress"]
    own = world.client("head").get(campaign.get_absolute_url()).context["progress"]

    assert [(row["organisation__short_name"], row["took_part"], row["invited"]) for row in whole] == [
        ("Школа № 2", 0, 1),
        ("Школа № 1", 1, 1),
    ]
    assert [row["organisation"] for row in own] == [world.school.pk]


def test_head_sees_no_draft_and_nothing_of_another_municipality(world):
    draft = make_campaign(world.municipality)
    abroad = launched(world.far.municipality, by=world.stranger_methodist)

    assert world.client("head").get(draft.get_absolute_url()).status_code == 404
    assert world.client("head").get(abroad.get_absolute_url()).status_code == 404


def test_names_of_who_answered_are_on_no_page(world):
    campaign = launched(world.municipality, by=world.methodist)
    Phone(link_of(campaign, world.own.teacher)).fill_in(campaign)

    for role in ("methodist", "official", "head", "admin"):
        page = world.client(role).get(campaign.get_absolute_url()).content.decode()
        assert world.own.teacher.last_name not in page


def test_my_surveys_show_what_waits_and_what_was_answered(world):
    waiting = launched(world.municipality, by=world.methodist, title="Ждёт ответа")
    done = launched(world.municipality, by=world.methodist, title="Уже отвечен")
    Phone(link_of(done, world.teacher)).fill_in(done)

    context = world.client("teacher").get(reverse("diagnostics:mine")).context

    assert [row["campaign"] for row in context["waiting"]] == [waiting]
    assert [row["campaign"] for row in context["past"]] == [done]


def test_own_tasks_name_the_survey_that_waits(world):
    launched(world.municipality, by=world.methodist, title="Что даётся трудно")

    teacher = world.client("teacher").get(reverse("my")).content.decode()
    methodist = world.client("methodist").get(reverse("my")).content.decode()

    assert "Ответить на опрос «Что даётся трудно»" in teacher
    assert "ответили 0 из 2" in methodist


def test_invitation_of_somebody_else_does_not_open(world):
    campaign = launched(world.municipality, by=world.methodist)
    other = invitation_of(campaign, world.near.teacher)

    assert world.client("teacher").post(f"/diagnostics/mine/{other.pk}/").status_code == 404
    assert not InvitationKey.objects.exists()


def many(world: World, count: int) -> None:
    for _ in range(count):
        school = OrganisationFactory(municipality=world.municipality)
        employ(Role.TEACHER, school)
    for _ in range(count):
        make_campaign(world.municipality, questionnaire=make_questionnaire())


LIST_QUERIES = 5
CARD_QUERIES = 9
HOME_QUERIES = 9


@pytest.mark.parametrize("count", [1, 30])
def test_list_takes_the_same_queries_at_any_length(world, count, django_assert_num_queries):
    many(world, count)
    client = world.client("methodist")

    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("diagnostics:campaigns"))


@pytest.mark.parametrize("count", [1, 30])
def test_card_takes_the_same_queries_at_any_number_of_organisations(world, count, django_assert_num_queries):
    many(world, count)
    campaign = launched(world.municipality, by=world.methodist)
    client = world.client("methodist")

    with django_assert_num_queries(CARD_QUERIES):
        client.get(campaign.get_absolute_url())


@pytest.mark.parametrize("count", [1, 30])
def test_section_home_takes_the_same_queries_at_any_number(world, count, django_assert_num_queries):
    for number in range(count):
        launched(world.municipality, by=world.methodist, title=f"Опрос {number}")
    client = world.client("methodist")

    with django_assert_num_queries(HOME_QUERIES):
        client.get(reverse("diagnostics:home"))
