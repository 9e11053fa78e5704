from events.models.calendar_link import CalendarLink
from events.models.certificate import Certificate
from events.models.door import Door
from events.models.event import Event
from events.models.kinds import EventFormat, EventLevel
from events.models.plan import EventPlan
from events.models.plan_item import PlanItem
from events.models.programme import EventMaterial, Session, Speaker
from events.models.registration import Attendance, ParticipantRole, Registration
from events.models.series import Series

__all__ = [
    "Attendance",
    "CalendarLink",
    "Certificate",
    "Door",
    "Event",
    "EventFormat",
    "EventLevel",
    "EventMaterial",
    "EventPlan",
    "ParticipantRole",
    "PlanItem",
    "Registration",
    "Series",
    "Session",
    "Speaker",
]
