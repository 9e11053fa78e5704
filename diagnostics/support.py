"""Support planned from a finding: an event, an application for a community, or what there is already."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Model

from communities.actions.applications import begin_application
from communities.models import Community, CommunityApplication
from core.documents import Percent, text_of
from core.states import NotAllowed, WrongState
from diagnostics.models import Finding, SupportMeasure
from events.actions import create_event
from events.models import Event
from events.prefill import USUAL_HOURS
from network.models import Organisation, OrganisationKind, Person


def audience_of(finding: Finding) -> str:
    """For whom the event is, in the words of its card."""
    where = finding.organisation.short_name if finding.organisation else str(finding.municipality)
    return f"педагоги: {where}"


def figure_in_words(finding: Finding) -> str:
    """What the survey showed, for a text others will read; of one organisation no figure goes into it."""
    about = f"направление «{finding.direction}»"
    if finding.organisation_id or finding.share is None or finding.campaign is None:
        return f"Педагогам даётся трудно {about}."
    share = text_of(Percent(round(float(finding.share), 2)))
    return f"По опросу «{finding.campaign}» {share} педагогов трудно даётся {about} (ответов: {finding.answers})."


def host_for(finding: Finding, by: Person) -> Organisation:
    """The methodical centre of the municipality; where there is none, the place `by` works at.

    Raises WrongState where there is neither.
    """
    active = Organisation.objects.active().filter(municipality=finding.municipality_id)
    centre = active.filter(kind=OrganisationKind.METHODICAL_CENTRE).order_by("pk").first()
    found = centre or _own_place(finding, by)
    if found is None:
        raise WrongState("В муниципалитете нет методического центра: событие некому провести.")
    return found


def _own_place(finding: Finding, by: Person) -> Organisation | None:
    jobs = [job.organisation for job in by.rights.employments]
    return next((one for one in jobs if one.municipality_id == finding.municipality_id), None)


def _locked(finding: Finding, by: Person) -> Finding:
    """The finding under a lock, so that two presses follow one another."""
    finding = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if not by.has_perm("diagnostics.change_finding", finding):
        raise NotAllowed("Поддержку планирует методист муниципалитета.")
    return finding


@transaction.atomic
def plan_event(*, finding: Finding, title: str, form: str, starts_at: dt.datetime, by: Person) -> Event:
    """A planned event that answers the finding, in the name of the methodical centre.

    The same title at the same time for the same finding is planned once: pressing twice gives the event there is.
    """
    finding = _locked(finding, by)
    same = finding.measures.filter(event__title=title, event__starts_at=starts_at).select_related("event")
    if (there := same.first()) and there.event is not None:
        return there.event
    host = host_for(finding, by)
    event = create_event(
        event=Event(
            municipality=host.municipality,
            host=host,
            organiser=by,
            title=title,
            format=form,
            direction=finding.direction,
            audience=audience_of(finding),
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(hours=USUAL_HOURS),
            hours=USUAL_HOURS,
        ),
        by=by,
    )
    _tie(finding, event, by)
    return event


@transaction.atomic
def draft_application(*, finding: Finding, title: str, by: Person) -> CommunityApplication:
    """A draft with problem, expected result and direction of the finding; `by` is its initiator.

    While the draft of the same initiator for the finding is there, that one is returned.
    """
    finding = _locked(finding, by)
    drafts = finding.measures.filter(application__state="draft", application__initiator=by)
    if (there := drafts.select_related("application").first()) and there.application is not None:
        return there.application
    problem = "\n\n".join(filter(None, [figure_in_words(finding), finding.note.strip()]))
    application = begin_application(
        application=CommunityApplication(
            municipality=finding.municipality,
            initiator_organisation=_own_place(finding, by),
            title=title,
            direction=finding.direction,
            problem=problem,
            expected_result=f"В следующем опросе направление «{finding.direction}» трудно даётся меньшей доле педагогов.",
        ),
        by=by,
    )
    _tie(finding, application, by)
    return application


@transaction.atomic
def answer_with(*, finding: Finding, record: Model, by: Person) -> SupportMeasure:
    """An event, application or community that there is answers the finding. Chosen twice it answers once."""
    return _tie(_locked(finding, by), record, by)


@transaction.atomic
def add_measure(*, measure: SupportMeasure, by: Person) -> SupportMeasure:
    """A measure in words answers its finding. The same one sent twice is one."""
    finding = _locked(measure.finding, by)
    fields = ("kind", "title", "due_on", "responsible", "link", "done_on", "result")
    alike = {name: getattr(measure, name) for name in fields}
    there = SupportMeasure.objects.filter(finding=finding, **alike).first()
    if there is not None:
        return there
    measure.save()
    return measure


def existing(finding: Finding, by: Person) -> dict[str, list[Any]]:
    """Events, communities and applications of the direction that `by` sees and that could answer the finding."""
    there = {"municipality": finding.municipality_id, "direction": finding.direction_id}
    events = Event.objects.visible_to(by).exclude(state=Event.State.CANCELLED)
    applications = CommunityApplication.objects.visible_to(by).under_way()
    communities = Community.objects.visible_to(by).not_closed()
    return {
        "event": list(events.filter(**there).exclude(measures__finding=finding).order_by("-starts_at")[:20]),
        "community": list(communities.filter(**there).exclude(measures__finding=finding)[:20]),
        "application": list(applications.filter(**there).exclude(measures__finding=finding)[:20]),
    }


def _tie(finding: Finding, record: Any, by: Person) -> SupportMeasure:
    link = {Event: "event", CommunityApplication: "application", Community: "community"}[type(record)]
    ends = {"event": lambda: record.ends_at.date(), "application": lambda: record.turn_until}
    measure, _ = SupportMeasure.objects.get_or_create(
        finding=finding,
        **{link: record},
        defaults={
            "kind": SupportMeasure.Kind.EVENT if link == "event" else SupportMeasure.Kind.COMMUNITY,
            "title": str(record),
            "responsible": by,
            "due_on": ends[link]() if link in ends else record.ends_on,
        },
    )
    return measure
