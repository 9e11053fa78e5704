"""The card of an application: all that is known of it, by who reads it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from communities.application_checks import missing_for_submission
from communities.application_path import is_theirs, way_of, what_is_next
from communities.application_tables import (
    SUGGESTIONS,
    VERDICTS,
    application_tag,
    own_turn_words,
    turn_words,
)
from communities.application_versions import (
    changed_since_it_was_returned,
    changed_since_last_submission,
    term_in_words,
)
from communities.models import Answer, Community, CommunityApplication, Verdict
from communities.views.applications import HOME, LIST, ApplicationPages
from core.pages import Action, CardPage
from core.states import history, may
from core.templatetags.portal import tag

State = CommunityApplication.State


class ApplicationView(ApplicationPages, CardPage):
    """All that is known of an application, by who reads it; the official decides from here."""

    template_name = "communities/application.html"

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [HOME, LIST]

    @property
    def manages(self) -> bool:
        return self.request.user.has_perm("communities.export_communityapplication", self.object)

    @property
    def is_own(self) -> bool:
        return self.object.initiator_id == self.request.user.pk

    def get_actions(self) -> list[Action]:
        person, one = self.request.user, self.object
        if not (self.manages or self.is_own):
            return []
        act = one.municipality.get_order_kind_display()
        reachable = [
            Action(label.format(act=act), reverse(f"communities:application-{name}", args=[one.pk]), kind)
            for step, label, name, kind in STEPS
            if may_take(person, one, step)
        ]
        if one.is_open_to_change and person.has_perm("communities.change_communityapplication", one):
            reachable.insert(
                0, Action("Участники", reverse("communities:application-members", args=[one.pk]))
            )
            reachable.insert(0, Action("Изменить", reverse("communities:application-edit", args=[one.pk])))
        if one.state == State.IN_REVIEW and person.has_perm(
            "communities.ask_opinion_communityapplication", one
        ):
            reachable.insert(
                0, Action("Мнения экспертов", reverse("communities:application-opinions", args=[one.pk]))
            )
        return self._with_order(reachable)

    def _with_order(self, reachable: list[Action]) -> list[Action]:
        """Once a draft order is there, it is what one opens."""
        one = self.object
        if one.order is None or not self.manages or one.state != State.AWAITING:
            return reachable
        reachable = [action for action in reachable if action.kind != "primary"]
        return [
            *reachable,
            Action(f"Открыть проект {one.order.kind_of}", one.order.get_absolute_url(), "primary"),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.object
        own_turn = is_theirs(one, self.request.user)
        return super().get_context_data(
            application=one,
            state_tag=application_tag(one),
            turn=own_turn_words(one) if own_turn else turn_words(one),
            term=term_in_words(one),
            returned_because=self.last_return(),
            founded=Community.objects.filter(application=one).first()
            if one.state == State.APPROVED
            else None,
            sees_conclusion=bool(one.conclusion) and (self.manages or self.is_over),
            suggestion=suggestion_tag(one),
            changes=self.changes(),
            missing=missing_for_submission(one) if self.is_own and one.is_open_to_change else [],
            what_next=what_is_next(one, own=own_turn, kind=one.municipality.get_order_kind_display()),
            is_own=self.is_own,
            **self.people(),
            **self.advice(own_turn),
            **kwargs,
        )

    def people(self) -> dict[str, Any]:
        """Who is listed, and what the reader was asked."""
        one, person = self.object, self.request.user
        members = list(one.members.select_related("person", "organisation"))
        places = list(one.organisations.select_related("organisation"))
        asked = own_answers(one, person, members, places)
        return {
            "members": members,
            "places": places,
            "sizes": sizes(members, places),
            "own_answers": asked,
            "open_answers": any(row.answer == Answer.ASKED for row in asked),
        }

    def advice(self, own_turn: bool) -> dict[str, Any]:
        """Opinions that the reader may read, and the way of the application that counts them."""
        one, person = self.object, self.request.user
        rows = list(one.opinions.select_related("expert"))
        own = next((row for row in rows if row.expert_id == person.pk), None)
        shown = rows if self.manages or self.is_over else [row for row in rows if row is own]
        order = one.order if self.manages or one.state == State.APPROVED else None
        given = sum(row.given_at is not None for row in rows)
        return {
            "opinions": [{"row": row, "tag": verdict_tag(row)} for row in shown],
            "own_opinion": own,
            "sees_answers": self.manages or self.is_own or own is not None,
            "way": way_of(one, opinions=given, order=order, own=own_turn),
        }

    def last_return(self) -> Any:
        """The step that returned it, while it lies with the initiator; for the initiator and the managers."""
        if self.object.state != State.RETURNED or not (self.manages or self.is_own):
            return None
        return history(self.object).filter(transition="return_back").last()

    @property
    def is_over(self) -> bool:
        return self.object.state in (State.APPROVED, State.REJECTED) and self.is_own

    def changes(self) -> list[Any]:
        """What the last submission changed; to the initiator of a returned one what is changed so far."""
        if not (self.manages or self.is_own):
            return []
        if self.object.state == State.RETURNED:
            return changed_since_it_was_returned(self.object) if self.is_own else []
        return changed_since_last_submission(self.object)


STEPS = [
    ("withdraw", "Отозвать", "withdrawal", "quiet"),
    ("reject", "Отклонить", "rejection", "stop"),
    ("return_back", "Вернуть", "return", "quiet"),
    ("submit", "Подать", "submission", "primary"),
    ("start_review", "Взять на рассмотрение", "review", "primary"),
    ("conclude", "Дать заключение", "conclusion", "primary"),
    ("approve", "Подготовить {act}", "decision", "primary"),
]


def may_take(person: Any, application: CommunityApplication, step: str) -> bool:
    """Whether the button of a step is shown. What is still missing for it is told on the page of the step."""
    where = {
        "conclude": [State.IN_REVIEW], "approve": [State.AWAITING], "submit": [State.DRAFT, State.RETURNED],
    }  # fmt: skip
    if step in where:
        has_right = person.has_perm(f"communities.{step}_communityapplication", application)
        return has_right and application.state in where[step]
    return may(person, application, step)


def own_answers(application: CommunityApplication, person: Any, members: Any, places: Any) -> list[Any]:
    """What the reader was asked and has said: rows of members and organisations."""
    mine = [row for row in members if row.person_id == person.pk]
    mine += [row for row in places if row.organisation_id in person.rights.head_of]
    return [row for row in mine if row.asked_at is not None] if application.is_under_way else []


def sizes(members: list[Any], places: list[Any]) -> dict[str, int]:
    """Counts for the page; people of an organisation that refused do not count as agreed, as in `agreed()`."""
    refused = {place.organisation_id for place in places if place.answer == Answer.DECLINED}
    return {
        "people": len(members),
        "agreed": sum(
            row.answer == Answer.CONFIRMED and row.organisation_id not in refused for row in members
        ),
        "declined": sum(row.answer == Answer.DECLINED for row in members),
        "places": len(places),
        "places_agreed": sum(row.answer == Answer.CONFIRMED for row in places),
    }


def suggestion_tag(application: CommunityApplication) -> Any:
    words = SUGGESTIONS.get(application.conclusion_suggests)  # type: ignore[call-overload]
    return tag(*words) if words else ""


def verdict_tag(opinion: Any) -> Any:
    if opinion.given_at is not None:
        return tag(*VERDICTS[Verdict(opinion.verdict)])
    return tag("Срок прошёл", "stop") if opinion.is_overdue else tag("Ждём", "wait")
