"""Who is signed up for an event: for those who run it, with a spreadsheet."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from core.pages import Action, ListPage
from core.templatetags.portal import plural
from events.filters import ParticipantFilter
from events.models import Event, Registration
from events.tables import ParticipantTable
from events.views.events import EventPage
from network.models import Employment

STATE = Registration.State


class ParticipantsView(EventPage, ListPage):
    """Signed up, waiting in their order, and those who left."""

    permission = "events.see_participants_event"
    model = Registration
    table_class = ParticipantTable
    filterset_class = ParticipantFilter
    template_name = "events/participants.html"
    paginate_by = 50
    empty_title = "Пока никто не записался"
    empty_text = "Когда запись открыта, педагоги записываются сами или их записывает руководитель."
    export_name = "uchastniki"
    export_columns = [
        ("Фамилия", "person__last_name"),
        ("Имя", "person__first_name"),
        ("Отчество", "person__patronymic"),
        ("Электронная почта", "person__email"),
        ("Организация", "organisation__short_name"),
        ("Должность", "position"),
        ("Запись", "get_state_display"),
        ("Место в листе ожидания", lambda row: row.in_line if row.state == STATE.WAITING else None),
        ("Когда записан", lambda row: timezone.localtime(row.registered_at).replace(tzinfo=None)),
        ("Кто записал", "registered_by"),
        ("Роль", "get_role_display"),
        ("Присутствие", lambda row: row.get_attendance_display() if row.attendance else ""),
        ("Часов", "hours"),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            visible = Event.objects.visible_to(request.user).select_related("host", "municipality")
            self.object = get_object_or_404(visible, pk=self.kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def check_permission(self, obj: Any = None) -> None:
        super().check_permission(self.event)

    def get_title(self) -> str:
        return f"Кто записан: {self.event}"

    def get_queryset(self) -> QuerySet:
        job = Employment.objects.in_force().filter(
            person=OuterRef("person"), organisation=OuterRef("organisation")
        )
        line = Window(RowNumber(), partition_by=[F("state")], order_by=F("queue").asc(nulls_last=True))
        return (
            Registration.objects.filter(event=self.event)
            .select_related("person", "organisation", "registered_by")
            .annotate(position=Subquery(job.values("position")[:1]), in_line=line)
            .order_by("state", "queue", "person__last_name", "person__first_name", "pk")
        )

    def get_actions(self) -> list[Action]:
        event, person = self.event, self.request.user
        if not (event.takes_registrations and person.has_perm("events.change_event", event)):
            return []
        shown = [Action("Записать людей", reverse("events:registration-staff", args=[event.pk]), "primary")]
        if event.series_id:
            url = reverse("events:registration-series", args=[event.pk])
            shown.insert(0, Action("Записать участников серии", url))
        return shown

    def get_table_kwargs(self) -> dict[str, Any]:
        may_remove = self.request.user.has_perm("events.change_event", self.event)
        return {"may_remove": may_remove and not self.event.has_begun}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = self.event.registrations.aggregate(
            registered=Count("pk", filter=Q(state=STATE.REGISTERED)),
            waiting=Count("pk", filter=Q(state=STATE.WAITING)),
            offered=Count("pk", filter=Q(state=STATE.OFFERED)),
            places=Count("organisation", filter=Q(state=STATE.REGISTERED), distinct=True),
        )
        words = [
            plural(counts["registered"], "записан,записаны,записаны"),
            f"из {plural(counts['places'], 'организации,организаций,организаций')}",
        ]
        if self.event.capacity:
            words.append(f"мест {self.event.capacity}")
        if counts["waiting"]:
            words.append(f"ждут {counts['waiting']}")
        if counts["offered"]:
            words.append(f"решают {counts['offered']}")
        return super().get_context_data(summary=", ".join(words), **kwargs)
