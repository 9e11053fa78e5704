"""Where a file of organisations or of staff is chosen; the rest of the way is core's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy

from core.imports.forms import FileForm
from core.imports.spec import ImportSpec
from core.views.uploads import StartPage
from network.imports.organisations import OrganisationImport
from network.imports.staff import StaffImport
from network.models import Municipality, Organisation, Person


class _PlaceForm(FileForm):
    """The file and, where there is a choice, the place it belongs to."""

    field_order = ["place", "file"]

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only = places[0][0] if len(places) == 1 else ""
        if not self.only:
            self.fields["place"] = forms.ChoiceField(label="Куда загрузить", choices=places)
            self.order_fields(self.field_order)

    def place(self) -> str:
        return self.only or self.cleaned_data["place"]


class _NetworkStart(StartPage):
    section = "network"
    form_class = _PlaceForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "places": self.get_places(self.request.user)}

    def get_places(self, person: Person) -> list[tuple[str, str]]:
        raise NotImplementedError


class OrganisationImportPage(_NetworkStart):
    permission = "network.import_organisation"
    crumbs = [("Организации", reverse_lazy("network:organisations"))]
    lead = "Реестр лицензий или любая таблица организаций муниципалитета"

    def spec_class(self) -> type[ImportSpec]:
        return OrganisationImport

    def get_places(self, person: Person) -> list[tuple[str, str]]:
        return [(str(place.pk), place.name) for place in Municipality.objects.managed_by(person)]

    def get_params(self, form: Any) -> dict[str, Any]:
        return {"municipality": int(form.place())}


class StaffImportPage(_NetworkStart):
    permission = "network.import_person"
    crumbs = [("Сотрудники", reverse_lazy("network:staff"))]
    lead = "Список педагогов и руководителей: портал узнаёт людей по электронной почте"

    def spec_class(self) -> type[ImportSpec]:
        return StaffImport

    def get_places(self, person: Person) -> list[tuple[str, str]]:
        """Municipalities that the person manages, and the organisations that the person heads."""
        whole = [(f"{m.pk}:", f"{m.name}: все организации") for m in Municipality.objects.managed_by(person)]
        own = Organisation.objects.active().filter(pk__in=person.rights.head_of)
        return whole + [(f"{o.municipality_id}:{o.pk}", o.short_name) for o in own]

    def get_params(self, form: Any) -> dict[str, Any]:
        municipality, organisation = form.place().split(":")
        return {
            "municipality": int(municipality),
            "organisation": int(organisation) if organisation else None,
            "by": self.request.user.pk,
        }
