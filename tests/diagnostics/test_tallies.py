"""Tallies equal the answers they claim to cover, and two looks at a running campaign give nothing away."""

import datetime as dt
import threading
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from diagnostics import tallies
from diagnostics.difficulty_map import difficulty_map, direction_table, waiting
from diagnostics.models import Anonymity, Campaign, Dimension, Response, Tally
from diagnostics.tallies import TallyChanged, differences, rebuild, tally, tally_due
from network.models import Direction
from tests.diagnostics.attacker import follows
from tests.factories.network import MunicipalityFactory, OrganisationFactory
from tests.factories.tallies import HARD, NOT_MINE, SOME, WELL, answer, campaign, crowd, questionnaire


@pytest.fixture
def survey(db) -> Campaign:
    return campaign(MunicipalityFactory())


@pytest.fixture
def schools(survey):
    return OrganisationFactory.create_batch(4, municipality=survey.municipality)


def test_map_shows_share_index_and_n_of_a_direct_count(survey, schools) -> None:
    crowd(survey, schools, each=12)

    tally(survey, final=True)

    shown = difficulty_map(survey, Dimension.SUBJECT)
    direction = Direction.objects.get(code="test-0")
    [line] = [line for line in shown.lines if line.pk == direction.pk]
    given = [r.answers[code] for r in Response.objects.all() for code in ("q1", "q2")]
    count = Counter(given)
    n = count[HARD] + count[SOME] + count[WELL]
    assert line.network.answers == n
    assert line.network.share == pytest.approx(count[HARD] / n)
    assert line.network.index == pytest.approx((count[HARD] + count[SOME] / 2) / n)
    assert shown.counted == 48


def test_cells_equal_a_direct_count_in_every_dimension(survey, schools) -> None:
    crowd(survey, schools, each=15)
    tally(survey, final=True)

    for dimension, of in [
        ("organisation", lambda r: f"#{r.organisation_id}"),
        ("subject", lambda r: r.subject),
        ("category", lambda r: r.category),
        ("years", lambda r: r.years),
    ]:
        table = direction_table(survey, Direction.objects.get(code="test-0"), dimension)
        for line in table.lines:
            for cell in line.cells:
                mine = [r.answers[line.code] for r in Response.objects.all() if of(r) == cell.group.key]
                valid = [code for code in mine if code != NOT_MINE]
                assert (cell.figure.answers, cell.figure.difficulties) == (len(valid), valid.count(HARD))


def test_lines_go_from_the_greatest_difficulty_down(survey, schools) -> None:
    for school in schools:
        for _ in range(6):
            answer(survey, school, [WELL, SOME, HARD, SOME])

    tally(survey, final=True)

    assert [line.network.share for line in difficulty_map(survey).lines] == [0.5, 0.0]


def test_interim_batch_leaves_small_groups_waiting(survey, schools) -> None:
    crowd(survey, schools[:3], each=20)
    crowd(survey, schools[3:], each=2)

    batch = tally(survey)

    assert batch.size == 60
    assert Response.objects.filter(batch=None).count() == 2
    assert f"#{schools[3].pk}" not in {group.key for group in difficulty_map(survey).groups}


def test_interim_batch_waits_until_there_is_enough(survey, schools) -> None:
    crowd(survey, schools[:1], each=19)

    assert tally(survey) is None
    assert not Tally.objects.exists()


def test_final_batch_of_too_few_releases_nothing(survey, schools) -> None:
    crowd(survey, schools[:1], each=4)

    batch = tally(survey, final=True)

    assert batch.size == 4 and batch.shown == {}
    assert not Tally.objects.filter(item__isnull=False).exists()


def test_later_batch_adds_to_what_is_shown(survey, schools) -> None:
    crowd(survey, schools, each=10, seed=1)
    tally(survey)
    before = difficulty_map(survey).counted
    crowd(survey, schools, each=10, seed=2)

    tally(survey, final=True)

    assert (before, difficulty_map(survey).counted) == (40, 80)
    assert differences(survey) == {}


def test_straight_lined_answers_are_left_out_where_the_campaign_says_so(db) -> None:
    survey = campaign(MunicipalityFactory(), exclude_straightlined=True)
    school = OrganisationFactory(municipality=survey.municipality)
    for number in range(10):
        answer(survey, school, [HARD, WELL, SOME, WELL])
        answer(survey, school, [HARD] * 4, straightlined=number < 10)

    tally(survey, final=True)

    assert difficulty_map(survey).counted == 10


