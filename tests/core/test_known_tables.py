"""The embedded database chooses its indexes by what the tables hold."""

import pytest
from django.db import connection

from core.known_tables import know_tables
from network.models import Employment, Person
from tests.factories.network import OrganisationFactory

PEOPLE = 600


def plan() -> str:
    rows = Employment.objects.in_force().order_by(
        "person__last_name", "person__first_name", "person__patronymic", "pk"
    )
    return rows.select_related("person", "organisation")[:30].explain()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts its tables by itself")
def test_page_of_staff_is_read_in_order_of_names_instead_of_sorting_everybody(db):
    school = OrganisationFactory()
    people = Person.objects.bulk_create(
        Person(last_name=f"Фамилия {n % 97}", first_name=f"Имя {n}") for n in range(PEOPLE)
    )
    Employment.objects.bulk_create(Employment(person=person, organisation=school) for person in people)
    assert "person_by_name" not in plan()

    know_tables()

    assert "person_by_name" in plan()
