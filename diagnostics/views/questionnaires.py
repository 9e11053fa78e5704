"""Questionnaires: list, card, editor, preview, publication."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.pages import Action, CardPage, ConfirmPage, CreatePage, FormPage, ListPage, Page
from core.states import WrongState
from diagnostics import xlsform
from diagnostics.actions import questionnaires as actions
from diagnostics.answering import sections_with_items
from diagnostics.filters import QuestionnaireFilter
from diagnostics.forms import questionnaires as forms
from diagnostics.models import Item, Questionnaire
from diagnostics.progress import counted
from diagnostics.questions import question
from diagnostics.tables import QuestionnaireTable

SECTION = "diagnostics"
CRUMBS = [("Диагностика", "/diagnostics/"), ("Анкеты", "/diagnostics/questionnaires/")]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class QuestionnaireList(ListPage):
    model = Questionnaire
    permission = "diagnostics.see_questionnaire"
    title = "Анкеты"
    section = SECTION
    crumbs = CRUMBS[:1]
    table_class = QuestionnaireTable
    filterset_class = QuestionnaireFilter
    empty_title = "Анкет пока нет"
    empty_text = "Анкеты, поставляемые с порталом, ставит команда install_dictionaries."

    def get_queryset(self) -> QuerySet[Questionnaire]:
        rows = super().get_queryset().select_related("municipality")
        return rows.annotate(item_count=counted(Item.objects.all(), "section__questionnaire"))

    def get_actions(self) -> list[Action]:
        if not self.request.user.has_perm("diagnostics.add_questionnaire"):
            return []
        return [
            Action("Загрузить XLSForm", reverse("diagnostics:questionnaire-import"), "quiet", "upload"),
            Action("Новая анкета", reverse("diagnostics:questionnaire-new"), "primary", "plus-lg"),
        ]


class QuestionnaireCard(CardPage):
    """All topics and items of one version on a readable page; of a draft this is the editor."""

    model = Questionnaire
    permission = "diagnostics.see_questionnaire"
    section = SECTION
    crumbs = CRUMBS
    template_name = "diagnostics/questionnaire.html"

    def get_queryset(self) -> QuerySet[Questionnaire]:
        return super().get_queryset().select_related("municipality")

    def check_permission(self, obj: Any = None) -> None:
        super().check_permission()  # A shipped one belongs to no municipality: who sees any may see it.

    def _editing(self) -> bool:
        person = self.request.user
        may = person.has_perm("diagnostics.change_questionnaire", self.object)
        return may and self.object.state == Questionnaire.State.DRAFT

    def get_actions(self) -> list[Action]:
        own, person, states = self.object, self.request.user, Questionnaire.State

        def act(label: str, name: str, kind: str = "quiet", icon: str = "") -> Action:
            return Action(label, reverse(f"diagnostics:questionnaire-{name}", args=[own.pk]), kind, icon)

        actions_here = [
            act("Как на телефоне", "preview", icon="phone"),
            act("XLSForm", "export", icon="download"),
        ]
        if self._editing():
            return [*actions_here, act("Опубликовать", "publication", "primary")]
        if person.has_perm("diagnostics.add_questionnaire") and own.state != states.DRAFT:
            label = "Новая версия" if own.municipality_id else "Сделать свою копию"
            actions_here.append(act(label, "copy"))
            if own.state == states.PUBLISHED:
                url = f"{reverse('diagnostics:campaign-new')}?questionnaire={own.pk}"
                actions_here.append(Action("Начать опрос", url, "primary"))
        return actions_here

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        editing = self._editing()
        sections = sections_with_items(self.object.pk)
        return super().get_context_data(
            editing=editing,
            topics=sections,
            item_count=sum(len(section.items.all()) for section in sections),
            mistakes_found=self.object.mistakes(sections) if editing else [],
            bare=self.object.without_direction(sections) if editing else [],
            may_archive=self.object.state == Questionnaire.State.PUBLISHED
            and self.request.user.has_perm("diagnostics.archive_questionnaire", self.object),
            **kwargs,
        )


class QuestionnaireNew(CreatePage):
    model = Questionnaire
    form_class = forms.NewForm
    permission = "diagnostics.add_questionnaire"
    title = "Новая анкета"
    section = SECTION
    crumbs = CRUMBS
    cancel_url = "/diagnostics/questionnaires/"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}

    def perform(self, form: Any) -> Questionnaire:
        return actions.create(by=self.request.user, **form.cleaned_data)


class QuestionnaireImport(FormPage):
    """XLSForm: refused rows are named one by one, nothing is saved then."""

    form_class = forms.UploadForm
    template_name = "diagnostics/questionnaire_import.html"
    permission = "diagnostics.add_questionnaire"
    title = "Анкета из XLSForm"
    lead = "Таблица, какую понимают KoboToolbox, ODK и SurveyCTO. Получится черновик: его можно поправить."
    section = SECTION
    crumbs = CRUMBS
    cancel_url = "/diagnostics/questionnaires/"
    submit_label = "Загрузить"
    object: Questionnaire

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}

    def form_valid(self, form: Any) -> HttpResponse:
        file = form.cleaned_data["file"]
        try:
            return super().form_valid(form)
        except xlsform.Refused as refused:
            form.add_error("file", f"Анкета не загружена, ничего не сохранено: {refused}")
            return self.render_to_response(
                self.get_context_data(form=form, refusals=refused.rows, file_name=file.name), status=422
            )

    def perform(self, form: Any) -> Questionnaire:
        data = form.cleaned_data
        parsed = xlsform.read(data["file"].read(), name=data["file"].name)
        return xlsform.save(parsed, by=self.request.user, municipality=data["municipality"])

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class _Act(ConfirmPage):
    model = Questionnaire
    section = SECTION

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [*CRUMBS, (self.object.title, self.object.get_absolute_url())]


class QuestionnaireCopy(_Act):
    form_class = forms.CopyForm
    permission = "diagnostics.add_questionnaire"
    title = "Новая версия анкеты"
    submit_label = "Сделать черновик"

    def check_permission(self, obj: Any = None) -> None:
        super().check_permission()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}

    def get_consequences(self) -> list[str]:
        return [
            "Появится черновик с теми же темами и вопросами: его можно менять.",
            "Вопросы сохранят коды, поэтому ответы на них сравниваются с прежними опросами.",
            "Прежняя версия останется как есть вместе со своими опросами.",
        ]

    def perform(self, form: Any) -> Questionnaire:
        municipality = form.cleaned_data["municipality"]
        return actions.copy(self.object, by=self.request.user, municipality=municipality)


class QuestionnairePublication(_Act):
    permission = "diagnostics.publish_questionnaire"
    title = "Опубликовать анкету"
    submit_label = "Опубликовать"
    success_message = "Анкета опубликована."

    def get_consequences(self) -> list[str]:
        bare = [f"«{item}»" for item in self.object.without_direction()]
        more = f" и ещё {len(bare) - 5}" if len(bare) > 5 else ""
        off = f"На карту затруднений не попадут вопросы шкалы без направления: {', '.join(bare[:5])}{more}."
        return self.object.mistakes() or [
            *([off] if bare else []),
            "Анкету можно будет взять для опроса.",
            "Темы, вопросы и ответы больше не изменятся. Правка будет новой версией.",
        ]

    def perform(self, form: Any) -> Questionnaire:
        return actions.publish(self.object, by=self.request.user)


class QuestionnaireArchive(_Act):
    permission = "diagnostics.archive_questionnaire"
    title = "Убрать анкету в архив"
    submit_label = "Убрать в архив"

    def get_consequences(self) -> list[str]:
        return ["Новых опросов по этой версии не будет. Прошедшие опросы и их карты останутся."]

    def perform(self, form: Any) -> Questionnaire:
        return actions.archive(self.object, by=self.request.user)


class QuestionnaireDeletion(_Act):
    permission = "diagnostics.change_questionnaire"
    title = "Удалить черновик анкеты"
    submit_label = "Удалить"
    kind = "stop"

    def get_consequences(self) -> list[str]:
        return ["Черновик удалится вместе с темами и вопросами. Другие версии анкеты останутся."]

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            actions.delete_draft(self.object, by=self.request.user)
        except WrongState as error:
            messages.warning(self.request, str(error))
            return redirect(self.object)
        return redirect("diagnostics:questionnaires")


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """One topic as a respondent sees it on a phone; nothing is kept."""
    questionnaire = get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)
    sections = sections_with_items(pk)
    if not sections:
        raise Http404
    asked = request.GET.get("topic", "1")
    number = min(max(1, int(asked) if asked.isdigit() else 1), len(sections))
    section = sections[number - 1]
    return render(
        request,
        "diagnostics/answer/preview.html",
        {
            "page": Page(section.title),
            "questionnaire": questionnaire,
            "section": section,
            "questions": [question(item, {}) for item in section.items.all()],
            "number": number,
            "total": len(sections),
            "next": number % len(sections) + 1,
        },
    )


@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The questionnaire as an XLSForm workbook."""
    questionnaire = get_object_or_404(Questionnaire.objects.visible_to(request.user), pk=pk)
    response = HttpResponse(xlsform.write(questionnaire), content_type=XLSX)
    name = f"{questionnaire.family}-v{questionnaire.version}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
