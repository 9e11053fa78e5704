"""Forms of a community: joining, its page, news, reports, changes by order."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from communities.actions.membership import organisations_of
from communities.models import (
    ChangeKind,
    Community,
    CommunityNews,
    CommunityReport,
    MemberRole,
)
from core.attachments import KINDS, check_document
from core.school_year import SchoolYear
from core.widgets import DateInput
from network.models import Organisation, Person

MARKS = "Можно выделить **важное**, сделать список строками с «-» и дать ссылку целиком, с https://."


def _words(label: str, rows: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class JoinForm(forms.Form):
    """Why, and on whose behalf where the person works in several places."""

    organisation = forms.ModelChoiceField(
        label="От какой организации", queryset=Organisation.objects.none(), empty_label=None
    )
    reason = _words(
        "Почему хотите участвовать",
        4,
        max_length=1000,
        help_text="Чем занимаетесь и чем можете быть полезны: это прочитает руководитель.",
    )

    def __init__(self, *args: Any, community: Community, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = organisations_of(person, community)
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=[one.pk for one in mine])
        if len(mine) == 1:
            self.fields["organisation"].widget = forms.HiddenInput()
            self.fields["organisation"].initial = mine[0]


class AnswerForm(forms.Form):
    """The leader's answer; a refusal says why."""

    verdict = forms.ChoiceField(
        label="Ваш ответ", choices=[("accept", "Принять"), ("decline", "Отказать")], widget=forms.RadioSelect
    )
    answer = _words("Что написать человеку", 3, required=False, max_length=1000)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") == "decline" and not data.get("answer", "").strip():
            self.add_error("answer", "Объясните отказ: человек прочитает это в письме.")
        return data


class LeavingForm(forms.Form):
    reason = forms.CharField(label="Почему", required=False, max_length=500)


class ReasonForm(forms.Form):
    """Why: read by those whom it concerns."""

    reason = forms.CharField(label="Почему", max_length=500)


class DutyForm(forms.Form):
    role = forms.ChoiceField(
        label="Обязанности",
        choices=[choice for choice in MemberRole.choices if choice[0] != MemberRole.LEADER],
        widget=forms.RadioSelect,
    )


class PageForm(forms.ModelForm):
    """What the leader tells of the community; title, goal and term are the order's."""

    class Meta:
        model = Community
        fields = ["about", "results"]
        widgets = {name: forms.Textarea(attrs={"rows": 8}) for name in ("about", "results")}
        help_texts = {
            "about": f"Как работаете, когда встречаетесь, кого зовёте. {MARKS}",
            "results": f"Что уже сделано и чем могут воспользоваться другие. {MARKS}",
        }


class NewsForm(forms.ModelForm):
    class Meta:
        model = CommunityNews
        fields = ["title", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 10})}
        help_texts = {"text": f"Новость увидят все посетители портала. {MARKS}"}


class ReportForm(forms.ModelForm):
    """The report of one school year; the years that are handed in are not offered again."""

    document = forms.FileField(label="Файл", required=False, help_text=f"Если нужен: {KINDS}.")

    class Meta:
        model = CommunityReport
        fields = ["year", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 12})}
        help_texts = {"text": "Что запланировали и что сделали, кто участвовал, что изменилось, что дальше."}

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.community = community
        if self.instance.pk:
            del self.fields["year"]
            return
        handed = set(community.reports.values_list("year", flat=True))
        first, now = SchoolYear.of(community.starts_on).start, SchoolYear.current().start
        years = [year for year in range(now, first - 1, -1) if year not in handed]
        self.fields["year"] = forms.TypedChoiceField(
            label="Учебный год", coerce=int, choices=[(year, str(SchoolYear(year))) for year in years]
        )
        # Before spring one reports of the year that is over.
        past = now - 1 if timezone.localdate().month >= 9 and now - 1 in years else None
        self.fields["year"].initial = past or (years[0] if years else None)

    def clean_document(self) -> Any:
        document = self.cleaned_data["document"]
        if document:
            check_document(document)
        return document


class ChangeForm(forms.Form):
    """What should change and why; the fields depend on the kind that the address names."""

    new_leader = forms.ModelChoiceField(
        label="Новый руководитель", queryset=Person.objects.none(), empty_label="Выберите участника"
    )
    new_ends_on = forms.DateField(label="Продлить до", widget=DateInput())
    reason = _words(
        "Почему", 4, max_length=2000, help_text="Войдёт в преамбулу проекта распорядительного акта."
    )

    def __init__(self, *args: Any, community: Community, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.community = community
        if kind != ChangeKind.LEADER:
            del self.fields["new_leader"]
        else:
            others = community.memberships.current().exclude(role=MemberRole.LEADER)
            self.fields["new_leader"].queryset = Person.objects.filter(
                pk__in=others.values("person"), is_active=True
            )
        if kind != ChangeKind.EXTENSION:
            del self.fields["new_ends_on"]

    def clean_new_ends_on(self) -> Any:
        day = self.cleaned_data["new_ends_on"]
        if day <= timezone.localdate() or (self.community.ends_on and day <= self.community.ends_on):
            raise ValidationError("Новый срок должен быть позже нынешнего и позже сегодняшнего дня.")
        return day
