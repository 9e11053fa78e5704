"""Who is signed up for what, and who came."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django_fsm import FSMField, transition
from rules.contrib.models import RulesModel

from core.models import StatefulModel
from events import rules
from events.models.event import Event

if TYPE_CHECKING:
    from network.models import Person


class Attendance(models.TextChoices):
    UNKNOWN = "", "не отмечено"
    ATTENDED = "attended", "присутствовал"
    ABSENT = "absent", "не пришёл"
    EXCUSED = "excused", "отсутствовал по уважительной причине"


class ParticipantRole(models.TextChoices):
    PARTICIPANT = "participant", "участник"
    SPEAKER = "speaker", "выступающий"
    ORGANISER = "organiser", "организатор"


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, person: Person) -> RegistrationQuerySet:
        """Own; of the staff of an organisation one heads; of events one runs or whose municipality one manages."""
        rights = person.rights
        if rights.is_admin:
            return self
        return self.filter(
            Q(person=person)
            | Q(organisation__in=rights.head_of)
            | Q(event__municipality__in=rights.manages)
            | Q(event__in=Event.objects.filter(rules.run_by(person)).values("pk"))
        )

    def holding(self) -> RegistrationQuerySet:
        """Those that hold a place: signed up, or asked whether they take a freed one."""
        return self.filter(
            state__in=[Registration.State.REGISTERED, Registration.State.OFFERED], walked_in=False
        )

    def registered(self) -> RegistrationQuerySet:
        return self.filter(state=Registration.State.REGISTERED)

    def waiting(self) -> RegistrationQuerySet:
        """The waiting list in its order."""
        return self.filter(state=Registration.State.WAITING).order_by("queue")

    def live(self) -> RegistrationQuerySet:
        """Signed up, waiting or asked: everybody whom a change of the event concerns."""
        return self.filter(
            state__in=[
                Registration.State.REGISTERED,
                Registration.State.WAITING,
                Registration.State.OFFERED,
            ]
        )

    def lapsed(self, now: dt.datetime | None = None) -> RegistrationQuerySet:
        """Asked about a freed place, and the time to answer is over."""
        return self.filter(state=Registration.State.OFFERED, offered_until__lte=now or timezone.now())

    def attended(self) -> RegistrationQuerySet:
        return self.filter(attendance=Attendance.ATTENDED)


class Registration(StatefulModel, RulesModel):
    """One person at one event: signed up, in the waiting list, or no longer; afterwards, whether they came.

    All changes go through `events.registration`, which holds the lock of the event.
    """

    class State(models.TextChoices):
        REGISTERED = "registered", "Записан"
        WAITING = "waiting", "В листе ожидания"
        OFFERED = "offered", "Предложено место"
        DECLINED = "declined", "Отказ"
        WITHDRAWN = "withdrawn", "Запись снята"
        CANCELLED = "cancelled", "Снят организатором"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="registrations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="registrations", verbose_name="кто"
    )
    organisation = models.ForeignKey(
        "network.Organisation",
        on_delete=models.PROTECT,
        related_name="registrations",
        verbose_name="организация",
    )
    state = FSMField("состояние", default=State.REGISTERED, choices=State.choices, protected=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="кто записал",
    )
    registered_at = models.DateTimeField("когда записан", default=timezone.now)
    queue = models.PositiveIntegerField("номер в листе ожидания", null=True, blank=True)
    offered_until = models.DateTimeField("ответить до", null=True, blank=True)
    answered_at = models.DateTimeField("ответил", null=True, blank=True)
    promoted_at = models.DateTimeField("место освободилось", null=True, blank=True)
    walked_in = models.BooleanField("пришёл без записи", default=False)
    role = models.CharField(
        "роль", max_length=12, choices=ParticipantRole.choices, default=ParticipantRole.PARTICIPANT
    )
    attendance = models.CharField("присутствие", max_length=8, choices=Attendance.choices, blank=True)
    attended_at = models.DateTimeField("отмечен", null=True, blank=True)
    hours = models.DecimalField(
        "часов",
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = "запись на событие"
        verbose_name_plural = "записи на события"
        ordering = ["pk"]
        rules_permissions = {
            "withdraw": rules.is_participant | rules.is_participants_head,
            "decline": rules.is_participant,
            "accept": rules.is_participant,
            "remove": rules.runs_its_event,
            "walk_in": rules.is_participant | rules.runs_its_event,
            "renew": rules.is_participant | rules.is_participants_head | rules.runs_its_event,
            "queue_again": rules.is_participant | rules.is_participants_head | rules.runs_its_event,
        }
        constraints = [
            models.UniqueConstraint(fields=["event", "person"], name="one_registration_a_person"),
            models.UniqueConstraint(
                fields=["event", "queue"], condition=Q(queue__isnull=False), name="one_place_in_the_queue"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "offered"]) | Q(queue__isnull=False),
                name="who_waits_has_a_number",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", offered_until__isnull=False)
                | (~Q(state="offered") & Q(offered_until__isnull=True)),
                name="an_offer_ends",
            ),
            models.CheckConstraint(
                condition=Q(attendance="") | Q(state="registered"), name="only_the_registered_attend"
            ),
        ]
        indexes = [
            models.Index(fields=["event", "state", "queue"], name="registrations_in_order"),
            models.Index(fields=["person", "state"], name="registrations_of_a_person"),
            models.Index(fields=["state", "offered_until"], name="offers_by_their_end"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.event}"

    def get_absolute_url(self) -> str:
        return self.event.get_absolute_url()

    @property
    def municipality_id(self) -> int:
        return self.event.municipality_id

    @property
    def status_kind(self) -> str:
        """The kind of the tag (docs/interface.md)."""
        return {"registered": "done", "offered": "wait", "declined": "stop", "cancelled": "stop"}.get(
            self.state, ""
        )

    @property
    def is_live(self) -> bool:
        return self.state in (self.State.REGISTERED, self.State.WAITING, self.State.OFFERED)

    @property
    def holds_place(self) -> bool:
        return self.state in (self.State.REGISTERED, self.State.OFFERED) and not self.walked_in

    @property
    def chose_it_themselves(self) -> bool:
        """Signed up by the person and seated at once: such a place is given up until the deadline only."""
        return self.registered_by_id == self.person_id and self.promoted_at is None

    @transition(field=state, source=State.WAITING, target=State.REGISTERED)
    def promote(self) -> None:
        """A place is free and there is no time to ask: the place is the person's."""
        self.queue, self.promoted_at = None, timezone.now()

    @transition(field=state, source=State.WAITING, target=State.OFFERED)
    def offer(self, until: dt.datetime) -> None:
        """A place is free and held for the person until they answer."""
        self.offered_until, self.promoted_at = until, timezone.now()

    @transition(field=state, source=State.OFFERED, target=State.REGISTERED)
    def accept(self) -> None:
        """The person takes the freed place."""
        self.queue, self.offered_until, self.answered_at = None, None, timezone.now()

    @transition(field=state, source=State.OFFERED, target=State.DECLINED)
    def lapse(self) -> None:
        """The time to answer is over: the place goes to the next."""
        self.queue, self.offered_until = None, None

    @transition(field=state, source=[State.REGISTERED, State.WAITING, State.OFFERED], target=State.DECLINED)
    def decline(self) -> None:
        """«Не пойду» of somebody whom another signed up, or to whom a place was offered."""
        self.queue, self.offered_until, self.answered_at = None, None, timezone.now()

    @transition(field=state, source=[State.REGISTERED, State.WAITING, State.OFFERED], target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """Given up by the person or the head."""
        self.queue, self.offered_until, self.answered_at = None, None, timezone.now()

    @transition(field=state, source=[State.REGISTERED, State.WAITING, State.OFFERED], target=State.CANCELLED)
    def remove(self) -> None:
        """Taken off by those who run the event; the reason is in the log."""
        self.queue, self.offered_until = None, None

    @transition(
        field=state, source=[State.DECLINED, State.WITHDRAWN, State.CANCELLED], target=State.REGISTERED
    )
    def renew(self, **who: object) -> None:
        """Signed up again, and there is a place."""
        self._again(**who)

    @transition(field=state, source=[State.DECLINED, State.WITHDRAWN, State.CANCELLED], target=State.WAITING)
    def queue_again(self, queue: int, **who: object) -> None:
        """Signed up again, at the end of the waiting list."""
        self._again(**who)
        self.queue = queue

    @transition(
        field=state,
        source=[State.WAITING, State.OFFERED, State.DECLINED, State.WITHDRAWN, State.CANCELLED],
        target=State.REGISTERED,
    )
    def walk_in(self) -> None:
        """Came all the same: there is a chair, but no place of the count is taken."""
        self.queue, self.offered_until, self.walked_in = None, None, True

    def _again(self, **who: object) -> None:
        for name, value in who.items():
            setattr(self, name, value)
        self.registered_at, self.answered_at, self.promoted_at = timezone.now(), None, None
