from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import rules as rules_library
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django_fsm import FSMField, transition
from rules.contrib.models import RulesModel

from core.addresses import address_of
from core.models import StatefulModel
from core.school_year import validate_school_year
from network import rules

if TYPE_CHECKING:
    from network.models import Person


class AddresseeRole(models.TextChoices):
    HEADS = "head", "руководители организаций"
    METHODISTS = "methodist", "методисты"
    OFFICIALS = "official", "специалисты органа управления образованием"


@rules_library.predicate
def is_addressee(person: Person, decision: Decision | None = None) -> bool:
    """The person named, or the head of the organisation named."""
    if not person.is_authenticated or decision is None:
        return False
    return decision.person_id == person.pk or decision.organisation_id in person.rights.head_of


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, person: Person) -> DecisionQuerySet:
        """Those who manage the municipality; those to whom a decision was given, once it was given."""
        rights = person.rights
        if rights.is_admin:
            return self
        return self.filter(Q(municipality__in=rights.manages) | self._given_to(person))

    def editable_by(self, person: Person) -> DecisionQuerySet:
        rights = person.rights
        return self if rights.is_admin else self.filter(municipality__in=rights.manages)

    def given_to(self, person: Person) -> DecisionQuerySet:
        """Addressed to the person, to an organisation they head, or to heads of their municipality."""
        return self.filter(self._given_to(person))

    def _given_to(self, person: Person) -> Q:
        from network.models import Organisation

        heads = Organisation.objects.filter(pk__in=person.rights.head_of)
        to_heads = Q(role=AddresseeRole.HEADS, municipality__in=heads.values("municipality"))
        mine = Q(person=person) | Q(organisation__in=person.rights.head_of) | to_heads
        return mine & ~Q(state=Decision.State.DRAFT)

    def open(self) -> DecisionQuerySet:
        """Given and not carried out yet."""
        return self.filter(state__in=[Decision.State.ASSIGNED, Decision.State.RETURNED])

    def overdue(self, today: dt.date | None = None) -> DecisionQuerySet:
        return self.open().filter(due_on__lt=today or timezone.localdate())


class Decision(StatefulModel, RulesModel):
    """A management decision: on what basis, what, to whom, until when, carried out with evidence, checked.

    Seed 004: the authority makes decisions on the network at the end of every school year.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Проект"
        ASSIGNED = "assigned", "Исполняется"
        DONE = "done", "Исполнено, ждёт проверки"
        RETURNED = "returned", "Возвращено"
        CHECKED = "checked", "Проверено"
        CANCELLED = "cancelled", "Отменено"

    municipality = models.ForeignKey(
        "network.Municipality", on_delete=models.PROTECT, related_name="decisions"
    )
    year = models.PositiveSmallIntegerField("учебный год", validators=[validate_school_year])
    text = models.TextField("что решено")
    report = models.ForeignKey(
        "monitoring.Report",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
        verbose_name="отчёт",
    )
    value = models.ForeignKey(
        "monitoring.IndicatorValue",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
        verbose_name="значение показателя",
    )
    finding = models.ForeignKey(
        "diagnostics.Finding",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
        verbose_name="вывод о затруднении",
    )
    basis = models.TextField("основание словами", blank=True)
    organisation = models.ForeignKey(
        "network.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
        verbose_name="организация",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
        verbose_name="человек",
    )
    role = models.CharField("кому по должности", max_length=10, choices=AddresseeRole.choices, blank=True)
    due_on = models.DateField("срок")
    state = FSMField("состояние", default=State.DRAFT, choices=State.choices, protected=True)
    result = models.TextField("что сделано", blank=True)
    done_on = models.DateField("исполнено", null=True, blank=True)
    effect = models.TextField("что это дало", blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "управленческое решение"
        verbose_name_plural = "управленческие решения"
        ordering = ["due_on", "pk"]
        rules_permissions = {
            "see": rules.is_methodist | rules.is_official | rules.is_head,
            "add": rules.is_methodist | rules.is_official,
            "change": rules.is_methodist | rules.is_official,
            "assign": rules.is_official,
            "complete": is_addressee | rules.is_methodist | rules.is_official,
            "give_back": rules.is_official,
            "check_done": rules.is_official,
            "cancel": rules.is_official,
        }
        constraints = [
            models.CheckConstraint(
                condition=Q(report__isnull=False)
                | Q(value__isnull=False)
                | Q(finding__isnull=False)
                | ~Q(basis=""),
                name="decision_has_a_basis",
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(person__isnull=False) | ~Q(role=""),
                name="decision_has_an_addressee",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "checked"]) | Q(done_on__isnull=False),
                name="decision_done_on_a_day",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "state", "due_on"], name="decisions_by_due")]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 90 else f"{self.text[:89].rstrip()}…"

    def get_absolute_url(self) -> str:
        return address_of("monitoring:decision", self.pk)

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.ASSIGNED, self.State.RETURNED)

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_on < timezone.localdate()

    @property
    def addressee(self) -> str:
        """«Школа № 4, И. А. Петрова» or «руководители организаций»."""
        parts = [self.organisation and self.organisation.short_name, self.person and self.person.initials]
        words = ", ".join(str(part) for part in parts if part)
        return words or self.get_role_display()

    def has_evidence(self) -> bool:
        return self.evidence.exists()

    @transition(field=state, source=State.DRAFT, target=State.ASSIGNED)
    def assign(self) -> None:
        """Given to the addressee, who gets a letter."""

    @transition(
        field=state, source=[State.ASSIGNED, State.RETURNED], target=State.DONE, conditions=[has_evidence]
    )
    def complete(self, result: str, done_on: dt.date) -> None:
        """Carried out; needs evidence."""
        self.result, self.done_on = result, done_on

    @transition(field=state, source=State.DONE, target=State.RETURNED)
    def give_back(self) -> None:
        """The check found it is not done; the reason is in the log."""
        self.done_on = None

    @transition(field=state, source=State.DONE, target=State.CHECKED)
    def check_done(self, effect: str = "") -> None:
        """The official agrees that it is done and says what it gave."""
        self.effect = effect

    @transition(field=state, source=[State.DRAFT, State.ASSIGNED, State.RETURNED], target=State.CANCELLED)
    def cancel(self) -> None:
        """No longer needed; the reason is in the log."""
