"""What communities show on home, in «Мои дела», in search and on the cards of organisations and people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from communities import application_portal  # noqa: F401  (what applications show there)
from communities.actions import changes  # noqa: F401  (what orders do here is known from the start)
from communities.deadlines import report_due, year_to_report
from communities.models import (
    Community,
    CommunityChange,
    CommunityNews,
    JoinRequest,
    MemberRole,
    Membership,
    Topic,
)
from core.markup import rendered
from core.portal import (
    SHOWN,
    Fact,
    Panel,
    Task,
    home_facts,
    home_panels,
    my_panels,
    my_tasks,
    my_waits,
    record_panels,
)
from core.school_year import SchoolYear
from core.search import Entry, search_source
from network.models import Role


def _asked_of(person: Any) -> Any:
    return JoinRequest.objects.asked().filter(community__in=Community.objects.led_by(person))


@my_tasks.among(_asked_of)
def requests_to_answer(person: Any, asked: Any) -> Iterator[Task]:
    """People who ask to join a community that the person leads."""
    for request in asked.select_related("community", "person").order_by("asked_at")[:SHOWN]:
        yield Task(
            f"Ответить на просьбу о вступлении: {request.person}",
            request.get_absolute_url(),
            f"{request.community}, с {request.asked_at:%d.%m.%Y}",
        )


@my_tasks.among(lambda person: Community.objects.led_by(person).not_closed())
def terms_and_reports(person: Any, communities: Any) -> Iterator[Task]:
    """For the leader: what is to be decided about the term, and the report that is asked for now."""
    today = timezone.localdate()
    led = (
        communities.select_related("municipality")
        .prefetch_related("reports")
        .annotate(asked=Count("changes", filter=Q(changes__state="asked"), distinct=True))
    )
    for one in led.order_by("ends_on", "pk")[: 2 * SHOWN]:
        if not one.asked and (one.is_ending or one.state == Community.State.LAPSED):
            title = f"Решить, продлить или закрыть: {one}"
            yield Task(title, one.get_absolute_url(), "Срок сообщества по акту", one.ends_on)
        year = year_to_report(today, one.municipality)
        reported = any(report.year == year.start for report in one.reports.all())
        if not reported and one.starts_on <= year.ends_on:
            url = reverse("communities:report-new", args=[one.pk])
            yield Task(
                f"Сдать отчёт за {year} учебный год",
                url,
                f"Сообщество «{one}»",
                report_due(year, one.municipality),
            )


def _to_replace(person: Any) -> Any:
    places = person.rights.methodist_in
    return Community.objects.without_leader().filter(municipality__in=places) if places else None


@my_tasks.among(_to_replace)
def leaders_to_replace(person: Any, communities: Any) -> Iterator[Task]:
    """For a methodist: communities whose leader works in the municipality no longer."""
    for one in communities.order_by("title", "pk")[:SHOWN]:
        url = f"{reverse('communities:change-new', args=[one.pk])}?kind=leader"
        yield Task(f"Попросить о смене руководителя: {one}", url, "Руководитель больше не работает в сети")


def _without_order(person: Any) -> Any:
    places = person.rights.official_in
    asked = CommunityChange.objects.asked().filter(order=None)
    return asked.filter(community__municipality__in=places) if places else None


@my_tasks.among(_without_order)
def changes_to_order(person: Any, asked: Any) -> Iterator[Task]:
    """Changes asked for that still have no draft of an order; a draft waits among the orders."""
    for change in asked.select_related("community", "asked_by").order_by("asked_at")[:SHOWN]:
        yield Task(
            f"Подготовить акт: {change}",
            change.get_absolute_url(),
            f"Просит {change.asked_by.initials}, с {change.asked_at:%d.%m.%Y}",
        )


@my_waits.among(lambda person: JoinRequest.objects.asked().filter(person=person))
def own_requests(person: Any, asked: Any) -> Iterator[Task]:
    """Where the person asked to be taken in."""
    for request in asked.select_related("community").order_by("asked_at")[:SHOWN]:
        yield Task(
            f"Вступление: {request.community}",
            request.get_absolute_url(),
            f"Ждём руководителя с {request.asked_at:%d.%m.%Y}",
        )


@my_waits.among(lambda person: CommunityChange.objects.asked().filter(asked_by=person))
def own_changes(person: Any, asked: Any) -> Iterator[Task]:
    """Changes by order that the person asked for."""
    for change in asked.select_related("community").order_by("asked_at")[:SHOWN]:
        note = f"Ждём распорядительного акта с {change.asked_at:%d.%m.%Y}"
        yield Task(str(change), change.get_absolute_url(), note)


def _in_force(person: Any) -> Any:
    places = person.rights.methodist_in
    return Community.objects.in_force().filter(municipality__in=places) if places else None


@my_waits.among(_in_force)
def reports_of_others(person: Any, communities: Any) -> Iterator[Task]:
    """For a methodist: communities whose report of the year is not in."""
    # The day of the report is each municipality's own; there are two years at most to ask about.
    asked: dict[SchoolYear, set[int]] = defaultdict(set)
    for job in person.rights.employments:
        if job.role == Role.METHODIST:
            place = job.organisation.municipality
            asked[year_to_report(timezone.localdate(), place)].add(place.pk)
    for year, places in sorted(asked.items()):
        silent = communities.filter(municipality__in=places, starts_on__lte=year.ends_on)
        count = silent.exclude(reports__year=year.start).count()
        if count:
            url = f"{reverse('communities:board')}?year={year.start}&missing=report"
            yield Task(f"Отчёты сообществ за {year} учебный год", url, "Ждём руководителей", count=count)


def _own_memberships(person: Any) -> Any:
    return Membership.objects.current().filter(person=person).exclude(community__state=Community.State.CLOSED)


@my_panels.among(_own_memberships)
def own_communities(person: Any, mine: Any) -> Iterator[Panel]:
    """Where the person belongs."""
    rows = list(mine.select_related("community").order_by("community__title")[:8])
    context = {"memberships": rows, "leader": MemberRole.LEADER}
    yield Panel("Мои сообщества", "communities/my_communities.html", context, order=40)


@home_facts
def communities_in_force(municipality: Any, person: Any) -> Iterator[Fact]:
    count = Community.objects.filter(municipality=municipality, state=Community.State.ACTIVE).count()
    if count:
        url = f"{reverse('communities:communities')}?state={Community.State.ACTIVE}"
        yield Fact(count, "сообщество,сообщества,сообществ", url, order=30)


@home_panels
def latest_news(municipality: Any, person: Any) -> Iterator[Panel]:
    """The last news of communities, one of each."""
    news = CommunityNews.objects.filter(community__municipality=municipality).select_related("community")
    rows = [{"item": item, "html": rendered(item.text)} for item in news[:3]]
    if rows:
        yield Panel("Новости сообществ", "communities/home_news.html", {"rows": rows}, "main", 45)


@record_panels.of("network.organisation")
def communities_of_organisation(organisation: Any, person: Any) -> Iterator[Panel]:
    """Communities in which people of the organisation work, and how many of them."""
    now = Q(memberships__left_on=None, memberships__organisation=organisation)
    rows = (
        Community.objects.not_closed()
        .filter(now)
        .annotate(own=Count("memberships", filter=now, distinct=True))
        .order_by("title", "pk")
    )
    found = list(rows[:8])
    if found:
        url = f"{reverse('communities:communities')}?organisation={organisation.pk}"
        context = {"communities": found, "list_url": url}
        yield Panel("Сообщества", "communities/record_panel.html", context, "main", 40)


@record_panels.of("network.person")
def communities_of_person(person_of_card: Any, person: Any) -> Iterator[Panel]:
    """Where the person takes part."""
    rows = (
        Membership.objects.current()
        .filter(person=person_of_card)
        .exclude(community__state=Community.State.CLOSED)
        .select_related("community")
        .annotate(title=F("community__title"))
        .order_by("title")
    )
    found = list(rows[:12])
    if found:
        context = {"memberships": found, "leader": MemberRole.LEADER}
        yield Panel("Сообщества", "communities/my_communities.html", context, "main", 40)


def _community_entry(community: Community) -> Entry:
    return Entry(
        title=community.title,
        url=community.get_absolute_url(),
        summary=f"{community.get_kind_display().capitalize()} · {community.direction}",
        text=f"{community.goal} {community.about} {community.results}",
    )


def _topic_entry(topic: Topic) -> Entry:
    return Entry(topic.title, topic.get_absolute_url(), f"Обсуждение · {topic.community}")


search_source("communities.community", Community, "Сообщества", _community_entry, related=("direction",))
search_source("communities.topic", Topic, "Обсуждения", _topic_entry, related=("community",))
