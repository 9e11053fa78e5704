from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django_fsm import FSMField, transition
from rules.contrib.models import RulesModel

from communities import rules
from core.models import StatefulModel
from network.rules import is_methodist, is_official

if TYPE_CHECKING:
    from network.models import Person


class ChangeKind(models.TextChoices):
    LEADER = "leader", "смена руководителя"
    EXTENSION = "extension", "продление срока"
    CLOSING = "closing", "закрытие"


class ChangeQuerySet(models.QuerySet["CommunityChange"]):
    def asked(self) -> ChangeQuerySet:
        return self.filter(state=CommunityChange.State.ASKED)

    def visible_to(self, person: Person) -> ChangeQuerySet:
        """Members of the community; those who manage the municipality."""
        from communities.models.membership import Membership

        if person.rights.is_admin:
            return self
        mine = Membership.objects.current().filter(person=person)
        return self.filter(
            Q(community__in=mine.values("community"))
            | Q(community__municipality__in=person.rights.manages)
            | Q(asked_by=person)
        )


class CommunityChange(StatefulModel, RulesModel):
    """A change of a community that only an order makes: asked for with a reason, done when the order is registered."""

    class State(models.TextChoices):
        ASKED = "asked", "Ждёт распоряжения"
        ORDERED = "ordered", "Сделано"
        DROPPED = "dropped", "Не состоялось"

    community = models.ForeignKey(
        "communities.Community", on_delete=models.CASCADE, related_name="changes", verbose_name="сообщество"
    )
    kind = models.CharField("что изменить", max_length=10, choices=ChangeKind.choices)
    new_leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="новый руководитель",
    )
    new_ends_on = models.DateField("продлить до", null=True, blank=True)
    reason = models.TextField("почему", max_length=2000)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="кто просит"
    )
    asked_at = models.DateTimeField("подано", auto_now_add=True)
    state = FSMField("состояние", default=State.ASKED, choices=State.choices, protected=True)
    order = models.OneToOneField(
        "network.Order",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="community_change",
        verbose_name="распорядительный акт",
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = "изменение сообщества"
        verbose_name_plural = "изменения сообществ"
        ordering = ["-asked_at", "-pk"]
        rules_permissions = {
            "prepare": is_methodist | is_official,
            "carry_out": is_official,
            "drop": is_official | rules.is_asker,
        }
        constraints = [
            models.UniqueConstraint(
                fields=["community", "kind"], condition=Q(state="asked"), name="one_open_change_a_kind"
            ),
            models.CheckConstraint(
                condition=~Q(kind="leader") | Q(new_leader__isnull=False), name="change_names_new_leader"
            ),
            models.CheckConstraint(
                condition=~Q(kind="extension") | Q(new_ends_on__isnull=False), name="change_names_new_end"
            ),
            models.CheckConstraint(
                condition=~Q(state="ordered") | Q(order__isnull=False), name="change_done_by_an_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display().capitalize()}: {self.community}"

    @property
    def municipality_id(self) -> int:
        return self.community.municipality_id

    def get_absolute_url(self) -> str:
        return reverse("communities:change", args=[self.community_id, self.pk])

    @property
    def asks(self) -> str:
        """What is asked for, in words."""
        if self.kind == ChangeKind.LEADER:
            return f"Руководителем станет {self.new_leader}."
        if self.kind == ChangeKind.EXTENSION:
            return f"Сообщество продолжит работу до {_day(self.new_ends_on)}."
        return "Сообщество закончит работу."

    @transition(field=state, source=State.ASKED, target=State.ORDERED)
    def carry_out(self) -> None:
        """The order is registered."""

    @transition(field=state, source=State.ASKED, target=State.DROPPED)
    def drop(self) -> None:
        """Taken back by who asked or refused by the official; the reason is in the log."""


def _day(day: dt.date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else "–"
