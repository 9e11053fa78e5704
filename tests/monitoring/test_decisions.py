"""The register of decisions: who may take which step, what is asked, who is told."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import Letter, StateChange
from core.school_year import SchoolYear
from core.states import NotAllowed, WrongState
from monitoring.actions import decisions as actions
from monitoring.models import Decision
from tests.factories.monitoring import DecisionFactory, done, given, link
from tests.world import World

TODAY = timezone.localdate()
State = Decision.State


def complete(decision: Decision, by, new=None) -> Decision:
    return actions.complete(decision=decision, result="Сделано", done_on=TODAY, by=by, new=new)


def in_state(world: World, state: str) -> Decision:
    """A decision that reached the state by real steps."""
    place = world.municipality
    if state == State.DRAFT:
        return DecisionFactory(municipality=place)
    if state == State.ASSIGNED:
        return given(place, world.official)
    decision = done(place, world.official) if state != State.CANCELLED else given(place, world.official)
    if state == State.RETURNED:
        return actions.give_back(decision=decision, reason="Нет списка", by=world.official)
    if state == State.CHECKED:
        return actions.check(decision=decision, effect="Помогло", by=world.official)
    if state == State.CANCELLED:
        return actions.cancel(decision=decision, reason="Не нужно", by=world.official)
    return decision


STEPS = {
    "assign": lambda one, by: actions.assign(decision=one, by=by),
    "complete": lambda one, by: complete(one, by),
    "give_back": lambda one, by: actions.give_back(decision=one, reason="Нет", by=by),
    "check": lambda one, by: actions.check(decision=one, effect="", by=by),
    "cancel": lambda one, by: actions.cancel(decision=one, reason="Нет", by=by),
}
LEADS = {
    (State.DRAFT, "assign"): State.ASSIGNED,
    (State.DRAFT, "cancel"): State.CANCELLED,
    (State.ASSIGNED, "cancel"): State.CANCELLED,
    (State.RETURNED, "complete"): State.DONE,
    (State.RETURNED, "cancel"): State.CANCELLED,
    (State.DONE, "give_back"): State.RETURNED,
    (State.DONE, "check"): State.CHECKED,
}


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "step"), list(itertools.product(State.values, STEPS)))
def test_every_pair_of_state_and_step(state, step, world):
    decision = in_state(world, state)
    steps_before = StateChange.objects.count()

    if (state, step) in LEADS:
        STEPS[step](decision, world.official)
        expected = LEADS[(state, step)]
        assert StateChange.objects.count() == steps_before + 1
    else:
        # An assigned decision is not carried out without evidence.
        with pytest.raises(WrongState):
            STEPS[step](decision, world.official)
        expected = state
        assert StateChange.objects.count() == steps_before
    assert Decision.objects.get(pk=decision.pk).state == expected


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["assign", "give_back", "check", "cancel"])
def test_steps_of_the_official_are_refused_to_the_methodist(step, world):
    state = {"assign": State.DRAFT, "cancel": State.ASSIGNED}.get(step, State.DONE)
    decision = in_state(world, state)

    with pytest.raises(NotAllowed):
        STEPS[step](decision, world.methodist)


@pytest.mark.django_db
def test_head_carries_out_what_was_given_to_the_school_and_no_other_does(world):
    decision = given(world.municipality, world.official, organisation=world.school, role="")

    with pytest.raises(NotAllowed):
        complete(decision, world.near.head, link())
    after = complete(decision, world.head, link())

    assert (after.state, after.done_on) == (State.DONE, TODAY)
    assert after.evidence.count() == 1


@pytest.mark.django_db
def test_refused_completion_leaves_no_evidence(world):
    decision = given(world.municipality, world.official, organisation=world.school, role="")

    with pytest.raises(NotAllowed):
        complete(decision, world.near.head, link())

    assert decision.evidence.count() == 0


@pytest.mark.django_db
def test_letters_go_to_those_concerned_once_a_step(world):
    decision = given(world.municipality, world.official, organisation=world.school, role="")
    Decision.objects.filter(pk=decision.pk).update(created_by=world.official)
    decision = complete(Decision.objects.get(pk=decision.pk), world.head, link())
    decision = actions.give_back(decision=decision, reason="Нет списка участников", by=world.official)
    complete(decision, world.head)

    told = list(Letter.objects.order_by("pk").values_list("to", flat=True))
    texts = list(Letter.objects.order_by("pk").values_list("text", flat=True))
    assert told == [world.head.email, world.official.email, world.head.email, world.official.email]
    assert "Нет списка участников" in texts[2]
    assert decision.get_absolute_url() in texts[0]


@pytest.mark.django_db
def test_decision_to_heads_is_told_to_each_head_of_the_municipality(world):
    given(world.municipality, world.official, role="head")

    assert set(Letter.objects.values_list("to", flat=True)) == {world.head.email, world.near.head.email}


@pytest.mark.django_db
def test_database_demands_a_basis_and_an_addressee(world):
    for missing in ({"basis": ""}, {"role": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DecisionFactory(municipality=world.municipality, **missing)


@pytest.mark.django_db
def test_visible_to_managers_and_to_the_addressee_once_given(world):
    draft = DecisionFactory(municipality=world.municipality, organisation=world.school, role="")
    to_school = given(world.municipality, world.official, organisation=world.school, role="")
    to_heads = given(world.municipality, world.official, role="head")
    to_teacher = given(world.municipality, world.official, person=world.teacher, role="")

    def seen(person):
        return set(Decision.objects.visible_to(person))

    assert seen(world.methodist) == {draft, to_school, to_heads, to_teacher}
    assert seen(world.head) == {to_school, to_heads}
    assert seen(world.near.head) == {to_heads}
    assert seen(world.teacher) == {to_teacher}
    assert seen(world.stranger_official) == seen(world.far.head) == set()


@pytest.mark.django_db
def test_form_asks_for_a_basis_and_an_addressee_and_keeps_the_input(world):
    response = world.client("methodist").post(
        "/monitoring/decisions/new/", {"text": "Провести семинар", "due_on": "2099-05-31", "year": "2026"}
    )

    page = response.content.decode()
    assert response.status_code == 422 and "Назовите основание" in page
    assert "Провести семинар" in page and not Decision.objects.exists()


@pytest.mark.django_db
def test_journey_from_draft_to_checked_by_pages(world):
    year = SchoolYear.current().start
    fields = {"text": "Провести семинар", "basis": "Итоги", "due_on": "2099-05-31", "year": year}
    world.client("methodist").post(
        "/monitoring/decisions/new/", {**fields, "organisation": world.school.pk, "role": ""}
    )
    url = Decision.objects.get().get_absolute_url()

    world.client("official").post(f"{url}assignment/")
    refused = world.client("head").post(f"{url}completion/", {"result": "Провели", "done_on": TODAY})
    world.client("head").post(
        f"{url}completion/",
        {"result": "Провели", "done_on": TODAY, "evidence_url": "https://example.org/otchet"},
    )
    world.client("official").post(f"{url}check/", {"effect": "Стало лучше"})

    page = world.client("official").get(url).content.decode()
    assert refused.status_code == 422 and "Нужно подтверждение" in refused.content.decode()
    assert "Проверено" in page and "Стало лучше" in page and "https://example.org/otchet" in page
    assert [step.to_state for step in StateChange.objects.order_by("pk")] == ["assigned", "done", "checked"]


@pytest.mark.django_db
def test_completion_in_the_future_is_refused(world):
    decision = given(world.municipality, world.official)
    tomorrow = TODAY + dt.timedelta(days=1)

    response = world.client("official").post(
        f"{decision.get_absolute_url()}completion/",
        {"result": "Будет", "done_on": tomorrow, "evidence_url": "https://example.org/"},
    )

    assert "ещё не наступил" in response.content.decode()
    assert Decision.objects.get().state == State.ASSIGNED


@pytest.mark.django_db
def test_overdue_is_shown_and_filtered(world):
    given(world.municipality, world.official, text="Давно пора", due_on=TODAY - dt.timedelta(days=3))
    given(world.municipality, world.official, text="Ещё есть время")

    page = world.client("methodist").get("/monitoring/decisions/?overdue=on").content.decode()

    assert "Давно пора" in page and "срок прошёл" in page and "Ещё есть время" not in page


@pytest.mark.django_db
def test_list_costs_the_same_for_one_and_thirty(world):
    client = world.client("methodist")
    DecisionFactory(municipality=world.municipality, organisation=world.school, person=world.head, role="")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/monitoring/decisions/")
        return len(seen)

    client.get("/monitoring/decisions/")
    few = queries()
    for _ in range(29):
        DecisionFactory(
            municipality=world.municipality, organisation=world.near.organisation, person=world.head, role=""
        )

    assert queries() == few == 5
