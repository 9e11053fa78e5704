"""The public list and card of communities, their members, the leader's words, the board of what is owed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Case, F, FilteredRelation, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from communities.actions import life
from communities.actions.membership import organisations_of
from communities.deadlines import plan_due, report_due
from communities.filters import BoardFilter, CommunityFilter, year_asked
from communities.forms.communities import PageForm
from communities.models import Community, CommunityReport, JoinRequest, MemberRole, Topic
from communities.tables import BoardTable, change_tag, community_tag
from communities.views.scope import JOINED, LIST, InCommunity, sees_names, shown_name
from core.markup import rendered
from core.pages import Action, CardPage, EditPage, ListPage, PageMixin
from core.states import history
from network.models import Role

SHOWN = 5
LEADER_FIRST = Case(
    When(role=MemberRole.LEADER, then=Value(0)),
    When(role=MemberRole.SECRETARY, then=Value(1)),
    default=Value(2),
)
BY_NAME = ("person__last_name", "person__first_name", "person__patronymic", "pk")


@method_decorator(login_not_required, name="dispatch")
class CommunitiesPage(ListPage):
    """Communities of the network, closed ones when asked for."""

    title = "Сообщества"
    lead = "Педагоги разных организаций вместе решают то, что трудно в одиночку."
    section = "communities"
    queryset = Community.objects.select_related("direction", "municipality")
    filterset_class = CommunityFilter
    card_template = "communities/community_in_list.html"
    empty_title = "Сообществ пока нет"
    empty_text = "Сообщество начинается с заявления: его подаёт каждый, кто работает в сети."
    export_name = "soobshchestva"
    export_columns = [
        ("Название", "title"),
        ("Вид", "get_kind_display"),
        ("Направление", "direction__name"),
        ("Цель", "goal"),
        ("Действует с", "starts_on"),
        ("По", "ends_on"),
        ("Состояние", "get_state_display"),
        ("Участников", "size"),
        ("Организаций", "places"),
        ("Акт", "order__requisites"),
    ]

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset().with_sizes().order_by("state", "title", "pk")
        return rows.select_related("order") if self.request.GET.get("export") else rows

    def get_actions(self) -> list[Action]:
        user, shown = self.request.user, []
        if not user.is_authenticated:
            return []
        if user.has_perm("communities.watch_community"):
            shown.append(Action("Планы и отчёты", reverse("communities:board")))
        shown.append(Action("Заявления", reverse("communities:applications")))
        if user.has_perm("communities.add_communityapplication"):
            url = reverse("communities:application-new")
            shown.append(Action("Подать заявление", url, "primary"))
        return shown


@method_decorator(login_not_required, name="dispatch")
class CommunityPage(CardPage):
    """What the community is for, who leads it, what it does; names are for those who work in the network."""

    queryset = JOINED
    template_name = "communities/community.html"
    section = "communities"
    crumbs = [LIST]

    def may(self, right: str) -> bool:
        user = self.request.user
        return user.is_authenticated and user.has_perm(f"communities.{right}_community", self.object)

    def get_actions(self) -> list[Action]:
        one, shown = [self.object.pk], []
        role, closed = self.own_role, self.object.state == Community.State.CLOSED
        if role and role != MemberRole.LEADER and not closed:
            shown.append(Action("Выйти", reverse("communities:leave", args=one)))
        if self.may("change"):
            shown.append(Action("Изменить страницу", reverse("communities:edit", args=one)))
        if role and self.may("discuss"):
            shown.append(Action("Обсуждение", reverse("communities:topics", args=one), "primary"))
        if not role and self.may("join") and not self.own_request() and self.own_places():
            shown.append(Action("Вступить", reverse("communities:join", args=one), "primary"))
        return shown

    @property
    def own_role(self) -> str:
        user = self.request.user
        return self.object.role_of(user) if user.is_authenticated else ""

    def own_places(self) -> list[Any]:
        """Organisations on whose behalf the person could join."""
        return organisations_of(self.request.user, self.object)

    def own_request(self) -> JoinRequest | None:
        if not hasattr(self, "_own_request"):
            mine = JoinRequest.objects.asked().filter(community=self.object, person=self.request.user.pk)
            self._own_request = mine.first() if self.request.user.is_authenticated else None
        return self._own_request

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one, user = self.object, self.request.user
        names = sees_names(user, one)
        now = one.memberships.current()
        leader = one.leader
        return super().get_context_data(
            community=one,
            state_tag=community_tag(one),
            about=rendered(one.about),
            results=rendered(one.results),
            names=names,
            leader=leader,
            leader_name=shown_name(leader.person, names) if leader else "",
            sizes={
                "people": now.count(),
                "places": now.values("organisation").distinct().count(),
            },
            news=[{"item": item, "html": rendered(item.text)} for item in one.news.all()[:3]],
            topics=Topic.objects.visible_to(user).filter(community=one)[:SHOWN],
            own_request=self.own_request(),
            cancelling=one.order.cancelled_by.published().first() if one.order.state == "cancelled" else None,
            **self._for_members(),
            **kwargs,
        )

    def _for_members(self) -> dict[str, Any]:
        """What members and managers see beside the public card."""
        one, user = self.object, self.request.user
        manages = user.is_authenticated and user.has_perm("communities.watch_community", one)
        inside = bool(self.own_role) or manages
        reports = CommunityReport.objects.visible_to(user).filter(community=one) if inside else []
        keeps = self.may("keep_members")
        return {
            "inside": inside,
            "manages": manages,
            "reports": reports,
            "may_report": self.may("report"),
            "may_write": self.may("change"),
            "may_ask_change": self.may("ask_change"),
            "waiting": JoinRequest.objects.asked().filter(community=one).count() if keeps else 0,
            "changes": [
                {"item": change, "tag": change_tag(change)}
                for change in (one.changes.select_related("new_leader")[:SHOWN] if inside else [])
            ],
            "steps": history(one) if inside else [],
        }


class MembersPage(InCommunity, PageMixin, TemplateView):
    """Who belongs to the community now, and on whose behalf; requests to join for those who answer them."""

    title = "Участники"
    template_name = "communities/members.html"
    community_permission = "communities.see_members_community"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one, user = self.community, self.request.user
        rows = one.memberships.current().select_related("person", "organisation")
        page = Paginator(rows.order_by(LEADER_FIRST, *BY_NAME), 60).get_page(self.request.GET.get("page"))
        keeps = user.has_perm("communities.keep_members_community", one)
        asked = JoinRequest.objects.asked().filter(community=one).select_related("person", "organisation")
        return super().get_context_data(page_obj=page, keeps=keeps, requests=asked if keeps else [], **kwargs)


class PageEdit(EditPage):
    """The words of the leader; what the order says is not here."""

    queryset = JOINED
    title = "Страница сообщества"
    section = "communities"
    form_class = PageForm
    permission = "communities.change_community"
    success_message = "Сохранено."

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [LIST, (str(self.object), self.object.get_absolute_url())]

    def perform(self, form: PageForm) -> Community:
        words = form.cleaned_data
        fresh = Community.objects.get(pk=self.object.pk)
        return life.describe(
            community=fresh, about=words["about"], results=words["results"], by=self.request.user
        )

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class BoardPage(ListPage):
    """Who has not handed in a plan or a report of a school year, for those who manage the municipality."""

    title = "Планы и отчёты сообществ"
    section = "communities"
    crumbs = [LIST]
    permission = "communities.watch_community"
    queryset = Community.objects.select_related("municipality")
    table_class = BoardTable
    filterset_class = BoardFilter
    empty_title = "Сообществ в этом году не было"
    export_name = "plany-i-otchety"

    @property
    def lead(self) -> str:  # type: ignore[override]
        jobs = [
            job for job in self.request.user.rights.employments if job.role in (Role.METHODIST, Role.OFFICIAL)
        ]
        if not jobs:
            return f"{self.year} учебный год"
        place = jobs[0].organisation.municipality
        plans, reports = plan_due(self.year, place), report_due(self.year, place)
        return f"{self.year} учебный год: планы ждут до {plans:%d.%m.%Y}, отчёты – до {reports:%d.%m.%Y}."

    @property
    def year(self) -> Any:
        return year_asked(self.request.GET)

    def get_export_columns(self) -> list[tuple[str, Any]]:
        return [
            ("Сообщество", "title"),
            ("Вид", "get_kind_display"),
            ("Руководитель", lambda one: " ".join(filter(None, [one.leader_name, one.leader_first]))),
            ("План", lambda one: {None: "нет", "approved": "утверждён"}.get(one.plan_state, "проект")),
            ("Отчёт", lambda one: "сдан" if one.report_id else "нет"),
            ("Срок до", "ends_on"),
        ]

    def get_queryset(self) -> QuerySet:
        year, rights = self.year, self.request.user.rights
        rows = super().get_queryset()
        if not rights.is_admin:
            rows = rows.filter(municipality__in=rights.manages)
        lived = Q(starts_on__lte=year.ends_on) & (Q(closed_on=None) | Q(closed_on__gte=year.starts_on))
        lived &= Q(ends_on=None) | Q(ends_on__gte=year.starts_on)
        leads = Q(memberships__role=MemberRole.LEADER, memberships__left_on=None)
        return (
            rows.filter(lived)
            .alias(
                year_plan=FilteredRelation("plans", condition=Q(plans__year=year.start)),
                year_report=FilteredRelation("reports", condition=Q(reports__year=year.start)),
                lead=FilteredRelation("memberships", condition=leads),
            )
            .annotate(
                plan_id=F("year_plan__pk"),
                plan_state=F("year_plan__state"),
                report_id=F("year_report__pk"),
                leader_name=F("lead__person__last_name"),
                leader_first=F("lead__person__first_name"),
            )
            .order_by("title", "pk")
        )

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"year": self.year}

    def get_filterset_kwargs(self, filterset_class: Any) -> dict[str, Any]:
        kwargs = super().get_filterset_kwargs(filterset_class)
        data = (kwargs.get("data") or self.request.GET).copy()
        data.setdefault("year", str(self.year.start))
        return {**kwargs, "data": data}
