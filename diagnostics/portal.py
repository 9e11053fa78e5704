"""What this app shows on home and in «Мои дела»."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from core.portal import SHOWN, Panel, Task, my_panels, my_tasks, record_panels
from core.search import Entry, search_source
from core.templatetags.portal import plural
from diagnostics import calls_portal, feedback_portal  # noqa: F401  (they register themselves)
from diagnostics.models import (
    Campaign,
    EventCall,
    Finding,
    Invitation,
    LinkPrinting,
    Questionnaire,
    SupportMeasure,
)
from diagnostics.models.finding import FindingQuerySet
from diagnostics.models.measure import mine_to_do, standing
from diagnostics.progress import lagging_organisations, progress_of
from diagnostics.views.mine import awaiting_surveys

SHOWN_FINDINGS = 3
ANSWERS = "На какое затруднение отвечает"


@my_tasks.among(awaiting_surveys)
def surveys_to_answer(person: Any, waiting: Any) -> Iterator[Task]:
    """Surveys the person is invited to and has not answered."""
    for invitation in waiting[:SHOWN]:
        campaign = invitation.campaign
        yield Task(
            title=f"Ответить на опрос «{campaign.title}»",
            url=reverse("diagnostics:mine"),
            note=f"около {campaign.questionnaire.minutes} мин · {campaign.get_anonymity_display()}",
            due=campaign.closes_on,
        )


def _not_printed(person: Any) -> Any:
    if not person.rights.head_of:
        return None
    rows = Invitation.objects.silent().filter(
        organisation__in=person.rights.head_of, campaign__in=Campaign.objects.surveys().accepting()
    )
    printed = LinkPrinting.objects.filter(
        campaign=OuterRef("campaign"), organisation=OuterRef("organisation")
    )
    return rows.filter(~Exists(printed))


@my_tasks.among(_not_printed)
def links_to_hand_out(person: Any, waiting: Any) -> Iterator[Task]:
    """For a head: surveys whose links on paper nobody has printed yet for those without an e-mail."""
    fields = ("campaign", "campaign__title", "campaign__closes_on")
    rows = waiting.order_by("campaign__closes_on", "campaign").values(*fields).annotate(people=Count("pk"))
    for row in rows[:SHOWN]:
        yield Task(
            f"Раздать ссылки на опрос «{row['campaign__title']}»",
            reverse("diagnostics:links", args=[row["campaign"]]),
            f"без электронной почты: {plural(row['people'], 'человек,человека,человек')}",
            row["campaign__closes_on"],
        )


def _own_measures(person: Any) -> Any:
    return mine_to_do(person, Finding.objects.visible_to(person)) if person.rights.manages else None


@my_tasks.among(_own_measures)
def support_to_give(person: Any, measures: Any) -> Iterator[Task]:
    """Measures the person answers for, soonest first."""
    for measure in measures.select_related("finding__direction")[:SHOWN]:
        finding = measure.finding
        yield Task(measure.title, finding.get_absolute_url(), f"ответ на «{finding}»", measure.due_on)


def _own_findings(person: Any) -> Any:
    places = person.rights.methodist_in
    return Finding.objects.filter(municipality__in=places) if places else None


@my_tasks.among(_own_findings)
def support_to_plan(person: Any, findings: Any) -> Iterator[Task]:
    """For a methodist: difficulties that nothing answers."""
    bare = findings.unanswered().count()
    if bare:
        words = "Спланировать поддержку: ничем не отвечены затруднения"
        yield Task(words, f"{reverse('diagnostics:findings')}?open=on", "выводы без мер", count=bare)


def _told(rows: FindingQuerySet, title: str, person: Any) -> Iterator[Panel]:
    """A panel of the three newest findings; a head is told of the own place's without the way to the finding."""
    rows = rows.told_to(person).select_related("organisation", "campaign", "direction")
    rows = rows.annotate(measured=Count("measures", filter=standing("measures__")))
    findings = list(rows.order_by("-created_at", "-pk")[:SHOWN_FINDINGS])
    if findings:
        rights = person.rights
        for finding in findings:
            finding.opens = rights.is_admin or finding.municipality_id in rights.manages  # type: ignore[attr-defined]
        yield Panel(title, "diagnostics/application_findings.html", {"findings": findings})


