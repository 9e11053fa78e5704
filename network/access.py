"""What a person may do and where: read from the employments in force, nothing else gives rights."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from network.models import Employment, Organisation, Person


@dataclass(frozen=True)
class Rights:
    """Where the person holds which role: municipality ids for methodist and official, organisation ids otherwise."""

    is_admin: bool = False
    methodist_in: frozenset[int] = frozenset()
    official_in: frozenset[int] = frozenset()
    head_of: frozenset[int] = frozenset()
    teacher_at: frozenset[int] = frozenset()
    expert_in: frozenset[int] = frozenset()
    municipality_ids: frozenset[int] = frozenset()
    organisation_ids: frozenset[int] = frozenset()
    employments: tuple[Employment, ...] = field(default=(), compare=False, repr=False)

    @classmethod
    def of(cls, person: Person) -> Rights:
        from network.models import Employment, Role

        if not person.is_active:
            return cls()
        rows = tuple(
            Employment.objects.filter(person=person)
            .in_force()
            .select_related("organisation__municipality", "subject")
            .order_by("-starts_on", "pk")
        )

        def municipalities(*roles: str) -> frozenset[int]:
            return frozenset(
                row.organisation.municipality_id for row in rows if not roles or row.role in roles
            )

        def organisations(*roles: str) -> frozenset[int]:
            return frozenset(row.organisation_id for row in rows if not roles or row.role in roles)

        return cls(
            is_admin=person.is_superuser,
            methodist_in=municipalities(Role.METHODIST),
            official_in=municipalities(Role.OFFICIAL),
            head_of=organisations(Role.HEAD),
            teacher_at=organisations(Role.TEACHER),
            expert_in=municipalities(Role.EXPERT),
            municipality_ids=municipalities(),
            organisation_ids=organisations(),
            employments=rows,
        )

    @property
    def manages(self) -> frozenset[int]:
        """Municipalities where the person is a methodist or an official."""
        return self.methodist_in | self.official_in

    @property
    def role_words(self) -> str:
        """«Методист · Методический центр Приозёрного округа», of the first employment."""
        if not self.employments:
            return "Администратор" if self.is_admin else ""
        first = self.employments[0]
        return f"{first.get_role_display().capitalize()} · {first.organisation.short_name}"


def roles_to_give(person: Person, organisation: Organisation) -> list[str]:
    """Roles in which `person` may employ somebody at the organisation.

    A role whose rights reach over the municipality fits only the office that has them: methodist the methodical
    centre, official the authority. Nobody gives rights wider than the own: a head gives teacher and deputy,
    a methodist everything but official.
    """
    from network.models import OrganisationKind, Role

    place, rights = organisation.municipality_id, person.rights
    is_official = rights.is_admin or place in rights.official_in
    is_manager = is_official or place in rights.methodist_in
    roles: list[str] = []
    if is_manager or organisation.pk in rights.head_of:
        roles += [Role.TEACHER, Role.HEAD]
    if is_manager:
        roles.append(Role.EXPERT)
    if is_manager and organisation.kind == OrganisationKind.METHODICAL_CENTRE:
        roles.append(Role.METHODIST)
    if is_official and organisation.kind == OrganisationKind.AUTHORITY:
        roles.append(Role.OFFICIAL)
    return roles
