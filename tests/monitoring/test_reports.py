"""The annual report: built once whatever happens, the same figures everywhere, frozen when accepted."""

from __future__ import annotations

import io
import json
import re
import subprocess
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from docx import Document as WordFile

from core import jobs
from core.documents import Percent, Table, text_of
from core.models import Job, Letter
from core.school_year import SchoolYear
from core.states import NotAllowed, WrongState
from diagnostics.difficulty_map import difficulty_map
from monitoring import tasks
from monitoring.actions.reports import accept_report, order_report, rebuild_report, write_texts
from monitoring.documents import collect, snapshot_document
from monitoring.editions import edition
from monitoring.models import Report, ReportFile
from monitoring.sections import SECTIONS
from tests.factories.monitoring import ReportFactory, given, shipped_framework, shipped_set
from tests.factories.network import OrganisationFactory, employ
from tests.monitoring.conftest import fresh
from tests.world import World

YEAR = SchoolYear.current()


def built(world: World, by: str = "methodist") -> Report:
    shipped_set()
    report = order_report(municipality=world.municipality, year=YEAR, by=world.person(by))
    job = jobs.run_inline(report.job)
    assert job.state == Job.State.DONE, job.error
    return fresh(report)


def file_of(report: Report, kind: str) -> bytes:
    return Path(report.files.get(format=kind).file.path).read_bytes()


def figures(texts: list[str]) -> list[str]:
    """Texts that say a number, spaces of every kind made plain."""
    plain = [re.sub(r"[\s\u00a0\u202f]+", " ", text).strip() for text in texts]
    return [text for text in plain if re.search(r"\d", text)]


@pytest.mark.django_db
def test_report_shows_the_same_figures_on_the_page_and_in_three_files(world, surveyed, media):
    given(world.municipality, world.official, text="Провести семинар")
    report = built(world)
    tables = [block for block in snapshot_document(report).blocks if isinstance(block, Table)]
    wanted = figures([cell.text for table in tables for row in table.printed for cell in row.cells])

    page = world.client("methodist").get(report.get_absolute_url()).content.decode()
    pdf = subprocess.run(
        ["pdftotext", "-layout", report.files.get(format="pdf").file.path, "-"],
        capture_output=True,
        check=True,
    ).stdout.decode()
    word = WordFile(io.BytesIO(file_of(report, "docx")))
    in_word = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    book = openpyxl.load_workbook(io.BytesIO(file_of(report, "xlsx")))
    numbers = [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, (int, float))
    ]

    assert len(tables) >= 8 and len(wanted) > 60
    plain_page = re.sub(r"[\s\u00a0\u202f]+", " ", page)
    plain_pdf = re.sub(r"[\s\u00a0\u202f]+", " ", pdf)
    for text in wanted:
        assert text.split(" из ")[0] in plain_page
    shares = [text for text in wanted if re.fullmatch(r"[\d,]+ %", text)]
    assert shares and [text for text in shares if text not in plain_pdf] == []
    assert [text for text in wanted if text not in figures(in_word)] == []
    printed = {text_of(Percent(number, digits)) for number in numbers for digits in (0, 1)}
    assert figures([text for text in shares if text.replace(" ", "\u00a0") not in printed]) == []


@pytest.mark.django_db
def test_report_tells_of_answers_only_what_the_map_shows(world, surveyed, media, small_files):
    report = built(world)

    shown = difficulty_map(surveyed)
    ranking = report.snapshot["sections"]["diagnostics"]["ranking"]

    assert [(line["title"], line["share"], line["answers"]) for line in ranking] == [
        (line.title, line.network.share, line.network.answers) for line in shown.lines
    ]
    assert ranking[0]["answers"] >= 30


@pytest.mark.django_db
def test_every_figure_of_the_indicators_leads_to_a_page(world, surveyed, media, small_files):
    report = built(world)
    page = world.client("methodist").get(report.get_absolute_url()).content.decode()

    document = page[page.index('<article class="document"') : page.index("</article>")]
    links = {link for link in re.findall(r'<a href="(/[^"]+)"', document) if "/diagnostics/" not in link}
    broken = [
        link for link in links if world.client("methodist").get(link.replace("&amp;", "&")).status_code != 200
    ]

    assert len(links) >= 12
    assert broken == []


