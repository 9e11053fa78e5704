"""Past answers from a table: every figure equals a direct count of the file, and the same file comes once."""

import csv
import io
import random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from core.models import Upload
from diagnostics.difficulty_map import difficulty_map
from diagnostics.imports import no_answer_codes, years_band
from diagnostics.models import Anonymity, Campaign, ImportedAnswers, Item, Response
from tests.factories.tallies import campaign, questionnaire
from tests.world import signed_in

COLUMNS = ["school", "subject", "стаж", "q1", "q2", "q3", "q4"]
WORDS = {"1": "hard", "2": "some", "3": "well"}


@pytest.fixture
def past(world) -> Campaign:
    """A draft of a confidential campaign that compares organisations and subjects."""
    return campaign(
        world.municipality,
        questionnaire(),
        state=Campaign.State.DRAFT,
        anonymity=Anonymity.CONFIDENTIAL,
        by_category=False,
    )


def rows_of(schools: list[str], count: int = 60, seed: int = 1) -> list[list[str]]:
    rng = random.Random(seed)
    return [
        [rng.choice(schools), rng.choice(["математика", "физика"]), str(rng.randrange(30))]
        + [rng.choice("1123" + "9") for _ in range(4)]
        for _ in range(count)
    ]


def as_csv(rows: list[list[str]], header: list[str] = COLUMNS) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode()


def send(client, survey: Campaign, content: bytes, no_answer: str = "9"):
    file = SimpleUploadedFile("otvety.csv", content)
    return client.post(f"/diagnostics/campaigns/{survey.pk}/import/", {"file": file, "no_answer": no_answer})


def confirm(client, response, **extra):
    upload = Upload.objects.get()
    return client.post(f"{response.url}confirmation/", {"fingerprint": upload.fingerprint, **extra})


def test_every_share_and_n_equals_a_direct_count_of_the_file(world, past) -> None:
    rows = rows_of([world.school.short_name, world.near.organisation.inn])
    client = world.client("methodist")

    confirm(client, send(client, past, as_csv(rows)))

    for item in Item.objects.filter(section__questionnaire=past.questionnaire).select_related("direction"):
        codes = [r.answers.get(item.code) for r in Response.objects.all()]
        column = COLUMNS.index(item.code)
        valid = [row[column] for row in rows if row[column] != "9"]
        assert sorted(c for c in codes if c) == sorted(WORDS[v] for v in valid)
    [first, second] = sorted(difficulty_map(past).lines, key=lambda line: line.code)
    for line, columns in [(first, (3, 4)), (second, (5, 6))]:
        valid = [row[c] for row in rows for c in columns if row[c] != "9"]
        assert (line.network.answers, line.network.difficulties) == (len(valid), valid.count("1"))


def test_nothing_is_saved_before_the_preview_is_confirmed(world, past) -> None:
    client = world.client("methodist")

    response = send(client, past, as_csv(rows_of([world.school.short_name])))

    assert not Response.objects.exists()
    assert Upload.objects.get().counts["added"] == 60
    assert "Будет добавлено" in client.get(response.url).content.decode()


def test_organisations_are_found_by_name_and_inn_and_others_stay_groups(world, past) -> None:
    rows = [
        [name, "физика", "5", "1", "1", "1", "1"]
        for name in (world.school.short_name, world.near.organisation.inn, "Школа 1044")
        for _ in range(8)
    ]
    client = world.client("methodist")

    confirm(client, send(client, past, as_csv(rows)))

    found = Response.objects.values_list("organisation", "group_label").distinct()
    assert set(found) == {(world.school.pk, ""), (world.near.organisation.pk, ""), (None, "Школа 1044")}
    assert {group.label for group in difficulty_map(past).groups} >= {"Школа 1044"}


def test_organisation_of_another_municipality_stays_a_name(world, past) -> None:
    client = world.client("methodist")

    confirm(client, send(client, past, as_csv(rows_of([world.far.organisation.inn]))))

    assert not Response.objects.filter(organisation__isnull=False).exists()


