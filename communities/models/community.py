from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django_fsm import FSMField, transition
from rules.contrib.models import RulesModel

from communities import rules
from communities.models.kinds import CommunityKind
from core.addresses import address_of
from core.models import StatefulModel
from network.rules import is_employee, is_methodist, is_official

if TYPE_CHECKING:
    from network.models import Person

# A month before the end of the term the leader and the methodist are told.
WARN_DAYS = 30


class CommunityQuerySet(models.QuerySet["Community"]):
    def visible_to(self, person: Person) -> CommunityQuerySet:
        """A community exists by an official act, so that it exists is public."""
        return self

    def editable_by(self, person: Person) -> CommunityQuerySet:
        """Of the leader; of the methodist and the official of the municipality."""
        if person.rights.is_admin:
            return self
        return self.filter(Q(municipality__in=person.rights.manages) | Q(pk__in=self._led(person)))

    def led_by(self, person: Person) -> CommunityQuerySet:
        return self.filter(pk__in=self._led(person))

    def of_person(self, person: Person) -> CommunityQuerySet:
        """Where the person is a member now."""
        from communities.models.membership import Membership

        return self.filter(pk__in=Membership.objects.current().filter(person=person).values("community"))

    def of_organisation(self, organisation: Any) -> CommunityQuerySet:
        """Where somebody is a member now on behalf of the organisation."""
        from communities.models.membership import Membership

        mine = Membership.objects.current().filter(organisation=organisation)
        return self.filter(pk__in=mine.values("community"))

    def not_closed(self) -> CommunityQuerySet:
        return self.exclude(state=Community.State.CLOSED)

    def in_force(self, day: dt.date | None = None) -> CommunityQuerySet:
        """Founded and neither run out nor closed on the day (today)."""
        day = day or timezone.localdate()
        running = Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))
        return self.filter(running).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def without_leader(self) -> CommunityQuerySet:
        """Not closed, and nobody leads who works in the municipality now; no change of leader is asked for."""
        from communities.models.change import ChangeKind, CommunityChange
        from communities.models.membership import MemberRole, Membership
        from network.models import Employment

        works = Employment.objects.in_force().filter(
            person=OuterRef("person"), organisation__municipality=OuterRef("community__municipality")
        )
        leaders = Membership.objects.current().filter(Exists(works), role=MemberRole.LEADER)
        asked = CommunityChange.objects.asked().filter(kind=ChangeKind.LEADER)
        return (
            self.not_closed()
            .exclude(pk__in=leaders.values("community"))
            .exclude(pk__in=asked.values("community"))
        )

    def with_sizes(self) -> CommunityQuerySet:
        """`size`: members now; `places`: organisations they come from."""
        now = Q(memberships__left_on__isnull=True)
        return self.annotate(
            size=Count("memberships", filter=now),
            places=Count("memberships__organisation", filter=now, distinct=True),
        )

    def _led(self, person: Person) -> models.QuerySet:
        from communities.models.membership import MemberRole, Membership

        led = Membership.objects.current().filter(person=person, role=MemberRole.LEADER)
        return led.values("community")


