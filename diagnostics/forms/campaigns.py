"""Terms of a campaign, each said in words a methodist can weigh."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from core.widgets import DateInput
from diagnostics.forms.audience import AudienceMixin
from diagnostics.models import Anonymity, Audience, Campaign, Questionnaire
from network.models import Municipality, Organisation, Person

ANONYMITY_CHOICES = [
    (
        Anonymity.ANONYMOUS,
        "Анонимный: имя и время не хранятся, кто что ответил, не узнает никто. Самые честные ответы.",
    ),
    (
        Anonymity.CONFIDENTIAL,
        "Конфиденциальный: ответы видит сам человек, остальные видят только сводные цифры.",
    ),
    (Anonymity.NAMED, "Именной: ответы каждого видят методисты, чтобы помогать лично."),
]
WITHOUT_ACCOUNTS = (Audience.PUPILS, Audience.PARENTS)


class CampaignForm(AudienceMixin, forms.ModelForm):
    """A draft of a campaign; nothing of it can be changed after launch."""

    class Meta:
        model = Campaign
        fields = [
            "municipality",
            "questionnaire",
            "title",
            "purpose",
            "opens_on",
            "closes_on",
            "anonymity",
            "open_link",
            "early_career_only",
            "auto_reminders",
            "by_organisation",
            "by_subject",
            "by_category",
            "by_years",
            "exclude_straightlined",
            "interim_map",
            "previous",
        ]
        widgets = {
            "opens_on": DateInput(),
            "closes_on": DateInput(),
            "anonymity": forms.RadioSelect(),
            "purpose": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "title": "Его увидят в письме и на первой странице опроса.",
            "purpose": "Зачем спрашиваете и что сделаете с ответами: одна-две фразы.",
            "closes_on": "Включительно. В этот день ответы ещё принимаются.",
            "early_career_only": "Стаж до трёх лет; у кого стаж не указан, приглашения не получит.",
            "previous": "Карта покажет, что изменилось с того опроса по тем же вопросам.",
        }

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._municipalities(Municipality.objects.filter(editable_places(by)))
        questionnaires = Questionnaire.objects.visible_to(by).filter(state=Questionnaire.State.PUBLISHED)
        self.fields["questionnaire"].queryset = questionnaires  # type: ignore[attr-defined]
        self.fields["questionnaire"].label_from_instance = _named  # type: ignore[attr-defined]
        self.fields["questionnaire"].empty_label = "Выберите анкету"  # type: ignore[attr-defined]
        earlier = Campaign.objects.editable_by(by).filter(state=Campaign.State.CLOSED)
        self.fields["previous"].queryset = earlier  # type: ignore[attr-defined]
        self.fields["previous"].empty_label = "Ни с каким"  # type: ignore[attr-defined]
        self.fields["anonymity"].choices = ANONYMITY_CHOICES  # type: ignore[attr-defined]
        several = "municipality" in self.fields
        places = Organisation.objects.active()
        if several:
            places = places.filter(municipality__in=Municipality.objects.filter(editable_places(by)))
        else:
            places = places.filter(municipality=self.instance.municipality_id)
        self.prepare_audience(places)
        self.helper = _layout(several, self.is_limited)

    def _municipalities(self, places: Any) -> None:
        choices = list(places[:2])
        if len(choices) == 1:
            del self.fields["municipality"]
            self.instance.municipality = choices[0]
        else:
            self.fields["municipality"].queryset = places  # type: ignore[attr-defined]

    def clean_closes_on(self) -> Any:
        day = self.cleaned_data["closes_on"]
        if day < timezone.localdate():
            raise ValidationError("Этот день уже прошёл. Укажите сегодняшний или более поздний.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        opens, closes = data.get("opens_on"), data.get("closes_on")
        if opens and closes and closes < opens:
            self.add_error("closes_on", "Опрос закрывается раньше, чем открывается. Проверьте даты.")
        if data.get("open_link") and data.get("anonymity") != Anonymity.ANONYMOUS:
            self.add_error(
                "open_link",
                "По общей ссылке портал не знает, кто отвечает: такой опрос бывает только анонимным.",
            )
        self._check_questionnaire(data)
        self.check_audience(data)
        self._check_places(data)
        return data

    def _check_places(self, data: dict[str, Any]) -> None:
        municipality = data.get("municipality") or getattr(self.instance, "municipality", None)
        chosen = data.get("organisations")
        if municipality and chosen is not None and chosen.exclude(municipality=municipality).exists():
            self.add_error("organisations", "Здесь есть организации другого муниципалитета: снимите отметки.")

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        self.instance.chosen_only = self.cleaned_data.get("chosen_only", False)
        self.instance.categories = self.cleaned_data.get("categories", [])

    @property
    def limits(self) -> dict[str, Any]:
        """The rows of the audience, for `save_draft`."""
        return {name: self.cleaned_data[name] for name in ("organisations", "subjects")}

    def _check_questionnaire(self, data: dict[str, Any]) -> None:
        questionnaire, municipality = data.get("questionnaire"), data.get("municipality")
        municipality = municipality or getattr(self.instance, "municipality", None)
        if questionnaire is None:
            return
        if questionnaire.audience in WITHOUT_ACCOUNTS and not data.get("open_link"):
            self.add_error(
                "open_link",
                f"У этой анкеты отвечают {questionnaire.get_audience_display()}: "
                "учётных записей у них нет, нужна общая ссылка.",
            )
        if municipality and questionnaire.municipality_id not in (None, municipality.pk):
            self.add_error("questionnaire", "Эта анкета другого муниципалитета.")


def _named(questionnaire: Questionnaire) -> str:
    return f"{questionnaire.title} (версия {questionnaire.version}, {questionnaire.get_audience_display()})"


def _layout(several: bool, limited: bool) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    first = ["questionnaire", "title", "purpose", "opens_on", "closes_on"]
    helper.layout = Layout(
        Fieldset("О чём и когда", *(["municipality"] if several else []), *first, css_class="part"),
        Fieldset(
            "Кто отвечает",
            "chosen_only",
            Field("organisations", wrapper_class="pick of-chosen"),
            Fieldset(
                "Только часть педагогов: по предмету, категории или стажу",
                Field("subjects", wrapper_class="pick"),
                Field("categories", wrapper_class="pick"),
                "early_career_only",
                template="bootstrap5/layout/fold.html",
                open=limited,
            ),
            css_class="part audience",
        ),
        Fieldset("Как спрашиваем", "anonymity", "open_link", "auto_reminders", css_class="part"),
        Fieldset(
            "Что сравнивать",
            *("by_organisation", "by_subject", "by_category", "by_years"),
            *("exclude_straightlined", "interim_map", "previous"),
            css_class="part",
        ),
    )
    return helper


def editable_places(by: Person) -> Q:
    """Municipalities where the person is a methodist; everywhere for an administrator."""
    return Q() if by.rights.is_admin else Q(pk__in=by.rights.methodist_in)
