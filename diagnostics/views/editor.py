"""The editor of a draft: heading, topics and items, each changed by a plain form of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views import View

from core.pages import EditPage
from core.states import WrongState
from diagnostics.actions import questionnaires as actions
from diagnostics.forms import questionnaires as forms
from diagnostics.models import Item, Questionnaire, Section
from diagnostics.views.questionnaires import CRUMBS, SECTION


class _Draft(EditPage):
    """A page of the editor of one draft."""

    section = SECTION
    questionnaire: Questionnaire

    def get_cancel_url(self) -> str:
        return self.questionnaire.get_absolute_url()

    def get_success_url(self) -> str:
        return f"{self.questionnaire.get_absolute_url()}#editor"

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [*CRUMBS, (self.questionnaire.title, self.questionnaire.get_absolute_url())]

    def find(self, **where: Any) -> Questionnaire:
        """A draft that the person may change. Raises Http404 or PermissionDenied."""
        return editable(self.request, **where)


def editable(request: HttpRequest, **where: Any) -> Questionnaire:
    """Raises Http404 when the person does not see it, PermissionDenied when it is not theirs to change."""
    questionnaire = get_object_or_404(Questionnaire.objects.visible_to(request.user).distinct(), **where)
    if not request.user.has_perm("diagnostics.change_questionnaire", questionnaire):
        raise PermissionDenied("Менять анкету может методист её муниципалитета.")
    return questionnaire


class HeadEdit(_Draft):
    model = Questionnaire
    form_class = forms.HeadForm
    title = "Заголовок анкеты"

    def get_object(self, queryset: Any = None) -> Questionnaire:
        self.questionnaire = self.find(pk=self.kwargs["pk"])
        return self.questionnaire

    def perform(self, form: Any) -> Questionnaire:
        return actions.save_head(form.save(commit=False), by=self.request.user)


class SectionEdit(_Draft):
    """A topic, new or there already."""

    form_class = forms.SectionForm

    def get_title(self) -> str:
        return "Тема анкеты" if self.object and self.object.pk else "Новая тема"

    def get_object(self, queryset: Any = None) -> Section:
        if "questionnaire" in self.kwargs:
            self.questionnaire = self.find(pk=self.kwargs["questionnaire"])
            return Section(questionnaire=self.questionnaire)
        self.questionnaire = self.find(sections=self.kwargs["pk"])
        return Section.objects.get(pk=self.kwargs["pk"])

    def perform(self, form: Any) -> Section:
        return actions.save_section(form.save(commit=False), by=self.request.user)


class ItemEdit(_Draft):
    """A question, new or there already."""

    form_class = forms.ItemForm

    def get_title(self) -> str:
        return "Вопрос" if self.object and self.object.pk else "Новый вопрос"

    def get_object(self, queryset: Any = None) -> Item:
        if "section" in self.kwargs:
            self.questionnaire = self.find(sections=self.kwargs["section"])
            section = Section.objects.get(pk=self.kwargs["section"])
            neighbour = section.items.filter(kind=Item.Kind.SCALE).last()
            return Item(section=section, scale=neighbour.scale if neighbour else None)
        self.questionnaire = self.find(sections__items=self.kwargs["pk"])
        return Item.objects.select_related("section__questionnaire").get(pk=self.kwargs["pk"])

    def perform(self, form: Any) -> Item:
        data = form.cleaned_data
        item = form.save(commit=False)
        item.direction, item.scale = data["direction"], data["scale"]
        return actions.save_item(
            item, by=self.request.user, choices=data["choices"], with_other=data["with_other"]
        )


class PartAct(View):
    """Move or delete a topic or an item: a POST of one button."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, part: str, pk: int, act: str) -> HttpResponse:
        where = {"sections": pk} if part == "sections" else {"sections__items": pk}
        questionnaire = editable(request, **where)
        model: Any = Section if part == "sections" else Item
        row = model.objects.get(pk=pk)
        try:
            if act == "deletion":
                actions.delete_part(row, by=request.user)
            else:
                actions.shift(row, by=request.user, up=act == "up")
        except WrongState as error:
            messages.warning(request, str(error))
        return redirect(f"{questionnaire.get_absolute_url()}#editor")
