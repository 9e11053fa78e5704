"""Whom a survey asks: chosen organisations and teachers, and people added while it runs."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core.jobs import run_inline
from core.models import Job, Letter
from core.school_year import SchoolYear
from core.states import NotAllowed, WrongState
from diagnostics.actions import campaigns as actions
from diagnostics.models import Campaign, Invitation, InvitationKey
from network.models import Category, Employment, Role
from tests.diagnostics.test_campaigns import form_data
from tests.factories.diagnostics import (
    Phone,
    launched,
    link_of,
    make_campaign,
    make_questionnaire,
)
from tests.factories.network import OrganisationFactory, SubjectFactory, employ
from tests.world import World, build_world


def invited(campaign: Campaign) -> set[int]:
    return set(campaign.invitations.values_list("person", flat=True))


def chosen(world: World, *places, **fields) -> Campaign:
    """A draft for these organisations alone."""
    campaign = make_campaign(world.municipality, chosen_only=True, **fields)
    campaign.organisations.set(places)
    return campaign


def save(world: World, url: str = "", **changes):
    return world.client("methodist").post(
        url or reverse("diagnostics:campaign-new"), form_data(make_questionnaire(), **changes)
    )


def test_form_keeps_the_chosen_organisations_and_the_launch_invites_there_alone(world):
    save(world, chosen_only="chosen", organisations=[world.near.organisation.pk])
    campaign = Campaign.objects.get()
    page = world.client("methodist").get(reverse("diagnostics:campaign-launch", args=[campaign.pk]))

    campaign = actions.launch(campaign, by=world.methodist)

    assert "Приглашены будут 1 чел. из 1 организаций" in page.content.decode()
    assert campaign.chosen_only
    assert invited(campaign) == {world.near.teacher.pk}
    progress = world.client("methodist").get(campaign.get_absolute_url()).context["progress"]
    assert [row["organisation"] for row in progress] == [world.near.organisation.pk]


def test_chosen_organisations_come_back_into_the_form(world):
    campaign = chosen(world, world.school, early_career_only=True, categories=[Category.FIRST])
    maths = SubjectFactory()
    campaign.subjects.add(maths)

    form = (
        world.client("methodist")
        .get(reverse("diagnostics:campaign-edit", args=[campaign.pk]))
        .context["form"]
    )

    assert form["chosen_only"].value() == "chosen"
    assert form["organisations"].value() == [world.school.pk]
    assert form["categories"].value() == [Category.FIRST]
    assert form["subjects"].value() == [maths.pk]
    assert form["early_career_only"].value() is True


def test_choosing_nothing_is_told_at_the_field(world):
    answer = save(world, chosen_only="chosen")

    assert answer.status_code == 422
    assert "Отметьте хотя бы одну организацию" in answer.content.decode()
    assert not Campaign.objects.exists()


def test_back_to_all_forgets_what_was_marked(world):
    campaign = chosen(world, world.school)
    url = reverse("diagnostics:campaign-edit", args=[campaign.pk])

    save(world, url, organisations=[world.school.pk])

    campaign.refresh_from_db()
    assert not campaign.chosen_only
    assert not campaign.organisations.exists()


def test_organisation_of_another_municipality_cannot_be_chosen(world):
    answer = save(world, chosen_only="chosen", organisations=[world.far.organisation.pk])

    assert answer.status_code == 422
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("audience", "changes", "words"),
    [
        ("heads", {"early_career_only": "on"}, "Отбирать так можно только педагогов"),
        ("teachers", {"categories": ["first"], "open_link": "on"}, "По общей ссылке портал не знает"),
    ],
)
def test_limits_that_cannot_be_kept_are_explained(world, audience, changes, words):
    answer = world.client("methodist").post(
        reverse("diagnostics:campaign-new"), form_data(make_questionnaire(audience=audience), **changes)
    )

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_subject_category_and_years_each_narrow_the_audience(world):
    maths = SubjectFactory(name="математика")
    young = employ(Role.TEACHER, world.school, service_since=SchoolYear.current().start - 3)
    old = employ(Role.TEACHER, world.school, service_since=SchoolYear.current().start - 4)
    first = employ(Role.TEACHER, world.school, category=Category.FIRST)
    teaches = employ(Role.TEACHER, world.school)
    Employment.objects.filter(person=teaches).update(subject=maths)

    def who(subjects=(), **limits) -> set[int]:
        campaign = make_campaign(world.municipality, **limits)
        campaign.subjects.set(subjects)
        return invited(actions.launch(campaign, by=world.methodist))

    assert who(early_career_only=True) == {young.pk}
    assert who(categories=[Category.FIRST]) == {first.pk}
    assert who([maths]) == {teaches.pk}
    assert old.pk in who()


def test_launch_that_would_invite_nobody_is_told_and_changes_nothing(world):
    empty = OrganisationFactory(municipality=world.municipality)
    campaign = chosen(world, empty)

    with pytest.raises(WrongState, match="Приглашать некого"):
        actions.launch(campaign, by=world.methodist)

    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.DRAFT


def test_anonymous_respondent_is_offered_the_organisations_of_the_audience(world):
    campaign = chosen(world, world.school, by_organisation=True)
    campaign = actions.launch(campaign, by=world.methodist)
    phone = Phone(link_of(campaign, world.teacher))
    phone.begin()

    page = phone.client.get(phone.url("about"))

    offered = [value for value, _ in page.context["form"].fields["organisation"].choices]
    assert offered == ["", str(world.school.pk)]


def test_new_teacher_is_added_and_gets_one_letter_the_others_none(world):
    campaign = launched(world.municipality, by=world.methodist)
    run_inline(Job.objects.get(kind="diagnostics.invite"))
    newcomer = employ(Role.TEACHER, world.school)
    before = set(Letter.objects.values_list("key", flat=True))
    url = reverse("diagnostics:participants-new", args=[campaign.pk])

    page = world.client("methodist").get(url)
    world.client("methodist").post(url, {"organisations": [world.school.pk]})
    world.client("methodist").post(url, {"organisations": [world.school.pk]})
    for job in Job.objects.filter(state=Job.State.QUEUED):
        run_inline(job)

    assert "Школа № 1: 1 чел." in page.content.decode()
    campaign.refresh_from_db()
    assert campaign.invited_count == 3
    assert newcomer.pk in invited(campaign)
    assert [x.to for x in Letter.objects.exclude(key__in=before)] == [newcomer.email]
    assert Job.objects.filter(kind="diagnostics.invite").count() == 2


def test_forgotten_organisation_joins_the_chosen_ones(world):
    campaign = actions.launch(chosen(world, world.school), by=world.methodist)

    added = actions.add_participants(campaign, [world.near.organisation], by=world.methodist)

    assert added == 1
    assert invited(campaign) == {world.teacher.pk, world.near.teacher.pk}
    assert set(campaign.organisations.all()) == {world.school, world.near.organisation}


def test_adding_changes_nothing_of_who_was_invited_or_took_part(world):
    campaign = launched(world.municipality, by=world.methodist)
    Phone(link_of(campaign, world.teacher)).fill_in(campaign)
    rows = list(Invitation.objects.values())
    keys, terms = list(InvitationKey.objects.values()), Campaign.objects.values().get()
    employ(Role.TEACHER, world.school)

    actions.add_participants(campaign, [world.school], by=world.methodist)

    assert list(Invitation.objects.filter(pk__in=[row["id"] for row in rows]).values()) == rows
    assert list(InvitationKey.objects.values()) == keys
    assert Campaign.objects.values().get() == {**terms, "invited_count": 3}


def test_late_comer_alone_is_never_shown(world):
    """Five have been released; the one who was added and answers last stays under the smallest group."""
    from diagnostics.tallies import tally

    people = [employ(Role.TEACHER, world.school) for _ in range(4)]
    campaign = launched(world.municipality, by=world.methodist)
    for person in (world.teacher, world.near.teacher, *people):
        Phone(link_of(campaign, person)).fill_in(campaign)
    tally(campaign, final=True)
    shown = list(campaign.tallies.filter(item__isnull=False).order_by("pk").values_list("item", "count"))
    late = employ(Role.TEACHER, world.school)
    actions.add_participants(campaign, [world.school], by=world.methodist)
    Phone(link_of(campaign, late)).fill_in(campaign, "3")

    actions.close(campaign, by=world.methodist)
    tally(campaign, final=True)

    after = campaign.tallies.filter(item__isnull=False).order_by("pk").values_list("item", "count")
    assert sorted(after) == sorted(shown)


def test_nobody_is_added_to_a_draft_a_closed_or_an_open_survey(world):
    draft = make_campaign(world.municipality)
    closed = actions.close(launched(world.municipality, by=world.methodist), by=world.methodist)
    by_link = launched(world.municipality, by=world.methodist, open_link=True)
    employ(Role.TEACHER, world.school)

    for campaign in (draft, closed, by_link):
        with pytest.raises(WrongState):
            actions.add_participants(campaign, [world.school], by=world.methodist)
        if campaign is not draft:
            url = reverse("diagnostics:participants-new", args=[campaign.pk])
            assert "Добавлять некого" in world.client("methodist").get(url).content.decode()
    assert not draft.invitations.exists() and not by_link.invitations.exists()


def test_only_a_methodist_of_the_municipality_adds(world):
    campaign = launched(world.municipality, by=world.methodist)

    for person in (world.official, world.head, world.teacher, world.stranger_methodist):
        with pytest.raises(NotAllowed):
            actions.add_participants(campaign, [world.school], by=person)


def test_people_of_another_municipality_are_not_added(world):
    campaign = actions.launch(chosen(world, world.school), by=world.methodist)

    assert actions.add_participants(campaign, [world.far.organisation], by=world.methodist) == 0
    assert world.far.organisation not in campaign.organisations.all()


def test_added_before_the_opening_they_wait_for_the_letters_of_that_day(world):
    today = timezone.localdate()
    campaign = launched(
        world.municipality,
        by=world.methodist,
        opens_on=today + dt.timedelta(days=2),
        closes_on=today + dt.timedelta(days=9),
    )
    employ(Role.TEACHER, world.school)

    actions.add_participants(campaign, [world.school], by=world.methodist)

    assert not Job.objects.filter(kind="diagnostics.invite").exists()


@pytest.mark.django_db(transaction=True)
def test_two_methodists_who_add_at_once_invite_each_once():
    world = build_world()
    campaign = launched(world.municipality, by=world.methodist)
    second = employ(Role.METHODIST, world.centre)
    for _ in range(3):
        employ(Role.TEACHER, world.school)
    ready = threading.Barrier(2)
    added: list[int] = []

    def press(person) -> None:
        ready.wait()
        try:
            added.append(actions.add_participants(campaign, [world.school], by=person))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[p]) for p in (world.methodist, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    campaign.refresh_from_db()
    assert sorted(added) == [0, 3]
    assert campaign.invitations.count() == campaign.invited_count == 5


INVITE_QUERIES = 23
PARTICIPANTS_QUERIES = 8


@pytest.mark.parametrize("count", [1, 30])
def test_letters_take_the_same_queries_for_any_number_of_people(world, count, django_assert_num_queries):
    for _ in range(count):
        employ(Role.TEACHER, world.school)
    launched(world.municipality, by=world.methodist)
    job = Job.objects.get(kind="diagnostics.invite")

    with django_assert_num_queries(INVITE_QUERIES):
        run_inline(job)

    assert Letter.objects.count() == count + 2


@pytest.mark.parametrize("count", [1, 30])
def test_adding_page_takes_the_same_queries_at_any_number(world, count, django_assert_num_queries):
    campaign = launched(world.municipality, by=world.methodist)
    for _ in range(count):
        employ(Role.TEACHER, OrganisationFactory(municipality=world.municipality))
    client = world.client("methodist")

    with django_assert_num_queries(PARTICIPANTS_QUERIES):
        client.get(reverse("diagnostics:participants-new", args=[campaign.pk]))
