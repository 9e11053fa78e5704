"""Findings and the measures that answer them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.pages import Action, CardPage, CreatePage, EditPage, FormPage, ListPage
from diagnostics.findings import figure_of, recognise
from diagnostics.findings_list import FindingFilter, FindingTable
from diagnostics.forms.findings import FindingForm, MeasureForm, NoteForm
from diagnostics.models import Campaign, Finding, SupportMeasure
from diagnostics.support import add_measure
from diagnostics.support_told import told
from network.models import Direction, Organisation

HOME = ("Диагностика", "/diagnostics/")


class FindingsView(ListPage):
    """What was recognised as worth acting on; «ничем не отвечены» is one of the filters."""

    section = "diagnostics"
    title = "Выводы и меры поддержки"
    lead = "Затруднения, признанные важными, и то, что на них отвечает."
    permission = "diagnostics.see_finding"
    model = Finding
    table_class = FindingTable
    filterset_class = FindingFilter
    export_name = "vyvody"
    empty_title = "Выводов ещё нет"
    empty_text = "Вывод делают на карте затруднений: откройте направление и нажмите «Записать вывод»."
    export_columns = [
        ("Направление", "direction"),
        ("Где", lambda finding: finding.organisation or "вся сеть"),
        ("Опрос", "campaign"),
        ("Доля", lambda finding: None if finding.share is None else float(finding.share)),
        ("Ответов", "answers"),
        ("Мер", "measure_count"),
        ("Сделано", "done_count"),
        ("Вывод", "note"),
    ]

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME]

    def get_queryset(self) -> QuerySet:
        return (
            super()
            .get_queryset()
            .select_related("direction", "organisation", "campaign")
            .with_measure_counts()
        )


class FindingView(CardPage):
    """One finding with its figures as they were, and its measures."""

    section = "diagnostics"
    template_name = "diagnostics/finding.html"
    permission = "diagnostics.see_finding"
    queryset = Finding.objects.select_related(
        "direction", "organisation", "campaign", "created_by", "coverage"
    )

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, ("Выводы и меры", reverse("diagnostics:findings"))]

    def get_actions(self) -> list[Action]:
        if not self.request.user.has_perm("diagnostics.change_finding", self.object):
            return []
        return [
            Action("Изменить вывод", reverse("diagnostics:finding-edit", args=[self.object.pk])),
            Action(
                "Спланировать поддержку", reverse("diagnostics:support", args=[self.object.pk]), "primary"
            ),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        measures = told(self.object.measures.with_records().select_related("responsible"), self.request.user)
        can_change = self.request.user.has_perm("diagnostics.change_finding", self.object)
        calls = list(self.object.calls.select_related("event"))
        return super().get_context_data(
            finding=self.object,
            measures=measures,
            can_change=can_change,
            coverage=getattr(self.object, "coverage", None),
            calls=calls,
            called={one.event_id for one in calls},
            **kwargs,
        )


class FindingNewView(FormPage):
    """From a row or a cell of the map: the figure is frozen as it is shown."""

    section = "diagnostics"
    title = "Вывод о затруднении"
    permission = "diagnostics.add_finding"
    form_class = FindingForm
    submit_label = "Записать вывод"
    success_message = "Вывод записан. Теперь добавьте, что на него ответит."
    template_name = "diagnostics/finding_new.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            self._find(request)
        return super().dispatch(request, *args, **kwargs)

    def _find(self, request: HttpRequest) -> None:
        visible = Campaign.objects.visible_to(request.user)
        self.campaign = get_object_or_404(visible, pk=self.kwargs["pk"])
        if not request.user.has_perm("diagnostics.add_finding", self.campaign):
            raise PermissionDenied("Выводы делает методист муниципалитета.")
        directions = Direction.objects.filter(
            items__section__questionnaire=self.campaign.questionnaire_id
        ).distinct()
        self.direction = get_object_or_404(directions, pk=self.kwargs["direction"])
        asked = request.GET.get("organisation")
        self.organisation = None
        if asked:
            organisations = Organisation.objects.filter(municipality=self.campaign.municipality_id)
            if not asked.isdigit():
                raise Http404
            self.organisation = get_object_or_404(organisations, pk=int(asked))

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, ("Карта затруднений", reverse("diagnostics:map", args=[self.campaign.pk]))]

    def get_cancel_url(self) -> str:
        return reverse("diagnostics:map-direction", args=[self.campaign.pk, self.direction.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            campaign=self.campaign,
            direction=self.direction,
            organisation=self.organisation,
            figure=figure_of(self.campaign, self.direction, self.organisation),
            **kwargs,
        )

    def perform(self, form: Any) -> Finding:
        return recognise(
            campaign=self.campaign,
            direction=self.direction,
            organisation=self.organisation,
            note=form.cleaned_data["note"],
            by=self.request.user,
        )

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class FindingEditView(EditPage):
    """The words of a finding; its figures stay as they were."""

    section = "diagnostics"
    title = "Изменить вывод"
    permission = "diagnostics.change_finding"
    model = Finding
    form_class = NoteForm
    success_message = "Вывод сохранён."

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, ("Выводы и меры", reverse("diagnostics:findings"))]


class MeasureNewView(CreatePage):
    """What answers the finding."""

    section = "diagnostics"
    title = "Добавить меру поддержки"
    permission = "diagnostics.change_finding"
    model = SupportMeasure
    form_class = MeasureForm
    success_message = "Мера добавлена."

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            self.finding = get_object_or_404(
                Finding.objects.visible_to(request.user), pk=self.kwargs["finding"]
            )
            if not request.user.has_perm(self.permission, self.finding):
                raise PermissionDenied("Меры планирует методист муниципалитета.")
        return super().dispatch(request, *args, **kwargs)

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, (str(self.finding), self.finding.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.finding.get_absolute_url()

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("kind", "")
        return {"kind": asked} if asked in SupportMeasure.Kind.values else {}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"finding": self.finding}

    def perform(self, form: Any) -> SupportMeasure:
        return add_measure(measure=form.save(commit=False), by=self.request.user)

    def get_success_url(self) -> str:
        return self.finding.get_absolute_url()


class MeasureEditView(EditPage):
    """Change a measure or mark it done with what came of it."""

    section = "diagnostics"
    title = "Мера поддержки"
    permission = "diagnostics.change_finding"
    form_class = MeasureForm
    success_message = "Мера сохранена."

    def get_queryset(self) -> QuerySet:
        findings = Finding.objects.visible_to(self.request.user)
        return SupportMeasure.objects.filter(finding__in=findings, finding=self.kwargs["finding"])

    def check_permission(self, obj: Any = None) -> None:
        super().check_permission(obj.finding if obj else None)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"finding": self.object.finding}

    def get_crumbs(self) -> list[tuple[str, str]]:
        finding = self.object.finding
        return [HOME, (str(finding), finding.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.finding.get_absolute_url()

    def get_success_url(self) -> str:
        return self.object.finding.get_absolute_url()
