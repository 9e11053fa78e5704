"""The way of an application: every step in every state, who may take it, what must be there, who is told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from communities.actions import applications as actions
from communities.actions import decision, participants
from communities.models import Community, CommunityApplication
from core.models import Letter, StateChange
from core.states import NotAllowed, WrongState, history, move
from network.models import Order, Role
from network.orders import register_order
from tests.factories import applications as factory
from tests.factories.network import employ
from tests.world import World

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
State = CommunityApplication.State


def in_state(world: World, state: str) -> CommunityApplication:
    return factory.in_state(state, world.teacher, world.methodist, world.official)


def decide(one: CommunityApplication, by) -> None:
    order = decision.prepare_founding_order(application=one, by=by)
    register_order(order=order, number="7-од", date=TODAY, by=by)


STEPS = {
    "submit": lambda one, world: actions.submit(application=one, by=world.teacher),
    "start_review": lambda one, world: actions.start_review(application=one, by=world.methodist),
    "pass_on": lambda one, world: actions.pass_on(application=one, by=world.methodist),
    "return_back": lambda one, world: actions.return_back(
        application=one,
        reason="Уточните срок",
        by=world.official if one.state == State.AWAITING else world.methodist,
    ),
    "approve": lambda one, world: decide(one, world.official),
    "reject": lambda one, world: actions.reject(application=one, reason="Нет", by=world.official),
    "withdraw": lambda one, world: actions.withdraw(application=one, reason="", by=world.teacher),
}
LEADS = {
    (State.DRAFT, "submit"): State.SUBMITTED,
    (State.RETURNED, "submit"): State.SUBMITTED,
    (State.SUBMITTED, "start_review"): State.IN_REVIEW,
    (State.IN_REVIEW, "pass_on"): State.AWAITING,
    (State.IN_REVIEW, "return_back"): State.RETURNED,
    (State.AWAITING, "return_back"): State.RETURNED,
    (State.AWAITING, "approve"): State.APPROVED,
    (State.AWAITING, "reject"): State.REJECTED,
    (State.DRAFT, "withdraw"): State.WITHDRAWN,
    (State.SUBMITTED, "withdraw"): State.WITHDRAWN,
}


@pytest.mark.parametrize("state", State.values)
def test_every_step_from_every_state(state, world):
    application = in_state(world, state)
    before = history(application).count()

    for step, take in STEPS.items():
        with transaction.atomic():
            if (state, step) in LEADS:
                take(application, world)
                expected, steps = LEADS[state, step], 1
            else:
                with pytest.raises(WrongState):
                    take(application, world)
                expected, steps = state, 0
            assert CommunityApplication.objects.get(pk=application.pk).state == expected, step
            assert history(application).count() == before + steps, step
            transaction.set_rollback(True)
        application = CommunityApplication.objects.get(pk=application.pk)


@pytest.mark.parametrize(
    ("state", "step", "stranger"),
    [
        (State.DRAFT, "submit", "head"),
        (State.SUBMITTED, "withdraw", "methodist"),
        (State.SUBMITTED, "start_review", "official"),
        (State.IN_REVIEW, "pass_on", "official"),
        (State.IN_REVIEW, "return_back", "official"),
        (State.AWAITING, "return_back", "methodist"),
        (State.AWAITING, "reject", "methodist"),
        (State.AWAITING, "reject", "stranger_official"),
        (State.SUBMITTED, "start_review", "stranger_methodist"),
    ],
)
def test_step_of_somebody_else_is_refused(state, step, stranger, world):
    application = in_state(world, state)

    with pytest.raises(NotAllowed):
        move(application, step, by=getattr(world, stranger))

    assert CommunityApplication.objects.get(pk=application.pk).state == state


def test_methodist_cannot_prepare_the_order(world):
    application = in_state(world, State.AWAITING)

    with pytest.raises(NotAllowed):
        decision.prepare_founding_order(application=application, by=world.methodist)
    assert not Order.objects.exists()


def test_nobody_is_approved_without_a_registered_order(world):
    application = in_state(world, State.AWAITING)

    with pytest.raises(IntegrityError), transaction.atomic():
        move(application, "approve", by=world.official)
    assert CommunityApplication.objects.get(pk=application.pk).state == State.AWAITING


@pytest.mark.parametrize(
    ("fields", "size", "told"),
    [
        ({"problem": " ", "expected_result": ""}, 5, "Заполните: проблему, ожидаемый результат"),
        ({"ends_on": TODAY, "starts_on": TODAY - dt.timedelta(days=9)}, 5, "Исправьте срок"),
        ({}, 4, "Участников пока 4, а нужно не меньше 5"),
    ],
)
def test_submission_says_everything_that_is_missing(fields, size, told, world):
    application = factory.draft(world.teacher, size, **fields)

    with pytest.raises(WrongState, match=told):
        actions.submit(application=application, by=world.teacher)

    assert not application.versions.exists() and not Letter.objects.exists()
    assert not application.members.asked().exclude(person=world.teacher).exists()


def test_minimum_size_is_the_municipalitys(world):
    world.municipality.minimum_community_size = 2
    world.municipality.save()
    application = factory.draft(world.teacher, 2)

    assert actions.submit(application=application, by=world.teacher).state == State.SUBMITTED


def test_passing_on_names_who_has_not_agreed(world):
    application = factory.in_review(world.teacher, world.methodist, agreed=False)
    silent = application.members.filter(answer="asked").select_related("person").first().person
    actions.conclude(application=application, conclusion="Да", suggests="approve", by=world.methodist)

    with pytest.raises(WrongState, match=r"подтвердили 1\sчеловек, а нужно не меньше 5") as refused:
        actions.pass_on(application=application, by=world.methodist)

    assert silent.initials in str(refused.value)


def test_passing_on_needs_a_conclusion_and_the_leader(world):
    application = factory.draft(world.teacher, 6)
    leader = application.members.exclude(person=world.teacher).select_related("person").first().person
    participants.make_leader(application=application, person=leader, by=world.teacher)
    actions.submit(application=application, by=world.teacher)
    for row in application.members.exclude(person=leader).select_related("person"):
        participants.answer(application=application, agrees=True, by=row.person)
    application = actions.start_review(application=application, by=world.methodist)

    with pytest.raises(WrongState, match=r"Напишите заключение.*ещё не подтвердил участие"):
        actions.pass_on(application=application, by=world.methodist)


def test_each_step_has_its_term_by_the_settings(world):
    world.municipality.review_days, world.municipality.decision_days = 3, 4
    world.municipality.revision_days = 5
    world.municipality.save()
    application = factory.in_review(world.teacher, world.methodist)
    assert application.turn.until == TODAY + dt.timedelta(days=3)

    actions.conclude(application=application, conclusion="Да", suggests="approve", by=world.methodist)
    application = actions.pass_on(application=application, by=world.methodist)
    assert application.turn.until == TODAY + dt.timedelta(days=4)
    assert application.turn.who == "специалист управления образованием решает"

    application = actions.return_back(application=application, reason="Уточните", by=world.official)
    assert application.turn.until == TODAY + dt.timedelta(days=5)
    assert "исправляет" in application.turn.who


def test_returned_application_keeps_answers_and_shows_what_changed(world):
    application = in_state(world, State.RETURNED)
    application.problem = "Семнадцать классных руководителей из восьми школ."
    actions.write_application(application=application, by=world.teacher)
    left = application.members.exclude(person=world.teacher).select_related("person").first().person
    participants.remove_person(application=application, person=left, by=world.teacher)
    newcomer = employ(Role.TEACHER, world.near.organisation, last_name="Новикова")
    factory.add(application, newcomer)
    Letter.objects.all().delete()

    application = actions.submit(application=application, by=world.teacher)

    page = world.client("methodist").get(application.get_absolute_url()).content.decode()
    assert application.versions.count() == 2 and application.conclusion == ""
    assert application.members.confirmed().count() == 4
    assert "Что изменилось после возврата" in page and "Семнадцать классных" in page
    assert f"Новикова Пётр Ильич, {world.near.organisation}" in page and str(left) in page
    told = set(Letter.objects.values_list("to", flat=True))
    assert told == {newcomer.email, world.near.head.email, world.methodist.email}


def test_letters_of_the_way_go_to_those_concerned_once(world):
    application = factory.draft(world.teacher)
    others = {
        row.person.email
        for row in application.members.select_related("person")
        if row.person != world.teacher
    }

    def told_by(step) -> set[str]:
        Letter.objects.all().delete()
        step()
        rows = list(Letter.objects.values_list("to", flat=True))
        assert len(rows) == len(set(rows))
        return set(rows)

    assert told_by(lambda: actions.submit(application=application, by=world.teacher)) == (
        others | {world.head.email, world.methodist.email}
    )
    factory.agree(application)
    assert told_by(lambda: actions.start_review(application=application, by=world.methodist)) == {
        world.teacher.email
    }
    actions.conclude(application=application, conclusion="Да", suggests="approve", by=world.methodist)
    assert told_by(lambda: actions.pass_on(application=application, by=world.methodist)) == {
        world.official.email
    }
    assert told_by(lambda: decide(application, world.official)) >= others | {
        world.teacher.email,
        world.head.email,
    }


def test_reason_of_a_return_is_read_by_the_initiator(world):
    application = in_state(world, State.RETURNED)

    page = world.client("teacher").get(application.get_absolute_url()).content.decode()

    assert "Почему вернули" in page and "Назовите результат" in page
    letter = Letter.objects.filter(to=world.teacher.email).latest("pk")
    assert "Назовите результат" in letter.text and application.get_absolute_url() in letter.text


def test_registered_order_founds_the_community_with_those_who_agreed(world):
    application = factory.submitted(world.teacher, 7)
    refuser = application.members.exclude(person=world.teacher).select_related("person").first().person
    participants.answer(application=application, agrees=False, by=refuser)
    factory.agree(application)
    actions.start_review(application=application, by=world.methodist)
    actions.conclude(application=application, conclusion="Да", suggests="approve", by=world.methodist)
    actions.pass_on(application=application, by=world.methodist)
    application.refresh_from_db()

    order = decision.prepare_founding_order(application=application, by=world.official)
    register_order(order=order, number="489/2-од", date=TODAY, by=world.official)

    application.refresh_from_db()
    community = Community.objects.get()
    people = set(community.memberships.values_list("person", flat=True))
    assert application.state == State.APPROVED and community.application == application
    assert community.order == order and people == set(
        application.members.confirmed().values_list("person", flat=True)
    )
    assert refuser.pk not in people and len(people) == 6
    assert community.memberships.get(role="leader").person == world.teacher


def test_order_is_prefilled_from_the_application(world):
    initiator = employ(
        Role.TEACHER, world.school, last_name="Белова", first_name="Ольга", patronymic="Викторовна"
    )
    application = factory.awaiting(initiator, world.methodist, kind="young_club", goal="Помочь начинающим")

    order = decision.prepare_founding_order(application=application, by=world.official)

    annex = order.annexes.get()
    text = "\n".join(order.clauses)
    assert order.heading == "О создании клуба молодых педагогов «Классный руководитель: первые шаги»"
    assert "заявления О. В. Беловой (Школа № 1)" in order.preamble
    assert (
        "Создать клуб молодых педагогов" in text and "Назначить руководителем Белову Ольгу Викторовну" in text
    )
    assert "О. В. Беловой представить план" in text and "Помочь начинающим." in text
    assert annex.has_people and len(annex.rows) == 5
    assert annex.rows[0][1:] == ["Белова Ольга Викторовна", "учитель", "Школа № 1", "руководитель"]


def test_order_prepared_twice_is_one_order(world):
    application = in_state(world, State.AWAITING)

    first = decision.prepare_founding_order(application=application, by=world.official)
    second = decision.prepare_founding_order(application=application, by=world.official)

    assert first == second and Order.objects.count() == 1


@pytest.mark.parametrize("step", ["return_back", "reject"])
def test_draft_order_goes_with_the_decision_against_it(step, world):
    order = factory.ordered(world.teacher, world.methodist, world.official)
    application = CommunityApplication.objects.get(order=order)

    getattr(actions, step)(application=application, reason="Нет", by=world.official)

    application.refresh_from_db()
    assert application.order is None and not Order.objects.exists()
    with pytest.raises(WrongState, match="удалили"):
        register_order(order=order, number="1", date=TODAY, by=world.official)
    assert not Community.objects.exists()


def test_application_whose_term_ended_meanwhile_founds_nothing(world):
    order = factory.ordered(world.teacher, world.methodist, world.official)
    CommunityApplication.objects.update(
        starts_on=TODAY - dt.timedelta(days=30), ends_on=TODAY - dt.timedelta(days=1)
    )

    with pytest.raises(WrongState, match="заканчивается раньше"):
        register_order(order=order, number="1", date=TODAY, by=world.official)

    order.refresh_from_db()
    assert order.state == Order.State.DRAFT and not Community.objects.exists()
    assert CommunityApplication.objects.get().state == State.AWAITING


def test_submitted_application_is_not_rewritten_from_an_old_tab(world):
    application = factory.draft(world.teacher)
    old_tab = CommunityApplication.objects.get(pk=application.pk)
    actions.submit(application=application, by=world.teacher)

    old_tab.problem = "Другое"
    with pytest.raises(WrongState, match="уже подано"):
        actions.write_application(application=old_tab, by=world.teacher)

    application.refresh_from_db()
    assert application.problem != "Другое"


def test_database_keeps_a_submitted_application_whole(world):
    application = in_state(world, State.SUBMITTED)

    for wrong in (
        {"problem": ""},
        {"direction": None},
        {"ends_on": application.starts_on},
        {"state": State.APPROVED},
        {"state": State.AWAITING},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            CommunityApplication.objects.filter(pk=application.pk).update(**wrong)


def test_visible_to_those_concerned_only(world):
    draft = factory.draft(world.teacher)
    sent = factory.submitted(world.teacher)
    factory.ask(actions.start_review(application=sent, by=world.methodist), world.methodist, world.expert)
    member = sent.members.exclude(person=world.teacher).select_related("person").first().person

    def seen(person) -> set[CommunityApplication]:
        return set(CommunityApplication.objects.visible_to(person))

    assert seen(world.teacher) == {draft, sent} and seen(world.admin) == {draft, sent}
    for person in (world.methodist, world.official, world.head, world.expert, member):
        assert seen(person) == {sent}
    for person in (world.near.teacher, world.near.head, world.far.head, world.stranger_methodist):
        assert seen(person) == set()


def test_steps_are_logged_with_who_and_why(world):
    application = in_state(world, State.REJECTED)

    steps = [(step.transition, step.by) for step in history(application)]

    assert steps == [
        ("submit", world.teacher),
        ("start_review", world.methodist),
        ("pass_on", world.methodist),
        ("reject", world.official),
    ]
    assert StateChange.objects.latest("pk").reason == "Дублирует клуб"
