"""The pages of an upload: from the file to the records, with every mistake told and nothing half saved."""

from __future__ import annotations

import datetime as dt
import io
import threading
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest
from auditlog.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core.imports import actions
from core.jobs import run_inline
from core.models import Job, Upload
from network.imports.organisations import OrganisationImport
from network.models import Organisation, Person, Role
from tests.factories.network import OrganisationFactory, employ, inn
from tests.tables import csv, xlsx

pytestmark = pytest.mark.django_db
START = "/network/organisations/import/"
A, B = inn(900_001), inn(900_002)
HEADER = ["ИНН", "Наименование", "Адрес"]
GOOD = [HEADER, [A, "Школа № 11", "ул. Лесная, 1"], [B, "Детский сад № 5", "ул. Лесная, 2"]]
BAD = [*GOOD, ["123", "Школа № 13", "ул. Лесная, 3"]]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def send(client, data: bytes, name: str = "организации.xlsx", url: str = START, **fields):
    return client.post(url, {"file": SimpleUploadedFile(name, data), **fields})


def confirm(client, upload: Upload, **fields):
    url = reverse("core:upload-confirmation", args=[upload.pk])
    return client.post(url, {"fingerprint": upload.fingerprint, **fields}, follow=True)


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def methodist(world, client_of):
    return client_of(world.methodist)


def mapped(**columns: str) -> dict[str, str]:
    """What the form of columns sends: a select a field, «-» for a column the file lacks."""
    return {field.name: columns.get(field.name, "-") for field in OrganisationImport.fields}


def ready(methodist, rows) -> Upload:
    send(methodist, xlsx(rows))
    return Upload.objects.get()


def test_preview_shows_every_row_and_saves_nothing(world, methodist):
    before = Organisation.objects.count()

    page = methodist.get(send(methodist, xlsx(BAD)).url, {"fate": ""})

    for word in ("Школа № 11", "Детский сад № 5", "в ИНН организации 10 цифр", "Пока ничего не сохранено"):
        assert word in text(page)
    assert Upload.objects.get().counts == {
        "added": 2,
        "changed": 0,
        "unchanged": 0,
        "superseded": 0,
        "rejected": 1,
    }
    assert Organisation.objects.count() == before


def test_preview_opens_at_the_errors(methodist):
    page = methodist.get(send(methodist, xlsx(BAD)).url)

    assert "Школа № 13" in text(page)
    assert "Школа № 11" not in text(page)


def test_confirmed_upload_is_taken_in_and_shown_at_once(world, methodist):
    upload = ready(methodist, GOOD)

    page = confirm(methodist, upload)

    assert Organisation.objects.filter(inn__in=[A, B], municipality=world.municipality).count() == 2
    assert "Добавлено: 2 организации" in text(page).replace("\xa0", " ")
    upload.refresh_from_db()
    assert (upload.state, upload.job.state) == (Upload.State.APPLIED, Job.State.DONE)


def test_confirm_pressed_twice_applies_once(methodist):
    upload = ready(methodist, GOOD)

    confirm(methodist, upload)
    count, jobs = Organisation.objects.count(), Job.objects.count()
    again = confirm(methodist, upload)

    assert (Organisation.objects.count(), Job.objects.count()) == (count, jobs)
    assert "Загружено" in text(again)


def test_errors_keep_everything_out_until_good_rows_are_accepted(methodist):
    upload = ready(methodist, BAD)
    before = Organisation.objects.count()

    refused = confirm(methodist, upload)
    assert "Исправьте файл или согласитесь взять строки без ошибок" in text(refused)
    assert Organisation.objects.count() == before

    confirm(methodist, upload, accept_good_rows="on")
    assert Organisation.objects.count() == before + 2


def test_changed_data_under_the_preview_stops_it_and_shows_the_new_one(world, methodist):
    upload = ready(methodist, GOOD)
    OrganisationFactory(municipality=world.municipality, inn=A, full_name="Школа № 11", address="иначе")

    page = confirm(methodist, upload)

    assert "данные портала изменились, поэтому ничего не записано" in text(page)
    assert "иначе" in text(page)
    assert not Organisation.objects.filter(inn=B).exists()
    upload.refresh_from_db()
    assert upload.state == Upload.State.READY
    confirm(methodist, upload)
    assert Organisation.objects.get(inn=A).address == "ул. Лесная, 1"


