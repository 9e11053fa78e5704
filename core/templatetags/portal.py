"""Tags and filters that stand in every template without {% load %}."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.utils import render_crispy_form
from django import template
from django.conf import settings
from django.template.defaultfilters import floatformat
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core.assets import icon_svg
from core.look import COOKIE, Look
from core.pages.cells import cells_of
from core.pages.filters import drawn_once

register = template.Library()

NBSP = "\u00a0"
THIN = "\u202f"
TAG_KINDS = {"", "go", "done", "wait", "stop"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """`{% icon "download" %}`: a bootstrap-icons picture beside words; screen readers pass it over."""
    return icon_svg(name)


@register.simple_tag
def tag(label: Any, kind: str = "") -> SafeString:
    """`{% tag "Утверждено" "done" %}`: a status; kind is go, done, wait, stop or nothing."""
    if kind not in TAG_KINDS:
        raise template.TemplateSyntaxError(f"tag: kind is one of {sorted(TAG_KINDS)}, not {kind!r}")
    return format_html('<span class="{}">{}</span>', f"tag {kind}".strip(), label)


@register.simple_tag
def bar(share: Any, kind: str = "") -> SafeString:
    """`{% bar 0.58 %}`: a bar for a share 0…1; the figure must stand beside it in words."""
    width = 0 if share is None else min(100, max(0, _round(Decimal(str(share)) * 100)))
    return format_html('<span class="bar {}" aria-hidden="true"><i class="w-{}"></i></span>', kind, width)


@register.filter
def percent(share: Any, digits: int = 0) -> str:
    """A share 0…1 as «58 %»; nothing known is «–»."""
    if share is None or share == "":
        return "–"
    return f"{floatformat(Decimal(str(share)) * 100, digits)}{NBSP}%"


@register.filter
def number(value: Any) -> str:
    """A number with thin spaces between thousands and a decimal comma; nothing known is «–»."""
    if value is None or value == "":
        return "–"
    text = f"{value:,}" if isinstance(value, int | float | Decimal) else str(value)
    return text.replace(",", THIN).replace(".", ",")


@register.filter
def plural(count: Any, forms: str) -> str:
    """`{{ 5|plural:"ответ,ответа,ответов" }}` is «5 ответов»: the number with the right form of the word."""
    return f"{number(count)}{NBSP}{plural_form(int(count or 0), forms)}"


@register.filter
def plural_word(count: Any, forms: str) -> str:
    """The form of the word alone, where the number stands apart."""
    return plural_form(int(count or 0), forms)


def plural_form(count: int, forms: str) -> str:
    """One of three forms: 1 ответ, 2 ответа, 5 ответов (11–14 are as 5)."""
    one, few, many = forms.split(",")
    count = abs(count)
    if 11 <= count % 100 <= 14:
        return many
    return {1: one, 2: few, 3: few, 4: few}.get(count % 10, many)


@register.filter
def heat(share: Any) -> str:
    """The step of the heat scale for a share 0…1: below 15, 30, 45, 60 %, and above."""
    return f"heat-{sum(_round(Decimal(str(share)) * 100) >= edge for edge in (15, 30, 45, 60))}"


@register.filter
def initials(name: Any) -> str:
    """«Соколова Ирина» → «СИ», for the round that stands in for a photograph."""
    return "".join(word[0] for word in str(name).split()[:2]).upper()


@register.simple_tag(takes_context=True)
def look_attributes(context: dict[str, Any]) -> SafeString:
    """The attributes of <html> that carry «Вид»; pages made without a request have the usual look."""
    look = _look(context)
    return format_html(
        'data-bs-theme="{}" data-contrast="{}" data-size="{}"', look.theme, look.contrast, look.size
    )


# Parts of the frame that are the same on many pages, and what each depends on.
FRAME: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "nav": lambda context: {
        "sections": tuple(context.get("sections", ())),
        "section": getattr(context.get("page"), "section", ""),
    },
    "find": lambda context: {},
    "looks": lambda context: {"groups": _look(context).groups()},
    "person": lambda context: {"pk": context["user"].pk, "is_staff": context["user"].is_staff},
    "links": lambda context: {},
}


@register.simple_tag(takes_context=True)
def frame(context: dict[str, Any], part: str, suffix: str = "") -> SafeString:
    """`{% frame "nav" %}`: a part of header or footer, rendered once a process for what it depends on.

    The frame is on every page, and half of the time of a short page would go into reversing its addresses.
    `suffix` tells ids of the same part apart.
    """
    depends = {**FRAME[part](context), "suffix": suffix}
    render = _render.__wrapped__ if settings.DEBUG else _render
    return render(f"partials/frame/{part}.html", tuple(depends.items()))


@lru_cache(maxsize=512)
def _render(name: str, depends: tuple[tuple[str, Any], ...]) -> SafeString:
    return render_to_string(name, dict(depends))


@register.simple_tag(takes_context=True)
def fields(context: dict[str, Any], form: Any) -> SafeString:
    """`{% fields form %}`: error summary and fields of a form, without the form element and its buttons.

    The layout of the form's own crispy helper is kept.
    """
    helper = copy(getattr(form, "helper", None) or FormHelper())
    helper.form_tag = False
    helper.disable_csrf = True
    return render_crispy_form(form, helper, context)


@register.simple_tag(takes_context=True)
def filter_fields(context: dict[str, Any], form: Any) -> SafeString:
    """`{% filter_fields filter.form %}`: as `fields`, for the filter of a list; drawn once for what it shows."""
    return mark_safe(drawn_once(form, lambda: fields(context, form)))


@register.simple_tag
def table_rows(table: Any) -> SafeString:
    """The rows of a django-tables2 table; a cell carries the title of its column for narrow screens.

    Attributes of cells are read once a column, not once a cell: half of the time of a list went there.
    """
    starts = [
        format_html('<td role="cell" data-label="{}" {}>', column.header, column.attrs["td"].as_html())
        for column in table.columns
    ]
    cells = cells_of(table)
    lines = []
    for row in table.paginated_rows:
        inside = "".join(f"{start}{cell(row)}</td>" for start, cell in zip(starts, cells, strict=True))
        lines.append(f'<tr role="row" {row.attrs.as_html() if table.row_attrs else ""}>{inside}</tr>')
    return mark_safe("\n".join(lines))


@register.simple_tag
def page_numbers(pages: Any) -> list[Any]:
    """Numbers of pages for a list: the first, the last, those around the shown one, dots between."""
    return list(pages.paginator.get_elided_page_range(pages.number, on_each_side=1, on_ends=1))


@register.simple_tag
def mistakes(form: Any) -> SafeString:
    """The list of the error summary, each mistake a link to its field."""
    lines = [("", str(error)) for error in form.non_field_errors()]
    for field in form:
        where = field.id_for_label or (f"id_{field.html_name}_0" if field.auto_id else "")
        lines += [(where, f"{field.label}: {error}") for error in field.errors]
    return format_html_join(
        "",
        "<li>{}</li>",
        ((format_html('<a href="#{}">{}</a>', where, text) if where else text,) for where, text in lines),
    )


def _look(context: dict[str, Any]) -> Look:
    request = context.get("request")
    return Look.parse(request.COOKIES.get(COOKIE, "")) if request is not None else Look()


def _round(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))
