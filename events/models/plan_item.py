"""Items of plans, and what became of each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django_fsm import FSMField, transition
from rules.contrib.models import RulesModel

from core.models import StatefulModel
from events import plan_rules
from events.models.event import Event, EventFormat
from events.models.plan import EventPlan
from events.rough_dates import RoughDate

if TYPE_CHECKING:
    from network.models import Person

# A range that long is «в течение года»: no month is its own.
LONG_DAYS = 150


class PlanItemQuerySet(models.QuerySet["PlanItem"]):
    def visible_to(self, person: Person) -> PlanItemQuerySet:
        return self.filter(plan__in=EventPlan.objects.visible_to(person))

    def editable_by(self, person: Person) -> PlanItemQuerySet:
        return self.filter(plan__in=EventPlan.objects.editable_by(person))

    def by_date(self) -> PlanItemQuerySet:
        """By the first day, what has none at the end (see `plan_board.as_read` for the order of a plan)."""
        return self.order_by(F("starts_on").asc(nulls_last=True), "ends_on", "position", "pk")

    def with_outcome(self, today: dt.date | None = None) -> PlanItemQuerySet:
        """Annotates `outcome`: the state, or held when its events were.

        An item is held by its events once one took place and none is ahead; one that comes again and again
        only when its last day is over too. What a person marked stands above that.
        """
        today = today or timezone.localdate()
        events = Event.objects.filter(plan_item=OuterRef("pk"))
        ahead = events.filter(state__in=["planned", "announced", "registration_open"])
        held = Q(Exists(events.took_place())) & ~Q(Exists(ahead))
        over = Q(is_repeated=False) | Q(ends_on__lt=today)
        waits = Q(state__in=[PlanItem.State.PLANNED, PlanItem.State.MOVED])
        return self.annotate(
            outcome=Case(
                When(waits & held & over, then=Value(PlanItem.State.HELD.value)),
                default=F("state"),
                output_field=models.CharField(),
            )
        )

    def late(self, today: dt.date | None = None) -> PlanItemQuerySet:
        """Their last day is over, and nobody said what became of them. Needs `with_outcome`."""
        today = today or timezone.localdate()
        return self.filter(outcome__in=[PlanItem.State.PLANNED, PlanItem.State.MOVED], ends_on__lt=today)

    def counts(self, today: dt.date | None = None) -> dict[str, int]:
        """How many in all, of each outcome, and late. Needs `with_outcome`."""
        today = today or timezone.localdate()
        waits = Q(outcome__in=[PlanItem.State.PLANNED, PlanItem.State.MOVED])
        found = {state: Count("pk", filter=Q(outcome=state)) for state in PlanItem.State.values}
        return self.aggregate(all=Count("pk"), late=Count("pk", filter=waits & Q(ends_on__lt=today)), **found)


class PlanItem(StatefulModel, RulesModel):
    """One line of a plan. `when_text` is what the plan says, the range what it means in days, where that is known.

    Columns follow the usual plan of an association (field facts, C6).
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Запланировано"
        HELD = "held", "Проведено"
        MOVED = "moved", "Перенесено"
        CANCELLED = "cancelled", "Отменено"

    plan = models.ForeignKey(EventPlan, on_delete=models.CASCADE, related_name="items", verbose_name="план")
    position = models.PositiveIntegerField("порядок", default=0)
    title = models.CharField("мероприятие", max_length=500)
    format = models.CharField("форма", max_length=14, choices=EventFormat.choices, default=EventFormat.OTHER)
    direction = models.ForeignKey(
        "network.Direction",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="plan_items",
        verbose_name="направление",
    )
    audience = models.CharField("участники", max_length=300, blank=True)
    when_text = models.CharField("срок", max_length=200)
    starts_on = models.DateField("с какого дня", null=True, blank=True)
    ends_on = models.DateField("по какой день", null=True, blank=True)
    is_repeated = models.BooleanField("проводится несколько раз", default=False)
    place = models.CharField("место", max_length=300, blank=True)
    organisation = models.ForeignKey(
        "network.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="plan_items",
        verbose_name="организация, где проходит",
    )
    responsible = models.CharField("ответственные, выступающие", max_length=500, blank=True)
    responsible_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="plan_items",
        verbose_name="ответственный в портале",
    )
    expected_result = models.CharField("ожидаемый результат", max_length=1000, blank=True)
    measure = models.CharField("показатель эффективности", max_length=500, blank=True)
    is_extra = models.BooleanField("добавлено после утверждения", default=False, editable=False)
    state = FSMField("состояние", default=State.PLANNED, choices=State.choices, protected=True)
    reason = models.TextField("причина", blank=True)
    moved_from = models.CharField("прежний срок", max_length=200, blank=True, editable=False)
    held_on = models.DateField("проведено", null=True, blank=True)
    done_note = models.CharField("отметка о выполнении", max_length=500, blank=True)

    objects = PlanItemQuerySet.as_manager()

    class Meta:
        verbose_name = "пункт плана"
        verbose_name_plural = "пункты плана"
        ordering = ["plan", "position", "pk"]
        rules_permissions = {
            "add": plan_rules.keeps_plan,
            "change": plan_rules.keeps_plan,
            "hold": plan_rules.keeps_plan | plan_rules.answers_for_item,
            "move_to": plan_rules.keeps_plan,
            "cancel": plan_rules.keeps_plan,
            "restore": plan_rules.keeps_plan,
        }
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True, ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="plan_item_range_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "held"]) | ~Q(reason=""),
                name="plan_item_moved_or_cancelled_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "starts_on"], name="plan_items_by_date"),
            models.Index(fields=["responsible_person", "state"], name="plan_items_of_person"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("events:plan-item", args=[self.pk])

    @property
    def municipality_id(self) -> int:
        """So that rules scoped to a municipality read an item like its plan."""
        return self.plan.municipality_id

    @property
    def result_state(self) -> str:
        """The outcome where it was asked for, else the state."""
        return getattr(self, "outcome", self.state)

    @property
    def outcome_label(self) -> str:
        return str(self.State(self.result_state).label)

    @property
    def is_waiting(self) -> bool:
        """Neither held nor cancelled."""
        return self.result_state in (self.State.PLANNED, self.State.MOVED)

    @property
    def is_late(self) -> bool:
        return self.is_waiting and self.ends_on is not None and self.ends_on < timezone.localdate()

    @property
    def is_long(self) -> bool:
        """Goes on for most of the year, so that no month is its own."""
        return bool(self.starts_on and self.ends_on and (self.ends_on - self.starts_on).days >= LONG_DAYS)

    @property
    def responsible_words(self) -> str:
        """The person of the portal and the words, without saying a name twice."""
        person = self.responsible_person
        if person is None or person.last_name in self.responsible:
            return self.responsible
        return ", ".join(part for part in (person.initials, self.responsible) if part)

    @property
    def where(self) -> str:
        """Organisation and place in one line."""
        parts = [self.organisation.short_name if self.organisation else "", self.place]
        return ", ".join(part for part in parts if part)

    def set_when(self, words: str, meant: RoughDate) -> None:
        self.when_text, self.is_repeated = words, meant.repeats
        self.starts_on, self.ends_on = meant.starts_on, meant.ends_on

    @transition(field=state, source=[State.PLANNED, State.MOVED], target=State.HELD)
    def hold(self, *, on: dt.date | None = None, note: str = "") -> None:
        """It took place; said by a person where no event of the portal says it."""
        self.held_on, self.done_note = on, note

    @transition(field=state, source=[State.PLANNED, State.MOVED], target=State.MOVED)
    def move_to(self, *, words: str, meant: RoughDate, because: str) -> None:
        """Another time; the plan goes on showing the first one."""
        self.moved_from = self.moved_from or self.when_text
        self.set_when(words, meant)
        self.reason = because

    @transition(field=state, source=[State.PLANNED, State.MOVED], target=State.CANCELLED)
    def cancel(self, *, because: str) -> None:
        """It will not take place; the line stays in the plan with the reason."""
        self.reason = because

    @transition(field=state, source=[State.HELD, State.CANCELLED], target=State.PLANNED)
    def restore(self) -> None:
        """Marked by mistake."""
        self.held_on, self.done_note, self.reason = None, "", ""
