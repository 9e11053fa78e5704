"""The register of orders: list, card, the page of an order for everybody."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import DetailView

from core.pages import Action, CardPage, ListPage, PageMixin
from core.states import history, may
from network.models import Municipality, Order
from network.order_filters import OrderFilter
from network.order_tables import OrderTable, order_tag
from network.orders import purpose_of, subject_of

LIST = ("Распорядительные акты", "/network/orders/")
JOINED = Order.objects.select_related("municipality", "created_by", "registered_by", "amends", "cancels")


class OrderPage(PageMixin):
    """A page of orders: its word of the menu and the breadcrumb."""

    section = "network"
    request: HttpRequest

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [("Сеть", reverse("network:organisations")), LIST]


class OrdersPage(OrderPage, ListPage):
    """Drafts and registered orders of the municipalities the person manages."""

    title = "Распорядительные акты"
    lead = "Проекты, действующие и отменённые акты: номер и дату даёт канцелярия, здесь их регистрируют."
    permission = "network.see_order"
    queryset = Order.objects.select_related("municipality")
    table_class = OrderTable
    filterset_class = OrderFilter
    empty_title = "Актов пока нет"
    empty_text = (
        "Проект появляется из заявки на сообщество или плана событий; свободный акт можно написать здесь."
    )
    export_name = "akty"
    export_columns = [
        ("Вид", "get_kind_display"),
        ("Номер", "number"),
        ("Дата", "date"),
        ("Заголовок", "heading"),
        ("Состояние", "get_state_display"),
        ("Орган", "body"),
    ]

    def get_crumbs(self) -> list[tuple[str, str]]:
        return super().get_crumbs()[:1]

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"exclude": ("municipality",) if Municipality.objects.count() < 2 else ()}

    def get_actions(self) -> list[Action]:
        return [Action("Написать акт", reverse("network:order-new"), "primary")]


class OrderCard(OrderPage, CardPage):
    """Everything about an order, for those who manage the municipality."""

    template_name = "network/order.html"
    permission = "network.see_order"
    queryset = JOINED

    def get_title(self) -> str:
        return self.object.requisites

    def get_actions(self) -> list[Action]:
        order, person = self.object, self.request.user
        shown = [("История изменений", "order-history", "quiet", True)]
        if order.is_draft:
            changes = person.has_perm("network.change_order", order)
            shown += [
                ("Удалить проект", "order-removal", "quiet", changes),
                ("Изменить текст", "order-edit", "quiet", changes),
                ("Зарегистрировать", "order-registration", "primary", may(person, order, "register")),
            ]
        else:
            registers = person.has_perm("network.register_order", order)
            shown.append(("Прикрепить скан", "order-scan", "primary", registers and not order.scan))
        return [
            Action(label, reverse(f"network:{name}", args=[order.pk]), kind)
            for label, name, kind, allowed in shown
            if allowed
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order = self.object
        purpose = purpose_of(order)
        return super().get_context_data(
            order=order,
            annexes=order.annexes.all(),
            purpose=purpose.label if purpose else "",
            subject=subject_of(order),
            can_follow=order.state == Order.State.REGISTERED
            and self.request.user.has_perm("network.add_order", order),
            state_tag=order_tag(order),
            later=later_orders(order),
            is_keeper=True,
            steps=history(order),
            **kwargs,
        )


def later_orders(order: Order) -> QuerySet[Order]:
    """Registered orders that amend or cancel this one, the oldest first."""
    later = order.amended_by.published() | order.cancelled_by.published()
    return later.order_by("date", "pk")


@method_decorator(login_not_required, name="dispatch")
class PublicOrderPage(PageMixin, DetailView):
    """What the QR of a printed order opens: requisites, text, whether it is in force. Annexes with people's names
    are shown to those who work in the municipality."""

    template_name = "network/order_public.html"
    slug_field = slug_url_kwarg = "code"
    context_object_name = "order"

    def get_queryset(self) -> QuerySet[Order]:
        return Order.objects.published().select_related("municipality", "amends", "cancels")

    def get_title(self) -> str:
        return self.object.requisites

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        annexes = list(self.object.annexes.all())
        person = self.request.user
        is_near = person.is_authenticated and (
            person.rights.is_admin or self.object.municipality_id in person.rights.municipality_ids
        )
        return super().get_context_data(
            annexes=[annex for annex in annexes if is_near or not annex.has_people],
            hidden=[annex for annex in annexes if annex.has_people and not is_near],
            state_tag=order_tag(self.object),
            later=later_orders(self.object),
            is_keeper=person.is_authenticated and person.has_perm("network.see_order", self.object),
            **kwargs,
        )
