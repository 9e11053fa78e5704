"""The page of a community, its news and its yearly report."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from communities.models import Community, CommunityNews, CommunityReport
from core.search import index
from core.states import NotAllowed, WrongState
from network.models import Person

PRESSED_TWICE = dt.timedelta(minutes=10)


@transaction.atomic
def describe(*, community: Community, about: str, results: str, by: Person) -> Community:
    """The leader's own words; what the order says stays as it is."""
    if not by.has_perm("communities.change_community", community):
        raise NotAllowed("Страницу сообщества ведут его руководитель и секретарь.")
    community.about, community.results = about, results
    community.save(update_fields=["about", "results"])
    index([community])
    return community


@transaction.atomic
def publish_news(*, news: CommunityNews, by: Person) -> CommunityNews:
    """Publish a new piece, or save a changed one; the author stays who wrote it first."""
    if not by.has_perm("communities.change_community", news.community):
        raise NotAllowed("Новости пишут руководитель и секретарь сообщества.")
    if news.pk is None:
        news.author = by
        again = CommunityNews.objects.filter(
            community=news.community,
            title=news.title,
            text=news.text,
            published_at__gt=timezone.now() - PRESSED_TWICE,
        ).first()
        if again is not None:  # Pressed twice.
            return again
    news.save()
    return news


@transaction.atomic
def hand_report(*, report: CommunityReport, by: Person, file: Any = None) -> CommunityReport:
    """Hand in the report of a school year, or mend the one that is there; one a year."""
    if not by.has_perm("communities.report_community", report.community):
        raise NotAllowed("Отчёт сдают руководитель и секретарь сообщества.")
    if file is not None:
        if report.file:
            old, storage = report.file.name or "", report.file.storage
            transaction.on_commit(lambda: storage.delete(old))
        report.file, report.filename = file, file.name[-200:]
    report.handed_by, report.handed_at = by, timezone.now()
    try:
        with transaction.atomic():
            report.save()
    except IntegrityError as error:
        raise WrongState(f"Отчёт за {report.school_year} уже сдан: откройте его и поправьте.") from error
    return report