def test_anonymous_responses_are_written_anew_in_another_order(survey, schools) -> None:
    crowd(survey, schools, each=25)
    table = Response._meta.db_table
    order = "rowid" if connection.vendor == "sqlite" else "ctid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT answers FROM {table} ORDER BY {order}")
        before = [row[0] for row in cursor.fetchall()]
    ids = set(Response.objects.values_list("pk", flat=True))

    tally(survey, final=True)

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT answers FROM {table} ORDER BY {order}")
        after = [row[0] for row in cursor.fetchall()]
    assert sorted(map(str, after)) == sorted(map(str, before)) and after != before
    assert not ids & set(Response.objects.values_list("pk", flat=True))


def test_confidential_responses_keep_their_person_and_id(db) -> None:
    survey = campaign(MunicipalityFactory(), anonymity=Anonymity.CONFIDENTIAL)
    crowd(survey, OrganisationFactory.create_batch(2, municipality=survey.municipality), each=10)
    ids = set(Response.objects.values_list("pk", flat=True))

    tally(survey, final=True)

    assert set(Response.objects.filter(batch__number=1).values_list("pk", flat=True)) == ids


def test_response_deleted_meanwhile_stops_the_batch(survey, schools, monkeypatch) -> None:
    crowd(survey, schools, each=10)
    decide = tallies.decide

    def decide_late(*args):
        Response.objects.filter(pk=Response.objects.first().pk).delete()
        return decide(*args)

    monkeypatch.setattr(tallies, "decide", decide_late)

    with pytest.raises(TallyChanged):
        tally(survey, final=True)
    assert not Tally.objects.exists()
    assert waiting(survey).waiting == 39

    monkeypatch.undo()
    assert tally(survey, final=True).size == difficulty_map(survey).counted == 39
    assert differences(survey) == {}


class Killed(BaseException):
    """Nothing that the worker would do after it is done."""


def killed(*args: object) -> None:
    raise Killed


def lease_runs_out(survey: Campaign) -> None:
    survey.batches.update(busy_until=timezone.now() - dt.timedelta(seconds=1))


@pytest.mark.parametrize("step", ["_claim", "read", "decide", "_add"])
def test_batch_of_a_killed_worker_is_finished_by_the_next(survey, schools, monkeypatch, step) -> None:
    crowd(survey, schools, each=10)
    monkeypatch.setattr(tallies, step, killed)

    with pytest.raises(Killed):
        tally(survey)
    monkeypatch.undo()

    assert (difficulty_map(survey).counted, waiting(survey).waiting) == (0, 40)
    with pytest.raises(TallyChanged):
        tally(survey)
    lease_runs_out(survey)
    assert tally_due() == 1
    assert (difficulty_map(survey).counted, waiting(survey).waiting) == (40, 0)
    assert differences(survey) == {} and survey.batches.count() == 1


def test_worker_killed_while_it_ties_loses_no_response_and_counts_none_twice(
    survey, schools, monkeypatch
) -> None:
    crowd(survey, schools, each=10)
    given = Counter(str(row.answers) for row in Response.objects.all())
    write, calls = tallies._write_anew, []

    def write_twice(*args):
        calls.append(args)
        return killed() if len(calls) > 2 else write(*args)

    monkeypatch.setattr(tallies, "TIED_AT_ONCE", 7)
    monkeypatch.setattr(tallies, "_write_anew", write_twice)
    with pytest.raises(Killed):
        tally(survey)
    monkeypatch.undo()
    assert Response.objects.filter(batch__isnull=False).count() == 14
    assert Counter(str(row.answers) for row in Response.objects.all()) == given

    crowd(survey, schools, each=2, seed=2)  # they come before the next round and join the batch
    lease_runs_out(survey)
    tally(survey)

    assert difficulty_map(survey).counted == Response.objects.count() == 48
    assert differences(survey) == {}


