"""The pages of the difficulty map: who sees which figures, the same in the page and in the workbook."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from diagnostics.difficulty_map import difficulty_map
from diagnostics.models import Campaign, Finding, SupportMeasure
from diagnostics.tallies import tally
from diagnostics.views.map import GROUPS_A_PAGE
from network.models import Direction
from tests.factories.network import OrganisationFactory
from tests.factories.tallies import HARD, WELL, answer, campaign, crowd


@pytest.fixture
def survey(world) -> Campaign:
    """Tallied: two schools of twenty-five, one of three, which is hidden, and one of six."""
    survey = campaign(world.municipality)
    small = OrganisationFactory(municipality=world.municipality, short_name="Малая школа")
    middle = OrganisationFactory(municipality=world.municipality, short_name="Средняя школа")
    crowd(survey, [world.school, world.near.organisation], each=25)
    crowd(survey, [small], each=3, seed=2)
    crowd(survey, [middle], each=6, seed=3)
    tally(survey, final=True)
    return survey


def page(client, survey: Campaign, query: str = "") -> str:
    response = client.get(f"/diagnostics/campaigns/{survey.pk}/map/{query}")
    assert response.status_code == 200
    return response.content.decode()


def test_page_shows_the_released_share_of_every_cell(world, survey) -> None:
    text = page(world.client("methodist"), survey)

    table = difficulty_map(survey)
    shown = [cell for line in table.lines for cell in line.cells if cell.figure]
    assert shown
    for line in table.lines:
        assert f"<b>{line.network.percent} %</b>" in text
    for cell in shown:
        assert f'class="heat-{sum(cell.figure.percent >= edge for edge in (15, 30, 45, 60))}"' in text


def test_small_group_and_the_one_hidden_with_it_say_why(world, survey) -> None:
    cells = {cell.group.label: cell for line in difficulty_map(survey).lines for cell in line.cells}

    assert (cells["Малая школа"].figure, cells["Малая школа"].why) == (None, "< 5")
    assert (cells["Средняя школа"].figure, cells["Средняя школа"].why) == (None, "скрыто")
    text = page(world.client("methodist"), survey)
    assert "&lt; 5" in text and "вычитанием нельзя было узнать" in text


def test_head_sees_the_network_and_the_own_organisation_only(world, survey) -> None:
    text = page(world.client("head"), survey)

    assert world.school.short_name in text
    for other in (world.near.organisation.short_name, "Малая школа", "Средняя школа"):
        assert other not in text
    assert "По предметам" not in text and "Спланировать" not in text


def test_head_cannot_ask_for_another_dimension_or_group(world, survey) -> None:
    client = world.client("head")
    direction = Direction.objects.get(code="test-0")

    assert "математика" not in page(client, survey, "?by=subject")
    other = f"/diagnostics/campaigns/{survey.pk}/map/{direction.pk}/?group=%23{world.near.organisation.pk}"
    assert client.get(other).status_code == 404


def test_workbook_of_a_head_has_no_other_organisation(world, survey) -> None:
    response = world.client("head").get(f"/diagnostics/campaigns/{survey.pk}/map/?export=xlsx")

    words = all_words(response.content)
    assert world.school.short_name in words
    assert world.near.organisation.short_name not in words


def test_workbook_has_the_figures_of_the_page(world, survey) -> None:
    response = world.client("methodist").get(
        f"/diagnostics/campaigns/{survey.pk}/map/?by=subject&export=xlsx"
    )

    words = all_words(response.content)
    table = difficulty_map(survey, "subject")
    for line in table.lines:
        assert any(
            isinstance(value, float) and value == pytest.approx(line.network.share, abs=1e-6)
            for value in words
        )
    for group in table.groups:
        assert group.label in words


def test_workbook_says_hidden_where_the_page_does(world, survey) -> None:
    response = world.client("methodist").get(f"/diagnostics/campaigns/{survey.pk}/map/?export=xlsx")

    assert {"< 5", "скрыто"} <= {value for value in all_words(response.content) if isinstance(value, str)}


def test_workbook_tells_of_an_earlier_survey_only_where_one_is_compared(world, survey) -> None:
    later = campaign(world.municipality, survey.questionnaire, previous=survey)

    def words(of) -> set:
        page = world.client("methodist").get(f"/diagnostics/campaigns/{of.pk}/map/?export=xlsx")
        return all_words(page.content)

    assert "Было" not in words(survey)
    assert "Было" in words(later)


def all_words(content: bytes) -> set:
    book = load_workbook(BytesIO(content))
    return {
        cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
    }


def test_direction_page_sorts_groups_and_shows_index_and_n(world, survey) -> None:
    direction = Direction.objects.get(code="test-0")

    response = world.client("methodist").get(f"/diagnostics/campaigns/{survey.pk}/map/{direction.pk}/")

    cells = response.context["cells"]
    shares = [cell.figure.share for cell in cells if cell.figure]
    assert shares == sorted(shares, reverse=True) and shares
    assert [bool(cell.figure) for cell in cells] == sorted((bool(c.figure) for c in cells), reverse=True)
    assert "Вопрос 1" in response.content.decode() and "Вопрос 3" not in response.content.decode()


def test_unanswered_difficulties_are_named_until_a_measure_answers(world) -> None:
    survey = campaign(world.municipality, notable_percent=60)
    for number in range(10):
        answer(survey, world.school, [HARD, HARD, HARD if number < 5 else WELL, WELL])
    tally(survey, final=True)
    client = world.client("methodist")
    assert "1 трудность осталась без ответа" in page(client, survey).replace("\xa0", " ")

    direction = Direction.objects.get(code="test-0")
    finding = Finding.objects.create(
        municipality=world.municipality, campaign=survey, direction=direction, year=2026
    )
    SupportMeasure.objects.create(finding=finding, kind="event", title="Мастер-класс")

    text = page(client, survey)
    assert "без ответа" not in text and "Мастер-класс" in text


def test_map_without_counted_answers_says_what_it_waits_for(world) -> None:
    survey = campaign(world.municipality)
    crowd(survey, [world.school], each=3)

    assert "Ждут подсчёта: 3" in page(world.client("methodist"), survey).replace("\xa0", " ")


def test_closed_campaign_with_too_few_answers_says_so(world) -> None:
    survey = campaign(world.municipality)
    crowd(survey, [world.school], each=3)
    tally(survey, final=True)

    assert "осталось слишком мало" in page(world.client("methodist"), survey)


def test_other_municipality_and_teacher_do_not_see_the_map(world, survey) -> None:
    from tests.world import signed_in

    address = f"/diagnostics/campaigns/{survey.pk}/map/"

    assert signed_in(world.stranger_methodist).get(address).status_code == 404
    assert signed_in(world.far.head).get(address).status_code == 404
    assert world.client("teacher").get(address).status_code == 404


@pytest.mark.parametrize(("organisations", "each"), [(1, 20), (30, 17)])
def test_map_page_costs_the_same_queries(world, django_assert_num_queries, organisations, each) -> None:
    survey = campaign(world.municipality)
    schools = OrganisationFactory.create_batch(organisations, municipality=world.municipality)
    crowd(survey, schools, each=each)
    tally(survey, final=True)
    client = world.client("methodist")
    page(client, survey)

    with django_assert_num_queries(13):
        page(client, survey)


@pytest.fixture
def wide(world) -> Campaign:
    """Tallied: more schools than a page of the map has columns."""
    survey = campaign(world.municipality)
    schools = [
        OrganisationFactory(municipality=world.municipality, short_name=f"Школа № {number} (посёлок)")
        for number in range(1, GROUPS_A_PAGE + 6)
    ]
    crowd(survey, schools, each=12)
    tally(survey, final=True)
    return survey


def columns(client, survey: Campaign, query: str) -> list[str]:
    response = client.get(f"/diagnostics/campaigns/{survey.pk}/map/{query}")
    shown = [group.label for group in response.context["table"].groups]
    text = response.content.decode()
    assert all(f'<th class="org" scope="col">{label}</th>' in text for label in shown)
    return shown


def test_pages_of_a_wide_map_hold_every_group_once_in_order(world, wide) -> None:
    client = world.client("methodist")

    first, second = (
        columns(client, wide, "?by=organisation"),
        columns(client, wide, "?by=organisation&page=2"),
    )

    assert first + second == [group.label for group in difficulty_map(wide).groups]
    assert len(first) == GROUPS_A_PAGE and len(second) == 5
    assert "?by=organisation&amp;page=1" in page(client, wide, "?by=organisation&page=2")


def test_wide_map_finds_groups_by_words(world, wide) -> None:
    client = world.client("methodist")

    assert columns(client, wide, "?q=ШКОЛА+33+поселок") == ["Школа № 33 (посёлок)"]
    assert "ничего не нашлось" in page(client, wide, "?q=лицей")


def test_page_of_some_groups_has_the_figures_of_the_whole(world, wide) -> None:
    """The network, the ranking, the spread and every shown cell are those of the map over all groups."""
    whole, some = difficulty_map(wide), difficulty_map(wide, show=lambda groups: groups[7:9])

    assert len(some.groups) == 2 and any(line.spread for line in whole.lines)
    for line, part in zip(whole.lines, some.lines, strict=True):
        assert (part.title, part.network, part.spread) == (line.title, line.network, line.spread)
        assert part.cells == line.cells[7:9]


def test_workbook_of_a_wide_map_is_whole(world, wide) -> None:
    response = world.client("methodist").get(f"/diagnostics/campaigns/{wide.pk}/map/?export=xlsx&page=2&q=33")

    assert {group.label for group in difficulty_map(wide).groups} <= all_words(response.content)


def test_direction_page_finds_a_group_beyond_its_page(world, wide) -> None:
    direction = Direction.objects.get(code="test-0")
    group = difficulty_map(wide).groups[-1]

    response = world.client("methodist").get(
        f"/diagnostics/campaigns/{wide.pk}/map/{direction.pk}/?group={group.query}"
    )

    assert response.context["group"].group.label == group.label
    assert [cell.group.key for _, cell in response.context["rows"]] == [group.key] * 2
