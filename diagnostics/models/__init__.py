from diagnostics.models.campaign import Anonymity, Campaign, new_token
from diagnostics.models.coverage import Coverage, CoverageSet, CoverageUnit, EventCall
from diagnostics.models.feedback import Feedback, FeedbackWords
from diagnostics.models.finding import Finding
from diagnostics.models.imported import ImportedAnswers
from diagnostics.models.invitation import Invitation, InvitationKey, LinkPrinting
from diagnostics.models.measure import MeasureState, SupportMeasure
from diagnostics.models.other_answers import OtherAnswers
from diagnostics.models.questionnaire import Audience, Item, ItemOption, Questionnaire, Section
from diagnostics.models.response import Draft, Response, SentKey, YearsBand
from diagnostics.models.scale import Scale, ScaleOption
from diagnostics.models.tally import Batch, Dimension, Tally

__all__ = [
    "Anonymity",
    "Audience",
    "Batch",
    "Campaign",
    "Coverage",
    "CoverageSet",
    "CoverageUnit",
    "Dimension",
    "Draft",
    "EventCall",
    "Feedback",
    "FeedbackWords",
    "Finding",
    "ImportedAnswers",
    "Invitation",
    "InvitationKey",
    "Item",
    "ItemOption",
    "LinkPrinting",
    "MeasureState",
    "OtherAnswers",
    "Questionnaire",
    "Response",
    "Scale",
    "ScaleOption",
    "Section",
    "SentKey",
    "SupportMeasure",
    "Tally",
    "YearsBand",
    "new_token",
]
