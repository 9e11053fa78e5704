"""Indicators: the board of a year, the passport with trend, the records behind a value, entering, accepting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from core.documents import download, list_to_xlsx
from core.pages import Action
from core.states import WrongState, may
from monitoring.actions.indicators import refresh_values
from monitoring.board import board, trend_chart
from monitoring.computed import RULES, Scope
from monitoring.models import Indicator, IndicatorSet, IndicatorValue
from monitoring.views.scope import HOME, ScopedPage

LIST = ("Показатели", "/monitoring/indicators/")


class IndicatorsView(ScopedPage, TemplateView):
    """All indicators of a year for the municipality or one organisation, with target and last year."""

    template_name = "monitoring/indicators.html"
    title = "Показатели эффективности сети"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._xlsx() if request.GET.get("export") == "xlsx" else super().get(request, *args, **kwargs)

    def get_actions(self) -> list[Action]:
        if not self.manages:
            return []
        actions = []
        if self.request.user.has_perm("monitoring.accept_indicatorvalue"):
            actions.append(Action("Принять значения", reverse("monitoring:acceptance") + self.query))
        if self.request.user.has_perm("monitoring.refresh_indicatorvalue"):
            actions.append(Action("Пересчитать", reverse("monitoring:refresh") + self.query, "primary"))
        return actions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = board(self.municipality, self.year, self.organisation)
        if self.organisation:
            lines = [line for line in lines if line.value or line.before]
        groups = [
            (title, [line for line in lines if line.indicator.kind == kind])
            for kind, title in [("process", "Показатели процесса"), ("result", "Показатели результата")]
        ]
        return super().get_context_data(
            groups=[group for group in groups if group[1]],
            can_enter=self.manages and self.request.user.has_perm("monitoring.enter_indicatorvalue"),
            **kwargs,
        )

    def _xlsx(self) -> HttpResponse:
        lines = board(self.municipality, self.year, self.organisation)
        heads = [
            "Показатель",
            "Вид",
            "Значение",
            "Числитель",
            "Знаменатель",
            "Цель",
            "Прошлый год",
            "Состояние",
        ]
        rows = (
            [
                line.indicator.name,
                line.indicator.get_kind_display(),
                line.text,
                line.value and line.value.numerator,
                line.value and line.value.denominator,
                line.target,
                line.before_text,
                line.value.get_state_display() if line.value else "",
            ]
            for line in lines
        )
        where = str(self.organisation or self.municipality)
        return download(list_to_xlsx(self.title, heads, rows, [where, str(self.year)]), "pokazateli.xlsx")


class IndicatorPage(ScopedPage):
    """A page about one indicator, by its code in the set that is in force in the year."""

    kwargs: dict[str, Any]

    @cached_property
    def indicator(self) -> Indicator:
        indicator_set = IndicatorSet.objects.in_force(self.municipality, self.year.start)
        return get_object_or_404(Indicator, set=indicator_set, code=self.kwargs["code"])

    @cached_property
    def value(self) -> IndicatorValue | None:
        """The value in view: of the organisation when one is named, else of the municipality."""
        return (
            IndicatorValue.objects.visible_to(self.request.user)
            .filter(
                indicator=self.indicator,
                municipality=self.municipality,
                organisation=self.organisation,
                year=self.year.start,
            )
            .select_related("indicator", "municipality", "organisation")
            .first()
        )

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, (LIST[0], LIST[1] + self.query)]

    def get_title(self) -> str:
        return self.title or self.indicator.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(indicator=self.indicator, value=self.value, **kwargs)


class IndicatorView(IndicatorPage, TemplateView):
    """The passport, the value with its evidence or records, the trend, the organisations."""

    template_name = "monitoring/indicator.html"

    def get_actions(self) -> list[Action]:
        person, actions = self.request.user, []
        if self.value and may(person, self.value, "accept"):
            url = reverse("monitoring:value-acceptance", args=[self.value.pk])
            actions.append(Action("Принять значение", url, "primary"))
        is_open = self.value is None or not self.value.is_accepted
        if is_open and self.manages and person.has_perm("monitoring.enter_indicatorvalue", self.municipality):
            label = "Изменить цель" if self.indicator.is_computed else "Внести значение"
            url = reverse("monitoring:value", args=[self.indicator.code]) + self.query
            actions.append(
                Action(label, url, "quiet" if actions or self.indicator.is_computed else "primary")
            )
        return actions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        trend = list(self._trend())
        places = self._organisations() if self.organisation is None else []
        return super().get_context_data(
            trend=trend,
            chart=trend_chart(self.indicator, trend),
            places=places,
            target=self.indicator.show(self.value.target) if self.value else "",
            passport_target=self.indicator.show(self.indicator.target),
            evidence=self.value.evidence.prefetch_related("record") if self.value else [],
            can_open_records=bool(self.value and self.indicator.is_computed),
            can_add_evidence=bool(
                self.value
                and not self.value.is_accepted
                and self.request.user.has_perm("monitoring.enter_indicatorvalue", self.value)
            ),
            **kwargs,
        )

    def _trend(self) -> Iterator[IndicatorValue]:
        rows = (
            IndicatorValue.objects.visible_to(self.request.user)
            .filter(
                indicator__code=self.indicator.code,
                municipality=self.municipality,
                organisation=self.organisation,
                year__lte=self.year.start,
            )
            .select_related("indicator")
            .defer("counted")
            .order_by("-year")[:8]
        )
        yield from reversed(rows)

    def _organisations(self) -> list[IndicatorValue]:
        rows = IndicatorValue.objects.visible_to(self.request.user).filter(
            indicator=self.indicator,
            municipality=self.municipality,
            organisation__isnull=False,
            year=self.year.start,
        )
        return list(
            rows.select_related("organisation", "indicator").defer("counted").order_by("-value", "pk")
        )


class RecordsView(IndicatorPage, TemplateView):
    """Exactly the records a value was counted from: of an accepted one those it kept, of a draft those there are."""

    template_name = "monitoring/records.html"

    def get_title(self) -> str:
        return f"Записи: {self.indicator.name}"

    def get_crumbs(self) -> list[tuple[str, str]]:
        name = self.indicator.name
        return [*super().get_crumbs(), (name, self.indicator.get_absolute_url() + self.query)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not self.indicator.is_computed:
            raise Http404("Этот показатель вносят люди: записей портала за ним нет.")
        part = self.request.GET.get("part", "numerator")
        if part not in ("numerator", "denominator"):
            raise Http404("Неверный адрес: part.")
        rule = RULES[self.indicator.rule]
        scope = Scope(self.municipality, self.year, self.organisation)
        kept = self.value.counted if self.value and self.value.is_accepted else None
        figure = getattr(self.value, part) if self.value else None
        kwargs.update(
            part=part, figure=figure, frozen=kept is not None, is_share=rule.is_share, groups=None, rows=[]
        )
        kwargs.setdefault("is_slice", False)
        if rule.by_groups:
            kwargs.update(self._groups(scope, kept, part))
        else:
            records = rule.records_by_keys(kept[part]) if kept else rule.records(scope, part)
            for name in rule.slices.keys() & self.request.GET.keys():
                records = records.filter(rule.slices[name](self.request.GET[name]))
                kwargs.update(figure=None, is_slice=True)
            pages = Paginator(records.order_by(*_order(records), "pk"), 50)
            page = pages.get_page(self.request.GET.get("page"))
            kwargs.update(
                pages=page,
                total=pages.count,
                heads=[title for title, _ in rule.columns],
                rows=[_cells(record, rule.columns) for record in page],
            )
        return super().get_context_data(**kwargs)

    def _groups(self, scope: Scope, kept: dict[str, Any] | None, part: str) -> dict[str, Any]:
        """Numbers by organisation, where people may not be named."""
        from network.models import Organisation

        rule = RULES[self.indicator.rule]
        counts = kept["groups"] if kept else rule.count_by_organisation(scope)
        place = 0 if part == "numerator" else 1
        names = Organisation.objects.in_bulk([int(pk) for pk in counts])
        rows = [
            (names[int(pk)], row[place])
            for pk, row in counts.items()
            if int(pk) in names and (self.organisation is None or int(pk) == self.organisation.pk)
        ]
        total = getattr(self.value, part) if kept and self.value else getattr(rule.count(scope), part)
        rows = [row for row in rows if row[1]]
        return {"groups": sorted(rows, key=lambda row: row[0].short_name), "total": total}


def _order(records: Any) -> list[str]:
    return list(records.model._meta.ordering)


def _cells(record: Any, columns: list[tuple[str, Any]]) -> dict[str, Any]:
    """A record's row: its address and what the columns say of it."""
    texts = []
    for head, path in columns:
        value: Any = record
        if callable(path):
            value = path(record)
        else:
            for name in path.split("__"):
                value = getattr(value, name)
            value = value() if callable(value) else value
        texts.append((head, value))
    url = record.get_absolute_url() if hasattr(record, "get_absolute_url") else ""
    return {"url": url or _holder_url(record), "texts": texts}


def _holder_url(record: Any) -> str:
    """A record without a page of its own is shown on the page of what it belongs to."""
    finding = getattr(record, "finding", None)
    return finding.get_absolute_url() if finding else ""


class RefreshView(ScopedPage, TemplateView):
    """Count the computed indicators anew: GET says what will happen, POST does it."""

    template_name = "monitoring/refresh.html"
    permission = "monitoring.refresh_indicatorvalue"
    title = "Пересчитать показатели"

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, (LIST[0], LIST[1] + self.query)]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(self.permission, self.municipality):
            raise PermissionDenied("Для этого действия нужны другие права.")
        try:
            done = refresh_values(municipality=self.municipality, year=self.year, by=request.user)
        except WrongState as error:
            messages.warning(request, str(error))
        else:
            messages.success(
                request,
                f"Пересчитано. Новых значений: {done.added}, изменилось: {done.changed}, "
                f"принятых (не меняются): {done.frozen}.",
            )
        return HttpResponseRedirect(LIST[1] + self.query)
