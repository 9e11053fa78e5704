"""«Настройки портала»: the dictionaries and records of the network an administrator keeps."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from core import search
from core.admin import ReadOnlyAdmin, UnchangedAdmin
from network.models import (
    Consent,
    ConsentDocument,
    Direction,
    Employment,
    Municipality,
    Organisation,
    Person,
    ResultsCluster,
    Subject,
)

admin.site.site_header = admin.site.site_title = "МетодСеть: настройки портала"
admin.site.index_title = "Справочники и записи"


class Indexed:
    """Lets search know of what the administrator saves."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)  # type: ignore[misc]
        search.index([obj])

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        search.forget(obj)
        super().delete_model(request, obj)  # type: ignore[misc]


@admin.register(Municipality)
class MunicipalityAdmin(admin.ModelAdmin):
    list_display = ["name", "region", "centre_name", "smallest_group", "is_fictional"]


@admin.register(Organisation)
class OrganisationAdmin(Indexed, admin.ModelAdmin):
    list_display = ["short_name", "inn", "kind", "municipality", "is_active"]
    list_filter = ["kind", "municipality", "is_active"]
    search_fields = ["short_name", "full_name", "inn"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


class EmploymentInline(admin.TabularInline):
    model = Employment
    extra = 0
    autocomplete_fields = ["organisation"]


@admin.register(Person)
class PersonAdmin(Indexed, admin.ModelAdmin):
    """Without the password: a person sets it by the link of the invitation."""

    list_display = ["last_name", "first_name", "patronymic", "email", "is_active", "is_superuser"]
    list_filter = ["is_active", "is_superuser"]
    search_fields = ["last_name", "email"]
    exclude = ["password", "groups", "user_permissions"]
    readonly_fields = ["last_login"]
    inlines = [EmploymentInline]

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


@admin.register(Direction)
class DirectionAdmin(admin.ModelAdmin):
    list_display = ["name", "parent", "code", "position", "is_active"]
    list_filter = ["is_active", "parent"]
    search_fields = ["name", "code"]


@admin.register(ResultsCluster)
class ResultsClusterAdmin(admin.ModelAdmin):
    list_display = ["organisation", "year", "procedure", "level"]
    autocomplete_fields = ["organisation"]


@admin.register(ConsentDocument)
class ConsentDocumentAdmin(UnchangedAdmin):
    """A published text never changes: a new wording is a new version."""

    list_display = ["purpose", "version", "published_at"]


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """A consent is given and taken back by its person."""

    list_display = ["person", "document", "given_at", "revoked_at"]
    list_select_related = ["person", "document"]


admin.site.register(Subject)
