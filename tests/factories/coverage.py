"""A survey of sixty teachers whose answers are known, findings of it, and who took part in what answers them."""

import re

from django.utils import timezone

from diagnostics.models import Finding, Response
from diagnostics.support import answer_with
from diagnostics.tallies import tally
from events.models import Registration
from network.models import Direction, Role
from tests.factories.events import make_event
from tests.factories.network import employ
from tests.factories.tallies import HARD, WELL, campaign, questionnaire

HARDLY = 24  # of SIZE people who answered; two schools of thirty
SIZE = 60


def teachers_of(world) -> list:
    """Thirty teachers of each of two schools."""
    return [
        employ(Role.TEACHER, place) for place in (world.school, world.near.organisation) for _ in range(SIZE // 2)
    ]  # fmt: skip


def survey_of(world, people, *, hard=None, anonymity="confidential", **fields):
    """A closed survey by organisations; to those numbered in `hard` the first direction is difficult."""
    hard = set(range(0, 2 * HARDLY, 2)) if hard is None else set(hard)
    fields = {"by_subject": False, "by_category": False, "by_years": False, "state": "closed", **fields}
    survey = campaign(world.municipality, questionnaire(items=2), anonymity=anonymity, **fields)
    Response.objects.bulk_create(
        Response(
            campaign=survey, is_anonymous=False, person=one, organisation=one.rights.employments[0].organisation,
            answers={"q1": HARD if number in hard else WELL, "q2": WELL},
        )
        for number, one in enumerate(people)
    )  # fmt: skip
    if survey.state == "closed":
        tally(survey, final=True)
    return survey


def finding_of(survey, **fields) -> Finding:
    return Finding.objects.create(
        municipality=survey.municipality, campaign=survey, direction=Direction.objects.get(code="test-0"),
        year=timezone.localdate().year, **fields,
    )  # fmt: skip


def held_with(world, finding, came, absent=(), state="held"):
    """An event that answers the finding, with who came and who was signed up and did not come."""
    event = make_event(world.centre, state=state, organiser=world.methodist)
    Registration.objects.bulk_create(
        Registration(
            event=event, person=one, organisation=one.rights.employments[0].organisation,
            attendance="attended" if one in came else "absent",
        )
        for one in [*came, *absent]
    )  # fmt: skip
    answer_with(finding=finding, record=event, by=world.methodist)
    return event


def page(world, finding, role="methodist") -> str:
    text = world.client(role).get(finding.get_absolute_url()).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace("\xa0", " ")


def open_event(world, finding, **fields):
    event = make_event(world.centre, organiser=world.methodist, **fields)
    answer_with(finding=finding, record=event, by=world.methodist)
    return event