def test_stale_preview_is_not_applied(methodist):
    upload = ready(methodist, GOOD)
    stale = upload.fingerprint
    actions.map_columns(upload=upload, columns={"inn": 0, "full_name": 1}, by=upload.created_by)

    page = methodist.post(
        reverse("core:upload-confirmation", args=[upload.pk]), {"fingerprint": stale}, follow=True
    )

    assert "Пока вы смотрели, загрузка изменилась" in text(page)
    assert not Organisation.objects.filter(inn=A).exists()


def test_file_that_is_no_table_is_told_at_the_field_and_nothing_is_kept(methodist):
    page = send(methodist, b"%PDF-1.7 ...", "список.xlsx")

    assert page.status_code == 422
    assert "Это документ PDF, а не таблица" in text(page)
    assert not Upload.objects.exists()


def test_large_file_is_told_at_the_field(methodist, settings):
    settings.UPLOAD_LIMIT_BYTES = 1024 * 1024

    page = send(methodist, b"a;b\n" * 300_000, "список.csv")

    assert "больше 1 МБ" in text(page)
    assert not Upload.objects.exists()


def test_unknown_columns_are_asked_for_and_then_checked(methodist):
    page = methodist.get(send(methodist, xlsx([["Код", "Чего-то", "Где"], *GOOD[1:]])).url, follow=True)
    assert "Портал не узнал обязательные колонки: Полное название" in text(page)
    upload = Upload.objects.get()
    assert upload.counts == {}

    page = methodist.post(
        reverse("core:upload-mapping", args=[upload.pk]),
        mapped(inn="0", full_name="1", address="2"),
        follow=True,
    )

    assert "Школа № 11" in text(page)
    assert Upload.objects.get().counts["added"] == 2


def test_one_column_cannot_be_two_fields(methodist):
    upload = ready(methodist, GOOD)

    page = methodist.post(
        reverse("core:upload-mapping", args=[upload.pk]), mapped(full_name="1", short_name="1")
    )

    assert "Эта колонка уже выбрана для поля «Полное название»" in text(page)
    assert Upload.objects.get().revision == upload.revision


def test_another_sheet_and_header_row_can_be_chosen(methodist):
    book = xlsx(
        GOOD[:2], [["Список"], HEADER, *GOOD[1:]], [["а", "б"], GOOD[1][:2]], names=("Школы", "Все", "Ещё")
    )
    send(methodist, book)
    upload = Upload.objects.get()
    url = reverse("core:upload-mapping", args=[upload.pk])
    assert (upload.sheet, upload.counts["added"]) == ("Школы", 1)

    methodist.post(url, {"sheet": "Все", "header_row": "1"})
    upload.refresh_from_db()
    assert (upload.sheet, upload.header_row, upload.counts["added"]) == ("Все", 2, 2)

    methodist.post(url, {"sheet": "Все", "header_row": "3"})
    upload.refresh_from_db()
    assert (upload.header_row, upload.header[1]) == (3, "Школа № 11")


def test_guessed_kind_is_corrected_on_the_preview(methodist):
    upload = ready(methodist, GOOD)
    url = reverse("core:upload-corrections", args=[upload.pk])

    methodist.post(url, {"kind-2": "college", "kind-3": "ерунда", "inn-2": "1"})

    upload.refresh_from_db()
    assert upload.corrections == {"2": {"kind": "college"}}
    confirm(methodist, upload)
    assert dict(Organisation.objects.filter(inn__in=[A, B]).values_list("inn", "kind")) == {
        A: "college",
        B: "kindergarten",
    }


def test_error_report_has_the_rows_with_reasons_and_can_be_sent_again(methodist):
    upload = ready(methodist, BAD)

    response = methodist.get(reverse("core:upload-report", args=[upload.pk]))

    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert any(row[:3] == ["Строка", "Что исправить", "ИНН"] for row in rows)
    assert rows[-1][0] in ("4", 4)
    assert "в ИНН организации 10 цифр" in rows[-1][1]
    methodist.get(send(methodist, response.getvalue(), "errors.xlsx").url)
    assert Upload.objects.first().counts["rejected"] == 1


def test_upload_can_be_thrown_away_with_its_file(methodist, tmp_path):
    upload = ready(methodist, GOOD)
    assert list(tmp_path.rglob("imports/*"))

    methodist.post(reverse("core:upload-removal", args=[upload.pk]))

    assert not Upload.objects.exists()
    assert not list(tmp_path.rglob("imports/*"))


