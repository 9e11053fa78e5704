"""Who is to take part: found by name among those who work in the municipality, listed, taken off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse

from communities.actions import participants as actions
from communities.application_checks import missing_for_submission
from communities.models import CommunityApplication
from communities.views.application_card import sizes
from communities.views.applications import ApplicationPages, refuse_when_submitted
from core.anycase import any_case
from core.pages import CardPage
from core.states import WrongState
from network.models import Employment, Organisation, Person

# A name is asked for from this many letters on, and so many are shown: a search, not a list of everybody.
LETTERS, SHOWN = 3, 15


class ApplicationMembersView(ApplicationPages, CardPage):
    """The list of participants of a draft or a returned application, with a search to add to it."""

    template_name = "communities/application_members.html"
    permission = "communities.change_communityapplication"

    def get_title(self) -> str:
        return "Участники"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return refuse_when_submitted(self, request) or super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        try:
            messages.success(request, self.change(request.POST))
        except WrongState as error:
            messages.warning(request, str(error))
        back = reverse("communities:application-members", args=[self.object.pk])
        words = QueryDict(mutable=True)
        words["q"] = request.POST.get("q", "")
        return HttpResponseRedirect(f"{back}?{words.urlencode()}" if words["q"] else back)

    def change(self, data: Any) -> str:
        """One change by the name of the pressed button; returns what to tell."""
        about: dict[str, Any] = {"application": self.object, "by": self.request.user}
        if pk := _number(data, "add"):
            job = get_object_or_404(self.jobs(), pk=pk)
            return f"Добавлено: {actions.add_person(job=job, **about).person}."
        if pk := _number(data, "add_organisation"):
            place = get_object_or_404(self.places(), pk=pk)
            return f"Добавлено: {actions.add_organisation(organisation=place, **about)}."
        if pk := _number(data, "remove"):
            person = get_object_or_404(Person, pk=pk, application_memberships__application=self.object)
            actions.remove_person(person=person, **about)
            return f"Убрано из списка: {person}."
        if pk := _number(data, "remove_organisation"):
            place = get_object_or_404(self.places(), pk=pk)
            actions.remove_organisation(organisation=place, **about)
            return f"Убрано из списка: {place}."
        if pk := _number(data, "leader"):
            person = get_object_or_404(Person, pk=pk, application_memberships__application=self.object)
            return f"Руководитель: {actions.make_leader(person=person, **about).leader}."
        raise WrongState("Выберите, кого добавить или убрать.")

    def jobs(self) -> Any:
        """Places of work in the municipality of people who can answer."""
        return (
            Employment.objects.in_force()
            .filter(
                organisation__municipality=self.object.municipality_id,
                organisation__is_active=True,
                person__is_active=True,
            )
            .select_related("person", "organisation")
        )

    def places(self) -> Any:
        return Organisation.objects.active().filter(municipality=self.object.municipality_id)

    def found(self, words: str) -> dict[str, Any]:
        """People and organisations that fit the words and are not listed yet."""
        if len(words) < LETTERS:
            return {"people": [], "places": []}
        listed = self.object.members.values("person")
        names = ["person__last_name", "person__first_name", "person__patronymic", "organisation__short_name"]
        people = self.jobs().filter(any_case(names, words)).exclude(person__in=listed)
        places = self.places().filter(any_case(["short_name", "full_name", "inn"], words))
        return {
            "people": people.order_by("person__last_name", "person__first_name", "pk")[:SHOWN],
            "places": places.exclude(pk__in=self.object.organisations.values("organisation"))[:SHOWN],
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one: CommunityApplication = self.object
        words = " ".join(self.request.GET.get("q", "").split())[:100]
        members = list(one.members.select_related("person", "organisation"))
        places = list(one.organisations.select_related("organisation"))
        with_people = {row.organisation_id for row in members}
        return super().get_context_data(
            application=one,
            q=words,
            too_short=0 < len(words) < LETTERS,
            shown=SHOWN,
            **{f"found_{name}": rows for name, rows in self.found(words).items()},
            members=members,
            places=[{"row": row, "has_people": row.organisation_id in with_people} for row in places],
            sizes=sizes(members, places),
            needed=one.municipality.minimum_community_size,
            missing=missing_for_submission(one),
            **kwargs,
        )


def _number(data: Any, name: str) -> int | None:
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
