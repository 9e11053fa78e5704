"""A page of a long list of staff is the same as that of a short one, and nobody is sorted for it."""

import pytest
from django.db import connection

from core.known_tables import know_tables
from network import staff_in_order
from network.models import Employment, Person, Role
from network.staff_in_order import BY_NAME, in_order
from tests.factories.network import OrganisationFactory

PEOPLE = 90


@pytest.fixture
def staff(world):
    """Ninety people of two schools: some of the same name, every seventh at both of them."""
    schools = [world.school, OrganisationFactory(municipality=world.school.municipality)]
    people = Person.objects.bulk_create(
        Person(last_name=f"Фамилия {n % 13}", first_name=f"Имя {n % 3}") for n in range(PEOPLE)
    )
    jobs = [Employment(person=person, organisation=schools[n % 2]) for n, person in enumerate(people)]
    jobs += [Employment(person=person, organisation=schools[0], role=Role.HEAD) for person in people[::7]]
    Employment.objects.bulk_create(jobs)
    return Employment.objects.in_force().visible_to(world.methodist).select_related("person", "organisation")


@pytest.mark.parametrize("sign", ["", "-"])
def test_every_page_has_the_rows_that_sorting_would_give(staff, sign):
    rows = staff.order_by(*(f"{sign}{path}" for path in BY_NAME))
    people = [f"{sign}{name}" for name in staff_in_order.NAMES]
    expected = [job.pk for job in rows]
    assert len(expected) > PEOPLE
    for start in range(0, len(expected), 7):
        assert [job.pk for job in in_order(rows, people, start, start + 7)] == expected[start : start + 7]


@pytest.mark.parametrize("asked", ["", "&sort=-person", "&sort=organisation", "&q=Фамилия 1"])
def test_long_list_shows_what_a_short_one_does(staff, world, monkeypatch, asked):
    client = world.client("methodist")

    def pages() -> list[list[int]]:
        answers = [client.get(f"/network/staff/?page={number}{asked}") for number in (1, 2)]
        return [[row.record.pk for row in answer.context["table"].paginated_rows] for answer in answers]

    short = pages()
    monkeypatch.setattr(staff_in_order, "LONG", 10)
    assert pages() == short


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL stops at the end of the page by itself")
@pytest.mark.parametrize("known", [False, True])
def test_nobody_is_sorted_for_a_page_of_names(staff, known, django_assert_num_queries):
    if known:
        know_tables()
    with django_assert_num_queries(2) as asked:
        in_order(staff.order_by(*BY_NAME), list(staff_in_order.NAMES), 30, 60)
    people = asked.captured_queries[0]["sql"]
    with connection.cursor() as cursor:
        plan = str(cursor.execute(f"EXPLAIN QUERY PLAN {people}").fetchall())
    assert "person_by_name" in plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has plans of its own")
def test_staff_is_counted_in_an_index_alone(staff, django_assert_num_queries):
    know_tables()
    with django_assert_num_queries(1) as asked:
        staff.order_by(*BY_NAME).count()
    with connection.cursor() as cursor:
        plan = str(cursor.execute(f"EXPLAIN QUERY PLAN {asked.captured_queries[0]['sql']}").fetchall())
    assert "COVERING INDEX staff_of_a_place" in plan
