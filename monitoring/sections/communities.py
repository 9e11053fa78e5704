"""Communities and official acts of the year."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from communities.deadlines import report_due
from communities.models import (
    Community,
    CommunityApplication,
    CommunityChange,
    CommunityKind,
    CommunityReport,
    MemberRole,
    Membership,
)
from core.documents import Column, Heading, Paragraph, Table
from core.documents.content import Block
from core.documents.values import Text
from events.models import EventPlan
from monitoring.computed import Scope
from monitoring.computed.communities import communities, memberships
from monitoring.sections.section import Data, Section, address, linked, many
from network.models import Order, Person


class CommunitiesSection(Section):
    key = "communities"
    title = "Педагогические сообщества"

    def collect(self, scope: Scope) -> Data:
        year, mine = scope.year, memberships(scope)
        span = (year.starts_on, year.ends_on)
        changes = CommunityChange.objects.filter(
            community__municipality=scope.municipality, state="ordered", order__date__range=span
        )
        applications = CommunityApplication.objects.filter(
            municipality=scope.municipality, submitted_at__date__range=span
        )
        return {
            "municipality": scope.municipality.pk,
            "year": year.start,
            "communities": _listed(scope),
            "report_words": _no_report(scope),
            "people": mine.aggregate(n=Count("person", distinct=True))["n"],
            "places": mine.aggregate(n=Count("organisation", distinct=True))["n"],
            "founded": Community.objects.filter(
                municipality=scope.municipality, order__date__range=span
            ).count(),
            "changes": dict(changes.order_by().values_list("kind").annotate(Count("pk"))),
            "applications": dict(applications.order_by().values_list("state").annotate(Count("pk"))),
        }

    def headline(self, data: Data) -> list[Text]:
        count = len(data["communities"])
        if not count:
            return ["Действующих педагогических сообществ нет."]
        words = f"Действует {many(count, 'сообщество,сообщества,сообществ')}, в них "
        words += f"{many(data['people'], 'человек,человека,человек')} из "
        return [words + f"{many(data['places'], 'организации,организаций,организаций')}."]

    def blocks(self, data: Data) -> list[Block]:
        blocks: list[Block] = []
        if data["communities"]:
            blocks += [self._kinds(data), self._list(data)]
        else:
            blocks.append(Paragraph("Действующих сообществ на день отчёта нет."))
        return [*blocks, self._moves(data), *self._applications(data)]

    def _kinds(self, data: Data) -> Table:
        here = {"year": data["year"], "municipality": data["municipality"]}
        rows: list[list[Any]] = []
        for kind, label in CommunityKind.choices:
            found = [one for one in data["communities"] if one["kind"] == kind]
            if found:
                url = address("monitoring:records", "communities-in-force", **here, kind=kind)
                rows.append([label, linked(len(found), url), sum(one["members"] for one in found)])
        whole = address("monitoring:records", "communities-in-force", **here)
        rows.append(
            [
                "Всего",
                linked(len(data["communities"]), whole),
                sum(one["members"] for one in data["communities"]),
            ]
        )
        return Table(
            "Действующие сообщества по видам",
            [Column("Вид"), Column("Сообществ", "right"), Column("Участников", "right")],
            rows,
            note="Кто состоит в двух сообществах, посчитан в каждом.",
            total=True,
        )

    def _list(self, data: Data) -> Table:
        rows = [
            [
                linked(one["title"], one["url"]),
                one["leader"],
                linked(one["members"], one["members_url"]),
                "утверждён" if one["plan"] else "нет",
                "сдан" if one["report"] else data["report_words"],
            ]
            for one in data["communities"]
        ]
        return Table(
            "Сообщества, их планы и отчёты за учебный год",
            [
                Column("Сообщество", width=44),
                Column("Руководитель"),
                Column("Участников", "right"),
                Column("План"),
                Column("Отчёт"),
            ],
            rows,
        )

    def _moves(self, data: Data) -> Paragraph:
        changes = data["changes"]
        parts = [
            f"создано {data['founded']}",
            f"продлено {changes.get('extension', 0)}",
            f"закрыто {changes.get('closing', 0)}",
            f"сменился руководитель: {changes.get('leader', 0)}",
        ]
        return Paragraph(f"По распорядительным актам учебного года: {', '.join(parts)}.")

    def _applications(self, data: Data) -> list[Block]:
        labels = dict(CommunityApplication.State.choices)
        rows = [
            [str(labels[state]), linked(count, address("communities:applications", state=state))]
            for state, count in sorted(data["applications"].items())
        ]
        if not rows:
            return []
        return [
            Heading(2, "Заявления"),
            Table(
                "Заявления о сообществах, поданные в учебном году",
                [Column("Состояние"), Column("Заявлений", "right")],
                rows,
            ),
        ]


class OrdersSection(Section):
    key = "orders"
    title = "Распорядительные акты"

    def collect(self, scope: Scope) -> Data:
        orders = Order.objects.published().filter(
            municipality=scope.municipality, date__range=(scope.year.starts_on, scope.year.ends_on)
        )
        return {
            "rows": [
                {
                    "date": f"{order.date:%d.%m.%Y}",
                    "number": order.number,
                    "heading": order.heading,
                    "state": order.get_state_display(),
                    "url": order.get_absolute_url(),
                }
                for order in orders.defer("clauses", "preamble").order_by("date", "pk")
            ]
        }

    def headline(self, data: Data) -> list[Text]:
        if not data["rows"]:
            return []
        return [f"О работе сети издано {many(len(data['rows']), 'акт,акта,актов')}."]

    def blocks(self, data: Data) -> list[Block]:
        if not data["rows"]:
            return [Paragraph("Распорядительных актов о работе сети за учебный год нет.")]
        rows = [
            [row["date"], row["number"], linked(row["heading"], row["url"]), row["state"]]
            for row in data["rows"]
        ]
        return [
            Table(
                "Акты о работе сети",
                [Column("Дата"), Column("Номер"), Column("О чём", width=60), Column("Состояние")],
                rows,
            )
        ]


def _no_report(scope: Scope) -> str:
    """What stands for a report that is not there: nobody is late before its day."""
    due = report_due(scope.year, scope.municipality)
    return f"до\N{NO-BREAK SPACE}{due:%d.%m.%Y}" if timezone.localdate() <= due else "нет"


def _listed(scope: Scope) -> list[Data]:
    """Communities in force with who leads them, how many belong, plan and report: two queries."""
    now = Q(memberships__left_on=None)
    plans = EventPlan.objects.filter(
        community=OuterRef("pk"), year=scope.year.start, state=EventPlan.State.APPROVED
    )
    reports = CommunityReport.objects.filter(community=OuterRef("pk"), year=scope.year.start)
    rows = (
        communities(scope)
        .annotate(size=Count("memberships", filter=now), has_plan=Exists(plans), has_report=Exists(reports))
        .order_by("kind", "title", "pk")
    )
    leaders = {
        row.community_id: row.person
        for row in Membership.objects.filter(
            community__in=communities(scope), left_on=None, role=MemberRole.LEADER
        ).select_related("person")
    }
    return [_community(row, leaders.get(row.pk)) for row in rows]


def _community(one: Any, leader: Person | None) -> Data:
    return {
        "title": one.title,
        "kind": one.kind,
        "url": one.get_absolute_url(),
        "leader": leader.initials if leader else None,
        "members": one.size,
        "members_url": address("communities:members", one.pk),
        "plan": one.has_plan,
        "report": one.has_report,
    }