def test_worker_that_has_lost_its_batch_adds_nothing(survey, schools, monkeypatch) -> None:
    crowd(survey, schools, each=10)
    decide = tallies.decide

    def decide_too_long(*args):
        monkeypatch.undo()
        lease_runs_out(survey)
        tally(survey)
        return decide(*args)

    monkeypatch.setattr(tallies, "decide", decide_too_long)
    with pytest.raises(TallyChanged):
        tally(survey)

    assert difficulty_map(survey).counted == 40
    assert differences(survey) == {}


def test_rebuild_does_nothing_when_a_batch_is_counted_meanwhile(survey, schools, monkeypatch) -> None:
    crowd(survey, schools, each=10)
    tally(survey)
    recount = tallies.recount

    def recount_slowly(*args):
        found = recount(*args)
        crowd(survey, schools, each=10, seed=2)
        tally(survey)
        return found

    monkeypatch.setattr(tallies, "recount", recount_slowly)
    with pytest.raises(TallyChanged):
        rebuild(survey)
    monkeypatch.undo()

    assert difficulty_map(survey).counted == 80
    assert differences(survey) == {}


@pytest.mark.django_db(transaction=True)
def test_two_workers_count_every_response_once() -> None:
    survey = campaign(MunicipalityFactory())
    crowd(survey, OrganisationFactory.create_batch(3, municipality=survey.municipality), each=30)
    start, lost = threading.Barrier(2), []

    def work() -> None:
        start.wait()
        try:
            tally(survey, final=True)
        except TallyChanged:
            lost.append(1)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert difficulty_map(survey).counted == 90
    assert Response.objects.filter(batch__isnull=False).count() == Response.objects.count() == 90
    assert differences(survey) == {}


def test_check_names_a_cell_that_differs_and_rebuild_mends_it(survey, schools, capsys) -> None:
    crowd(survey, schools, each=10)
    tally(survey, final=True)
    row = Tally.objects.filter(item__isnull=False).first()
    Tally.objects.filter(pk=row.pk).update(count=row.count + 1)

    with pytest.raises(CommandError, match="1"):
        call_command("tally", survey.pk, "--check")
    call_command("tally", survey.pk, "--rebuild")

    assert differences(survey) == {}
    assert (
        Tally.objects.get(
            campaign=survey, dimension=row.dimension, group=row.group, item=row.item, option=row.option
        ).count
        == row.count
    )


def test_rebuild_keeps_what_was_decided_to_be_shown(survey, schools, monkeypatch) -> None:
    crowd(survey, schools, each=10)
    tally(survey, final=True)
    before = set(Tally.objects.values_list("dimension", "group", "item", "option", "count"))
    Campaign.objects.filter(pk=survey.pk).update(smallest_group=50)

    rebuild(survey)

    assert set(Tally.objects.values_list("dimension", "group", "item", "option", "count")) == before


def test_change_is_shown_for_directions_asked_by_the_same_items(db) -> None:
    municipality = MunicipalityFactory()
    school = OrganisationFactory(municipality=municipality)
    then = campaign(municipality, questionnaire(items=4))
    now = campaign(municipality, questionnaire(items=3, version=2), previous=then)
    for number in range(10):
        answer(then, school, [HARD if number < 2 else WELL, WELL, HARD, HARD])
        answer(now, school, [HARD if number < 6 else WELL, WELL, HARD])
    tally(then, final=True)
    tally(now, final=True)

    changes = {line.title: line.change for line in difficulty_map(now).lines}

    assert changes == {"Направление 1": pytest.approx(0.2), "Направление 2": None}


@pytest.mark.parametrize(("organisations", "each"), [(1, 20), (30, 17)])
def test_map_costs_the_same_queries_for_few_and_many(
    db, django_assert_num_queries, organisations, each
) -> None:
    survey = campaign(MunicipalityFactory())
    crowd(
        survey, OrganisationFactory.create_batch(organisations, municipality=survey.municipality), each=each
    )
    tally(survey, final=True)

    with django_assert_num_queries(6):
        shown = difficulty_map(survey)

    assert len(shown.groups) == organisations


