"""Indicators that the portal counts itself: a rule by name, each over existing records."""

from monitoring.computed.communities import RULES as COMMUNITY_RULES
from monitoring.computed.decisions import RULES as DECISION_RULES
from monitoring.computed.diagnostics import RULES as DIAGNOSTICS_RULES
from monitoring.computed.events import RULES as EVENT_RULES
from monitoring.computed.orders import RULES as ORDER_RULES
from monitoring.computed.organisations import RULES as ORGANISATION_RULES
from monitoring.computed.people import RULES as PEOPLE_RULES
from monitoring.computed.rule import Counts, Part, Rule, Scope

RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        *DIAGNOSTICS_RULES,
        *EVENT_RULES,
        *COMMUNITY_RULES,
        *PEOPLE_RULES,
        *ORGANISATION_RULES,
        *ORDER_RULES,
        *DECISION_RULES,
    )
}

__all__ = ["RULES", "Counts", "Part", "Rule", "Scope"]
