"""What people of the demo have decided about themselves: consents, personal pages; an account that is closed."""

from __future__ import annotations

import datetime as dt
import random

from config.demo import words
from core.school_year import SchoolYear
from network.actions import give_consent, revoke_consent, set_account_open
from network.consents import PURPOSE, current_document
from network.models import Category, Consent, Employment, Municipality, Organisation, Person, Role

# Of a hundred people so many have agreed; the rest have not been asked yet or think about it.
CONSENTED = 70
PAGES = 12


def make_personal(municipality: Municipality, accounts: dict[str, Person], rng: random.Random) -> None:
    """Consents of most, one taken back, personal pages of a dozen, a moved teacher, a closed account."""
    _consents(municipality, accounts, rng)
    _pages(municipality, accounts)
    _moved(municipality, accounts["teacher"])
    leaver = _teachers(municipality).exclude(pk=accounts["teacher"].pk).order_by("last_name", "pk").first()
    if leaver is not None:
        set_account_open(person=leaver, opened=False, by=accounts["methodist"])


def _people(municipality: Municipality) -> list[Person]:
    jobs = Employment.objects.in_force().filter(organisation__municipality=municipality)
    return list(Person.objects.filter(pk__in=jobs.values("person")).order_by("pk"))


def _teachers(municipality: Municipality):
    jobs = Employment.objects.in_force().filter(organisation__municipality=municipality, role=Role.TEACHER)
    return Person.objects.filter(pk__in=jobs.values("person"))


def _consents(municipality: Municipality, accounts: dict[str, Person], rng: random.Random) -> None:
    """The official has yet to decide, the expert has changed the mind."""
    document = current_document()
    own = {person.pk for person in accounts.values()}
    Consent.objects.bulk_create(
        Consent(person=person, document=document)
        for person in _people(municipality)
        if person.pk not in own and rng.randint(1, 100) <= CONSENTED
    )
    for role in ("methodist", "head", "teacher", "expert"):
        give_consent(document=document, by=accounts[role])
    revoke_consent(purpose=PURPOSE, by=accounts["expert"])


def _pages(municipality: Municipality, accounts: dict[str, Person]) -> None:
    """Only those who have agreed show a page."""
    agreed = Consent.objects.filter(revoked_at=None).values("person")
    best = _teachers(municipality).filter(
        pk__in=agreed, category__in=[Category.HIGHEST, Category.METHODIST, Category.MENTOR]
    )
    heads = Employment.objects.in_force().filter(organisation__municipality=municipality, role=Role.HEAD)
    shown = [accounts["methodist"], accounts["teacher"]]
    shown += Person.objects.filter(pk__in=agreed.filter(person__in=heads.values("person"))).order_by("pk")[:3]
    shown += best.exclude(pk=accounts["teacher"].pk).order_by("pk")[: PAGES - len(shown)]
    for person, about in zip(shown, words.ABOUT, strict=False):
        person.shows_page, person.about = True, about
    Person.objects.bulk_update(shown, ["shows_page", "about"])


def _moved(municipality: Municipality, teacher: Person) -> None:
    """The demo teacher has worked at another school before."""
    job = teacher.employments.select_related("subject").get()
    before = (
        Organisation.objects.filter(municipality=municipality, kind=job.organisation.kind)
        .exclude(pk=job.organisation_id)
        .order_by("pk")
        .first()
    )
    start = SchoolYear.current().start
    Employment.objects.create(
        person=teacher, organisation=before, role=job.role, position=job.position, subject=job.subject,
        starts_on=dt.date(teacher.service_since or start - 6, 8, 25), ends_on=job.starts_on - dt.timedelta(days=1),
    )  # fmt: skip
