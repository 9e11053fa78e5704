"""The gallery: every component once, for developers and for the accessibility tests. Off in production."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core.pages import Action, Page
from core.widgets import DateInput

LONG = (
    "Муниципальное бюджетное общеобразовательное учреждение "
    "«Средняя общеобразовательная школа № 12 имени Героя Советского Союза»"
)
CHART = {
    "kind": "bar",
    "unit": "%",
    "max": 60,
    "categories": ["Предметная", "Методическая", "Цифровая"],
    "series": [{"name": "2025/26", "values": [34, 41, 28]}, {"name": "2026/27", "values": [29, 38, 31]}],
}
MAP = {
    "tiles": "",
    "bounds": [[54.6, 20.9], [54.7, 21.1]],
    "points": [
        {
            "id": 1,
            "lat": 54.65,
            "lon": 20.95,
            "name": "Школа № 12",
            "url": "#heat",
            "text": "Ресурсный центр",
            "kind": "done",
        },
        {"id": 2, "lat": 54.67, "lon": 21.05, "name": "Лицей", "url": "#heat", "text": "Опорная школа"},
    ],
    "ties": [{"from": 1, "to": 2}],
}


class ExampleForm(forms.Form):
    name = forms.CharField(label="Название", help_text="Как в уставе организации.")
    inn = forms.CharField(label="ИНН", required=False, help_text="10 цифр.")
    kind = forms.ChoiceField(
        label="Вид", choices=[("", "Выберите"), ("school", "Школа"), ("nursery", "Детский сад")]
    )
    starts = forms.DateField(label="С какого числа", widget=DateInput)
    file = forms.FileField(label="Файл", required=False, help_text="XLSX, XLS, ODS или CSV, не больше 20 МБ.")
    about = forms.CharField(label="О себе", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    anonymity = forms.ChoiceField(
        label="Анонимность",
        widget=forms.RadioSelect,
        choices=[("anonymous", "Анонимно"), ("confidential", "Конфиденциально"), ("named", "Поимённо")],
    )
    audience = forms.MultipleChoiceField(
        label="Кого спросить",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("teachers", "Педагоги"), ("heads", "Руководители")],
    )
    agree = forms.BooleanField(label="Данные верны", help_text="Проверьте номера и даты.")


class ExampleFilter(forms.Form):
    q = forms.CharField(label="Название или ИНН", required=False)
    kind = forms.ChoiceField(label="Вид", required=False, choices=[("", "Любой"), ("school", "Школа")])


class ExampleTable(tables.Table):
    name = tables.Column(verbose_name="Организация", linkify=lambda: "#tables")
    kind = tables.Column(verbose_name="Вид")
    share = tables.Column(verbose_name="Ответили", attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    state = tables.TemplateColumn('{% tag "Участвует" "done" %}', verbose_name="Состояние", orderable=False)


def _page() -> Page:
    return Page(
        "Галерея компонентов",
        "Каждый компонент один раз. Страница для разработчиков, на рабочем портале выключена.",
        "network",
        [("Сеть", "/"), (LONG, "#")],
        [
            Action("Отклонить", "#", "stop"),
            Action("Вернуть", "#"),
            Action("Подготовить распоряжение", "#", "primary", "file-text"),
        ],
    )


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """All components; `?form=wrong` shows the form with mistakes, `?messages=1` the messages."""
    if not settings.GALLERY:
        raise Http404
    if "messages" in request.GET:
        messages.success(request, "Организация сохранена.")
        messages.warning(request, "Две строки пропущены.")
        messages.error(request, "Файл не прочитан.")
    wrong = {"inn": "123", "kind": "no"}
    rows: list[dict[str, Any]] = [
        {"name": "Школа № 12", "kind": "Школа", "share": "58\u00a0%"},
        {"name": LONG, "kind": "Детский сад", "share": "7\u00a0%"},
    ]
    table = ExampleTable(rows, order_by=request.GET.get("sort", "name"))
    tables.RequestConfig(request, paginate=False).configure(table)
    context = {
        "page": _page(),
        "form": ExampleForm(wrong) if request.GET.get("form") == "wrong" else ExampleForm(),
        "filter_form": ExampleFilter(),
        "table": table,
        "pages": Paginator(range(1, 400), 30).get_page(request.GET.get("page", 5)),
        "heat_columns": ["Шк. 1", "Шк. 2", "Гимн. 3", "Лицей", "Сад 15"],
        "heat_rows": _heat_rows(),
        "chart": CHART,
        "map": MAP,
        "long": LONG,
        "share": Decimal("0.614"),
    }
    return render(request, "core/gallery.html", context)


def _heat_rows() -> list[dict[str, Any]]:
    names = ["Обучающиеся с ОВЗ и АООП", "Формирующее оценивание", "Планирование урока"]
    shares: list[list[int | None]] = [[71, 64, None, 44, 58], [48, 31, 46, 42, 50], [9, 14, 12, None, 16]]
    return [
        {
            "name": name,
            "total": Decimal(total) / 100,
            "cells": [None if cell is None else Decimal(cell) / 100 for cell in row],
        }
        for name, total, row in zip(names, [58, 45, 11], shares, strict=True)
    ]
