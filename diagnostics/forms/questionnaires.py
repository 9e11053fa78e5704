"""Forms of the editor: plain ones, one thing each."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from diagnostics.actions.questionnaires import OTHER
from diagnostics.forms.campaigns import editable_places
from diagnostics.models import Item, Questionnaire, Section
from network.models import Direction, Municipality, Person

LARGEST_FORM = 5 * 1024 * 1024


class PlaceMixin(forms.Form):
    """Asks for the municipality only of who works in several."""

    municipality = forms.ModelChoiceField(Municipality.objects.none(), label="Муниципалитет")

    def limit_places(self, by: Person) -> None:
        places = Municipality.objects.filter(editable_places(by))
        self.fields["municipality"].queryset = places  # type: ignore[attr-defined]
        two = list(places[:2])
        if len(two) == 1:
            field = self.fields["municipality"]
            field.required, field.initial, field.disabled = False, two[0].pk, True
            field.widget = forms.HiddenInput()


class CopyForm(PlaceMixin):
    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limit_places(by)


class HeadForm(forms.ModelForm):
    """What stands on the first page of the questionnaire."""

    class Meta:
        model = Questionnaire
        fields = ["title", "intro", "audience", "minutes"]
        widgets = {"intro": forms.Textarea(attrs={"rows": 3})}
        help_texts = {"minutes": "Сколько времени займёт анкета: это скажут отвечающему."}


class NewForm(PlaceMixin, HeadForm):
    class Meta(HeadForm.Meta):
        pass

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limit_places(by)


class UploadForm(PlaceMixin):
    file = forms.FileField(
        label="Файл XLSForm", help_text="XLSX или XLS с листами survey и choices, до 5 МБ."
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limit_places(by)
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.xls"

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FORM:
            raise ValidationError(
                "Файл больше 5 МБ. Таблица с анкетой такой не бывает: выберите другой файл."
            )
        return file


class SectionForm(forms.ModelForm):
    class Meta:
        model = Section
        fields = ["title", "intro"]
        widgets = {"intro": forms.Textarea(attrs={"rows": 2})}


class ItemForm(forms.ModelForm):
    """One item; choices are lines of a text, so that nothing needs a script."""

    choices = forms.CharField(
        label="Варианты ответа",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Каждый с новой строки. Нужны, когда вид вопроса «один ответ» или «несколько ответов».",
    )
    with_other = forms.BooleanField(label="Добавить «Другое» со своими словами", required=False)

    class Meta:
        model = Item
        fields = ["text", "hint", "kind", "scale", "direction", "required"]
        labels = {"scale": "Шкала"}
        help_texts = {
            "scale": "Нужна, когда вид вопроса «шкала»: из её ответов видно затруднение.",
            "direction": "К чему относится вопрос. Без направления он не попадёт на карту затруднений.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scale"].empty_label = "Без шкалы"  # type: ignore[attr-defined]
        self.fields["direction"] = forms.ChoiceField(
            label="Направление",
            required=False,
            choices=direction_choices(),
            help_text=self.Meta.help_texts["direction"],
        )
        if self.instance.pk:
            self.initial["direction"] = self.instance.direction_id or ""
            options = list(self.instance.options.all())
            self.initial["choices"] = "\n".join(o.label for o in options if o.code != OTHER)
            self.initial["with_other"] = any(o.code == OTHER for o in options)

    def clean_direction(self) -> Direction | None:
        value = self.cleaned_data["direction"]
        return Direction.objects.get(pk=value) if value else None

    def clean_choices(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["choices"].splitlines()]
        labels = [line for line in lines if line]
        if len(set(labels)) != len(labels):
            raise ValidationError("Два варианта ответа одинаковы. Оставьте один из них.")
        if any(len(label) > 250 for label in labels):
            raise ValidationError("Вариант ответа длиннее 250 знаков. Сократите его.")
        return labels

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind = data.get("kind")
        if kind == Item.Kind.SCALE and not data.get("scale"):
            self.add_error("scale", "Выберите шкалу: без неё на вопрос нечем ответить.")
        if kind != Item.Kind.SCALE:
            data["scale"] = None
        count = len(data.get("choices") or []) + bool(data.get("with_other"))
        if kind in (Item.Kind.SINGLE, Item.Kind.MULTIPLE) and "choices" in data and count < 2:
            self.add_error("choices", "Впишите хотя бы два варианта ответа, каждый с новой строки.")
        return data


def direction_choices() -> list[Any]:
    """Themes in use, grouped by area."""
    areas = Direction.objects.filter(parent=None, is_active=True).prefetch_related("children")
    return [
        ("", "Не относится к направлению"),
        *(
            (
                area.name,
                [
                    (area.pk, f"{area.name}: в целом"),
                    *((theme.pk, theme.name) for theme in area.children.all() if theme.is_active),
                ],
            )
            for area in areas
        ),
    ]
