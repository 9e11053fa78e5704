"""What answers a finding, and what has become of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from communities.models import CommunityReport

if TYPE_CHECKING:
    from communities.models import Community, CommunityApplication
    from events.models import Event
    from network.models import Person

LINKS = ("event", "application", "community")
_EVENT_STATES = {
    "planned": "planned", "announced": "going", "registration_open": "going",
    "held": "done", "reported": "done", "cancelled": "failed",
}  # fmt: skip
# An approved application has handed over to the community that it founded.
_APPLICATION_STATES = {
    "draft": "planned", "submitted": "going", "in_review": "going", "returned": "going",
    "awaiting_decision": "going", "rejected": "failed", "withdrawn": "failed",
}  # fmt: skip
# A community is done when its term is over and it has told what came of it; whether it has is the second part.
_COMMUNITY_STATES = {
    ("active", False): "going", ("active", True): "going",
    ("lapsed", False): "going", ("lapsed", True): "done",
    ("closed", False): "failed", ("closed", True): "done",
}  # fmt: skip
# Where the community of a measure stands: its own, or the one that its application founded.
_COMMUNITIES = ("community", "application__community")


class MeasureState(models.TextChoices):
    PLANNED = "planned", "Запланировано"
    GOING = "going", "Идёт"
    DONE = "done", "Сделано"
    FAILED = "failed", "Не состоялось"


_KINDS = {
    MeasureState.PLANNED: "wait",
    MeasureState.GOING: "go",
    MeasureState.DONE: "done",
    MeasureState.FAILED: "stop",
}


def _of_records(prefix: str, *states: str) -> Q:
    """Measures whose record is in one of the states. Written without negation: it may stand behind a join to many."""
    found = Q()
    for link, known in (("event", _EVENT_STATES), ("application", _APPLICATION_STATES)):
        if reached := [own for own, meaning in known.items() if meaning in states]:
            found |= Q(**{f"{prefix}{link}__state__in": reached})
    if "going" in states:
        found |= Q(
            **{f"{prefix}application__state": "approved", f"{prefix}application__community__isnull": True}
        )
    for path in _COMMUNITIES:
        for told in (False, True):
            own = [s for (s, has), meaning in _COMMUNITY_STATES.items() if has is told and meaning in states]
            here = Q(**{f"{prefix}{path}__state__in": own})
            report = Exists(CommunityReport.objects.filter(community=OuterRef(f"{prefix}{path}")))
            if own:
                found |= here & (Q(report) if told else ~Q(report))
    return found


def _of_no_record(prefix: str) -> Q:
    return Q(**{f"{prefix}{link}__isnull": True for link in LINKS})


def standing(prefix: str = "") -> Q:
    """Measures that answer the difficulty: planned, going on or done; `prefix` leads to them from another model."""
    return _of_no_record(prefix) | _of_records(prefix, "planned", "going", "done")


def carried_out(prefix: str = "") -> Q:
    """Measures done: by their record where there is one, else by the day that was written down."""
    return _of_records(prefix, "done") | (_of_no_record(prefix) & Q(**{f"{prefix}done_on__isnull": False}))


def _exactly(link: str, kind: str) -> Q:
    return Q(kind=kind, **{f"{one}__isnull": one != link for one in LINKS})


class MeasureQuerySet(models.QuerySet["SupportMeasure"]):
    def standing(self) -> MeasureQuerySet:
        """All but those whose event was cancelled or whose application was turned down."""
        return self.filter(standing())

    def carried_out(self) -> MeasureQuerySet:
        return self.filter(carried_out())

    def to_do(self) -> MeasureQuerySet:
        """Planned or going on."""
        waits = _of_no_record("") & Q(done_on__isnull=True)
        return self.filter(waits | _of_records("", "planned", "going"))

    def with_records(self) -> MeasureQuerySet:
        """With the record of each, and `has_report`: whether its community has handed one in."""
        reports = CommunityReport.objects.filter(
            Q(community=OuterRef("community")) | Q(community=OuterRef("application__community"))
        )
        return self.select_related(*LINKS, "application__community").annotate(has_report=Exists(reports))


class SupportMeasure(models.Model):
    """What answers a finding: an event, a community, a mentor, a material and so on.

    A measure that has a record (an event, an application for a community, a community) is in the state of that
    record; of the others `done_on` tells. An approved application hands over to the community it founded, so it is
    going on; a community is done when its term is over (or it is closed) and it has handed in a report, and came to
    nothing when it was closed without one.
    """

    class Kind(models.TextChoices):
        EVENT = "event", "событие"
        COMMUNITY = "community", "сообщество"
        MENTOR = "mentor", "наставник"
        MATERIAL = "material", "материал"
        CENTRE = "centre", "ресурсный центр"
        COURSE = "course", "запрос на курсы"
        OTHER = "other", "другое"

    finding = models.ForeignKey("diagnostics.Finding", on_delete=models.CASCADE, related_name="measures")
    kind = models.CharField("вид", max_length=10, choices=Kind.choices)
    title = models.CharField("что", max_length=300)
    due_on = models.DateField("срок", null=True, blank=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    link = models.CharField("ссылка", max_length=400, blank=True)
    event = models.ForeignKey(
        "events.Event", null=True, blank=True, on_delete=models.CASCADE, related_name="measures"
    )
    application = models.ForeignKey(
        "communities.CommunityApplication",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="measures",
    )
    community = models.ForeignKey(
        "communities.Community", null=True, blank=True, on_delete=models.CASCADE, related_name="measures"
    )
    done_on = models.DateField("сделано", null=True, blank=True)
    result = models.TextField("что получилось", blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = "мера поддержки"
        verbose_name_plural = "меры поддержки"
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(event__isnull=True, application__isnull=True, community__isnull=True)
                | _exactly("event", "event")
                | _exactly("application", "community")
                | _exactly("community", "community"),
                name="measure_has_one_record_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True)
                | Q(event__isnull=True, application__isnull=True, community__isnull=True),
                name="measure_done_as_its_record_says",
            ),
            *(
                models.UniqueConstraint(
                    fields=["finding", link],
                    condition=Q(**{f"{link}__isnull": False}),
                    name=f"one_measure_a_finding_and_{link}",
                )
                for link in LINKS
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def record(self) -> Event | CommunityApplication | Community | None:
        """The event, application or community that the measure is."""
        return self.event or self.application or self.community

    @property
    def working_community(self) -> Community | None:
        """The community of the measure, its own or the one that its application founded."""
        return self.community or getattr(self.application, "community", None)

    @property
    def state(self) -> MeasureState:
        community = self.working_community
        if community is not None:
            return MeasureState(_COMMUNITY_STATES[community.state, self._has_report(community)])
        if self.event is not None:
            return MeasureState(_EVENT_STATES[self.event.state])
        if self.application is not None:
            return MeasureState(_APPLICATION_STATES.get(self.application.state, "going"))
        return MeasureState.DONE if self.done_on else MeasureState.PLANNED

    def _has_report(self, community: Community) -> bool:
        """Asked with the measures (`with_records`), else of the database."""
        known = self.__dict__.get("has_report")
        return community.reports.exists() if known is None else known

    @property
    def state_label(self) -> str:
        return str(self.state.label)

    @property
    def state_kind(self) -> str:
        """The kind of the tag (docs/interface.md)."""
        return _KINDS[self.state]

    @property
    def is_done(self) -> bool:
        return self.state == MeasureState.DONE

    @property
    def finished_on(self) -> dt.date | None:
        """The day it was done: the end of the event or of the community, else what was written."""
        if not self.is_done:
            return None
        if self.event is not None:
            return timezone.localdate(self.event.ends_at)
        if (community := self.working_community) is not None:
            return community.closed_on or community.ends_on
        return self.done_on


def mine_to_do(person: Person, findings: Any) -> MeasureQuerySet:
    """Measures of the findings that the person answers for and that are still to do, soonest first."""
    rows = SupportMeasure.objects.to_do().filter(finding__in=findings, responsible=person)
    return rows.order_by(models.F("due_on").asc(nulls_last=True), "pk")
