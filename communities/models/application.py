from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django_fsm import FSMField, transition
from rules.contrib.models import RulesModel

from communities import application_rules as own
from communities.models.application_queries import OPEN_TO_CHANGE, UNDER_WAY, ApplicationQuerySet, Turn
from communities.models.kinds import CommunityKind
from core.addresses import address_of
from core.models import StatefulModel
from network import rules


class Suggestion(models.TextChoices):
    """What the methodist's conclusion suggests; the official decides."""

    APPROVE = "approve", "создать сообщество"
    RETURN = "return", "вернуть на доработку"
    REJECT = "reject", "отклонить"


class CommunityApplication(StatefulModel, RulesModel):
    """An application for a community: anyone in the network applies, an order decides (seed 002, п. 3.1).

    What it says is in seed 002 п. 3.1.4: problem, expected result, term, participants. `turn_until` is the
    day until which the present step is to be done by the settings that were in force when it began.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Черновик"
        SUBMITTED = "submitted", "Подано"
        IN_REVIEW = "in_review", "На рассмотрении"
        RETURNED = "returned", "Возвращено"
        AWAITING = "awaiting_decision", "Ждёт решения"
        APPROVED = "approved", "Утверждено"
        REJECTED = "rejected", "Отклонено"
        WITHDRAWN = "withdrawn", "Отозвано"

    municipality = models.ForeignKey(
        "network.Municipality",
        on_delete=models.PROTECT,
        related_name="community_applications",
        verbose_name="муниципалитет",
    )
    kind = models.CharField(
        "вид", max_length=24, choices=CommunityKind.choices, default=CommunityKind.PEDAGOGICAL
    )
    title = models.CharField("название сообщества", max_length=200)
    direction = models.ForeignKey(
        "network.Direction",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="community_applications",
        verbose_name="направление",
    )
    problem = models.TextField("проблема", blank=True)
    goal = models.TextField("цель", blank=True)
    expected_result = models.TextField("ожидаемый результат", blank=True)
    starts_on = models.DateField("начало работы", null=True, blank=True)
    ends_on = models.DateField("окончание работы", null=True, blank=True)
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="руководитель"
    )
    initiator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="community_applications",
        verbose_name="инициатор",
    )
    initiator_organisation = models.ForeignKey(
        "network.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="организация инициатора",
    )
    state = FSMField("состояние", default=State.DRAFT, choices=State.choices, protected=True)
    submitted_at = models.DateTimeField("подано", null=True, blank=True, editable=False)
    turn_since = models.DateTimeField("в этом состоянии с", default=timezone.now, editable=False)
    turn_until = models.DateField("сделать до", null=True, blank=True, editable=False)
    conclusion = models.TextField("заключение методиста", blank=True)
    conclusion_suggests = models.CharField(
        "предложение методиста", max_length=8, choices=Suggestion.choices, blank=True
    )
    conclusion_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="заключение дал",
    )
    conclusion_at = models.DateTimeField("заключение дано", null=True, blank=True, editable=False)
    order = models.OneToOneField(
        "network.Order",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="application",
        verbose_name="распорядительный акт",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "заявление о сообществе"
        verbose_name_plural = "заявления о сообществах"
        ordering = ["-created_at", "-pk"]
        rules_permissions = {
            "see": rules.is_employee,
            "add": rules.is_employee,
            "change": own.is_initiator,
            "submit": own.is_initiator,
            "withdraw": own.is_initiator,
            "start_review": rules.is_methodist,
            "ask_opinion": rules.is_methodist,
            "give_opinion": own.is_asked_expert,
            "conclude": rules.is_methodist,
            "pass_on": rules.is_methodist,
            "return_back": own.may_return,
            "approve": rules.is_official,
            "reject": rules.is_official,
            "take_part": own.is_asked_to_take_part,
            "export": rules.is_methodist | rules.is_official,
        }
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="application_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | (
                    Q(
                        direction__isnull=False,
                        starts_on__isnull=False,
                        ends_on__isnull=False,
                        submitted_at__isnull=False,
                    )
                    & ~Q(problem="")
                    & ~Q(expected_result="")
                ),
                name="application_submitted_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="awaiting_decision") | ~Q(conclusion=""),
                name="application_decided_after_conclusion",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(order__isnull=False), name="application_approved_by_order"
            ),
        ]
        indexes = [models.Index(fields=["municipality", "state", "turn_until"], name="applications_by_turn")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("communities:application", self.pk)

    @property
    def is_open_to_change(self) -> bool:
        """With the initiator: a draft or returned."""
        return self.state in OPEN_TO_CHANGE

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def turn(self) -> Turn:
        """Who acts next and until when; nobody when all is decided."""
        who = {
            self.State.DRAFT: "инициатор дописывает и подаёт",
            self.State.SUBMITTED: "методист берёт на рассмотрение",
            self.State.IN_REVIEW: "методист даёт заключение",
            self.State.RETURNED: "инициатор исправляет и подаёт снова",
            self.State.AWAITING: "специалист управления образованием решает",
        }.get(self.State(self.state), "")
        return Turn(who, self.turn_until if who else None)

    def lacks(self) -> list[str]:
        """What is still to be filled in before it can be submitted, in words; empty when it is whole."""
        needed = {
            "направление": self.direction_id,
            "проблему": self.problem.strip(),
            "ожидаемый результат": self.expected_result.strip(),
            "начало работы": self.starts_on,
            "окончание работы": self.ends_on,
        }
        return [name for name, value in needed.items() if not value]

    def is_whole(self) -> bool:
        return not self.lacks()

    def has_a_right_term(self) -> bool:
        """The end is after the beginning and not behind us."""
        if self.starts_on is None or self.ends_on is None:
            return False
        return self.starts_on < self.ends_on and self.ends_on > timezone.localdate()

    def leader_is_listed(self) -> bool:
        return self.members.filter(person=self.leader_id).exists()

    def leader_has_agreed(self) -> bool:
        return self.members.agreed().filter(person=self.leader_id).exists()

    def enough_are_listed(self) -> bool:
        """As many as a community needs here; those who have declined are not counted."""
        return self.members.exclude(answer="declined").count() >= self.municipality.minimum_community_size

    def enough_have_agreed(self) -> bool:
        return self.members.agreed().count() >= self.municipality.minimum_community_size

    def is_concluded(self) -> bool:
        return bool(self.conclusion.strip() and self.conclusion_suggests)

    def _turn(self, days: int | None = None) -> None:
        self.turn_since = timezone.now()
        day = timezone.localdate(self.turn_since)
        self.turn_until = day + dt.timedelta(days=days) if days is not None else None

    @transition(
        field=state,
        source=[State.DRAFT, State.RETURNED],
        target=State.SUBMITTED,
        conditions=[is_whole, has_a_right_term, leader_is_listed, enough_are_listed],
    )
    def submit(self) -> None:
        """The initiator hands it in; a returned one goes the whole way again, with a new conclusion."""
        self._turn(self.municipality.review_days)
        self.submitted_at = self.turn_since
        self.conclusion = self.conclusion_suggests = ""
        self.conclusion_by = self.conclusion_at = None

    @transition(field=state, source=State.SUBMITTED, target=State.IN_REVIEW)
    def start_review(self) -> None:
        """A methodist takes it up."""
        self._turn(self.municipality.review_days)

    @transition(field=state, source=[State.IN_REVIEW, State.AWAITING], target=State.RETURNED)
    def return_back(self) -> None:
        """To the initiator, with a reason in the log."""
        self._turn(self.municipality.revision_days)

    @transition(
        field=state,
        source=State.IN_REVIEW,
        target=State.AWAITING,
        conditions=[is_concluded, has_a_right_term, leader_has_agreed, enough_have_agreed],
    )
    def pass_on(self) -> None:
        """To the official, with the conclusion."""
        self._turn(self.municipality.decision_days)

    @transition(
        field=state,
        source=State.AWAITING,
        target=State.APPROVED,
        conditions=[leader_has_agreed, enough_have_agreed],
    )
    def approve(self) -> None:
        """The order is registered; done by its effect only."""
        self._turn()

    @transition(field=state, source=State.AWAITING, target=State.REJECTED)
    def reject(self) -> None:
        """Declined, with a reason in the log."""
        self._turn()

    @transition(field=state, source=[State.DRAFT, State.SUBMITTED], target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The initiator takes it back before anybody has taken it up."""
        self._turn()
