"""Indicators of staff: counted over teachers' employments in force, each person once."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet

from monitoring.computed.rule import Rule, Scope
from network.models import Category, Employment, Person
from network.models.person import EARLY_CAREER_YEARS


def teachers(scope: Scope) -> QuerySet[Employment]:
    """Employments of teachers in force on the day of counting in active organisations of the municipality."""
    return (
        Employment.objects.in_force(scope.day)
        .pedagogues()
        .filter(organisation__municipality=scope.municipality, organisation__is_active=True)
    )


def places(person: Person) -> str:
    """Where the person works, of what was fetched with them."""
    return ", ".join(sorted({job.organisation.short_name for job in person.employments.all()}))


class PeopleRule(Rule):
    """Counts people through their employments."""

    counted = "person"
    columns = [("Педагог", "get_full_name"), ("Организация", places), ("Категория", "get_category_display")]

    def base(self, scope: Scope) -> QuerySet:
        return teachers(scope)

    def records(self, scope: Scope, part: str = "numerator") -> QuerySet:
        rows = self.within(scope)
        if part == "numerator":
            rows = rows.filter(self.part(scope))
        return self.listed(Person.objects.filter(pk__in=rows.values("person")))

    def listed(self, rows: QuerySet) -> QuerySet:
        jobs = Employment.objects.in_force().pedagogues().select_related("organisation")
        return rows.prefetch_related(Prefetch("employments", queryset=jobs))

    def record_model(self) -> type[Person]:
        return Person


class QualifiedTeachers(PeopleRule):
    """Teachers with the first or the highest category (педагог-методист and -наставник stand on the highest)."""

    name = "qualified_teachers"

    def part(self, scope: Scope) -> Q:
        above = [Category.FIRST, Category.HIGHEST, Category.METHODIST, Category.MENTOR]
        return Q(person__category__in=above)


def early_career(scope: Scope) -> Q:
    """Up to three full school years of service, asked of an employment."""
    return Q(person__service_since__gte=scope.year.start - EARLY_CAREER_YEARS)


class EarlyCareerTeachers(PeopleRule):
    """Teachers with up to three full school years of service."""

    name = "early_career_teachers"

    columns = [*PeopleRule.columns, ("Стаж с года", "service_since")]

    def part(self, scope: Scope) -> Q:
        return early_career(scope)


RULES = [QualifiedTeachers(), EarlyCareerTeachers()]
