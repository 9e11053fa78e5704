"""Organisations: list, visiting card, editing, history."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.decorators import method_decorator

from core.pages import Action, CardPage, CreatePage, EditPage, ListPage
from core.pages.history import HistoryPage
from network import actions
from network.filters import OrganisationFilter
from network.forms import OrganisationForm, VisitingCardForm
from network.models import Category, Employment, Organisation, Role
from network.tables import OrganisationTable

CRUMBS = [("Сеть", "/network/organisations/")]
_EXPORT = [
    ("ИНН", "inn"), ("ОГРН", "ogrn"), ("Краткое название", "short_name"), ("Полное название", "full_name"),
    ("Вид", "get_kind_display"), ("Муниципалитет", "municipality__name"), ("Адрес", "address"),
    ("Широта", "latitude"), ("Долгота", "longitude"), ("Телефон", "phone"), ("Почта", "email"), ("Сайт", "website"),
]  # fmt: skip


@method_decorator(login_not_required, name="dispatch")
class OrganisationsPage(ListPage):
    """The registry of the network, public."""

    model = Organisation
    queryset = Organisation.objects.select_related("municipality")
    table_class = OrganisationTable
    filterset_class = OrganisationFilter
    section = "network"
    title = "Организации сети"
    lead = "Школы, детские сады, учреждения дополнительного образования и партнёры."
    empty_title = "Организаций пока нет"
    empty_text = "Методист вносит их из таблицы или по одной."
    export_name = "organizacii"
    export_columns = _EXPORT

    def get_export_columns(self) -> list[tuple[str, Any]]:
        rights = getattr(self.request.user, "rights", None)
        if rights is None:
            return self.export_columns

        def flag(name: str) -> Any:
            shown = rights.manages
            return lambda row: (
                ("да" if getattr(row, name) else "нет")
                if rights.is_admin or row.municipality_id in shown
                else None
            )

        if not (rights.is_admin or rights.manages):
            return self.export_columns
        return [
            *self.export_columns,
            ("Рисковый профиль", flag("risk_profile")),
            ("Сложные социальные условия", flag("difficult_conditions")),
        ]

    def get_table_kwargs(self) -> dict[str, Any]:
        several = "municipality" in self.filterset.filters  # counted there already
        return {"exclude": () if several else ("municipality",)}

    def get_actions(self) -> list[Action]:
        shown = [Action("На карте", reverse("network:map"), icon="geo-alt")]
        user = self.request.user
        if user.is_authenticated and user.has_perm("network.see_person"):
            shown.append(Action("Кадры", reverse("network:staff"), icon="people"))
        if user.has_perm("network.see_order"):
            shown.append(Action("Акты", reverse("network:orders"), icon="file-earmark-text"))
        if user.has_perm("network.add_organisation"):
            shown += import_action("network:organisation-import")
            shown.append(Action("Добавить организацию", reverse("network:organisation-new"), "primary"))
        return shown


def import_action(name: str) -> list[Action]:
    return [Action("Загрузить из таблицы", reverse(name), icon="upload")]


def by_key(queryset: QuerySet, key: str) -> Organisation:
    """The organisation by its INN, else by its number. Raises Http404."""
    if not key.isascii() or not key.isdigit() or len(key) > 12:
        raise Http404
    found = list(queryset.filter(Q(inn=key) | Q(pk=int(key), inn=None))[:1])
    if not found:
        raise Http404
    return found[0]


class KeyMixin:
    """Finds the organisation by its key in the address."""

    def get_object(self, queryset: QuerySet | None = None) -> Organisation:
        obj = by_key(self.get_queryset() if queryset is None else queryset, self.kwargs["key"])  # type: ignore[attr-defined]
        self.check_permission(obj)  # type: ignore[attr-defined]
        return obj

    def get_crumbs(self) -> list[tuple[str, str]]:
        crumbs = [*CRUMBS]
        if self.request.resolver_match.url_name != "organisation":  # type: ignore[attr-defined]
            crumbs.append((self.object.short_name, self.object.get_absolute_url()))  # type: ignore[attr-defined]
        return crumbs


@method_decorator(login_not_required, name="dispatch")
class OrganisationCard(KeyMixin, CardPage):
    """The visiting card (визитка) of an organisation."""

    queryset = Organisation.objects.select_related("municipality")
    template_name = "network/organisation.html"
    section = "network"

    def get_actions(self) -> list[Action]:
        user, key = self.request.user, [self.object.key]
        shown = []
        if user.has_perm("network.see_staff_organisation", self.object):
            shown.append(Action("История изменений", reverse("network:organisation-history", args=key)))
        if user.has_perm("network.change_organisation", self.object):
            shown.append(Action("Изменить", reverse("network:organisation-edit", args=key), "primary"))
        return shown

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        organisation, user = self.object, self.request.user
        keeps = user.has_perm("network.see_staff_organisation", organisation)
        return super().get_context_data(
            staff=staff_numbers(organisation),
            heads=Employment.objects.in_force()
            .filter(organisation=organisation, role=Role.HEAD)
            .select_related("person"),
            keeps=keeps,
            staff_url=reverse("network:staff")
            + f"?organisation={organisation.inn or organisation.short_name}",
            new_url=reverse("network:employment-new") + f"?organisation={organisation.pk}",
            **kwargs,
        )


def staff_numbers(organisation: Organisation) -> dict[str, int]:
    """Pedagogues who work there now, and how many have the first category or above."""
    strong = [Category.FIRST, Category.HIGHEST, Category.METHODIST, Category.MENTOR]
    return (
        Employment.objects.in_force()
        .filter(organisation=organisation)
        .aggregate(
            pedagogues=Count("person", filter=Q(role=Role.TEACHER), distinct=True),
            strong=Count("person", filter=Q(role=Role.TEACHER, person__category__in=strong), distinct=True),
        )
    )


class _OrganisationForm:
    """Picks the form by rights and hands it who fills it in."""

    section = "network"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}  # type: ignore[misc, attr-defined]

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()  # type: ignore[attr-defined]

    def perform(self, form: Any) -> Organisation:
        organisation = form.save(commit=False)
        return actions.save_organisation(organisation=organisation, by=self.request.user)  # type: ignore[attr-defined]


class OrganisationEditPage(_OrganisationForm, KeyMixin, EditPage):
    """The head keeps the visiting card, those who manage the municipality the whole card."""

    model = Organisation
    permission = "network.change_organisation"
    title = "Карточка организации"
    success_message = "Карточка сохранена."

    def get_form_class(self) -> type[VisitingCardForm]:
        full = self.request.user.has_perm("network.add_organisation", self.object)
        return OrganisationForm if full else VisitingCardForm


class OrganisationNewPage(_OrganisationForm, CreatePage):
    """An organisation added by hand."""

    model = Organisation
    form_class = OrganisationForm
    permission = "network.add_organisation"
    title = "Новая организация"
    crumbs = CRUMBS
    cancel_url = CRUMBS[0][1]
    success_message = "Организация добавлена в сеть."

    def perform(self, form: Any) -> Organisation:
        if not self.request.user.has_perm("network.add_organisation", form.instance):
            raise PermissionDenied("Организации этого муниципалитета вносят другие.")
        return super().perform(form)


class OrganisationHistory(KeyMixin, HistoryPage):
    """Who changed the card, when and how."""

    model = Organisation
    permission = "network.see_staff_organisation"
    section = "network"
