"""Forms of the page that plans support for a finding."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from core.widgets import DateTimeInput
from diagnostics.models import Finding
from diagnostics.support import existing
from events.models import EventFormat
from events.prefill import USUAL_START
from network.models import Person

AHEAD = dt.timedelta(days=21)


def usual_moment() -> dt.datetime:
    """Three weeks ahead, on a working day, in the afternoon."""
    day = timezone.localdate() + AHEAD
    while day.weekday() > 4:
        day += dt.timedelta(days=1)
    return timezone.make_aware(dt.datetime.combine(day, USUAL_START))


class EventPlanForm(forms.Form):
    """What is needed to plan an event; the rest is prefilled and can be changed on its page."""

    title = forms.CharField(label="Название события", max_length=300)
    format = forms.ChoiceField(label="Форма", choices=EventFormat.choices)
    starts_at = forms.DateTimeField(
        label="Начало",
        widget=DateTimeInput(),
        help_text="Предварительно: событие увидят, когда вы его объявите.",
    )

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        super().__init__(*args, prefix="event", **kwargs)
        self.initial = {
            "title": f"Мастер-класс «{finding.direction}»"[:300],
            "format": EventFormat.MASTER_CLASS,
            "starts_at": usual_moment(),
        }

    def clean_starts_at(self) -> dt.datetime:
        moment = self.cleaned_data["starts_at"]
        if moment <= timezone.now():
            raise forms.ValidationError("Это время уже прошло: назовите день, который впереди.")
        return moment


class ApplicationDraftForm(forms.Form):
    title = forms.CharField(
        label="Как назвать сообщество",
        max_length=200,
        help_text="Проблема, ожидаемый результат и направление перейдут из вывода; всё можно изменить.",
    )

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        super().__init__(*args, prefix="application", **kwargs)
        self.initial = {"title": str(finding.direction)[:200]}


class ExistingForm(forms.Form):
    """An event or a community of the same direction; `record` is the one that was chosen."""

    record = forms.ChoiceField(label="Событие или сообщество", widget=forms.RadioSelect)

    def __init__(self, *args: Any, finding: Finding, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, prefix="existing", **kwargs)
        found = existing(finding, person)
        self.known = {f"{kind}-{one.pk}": one for kind, rows in found.items() for one in rows}
        self.fields["record"].choices = [  # type: ignore[attr-defined]
            (key, self._label(key.partition("-")[0], one)) for key, one in self.known.items()
        ]

    @staticmethod
    def _label(kind: str, one: Any) -> str:
        if kind == "event":
            return f"{one}, {timezone.localtime(one.starts_at):%d.%m.%Y} ({one.status_label.lower()})"
        return f"{one} ({'сообщество' if kind == 'community' else 'заявление о сообществе'})"

    def clean_record(self) -> Any:
        return self.known[self.cleaned_data["record"]]
