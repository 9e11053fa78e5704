"""Questionnaires: shipped, copied, edited as drafts, frozen when published."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.states import NotAllowed, WrongState
from diagnostics.actions import questionnaires as actions
from diagnostics.models import Item, ItemOption, Questionnaire, Scale, Section
from network.models import Direction
from tests.factories.diagnostics import add_item, make_questionnaire, make_scale


@pytest.fixture
def shipped(db) -> Questionnaire:
    call_command("install_dictionaries", verbosity=0)
    return Questionnaire.objects.get(family="teachers-difficulties", municipality=None)


@pytest.fixture
def draft(world) -> Questionnaire:
    return make_questionnaire(world.municipality, published=False)


def test_shipped_questionnaire_covers_the_six_areas_with_scale_items(shipped):
    items = Item.objects.filter(section__questionnaire=shipped)

    assert shipped.state == Questionnaire.State.PUBLISHED
    assert 36 <= items.count() <= 40
    assert set(items.values_list("direction__parent__code", flat=True)) == {
        "subject",
        "method",
        "psychology",
        "communication",
        "reflection",
        "digital",
    }
    assert set(items.values_list("scale__code", flat=True)) == {"difficulty-3"}


def test_scale_of_difficulties_weighs_answers(shipped):
    options = Scale.objects.get(code="difficulty-3").options.values_list("label", "weight", "is_no_answer")

    assert [(label, float(weight), none) for label, weight, none in options] == [
        ("Испытываю затруднения", 1, False),
        ("Получается, но нужно совершенствовать", 0.5, False),
        ("Получается хорошо", 0, False),
        ("Не применимо ко мне", 0, True),
    ]


def test_dictionaries_installed_twice_add_nothing(shipped):
    before = (Direction.objects.count(), Scale.objects.count(), Questionnaire.objects.count())

    call_command("install_dictionaries", verbosity=0)

    assert (Direction.objects.count(), Scale.objects.count(), Questionnaire.objects.count()) == before


def test_installing_keeps_what_methodists_renamed(shipped):
    Direction.objects.filter(code="digital-ai").update(name="Нейросети в школе", is_active=False)

    call_command("install_dictionaries", verbosity=0)

    assert Direction.objects.get(code="digital-ai").name == "Нейросети в школе"


def test_copy_of_a_shipped_one_is_an_own_draft_with_the_same_codes(shipped, world):
    answer = world.client("methodist").post(reverse("diagnostics:questionnaire-copy", args=[shipped.pk]))

    copy = Questionnaire.objects.get(municipality=world.municipality)
    codes = Item.objects.filter(section__questionnaire=copy).values_list("code", "direction__code", "text")
    original = Item.objects.filter(section__questionnaire=shipped)
    assert answer["Location"] == copy.get_absolute_url()
    assert (copy.state, copy.version, copy.family) == ("draft", 2, shipped.family)
    assert list(codes) == list(original.values_list("code", "direction__code", "text"))


def test_copying_twice_gives_the_same_draft(shipped, world):
    first = actions.copy(shipped, by=world.methodist, municipality=world.municipality)
    second = actions.copy(shipped, by=world.methodist, municipality=world.municipality)

    assert first == second
    assert Questionnaire.objects.filter(municipality=world.municipality).count() == 1


def test_copy_takes_choices_along(world):
    source = make_questionnaire(world.municipality, published=False)
    add_item(source.sections.first(), "one", Item.Kind.SINGLE, "да", "нет")
    source = actions.publish(source, by=world.methodist)

    copy = actions.copy(source, by=world.methodist, municipality=world.municipality)

    labels = ItemOption.objects.filter(item__section__questionnaire=copy).values_list("label", flat=True)
    assert list(labels) == ["да", "нет"]
    assert ItemOption.objects.filter(item__section__questionnaire=source).count() == 2


def test_published_questionnaire_is_refused_by_the_actions(world, draft):
    item = Item.objects.filter(section__questionnaire=draft).first()
    actions.publish(draft, by=world.methodist)

    for change in (
        lambda: actions.save_item(item, by=world.methodist),
        lambda: actions.delete_part(item, by=world.methodist),
        lambda: actions.shift(item, by=world.methodist, up=False),
        lambda: actions.save_section(item.section, by=world.methodist),
        lambda: actions.delete_draft(draft, by=world.methodist),
        lambda: actions.save_head(draft, by=world.methodist),
    ):
        with pytest.raises(WrongState):
            change()


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Questionnaire, {"title": "Другое"}),
        (Questionnaire, {"state": "draft"}),
        (Section, {"title": "Другая тема"}),
        (Item, {"text": "Другой вопрос"}),
        (ItemOption, {"label": "Другой ответ"}),
    ],
)
def test_published_questionnaire_is_refused_by_the_database(world, draft, model, change):
    add_item(draft.sections.first(), "one", Item.Kind.SINGLE, "да", "нет")
    model.objects.update(**({"title": "Пока черновик"} if "state" in change else change))
    actions.publish(draft, by=world.methodist)

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(
            **{name: f"{value} снова" if name != "state" else value for name, value in change.items()}
        )


def test_publication_names_what_is_missing(world, draft):
    add_item(draft.sections.first(), "one", Item.Kind.SINGLE, "да")
    Section.objects.create(questionnaire=draft, title="Пустая тема", position=9)

    with pytest.raises(WrongState) as told:
        actions.publish(draft, by=world.methodist)

    assert "В теме «Пустая тема» нет ни одного вопроса." in str(told.value)
    assert "У вопроса «Вопрос one» меньше двух вариантов ответа." in str(told.value)
    draft.refresh_from_db()
    assert draft.state == Questionnaire.State.DRAFT


def test_item_is_added_changed_moved_and_deleted_with_plain_forms(world, draft):
    client = world.client("methodist")
    first, second = draft.sections.all()
    new = {"text": "Вести дневник", "kind": "scale", "scale": make_scale().pk, "required": "on"}

    client.post(reverse("diagnostics:item-new", args=[first.pk]), new)
    item = Item.objects.get(text="Вести дневник")
    client.post(
        reverse("diagnostics:item", args=[item.pk]),
        {"text": "Как часто?", "kind": "single", "choices": "часто\n\n редко ", "with_other": "on"},
    )
    item.refresh_from_db()
    choices = list(item.options.values_list("code", "label", "has_text"))
    client.post(reverse("diagnostics:part-act", args=["items", item.pk, "down"]))
    item.refresh_from_db()
    moved_to = item.section
    order = [i.pk for i in second.items.all()]
    client.post(reverse("diagnostics:part-act", args=["items", item.pk, "deletion"]))

    assert item.code == "q1"
    assert (item.text, item.kind, item.scale) == ("Как часто?", "single", None)
    assert choices == [("1", "часто", False), ("2", "редко", False), ("other", "Другое", True)]
    assert moved_to == second
    assert order[0] == item.pk
    assert not Item.objects.filter(pk=item.pk).exists()


def test_choice_that_keeps_its_words_keeps_its_code(world, draft):
    item = add_item(draft.sections.first(), "one", Item.Kind.SINGLE, "да", "нет")

    actions.save_item(item, by=world.methodist, choices=["не знаю", "нет"])

    assert list(item.options.values_list("label", "code")) == [("не знаю", "1"), ("нет", "2")] or set(
        item.options.values_list("label", "code")
    ) == {("не знаю", "3"), ("нет", "2")}


def test_topic_with_items_is_not_deleted_by_one_press(world, draft):
    first = draft.sections.first()

    page = world.client("methodist").post(
        reverse("diagnostics:part-act", args=["sections", first.pk, "deletion"]), follow=True
    )

    assert "сначала перенесите или удалите их" in page.content.decode()
    assert draft.sections.filter(pk=first.pk).exists()


def test_topics_change_places(world, draft):
    first, second = draft.sections.all()

    world.client("methodist").post(reverse("diagnostics:part-act", args=["sections", second.pk, "up"]))

    assert list(draft.sections.all()) == [second, first]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text": "Вопрос", "kind": "scale"}, "Выберите шкалу"),
        ({"text": "Вопрос", "kind": "single", "choices": "один"}, "хотя бы два варианта"),
        ({"text": "Вопрос", "kind": "single", "choices": "да\nда"}, "одинаковы"),
    ],
)
def test_item_that_cannot_be_answered_is_explained(world, draft, data, words):
    url = reverse("diagnostics:item-new", args=[draft.sections.first().pk])

    answer = world.client("methodist").post(url, data)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_editing_is_for_methodists_of_the_municipality(world, draft):
    item = Item.objects.filter(section__questionnaire=draft).first()

    with pytest.raises(NotAllowed):
        actions.save_item(item, by=world.official)
    with pytest.raises(NotAllowed):
        actions.publish(draft, by=world.stranger_methodist)


def test_preview_shows_a_topic_as_on_the_phone_and_keeps_nothing(world, draft):
    page = world.client("methodist").get(reverse("diagnostics:questionnaire-preview", args=[draft.pk]))

    text = page.content.decode()
    assert "тема 1 из 2" in text
    assert text.count('type="radio"') == 3 * 4


def test_list_stands_in_the_order_of_titles_with_the_number_of_items(world):
    make_questionnaire(world.municipality, title="Яблоко", topics=1, items=2)
    make_questionnaire(world.municipality, title="Анкета", topics=2, items=3)

    table = world.client("methodist").get(reverse("diagnostics:questionnaires")).context["table"]

    assert [(row.record.title, row.record.item_count) for row in table.rows] == [("Анкета", 6), ("Яблоко", 2)]


LIST_QUERIES = 5
CARD_QUERIES = 10


@pytest.mark.parametrize("count", [1, 30])
def test_list_takes_the_same_queries_at_any_length(world, count, django_assert_num_queries):
    for _ in range(count):
        make_questionnaire(world.municipality, topics=1, items=1)
    client = world.client("methodist")

    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("diagnostics:questionnaires"))


@pytest.mark.parametrize("count", [1, 30])
def test_editor_takes_the_same_queries_at_any_length(world, count, django_assert_num_queries):
    draft = make_questionnaire(world.municipality, published=False, topics=2, items=count)
    client = world.client("methodist")

    with django_assert_num_queries(CARD_QUERIES):
        client.get(draft.get_absolute_url())