def test_draft_is_closed_by_the_import_and_the_same_file_is_refused(world, past) -> None:
    content = as_csv(rows_of([world.school.short_name]))
    client = world.client("methodist")
    confirm(client, send(client, past, content))

    again = send(client, past, content)

    assert Campaign.objects.get(pk=past.pk).state == Campaign.State.CLOSED
    assert again.status_code == 422 and "уже загружен" in again.content.decode()
    assert (Response.objects.count(), ImportedAnswers.objects.count()) == (60, 1)


def test_confirmation_pressed_twice_imports_once(world, past) -> None:
    client = world.client("methodist")
    response = send(client, past, as_csv(rows_of([world.school.short_name])))

    confirm(client, response)
    confirm(client, response)

    assert Response.objects.count() == 60
    assert difficulty_map(past).counted == 60


def test_unknown_value_is_refused_by_row_and_column(world, past) -> None:
    rows = rows_of([world.school.short_name])
    rows[4][3] = "7"
    client = world.client("methodist")

    send(client, past, as_csv(rows))

    [bad] = Upload.objects.get().rows.filter(fate="rejected")
    [[column, reason]] = bad.problems
    assert (bad.number, column) == (6, "q1")
    assert "«7»: в шкале есть" in reason


def test_running_campaign_takes_no_past_answers(world) -> None:
    running = campaign(world.municipality)
    client = world.client("methodist")

    response = send(client, running, as_csv(rows_of([world.school.short_name])))

    assert response.status_code == 422 and "ещё идёт" in response.content.decode()
    assert not Upload.objects.exists()


def test_straight_lined_rows_are_marked_and_can_be_left_out(world) -> None:
    survey = campaign(
        world.municipality,
        questionnaire(items=12),
        state=Campaign.State.DRAFT,
        exclude_straightlined=True,
        by_subject=False,
    )
    items = [f"q{number}" for number in range(1, 13)]
    rows = [[world.school.short_name, *("1" * 12)] for _ in range(5)]
    rows += [[world.school.short_name, *("12" * 6)] for _ in range(10)]
    client = world.client("methodist")

    confirm(client, send(client, survey, as_csv(rows, ["школа", *items])))

    assert Response.objects.filter(straightlined=True).count() == 5
    assert difficulty_map(survey).counted == 10


def test_words_of_the_scale_are_understood(world, past) -> None:
    rows = [[world.school.short_name, "", "", "трудно", "Бывает трудно", "WELL", "не моё"] for _ in range(6)]
    client = world.client("methodist")

    confirm(client, send(client, past, as_csv(rows)))

    assert Response.objects.first().answers == {"q1": "hard", "q2": "some", "q3": "well", "q4": "na"}


def test_another_municipality_cannot_import(world, past) -> None:
    client = signed_in(world.stranger_methodist)

    assert send(client, past, as_csv(rows_of(["Школа"]))).status_code == 404
    assert send(world.client("official"), past, as_csv(rows_of(["Школа"]))).status_code == 403
    assert not Upload.objects.exists()


def test_command_imports_once(world, past, tmp_path) -> None:
    path = tmp_path / "past.csv"
    path.write_bytes(as_csv(rows_of([world.school.short_name])))

    call_command("import_responses", path, campaign=past.pk, no_answer="9", verbosity=0)
    with pytest.raises(CommandError, match="уже загружен"):
        call_command("import_responses", path, campaign=past.pk, no_answer="9", verbosity=0)

    assert (Response.objects.count(), difficulty_map(past).counted) == (60, 60)


@pytest.mark.parametrize(
    ("cell", "band"), [(2, "0-3"), ("7 лет", "4-10"), ("11–20 лет", "11-20"), ("больше 20 лет", "21+")]
)
def test_years_are_read_as_bands(cell, band) -> None:
    assert years_band(cell) == band


def test_no_answer_codes_are_separated_by_commas_or_spaces() -> None:
    assert no_answer_codes("6, 7;9  НЗ") == {"6", "7", "9", "нз"}
