"""Search: Russian word forms, visibility, order."""

import pytest
from django.core.management import call_command

from core import search
from core.models import SearchEntry
from core.search import Question
from network.actions import save_organisation
from network.models import Organisation, Person
from tests.factories.network import OrganisationFactory


@pytest.fixture
def indexed(world):
    world.school.full_name = "Муниципальное учреждение «Гимназия естественных наук»"
    world.school.strengths = "Клуб молодых учителей, экспедиции на ледник"
    world.school.save()
    search.reindex()
    return world


def titles(person, text: str) -> list[str]:
    return [entry.title for entry in search.found(Question.parse(text), person)]


@pytest.mark.parametrize(
    "text",
    [
        "экспедиция",
        "экспедициями",
        "ЭКСПЕДИЦИЙ",
        "молодой учитель",
        "гимназии",
        "естественная наука",
        "ледники",
    ],
)
def test_any_form_of_the_word_finds(indexed, text):
    assert titles(indexed.teacher, text) == ["Школа № 1"]


def test_every_word_must_be_found(indexed):
    assert titles(indexed.teacher, "экспедиция космос") == []


def test_number_is_not_the_beginning_of_another(world):
    for number in (77, 777):
        OrganisationFactory(municipality=world.municipality, short_name=f"Школа № {number}")
    search.reindex()

    assert titles(world.teacher, "школа 77") == ["Школа № 77"]


def test_words_of_the_title_come_first(world):
    OrganisationFactory(
        municipality=world.municipality, short_name="А-центр", strengths="Работает школа юнната"
    )
    search.reindex()

    found = titles(world.teacher, "школа")

    assert found[-1] == "А-центр"
    assert found[:3] == ["Школа № 1", "Школа № 2", "Школа № 3"]


def test_surname_is_found_in_any_case(world):
    Person.objects.filter(pk=world.teacher.pk).update(last_name="Петров")
    search.reindex()

    for text in ("петров", "Петрова", "петровым"):
        assert titles(world.head, text)[0] == "Петров Пётр Ильич", text
    assert titles(world.head, "сидоров") == []


def test_people_are_found_only_by_those_who_see_them(world):
    Person.objects.filter(pk=world.teacher.pk).update(last_name="Редкая")
    search.reindex()

    found = {
        role: titles(getattr(world, role), "редкая")
        for role in ("expert", "head", "methodist", "stranger_methodist")
    }

    assert found == {
        "expert": [], "head": ["Редкая Пётр Ильич"], "methodist": ["Редкая Пётр Ильич"], "stranger_methodist": [],
    }  # fmt: skip


@pytest.mark.parametrize("named", [0, 1])
def test_more_records_than_can_be_named_are_found_the_same_and_by_the_same_people(world, monkeypatch, named):
    OrganisationFactory(municipality=world.municipality, strengths=f"Клуб имени {world.teacher.last_name}")
    search.reindex()
    asked = [
        (person, text)
        for person in (world.methodist, world.stranger_methodist)
        for text in ("школа", world.teacher.last_name)
    ]
    expected = [titles(person, text) for person, text in asked]
    assert expected[1] != expected[3]

    monkeypatch.setattr(search, "MOST_NAMED", named)

    assert [titles(person, text) for person, text in asked] == expected


def test_change_is_found_at_once_and_the_old_words_are_not(indexed):
    indexed.school.strengths = "Робототехника"
    save_organisation(organisation=indexed.school, by=indexed.methodist)

    assert titles(indexed.teacher, "роботы") == []
    assert titles(indexed.teacher, "робототехнику") == ["Школа № 1"]
    assert titles(indexed.teacher, "ледник") == []
    assert SearchEntry.objects.filter(source="network.organisation", object_id=indexed.school.pk).count() == 1


def test_reindex_forgets_what_is_gone(indexed):
    Organisation.objects.filter(pk=OrganisationFactory(short_name="Музей").pk).delete()

    call_command("reindex")

    assert titles(indexed.teacher, "музей") == []
    assert titles(indexed.teacher, "ледник") == ["Школа № 1"]


def test_found_words_are_marked_and_the_rest_is_escaped():
    marked = Question.parse("школы экспед").mark("Школа <b>№ 1</b> и экспедиция")

    assert marked == "<mark>Школа</mark> &lt;b&gt;№ 1&lt;/b&gt; и <mark>экспедиция</mark>"


def test_search_page_groups_marks_and_pages(world, client_of):
    OrganisationFactory.create_batch(30, municipality=world.municipality)
    search.reindex()

    response = world.client("methodist").get("/search/", {"q": "школы", "in": "network.organisation"})

    assert [group["title"] for group in response.context["groups"]] == ["Организации"]
    assert len(response.context["results"]) == 20
    assert "<mark>Школа</mark>" in response.content.decode()


@pytest.mark.parametrize("rows", [1, 19])
def test_search_page_has_the_same_queries_at_any_length(world, django_assert_num_queries, rows):
    OrganisationFactory.create_batch(rows, municipality=world.municipality, short_name="Планетарий")
    search.reindex()
    client = world.client("methodist")

    with django_assert_num_queries(6):
        response = client.get("/search/", {"q": "планетарии"})

    assert len(response.context["results"]) == rows


@pytest.mark.parametrize("text", ["", "   ", "«»", "%", "_", "'; drop table", "а" * 500])
def test_odd_questions_find_nothing_and_break_nothing(world, text):
    page = world.client("teacher").get("/search/", {"q": text})

    assert page.status_code == 200
    assert page.context["total"] == 0
