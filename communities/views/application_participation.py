"""Yes or no of those who were asked to take part."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404

from communities.actions import participants
from communities.models import Answer
from communities.views.application_card import own_answers
from communities.views.applications import ApplicationPages
from core.pages import CardPage
from core.states import WrongState
from network.models import Organisation


class ParticipationView(ApplicationPages, CardPage):
    """Yes or no of a person asked, and of a head for an organisation."""

    template_name = "communities/application_participation.html"
    permission = "communities.take_part_communityapplication"

    def get_title(self) -> str:
        return "Согласие на участие"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.object
        members = list(one.members.select_related("person", "organisation"))
        places = list(one.organisations.select_related("organisation"))
        try:
            participants.check_answers_are_taken(one)
            closed = ""
        except WrongState as error:
            closed = str(error)
        rows = own_answers(one, self.request.user, members, places)
        return super().get_context_data(
            application=one,
            answers=[{"row": row, "is_person": hasattr(row, "person_id")} for row in rows],
            people=[row.person for row in members if row.answer != Answer.DECLINED],
            closed=closed,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        said = {"yes": True, "no": False}.get(request.POST.get("answer", ""))
        place = request.POST.get("organisation", "")
        if said is None:
            messages.warning(request, "Выберите ответ: участвуете или нет.")
            return HttpResponseRedirect(request.path)
        organisation = (
            get_object_or_404(Organisation, pk=place) if place.isascii() and place.isdigit() else None
        )
        try:
            participants.answer(
                application=self.object, agrees=said, by=request.user, organisation=organisation
            )
            messages.success(request, "Ответ записан, спасибо. Его можно изменить, пока не готов акт.")
        except WrongState as error:
            messages.warning(request, str(error))
        return HttpResponseRedirect(self.object.get_absolute_url())
