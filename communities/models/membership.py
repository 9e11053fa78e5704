from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django_fsm import FSMField, transition
from rules.contrib.models import RulesModel

from communities import rules
from core.models import StatefulModel
from network.rules import is_methodist

if TYPE_CHECKING:
    from network.models import Person


class MemberRole(models.TextChoices):
    LEADER = "leader", "руководитель"
    SECRETARY = "secretary", "секретарь"
    MEMBER = "member", "участник"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> MembershipQuerySet:
        return self.filter(left_on__isnull=True)

    def visible_to(self, person: Person) -> MembershipQuerySet:
        """Who belongs where is seen by those who work in the municipality, and by members."""
        rights = getattr(person, "rights", None)
        if rights is None:
            return self.none()
        if rights.is_admin:
            return self
        return self.filter(
            Q(community__municipality__in=rights.municipality_ids) | Q(community__memberships__person=person)
        ).distinct()


class Membership(RulesModel):
    """A person belongs to a community on behalf of an organisation, from a day to a day.

    One current membership a person and one current leader a community; that there is a leader is kept by
    the doors that change one (`communities.actions`).
    """

    community = models.ForeignKey(
        "communities.Community",
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name="сообщество",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="community_memberships",
        verbose_name="человек",
    )
    organisation = models.ForeignKey(
        "network.Organisation",
        on_delete=models.PROTECT,
        related_name="community_memberships",
        verbose_name="организация",
    )
    role = models.CharField("роль", max_length=10, choices=MemberRole.choices, default=MemberRole.MEMBER)
    joined_on = models.DateField("в сообществе с", default=timezone.localdate)
    left_on = models.DateField("по", null=True, blank=True)
    left_because = models.CharField("почему вышел", max_length=500, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "участие в сообществе"
        verbose_name_plural = "участие в сообществах"
        ordering = ["community", "role", "person__last_name", "person__first_name", "pk"]
        rules_permissions = {
            "end": (rules.is_leader | is_methodist) & rules.is_going_on,
            "change": (rules.is_leader | is_methodist) & rules.is_going_on,
        }
        constraints = [
            models.UniqueConstraint(
                fields=["community", "person"],
                condition=Q(left_on__isnull=True),
                name="one_current_membership",
            ),
            models.UniqueConstraint(
                fields=["community"],
                condition=Q(left_on__isnull=True, role="leader"),
                name="one_current_leader",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="membership_ends_after_it_starts",
            ),
        ]
        indexes = [models.Index(fields=["person", "left_on"], name="memberships_of_person")]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}"

    @property
    def municipality_id(self) -> int:
        return self.community.municipality_id

    def get_absolute_url(self) -> str:
        return reverse("communities:members", args=[self.community_id])


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def asked(self) -> JoinRequestQuerySet:
        return self.filter(state=JoinRequest.State.ASKED)

    def visible_to(self, person: Person) -> JoinRequestQuerySet:
        """Own; of the communities the person leads; of a municipality where the person is a methodist."""
        from communities.models.community import Community

        if person.rights.is_admin:
            return self
        return self.filter(
            Q(person=person)
            | Q(community__in=Community.objects.led_by(person))
            | Q(community__municipality__in=person.rights.methodist_in)
        )


class JoinRequest(StatefulModel, RulesModel):
    """A person asks to be taken into a community and says why; the leader answers."""

    class State(models.TextChoices):
        ASKED = "asked", "Ждёт ответа"
        ACCEPTED = "accepted", "Принято"
        DECLINED = "declined", "Отклонено"
        WITHDRAWN = "withdrawn", "Отозвано"

    community = models.ForeignKey(
        "communities.Community",
        on_delete=models.CASCADE,
        related_name="join_requests",
        verbose_name="сообщество",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="join_requests",
        verbose_name="человек",
    )
    organisation = models.ForeignKey(
        "network.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name="от организации"
    )
    reason = models.TextField("почему хочет вступить", max_length=1000)
    state = FSMField("состояние", default=State.ASKED, choices=State.choices, protected=True)
    asked_at = models.DateTimeField("подано", auto_now_add=True)
    answer = models.TextField("ответ", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField("отвечено", null=True, blank=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "просьба о вступлении"
        verbose_name_plural = "просьбы о вступлении"
        ordering = ["asked_at", "pk"]
        rules_permissions = {
            "see": rules.is_asker | rules.is_leader | is_methodist,
            "accept": (rules.is_leader | is_methodist) & ~rules.is_asker & rules.is_going_on,
            "decline": (rules.is_leader | is_methodist) & ~rules.is_asker,
            "withdraw": rules.is_asker,
        }
        constraints = [
            models.UniqueConstraint(
                fields=["community", "person"], condition=Q(state="asked"), name="one_open_join_request"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.community}"

    @property
    def municipality_id(self) -> int:
        return self.community.municipality_id

    def get_absolute_url(self) -> str:
        return reverse("communities:join-request", args=[self.community_id, self.pk])

    def _answered(self, answered_by: Person | None, answer: str) -> None:
        self.answered_by, self.answered_at, self.answer = answered_by, timezone.now(), answer

    @transition(field=state, source=State.ASKED, target=State.ACCEPTED)
    def accept(self, answered_by: Person | None = None, answer: str = "") -> None:
        """The person becomes a member (`communities.actions.membership.accept`)."""
        self._answered(answered_by, answer)

    @transition(field=state, source=State.ASKED, target=State.DECLINED)
    def decline(self, answered_by: Person | None = None, answer: str = "") -> None:
        """Not now; the reason is read by the person."""
        self._answered(answered_by, answer)

    @transition(field=state, source=State.ASKED, target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The person thought better of it."""
        self.answered_at = timezone.now()
