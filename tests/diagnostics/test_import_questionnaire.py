"""`import_questionnaire`: a workbook becomes a draft, or is refused row by row and leaves nothing."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from diagnostics.models import Item, Questionnaire
from tests.diagnostics.test_xlsform import HEAD, book

GOOD = [
    HEAD,
    ["begin group", "club", "Клуб молодых педагогов"],
    ["select_one yes_no", "member", "Ходите ли вы в клуб?"],
    ["integer", "visits", "Сколько раз были за год?"],
    ["end group", "", ""],
]


@pytest.fixture
def workbook(tmp_path: Path) -> Any:
    """`workbook(rows)`: a file with these rows of the sheet «survey»."""

    def write(rows: list[list[Any]]) -> str:
        path = tmp_path / "Клуб.xlsx"
        path.write_bytes(book(rows))
        return str(path)

    return write


def run(path: str, place: str) -> str:
    out = io.StringIO()
    call_command("import_questionnaire", path, municipality=place, stdout=out)
    return out.getvalue()


def refusal(path: str, place: str) -> str:
    with pytest.raises(CommandError) as told:
        run(path, place)
    assert not Questionnaire.objects.exists(), "a refused file leaves nothing"
    return str(told.value)


def test_good_workbook_becomes_a_draft_of_the_municipality(world, workbook):
    said = run(workbook(GOOD), world.municipality.name)

    draft = Questionnaire.objects.get()
    assert (draft.state, draft.municipality, draft.title) == ("draft", world.municipality, "Клуб")
    assert draft.get_absolute_url() in said
    assert [section.title for section in draft.sections.all()] == ["Клуб молодых педагогов"]
    items = Item.objects.filter(section__questionnaire=draft)
    assert list(items.values_list("code", "kind")) == [("member", "single"), ("visits", "number")]
    assert [option.label for option in items[0].options.all()] == ["Да", "Нет"]


def test_refused_workbook_names_every_row_with_its_reason(world, workbook):
    rows = [
        [*HEAD, "relevant"],
        ["text", "hobby", "Чем увлекаетесь?", ""],
        ["geopoint", "place", "Где вы?", ""],
        ["text", "why", "Почему?", "${hobby} != ''"],
    ]

    told = refusal(workbook(rows), world.municipality.name)

    assert "ничего не сохранено" in told
    first, second = (line.strip() for line in told.splitlines()[1:])
    assert first.startswith("лист survey, строка 3 «place»: ") and "данных об устройстве" in first
    assert second.startswith("лист survey, строка 4 «why»: ") and "условием показа" in second


def test_whose_questionnaire_it_is_must_be_known(world, workbook):
    """There are two municipalities, and none of a third name."""
    for place in ("", "Тридевятый округ"):
        assert "--municipality" in refusal(workbook(GOOD), place)


@pytest.mark.parametrize(("content", "words"), [(None, "не открывается"), (b"PK\x03\x04", "не загружена")])
def test_file_that_cannot_be_read_is_explained(world, tmp_path, content, words):
    path = tmp_path / "Клуб.xlsx"
    if content is not None:
        path.write_bytes(content)

    assert words in refusal(str(path), world.municipality.name)
