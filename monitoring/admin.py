"""Dictionaries of monitoring for the administrator: sets of indicators, criteria of self-assessment."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from monitoring.models import (
    Column,
    Framework,
    Indicator,
    IndicatorSet,
    Position,
    ProposalRule,
    Row,
    Section,
)


class IndicatorInline(admin.StackedInline):
    model = Indicator
    extra = 0


@admin.register(IndicatorSet)
class IndicatorSetAdmin(admin.ModelAdmin):
    """A set that has values is a version in use: a change is a set of a later year."""

    list_display = ["title", "year", "municipality"]
    list_filter = ["municipality"]
    inlines = [IndicatorInline]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        in_use = obj is not None and obj.indicators.filter(values__isnull=False).exists()
        return not in_use and super().has_change_permission(request, obj)


class SectionInline(admin.TabularInline):
    model = Section
    extra = 0
    show_change_link = True


class PositionInline(admin.TabularInline):
    model = Position
    extra = 0
    show_change_link = True


class RowInline(admin.TabularInline):
    model = Row
    extra = 0


class ColumnInline(admin.TabularInline):
    model = Column
    extra = 0


class ProposalRuleInline(admin.TabularInline):
    """Sources and their limits are told by the form when a rule names one that is not there."""

    model = ProposalRule
    extra = 0


@admin.register(Framework)
class FrameworkAdmin(admin.ModelAdmin):
    list_display = ["title", "version", "municipality"]
    inlines = [SectionInline]


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    list_display = ["code", "title", "framework"]
    inlines = [PositionInline]


@admin.register(Position)
class PositionAdmin(admin.ModelAdmin):
    list_display = ["code", "title", "section"]
    inlines = [RowInline, ColumnInline, ProposalRuleInline]
