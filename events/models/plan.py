"""Plans of events for a school year."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django_fsm import FSMField, transition
from rules.contrib.models import RulesModel

from core.models import StatefulModel
from core.school_year import SchoolYear, validate_school_year
from events import plan_rules
from network import rules

if TYPE_CHECKING:
    from network.models import Person


class EventPlanQuerySet(models.QuerySet["EventPlan"]):
    def visible_to(self, person: Person) -> EventPlanQuerySet:
        """Approved ones are public; a draft is seen by those who keep it and by members of its community."""
        approved = Q(state=EventPlan.State.APPROVED)
        rights = getattr(person, "rights", None)
        if rights is None:
            return self.filter(approved)
        if rights.is_admin:
            return self
        from communities.models import Membership

        mine = Membership.objects.filter(person=person, left_on__isnull=True).values("community")
        return self.filter(approved | plan_rules.kept_by(person) | Q(community__in=mine))

    def editable_by(self, person: Person) -> EventPlanQuerySet:
        return self if person.rights.is_admin else self.filter(plan_rules.kept_by(person))

    def municipal(self) -> EventPlanQuerySet:
        """Plans of municipalities themselves."""
        return self.filter(community__isnull=True, organisation__isnull=True)

    def of_year(self, year: SchoolYear) -> EventPlanQuerySet:
        return self.filter(year=year.start)

    def with_fulfilment(self) -> EventPlanQuerySet:
        """Annotates `items_count` and `held_count`."""
        from events.models.plan_item import PlanItem

        items = PlanItem.objects.filter(plan=OuterRef("pk")).order_by().values("plan")
        judged: models.QuerySet = PlanItem.objects.with_outcome()
        held = judged.filter(plan=OuterRef("pk"), outcome=PlanItem.State.HELD)
        return self.annotate(
            items_count=Coalesce(Subquery(items.annotate(n=Count("pk")).values("n")), 0),
            held_count=Coalesce(
                Subquery(held.order_by().values("plan").annotate(n=Count("pk")).values("n")), 0
            ),
        )


class EventPlan(StatefulModel, RulesModel):
    """What a municipality, a community or an organisation is going to hold in a school year; one a year and owner.

    Both `community` and `organisation` empty: the plan of the municipality. It is approved by an order of the
    municipality; an organisation may approve its own by an act of its own (`own_number`, `own_date`).
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Проект"
        APPROVED = "approved", "Утверждён"

    municipality = models.ForeignKey(
        "network.Municipality", on_delete=models.PROTECT, related_name="event_plans"
    )
    year = models.PositiveSmallIntegerField("учебный год", validators=[validate_school_year])
    community = models.ForeignKey(
        "communities.Community",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="plans",
        verbose_name="сообщество",
    )
    organisation = models.ForeignKey(
        "network.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="event_plans",
        verbose_name="организация",
    )
    title = models.CharField("название", max_length=300)
    order = models.OneToOneField(
        "network.Order",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="event_plan",
        verbose_name="распорядительный акт",
    )
    own_number = models.CharField("номер приказа организации", max_length=60, blank=True)
    own_date = models.DateField("дата приказа организации", null=True, blank=True)
    state = FSMField("состояние", default=State.DRAFT, choices=State.choices, protected=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EventPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "план событий"
        verbose_name_plural = "планы событий"
        ordering = ["-year", "title", "pk"]
        rules_permissions = {
            "add": plan_rules.keeps_plan,
            "change": plan_rules.keeps_plan,
            "approve": rules.is_official,
            "approve_own": plan_rules.heads_planner,
            "reopen": rules.is_official,
        }
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "year"],
                condition=Q(community__isnull=True, organisation__isnull=True),
                name="one_plan_a_year_of_municipality",
            ),
            models.UniqueConstraint(
                fields=["community", "year"],
                condition=Q(community__isnull=False),
                name="one_plan_a_year_of_community",
            ),
            models.UniqueConstraint(
                fields=["organisation", "year"],
                condition=Q(organisation__isnull=False),
                name="one_plan_a_year_of_organisation",
            ),
            models.CheckConstraint(
                condition=Q(community__isnull=True) | Q(organisation__isnull=True),
                name="plan_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(order__isnull=False) | ~Q(own_number=""),
                name="plan_approved_by_an_act",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "year"], name="plans_of_municipality")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("events:plan", args=[self.pk])

    @property
    def school_year(self) -> SchoolYear:
        return SchoolYear(self.year)

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def owner(self) -> str:
        """Whose plan it is, in words."""
        return str(self.community or self.organisation or self.municipality)

    @property
    def of_what(self) -> str:
        """«муниципалитет», «сообщество», «организация»."""
        if self.community_id:
            return "сообщество"
        return "организация" if self.organisation_id else "муниципалитет"

    def is_of_organisation(self) -> bool:
        return self.organisation_id is not None

    @transition(field=state, source=State.DRAFT, target=State.APPROVED)
    def approve(self) -> None:
        """An order was registered."""

    @transition(
        field=state,
        source=State.DRAFT,
        target=State.APPROVED,
        conditions=[is_of_organisation],
    )
    def approve_own(self, *, number: str, date: dt.date) -> None:
        """The head approved the plan of the organisation by its own act."""
        self.own_number, self.own_date = number, date

    @transition(field=state, source=State.APPROVED, target=State.DRAFT)
    def reopen(self) -> None:
        """The order was cancelled by a later one."""
        self.order, self.own_number, self.own_date = None, "", None
