"""Organisations from spreadsheets: every row's fate is right, a second import changes nothing."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from auditlog.models import LogEntry
from django.core.management import CommandError, call_command

from core.imports.mapping import guess_columns, title_words
from core.imports.reading import read_table
from core.imports.spec import DataChanged, Fate, HasRejected, carry_out, make_plan
from core.models import SearchEntry
from network.imports.organisations import OrganisationImport
from network.inn import inn_is_valid
from network.models import Municipality, Organisation
from tests.factories.network import MunicipalityFactory, OrganisationFactory, PersonFactory, inn
from tests.tables import csv, xlsx

pytestmark = pytest.mark.django_db
HEADER = ["ИНН", "Наименование", "Адрес", "Широта", "Долгота"]


@pytest.fixture
def place() -> Municipality:
    """A municipality between 44° and 46° N, 41° and 43° E."""
    return MunicipalityFactory()


def parts(place: Municipality, rows: list[list], *, make=xlsx):
    spec = OrganisationImport({"municipality": place.pk})
    table = read_table(io.BytesIO(make(rows)), name="файл", words=title_words(spec.fields))
    return spec, table, guess_columns(table.header, spec.fields)


def plan(place: Municipality, rows: list[list]):
    return make_plan(*parts(place, rows))


def load(place: Municipality, rows: list[list], **options):
    return carry_out(*parts(place, rows), **{"by": None, **options})


def fates(result) -> list[str]:
    return [outcome.fate.value for outcome in result.outcomes]


def test_row_is_added_with_what_the_file_says(place):
    load(place, [HEADER, [inn(1), "Муниципальное бюджетное общеобразовательное учреждение\n«Лицей № 2»",
                          "ул. Мира,\n 5", "44,5", 42.25]])  # fmt: skip

    organisation = Organisation.objects.get(inn=inn(1))
    assert organisation.full_name == "Муниципальное бюджетное общеобразовательное учреждение «Лицей № 2»"
    assert organisation.short_name == "МБОУ «Лицей № 2»"
    assert (organisation.address, organisation.kind) == ("ул. Мира, 5", "school")
    assert (organisation.latitude, organisation.longitude) == (Decimal("44.5"), Decimal("42.25"))


def test_second_import_changes_nothing(place):
    rows = [HEADER, [inn(1), "Школа № 1", "ул. Мира, 5", 44.5, 42.25], ["", "Музей", "пл. Ленина", "", ""]]
    load(place, rows)
    before = list(Organisation.objects.order_by("pk").values())

    again = load(place, rows)

    assert fates(again) == ["unchanged", "unchanged"]
    assert list(Organisation.objects.order_by("pk").values()) == before
    assert not LogEntry.objects.filter(action=LogEntry.Action.UPDATE).exists()


def test_change_is_shown_by_field_and_blank_cells_erase_nothing(place):
    OrganisationFactory(
        municipality=place, inn=inn(1), full_name="Школа № 1", address="ул. Старая, 1", phone="1"
    )

    result = load(place, [[*HEADER, "Телефон"], [inn(1), "Школа № 1", "ул. Новая, 2", "", "", ""]])

    assert result.outcomes[0].changes == [("Адрес", "ул. Старая, 1", "ул. Новая, 2")]
    organisation = Organisation.objects.get()
    assert (organisation.address, organisation.phone) == ("ул. Новая, 2", "1")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (inn(1)[:9] + str((int(inn(1)[9]) + 1) % 10), "контрольная цифра не сходится"),
        ("26000000", "в ИНН организации 10 цифр, здесь 8"),
        ("500100732259", "12 цифр бывает у человека"),
        ("нет ИНН", "нужны одни цифры"),
    ],
)
def test_wrong_inn_is_rejected_with_row_column_and_reason(place, number, reason):
    outcome = plan(place, [HEADER, [number, "Школа", "", "", ""]]).outcomes[0]

    assert (outcome.number, outcome.fate) == (2, Fate.REJECTED)
    column, words = outcome.row.problems[0]
    assert column == "ИНН"
    assert reason in words


def test_inn_that_lost_its_zero_in_excel_is_restored_and_reported(place):
    adygea = next(f"010500000{digit}" for digit in range(10) if inn_is_valid(f"010500000{digit}"))

    result = load(place, [HEADER, [int(adygea), "Школа", "", "", ""]])

    assert Organisation.objects.get().inn == adygea
    assert any("восстановлен ноль" in note for note in result.outcomes[0].row.notes)


def test_one_wrong_row_keeps_all_out_unless_the_good_ones_are_accepted(place):
    rows = [HEADER, [inn(1), "Школа № 1", "", "", ""], ["123", "Школа № 2", "", "", ""]]

    with pytest.raises(HasRejected):
        load(place, rows)
    assert not Organisation.objects.exists()

    load(place, rows, accept_good_rows=True)
    assert [o.inn for o in Organisation.objects.all()] == [inn(1)]


def test_acting_latest_row_of_an_organisation_wins_and_the_preview_says_so(place):
    header = ["Дата внесения в реестр", "Наименование", "ИНН", "Статус лицензии"]
    rows = [
        header,
        ["01.02.2012", "Школа старая", inn(1), "переоформлена"],
        ["01.02.2015", "Школа", inn(1), "действует"],
        ["05.05.2011\n20.08.2018", "Школа нынешняя", inn(1), "действует"],
        ["01.01.2020", "Школа поздняя", inn(1), "утратила силу"],
        ["01.01.2013", "Закрытая школа", "не ИНН", "утратила силу"],
    ]

    result = load(place, rows)

    assert [o.full_name for o in Organisation.objects.all()] == ["Школа нынешняя"]
    assert fates(result) == ["superseded", "superseded", "added", "superseded", "superseded"]
    notes = [outcome.row.notes[-1] for outcome in result.outcomes if outcome.fate == Fate.SUPERSEDED]
    assert notes[0] == "Взята действующая запись той же организации, строка 4"
    assert notes[1] == "Взята более поздняя запись той же организации, строка 4"
    assert notes[3] == "Не действует: «утратила силу»"


def test_without_a_status_the_last_row_of_an_organisation_wins(place):
    load(place, [HEADER, [inn(1), "Прежнее имя", "", "", ""], [inn(1), "Новое имя", "", "", ""]])

    assert [o.full_name for o in Organisation.objects.all()] == ["Новое имя"]


def test_rows_without_inn_are_kept_apart_and_never_merged_by_name_alone(place):
    OrganisationFactory(municipality=place, inn=inn(1), full_name="Музей", address="пл. Ленина, 1")
    rows = [HEADER, ["", "Музей", "пл. Ленина, 1", "", ""], ["", "Музей", "ул. Мира, 2", "", ""],
            ["", "Музей", "ул. Мира, 2", "", ""]]  # fmt: skip

    first, second = load(place, rows), load(place, rows)

    assert fates(first) == ["added"] * 3
    assert fates(second) == ["unchanged"] * 3
    assert Organisation.objects.filter(inn=None).count() == 3


def test_namesake_at_the_same_address_is_pointed_out(place):
    OrganisationFactory(municipality=place, inn=None, full_name="Музей", address="ул. Мира, 2")

    outcome = plan(place, [HEADER, [inn(1), "Музей", "ул. Мира, 2", "", ""]]).outcomes[0]

    assert outcome.fate == Fate.ADDED
    assert "проверьте, не она ли это" in outcome.row.notes[0]


def test_contacts_that_cannot_be_read_do_not_keep_an_organisation_out(place):
    header = ["ИНН", "Наименование", "Электронная почта", "Сайт"]

    result = load(
        place, [header, [inn(1), "А", "a@a.example; b@b.example", "школа.рф"], [inn(2), "Б", "нет", "-"]]
    )

    first, second = Organisation.objects.order_by("inn")
    assert (first.email, first.website) == ("a@a.example", "https://школа.рф")
    assert (second.email, second.website) == ("", "")
    assert result.outcomes[1].row.notes[0] == "«нет» не взято: это не адрес"


def test_swapped_coordinates_are_found_by_the_municipality_and_reported(place):
    result = load(place, [HEADER, [inn(1), "А", "", 42.4, 45.1], [inn(2), "Б", "", 45.1, 42.4]])

    assert {(o.latitude, o.longitude) for o in Organisation.objects.all()} == {
        (Decimal("45.1"), Decimal("42.4"))
    }
    assert "исправлено по границам муниципалитета" in result.outcomes[0].row.notes[0]
    assert result.outcomes[1].row.notes == []


def test_swapped_coordinates_are_found_by_the_outline_of_russia():
    place = MunicipalityFactory(south=None, north=None, west=None, east=None)
    rows = [
        HEADER,
        [inn(1), "А", "", 20.5, 54.7],
        [inn(2), "Б", "", 131.9, 43.1],
        [inn(3), "В", "", 41.5, 45.1],
    ]

    result = load(place, rows)

    assert [str(o.latitude) for o in Organisation.objects.order_by("inn")] == [
        "54.700000",
        "43.100000",
        "45.100000",
    ]
    assert all("исправлено по границам России" in outcome.row.notes[0] for outcome in result.outcomes)


def test_coordinates_that_fit_both_ways_go_as_the_certain_ones_of_the_file():
    place = MunicipalityFactory(south=None, north=None, west=None, east=None)
    swapped = [[inn(n), f"Школа {n}", "", "41.5", "45.1"] for n in range(4)]
    rows = [HEADER, *swapped, [inn(9), "Спорная", "", "44.2", "45.3"]]

    result = load(place, rows)

    unclear = Organisation.objects.get(inn=inn(9))
    assert (unclear.latitude, unclear.longitude) == (Decimal("45.3"), Decimal("44.2"))
    assert "как в большинстве строк" in result.outcomes[-1].row.notes[0]


def test_point_outside_of_russia_is_rejected(place):
    outcome = plan(place, [HEADER, [inn(1), "А", "", 4.4, 200]]).outcomes[0]

    assert outcome.row.problems == [
        ("Координаты", "«4.4, 200»: такой точки в России нет, проверьте оба числа")
    ]


def test_inn_of_another_municipality_is_rejected(place):
    OrganisationFactory(inn=inn(1))

    outcome = plan(place, [HEADER, [inn(1), "Школа", "", "", ""]]).outcomes[0]

    assert outcome.row.problems == [
        ("ИНН", f"организация с ИНН {inn(1)} уже есть в сети другого муниципалитета")
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("МБДОУ детский сад № 5 «Ромашка»", "kindergarten"),
        ("Начальная школа – детский сад № 2", "school"),
        ("МБУ ДО «Детско-юношеская спортивная школа»", "additional"),
        ("Дом детского творчества", "additional"),
        ("Информационно-методический центр", "methodical_centre"),
        ("Управление образования администрации", "authority"),
        ("Педагогический колледж", "college"),
        ("Краеведческий музей", "culture"),
        ("Районная больница", "health"),
        ("ООО «Ромашка»", "partner"),
    ],
)
def test_kind_is_guessed_from_the_name_and_can_be_corrected(place, name, kind):
    rows = [["ИНН", "Наименование"], [inn(1), name]]

    guessed = plan(place, rows).outcomes[0]
    corrected = make_plan(*parts(place, rows), corrections={"2": {"kind": "college"}}).outcomes[0]

    assert guessed.guesses == {"kind": kind}
    assert corrected.target.kind == "college"


def test_kind_that_a_person_has_corrected_is_not_guessed_again(place):
    rows = [["ИНН", "Наименование"], [inn(1), "Школа № 1"]]
    load(place, rows)
    Organisation.objects.update(kind="college")

    assert fates(plan(place, rows)) == ["unchanged"]


def test_nothing_is_saved_when_the_data_under_the_preview_has_changed(place):
    rows = [HEADER, [inn(1), "Школа № 1", "ул. Мира, 1", "", ""]]
    seen = plan(place, rows)
    OrganisationFactory(municipality=place, inn=inn(1), full_name="Школа № 1", address="ул. Лесная, 9")

    with pytest.raises(DataChanged) as caught:
        load(place, rows, expect=seen.fingerprint)

    assert fates(caught.value.plan) == ["changed"]
    assert Organisation.objects.get().address == "ул. Лесная, 9"


def test_audit_names_who_added_and_who_changed(place):
    author = PersonFactory()
    load(place, [HEADER, [inn(1), "Школа № 1", "ул. Мира, 1", "", ""]], by=author)
    load(place, [HEADER, [inn(1), "Школа № 1", "ул. Мира, 2", "", ""]], by=author)

    added, changed = LogEntry.objects.filter(content_type__model="organisation").order_by("pk")
    assert (added.action, added.actor) == (LogEntry.Action.CREATE, author)
    assert (changed.action, changed.actor) == (LogEntry.Action.UPDATE, author)
    assert changed.changes == {"address": ["ул. Мира, 1", "ул. Мира, 2"]}


def test_organisation_taken_in_is_found_by_search(place):
    load(place, [HEADER, [inn(1), "Школа № 1", "ул. Мира, 1", "", ""]])

    entry = SearchEntry.objects.get(source="network.organisation")
    assert entry.object_id == Organisation.objects.get().pk


def test_number_of_queries_does_not_grow_with_the_rows(place, django_assert_max_num_queries):
    rows = [HEADER, *[[inn(n), f"Школа № {n}", "ул. Мира", 44.5, 42.2] for n in range(300)]]
    spec, table, columns = parts(place, rows)

    with django_assert_max_num_queries(24):
        carry_out(spec, table, columns, by=None)

    assert Organisation.objects.count() == 300


def test_command_prints_every_fate_and_creates_the_municipality(tmp_path, capsys):
    file = tmp_path / "школы.csv"
    file.write_bytes(csv([HEADER, [inn(1), "Школа № 1", "", "", ""]], encoding="cp1251"))

    call_command("import_organisations", file, municipality="Новый округ", create_municipality=True)

    assert Organisation.objects.get().municipality.name == "Новый округ"
    out = capsys.readouterr().out
    assert "+ строка 2: Школа № 1" in out
    assert "Добавлено: 1" in out


def test_command_dry_run_saves_nothing(tmp_path, capsys):
    file = tmp_path / "школы.csv"
    file.write_bytes(csv([HEADER, [inn(1), "Школа № 1", "", "", ""]]))

    call_command(
        "import_organisations", file, municipality="Новый округ", create_municipality=True, dry_run=True
    )

    assert "Добавлено: 1" in capsys.readouterr().out
    assert not Organisation.objects.exists()
    assert not Municipality.objects.exists()


def test_command_fails_with_rows_and_reasons_and_saves_nothing(tmp_path, capsys, place):
    file = tmp_path / "школы.csv"
    file.write_bytes(csv([HEADER, [inn(1), "Школа № 1", "", "", ""], ["77", "Школа № 2", "", "", ""]]))

    with pytest.raises(CommandError, match="ничего не сохранено"):
        call_command("import_organisations", file, municipality=place.name)

    assert "! строка 3: Школа № 2 (ИНН: «77»: в ИНН организации 10 цифр" in capsys.readouterr().out
    assert not Organisation.objects.exists()


def test_command_without_a_name_column_says_which_is_missing(tmp_path, place):
    file = tmp_path / "школы.csv"
    file.write_bytes(csv([["ИНН", "Цвет"], [inn(1), "синий"]]))

    with pytest.raises(CommandError, match="Не нашлись колонки: Полное название"):
        call_command("import_organisations", file, municipality=place.name)
