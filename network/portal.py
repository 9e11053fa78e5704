"""What the network shows on the home page, in «Мои дела» and in search."""

from __future__ import annotations

from collections.abc import Iterator

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from core.models import Upload
from core.portal import SHOWN, Fact, Panel, Task, home_facts, home_panels, my_panels, my_tasks, my_waits
from core.search import Entry, search_source
from core.templatetags.portal import plural
from network import order_portal  # noqa: F401  (what orders show there)
from network.consents import consent_to_ask
from network.models import (
    ConsentDocument,
    Employment,
    Municipality,
    Organisation,
    OrganisationKind,
    Person,
    Role,
)

STORIES = 3


@home_facts
def network_in_figures(municipality: Municipality, person: Person | None) -> Iterator[Fact]:
    organisations = Organisation.objects.active().filter(municipality=municipality).count()
    pedagogues = (
        Employment.objects.in_force()
        .filter(role=Role.TEACHER, organisation__municipality=municipality, organisation__is_active=True)
        .aggregate(people=Count("person", distinct=True))["people"]
    )
    page = reverse("network:organisations")
    several = Municipality.objects.count() > 1
    yield Fact(
        organisations,
        "организация в сети,организации в сети,организаций в сети",
        f"{page}?municipality={municipality.pk}" if several else page,
        order=10,
    )
    manages = person is not None and person.has_perm("network.change_municipality", municipality)
    yield Fact(
        pedagogues,
        "педагог участвует,педагога участвуют,педагогов участвует",
        f"{reverse('network:staff')}?role=teacher" if manages else "",
        order=90,
    )


@home_panels
def who_is_in_the_network(municipality: Municipality, person: Person | None) -> Iterator[Panel]:
    counts = dict(
        Organisation.objects.active()
        .filter(municipality=municipality)
        .order_by()
        .values_list("kind")
        .annotate(Count("pk"))
    )
    kinds = [{"kind": kind, "count": counts[kind]} for kind in OrganisationKind if kind in counts]
    if kinds:
        context = {"kinds": kinds, "municipality": municipality}
        yield Panel("Кто в сети", "network/home_kinds.html", context, order=80)


@home_panels
def whom_to_learn_from(municipality: Municipality, person: Person | None) -> Iterator[Panel]:
    """Three visiting cards, others each day."""
    told = (
        Organisation.objects.active().filter(municipality=municipality).exclude(strengths="").order_by("pk")
    )
    keys = list(told.values_list("pk", flat=True))
    if keys:
        first = timezone.localdate().toordinal() * STORIES % len(keys)
        chosen = (keys + keys)[first : first + min(STORIES, len(keys))]
        yield Panel(
            "Кто чем силён",
            "network/home_stories.html",
            {"organisations": told.filter(pk__in=chosen)},
            place="main",
            order=60,
        )


@my_tasks.among(consent_to_ask)
def consent_to_give(person: Person, documents: QuerySet[ConsentDocument]) -> Iterator[Task]:
    for document in documents:
        yield Task(
            "Прочитать согласие на обработку данных и решить",
            reverse("consent"),
            f"Версия {document.version}: отдельный документ, его можно отозвать",
        )


@my_tasks
def own_account(person: Person) -> Iterator[Task]:
    if person.rights.teacher_at and person.service_since is None:
        yield Task(
            "Указать педагогический стаж",
            reverse("network:person-edit", args=[person.pk]),
            "По нему виден опыт педагогов сети и подбирают наставников",
        )
    manages = person.rights.is_admin or person.rights.manages
    if manages and settings.SECOND_FACTOR_REQUIRED and not is_mfa_enabled(person):
        yield Task("Включить второй фактор входа", reverse("mfa_index"), "Вы видите данные других людей")


def _cards_to_fill(person: Person) -> QuerySet[Organisation] | None:
    mine = Organisation.objects.active().filter(pk__in=person.rights.head_of)
    return mine.filter(Q(strengths="") | Q(offers="")) if person.rights.head_of else None


@my_tasks.among(_cards_to_fill)
def visiting_cards_to_fill(person: Person, cards: QuerySet[Organisation]) -> Iterator[Task]:
    for organisation in cards[:SHOWN]:
        yield Task(
            f"Рассказать, чем сильна организация: {organisation.short_name}",
            reverse("network:organisation-edit", args=[organisation.key]),
            "Карточку видят все; по ней организации находят друг друга",
        )


@my_tasks.among(lambda person: Upload.objects.filter(created_by=person, state=Upload.State.READY))
def uploads_to_check(person: Person, waiting: QuerySet[Upload]) -> Iterator[Task]:
    for upload in waiting.order_by("-created_at")[:SHOWN]:
        total, wrong = upload.total, upload.counts.get("rejected", 0)
        note = plural(total, "строка,строки,строк") + (f", {wrong} с ошибками" if wrong else "")
        yield Task(f"Проверить загрузку: {upload.name}", upload.get_absolute_url(), note)


def _managed(person: Person) -> QuerySet[Organisation] | None:
    places = person.rights.manages
    return Organisation.objects.active().filter(municipality__in=places) if places else None


@my_waits.among(_managed)
def others_visiting_cards(person: Person, managed: QuerySet[Organisation]) -> Iterator[Task]:
    numbers = managed.aggregate(all=Count("pk"), told=Count("pk", filter=~Q(strengths="")))
    silent = numbers["all"] - numbers["told"]
    if silent:
        yield Task(
            "Визитки организаций",
            reverse("network:organisations"),
            f"Рассказали о себе {numbers['told']} из {numbers['all']}; ждём руководителей",
            count=silent,
        )


@my_panels
def own_organisations(person: Person) -> Iterator[Panel]:
    heads = [job.organisation for job in person.rights.employments if job.role == Role.HEAD]
    if heads:
        yield Panel("Моя организация", "network/my_organisations.html", {"organisations": heads}, order=70)


def _organisation_entry(organisation: Organisation) -> Entry:
    return Entry(
        title=organisation.short_name,
        url=organisation.get_absolute_url(),
        summary=" · ".join(
            filter(None, [organisation.get_kind_display().capitalize(), organisation.address])
        ),
        text=" ".join(
            [organisation.full_name, organisation.inn or "", organisation.strengths, organisation.offers]
        ),
    )


def _person_entry(person: Person) -> Entry:
    # Only the name: what else is known of a person differs from reader to reader.
    return Entry(title=str(person), url=person.get_absolute_url(), summary="Сотрудник сети")


search_source("network.organisation", Organisation, "Организации", _organisation_entry)
search_source("network.person", Person, "Люди", _person_entry)
