"""What monitoring shows on home, in «Мои дела» and in search."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse

from core.portal import SHOWN, Task, my_tasks, my_waits
from core.school_year import SchoolYear
from core.search import Entry, search_source
from monitoring.models import Decision, Evidence, IndicatorValue, Report


def _reports_ready(person: Any) -> Any:
    places = person.rights.official_in
    rows = Report.objects.filter(municipality__in=places, state=Report.State.DRAFT, edition=F("wanted"))
    return rows.filter(Q(texts_changed_at=None) | Q(texts_changed_at__lt=F("built_at"))) if places else None


@my_tasks.among(_reports_ready)
def reports_to_accept(person: Any, ready: Any) -> Iterator[Task]:
    """Built reports that only wait for the official."""
    for report in ready.defer("snapshot").order_by("pk")[:SHOWN]:
        yield Task(f"Принять: {report}", report.get_absolute_url(), "Отчёт собран, цифры и тексты на месте")


def _decisions_given(person: Any) -> Any:
    given = Q(pk__in=Decision.objects.given_to(person).values("pk"), role="")
    given |= Q(role="methodist", municipality__in=person.rights.methodist_in)
    given |= Q(role="official", municipality__in=person.rights.official_in)
    return Decision.objects.open().filter(given)


@my_tasks.among(_decisions_given)
def decisions_to_carry_out(person: Any, given: Any) -> Iterator[Task]:
    """Decisions given to the person by name, to the organisation they head, or to their office."""
    for decision in given.order_by("due_on", "pk")[:SHOWN]:
        note = (
            "Возвращено на исполнение"
            if decision.state == Decision.State.RETURNED
            else "Решение к исполнению"
        )
        yield Task(str(decision), decision.get_absolute_url(), note, due=decision.due_on)


def _decisions_done(person: Any) -> Any:
    places = person.rights.official_in
    return Decision.objects.filter(municipality__in=places, state=Decision.State.DONE) if places else None


@my_tasks.among(_decisions_done)
def decisions_to_check(person: Any, done: Any) -> Iterator[Task]:
    for decision in done.select_related("organisation", "person").order_by("done_on", "pk")[:SHOWN]:
        yield Task(f"Проверить исполнение: {decision}", decision.get_absolute_url(), decision.addressee)


def _values_bare(person: Any) -> Any:
    if not person.rights.methodist_in:
        return None
    bare = IndicatorValue.objects.drafts().filter(
        municipality__in=person.rights.methodist_in,
        year=SchoolYear.current().start,
        indicator__rule="",
        value__gt=0,
    )
    return bare.filter(~Exists(Evidence.objects.filter(value=OuterRef("pk"))))


@my_tasks.among(_values_bare)
def values_to_support(person: Any, bare: Any) -> Iterator[Task]:
    """Entered values of the year that have no evidence and so cannot be accepted."""
    yield Task(
        "Подтвердить значения показателей",
        reverse("monitoring:indicators"),
        "Значение внесено, а документа, ссылки или записи нет",
        count=bare.count(),
    )


def _decisions_written(person: Any) -> Any:
    return Decision.objects.open().filter(created_by=person) if person.rights.manages else None


@my_waits.among(_decisions_written)
def decisions_of_others(person: Any, written: Any) -> Iterator[Task]:
    """Decisions the person wrote that others carry out."""
    late = Q(pk__in=Decision.objects.overdue().values("pk"))
    counts = written.aggregate(all=Count("pk"), late=Count("pk", filter=late))
    note = f"Просрочено: {counts['late']}" if counts["late"] else "Сроки ещё не вышли"
    yield Task("Исполнение решений", reverse("monitoring:decisions"), note, count=counts["all"])


def _report_entry(report: Report) -> Entry:
    return Entry(
        title=str(report),
        url=report.get_absolute_url(),
        summary=f"{report.municipality} · {report.get_state_display()}",
        text="мониторинг показатели диагностика самооценка",
    )


def _decision_entry(decision: Decision) -> Entry:
    return Entry(
        title=str(decision),
        url=decision.get_absolute_url(),
        summary=f"{decision.addressee} · срок {decision.due_on:%d.%m.%Y}",
        text=f"{decision.text} {decision.basis} {decision.result}",
    )


search_source("monitoring.report", Report, "Отчёты", _report_entry, related=("municipality",))
search_source("monitoring.decision", Decision, "Решения", _decision_entry, related=("organisation", "person"))
