"""What monitoring brings to «Мои дела» and to search."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core import jobs
from core.portal import my_tasks, my_waits
from core.school_year import SchoolYear
from core.search import Question, found
from core.states import move
from monitoring.actions.decisions import write_decision
from monitoring.actions.evidence import add_evidence
from monitoring.actions.reports import order_report, write_texts
from monitoring.models import Decision
from tests.factories.monitoring import (
    DecisionFactory,
    IndicatorValueFactory,
    done,
    given,
    indicator,
    link,
    shipped_set,
)
from tests.monitoring.conftest import fresh

TODAY = timezone.localdate()


def titles(person) -> list[str]:
    return [task.title for task in my_tasks.gather(person)]


@pytest.mark.django_db
def test_official_is_asked_to_accept_a_built_report_whose_texts_are_in(world, media, small_files):
    shipped_set()
    report = order_report(municipality=world.municipality, year=SchoolYear.current(), by=world.methodist)
    before = titles(world.official)
    jobs.run_inline(report.job)
    report = fresh(report)

    assert f"Принять: {report}" not in before
    assert f"Принять: {report}" in titles(world.official)
    assert f"Принять: {report}" not in titles(world.methodist)
    write_texts(report=report, texts={"causes": "Новое"}, by=world.methodist)
    assert f"Принять: {report}" not in titles(world.official)


@pytest.mark.django_db
def test_addressee_has_the_decision_among_tasks_with_its_date(world):
    due = TODAY - dt.timedelta(days=2)
    given(
        world.municipality,
        world.official,
        text="Назначить наставников",
        organisation=world.school,
        role="",
        due_on=due,
    )

    mine = [task for task in my_tasks.gather(world.head) if task.title == "Назначить наставников"]

    assert [(task.due, task.days_late) for task in mine] == [(due, 2)]
    assert "Назначить наставников" not in titles(world.near.head)


@pytest.mark.django_db
def test_official_is_asked_to_check_what_is_done(world):
    done(world.municipality, world.official, text="Провести семинар")

    assert "Проверить исполнение: Провести семинар" in titles(world.official)
    assert "Проверить исполнение: Провести семинар" not in titles(world.stranger_official)


@pytest.mark.django_db
def test_methodist_is_asked_to_support_entered_values(world):
    value = IndicatorValueFactory(municipality=world.municipality)
    asked = "Подтвердить значения показателей" in titles(world.methodist)

    add_evidence(subject=value, new=link(), by=world.methodist)

    assert asked and "Подтвердить значения показателей" not in titles(world.methodist)


@pytest.mark.django_db
def test_author_sees_how_many_decisions_others_carry_out(world):
    for due in (TODAY - dt.timedelta(days=1), TODAY):
        decision = given(world.municipality, world.official, due_on=due)
        Decision.objects.filter(pk=decision.pk).update(created_by=world.methodist)

    waits = [task for task in my_waits.gather(world.methodist) if task.title == "Исполнение решений"]

    assert [(task.count, task.note) for task in waits] == [(2, "Просрочено: 1")]


@pytest.mark.django_db
def test_search_finds_a_decision_by_another_form_of_its_word_for_those_who_see_it(world):
    decision = DecisionFactory.build(municipality=world.municipality, text="Назначить наставников педагогам")
    write_decision(decision=decision, by=world.methodist)

    question = Question.parse("наставник")

    assert [entry.title for entry in found(question, world.methodist)] == ["Назначить наставников педагогам"]
    assert not found(question, world.stranger_methodist)
    assert not found(question, world.teacher)


@pytest.mark.django_db
def test_teacher_reads_accepted_values_of_the_network_and_no_others(world):
    own, abroad = (
        IndicatorValueFactory(indicator=indicator("surveys-held"), municipality=place.municipality, value=3)
        for place in (world.own, world.far)
    )
    IndicatorValueFactory(indicator=indicator("visiting-cards"), municipality=world.municipality, value=40)
    IndicatorValueFactory(
        indicator=indicator("surveys-held"),
        municipality=world.municipality,
        organisation=world.school,
        value=9,
    )
    page = "/monitoring/"

    before = world.client("teacher").get(page).content.decode()
    move(own, "accept", by=world.official)
    move(abroad, "accept", by=world.stranger_official)
    after = world.client("teacher").get(page).content.decode()

    assert "Принятых показателей пока нет" in before
    assert after.count(own.indicator.name) == 1 and "<b>3</b>" in after
    assert "Доля организаций с заполненной визиткой" not in after
    assert "/monitoring/indicators/" not in after
