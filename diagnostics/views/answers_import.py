"""Where a file of past answers is chosen; the rest of the way is core's."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.imports.forms import FileForm
from core.imports.spec import ImportSpec
from core.views.uploads import StartPage
from diagnostics.imports import ResponsesImport, why_not
from diagnostics.models import Campaign


class AnswersFileForm(FileForm):
    no_answer = forms.CharField(
        label="Коды «нет ответа»",
        required=False,
        max_length=200,
        help_text="Через запятую, например 6, 7, 9. Пустая ячейка и так значит «нет ответа».",
    )
    field_order = ["file", "no_answer"]

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        file = data.get("file")
        self.sha256 = sha256_of(file) if file else ""
        if refusal := why_not(self.campaign, self.sha256):
            self.add_error("file", refusal)
        return data


class AnswersImportPage(StartPage):
    section = "diagnostics"
    permission = "diagnostics.import_campaign"
    form_class = AnswersFileForm
    lead = "Таблица, где строка – анкета, а колонка – вопрос. Ответы: код, слова или номер ответа в шкале."

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            visible = Campaign.objects.visible_to(request.user).select_related("questionnaire")
            self.campaign = get_object_or_404(visible, pk=self.kwargs["pk"])
            if not request.user.has_perm(self.permission, self.campaign):
                raise PermissionDenied("Ответы загружает методист муниципалитета.")
            self.lead = why_not(self.campaign, "") or self.lead
        return super().dispatch(request, *args, **kwargs)

    def spec_class(self) -> type[ImportSpec]:
        return ResponsesImport

    def get_crumbs(self) -> list[tuple[str, str]]:
        campaign = self.campaign
        return [("Диагностика", reverse("diagnostics:home")), (campaign.title, campaign.get_absolute_url())]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "campaign": self.campaign}

    def get_params(self, form: Any) -> dict[str, Any]:
        return {
            "campaign": self.campaign.pk,
            "no_answer": form.cleaned_data["no_answer"],
            "sha256": form.sha256,
            "name": form.cleaned_data["file"].name,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        fields = ResponsesImport({"campaign": self.campaign.pk}).fields
        return super().get_context_data(**kwargs) | {"fields_known": fields}


def sha256_of(file: Any) -> str:
    """Fingerprint of an open file, which is left at its beginning."""
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return digest
