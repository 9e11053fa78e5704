"""What is asked of those who came to an event, and how."""

from __future__ import annotations

from typing import Any

from django import forms

from diagnostics.feedback import SHIPPED, questionnaires_for
from diagnostics.models import Anonymity, Feedback, Questionnaire
from diagnostics.models.feedback import DAYS
from events.models import Event

ANONYMITY_CHOICES = [
    (Anonymity.ANONYMOUS, "Анонимно: кто что ответил, не узнает никто. Самые честные отзывы."),
    (
        Anonymity.CONFIDENTIAL,
        "Конфиденциально: свои ответы человек сможет перечитать, остальные увидят только общий итог.",
    ),
]


class FeedbackForm(forms.Form):
    """Questionnaire, anonymity and days; for a new feedback the short shipped questionnaire stands first."""

    questionnaire = forms.ModelChoiceField(
        Questionnaire.objects.none(),
        label="Анкета",
        help_text="Готовая короткая анкета или своя: опубликованная анкета для педагогов без вопросов карты затруднений.",
    )
    anonymity = forms.ChoiceField(
        label="Анонимность",
        choices=ANONYMITY_CHOICES,
        widget=forms.RadioSelect,
        initial=Anonymity.ANONYMOUS,
    )
    days = forms.IntegerField(
        label="Сколько дней принимать отзывы",
        min_value=1,
        max_value=60,
        initial=DAYS,
        help_text="Со дня, когда отзывы откроются. Итог появится, когда приём закончится.",
    )

    def __init__(self, *args: Any, event: Event, feedback: Feedback | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting = questionnaires_for(event)
        field: Any = self.fields["questionnaire"]
        field.queryset = fitting
        field.label_from_instance = _named
        if feedback is not None:
            campaign = feedback.campaign
            self.initial.update(
                questionnaire=campaign.questionnaire_id, anonymity=campaign.anonymity, days=feedback.days
            )
        elif (first := fitting.first()) is not None and first.family == SHIPPED:
            self.initial.update(questionnaire=first.pk)


def _named(questionnaire: Questionnaire) -> str:
    return f"{questionnaire.title} (версия {questionnaire.version}, около {questionnaire.minutes} мин)"
