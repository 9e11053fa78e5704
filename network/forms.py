"""Forms of organisations and people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.pictures import PictureField
from core.widgets import DateInput
from network.access import roles_to_give
from network.models import Category, Employment, Municipality, Organisation, Person, Subject

_PLACE = ["address", "latitude", "longitude"]
_CONTACTS = ["phone", "email", "website"]
_VISITING_CARD = ["strengths", "offers", "photo"]


class VisitingCardForm(forms.ModelForm):
    """What the head of an organisation keeps: where it is, how to reach it, what it shares."""

    website = forms.URLField(label="Сайт", required=False, assume_scheme="https")
    photo = PictureField(label="Фотография", required=False, help_text="JPEG, PNG или WebP до 8 МБ.")

    class Meta:
        model = Organisation
        fields = ["short_name", *_PLACE, *_CONTACTS, *_VISITING_CARD]
        widgets = {
            "strengths": forms.Textarea(attrs={"rows": 4}),
            "offers": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "strengths": "Две-три фразы: в чём опыт вашей организации полезен другим.",
            "offers": "Что другие могут у вас попросить: наставника, кабинет, программу, стажировку.",
        }

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None):
            raise ValidationError("Укажите и широту, и долготу, или оставьте оба поля пустыми.")
        return cleaned


class OrganisationForm(VisitingCardForm):
    """The whole card, for those who keep the registry of the municipality."""

    class Meta(VisitingCardForm.Meta):
        fields = [
            "municipality", "short_name", "full_name", "kind", "inn", "ogrn",
            *_PLACE, *_CONTACTS, *_VISITING_CARD, "risk_profile", "difficult_conditions", "is_active",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["municipality"]
            return
        managed = Municipality.objects.managed_by(self.by)
        field = self.fields["municipality"]
        field.queryset = managed
        if len(managed) == 1:
            field.initial, field.widget = managed[0], forms.HiddenInput()

    def clean_inn(self) -> str | None:
        return self.cleaned_data["inn"] or None


class PersonForm(forms.ModelForm):
    """A person's data; the e-mail, with which they sign in, is corrected by those who keep the staff
    until the first sign-in, later by an administrator alone: else a corrected address would be a way in.
    """

    photo = PictureField(label="Фотография", required=False, help_text="JPEG, PNG или WebP до 8 МБ.")

    class Meta:
        model = Person
        fields = [
            "last_name", "first_name", "patronymic", "email", "phone",
            "category", "service_since", "about", "photo", "shows_page",
        ]  # fmt: skip
        widgets = {"about": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "shows_page": "Все посетители портала увидят имя, место работы, фотографию и «о себе». "
            "Телефон и почту не увидит никто, кроме вашего руководителя и методистов.",
        }

    own_page = ("about", "photo", "shows_page")

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if by.pk != self.instance.pk:
            # What to show of oneself is the person's own decision.
            for name in self.own_page:
                del self.fields[name]
        if not may_correct_email(by, self.instance):
            del self.fields["email"]


def may_correct_email(by: Person, person: Person) -> bool:
    if by.rights.is_admin:
        return True
    return person.pk != by.pk and person.last_login is None and by.has_perm("network.close_person", person)


class EmploymentForm(forms.ModelForm):
    """A new place of work, and the person who takes it."""

    last_name = forms.CharField(label="Фамилия", max_length=80)
    first_name = forms.CharField(label="Имя", max_length=80)
    patronymic = forms.CharField(label="Отчество", max_length=80, required=False)
    email = forms.EmailField(
        label="Электронная почта",
        required=False,
        help_text="С ней человек входит на портал. Если человек с такой почтой уже есть, добавится место работы.",
    )
    category = forms.ChoiceField(
        label="Квалификационная категория", choices=Category.choices, initial=Category.NONE
    )
    service_since = forms.IntegerField(
        label="Педагогический стаж с года", required=False, min_value=1940, max_value=2100
    )
    subject = forms.ModelChoiceField(label="Предмет", queryset=Subject.objects.all(), required=False)
    invited = forms.BooleanField(label="Послать приглашение на почту", required=False, initial=True)

    class Meta:
        model = Employment
        fields = ["organisation", "role", "position", "subject", "starts_on"]
        widgets = {"starts_on": DateInput()}

    field_order = [
        "last_name", "first_name", "patronymic", "email", "organisation", "role", "position",
        "subject", "category", "service_since", "starts_on", "invited",
    ]  # fmt: skip

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["organisation"].queryset = Organisation.objects.active().editable_by(by)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        organisation, role = cleaned.get("organisation"), cleaned.get("role")
        if organisation and role and role not in roles_to_give(self.by, organisation):
            self.add_error("role", f"В организации «{organisation}» вы не можете назначить эту роль.")
        if cleaned.get("invited") and not cleaned.get("email"):
            cleaned["invited"] = False
        return cleaned

    def person(self) -> Person:
        names = ("last_name", "first_name", "patronymic", "category", "service_since")
        return Person(
            email=self.cleaned_data["email"] or None, **{name: self.cleaned_data[name] for name in names}
        )


class EndForm(forms.Form):
    """The last day of work."""

    last_day = forms.DateField(label="Последний рабочий день", widget=DateInput(), initial=timezone.localdate)

    def __init__(self, *args: Any, employment: Employment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.employment = employment

    def clean_last_day(self) -> Any:
        day = self.cleaned_data["last_day"]
        if day < self.employment.starts_on:
            raise ValidationError(
                f"Работа началась {self.employment.starts_on:%d.%m.%Y}: день не может быть раньше."
            )
        return day
