"""Forms of an event and of its steps."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from communities.models import Community
from core.widgets import DateTimeInput
from events.forms.person_field import PersonByNameField
from events.models import Event, Series
from events.plan_rules import led_by
from network.models import Direction, Employment, Municipality, Organisation, Person

_MOMENTS = ("starts_at", "ends_at", "registration_opens_at", "registration_closes_at", "withdrawal_until")
# After the event is announced its time and place change by «перенос», which tells those signed up.
MOVED_FIELDS = ("starts_at", "ends_at", "place")


def hosts(by: Person, event: Event) -> QuerySet[Organisation]:
    """Organisations in whose name the person plans an event; the present one of an event stays possible."""
    rights = by.rights
    if rights.is_admin:
        return Organisation.objects.active()
    led = Community.objects.filter(pk__in=led_by(by)).values("municipality")
    mine = Q(municipality__in=rights.methodist_in) | Q(pk__in=rights.head_of) | Q(municipality__in=led)
    return Organisation.objects.filter(Q(mine, is_active=True) | Q(pk=event.host_id))


def named_with_place(person: Person, municipality: Municipality | None) -> str:
    """«Петрова Анна Ильинична, Школа № 3»: what the field of a person takes back whoever has the same name."""
    job = (
        Employment.objects.in_force()
        .filter(person=person, organisation__municipality=municipality)
        .select_related("organisation")
        .first()
    )
    return f"{person}, {job.organisation.short_name}" if job else str(person)


class EventForm(forms.ModelForm):
    """What an event is, when and where, and how people sign up."""

    organiser = PersonByNameField(
        label="Ответственный",
        help_text="Фамилия, имя и отчество или почта того, кто работает в сети. Он тоже сможет вести это событие.",
    )
    link = forms.URLField(
        label="Ссылка для участия",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Для вебинара. Её видят только те, кто записан.",
    )
    series_title = forms.CharField(
        label="Новая серия",
        required=False,
        max_length=250,
        help_text="Если это первое занятие постоянного семинара: как он называется.",
    )

    class Meta:
        model = Event
        fields = [
            "title", "format", "level", "direction", "audience", "description",
            "starts_at", "ends_at", "host", "organiser", "place", "link",
            "capacity", "capacity_per_organisation", "registration_opens_at", "registration_closes_at",
            "withdrawal_until", "answer_hours", "hours",
            "is_public", "community", "plan_item", "series",
        ]  # fmt: skip
        widgets = {
            **{name: DateTimeInput() for name in _MOMENTS},
            "description": forms.Textarea(attrs={"rows": 5}),
        }
        help_texts = {
            "audience": "Например: учителя математики 5–6 классов.",
            "description": "О чём пойдёт речь и что участник унесёт с собой.",
            "capacity": "Пусто – без ограничения.",
            "capacity_per_organisation": "Сколько человек может прийти от одной организации. Пусто – сколько угодно.",
            "registration_opens_at": "Пусто – как только вы откроете запись.",
            "registration_closes_at": "Пусто – до начала события.",
            "withdrawal_until": "До этого времени участник снимает запись сам. Пусто – до начала.",
            "answer_hours": (
                "Столько часов освободившееся место держится за первым в листе ожидания. "
                "Если до начала осталось мало времени или здесь 0, место достаётся ему сразу."
            ),
            "hours": "Для сертификата: академических часов.",
            "is_public": "Снимите, если событие только для своих: посторонние его не увидят.",
            "community": "Если событие проводит сообщество.",
            "plan_item": "Если событие стоит в плане: отметка о выполнении появится сама.",
        }

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        fields: dict[str, Any] = self.fields
        fields["host"].queryset = hosts(by, self.instance)
        fields["host"].empty_label = "Выберите организацию"
        fields["direction"].queryset = Direction.objects.filter(is_active=True)
        places = set(fields["host"].queryset.order_by().values_list("municipality", flat=True).distinct())
        fields["community"].queryset = self._communities(places)
        fields["series"].queryset = Series.objects.filter(municipality__in=places)
        fields["plan_item"].queryset = self._items()
        for name in ("direction", "community", "series", "plan_item"):
            fields[name].empty_label = "Не выбрано"
        for name in ("community", "series", "plan_item"):
            if not fields[name].queryset.exists():
                del fields[name]
        self._organiser(places)
        if self.instance.announced_at:
            for name in MOVED_FIELDS:
                del fields[name]
        self.helper = _layout(self.fields)

    def _communities(self, places: set[int]) -> QuerySet:
        rights = self.by.rights
        mine = Q(municipality__in=rights.methodist_in) | Q(pk__in=led_by(self.by))
        found = Community.objects.filter(municipality__in=places).exclude(state="closed")
        found = found if rights.is_admin else found.filter(mine)
        return found | Community.objects.filter(pk=self.instance.community_id)

    def _items(self) -> QuerySet:
        """The item it came from: chosen on the plan («создать событие»), kept here."""
        from events.models import PlanItem

        asked = self.instance.plan_item_id or self.initial.get("plan_item")
        return PlanItem.objects.visible_to(self.by).filter(pk=asked) if asked else PlanItem.objects.none()

    def _organiser(self, places: set[int]) -> None:
        field: Any = self.fields["organiser"]
        first = self.instance.host_id and self.instance.host.municipality
        field.municipality = first or Municipality.objects.filter(pk__in=places).order_by("pk").first()
        who = self.instance.organiser if self.instance.organiser_id else self.by
        self.initial["organiser"] = named_with_place(who, field.municipality)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        starts, ends = (data.get(name, getattr(self.instance, name)) for name in ("starts_at", "ends_at"))
        if starts and ends and ends <= starts:
            self.add_error("ends_at", "Событие кончается раньше, чем начинается. Проверьте время.")
        if starts and "starts_at" in self.changed_data and starts < timezone.now() - dt.timedelta(days=366):
            self.add_error("starts_at", "Эта дата больше года назад. Проверьте год.")
        self._check_window(data, starts)
        total, each = data.get("capacity"), data.get("capacity_per_organisation")
        if total and each and each > total:
            self.add_error("capacity_per_organisation", "От одной организации больше мест, чем есть всего.")
        if data.get("series") and data.get("series_title"):
            self.add_error("series_title", "Выберите серию из списка или назовите новую, а не то и другое.")
        host = data.get("host")
        if host is not None:
            self.instance.municipality = host.municipality
        return data

    def _check_window(self, data: dict[str, Any], starts: dt.datetime | None) -> None:
        opens, closes = data.get("registration_opens_at"), data.get("registration_closes_at")
        if opens and closes and closes <= opens:
            self.add_error("registration_closes_at", "Запись закрывается раньше, чем открывается.")
        for name in ("registration_opens_at", "registration_closes_at", "withdrawal_until"):
            if starts and data.get(name) and data[name] > starts:
                self.add_error(name, "Это уже после начала события.")


def _layout(fields: dict[str, Any]) -> FormHelper:
    parts = {
        "О чём": ["title", "format", "level", "direction", "audience", "description"],
        "Когда и где": ["starts_at", "ends_at", "host", "organiser", "place", "link"],
        "Запись": [
            "capacity", "capacity_per_organisation", "registration_opens_at", "registration_closes_at",
            "withdrawal_until", "answer_hours", "hours",
        ],
        "Кому видно и к чему относится": ["is_public", "community", "plan_item", "series", "series_title"],
    }  # fmt: skip
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(
        *(
            Fieldset(title, *(name for name in names if name in fields), css_class="part")
            for title, names in parts.items()
        )
    )
    return helper


class CloneForm(forms.Form):
    starts_at = forms.DateTimeField(label="Новое начало", widget=DateTimeInput())


class MoveForm(forms.Form):
    """Another time or place and why."""

    starts_at = forms.DateTimeField(label="Новое начало", widget=DateTimeInput())
    ends_at = forms.DateTimeField(label="Новое окончание", widget=DateTimeInput())
    place = forms.CharField(label="Место", required=False, max_length=300)
    registration_closes_at = forms.DateTimeField(
        label="Запись закрывается",
        required=False,
        widget=DateTimeInput(),
        help_text="Пусто – до начала события.",
    )
    withdrawal_until = forms.DateTimeField(
        label="Отказаться можно до",
        required=False,
        widget=DateTimeInput(),
        help_text="Пусто – до начала события.",
    )
    reason = forms.CharField(
        label="Почему переносится", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )

    def clean_starts_at(self) -> dt.datetime:
        moment = self.cleaned_data["starts_at"]
        if moment < timezone.now():
            raise ValidationError("Это время уже прошло.")
        return moment

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", "Событие кончается раньше, чем начинается. Проверьте время.")
        for name in ("registration_closes_at", "withdrawal_until"):
            if starts and data.get(name) and data[name] > starts:
                self.add_error(name, "Это уже после начала события.")
        return data


class ReasonForm(forms.Form):
    """Why: read by those whom it concerns."""

    reason = forms.CharField(label="Почему", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class ReportForm(forms.ModelForm):
    """What came of it."""

    recording = forms.URLField(
        label="Видеозапись",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Адрес записи, если она есть.",
    )

    class Meta:
        model = Event
        fields = ["results", "recording"]
        widgets = {"results": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "results": "Что сделали, к чему пришли, что дальше: это увидят все, кто видит событие.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["results"].required = True
