"""Writing an application, steps with a reason, conclusion, opinions; the filter of the list."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from communities.models import (
    CommunityApplication,
    CommunityKind,
    ExpertOpinion,
    Suggestion,
    Verdict,
)
from core.anycase import any_case
from core.school_year import SchoolYear, school_year_choices
from core.widgets import DateInput
from network.models import Direction, Organisation, Person

# The longest term a form takes, in years: a longer one is a slip of the pen.
LONGEST = 10


class DirectionField(forms.ModelChoiceField):
    """Themes under their areas."""

    def label_from_instance(self, direction: Direction) -> str:  # type: ignore[override]
        return f"{direction.parent} – {direction}" if direction.parent else str(direction)


def directions() -> QuerySet[Direction]:
    return (
        Direction.objects.filter(is_active=True)
        .select_related("parent")
        .order_by("parent__position", "parent__name", "position", "name")
    )


class ApplicationForm(forms.ModelForm):
    """What the community is for; with the button «Сохранить черновик» only its name is asked."""

    direction = DirectionField(
        label="Направление",
        queryset=directions(),
        empty_label="Выберите",
        help_text="На какое затруднение отвечает сообщество: заявление увидят рядом с картой затруднений.",
    )

    class Meta:
        model = CommunityApplication
        fields = [
            "title",
            "kind",
            "initiator_organisation",
            "direction",
            "problem",
            "goal",
            "expected_result",
            "starts_on",
            "ends_on",
        ]
        widgets = {
            "problem": forms.Textarea(attrs={"rows": 5}),
            "goal": forms.Textarea(attrs={"rows": 2}),
            "expected_result": forms.Textarea(attrs={"rows": 4}),
            "starts_on": DateInput(),
            "ends_on": DateInput(),
        }
        labels = {"initiator_organisation": "От какой организации", "title": "Как назвать сообщество"}
        help_texts = {
            "title": "Коротко, без вида и кавычек: «Классный руководитель: первые шаги».",
            "problem": "Что даётся трудно, кому и откуда это видно: числа, примеры.",
            "expected_result": "Что появится и что изменится, чтобы это можно было проверить.",
            "starts_on": "Сообщество начинает работу не раньше даты распорядительного акта.",
        }

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            del self.fields["initiator_organisation"]
        else:
            mine = Organisation.objects.active()
            if not person.rights.is_admin:
                mine = mine.filter(pk__in=person.rights.organisation_ids)
            field = self.fields["initiator_organisation"]
            field.queryset, field.required, field.empty_label = mine, True, None
        for name in ("problem", "expected_result", "starts_on", "ends_on"):
            self.fields[name].required = True
        if "draft" in self.data:
            for name in ("direction", "problem", "expected_result", "starts_on", "ends_on"):
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("starts_on"), data.get("ends_on")
        if not start or not end:
            return data
        if end <= start:
            self.add_error("ends_on", "Окончание работы должно быть позже начала.")
        elif end > start + dt.timedelta(days=366 * LONGEST):
            self.add_error("ends_on", f"Срок больше {LONGEST} лет: проверьте год.")
        elif end <= timezone.localdate() and "draft" not in self.data:
            self.add_error("ends_on", "Этот день уже прошёл: назовите срок, который впереди.")
        return data


class ReasonForm(forms.Form):
    """Why: whoever it concerns reads it in a letter and in the history."""

    reason = forms.CharField(label="Почему", widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label="Почему", required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


class ConclusionForm(forms.ModelForm):
    """What the methodist makes of the application and suggests to the official."""

    class Meta:
        model = CommunityApplication
        fields = ["conclusion_suggests", "conclusion"]
        widgets = {"conclusion": forms.Textarea(attrs={"rows": 7})}
        labels = {"conclusion": "Заключение", "conclusion_suggests": "Что вы предлагаете"}
        help_texts = {"conclusion": "Состав, срок, измеримость результата, связь с затруднением, советы."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        suggests = self.fields["conclusion_suggests"]
        suggests.required = self.fields["conclusion"].required = True
        suggests.widget = forms.RadioSelect(choices=Suggestion.choices)


class PeopleField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, person: Person) -> str:  # type: ignore[override]
        return person.get_full_name()


class OpinionsForm(forms.Form):
    """Whom to ask and until when."""

    experts = PeopleField(
        label="Кого спросить", queryset=Person.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    due_on = forms.DateField(label="Ответить до", widget=DateInput())

    def __init__(self, *args: Any, experts: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["experts"].queryset = Person.objects.filter(pk__in=[one.pk for one in experts])

    def clean_due_on(self) -> dt.date:
        day = self.cleaned_data["due_on"]
        if day < timezone.localdate():
            raise forms.ValidationError("Этот день уже прошёл.")
        return day


class OpinionForm(forms.ModelForm):
    class Meta:
        model = ExpertOpinion
        fields = ["verdict", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 7})}
        labels = {"text": "Мнение"}
        help_texts = {
            "text": "Что убеждает, что смущает, что посоветуете. Его прочтут методист и специалист."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verdict"].required = self.fields["text"].required = True
        self.fields["verdict"].widget = forms.RadioSelect(choices=Verdict.choices)


class ApplicationFilter(filters.FilterSet):
    q = filters.CharFilter(label="Название или проблема", method="by_words")
    state = filters.ChoiceFilter(
        label="Состояние", choices=CommunityApplication.State.choices, empty_label="Любое"
    )
    kind = filters.ChoiceFilter(label="Вид", choices=CommunityKind.choices, empty_label="Любой")
    direction = filters.ModelChoiceFilter(
        label="Направление", queryset=directions().only("name", "parent__name"), empty_label="Любое"
    )
    year = filters.ChoiceFilter(
        label="Учебный год подачи", choices=school_year_choices, empty_label="Любой", method="by_year"
    )
    mine = filters.BooleanFilter(label="Только мои", method="only_mine", widget=forms.CheckboxInput)
    late = filters.BooleanFilter(label="Срок прошёл", method="only_late", widget=forms.CheckboxInput)

    class Meta:
        model = CommunityApplication
        fields = ["q", "state", "kind", "direction", "year", "mine", "late"]

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(any_case(["title", "problem", "expected_result"], value))

    def by_year(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        year = SchoolYear(int(value))
        return queryset.filter(submitted_at__date__range=(year.starts_on, year.ends_on))

    def only_mine(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.filter(initiator=self.request.user) if value else queryset

    def only_late(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.overdue() if value else queryset
