"""Jobs and letters, for looking at only: what they hold is written by the portal."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from core.letters import PRIVATE
from core.models import Job, Letter


class UnchangedAdmin(admin.ModelAdmin):
    """Records that are added and then stay as they are."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(UnchangedAdmin):
    """Records that are looked at only."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["title", "kind", "state", "stage", "progress", "created_by", "created_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["created_by"]


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    """Whether a letter went out; the text of a secret one is not shown here even before it is sent."""

    list_display = ["subject", "to", "state", "attempt", "created_at", "sent_at"]
    list_filter = ["state"]
    exclude = ["text", "html", "key"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        """All but those whose mere sending tells something of the person."""
        return super().get_queryset(request).exclude(key__startswith=PRIVATE)
