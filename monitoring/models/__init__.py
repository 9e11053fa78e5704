from monitoring.models.assessment import Assessment, Column, Framework, Position, Row, Score, Section
from monitoring.models.decision import AddresseeRole, Decision
from monitoring.models.evidence import Evidence
from monitoring.models.indicator import Indicator, IndicatorSet, IndicatorValue, Unit, cell_of, target_reached
from monitoring.models.proposal import ProposalRule, Refusal
from monitoring.models.report import Report, ReportFile, ReportText

__all__ = [
    "AddresseeRole",
    "Assessment",
    "Column",
    "Decision",
    "Evidence",
    "Framework",
    "Indicator",
    "IndicatorSet",
    "IndicatorValue",
    "Position",
    "ProposalRule",
    "Refusal",
    "Report",
    "ReportFile",
    "ReportText",
    "Row",
    "Score",
    "Section",
    "Unit",
    "cell_of",
    "target_reached",
]