def _concerns(person: Any) -> bool:
    """Whether findings are told of to the person at all, without asking the database."""
    if not person.is_authenticated:
        return False
    return bool(person.rights.is_admin or person.rights.manages or person.rights.head_of)


@record_panels.of("events.event")
def difficulty_of_event(event: Any, person: Any) -> Iterator[Panel]:
    """The findings that the event answers; for the methodist, the way to invite those who have the difficulty."""
    if not _concerns(person):
        return
    for panel in _told(Finding.objects.filter(measures__event=event.pk), ANSWERS, person):
        if event.takes_registrations and person.has_perm("events.change_event", event):
            _offer_invitations(event, panel.context["findings"], person)
        yield panel


def _offer_invitations(event: Any, findings: list[Any], person: Any) -> None:
    """`invite_url` of each finding whose people can still be invited; one query."""
    rows = SupportMeasure.objects.filter(event=event.pk, finding__in=[one.pk for one in findings])
    waiting = rows.exclude(finding__in=EventCall.objects.filter(event=event.pk).values("finding"))
    measures = dict(waiting.values_list("finding", "pk"))
    for finding in findings:
        may = finding.campaign_id and person.has_perm("diagnostics.change_finding", finding)
        if may and finding.pk in measures:
            finding.invite_url = reverse("diagnostics:call", args=[finding.pk, measures[finding.pk]])


@record_panels.of("communities.community")
def difficulty_of_community(community: Any, person: Any) -> Iterator[Panel]:
    """The findings that the community answers, itself or by the application from which it came."""
    if _concerns(person):
        by = Q(community=community.pk) | Q(application__order=community.order_id)
        answered = SupportMeasure.objects.filter(by)
        yield from _told(Finding.objects.filter(pk__in=answered.values("finding")), ANSWERS, person)


@record_panels.of("communities.communityapplication")
def difficulty_of_application(application: Any, person: Any) -> Iterator[Panel]:
    """The findings that the application answers; where none is tied to it, for managers those of its direction."""
    if not _concerns(person):
        return
    panels = list(_told(Finding.objects.filter(measures__application=application.pk), ANSWERS, person))
    if not panels and application.direction_id is not None:
        rows = Finding.objects.visible_to(person).filter(
            municipality=application.municipality_id, direction=application.direction_id
        )
        panels = list(_told(rows, "Затруднения этого направления", person))
    yield from panels


def _running(person: Any) -> Any:
    return Campaign.objects.visible_to(person).accepting() if _concerns(person) else None


@my_panels.among(_running)
def running_survey(person: Any, campaigns: Any) -> Iterator[Panel]:
    """The running survey that closes first, with its progress, for those who manage it and for heads."""
    campaign = campaigns.order_by("closes_on", "pk")[0]
    row = progress_of([campaign], person)[0]
    manages = person.rights.is_admin or campaign.municipality_id in person.rights.manages
    lagging = lagging_organisations(campaign, 2) if manages else []
    may_remind = person.has_perm("diagnostics.remind_campaign", campaign) and not campaign.open_link
    yield Panel(
        title=f"Опрос «{campaign.title}»",
        template="diagnostics/my_survey.html",
        context={**row, "lagging": lagging, "may_remind": may_remind, "manages": manages},
    )


def _campaign_entry(campaign: Campaign) -> Entry:
    summary = f"Опрос, {campaign.opens_on:%d.%m.%Y} – {campaign.closes_on:%d.%m.%Y}"
    return Entry(campaign.title, campaign.get_absolute_url(), summary, campaign.purpose)


def _questionnaire_entry(questionnaire: Questionnaire) -> Entry:
    summary = f"Анкета, версия {questionnaire.version}, {questionnaire.get_audience_display()}"
    return Entry(questionnaire.title, questionnaire.get_absolute_url(), summary, questionnaire.intro)


search_source("diagnostics.campaign", Campaign, "Опросы", _campaign_entry)
search_source("diagnostics.questionnaire", Questionnaire, "Анкеты", _questionnaire_entry)
