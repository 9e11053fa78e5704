"""Sections of the annual report, in order. An app that comes later adds a module here and a line below."""

from monitoring.sections.assessment import AssessmentSection
from monitoring.sections.communities import CommunitiesSection, OrdersSection
from monitoring.sections.decisions import DecisionsSection
from monitoring.sections.diagnostics import DiagnosticsSection
from monitoring.sections.events import EventsSection
from monitoring.sections.indicators import IndicatorsSection
from monitoring.sections.network import NetworkSection
from monitoring.sections.section import Section

SECTIONS: tuple[Section, ...] = (
    NetworkSection(),
    DiagnosticsSection(),
    EventsSection(),
    CommunitiesSection(),
    OrdersSection(),
    IndicatorsSection(),
    AssessmentSection(),
    DecisionsSection(),
)

__all__ = ["SECTIONS", "Section"]
