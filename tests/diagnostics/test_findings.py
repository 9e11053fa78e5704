"""Findings freeze the figure of the map; measures answer them; the list of the unanswered."""

import pytest
from django.utils import timezone

from diagnostics.difficulty_map import difficulty_map
from diagnostics.models import Campaign, Finding, SupportMeasure
from diagnostics.tallies import tally
from network.models import Direction
from tests.factories.network import DirectionFactory
from tests.factories.tallies import campaign, crowd
from tests.world import signed_in


@pytest.fixture
def survey(world) -> Campaign:
    survey = campaign(world.municipality)
    crowd(survey, [world.school, world.near.organisation], each=25)
    tally(survey, final=True)
    return survey


@pytest.fixture
def direction(survey) -> Direction:
    return Direction.objects.get(code="test-0")


def make(world, **values) -> Finding:
    return Finding.objects.create(
        **{"municipality": world.municipality, "direction": DirectionFactory(), "year": 2026, **values}
    )


def test_finding_keeps_the_figure_of_the_map_as_it_was(world, survey, direction) -> None:
    [line] = [line for line in difficulty_map(survey).lines if line.pk == direction.pk]

    world.client("methodist").post(
        f"/diagnostics/campaigns/{survey.pk}/map/{direction.pk}/finding/", {"note": "Мало практики"}
    )
    crowd(survey, [world.school], each=40, seed=9)
    tally(survey, final=True)

    finding = Finding.objects.get()
    assert float(finding.share) == pytest.approx(line.network.share, abs=1e-4)
    assert finding.answers == line.network.answers != difficulty_map(survey).lines[0].network.answers
    assert (finding.note, finding.created_by) == ("Мало практики", world.methodist)


def test_finding_of_an_organisation_has_the_figure_of_its_cell(world, survey, direction) -> None:
    key = f"#{world.school.pk}"
    [line] = [line for line in difficulty_map(survey, only={key}).lines if line.pk == direction.pk]

    world.client("methodist").post(
        f"/diagnostics/campaigns/{survey.pk}/map/{direction.pk}/finding/?organisation={world.school.pk}"
    )

    finding = Finding.objects.get()
    assert (finding.organisation, finding.answers) == (world.school, line.cells[0].figure.answers)


def test_finding_pressed_twice_is_made_once(world, survey, direction) -> None:
    client = world.client("methodist")
    address = f"/diagnostics/campaigns/{survey.pk}/map/{direction.pk}/finding/"

    first, second = client.post(address, {"note": "раз"}), client.post(address, {"note": "два"})

    assert Finding.objects.get().note == "раз"
    assert first.url == second.url == Finding.objects.get().get_absolute_url()


def test_finding_of_a_hidden_cell_has_no_figure(world, survey, direction) -> None:
    hidden = campaign(world.municipality, survey.questionnaire)
    crowd(hidden, [world.school], each=25)
    crowd(hidden, [world.near.organisation], each=3)
    tally(hidden, final=True)

    world.client("methodist").post(
        f"/diagnostics/campaigns/{hidden.pk}/map/{direction.pk}/finding/"
        f"?organisation={world.near.organisation.pk}"
    )

    finding = Finding.objects.get()
    assert (finding.share, finding.answers) == (None, None)


def test_organisation_of_another_municipality_is_not_found(world, survey, direction) -> None:
    address = f"/diagnostics/campaigns/{survey.pk}/map/{direction.pk}/finding/"

    response = world.client("methodist").post(f"{address}?organisation={world.far.organisation.pk}")

    assert (response.status_code, Finding.objects.count()) == (404, 0)


def test_head_sees_the_map_but_makes_no_finding(world, survey, direction) -> None:
    address = f"/diagnostics/campaigns/{survey.pk}/map/{direction.pk}/finding/"

    response = world.client("head").post(address)

    assert (response.status_code, Finding.objects.count()) == (403, 0)


def test_measure_answers_a_finding(world) -> None:
    finding = make(world)

    world.client("methodist").post(
        f"/diagnostics/findings/{finding.pk}/measures/new/",
        {"kind": "event", "title": "Мастер-класс", "link": "/events/12/"},
    )

    assert [m.title for m in finding.measures.all()] == ["Мастер-класс"]
    assert not Finding.objects.unanswered().exists()


def test_measure_done_needs_words_or_a_link(world) -> None:
    finding = make(world)
    measure = SupportMeasure.objects.create(finding=finding, kind="mentor", title="Наставник")
    address = f"/diagnostics/findings/{finding.pk}/measures/{measure.pk}/"
    done = {"kind": "mentor", "title": "Наставник", "done_on": timezone.localdate().isoformat()}
    client = world.client("methodist")

    refused = client.post(address, done)
    measure.refresh_from_db()
    assert refused.status_code == 422 and measure.done_on is None
    assert "напишите, что получилось" in refused.content.decode()

    client.post(address, done | {"result": "Трое провели открытые уроки"})
    measure.refresh_from_db()
    assert measure.done_on == timezone.localdate()


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//evil.example/", "ftp://x"])
def test_measure_takes_no_link_that_is_not_a_page(world, link) -> None:
    finding = make(world)

    world.client("methodist").post(
        f"/diagnostics/findings/{finding.pk}/measures/new/",
        {"kind": "event", "title": "Мастер-класс", "link": link},
    )

    assert not finding.measures.exists()


def test_list_filters_what_nothing_answers(world) -> None:
    answered, bare = make(world), make(world)
    SupportMeasure.objects.create(finding=answered, kind="event", title="Семинар")

    text = world.client("official").get("/diagnostics/findings/?open=on").content.decode()

    assert bare.direction.name in text and answered.direction.name not in text


def test_finding_is_seen_by_its_municipality_alone(world) -> None:
    finding = make(world)

    assert signed_in(world.stranger_methodist).get(finding.get_absolute_url()).status_code == 404
    assert world.client("head").get(finding.get_absolute_url()).status_code == 404
    listed = signed_in(world.stranger_official).get("/diagnostics/findings/").content.decode()
    assert finding.direction.name not in listed


def test_official_reads_findings_and_cannot_change_them(world) -> None:
    finding = make(world, note="Как было")
    client = world.client("official")

    refused = client.post(f"{finding.get_absolute_url()}edit/", {"note": "Иначе"})

    finding.refresh_from_db()
    assert (refused.status_code, finding.note) == (403, "Как было")
    assert "Изменить вывод" not in client.get(finding.get_absolute_url()).content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_list_costs_the_same_queries(world, django_assert_num_queries, rows) -> None:
    for _ in range(rows):
        SupportMeasure.objects.create(finding=make(world), kind="event", title="Семинар")
    client = world.client("methodist")
    client.get("/diagnostics/findings/")

    with django_assert_num_queries(6):
        client.get("/diagnostics/findings/")


def test_my_tasks_name_own_measures_and_count_the_unanswered(world) -> None:
    finding = make(world)
    make(world)
    SupportMeasure.objects.create(
        finding=finding, kind="event", title="Семинар по ОВЗ", responsible=world.methodist
    )
    SupportMeasure.objects.create(
        finding=finding, kind="event", title="Чужая мера", responsible=world.official
    )

    text = world.client("methodist").get("/my/").content.decode()

    assert "Семинар по ОВЗ" in text and "Чужая мера" not in text
    assert "ничем не отвечены" in text
    assert "ничем не отвечены" not in world.client("official").get("/my/").content.decode()
