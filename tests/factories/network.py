"""Municipalities, organisations and people for tests; all names are invented."""

from __future__ import annotations

import datetime as dt

import factory

from network.inn import inn_is_valid
from network.models import (
    Direction,
    Employment,
    Municipality,
    Organisation,
    OrganisationKind,
    Person,
    Role,
    Subject,
)

PASSWORD = "parol-dlya-testov"


def inn(number: int) -> str:
    """The INN whose first nine digits are 260000000 + `number`, with its control digit."""
    head = str(260_000_000 + number)
    return next(head + digit for digit in "0123456789" if inn_is_valid(head + digit))


class MunicipalityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Municipality

    name = factory.Sequence(lambda n: f"Приозёрный округ {n}")
    network_title = factory.LazyAttribute(lambda o: f"Методическая сеть: {o.name}")
    centre_name = "Методический центр"
    approving_body = "Управление образования"
    south, north, west, east = 44, 46, 41, 43


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    municipality = factory.SubFactory(MunicipalityFactory)
    inn = factory.Sequence(inn)
    short_name = factory.Sequence(lambda n: f"Школа № {n}")
    full_name = factory.LazyAttribute(lambda o: f"Муниципальное учреждение «{o.short_name}»")
    kind = OrganisationKind.SCHOOL
    address = "ул. Озёрная, 1"


class SubjectFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Subject
        django_get_or_create = ("name",)

    name = "математика"


class DirectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Direction

    code = factory.Sequence(lambda n: f"direction-{n}")
    name = factory.Sequence(lambda n: f"Направление {n}")


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@school.example")
    last_name = factory.Sequence(lambda n: f"Озеров{n}")
    first_name = "Пётр"
    patronymic = "Ильич"

    @classmethod
    def _create(cls, model_class: type[Person], *args: object, **kwargs: object) -> Person:
        return model_class.objects.create_user(**{"password": PASSWORD, **kwargs})


class EmploymentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Employment

    person = factory.SubFactory(PersonFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.TEACHER
    position = "учитель"
    starts_on = dt.date(2020, 9, 1)


def employ(role: str, organisation: Organisation, **person: object) -> Person:
    """A new person employed in the organisation in the role: `employ(Role.HEAD, school, last_name="…")`."""
    return EmploymentFactory(role=role, organisation=organisation, person=PersonFactory(**person)).person