class Community(StatefulModel, RulesModel):
    """People of several organisations who work on one difficulty; exists from the order that founds it (002 п. 3.1.4).

    Title, goal, term and leader are what the order says and change by an order only; `about` and `results`
    are the leader's own words.
    """

    class State(models.TextChoices):
        ACTIVE = "active", "Действует"
        LAPSED = "lapsed", "Срок истёк"
        CLOSED = "closed", "Закрыто"

    municipality = models.ForeignKey(
        "network.Municipality",
        on_delete=models.PROTECT,
        related_name="communities",
        verbose_name="муниципалитет",
    )
    kind = models.CharField("вид", max_length=20, choices=CommunityKind.choices)
    title = models.CharField("название", max_length=250)
    goal = models.TextField("цель", blank=True)
    direction = models.ForeignKey(
        "network.Direction",
        on_delete=models.PROTECT,
        related_name="communities",
        verbose_name="направление",
    )
    starts_on = models.DateField("действует с")
    ends_on = models.DateField("по", null=True, blank=True)
    about = models.TextField("чем занимаемся", blank=True)
    results = models.TextField("что получилось", blank=True)
    order = models.ForeignKey(
        "network.Order",
        on_delete=models.PROTECT,
        related_name="communities",
        verbose_name="распорядительный акт",
    )
    application = models.OneToOneField(
        "communities.CommunityApplication",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="community",
        verbose_name="заявление",
    )
    state = FSMField("состояние", default=State.ACTIVE, choices=State.choices, protected=True)
    closed_on = models.DateField("закрыто", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CommunityQuerySet.as_manager()

    class Meta:
        verbose_name = "сообщество"
        verbose_name_plural = "сообщества"
        ordering = ["title", "pk"]
        rules_permissions = {
            "change": (rules.keeps_minutes | is_methodist) & rules.is_going_on,
            "join": is_employee & rules.may_ask_to_join & rules.is_going_on,
            "leave": rules.is_member & ~rules.is_leader & rules.is_going_on,
            "see_members": is_employee | rules.is_member,
            "keep_members": (rules.is_leader | is_methodist) & rules.is_going_on,
            "see_reports": rules.is_member | is_methodist | is_official,
            "report": (rules.keeps_minutes | is_methodist) & rules.is_going_on,
            "discuss": (rules.is_member | is_methodist) & rules.is_going_on,
            "moderate": rules.is_leader | is_methodist,
            "ask_change": (rules.is_leader | is_methodist | is_official) & rules.is_going_on,
            "watch": is_methodist | is_official,
            "extend": is_official,
            "close": is_official,
        }
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="community_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_on__isnull=False),
                name="community_closed_on_a_day",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "state", "ends_on"], name="communities_by_term")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("communities:community", self.pk)

    def role_of(self, person: Any) -> str:
        """Role of the person in the community now, empty for an outsider; asked once for an object in memory."""
        known: dict[int, str] = self.__dict__.setdefault("_roles", {})
        if person.pk not in known:
            found = self.memberships.current().filter(person=person)
            known[person.pk] = found.values_list("role", flat=True).first() or ""
        return known[person.pk]

    @property
    def leader(self) -> Any:
        """Membership of the one who leads now, with person and organisation."""
        from communities.models.membership import MemberRole

        now = self.memberships.current().select_related("person", "organisation")
        return now.filter(role=MemberRole.LEADER).first()

    @property
    def term(self) -> str:
        """«01.09.2026 – 31.08.2027», «с 01.09.2026 без срока»."""
        if self.ends_on is None:
            return f"с {self.starts_on:%d.%m.%Y} без срока"
        return f"{self.starts_on:%d.%m.%Y} – {self.ends_on:%d.%m.%Y}"

    @property
    def is_ending(self) -> bool:
        """A month or less is left of the term."""
        return (
            self.state == self.State.ACTIVE
            and self.ends_on is not None
            and self.ends_on <= timezone.localdate() + dt.timedelta(days=WARN_DAYS)
        )

    def has_run_out(self) -> bool:
        return self.ends_on is not None and self.ends_on < timezone.localdate()

    @transition(field=state, source=State.ACTIVE, target=State.LAPSED, conditions=[has_run_out])
    def lapse(self) -> None:
        """The term is over and no order extends it; taken by the portal itself."""

    @transition(field=state, source=[State.ACTIVE, State.LAPSED], target=State.ACTIVE)
    def extend(self, ends_on: dt.date | None = None) -> None:
        """A new end of the term, by order; None leaves it without an end."""
        self.ends_on = ends_on

    @transition(field=state, source=[State.ACTIVE, State.LAPSED], target=State.CLOSED)
    def close(self, closed_on: dt.date | None = None) -> None:
        """The work is over, by order."""
        self.closed_on = closed_on or timezone.localdate()