def test_old_files_are_forgotten_and_what_was_taken_in_is_still_told(methodist, tmp_path):
    confirm(methodist, ready(methodist, GOOD))
    done = Upload.objects.get()
    send(methodist, xlsx(BAD))
    assert actions.forget_old(days=30) == 0
    Upload.objects.update(created_at=timezone.now() - dt.timedelta(days=31))

    assert actions.forget_old(days=30) == 2

    assert [(upload.pk, upload.counts["added"]) for upload in Upload.objects.all()] == [(done.pk, 2)]
    assert not list(tmp_path.rglob("imports/*"))
    assert not done.rows.exists()
    assert "Добавлено: 2 организации" in text(methodist.get(done.get_absolute_url())).replace("\xa0", " ")


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_apply_once(methodist):
    upload = ready(methodist, GOOD)
    together = threading.Barrier(2)

    def press() -> None:
        together.wait()
        try:
            actions.confirm(
                upload=Upload.objects.get(pk=upload.pk),
                fingerprint=upload.fingerprint,
                accept_good_rows=False,
                options={},
                by=upload.created_by,
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for pressed in [pool.submit(press) for _ in range(2)]:
            pressed.result()

    assert Organisation.objects.filter(inn__in=[A, B]).count() == 2
    assert Job.objects.filter(kind="core.imports.apply").count() == 1
    assert Upload.objects.get().state == Upload.State.APPLIED


def test_work_that_breaks_in_the_middle_leaves_nothing_and_is_taken_up_again(methodist, monkeypatch):
    upload = ready(methodist, GOOD)
    count = Organisation.objects.count()
    write = OrganisationImport.write

    def broken(self, outcomes, *, by, options):
        write(self, outcomes, by=by, options=options)
        raise OSError("the disk is full")

    monkeypatch.setattr(OrganisationImport, "write", broken)
    confirm(methodist, upload)
    assert Organisation.objects.count() == count
    assert not LogEntry.objects.filter(object_repr="Школа № 11").exists()

    monkeypatch.setattr(OrganisationImport, "write", write)
    upload.refresh_from_db()
    assert upload.job.state == Job.State.QUEUED
    Job.objects.update(next_at=timezone.now())
    run_inline(upload.job)
    assert Organisation.objects.count() == count + 2
    upload.refresh_from_db()
    assert upload.state == Upload.State.APPLIED


@pytest.mark.parametrize("who", ["stranger_methodist", "official", "head", "teacher"])
@pytest.mark.parametrize("page", ["upload", "upload-mapping", "upload-report"])
def test_upload_of_another_person_is_not_found(world, methodist, client_of, who, page):
    upload = ready(methodist, GOOD)

    assert client_of(getattr(world, who)).get(reverse(f"core:{page}", args=[upload.pk])).status_code == 404


def test_file_cannot_be_sent_to_another_municipality(world, client_of):
    foreign = world.far.municipality
    employ(Role.METHODIST, world.centre, email="two@places.example")

    page = send(client_of(world.methodist), xlsx(GOOD), place=str(foreign.pk))

    assert not Upload.objects.filter(params__municipality=foreign.pk).exists()
    assert page.status_code in (302, 422)


def test_rights_that_ended_after_the_upload_stop_it(world, methodist):
    upload = ready(methodist, GOOD)
    world.methodist.employments.update(role=Role.TEACHER)

    page = methodist.get(upload.get_absolute_url())

    assert page.status_code == 403
    assert confirm(methodist, upload).status_code == 403
    assert not Organisation.objects.filter(inn=A).exists()


def test_large_file_is_left_to_the_worker(world, methodist, monkeypatch):
    monkeypatch.setattr(actions, "QUICK_ROWS", 1)

    page = methodist.get(send(methodist, xlsx(GOOD)).url)

    job = Upload.objects.get().job
    assert job.state == Job.State.QUEUED
    assert page.url == job.get_absolute_url()


def test_head_loads_the_own_staff_by_page(world, client_of):
    client = client_of(world.head)
    file = csv([["ФИО", "Почта"], ["Лесная Ольга Ивановна", "lesnaya@school.example"]], encoding="cp1251")

    send(client, file, "кадры.csv", "/network/staff/import/")
    confirm(client, Upload.objects.get(), invite="on")

    person = Person.objects.get(email="lesnaya@school.example")
    assert person.employments.get().organisation == world.school


@pytest.mark.parametrize("rows", [1, 30])
def test_preview_asks_the_same_number_of_queries(methodist, rows, django_assert_num_queries):
    upload = ready(methodist, [HEADER, *[[inn(900_100 + n), f"Школа № {n}", ""] for n in range(rows)]])
    methodist.get(upload.get_absolute_url())

    with django_assert_num_queries(9):
        methodist.get(upload.get_absolute_url())
