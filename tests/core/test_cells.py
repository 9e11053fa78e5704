"""Cells worked out once a column are the library's own cells."""

import datetime as dt

import django_tables2 as tables
import pytest
from django.utils.html import conditional_escape

from core.pages.cells import cells_of
from network.models import Category, Employment, Organisation
from network.tables import OrganisationTable, StaffTable
from tests.factories.network import EmploymentFactory, OrganisationFactory, PersonFactory, SubjectFactory


class Odd(tables.Table):
    """Every way a column is written in the portal."""

    short_name = tables.Column(linkify=True)
    kind = tables.Column()
    place = tables.Column(accessor="municipality__name", linkify=lambda record: f"/m/{record.pk}/?a=1&b=2")
    method = tables.Column(accessor="get_absolute_url")
    missing = tables.Column(accessor="municipality__nothing__name", default="–")
    is_active = tables.BooleanColumn(verbose_name="Действует")
    made = tables.Column(accessor="phone", empty_values=())

    def render_made(self, record: Organisation, value: str, column: tables.Column) -> str:
        return f"<b>{record.pk}</b> {value}"


@pytest.mark.parametrize("name", ["Школа <script>", "Школа № 1 & 2"])
def test_cells_of_organisations_are_the_librarys(db, name):
    OrganisationFactory(short_name=name, address="", kind="kindergarten")
    OrganisationFactory(phone="+7 800")

    for table_class in (OrganisationTable, Odd):
        same(table_class(Organisation.objects.select_related("municipality")))


def test_cells_of_staff_are_the_librarys(db):
    EmploymentFactory(
        person=PersonFactory(category=Category.FIRST, service_since=2001), subject=SubjectFactory()
    )
    EmploymentFactory(role="head", position="директор", starts_on=dt.date(2024, 9, 1))

    same(StaffTable(Employment.objects.select_related("person", "organisation", "subject")))


def same(table: tables.Table) -> None:
    cells = cells_of(table)
    for row in table.rows:
        ours = [cell(row) for cell in cells]
        theirs = [conditional_escape(row.get_cell(column.name)) for column in table.columns]
        assert ours == theirs
        assert not any("<script>" in cell for cell in ours)