class LooksAtARunningCampaign(HypothesisTestCase):
    """The attacker reads the map after every batch and subtracts one look from another."""

    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.lists(
                st.tuples(
                    st.integers(0, 4), st.integers(0, 3), st.sampled_from([HARD, WELL, SOME, NOT_MINE])
                ),
                min_size=2,
                max_size=25,
            ),
            min_size=2,
            max_size=4,
        )
    )
    def test_looks_give_no_hidden_figure_and_no_sum_of_few(self, arrivals) -> None:
        k = 3
        survey = campaign(
            MunicipalityFactory(),
            questionnaire(items=1, per_direction=1),
            smallest_group=k,
            by_category=False,
            by_years=False,
            anonymity=Anonymity.CONFIDENTIAL,  # so that the test can follow its sheets
        )
        schools = OrganisationFactory.create_batch(5, municipality=survey.municipality)
        sheets: list[Response] = []
        looks = []
        for arrived in arrivals:
            sheets += [answer(survey, schools[a], [code], subject=f"предмет {b}") for a, b, code in arrived]
            tally(survey)
            looks.append(_look(survey))
        tally(survey, final=True)
        looks.append(_look(survey))

        _attack(sheets, looks, k)


def _look(survey: Campaign) -> tuple[int, dict[tuple[str, str], int]]:
    """How many batches there were, and n of every figure that the public function returned."""
    seen = {}
    for dimension in ("organisation", "subject"):
        for line in difficulty_map(survey, dimension).lines:
            if line.network:
                seen["all", ""] = line.network.answers
            seen |= {(dimension, cell.group.key): cell.figure.answers for cell in line.cells if cell.figure}
    return survey.batches.count(), seen


def _attack(sheets: list[Response], looks: list, k: int) -> None:
    batch = dict(Response.objects.values_list("pk", "batch__number"))
    sheets = [sheet for sheet in sheets if sheet.answers["q1"] != NOT_MINE]

    def members(dimension: str, key: str) -> np.ndarray:
        own = {
            "all": lambda s: "",
            "organisation": lambda s: f"#{s.organisation_id}",
            "subject": lambda s: s.subject,
        }
        return np.array([own[dimension](sheet) == key for sheet in sheets], dtype=int)

    def in_batch(number: int) -> np.ndarray:
        return np.array([batch[sheet.pk] == number for sheet in sheets], dtype=int)

    # One look minus the one before: what each batch added to each figure.
    rows, figures = [], {}
    for (done, earlier), (now, later) in pairwise([(0, {}), *looks]):
        assert now - done <= 1
        for name, n in later.items():
            if n > earlier.get(name, 0):
                row = members(*name) * in_batch(now)
                assert row.sum() == n - earlier.get(name, 0)
                rows.append(row)
                figures[now, name] = True
    published = np.array(rows)
    if not rows:
        return
    assert published.sum(axis=1).min() >= k
    for dimension, keys in [
        ("organisation", {f"#{s.organisation_id}" for s in sheets}),
        ("subject", {s.subject for s in sheets}),
    ]:
        for number in {batch[sheet.pk] for sheet in sheets}:
            for key in keys:
                group = members(dimension, key) * in_batch(number)
                if 0 < group.sum() < in_batch(number).sum() and (number, (dimension, key)) not in figures:
                    assert not follows(published, group)
    for index in range(len(sheets)):
        assert not follows(published, np.eye(len(sheets), dtype=int)[index])


def test_items_without_a_direction_are_not_counted(db) -> None:
    survey = campaign(MunicipalityFactory(), questionnaire(items=4, without_direction="q4"))
    crowd(survey, OrganisationFactory.create_batch(2, municipality=survey.municipality), each=10)

    tally(survey, final=True)

    counted = set(Tally.objects.filter(item__isnull=False).values_list("item__code", flat=True))
    assert counted == {"q1", "q2", "q3"}


def test_due_campaigns_get_interim_and_last_batches(db) -> None:
    municipality = MunicipalityFactory()
    schools = OrganisationFactory.create_batch(2, municipality=municipality)
    running = campaign(municipality)
    silent = campaign(municipality, running.questionnaire, interim_map=False)
    closed = campaign(municipality, running.questionnaire, state=Campaign.State.CLOSED)
    for survey in (running, silent, closed):
        crowd(survey, schools, each=25)
        answer(survey, None, [HARD], years="21+", subject="астрономия")

    made = tally_due()
    again = tally_due()

    assert (made, again) == (2, 0)
    assert difficulty_map(running).counted == 50
    assert not silent.batches.exists()
    assert difficulty_map(closed).counted == 51
