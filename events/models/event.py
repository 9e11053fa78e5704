"""What happens: one event with its places, its window of registration and its way from plan to report."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django_fsm import FSMField, transition
from rules.contrib.models import RulesModel

from core.addresses import address_of
from core.models import StatefulModel
from core.school_year import SchoolYear
from events import rules
from events.models.event_queries import EventQuerySet
from events.models.kinds import EventFormat, EventLevel
from events.models.series import Series

if TYPE_CHECKING:
    pass


class Event(StatefulModel, RulesModel):
    """One event. `taken` counts the places that are held (signed up or offered) and is kept by `events.registration`.

    The database itself refuses more places than there are (`event_places_not_oversold`).
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Запланировано"
        ANNOUNCED = "announced", "Объявлено"
        REGISTRATION_OPEN = "registration_open", "Идёт запись"
        HELD = "held", "Проведено"
        REPORTED = "reported", "Проведено, итоги подведены"
        CANCELLED = "cancelled", "Отменено"

    municipality = models.ForeignKey("network.Municipality", on_delete=models.PROTECT, related_name="events")
    plan_item = models.ForeignKey(
        "events.PlanItem",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="events",
        verbose_name="пункт плана",
    )
    series = models.ForeignKey(
        Series,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="events",
        verbose_name="серия",
    )
    community = models.ForeignKey(
        "communities.Community",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="events",
        verbose_name="сообщество",
    )
    title = models.CharField("название", max_length=300)
    format = models.CharField(
        "форма", max_length=14, choices=EventFormat.choices, default=EventFormat.SEMINAR
    )
    level = models.CharField(
        "уровень", max_length=14, choices=EventLevel.choices, default=EventLevel.MUNICIPAL
    )
    direction = models.ForeignKey(
        "network.Direction",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="events",
        verbose_name="направление",
    )
    audience = models.CharField("для кого", max_length=300, blank=True)
    host = models.ForeignKey(
        "network.Organisation",
        on_delete=models.PROTECT,
        related_name="events",
        verbose_name="проводит организация",
    )
    organiser = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="organised_events",
        verbose_name="ответственный",
    )
    place = models.CharField("место", max_length=300, blank=True)
    link = models.URLField("ссылка для участия", max_length=500, blank=True)
    starts_at = models.DateTimeField("начало")
    ends_at = models.DateTimeField("окончание")
    description = models.TextField("о событии", blank=True)
    capacity = models.PositiveIntegerField(
        "мест всего", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    capacity_per_organisation = models.PositiveIntegerField(
        "мест на организацию", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    taken = models.PositiveIntegerField("занято мест", default=0, editable=False)
    registration_opens_at = models.DateTimeField("запись открывается", null=True, blank=True)
    registration_closes_at = models.DateTimeField("запись закрывается", null=True, blank=True)
    withdrawal_until = models.DateTimeField("отказаться можно до", null=True, blank=True)
    answer_hours = models.PositiveSmallIntegerField("ждать ответа на освободившееся место, ч", default=48)
    hours = models.DecimalField(
        "часов",
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    is_public = models.BooleanField("видно всем", default=True)
    state = FSMField("состояние", default=State.PLANNED, choices=State.choices, protected=True)
    announced_at = models.DateTimeField("объявлено", null=True, blank=True, editable=False)
    results = models.TextField("итоги", blank=True)
    recording = models.URLField("запись события", max_length=500, blank=True)
    cloned_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="clones", editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    # In lists for who is signed in: the state of the own registration. Without the word here templates look for it
    # in every way there is, on every card.
    my_state: str | None = None

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "событие"
        verbose_name_plural = "события"
        ordering = ["starts_at", "pk"]
        rules_permissions = {
            "add": rules.may_plan,
            "change": rules.runs_event,
            "announce": rules.runs_event,
            "open_registration": rules.runs_event,
            "move_to": rules.runs_event,
            "hold": rules.runs_event,
            "report": rules.runs_event,
            "cancel": rules.runs_event,
            "see_participants": rules.runs_event | rules.is_official_there,
            "mark_attendance": rules.runs_event,
            "sign_up": rules.is_admitted,
            "sign_up_staff": rules.signs_up_staff,
        }
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="event_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(taken__lte=F("capacity")),
                name="event_places_not_oversold",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "cancelled"]) | Q(announced_at__isnull=False),
                name="event_known_once_announced",
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "starts_at"], name="events_by_place_and_time"),
            models.Index(fields=["state", "starts_at"], name="events_by_state_and_time"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("events:event", self.pk)

    @property
    def organisation_id(self) -> int:
        """So that rules scoped to an organisation read the host alike."""
        return self.host_id

    @property
    def school_year(self) -> SchoolYear:
        return SchoolYear.of(timezone.localtime(self.starts_at).date())

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED

    @property
    def is_over(self) -> bool:
        return self.ends_at < timezone.now()

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def one_day(self) -> bool:
        return timezone.localtime(self.starts_at).date() == timezone.localtime(self.ends_at).date()

    @property
    def registration_until(self) -> dt.datetime:
        """When signing up ends: the day named, else the beginning."""
        return min(self.registration_closes_at or self.starts_at, self.starts_at)

    @property
    def withdraw_until(self) -> dt.datetime:
        """Until when one may give up the own place: the moment named, else the beginning."""
        return min(self.withdrawal_until or self.starts_at, self.starts_at)

    @property
    def takes_registrations(self) -> bool:
        """Whether one can sign up now, for a place or for the waiting list."""
        now = timezone.now()
        return (
            self.state == self.State.REGISTRATION_OPEN
            and (self.registration_opens_at is None or self.registration_opens_at <= now)
            and now < self.registration_until
        )

    @property
    def free(self) -> int | None:
        """Places that nobody holds; None where there is no limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def status(self) -> tuple[str, str]:
        """The state as a person sees it now, and the kind of its tag (docs/interface.md)."""
        now = timezone.now()
        if self.state in (self.State.ANNOUNCED, self.State.REGISTRATION_OPEN) and self.is_over:
            return "Прошло", ""
        if self.state == self.State.REGISTRATION_OPEN:
            if self.registration_opens_at and now < self.registration_opens_at:
                return f"Запись с {timezone.localtime(self.registration_opens_at):%d.%m}", "go"
            if now >= self.registration_until:
                return "Запись закрыта", ""
            if self.free == 0:
                return "Мест нет, лист ожидания", "wait"
        kind = {"registration_open": "go", "announced": "go", "held": "done", "reported": "done"}
        return str(self.State(self.state).label), "stop" if self.is_cancelled else kind.get(self.state, "")

    @property
    def status_label(self) -> str:
        return self.status[0]

    @property
    def status_kind(self) -> str:
        return self.status[1]

    def not_begun(self) -> bool:
        return not self.has_begun

    def begun(self) -> bool:
        return self.has_begun

    def has_results(self) -> bool:
        return bool(self.results.strip())

    @transition(field=state, source=State.PLANNED, target=State.ANNOUNCED)
    def announce(self) -> None:
        """The network sees it; nobody signs up yet."""
        self.announced_at = timezone.now()

    @transition(
        field=state,
        source=[State.PLANNED, State.ANNOUNCED],
        target=State.REGISTRATION_OPEN,
        conditions=[not_begun],
    )
    def open_registration(self) -> None:
        """People sign up from now on (or from the moment named)."""
        self.announced_at = self.announced_at or timezone.now()

    @transition(field=state, source=State.PLANNED, target=State.PLANNED)
    @transition(field=state, source=State.ANNOUNCED, target=State.ANNOUNCED)
    @transition(field=state, source=State.REGISTRATION_OPEN, target=State.REGISTRATION_OPEN)
    def move_to(self, **when: Any) -> None:
        """Other dates or another place, as named; the state stays."""
        for name in ("starts_at", "ends_at", "place"):
            setattr(self, name, when.get(name, getattr(self, name)))
        for name in ("registration_closes_at", "withdrawal_until"):
            setattr(self, name, when.get(name))

    @transition(
        field=state, source=[State.ANNOUNCED, State.REGISTRATION_OPEN], target=State.HELD, conditions=[begun]
    )
    def hold(self) -> None:
        """It took place."""

    @transition(field=state, source=State.HELD, target=State.REPORTED, conditions=[has_results])
    def report(self) -> None:
        """What came of it is written down."""

    @transition(
        field=state,
        source=[State.PLANNED, State.ANNOUNCED, State.REGISTRATION_OPEN],
        target=State.CANCELLED,
    )
    def cancel(self) -> None:
        """It will not take place; the reason is in the log, registrations stay as they were."""
