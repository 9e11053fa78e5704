"""A page of a long list of staff, read in order of names.

SQLite sorts everybody for the sake of thirty rows wherever it thinks that to be cheaper, and in a municipality of
ten thousand people it does. Asked of people, who have an index by name, with a condition on their work, it has
nothing to choose from: it goes along the index and stops at the end of the page.
"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django_tables2.rows import BoundRows

from network.models import Employment, Person

NAMES = ("last_name", "first_name", "patronymic", "pk")
# The order of the list: of people with the same name one after the other, of one person by places of work.
BY_NAME = ("person__last_name", "person__first_name", "person__patronymic", "person_id", "pk")
# A shorter list is sorted in no time, and few rows found by a filter would be looked for along all people.
LONG = 2000
# Further than that one looks by the filter; the way along the index grows with the number of the page.
FAR = 1000


class StaffPaginator(Paginator):
    """Pages of a django-tables2 table of employments; another order than by name is left to the database."""

    object_list: BoundRows

    def page(self, number: Any) -> Page:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        jobs = self.object_list.data.data
        if self.count < LONG or start > FAR or not (order := _order(jobs)):
            return super().page(number)
        rows = in_order(jobs, order, start, start + self.per_page)
        return Page(BoundRows(data=rows, table=self.object_list.table), number, self)


def in_order(jobs: QuerySet[Employment], order: list[str], start: int, end: int) -> list[Employment]:
    """Rows start…end of the employments in order of the names of their people."""
    of_person = jobs.order_by().filter(person=OuterRef("pk"))
    people = Person.objects.filter(Exists(of_person)).order_by(*order)
    places = of_person.values("person").annotate(n=Count("pk")).values("n")
    shown, before, passed = [], 0, 0
    # Everybody there has a row at least, so the page ends among so many people.
    for pk, count in people.annotate(places=Subquery(places)).values_list("pk", "places")[:end]:
        if passed + count <= start:
            before += count
        elif passed < end:
            shown.append(pk)
        passed += count
    return list(jobs.filter(person__in=shown)[start - before : end - before])


def _order(jobs: QuerySet[Employment]) -> list[str]:
    """The order of people that stands behind the order of the list, either way; empty for any other."""
    if jobs.query.order_by == BY_NAME:
        return list(NAMES)
    return (
        [f"-{name}" for name in NAMES] if jobs.query.order_by == tuple(f"-{path}" for path in BY_NAME) else []
    )
