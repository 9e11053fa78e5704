"""Tags and filters that stand in every template."""

from __future__ import annotations

import re
from decimal import Decimal

import django_tables2 as tables
import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError

from core.templatetags import portal

WORDS = "ответ,ответа,ответов"


def render(source: str, **context) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("count", "wanted"),
    [
        (0, "0 ответов"), (1, "1 ответ"), (2, "2 ответа"), (5, "5 ответов"), (11, "11 ответов"),
        (12, "12 ответов"), (21, "21 ответ"), (104, "104 ответа"), (111, "111 ответов"),
        (1012, "1\u202f012 ответов"),
    ],
)  # fmt: skip
def test_plural_takes_the_russian_form(count: int, wanted: str):
    assert portal.plural(count, WORDS) == wanted.replace(" ответ", "\u00a0ответ")


@pytest.mark.parametrize(
    ("share", "digits", "wanted"),
    [
        (None, 0, "–"),
        (0, 0, "0\u00a0%"),
        (0.585, 0, "59\u00a0%"),
        (Decimal("0.614"), 1, "61,4\u00a0%"),
        (1, 0, "100\u00a0%"),
    ],
)
def test_percent_reads_as_a_share(share, digits: int, wanted: str):
    assert portal.percent(share, digits) == wanted


@pytest.mark.parametrize(
    ("share", "step"),
    [(0, 0), ("0.149", 1), ("0.144", 0), ("0.15", 1), ("0.3", 2), ("0.45", 3), ("0.599", 4), (1, 4)],
)
def test_heat_step_follows_the_figure_that_is_shown(share, step: int):
    assert portal.heat(share) == f"heat-{step}"


def test_number_has_thin_spaces_and_a_decimal_comma():
    assert portal.number(1234567) == "1\u202f234\u202f567"
    assert portal.number(Decimal("2.5")) == "2,5"
    assert portal.number(None) == "–"


@pytest.mark.parametrize(("share", "width"), [(None, 0), ("0.005", 1), ("0.584", 58), (1.7, 100), (-1, 0)])
def test_bar_has_a_width_that_the_styles_know(share, width: int):
    assert f'class="w-{width}"' in portal.bar(share)


class Rows(tables.Table):
    name = tables.Column(verbose_name="Название", linkify=lambda record: f"/{record['n']}/")
    n = tables.Column(verbose_name="Число", attrs={"td": {"class": "num"}})


def test_table_cell_is_escaped_and_knows_its_column(rf):
    table = Rows([{"name": "<script>", "n": 7}])

    html = table.as_html(rf.get("/"))

    assert "<script>" not in html
    assert '<a href="/7/">&lt;script&gt;</a></td>' in html
    assert re.search(r'<td role="cell" data-label="Число" class="num">7</td>', html)


def test_tag_escapes_its_words_and_knows_its_kinds():
    assert render('{% tag label "done" %}', label="<b>") == '<span class="tag done">&lt;b&gt;</span>'
    with pytest.raises(TemplateSyntaxError):
        render('{% tag "Да" "green" %}')


class Wrong(forms.Form):
    name = forms.CharField(label="Название", help_text="Как в уставе.")
    inn = forms.CharField(label="ИНН", required=False)
    kind = forms.ChoiceField(label="Вид", choices=[("a", "А"), ("b", "Б")], widget=forms.RadioSelect)

    def clean(self) -> None:
        raise forms.ValidationError("Такая организация уже есть.")


def test_mistakes_link_to_their_fields_and_say_the_same_words():
    html = render("{% fields form %}", form=Wrong({"inn": "1"}))

    assert '<li><a href="#id_name">Название: Обязательное поле.</a></li>' in html
    assert '<li><a href="#id_kind_0">Вид: Обязательное поле.</a></li>' in html
    assert "<li>Такая организация уже есть.</li>" in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html


def test_only_optional_fields_are_marked():
    html = render("{% fields form %}", form=Wrong())

    assert html.count("(необязательно)") == 1
    assert "*" not in html


def test_input_is_kept_and_escaped_after_a_mistake():
    html = render("{% fields form %}", form=Wrong({"name": "", "inn": '"><script>'}))

    assert "&quot;&gt;&lt;script&gt;" in html
    assert "<script>" not in html
