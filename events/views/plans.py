"""Plans of events: of the year, the list of all, the card, and the pages of a plan as a whole."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator

from core.pages import Action, CardPage, ListPage
from core.school_year import SchoolYear, school_year_choices
from core.states import may
from events.forms.plans import ItemFilter, PlanFilter
from events.models import EventPlan
from events.plan_board import as_read, by_months
from events.plan_document import approval_words
from events.plan_tables import PlanTable, plan_tag
from network.models import Municipality
from network.models.municipality import OrderKind

EVENTS = ("События", "/events/")
PLANS = ("Планы", "/events/plans/")
JOINED = EventPlan.objects.select_related("municipality", "community", "organisation", "order")


_GENITIVE = {
    OrderKind.ORDER: "приказа",
    OrderKind.DIRECTIVE: "распоряжения",
    OrderKind.DECREE: "постановления",
}


def order_kind_of(plan: EventPlan) -> str:
    """«приказа», «распоряжения»: what the municipality decides by."""
    return _GENITIVE[OrderKind(plan.municipality.order_kind)]


class PlanPage:
    """A page about plans: its word of the menu and the breadcrumbs."""

    section = "events"
    object: Any
    request: HttpRequest

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [EVENTS, PLANS]


@method_decorator(login_not_required, name="dispatch")
class PlansView(PlanPage, ListPage):
    """Plans of communities, organisations and municipalities; approved ones are public."""

    title = "Планы"
    lead = "Что собираются провести муниципалитет, сообщества и организации за учебный год."
    queryset = JOINED
    table_class = PlanTable
    filterset_class = PlanFilter
    empty_title = "Планов пока нет"
    empty_text = "Здесь появятся утверждённые планы."
    export_name = "plany"
    export_columns = [
        ("План", "title"),
        ("Чей", "owner"),
        ("Учебный год", "school_year"),
        ("Пунктов", "items_count"),
        ("Проведено", "held_count"),
        ("Состояние", "get_state_display"),
    ]

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [EVENTS]

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().with_fulfilment()

    def get_actions(self) -> list[Action]:
        if not self.request.user.has_perm("events.add_eventplan"):
            return []
        return [Action("Новый план", reverse("events:plan-new"), "primary")]


@method_decorator(login_not_required, name="dispatch")
class PlanView(PlanPage, CardPage):
    """The plan: figures of fulfilment, its items as a list or by months; visitors see no names."""

    template_name = "events/plan.html"
    queryset = JOINED

    def get_actions(self) -> list[Action]:
        person, plan = self.request.user, self.object
        if not person.has_perm("events.change_eventplan", plan):
            return []
        actions = [Action("Добавить пункт", reverse("events:plan-item-new", args=[plan.pk]))]
        if plan.is_draft:
            actions += self._draft_actions()
        return actions

    def _draft_actions(self) -> list[Action]:
        person, plan = self.request.user, self.object
        actions = [
            Action("Загрузить из таблицы", reverse("events:plan-import", args=[plan.pk])),
            Action("Переименовать", reverse("events:plan-edit", args=[plan.pk])),
            Action("Удалить проект", reverse("events:plan-removal", args=[plan.pk])),
        ]
        if may(person, plan, "approve_own"):
            url = reverse("events:plan-own-approval", args=[plan.pk])
            actions.append(Action("Утвердить приказом организации", url))
        if person.has_perm("network.add_order", plan):
            of = order_kind_of(plan)
            ready = plan.order is not None
            url = plan.order.get_absolute_url() if ready else reverse("events:plan-order", args=[plan.pk])
            actions.append(Action(f"Проект {of}" if ready else f"Подготовить проект {of}", url, "primary"))
            if ready:
                actions.append(Action("Подготовить заново", reverse("events:plan-order", args=[plan.pk])))
        return actions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        plan, person = self.object, self.request.user
        items = (
            plan.items.with_outcome()
            .by_date()
            .select_related("organisation", "direction", "responsible_person")
        )
        found = ItemFilter(self.request.GET, queryset=items, request=self.request, plan=plan)
        keeps = person.is_authenticated and person.has_perm("events.change_eventplan", plan)
        rows = as_read(found.qs)
        for row in rows:
            row.plan = plan
        months = self.request.GET.get("view") == "months"
        return super().get_context_data(
            plan=plan,
            state_tag=plan_tag(plan),
            approved=approval_words(plan),
            sees_order=person.is_authenticated and person.has_perm("network.see_order", plan),
            filter=found,
            filtered=any(self.request.GET.get(name) for name in found.form.fields),
            rows=rows,
            months=by_months(rows, plan.school_year) if months else None,
            view_query=self._query(without="view"),
            counts=plan.items.with_outcome().counts(),
            keeps=keeps,
            shows_people=person.is_authenticated,
            **kwargs,
        )

    def _query(self, *, without: str) -> str:
        query = self.request.GET.copy()
        query.pop(without, None)
        return query.urlencode()


class PlanOfYearView(PlanView):
    """The municipality's own plan of the year, or word that there is none yet."""

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [EVENTS]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.place, self.year = self._place(), self._year()
        plans = self.get_queryset().municipal().of_year(self.year)
        self.object = plans.filter(municipality=self.place).first() if self.place else None
        return self.render_to_response(self.get_context_data(object=self.object))

    def get_title(self) -> str:
        return str(self.object or f"План на {self.year} учебный год")

    def get_actions(self) -> list[Action]:
        if self.object is not None:
            return [Action("Другие планы", PLANS[1]), *super().get_actions()]
        if self.place is None or not self.request.user.has_perm("events.add_eventplan", self._new()):
            return [Action("Другие планы", PLANS[1])]
        query = f"?owner=municipality-{self.place.pk}&year={self.year.start}"
        return [Action("Начать план", reverse("events:plan-new") + query, "primary")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        scope = {
            "year": self.year,
            "years": school_year_choices(),
            "place": self.place,
            "places": list(Municipality.objects.all()),
        }
        if self.object is not None:
            return super().get_context_data(**scope, **kwargs)
        page = self.get_page()
        may_begin = any(action.kind == "primary" for action in page.actions)
        return {"page": page, "plan": None, "may_begin": may_begin, **scope, **kwargs}

    def _new(self) -> EventPlan:
        return EventPlan(municipality=self.place, year=self.year.start)

    def _place(self) -> Municipality | None:
        """The municipality asked for; else the person's own; else the first."""
        asked = self.request.GET.get("municipality", "")
        known = Municipality.objects.order_by("pk")
        if asked:
            found = known.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
            if found is None:
                raise Http404("Нет такого муниципалитета.")
            return found
        rights = getattr(self.request.user, "rights", None)
        mine = known.filter(pk__in=rights.municipality_ids).first() if rights else None
        return mine or known.first()

    def _year(self) -> SchoolYear:
        text = self.request.GET.get("year", "")
        if not text:
            return SchoolYear.current()
        if not (text.isdecimal() and len(text) == 4 and 1990 <= int(text) <= 2100):
            raise Http404("Нет такого учебного года.")
        return SchoolYear(int(text))
