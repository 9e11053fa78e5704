"""Feedback on an event: its terms, its results, its end, words that are hidden."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views import View
from django.views.generic.detail import SingleObjectMixin

from core.pages import Action, CardPage, ConfirmPage
from core.pages.page import ScopedMixin
from core.templatetags.portal import plural
from diagnostics.actions import feedback as actions
from diagnostics.answering import promise
from diagnostics.feedback import is_scale, mark_of
from diagnostics.feedback_portal import standing
from diagnostics.forms.feedback import FeedbackForm
from diagnostics.models import Feedback, FeedbackWords, Item
from diagnostics.other_answers import other_answers
from events.models import Event, Registration
from events.views.events import EventPage

JOINED = Feedback.objects.select_related("event__municipality", "event__host", "campaign__questionnaire")


class _Terms(EventPage, ConfirmPage):
    """The form of the terms; it says what follows from them."""

    form_class = FeedbackForm
    submit_label = "Собрать отзывы"
    feedback: Feedback | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "event": self.event, "feedback": self.feedback}

    def perform(self, form: Any) -> Feedback:
        person: Any = self.request.user
        feedback = actions.ask_for_feedback(event=self.event, by=person, **form.cleaned_data)
        opened = not feedback.is_prepared
        messages.success(
            self.request,
            f"Отзывы открыты, приглашено: {feedback.campaign.invited_count}."
            if opened
            else "Готово. Отзывы откроются сами, когда событие пройдёт и вы отметите, кто был.",
        )
        return feedback

    def get_consequences(self) -> list[str]:
        came = Registration.objects.attended().filter(event=self.event).count()
        k = self.event.municipality.smallest_group
        people = plural(came, "человек,человека,человек")
        when = (
            f"Событие прошло, присутствие отмечено: отзывы откроются сразу, приглашены будут {people}."
            if came and self.event.is_over
            else "Отзывы откроются сами, когда событие пройдёт и вы отметите, кто был."
        )
        return [
            when,
            "Каждый, кто был, получит личную ссылку: в письме с благодарностью, а если оно уже ушло, отдельным письмом.",
            "Ответить можно и со страницы события. За два дня до конца придёт одно напоминание.",
            f"Итог увидят те, кто ведёт событие, методисты и управление. Если ответят меньше {k} человек, он не "
            "показывается никому.",
        ]


class FeedbackNew(_Terms):
    """Prepare the feedback of an event; where there is one, its page."""

    queryset = Event.objects.select_related("host__municipality", "municipality", "organiser", "community")
    permission = "events.change_event"
    title = "Собрать отзывы"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        there = Feedback.objects.filter(event=self.event).first()
        return (
            HttpResponseRedirect(there.get_absolute_url()) if there else super().get(request, *args, **kwargs)
        )


class _OfFeedback(EventPage):
    """A page of one feedback; the way back leads by its event."""

    object: Any

    @property
    def event(self) -> Event:
        return self.object.event

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [*super().get_crumbs(), ("Отзывы", self.object.get_absolute_url())]


class FeedbackEdit(_OfFeedback, _Terms):
    queryset = JOINED
    permission = "diagnostics.change_feedback"
    title = "Как собираем отзывы"
    submit_label = "Сохранить"

    @property
    def feedback(self) -> Feedback:  # type: ignore[override]
        return self.object


class FeedbackCard(_OfFeedback, CardPage):
    """Who answered as a count, then shares and words; nothing of fewer than the smallest group."""

    queryset = JOINED
    permission = "diagnostics.see_feedback"
    template_name = "diagnostics/feedback.html"

    def get_crumbs(self) -> list[tuple[str, str]]:
        return super().get_crumbs()[:-1]

    def get_actions(self) -> list[Action]:
        feedback = self.object
        if not self.request.user.has_perm("diagnostics.change_feedback", feedback):
            return []
        if feedback.is_prepared:
            return [
                Action("Отказаться", f"{feedback.get_absolute_url()}deletion/"),
                Action("Изменить", f"{feedback.get_absolute_url()}edit/", "primary"),
            ]
        if feedback.is_closed:
            return []
        return [Action("Завершить приём", f"{feedback.get_absolute_url()}closing/", "stop")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        feedback = self.object
        rows = other_answers(feedback.campaign) if feedback.answers else []
        return super().get_context_data(
            **standing(feedback),
            promise=promise(feedback.campaign),
            marks=[mark_of(row) for row in rows if is_scale(row)],
            items=rows,
            topics=self._words(),
            hidden=feedback.words.filter(hidden_at__isnull=False).count(),
            may_change=self.request.user.has_perm("diagnostics.change_feedback", feedback),
            **kwargs,
        )

    def _words(self) -> list[tuple[Item, list[FeedbackWords]]]:
        """Each open question with what was written, those hidden last."""
        rows = FeedbackWords.objects.visible_to(self.request.user).filter(feedback=self.object)
        found: dict[Item, list[FeedbackWords]] = {}
        for words in rows.select_related("item__section").order_by("item__position", "hidden_at", "pk"):
            found.setdefault(words.item, []).append(words)
        for topic in found.values():
            topic.sort(key=lambda words: words.hidden_at is not None)
        return list(found.items())


class FeedbackClosing(_OfFeedback, ConfirmPage):
    queryset = JOINED
    permission = "diagnostics.change_feedback"
    title = "Завершить приём отзывов"
    submit_label = "Завершить"
    kind = "stop"
    success_message = "Приём отзывов завершён. Итог появится через несколько минут."

    def perform(self, form: Any) -> Feedback:
        return actions.close_feedback(self.object, by=self.request.user)

    def get_consequences(self) -> list[str]:
        return [
            "Ответы больше не принимаются, начатые и не отправленные удаляются.",
            "Пришедшие ответы подсчитываются, и через несколько минут здесь появится итог.",
            "Открыть отзывы снова нельзя.",
        ]


class FeedbackDeletion(_OfFeedback, ConfirmPage):
    queryset = JOINED
    permission = "diagnostics.change_feedback"
    title = "Не собирать отзывы"
    submit_label = "Не собирать"
    kind = "stop"

    def perform(self, form: Any) -> Event:
        return actions.give_up(self.object, by=self.request.user)

    def get_consequences(self) -> list[str]:
        return ["Отзывы о событии не откроются. Никого ещё не спросили, и никто об этом не узнает."]


class WordsHiding(ScopedMixin, SingleObjectMixin, View):
    """Hide one answer in own words, or show it again; asked of those who run the event."""

    http_method_names = ["post"]
    queryset = FeedbackWords.objects.select_related("feedback__event", "feedback__campaign")
    permission = "diagnostics.hide_feedbackwords"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        words, person = self.get_object(), request.user
        actions.hide_words(words, hidden=request.POST.get("act") != "show", by=person)  # type: ignore[arg-type]
        return HttpResponseRedirect(f"{words.get_absolute_url()}#words")
