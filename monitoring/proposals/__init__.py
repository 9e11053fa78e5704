"""Evidence the portal proposes from its records: sources by name, rules are data of the framework."""

from monitoring.proposals.figures import Decisions, Findings, Indicators, Reports, Surveys
from monitoring.proposals.records import Communities, CommunityReports, Events, Orders, Plans
from monitoring.proposals.source import Source

SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        Orders(),
        Plans(),
        Surveys(),
        Findings(),
        Reports(),
        Indicators(),
        Decisions(),
        Communities(),
        CommunityReports(),
        Events(),
    )
}
BY_MODEL: dict[str, Source] = {source.model._meta.label_lower: source for source in SOURCES.values()}

__all__ = ["BY_MODEL", "SOURCES", "Source"]
