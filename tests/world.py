"""The smallest network in which every right can be told from its absence: what most tests stand on."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from network.models import Municipality, Organisation, OrganisationKind, Person, Role
from tests.factories.network import MunicipalityFactory, OrganisationFactory, PersonFactory, employ

ROLES = ("visitor", "teacher", "head", "methodist", "official", "expert", "admin")


@dataclass(frozen=True)
class Place:
    """One organisation with its municipality and a teacher and a head who work there."""

    municipality: Municipality
    organisation: Organisation
    teacher: Person
    head: Person


@dataclass(frozen=True)
class World:
    """`own`, `near` (same municipality, another school), `far` (another municipality), and a person of every role.

    Teacher, head and expert work at `own.organisation`; methodist in the centre and official in the
    authority of `own.municipality`; `stranger_methodist` and `stranger_official` in that of `far`.
    """

    own: Place
    near: Place
    far: Place
    centre: Organisation
    authority: Organisation
    teacher: Person
    head: Person
    methodist: Person
    official: Person
    expert: Person
    admin: Person
    stranger_methodist: Person
    stranger_official: Person

    @property
    def municipality(self) -> Municipality:
        return self.own.municipality

    @property
    def school(self) -> Organisation:
        return self.own.organisation

    def person(self, role: str) -> Person | None:
        """Person of the role; None for the visitor."""
        return None if role == "visitor" else getattr(self, role)

    def client(self, role: str) -> Client:
        """A browser in which the person of the role has signed in (nobody for `visitor`)."""
        return signed_in(self.person(role))


def signed_in(person: Person | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person, backend="network.backends.EmploymentBackend")
    return client


def _place(municipality: Municipality, name: str) -> Place:
    school = OrganisationFactory(municipality=municipality, short_name=name)
    return Place(municipality, school, employ(Role.TEACHER, school), employ(Role.HEAD, school))


def build_world() -> World:
    home, abroad = (
        MunicipalityFactory(name="Приозёрный округ"),
        MunicipalityFactory(name="Заречный округ"),
    )
    own, near, far = _place(home, "Школа № 1"), _place(home, "Школа № 2"), _place(abroad, "Школа № 3")

    def office(municipality: Municipality, kind: str, name: str) -> Organisation:
        return OrganisationFactory(municipality=municipality, kind=kind, short_name=name)

    centre = office(home, OrganisationKind.METHODICAL_CENTRE, "Методический центр")
    authority = office(home, OrganisationKind.AUTHORITY, "Управление образования")
    return World(
        own=own,
        near=near,
        far=far,
        centre=centre,
        authority=authority,
        teacher=own.teacher,
        head=own.head,
        methodist=employ(Role.METHODIST, centre, last_name="Методистова"),
        official=employ(Role.OFFICIAL, authority, last_name="Управленцев"),
        expert=employ(Role.EXPERT, own.organisation, last_name="Экспертова"),
        admin=PersonFactory(last_name="Админов", is_superuser=True, is_staff=True),
        stranger_methodist=employ(
            Role.METHODIST, office(abroad, OrganisationKind.METHODICAL_CENTRE, "Центр Заречья")
        ),
        stranger_official=employ(
            Role.OFFICIAL, office(abroad, OrganisationKind.AUTHORITY, "Управление Заречья")
        ),
    )
