"""Indicators of management decisions."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from monitoring.computed.rule import Rule, Scope
from monitoring.models import Decision

CARRIED_OUT = [Decision.State.DONE, Decision.State.CHECKED]


class DecisionRule(Rule):
    """Counts the decisions given in the year (drafts and cancelled ones are none)."""

    columns = [
        ("Решение", "text"),
        ("Кому", "addressee"),
        ("Срок", "due_on"),
        ("Исполнено", "done_on"),
        ("Состояние", "get_state_display"),
    ]

    def base(self, scope: Scope) -> QuerySet:
        return Decision.objects.filter(municipality=scope.municipality, year=scope.year.start).exclude(
            state__in=[Decision.State.DRAFT, Decision.State.CANCELLED]
        )

    def listed(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("organisation", "person")

    def record_model(self) -> type[Decision]:
        return Decision


class DecisionsMade(DecisionRule):
    """Management decisions on the network made in the year."""

    name = "decisions_made"
    is_share = False


class DecisionsOnTime(DecisionRule):
    """Decisions carried out not later than due, of those that are due or carried out."""

    name = "decisions_on_time"

    def base(self, scope: Scope) -> QuerySet:
        return super().base(scope).filter(Q(due_on__lt=scope.day) | Q(state__in=CARRIED_OUT))

    def part(self, scope: Scope) -> Q:
        return Q(state__in=CARRIED_OUT, done_on__lte=F("due_on"))


class GroundedDecisions(DecisionRule):
    """Decisions that rest on a report, a value of an indicator or a finding."""

    name = "grounded_decisions"

    def part(self, scope: Scope) -> Q:
        return Q(report__isnull=False) | Q(value__isnull=False) | Q(finding__isnull=False)


RULES = [DecisionsMade(), DecisionsOnTime(), GroundedDecisions()]
