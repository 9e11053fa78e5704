"""Evidence of 2.2 that the portal proposes: people accept or refuse it, nothing moves by itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.school_year import SchoolYear
from core.states import WrongState
from diagnostics.models import Finding
from diagnostics.tallies import tally
from monitoring.actions.assessments import accept_assessment, set_score
from monitoring.actions.evidence import NewEvidence, add_evidence
from monitoring.actions.indicators import accept_value
from monitoring.actions.proposals import accept_proposals, refuse_proposals, restore_proposals
from monitoring.documents import collect, compose
from monitoring.dossier import dossier
from monitoring.models import Assessment, Column, Evidence, Position, ProposalRule, Row, Score
from monitoring.proposals import SOURCES
from monitoring.proposals.found import SHOWN, Proposals, key_of
from monitoring.sheet import sheet_of
from network.models import Order
from network.orders import register_order
from tests.factories import tallies
from tests.factories.communities import community_of
from tests.factories.event_plans import EventPlanFactory, approved_plan
from tests.factories.events import make_event
from tests.factories.monitoring import (
    AssessmentFactory,
    IndicatorValueFactory,
    ReportFactory,
    done,
    indicator,
    link,
    shipped_framework,
)
from tests.factories.network import DirectionFactory
from tests.factories.orders import draft_order
from tests.world import World

pytestmark = pytest.mark.django_db
YEAR = SchoolYear.current()
TODAY = timezone.localdate()


@pytest.fixture
def assessment(world: World) -> Assessment:
    return AssessmentFactory(municipality=world.municipality)


def cell(assessment: Assessment, code: str = "DEF", column: str = "present") -> dict[str, Any]:
    position = Position.objects.get(section__framework=assessment.framework)
    return {
        "row": Row.objects.select_related("position").get(position=position, code=code),
        "column": Column.objects.get(position=position, code=column),
    }


def proposed(assessment: Assessment, person: Any, code: str = "DEF", column: str = "present") -> set[str]:
    """Keys of the records proposed for a cell."""
    groups = Proposals(assessment, person).groups(**cell(assessment, code, column))
    return {one.key for group in groups for one in group.proposals}


def order(world: World, heading: str, *, number: str = "1-од", place: Any = None, **fields: Any) -> Order:
    draft = draft_order(place or world.municipality, heading=heading, preamble="", **fields)
    return register_order(order=draft, number=number, date=TODAY, by=draft.created_by)


def survey_with_finding(world: World) -> Finding:
    survey = tallies.campaign(world.municipality, title="Опрос осени")
    tally(survey, final=True)
    type(survey).objects.filter(pk=survey.pk).update(state="closed", closes_on=TODAY)
    direction = DirectionFactory()
    return Finding.objects.create(
        municipality=world.municipality, campaign=survey, direction=direction, year=YEAR.start
    )


def page_of(assessment: Assessment, code: str = "DEF", column: str = "present", verb: str = "") -> str:
    given = cell(assessment, code, column)
    name = f"monitoring:proposal-{verb}" if verb else "monitoring:proposals"
    return reverse(name, args=[assessment.pk, given["row"].pk, given["column"].pk])


def text(response: Any) -> str:
    return response.content.decode()


# What is proposed.


def test_order_in_force_about_the_row_is_proposed_and_says_why(world, assessment):
    fits = order(world, "О проведении Диагностики затруднений")
    order(world, "О весеннем субботнике", number="2-од")
    draft_order(world.municipality, heading="О диагностике педагогов")

    groups = Proposals(assessment, world.methodist).groups(**cell(assessment))

    assert [(group.source.title, group.total) for group in groups] == [("Распорядительные акты", 1)]
    (one,) = groups[0].proposals
    assert (one.record, one.day, one.url) == (fits, TODAY, fits.get_absolute_url())
    assert "Диагностики затруднений" in one.title
    assert groups[0].rule.why.startswith("Распорядительный акт о диагностике")


def test_each_kind_of_record_is_proposed_where_the_framework_says(world, assessment):
    plan = approved_plan(world.official, EventPlanFactory(municipality=world.municipality))
    held = make_event(world.school, state="held", format="master_class", starts_at=timezone.now())
    club = community_of(world.teacher, kind="young_club")
    finding = survey_with_finding(world)
    report = ReportFactory(municipality=world.municipality)
    type(report).objects.filter(pk=report.pk).update(
        state="accepted", accepted_by=world.official, accepted_on=TODAY
    )
    value = IndicatorValueFactory(
        indicator=indicator("mentoring-programmes"), municipality=world.municipality
    )
    add_evidence(subject=value, new=link(), by=world.methodist)
    accept_value(value=value, by=world.official)
    decision = done(world.municipality, world.official)
    type(decision).objects.filter(pk=decision.pk).update(state="checked")

    def keys(code: str, column: str) -> set[str]:
        return proposed(assessment, world.methodist, code, column)

    assert key_of(plan) in keys("STAFF", "present") and key_of(plan) not in keys("STAFF", "justified")
    assert key_of(held) in keys("SKILL", "present") and key_of(held) not in keys("NET", "present")
    assert key_of(club) in keys("MENTOR", "present") and key_of(club) not in keys("COMM", "present")
    assert {key_of(finding), key_of(finding.campaign), key_of(report)} <= keys("DEF", "justified")
    assert key_of(value) in keys("MENTOR", "justified") and key_of(value) not in keys("COMM", "justified")
    assert key_of(decision) in keys("SUPPORT", "justified")


def test_what_does_not_stand_or_is_not_ours_is_not_proposed(world, assessment):
    make_event(world.school, state="cancelled", format="master_class")
    make_event(world.school, state="registration_open", format="master_class")
    make_event(world.far.organisation, state="held", format="master_class")
    two_years = timezone.now() - dt.timedelta(days=800)
    make_event(world.school, state="held", format="master_class", starts_at=two_years)
    EventPlanFactory(municipality=world.municipality)
    tallies.campaign(world.municipality, title="Опрос без выводов")
    ReportFactory(municipality=world.municipality)
    order(world, "О диагностике", place=world.far.municipality)

    counts = Proposals(assessment, world.methodist).counts(
        [tuple(cell(assessment, code, column).values()) for code, column in all_cells()]
    )

    assert set(counts.values()) == {0}


def all_cells() -> list[tuple[str, str]]:
    rows = ["DEF", "SKILL", "MENTOR", "COMM", "NET", "STAFF", "SUPPORT"]
    return [(row, column) for row in rows for column in ("present", "justified", "regional")]


def test_record_that_two_rules_propose_stands_once(world, assessment):
    given = cell(assessment)
    ProposalRule.objects.create(
        position=given["row"].position, source="order", why="Любой акт года.", order=99
    )
    one = order(world, "О диагностике")

    found = Proposals(assessment, world.methodist)

    assert found.counts([tuple(given.values())]) == {(given["row"].pk, given["column"].pk): 1}
    assert [p.record for group in found.groups(**given) for p in group.proposals] == [one]
    assert proposed(assessment, world.methodist, "STAFF", "regional") == {key_of(one)}


def test_shipped_rules_are_sound_and_every_row_has_some():
    framework = shipped_framework()

    rules = ProposalRule.objects.filter(position__section__framework=framework)

    for rule in rules:
        rule.full_clean()
    rows = Row.objects.filter(position__section__framework=framework)
    assert {row.code for row in rows} == {rule.row.code for rule in rules if rule.row}
    assert {rule.source for rule in rules} == set(SOURCES)


@pytest.mark.parametrize(
    ("source", "only", "words"),
    [
        ("weather", {}, "Есть только"),
        ("order", {"colour": ["red"]}, "Нет отбора"),
        ("event", {"format": "seminar"}, "список строк"),
        ("event", {"years_back": 9}, "от 0 до 5"),
        ("event", ["seminar"], "объект JSON"),
    ],
)
def test_rule_the_portal_cannot_follow_is_refused(assessment, source, only, words):
    rule = ProposalRule(position=cell(assessment)["row"].position, source=source, only=only, why="Потому что")

    with pytest.raises(ValidationError, match=words):
        rule.full_clean()


# What people do with it.


def test_accepted_record_is_evidence_with_who_and_why_and_the_score_stays(world, assessment):
    one = order(world, "О диагностике")

    added = accept_proposals(
        assessment=assessment, **cell(assessment), keys={key_of(one)}, by=world.methodist
    )

    evidence = Evidence.objects.get()
    assert added == 1
    assert (evidence.record, evidence.added_by) == (one, world.methodist)
    assert evidence.why.startswith("Распорядительный акт о диагностике")
    assert Score.objects.get().points == 0 and assessment.total == 0
    assert proposed(assessment, world.methodist) == set()


def test_pressed_twice_each_record_is_evidence_once(world, assessment):
    one = order(world, "О диагностике")
    press = {"assessment": assessment, **cell(assessment), "keys": {key_of(one)}, "by": world.methodist}

    assert [accept_proposals(**press), accept_proposals(**press)] == [1, 0]
    score = set_score(
        assessment=assessment, **cell(assessment), points=1, by=world.methodist, new=NewEvidence("Он же", one)
    )

    assert score.evidence.count() == 1


def test_refused_record_is_remembered_for_its_cell_alone_and_can_be_taken_back(world, assessment):
    finding = survey_with_finding(world)
    survey = key_of(finding.campaign)
    press = {"assessment": assessment, **cell(assessment), "keys": {survey}, "by": world.methodist}

    assert [refuse_proposals(**press), refuse_proposals(**press)] == [1, 0]
    assert survey not in proposed(assessment, world.methodist)
    assert survey in proposed(assessment, world.methodist, "DEF", "justified")
    assert not Evidence.objects.exists()

    assert [restore_proposals(**press), restore_proposals(**press)] == [1, 0]
    assert survey in proposed(assessment, world.methodist)


def test_record_that_is_not_proposed_cannot_be_slipped_in(world, assessment):
    foreign = order(world, "О диагностике", place=world.far.municipality)
    off_topic = order(world, "О субботнике", number="2-од")
    keys = {key_of(foreign), key_of(off_topic), "person-1", "order-99999"}

    added = accept_proposals(assessment=assessment, **cell(assessment), keys=keys, by=world.methodist)

    assert added == 0 and not Evidence.objects.exists()


def test_cancelled_record_loses_its_proposal_and_marks_the_evidence_it_became(world, assessment):
    one = order(world, "О диагностике")
    accept_proposals(assessment=assessment, **cell(assessment), keys={key_of(one)}, by=world.methodist)
    set_score(assessment=assessment, **cell(assessment), points=1, by=world.methodist)
    other = order(world, "О диагностике дефицитов", number="2-од")

    order(world, "Об отмене приказа", number="3-од", cancels=Order.objects.get(pk=one.pk))
    order(world, "Об отмене приказа № 2", number="4-од", cancels=Order.objects.get(pk=other.pk))

    sheet = sheet_of(assessment, world.methodist)
    (proof,) = sheet.evidence
    page = text(world.client("methodist").get(assessment.get_absolute_url()))
    assert proof.trouble == "запись отменена"
    assert proposed(assessment, world.methodist) == set()
    assert assessment.total == 1, "the score never changes by itself"
    assert "запись отменена" in page and "балл стоит, а записи, на которых он держался, отменены" in page
    with pytest.raises(WrongState, match=r"DEF \(наличие цели\)"):
        accept_assessment(assessment=assessment, by=world.official)


def test_accepted_assessment_is_frozen(world, assessment):
    one, other = order(world, "О диагностике"), order(world, "О затруднениях", number="2-од")
    press = {"assessment": assessment, **cell(assessment), "by": world.methodist}
    set_score(assessment=assessment, **cell(assessment), points=1, by=world.methodist, new=link())
    refuse_proposals(**press, keys={key_of(other)})
    accept_assessment(assessment=assessment, by=world.official)
    assessment = Assessment.objects.get(pk=assessment.pk)
    press["assessment"] = assessment

    for action in (accept_proposals, refuse_proposals, restore_proposals):
        with pytest.raises(WrongState, match="больше не меняют"):
            action(**press, keys={key_of(one), key_of(other)})
    page = text(world.client("methodist").get(page_of(assessment)))
    assert "О диагностике" not in page and "checkbox" not in page
    assert sheet_of(assessment, world.methodist).proposed == 0


def test_collected_evidence_alone_is_no_assessment_to_accept(world, assessment):
    one = order(world, "О диагностике")
    accept_proposals(assessment=assessment, **cell(assessment), keys={key_of(one)}, by=world.methodist)

    with pytest.raises(WrongState):
        accept_assessment(assessment=assessment, by=world.official)


# The pages.


def test_methodist_ticks_accepts_refuses_and_takes_back_on_the_page(world, assessment):
    keep, drop = order(world, "О диагностике"), order(world, "О затруднениях", number="2-од")
    client = world.client("methodist")
    sheet = text(client.get(assessment.get_absolute_url()))
    assert "Предложено порталом: 2\xa0записи" in sheet and page_of(assessment) in sheet

    page = text(client.get(page_of(assessment)))
    assert keep.get_absolute_url() in page and "Почему: Распорядительный акт о диагностике" in page
    client.post(page_of(assessment, verb="acceptance"), {"records": [key_of(keep)]})
    after = client.post(page_of(assessment, verb="refusal"), {"records": [key_of(drop)]}, follow=True)

    page = text(after)
    assert "Отмечено как неподходящие" in page and "запись портала, предложена порталом" in page
    assert world.methodist.initials in page and "Предложить нечего" in page
    client.post(page_of(assessment, verb="return"), {"records": key_of(drop)})
    assert proposed(assessment, world.methodist) == {key_of(drop)}


def test_nothing_ticked_says_what_to_do(world, assessment):
    order(world, "О диагностике")

    response = world.client("methodist").post(page_of(assessment, verb="acceptance"), {})

    assert response.status_code == 422
    assert "Отметьте хотя бы одну запись" in text(response) and "О диагностике" in text(response)


def test_second_press_is_told_kindly(world, assessment):
    one = order(world, "О диагностике")
    client = world.client("methodist")
    client.post(page_of(assessment, verb="acceptance"), {"records": [key_of(one)]})

    again = client.post(page_of(assessment, verb="acceptance"), {"records": [key_of(one)]}, follow=True)

    assert "эти записи уже разобраны" in text(again) and Evidence.objects.count() == 1


def test_official_sees_evidence_with_its_source_and_no_buttons(world, assessment):
    one, other = order(world, "О диагностике"), order(world, "О затруднениях", number="2-од")
    accept_proposals(assessment=assessment, **cell(assessment), keys={key_of(one)}, by=world.methodist)

    client = world.client("official")
    page = text(client.get(page_of(assessment)))

    assert one.get_absolute_url() in page and other.get_absolute_url() in page
    assert world.methodist.initials in page and "Распорядительный акт о диагностике" in page
    assert "Принять отмеченные" not in page and "checkbox" not in page
    assert page_of(assessment) in text(client.get(assessment.get_absolute_url()))


def test_long_list_shows_the_newest_and_says_how_many_more(world, assessment):
    for number in range(SHOWN + 3):
        make_event(
            world.school,
            state="held",
            format="master_class",
            starts_at=timezone.now() - dt.timedelta(minutes=number),
            title=f"Занятие {number:02d}",
        )

    (group,) = Proposals(assessment, world.methodist).groups(**cell(assessment, "SKILL"))

    assert (group.total, group.more, len(group.proposals)) == (SHOWN + 3, 3, SHOWN)
    assert [one.title for one in group.proposals][:2] == ["Занятие 00", "Занятие 01"]


def test_pages_cost_the_same_with_one_record_and_with_thirty(world, assessment):
    def grow(number: int) -> None:
        order(world, "О диагностике", number=f"{number}-од")
        taken = order(world, "О затруднениях", number=f"{number}-т")
        refused = order(world, "О дефицитах", number=f"{number}-о")
        press = {"assessment": assessment, **cell(assessment), "by": world.methodist}
        accept_proposals(**press, keys={key_of(taken)})
        refuse_proposals(**press, keys={key_of(refused)})

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(url)
        return len(seen)

    client = world.client("methodist")
    urls = [page_of(assessment), assessment.get_absolute_url()]
    grow(0)
    for url in urls:
        client.get(url)
    few = [queries(url) for url in urls]
    for number in range(1, 10):
        grow(number)

    assert [queries(url) for url in urls] == few == [16, 24]


def test_sheet_costs_the_same_with_seven_criteria_and_with_thirty_more(world, assessment):
    order(world, "О диагностике")
    position = cell(assessment)["row"].position

    def queries() -> int:
        cells = [(row, column) for row in position.rows.all() for column in position.columns.all()]
        with CaptureQueriesContext(connection) as seen:
            Proposals(assessment, world.methodist).counts(cells)
        return len(seen)

    queries()
    few = queries()
    Row.objects.bulk_create(
        Row(position=position, code=f"N{number}", text=f"по цели {number}") for number in range(30)
    )

    assert queries() == few == 12, "the rules, what is settled, and one for each of ten sources"


# Where it is told.


def test_annual_report_counts_the_evidence_of_each_row_without_what_was_cancelled(world, assessment):
    one, other = order(world, "О диагностике"), order(world, "О затруднениях", number="2-од")
    keys = {key_of(one), key_of(other)}
    accept_proposals(assessment=assessment, **cell(assessment), keys=keys, by=world.methodist)
    order(world, "Об отмене приказа", number="3-од", cancels=Order.objects.get(pk=other.pk))
    report = ReportFactory(municipality=world.municipality)

    snapshot = collect(report, lambda *told: None)

    (data,) = snapshot["sections"]["assessment"]["assessments"]
    row = data["positions"][0]["rows"][0]
    document = compose(report, snapshot, timezone.now())
    assert (row["code"], row["confirmations"], data["confirmations"], data["gone"]) == ("DEF", 1, 1, 1)
    assert {(proof["title"], proof["trouble"]) for proof in row["evidence"]} == {
        (str(one), ""),
        (str(Order.objects.get(pk=other.pk)), "запись отменена"),
    }
    assert "1 запись; они не посчитаны" in str(document).replace("\xa0", " ")


def test_dossier_names_the_source_of_each_evidence(world, assessment):
    one = order(world, "О диагностике")
    accept_proposals(assessment=assessment, **cell(assessment), keys={key_of(one)}, by=world.methodist)

    import io
    import zipfile

    archive = zipfile.ZipFile(dossier(assessment))
    book = openpyxl.load_workbook(io.BytesIO(archive.read("Самооценка.xlsx")))
    values = {str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None}

    assert "запись портала, предложена порталом" in values
    assert any(value.startswith("Распорядительный акт о диагностике") for value in values)
    assert any(value.startswith(world.methodist.initials) for value in values)
