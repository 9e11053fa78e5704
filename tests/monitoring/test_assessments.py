"""Self-assessment: points with evidence, what is missing, acceptance, the dossier."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.school_year import SchoolYear
from core.states import NotAllowed, WrongState
from monitoring.actions.assessments import accept_assessment, begin_assessment, set_score
from monitoring.actions.evidence import NewEvidence, remove_evidence
from monitoring.models import Assessment, Column, Position, Row, Score
from monitoring.sheet import sheet_of
from tests.factories import tallies
from tests.factories.monitoring import AssessmentFactory, link, shipped_framework
from tests.world import World


@pytest.fixture
def assessment(world: World) -> Assessment:
    return AssessmentFactory(municipality=world.municipality)


def cell(assessment: Assessment, code: str = "DEF", column: str = "present") -> dict:
    position = Position.objects.get(section__framework=assessment.framework)
    return {
        "assessment": assessment,
        "row": Row.objects.get(position=position, code=code),
        "column": Column.objects.get(position=position, code=column),
    }


@pytest.mark.django_db
def test_shipped_section_is_seven_rows_three_columns_twenty_one_points(assessment):
    sheet = sheet_of(assessment)

    assert [line.row.code for line in sheet.lines] == [
        "DEF",
        "SKILL",
        "MENTOR",
        "COMM",
        "NET",
        "STAFF",
        "SUPPORT",
    ]
    assert {len(line.cells) for line in sheet.lines} == {3}
    assert (sheet.total, sheet.maximum) == (0, 21)


@pytest.mark.django_db
def test_installing_twice_changes_nothing(assessment):
    before = list(Row.objects.values_list("pk", "text"))

    shipped_framework()

    assert list(Row.objects.values_list("pk", "text")) == before


@pytest.mark.django_db
def test_begin_pressed_twice_gives_one_assessment(world):
    framework = shipped_framework()

    made = [
        begin_assessment(
            municipality=world.municipality, year=SchoolYear(2026), framework=framework, by=world.methodist
        )
        for _ in range(2)
    ]

    assert made[0] == made[1]


@pytest.mark.django_db
def test_points_need_evidence_and_nothing_is_half_saved(world, assessment):
    with pytest.raises(WrongState, match="нужно подтвердить"):
        set_score(**cell(assessment), points=1, by=world.methodist)
    assert not Score.objects.exists()

    score = set_score(**cell(assessment), points=1, by=world.methodist, new=link())

    assert (score.points, assessment.total) == (1, 1)


@pytest.mark.django_db
def test_database_refuses_points_without_evidence(assessment):
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.create(**cell(assessment), points=1)


@pytest.mark.django_db
def test_points_above_the_maximum_are_refused(world, assessment):
    with pytest.raises(WrongState, match="от 0 до 1"):
        set_score(**cell(assessment), points=2, by=world.methodist, new=link())


@pytest.mark.django_db
def test_last_evidence_stays_while_points_rest_on_it(world, assessment):
    score = set_score(**cell(assessment), points=1, by=world.methodist, new=link())
    first = score.evidence.get()
    with pytest.raises(WrongState, match="единственное"):
        remove_evidence(evidence=first, by=world.methodist)

    set_score(**cell(assessment), points=1, by=world.methodist, new=link("Второе"))
    remove_evidence(evidence=first, by=world.methodist)

    assert [one.title for one in score.evidence.all()] == ["Второе"]
    assert assessment.total == 1


@pytest.mark.django_db
def test_column_that_counts_against_takes_points_off(world, assessment):
    given = cell(assessment)
    Column.objects.filter(pk=given["column"].pk).update(sign=-1)
    given = cell(assessment)

    set_score(**given, points=1, by=world.methodist, new=link())

    sheet = sheet_of(assessment)
    assert (sheet.total, sheet.maximum, assessment.total) == (-1, 14, -1)


@pytest.mark.django_db
def test_accepted_assessment_never_changes(world, assessment):
    with pytest.raises(WrongState):
        accept_assessment(assessment=assessment, by=world.official)
    set_score(**cell(assessment), points=1, by=world.methodist, new=link())
    with pytest.raises(NotAllowed):
        accept_assessment(assessment=assessment, by=world.methodist)

    accept_assessment(assessment=assessment, by=world.official)

    with pytest.raises(WrongState):
        set_score(**cell(assessment), points=0, by=world.methodist)
    with pytest.raises(WrongState):
        remove_evidence(evidence=Score.objects.get().evidence.get(), by=world.methodist)


@pytest.mark.django_db
def test_score_page_takes_a_record_of_the_portal_as_evidence(world, assessment):
    survey = tallies.campaign(world.municipality, title="Опрос осени")
    foreign = tallies.campaign(world.far.municipality, survey.questionnaire, title="Чужой опрос")
    given = cell(assessment)
    url = Score(assessment=assessment, row=given["row"], column=given["column"]).get_absolute_url()
    client = world.client("methodist")

    refused = client.post(url, {"points": "1", "evidence_record": f"diagnostics.campaign:{foreign.pk}"})
    client.post(url, {"points": "1", "evidence_record": f"diagnostics.campaign:{survey.pk}"})
    page = client.get(assessment.get_absolute_url()).content.decode()

    assert refused.status_code == 422 and "Чужой опрос" not in refused.content.decode()
    assert survey.get_absolute_url() in page and "Опрос осени" in page
    assert "1 из 21" in page and "Обоснование цели по выявлению профессиональных дефицитов" in page


@pytest.mark.django_db
def test_score_page_without_evidence_says_what_to_do_and_keeps_the_input(world, assessment):
    given = cell(assessment)
    url = Score(assessment=assessment, row=given["row"], column=given["column"]).get_absolute_url()

    response = world.client("methodist").post(url, {"points": "1", "note": "Цель утверждена"})

    page = response.content.decode()
    assert response.status_code == 422
    assert "нужно подтвердить" in page and "Цель утверждена" in page


@pytest.mark.django_db
def test_dossier_holds_the_table_every_document_and_the_links(world, assessment, media):
    document = SimpleUploadedFile("../приказ: о целях?.pdf", b"%PDF-1.7 goal")
    new = NewEvidence(title="Приказ о целях", document=document)
    set_score(**cell(assessment), points=1, by=world.methodist, new=new)
    set_score(**cell(assessment, "NET", "regional"), points=1, by=world.methodist, new=link("Программа края"))

    response = world.client("official").get(f"{assessment.get_absolute_url()}dossier/")

    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    documents = [name for name in archive.namelist() if name.startswith("Документы/")]
    book = openpyxl.load_workbook(io.BytesIO(archive.read("Самооценка.xlsx")))
    texts = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert len(documents) == 1 and re.fullmatch(r"Документы/DEF-01 [^/?:]+\.pdf", documents[0])
    assert archive.read(documents[0]) == b"%PDF-1.7 goal"
    assert documents[0] in texts
    assert "https://example.org/prikaz.pdf" in " ".join(texts)
    assert {"DEF", "SUPPORT", "Программа края"} <= set(texts)


@pytest.mark.django_db
def test_assessment_page_costs_the_same_with_one_and_with_every_point(world, assessment):
    set_score(**cell(assessment), points=1, by=world.methodist, new=link())
    client = world.client("methodist")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(assessment.get_absolute_url())
        return len(seen)

    client.get(assessment.get_absolute_url())
    few = queries()
    for code in ["SKILL", "MENTOR", "COMM", "NET", "STAFF", "SUPPORT"]:
        for column in ["present", "justified", "regional"]:
            set_score(**cell(assessment, code, column), points=1, by=world.methodist, new=link())

    assert queries() == few == 25
