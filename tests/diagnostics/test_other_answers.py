"""Questions off the map: counted over the whole network alone, never of fewer than the smallest group."""

from __future__ import annotations

import pytest
from django.urls import reverse

from diagnostics import tasks
from diagnostics.actions import campaigns
from diagnostics.models import Campaign, Item, OtherAnswers, Questionnaire, Response
from diagnostics.other_answers import count_due, other_answers
from tests.factories.diagnostics import add_item, launched, make_questionnaire, make_scale

K = 5


@pytest.fixture
def questionnaire(world) -> Questionnaire:
    """One topic: an item of the map, and one of every other kind."""
    draft = make_questionnaire(topics=1, items=1, published=False)
    section = draft.sections.get()
    add_item(section, "one", "single", "да", "нет")
    add_item(section, "many", "multiple", "книги", "курсы", "коллеги")
    add_item(section, "number", "number")
    add_item(section, "words", "text")
    Item.objects.create(section=section, code="bare", text="Вопрос без направления", scale=make_scale())
    Questionnaire.objects.filter(pk=draft.pk).update(state="published")
    return Questionnaire.objects.get(pk=draft.pk)


@pytest.fixture
def campaign(world, questionnaire) -> Campaign:
    return launched(world.municipality, by=world.methodist, questionnaire=questionnaire)


def answer(campaign: Campaign, *sheets: dict) -> None:
    Response.objects.bulk_create(
        Response(campaign=campaign, is_anonymous=True, answers={"t1q1": "1", **sheet}) for sheet in sheets
    )


def shown(campaign: Campaign) -> dict[str, object]:
    return {row.item.code: row for row in other_answers(campaign)}


def close(campaign: Campaign, world) -> None:
    campaigns.close(campaign, by=world.methodist)
    tasks.tally_due()


def test_counts_are_those_of_the_answers(world, campaign):
    answer(campaign, *[{"one": "1", "many": ["1", "3"], "number": 2, "bare": "1"}] * 4)
    answer(campaign, *[{"one": "2", "many": ["3"], "number": 4.5, "bare": "na"}] * 2)

    close(campaign, world)

    rows = shown(campaign)
    assert [(o.label, o.count) for o in rows["one"].options] == [("да", 4), ("нет", 2)]
    assert [(o.label, o.count) for o in rows["many"].options] == [("книги", 4), ("курсы", 0), ("коллеги", 6)]
    assert rows["many"].options[2].share == 1
    assert (rows["number"].answers, rows["number"].mean) == (6, (4 * 2 + 2 * 4.5) / 6)
    assert [o.count for o in rows["bare"].options] == [4, 0, 0, 2]
    assert set(rows) == {"one", "many", "number", "bare"}


def test_question_that_too_few_answered_is_not_shown(world, campaign):
    answer(campaign, *[{"one": "1", "number": 3}] * 4, *[{"one": "2"}] * 3)

    close(campaign, world)

    rows = shown(campaign)
    assert rows["one"].answers == 7
    assert rows["number"].answers == 0
    page = world.client("methodist").get(reverse("diagnostics:other-answers", args=[campaign.pk]))
    assert "ответило меньше 5 человек" in page.content.decode()


def test_two_looks_differ_by_at_least_the_smallest_group(world, campaign):
    """Twenty are released while it runs; of the five who come last only three answered the question."""
    answer(campaign, *[{"one": "1"}] * 20)
    tasks.tally_due()
    before = shown(campaign)["one"]

    answer(campaign, *[{"one": "2"}] * 3, {}, {})
    close(campaign, world)

    assert before.answers == 20
    assert shown(campaign)["one"] == before


def test_last_batch_that_is_too_small_is_never_counted(world, campaign):
    answer(campaign, *[{"one": "1"}] * 20)
    tasks.tally_due()
    answer(campaign, *[{"one": "2"}] * 4)

    close(campaign, world)

    assert shown(campaign)["one"].answers == 20


def test_words_of_people_are_on_no_page(world, campaign):
    answer(campaign, *[{"one": "1", "words": "Секретные слова", "many:text": "Ещё слова"}] * 9)
    close(campaign, world)

    for role in ("methodist", "official", "head", "admin"):
        page = world.client(role).get(reverse("diagnostics:other-answers", args=[campaign.pk]))
        text = page.content.decode()
        assert "Секретные слова" not in text and "Ещё слова" not in text
        assert "по словам можно узнать" in text
    assert "слова" not in str(list(OtherAnswers.objects.values()))


def test_batch_still_being_made_waits(world, campaign):
    answer(campaign, *[{"one": "1"}] * 6)
    close(campaign, world)
    OtherAnswers.objects.all().delete()
    campaign.batches.update(counted=False)

    waited = count_due()
    campaign.batches.update(counted=True)
    counted = count_due()

    assert (waited, counted, count_due()) == (0, 1, 0)
    assert shown(campaign)["one"].answers == 6


def test_card_leads_to_the_other_questions_only_where_there_are_any(world, campaign):
    plain = launched(world.municipality, by=world.methodist)
    client = world.client("methodist")

    assert "Остальные вопросы" in client.get(campaign.get_absolute_url()).content.decode()
    assert "Остальные вопросы" not in client.get(plain.get_absolute_url()).content.decode()


def test_survey_that_compares_nothing_is_tallied(world, campaign):
    answer(campaign, *[{}] * 6)

    close(campaign, world)

    assert sum(campaign.tallies.filter(item__isnull=False).values_list("count", flat=True)) == 6


def test_editor_and_publication_name_scale_items_without_a_direction(world):
    draft = make_questionnaire(world.municipality, published=False)
    Item.objects.filter(code="t1q1").update(direction=None)
    client = world.client("methodist")

    editor = client.get(draft.get_absolute_url()).content.decode()
    publication = client.get(reverse("diagnostics:questionnaire-publication", args=[draft.pk]))
    client.post(reverse("diagnostics:questionnaire-publication", args=[draft.pk]))

    assert "1 вопрос шкалы без направления" in editor.replace("\xa0", " ")
    assert "без направления: «Вопрос 1.1»." in publication.content.decode()
    draft.refresh_from_db()
    assert draft.state == Questionnaire.State.PUBLISHED


OTHER_QUERIES = 8


@pytest.mark.parametrize("count", [1, 30])
def test_page_takes_the_same_queries_at_any_number(world, count, django_assert_num_queries):
    draft = make_questionnaire(topics=1, items=1, published=False)
    for number in range(count):
        add_item(draft.sections.get(), f"one{number}", "single", "да", "нет")
    Questionnaire.objects.filter(pk=draft.pk).update(state="published")
    campaign = launched(world.municipality, by=world.methodist, questionnaire=draft)
    answer(campaign, *[{"one0": "1"}] * (K * count))
    close(campaign, world)
    client = world.client("methodist")

    with django_assert_num_queries(OTHER_QUERIES):
        client.get(reverse("diagnostics:other-answers", args=[campaign.pk]))
