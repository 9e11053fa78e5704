"""XLSForm: what others make is read or refused by row, name and reason; what we have is written."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
import xlwt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from pyxform.xls2xform import convert
from xlsxwriter import Workbook

from diagnostics import xlsform
from diagnostics.actions import questionnaires as actions
from diagnostics.models import Item, Questionnaire
from tests.factories.diagnostics import add_item, make_questionnaire

HEAD = ["type", "name", "label"]
YES_NO = [["list_name", "name", "label"], ["yes_no", "yes", "Да"], ["yes_no", "no", "Нет"]]


def book(survey: list[list[Any]], choices: list[list[Any]] = YES_NO) -> bytes:
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as workbook:
        for name, rows in (("survey", survey), ("choices", choices)):
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return buffer.getvalue()


def old_book(*sheets: list[list[Any]]) -> bytes:
    """The same in the format of Excel 97-2003."""
    workbook = xlwt.Workbook()
    for name, rows in zip(("survey", "choices", "settings"), sheets, strict=False):
        sheet = workbook.add_sheet(name)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell != "":
                    sheet.write(number, column, cell)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def read(survey: list[list[Any]], choices: list[list[Any]] = YES_NO) -> Any:
    return xlsform.read(book(survey, choices), name="anketa.xlsx")


def refused(survey: list[list[Any]], choices: list[list[Any]] = YES_NO) -> list[tuple[str, int, str, str]]:
    with pytest.raises(xlsform.Refused) as told:
        read(survey, choices)
    return [(row.sheet, row.row, row.name, row.reason) for row in told.value.rows]


def test_groups_become_topics_and_loose_questions_one_of_their_own(db):
    form = read(
        [
            HEAD,
            ["text", "name", "Как к вам обращаться?"],
            ["begin group", "school", "Школа"],
            ["note", "intro", "Немного о школе"],
            ["integer", "pupils", "Сколько учеников?"],
            ["select_one yes_no", "sport", "Есть спортзал?"],
            ["end group", "", ""],
        ]
    )

    assert [(topic.title, topic.intro) for topic in form.sections] == [
        ("anketa", ""),
        ("Школа", "Немного о школе"),
    ]
    kinds = [(item.code, item.kind) for topic in form.sections for item, _ in topic.items]
    assert kinds == [("name", "text"), ("pupils", "number"), ("sport", "single")]


def test_russian_label_is_taken_of_several_languages(db):
    form = read(
        [["type", "name", "label::English (en)", "label::Русский (ru)"], ["text", "a", "Age", "Возраст"]]
    )

    assert form.sections[0].items[0][0].text == "Возраст"


def test_or_other_becomes_a_choice_with_own_words(db):
    form = read([HEAD, ["select_one yes_no or_other", "sport", "Есть спортзал?"]])

    ((item, options),) = form.sections[0].items
    assert item.code == "sport"
    assert [(option.code, option.has_text) for option in options] == [
        ("yes", False),
        ("no", False),
        ("other", True),
    ]


def test_table_list_group_is_read_without_its_scaffolding(db):
    form = read(
        [
            [*HEAD, "appearance"],
            ["begin group", "table", "Согласны ли вы?", "table-list"],
            ["select_one yes_no", "a", "Первое", ""],
            ["select_one yes_no", "b", "Второе", ""],
            ["end group", "", "", ""],
        ]
    )

    assert [(topic.title, len(topic.items)) for topic in form.sections] == [("Согласны ли вы?", 2)]


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("relevant", "${a} = 1", "условием показа"),
        ("bind: relevant", "\n", "пустое условие"),
        ("constraint", ". > 1", "проверка ответа формулой"),
        ("calculation", "1 + 1", "вычисления"),
        ("choice_filter", "x = 1", "отбор вариантов"),
        ("default", "5", "ответ по умолчанию"),
        ("media::image", "a.png", "картинки"),
        ("required", "${a} = 1", "обязательность по условию"),
        ("direction", "no-such", "нет направления с кодом «no-such»"),
    ],
)
def test_column_that_is_not_supported_is_refused_by_row_name_and_reason(db, column, value, reason):
    rows = refused([[*HEAD, column], ["text", "first", "Первый", ""], ["text", "second", "Второй", value]])

    assert [(sheet, row, name) for sheet, row, name, _ in rows] == [("survey", 3, "second")]
    assert reason in rows[0][3]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("begin repeat", "повторяющиеся блоки"),
        ("calculate", "вычисления"),
        ("date", "даты"),
        ("geopoint", "не собирает данных об устройстве"),
        ("start", "не собирает данных об устройстве"),
        ("photo", "фотографии"),
        ("rank yes_no", "расстановка"),
        ("select_one_from_file a.csv", "из отдельного файла"),
        ("hologram", "вид вопроса «hologram» не поддерживается"),
    ],
)
def test_type_that_is_not_supported_is_refused_by_row_name_and_reason(db, kind, reason):
    rows = refused([HEAD, ["text", "first", "Первый"], [kind, "second", "Второй"]])

    assert [(row, name) for _, row, name, _ in rows] == [(3, "second")]
    assert reason in rows[0][3]


def test_choice_without_words_is_refused_on_its_own_sheet(db):
    choices = [
        ["list_name", "name", "label", "image"],
        ["faces", "a", "Весело", ""],
        ["faces", "b", "", "b.png"],
    ]

    rows = refused([HEAD, ["select_one faces", "mood", "Настроение"]], choices)

    assert rows == [("choices", 3, "b", "у варианта ответа нет подписи (label)")]


def test_mistakes_of_the_form_itself_name_their_row(db):
    rows = refused([HEAD, ["text", "ok", "Первый"], ["select_one nowhere", "lost", "Второй"]])

    assert rows
    assert rows[0][1] == 3


@pytest.mark.parametrize(
    "data",
    [b"", b"not a workbook", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 broken"],
    ids=["empty", "text", "zip", "ole"],
)
def test_file_that_is_no_workbook_is_explained(db, data):
    with pytest.raises(xlsform.Refused) as told:
        xlsform.read(data, name="x.xlsx")

    assert str(told.value)
    assert "Traceback" not in str(told.value)


@pytest.mark.parametrize("sheet", ["survey", "choices", "settings", "Лист1"])
def test_one_cell_in_the_last_corner_does_not_take_the_memory(db, sheet):
    file = openpyxl.load_workbook(io.BytesIO(book([HEAD, ["text", "a", "Первый"]])))
    page = file[sheet] if sheet in file.sheetnames else file.create_sheet(sheet)
    page["A1"], page["XFD1048576"] = page["A1"].value or "form_title", "лишнее"
    out = io.BytesIO()
    file.save(out)

    with pytest.raises(xlsform.Refused, match="слишком велик"):
        xlsform.read(out.getvalue(), name="x.xlsx")


def test_workbook_of_excel_2003_keeps_its_rows_and_the_name_of_the_form(db):
    """An empty first column, a blank row, numbers as names, TRUE as Excel writes it."""
    survey = [
        ["", *HEAD, "required"],
        [],
        ["", "select_one few", "much", "Сколько?", True],
        ["", "geopoint", "place", "Где?"],
    ]
    choices = [["list name", "name", "label"], ["few", 1, "Раз"], ["few", 2, "Два"]]
    with pytest.raises(xlsform.Refused) as told:
        xlsform.read(old_book(survey, choices), name="x.xls")
    assert [(row.row, row.name) for row in told.value.rows] == [(4, "place")]

    form = xlsform.read(old_book(survey[:-1], choices, [["form_title"], ["Наша анкета"]]), name="x.xls")

    ((item, options),) = form.sections[0].items
    assert (form.title, item.code, item.required) == ("Наша анкета", "much", True)
    assert [(option.code, option.label) for option in options] == [("1", "Раз"), ("2", "Два")]


def test_workbook_without_a_survey_sheet_is_explained(db):
    buffer = io.BytesIO()
    with Workbook(buffer) as workbook:
        workbook.add_worksheet("Лист1").write(0, 0, "Фамилия")

    with pytest.raises(xlsform.Refused, match="нет листа survey"):
        xlsform.read(buffer.getvalue(), name="x.xlsx")


def upload(world, data: bytes) -> Any:
    file = SimpleUploadedFile("anketa.xlsx", data)
    return world.client("methodist").post(reverse("diagnostics:questionnaire-import"), {"file": file})


def test_uploaded_form_becomes_a_draft_of_the_municipality(world):
    answer = upload(world, book([HEAD, ["select_one yes_no", "sport", "Есть спортзал?"]]))

    questionnaire = Questionnaire.objects.get()
    assert answer["Location"] == questionnaire.get_absolute_url()
    assert (questionnaire.state, questionnaire.municipality) == ("draft", world.municipality)
    assert [o.label for o in Item.objects.get().options.all()] == ["Да", "Нет"]


def test_refused_form_saves_nothing_and_lists_its_rows(world):
    survey = [[*HEAD, "relevant"], ["text", "ok", "Первый", ""], ["text", "bad", "Второй", "${ok} = 1"]]

    answer = upload(world, book(survey))

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "ничего не сохранено" in text
    assert "<td>bad</td>" in text
    assert not Questionnaire.objects.exists()


def test_written_questionnaire_is_read_back_the_same(world):
    call_command("install_dictionaries", verbosity=0)
    questionnaire = make_questionnaire(world.municipality, published=False)
    section = questionnaire.sections.first()
    add_item(section, "one", Item.Kind.SINGLE, "да", "нет", hint="Подумайте")
    add_item(section, "many", Item.Kind.MULTIPLE, "а", "б", required=False)
    add_item(section, "count", Item.Kind.NUMBER)
    add_item(section, "words", Item.Kind.TEXT)
    actions.set_options(Item.objects.get(code="one"), ["да", "нет"], with_other=True)

    form = xlsform.read(xlsform.write(questionnaire), name="x.xlsx")
    again = xlsform.save(form, by=world.methodist, municipality=world.municipality)

    def content(of: Questionnaire) -> list[Any]:
        fields = ("code", "text", "hint", "kind", "required", "scale", "direction", "section__title")
        items = Item.objects.filter(section__questionnaire=of).order_by("section__position", "position", "pk")
        rows = list(items.values_list(*fields))
        return [rows, [list(i.options.values_list("code", "label", "has_text")) for i in items]]

    assert again.title == questionnaire.title
    assert content(again) == content(questionnaire)


def test_shipped_questionnaire_is_written_as_a_form_pyxform_takes(db):
    call_command("install_dictionaries", verbosity=0)
    shipped = Questionnaire.objects.get(family="teachers-difficulties")

    result = convert(io.BytesIO(xlsform.write(shipped)), file_type=".xlsx")

    assert result.xform.count("<select1 ") == 40