@pytest.mark.django_db
def test_order_pressed_twice_gives_one_report_and_one_job(world):
    shipped_set()
    first = order_report(municipality=world.municipality, year=YEAR, by=world.methodist)
    second = order_report(municipality=world.municipality, year=YEAR, by=world.official)

    assert first == second
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_database_keeps_one_report_in_work_a_year(world):
    ReportFactory(municipality=world.municipality, number=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        ReportFactory(municipality=world.municipality, number=2)


@pytest.mark.django_db
def test_built_report_has_three_files_one_folder_and_one_letter(
    world, media, small_files, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        report = built(world)

    letters = Letter.objects.filter(key__startswith="report-ready")
    assert sorted(report.files.values_list("format", flat=True)) == ["docx", "pdf", "xlsx"]
    assert len(list((media / "reports" / str(report.pk)).iterdir())) == 1
    assert [letter.to for letter in letters] == [world.methodist.email]
    assert report.get_absolute_url() in letters[0].text
    assert report.state == Report.State.DRAFT


@pytest.mark.django_db
def test_rebuilding_pressed_twice_builds_once_and_replaces_the_files(
    world, media, small_files, django_capture_on_commit_callbacks
):
    report = built(world)
    before = set(report.files.values_list("file", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        one = rebuild_report(report=report, seen=1, by=world.methodist)
        two = rebuild_report(report=report, seen=1, by=world.official)
        jobs.run_inline(one.job)

    after = fresh(report)
    assert one.job == two.job and Job.objects.count() == 2
    assert after.edition == 2 and after.files.count() == 3
    assert not before & set(after.files.values_list("file", flat=True))
    assert not any(Path(media / name).exists() for name in before)


@pytest.mark.django_db
def test_worker_that_lost_its_claim_leaves_no_file(world, media, small_files):
    shipped_set()
    report = order_report(municipality=world.municipality, year=YEAR, by=world.methodist)
    overtake = tasks.BUILDERS | {"pdf": lambda document: Job.objects.update(attempt=7) and b"%PDF-"}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "BUILDERS", overtake)
        jobs.run_inline(report.job)

    assert fresh(report).edition == 0
    assert not ReportFile.objects.exists()
    assert list((media / "reports" / str(report.pk)).iterdir()) == []


@pytest.mark.django_db
def test_edition_that_fails_leaves_nothing_aside(world, media):
    report = ReportFactory(municipality=world.municipality)

    with pytest.raises(RuntimeError), edition(report, "a-1") as files:
        files.write("pdf", b"%PDF-")
        raise RuntimeError

    assert list((media / "reports" / str(report.pk)).iterdir()) == []


@pytest.mark.django_db
def test_texts_are_in_the_report_only_after_it_was_built_again(world, media):
    report = built(world)
    write_texts(report=report, texts={"causes": "Мало наставников.\n\nНовые программы."}, by=world.methodist)

    with pytest.raises(WrongState):
        accept_report(report=report, by=world.official)
    report = rebuild_report(report=report, seen=1, by=world.methodist)
    jobs.run_inline(report.job)

    report = accept_report(report=fresh(report), by=world.official)
    text = " ".join(p.text for p in WordFile(io.BytesIO(file_of(report, "docx"))).paragraphs)
    assert report.is_accepted
    assert "Мало наставников." in text and "Новые программы." in text


@pytest.mark.django_db
def test_accepted_report_never_changes_but_its_files_say_who_accepted_it(world, media):
    report = accept_report(report=built(world), by=world.official)
    sections = fresh(report).snapshot["sections"]
    employ("teacher", world.school, category="highest")
    jobs.run_inline(report.job)

    after = fresh(report)
    paragraphs = [p.text for p in WordFile(io.BytesIO(file_of(after, "docx"))).paragraphs]
    assert after.snapshot["sections"] == sections
    assert any(world.official.initials in text for text in paragraphs)
    assert world.official.initials in world.client("official").get(after.get_absolute_url()).content.decode()
    for step in (
        lambda: write_texts(report=after, texts={"causes": "Иначе"}, by=world.methodist),
        lambda: rebuild_report(report=after, seen=after.edition, by=world.methodist),
        lambda: accept_report(report=after, by=world.official),
    ):
        with pytest.raises(WrongState):
            step()
    assert order_report(municipality=world.municipality, year=YEAR, by=world.methodist).number == 2


@pytest.mark.django_db
def test_methodist_cannot_accept_a_report(world, media, small_files):
    with pytest.raises(NotAllowed):
        accept_report(report=built(world), by=world.methodist)


@pytest.mark.django_db
def test_failed_build_says_so_and_is_tried_again_from_the_page(world, media, small_files):
    shipped_set()
    report = order_report(municipality=world.municipality, year=YEAR, by=world.methodist)
    Job.objects.update(state=Job.State.FAILED, error="Не получилось.")
    client = world.client("official")

    page = client.get(report.get_absolute_url()).content.decode()
    client.post(f"{report.get_absolute_url()}rebuild/", {"seen": 0})

    assert "Не получилось." in page and "Повторить" in page
    assert Job.objects.get().state == Job.State.QUEUED
    assert jobs.run_inline(Job.objects.get()).state == Job.State.DONE


@pytest.mark.django_db
def test_texts_page_keeps_what_was_written_and_builds_anew(world, media, small_files):
    report = built(world)
    client = world.client("methodist")

    client.post(f"{report.get_absolute_url()}texts/", {"on-network": "Сеть растёт.", "heads": "Дайте время."})
    page = client.get(f"{report.get_absolute_url()}texts/").content.decode()
    jobs.run_inline(fresh(report).job)

    shown = client.get(report.get_absolute_url()).content.decode()
    assert "Сеть растёт." in page and "Дайте время." in page
    assert "В сети 4 организации, 2 педагога" in page, "the figures stand beside the text"
    assert "Сеть растёт." in shown and "Рекомендации руководителям организаций" in shown


@pytest.mark.django_db
def test_snapshot_is_collected_by_the_same_queries_whatever_the_size(world, surveyed):
    shipped_set()
    shipped_framework()
    report = ReportFactory(municipality=world.municipality)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            collect(report, lambda *args: None)
        return len(seen)

    collect(report, lambda *args: None)
    few = queries()
    for school in OrganisationFactory.create_batch(30, municipality=world.municipality):
        employ("teacher", school)
        given(world.municipality, world.official, organisation=school, role="")

    assert queries() == few
    assert few <= 55


@pytest.mark.django_db
def test_command_builds_the_report_and_prints_its_files(world, media, small_files, capsys):
    shipped_set()

    call_command("build_report", "annual", municipality="Приозёр", year="2026/27", here=True)

    out = capsys.readouterr().out
    assert len(re.findall(r"\S+\.(?:docx|pdf|xlsx)$", out, re.M)) == 3
    with pytest.raises(CommandError, match="не найден"):
        call_command("build_report", "annual", municipality="Нет такого", year="2026/27")
    with pytest.raises(CommandError, match="учебный год"):
        call_command("build_report", "annual", municipality="Приозёр", year="2026/29")


@pytest.mark.django_db
def test_snapshot_is_plain_json_with_every_section(world, media, small_files):
    report = built(world)

    again = json.loads(json.dumps(report.snapshot))

    assert set(again["sections"]) == {section.key for section in SECTIONS}
    assert again == report.snapshot


@pytest.mark.django_db
def test_list_of_reports_costs_the_same_for_one_and_thirty(world, django_assert_num_queries):
    client = world.client("methodist")
    ReportFactory(municipality=world.municipality, number=1)
    client.get("/monitoring/reports/")
    with CaptureQueriesContext(connection) as one:
        client.get("/monitoring/reports/")
    for number in range(30):
        ReportFactory(municipality=world.municipality, year=1991 + number, number=number + 2)

    with CaptureQueriesContext(connection) as thirty:
        client.get("/monitoring/reports/")
    assert len(thirty) == len(one) == 5
