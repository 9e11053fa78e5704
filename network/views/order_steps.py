"""Writing an order, registering it, its scan, taking a draft away, its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import View

from core.documents import download
from core.pages import ConfirmPage, CreatePage, EditPage
from core.pages.history import HistoryPage
from core.states import WrongState
from network import orders as actions
from network.models import Municipality, Order
from network.models.order import COMMAND_WORDS, quoted
from network.order_document import to_docx, to_pdf
from network.order_forms import OrderForm, RegistrationForm, ScanForm
from network.views.orders import JOINED, LIST, OrderPage


class OwnCrumbs(OrderPage):
    """A page under the card of an order."""

    object: Order

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [*super().get_crumbs(), (self.object.requisites, self.object.get_absolute_url())]


class OrderNewPage(OrderPage, CreatePage):
    """An order without effect in the portal; `?amends=` and `?cancels=` name the earlier order it is about."""

    title = "Написать акт"
    permission = "network.add_order"
    model = Order
    form_class = OrderForm
    cancel_url = LIST[1]
    submit_label = "Сохранить проект"
    success_message = "Проект сохранён. Подпишите его в канцелярии и зарегистрируйте номер и дату."

    @cached_property
    def amends(self) -> Order | None:
        return self._earlier("amends")

    @cached_property
    def cancels(self) -> Order | None:
        return self._earlier("cancels")

    @property
    def earlier(self) -> Order | None:
        return self.cancels or self.amends

    def _earlier(self, name: str) -> Order | None:
        asked = self.request.GET.get(name, "")
        if not asked:
            return None
        if not asked.isascii() or not asked.isdigit() or len(asked) > 12:
            raise Http404
        return get_object_or_404(Order.objects.visible_to(self.request.user).in_force(), pk=int(asked))

    def get_title(self) -> str:
        if self.cancels:
            return f"Отменить {named(self.cancels)}"
        return f"Изменить {named(self.amends)}" if self.amends else self.title

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user, "earlier": self.earlier}

    def get_initial(self) -> dict[str, Any]:
        place = self.earlier.municipality if self.earlier else self._only_municipality()
        person = self.request.user
        initial: dict[str, Any] = {
            "executor": ", ".join(filter(None, [person.get_full_name(), person.phone]))
        }
        if place is not None:
            initial |= {
                "municipality": place,
                "kind": place.order_kind,
                "command": COMMAND_WORDS[place.order_kind],
                "place": place.order_place,
                "signatory_position": place.signatory_position,
                "signatory_name": place.signatory_name,
            }
        return initial | self._about_earlier()

    def _only_municipality(self) -> Municipality | None:
        managed = list(Municipality.objects.managed_by(self.request.user)[:2])
        return managed[0] if len(managed) == 1 else None

    def _about_earlier(self) -> dict[str, str]:
        if (earlier := self.earlier) is None:
            return {}
        whole = f"{named(earlier)} «{quoted(earlier.heading)}»"
        if self.cancels:
            return {
                "heading": f"Об отмене {earlier.kind_of} {named(earlier).partition(' ')[2]}",
                "clauses": f"Признать утратившим силу {whole}.",
            }
        return {
            "heading": f"О внесении изменений в {named(earlier)}",
            "clauses": f"Внести в {whole} следующие изменения: ",
        }

    def perform(self, form: OrderForm) -> Order:
        place = form.cleaned_data["municipality"]
        if not self.request.user.has_perm(self.permission, place):
            raise PermissionDenied(
                "Акты этого муниципалитета готовят его методисты и специалисты управления."
            )
        return actions.write_order(
            order=form.save(commit=False),
            annexes=form.new_annexes,
            by=self.request.user,
            amends=None if self.cancels else self.amends,
            cancels=self.cancels,
        )

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class OrderEditPage(OwnCrumbs, EditPage):
    """The text of a draft; a registered order has no such page."""

    title = "Текст проекта"
    permission = "network.change_order"
    queryset = JOINED
    form_class = OrderForm
    submit_label = "Сохранить проект"
    success_message = "Проект сохранён."

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().drafts()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def perform(self, form: OrderForm) -> Order:
        return actions.change_order(
            order=form.save(commit=False), annexes=form.new_annexes, by=self.request.user
        )

    def get_success_url(self) -> str:
        return self.object.get_absolute_url()


class OrderRegistrationPage(OwnCrumbs, ConfirmPage):
    """Number and date from the office: from then on the order is official."""

    title = "Зарегистрировать"
    template_name = "network/order_registration.html"
    permission = "network.register_order"
    queryset = JOINED
    form_class = RegistrationForm
    submit_label = "Зарегистрировать"

    def get_title(self) -> str:
        return f"Зарегистрировать {self.object.get_kind_display()}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"order": self.object}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.object.is_draft:
            messages.warning(request, f"Этот акт уже зарегистрирован: {self.object.requisites}.")
            return HttpResponseRedirect(self.object.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def get_consequences(self) -> list[str]:
        order = self.object
        lines = ["Акт станет официальным: текст больше не изменить, следующий акт его изменит или отменит."]
        purpose = actions.purpose_of(order)
        if purpose is not None:
            lines += purpose.foretell(order) if purpose.foretell else [f"Портал выполнит: {purpose.label}."]
        if order.cancels:
            lines.append(f"Перестанет действовать {named(order.cancels)}.")
            lines += actions.foretell_cancelling(order.cancels)
        return [*lines, "Публичная страница акта откроется всем; приложения с именами людей не показываются."]

    def form_valid(self, form: RegistrationForm) -> HttpResponse:
        """A number taken between the check and the registration is told at the field, what was typed kept."""
        data = form.cleaned_data
        try:
            order = actions.register_order(
                order=self.object,
                number=data["number"],
                date=data["date"],
                scan=data["scan"],
                by=self.request.user,
            )
        except actions.OrderNumberTaken as error:
            form.add_error("number", str(error))
            return self.form_invalid(form)
        except WrongState as error:
            messages.warning(self.request, str(error))
        else:
            messages.success(self.request, f"Зарегистрировано: {named(order)}.")
        return HttpResponseRedirect(self.object.get_absolute_url())


class OrderScanPage(OwnCrumbs, ConfirmPage):
    """The signed sheet for an order registered without it."""

    title = "Прикрепить скан"
    permission = "network.register_order"
    queryset = JOINED
    form_class = ScanForm
    submit_label = "Прикрепить"
    success_message = "Скан прикреплён."

    def get_consequences(self) -> list[str]:
        return ["Заменить скан потом нельзя: проверьте, что это тот самый акт с подписью."]

    def perform(self, form: ScanForm) -> Order:
        return actions.attach_scan(order=self.object, scan=form.cleaned_data["scan"], by=self.request.user)


class OrderRemovalPage(OwnCrumbs, ConfirmPage):
    """A draft that nobody needs is deleted."""

    title = "Удалить проект"
    permission = "network.change_order"
    queryset = JOINED
    kind = "stop"
    submit_label = "Удалить проект"
    success_message = "Проект удалён."

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().drafts()

    def get_consequences(self) -> list[str]:
        return [
            "Текст проекта и его приложения исчезнут. Номера у проекта ещё нет, в журнале ничего не изменится."
        ]

    def perform(self, form: Any) -> Any:
        actions.discard_order(order=self.object, by=self.request.user)
        return _Register()


class _Register:
    """Where one goes when the order is gone."""

    def get_absolute_url(self) -> str:
        return reverse("network:orders")


class OrderHistory(OwnCrumbs, HistoryPage):
    """Who changed the draft, when and how."""

    model = Order
    permission = "network.see_order"


class OrderFile(View):
    """The order as DOCX for the office, or as PDF."""

    http_method_names = ["get", "head", "options"]
    ending = "docx"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        order = get_object_or_404(JOINED.visible_to(request.user), pk=pk)
        make = {"docx": to_docx, "pdf": to_pdf}[self.ending]
        return download(make(order), f"{file_name(order)}.{self.ending}")


class OrderScanFile(View):
    """The signed sheet, to those who manage the municipality; always saved, never shown in the page."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        order = get_object_or_404(Order.objects.visible_to(request.user).exclude(scan=""), pk=pk)
        try:
            file = order.scan.open("rb")
        except FileNotFoundError as error:
            raise Http404("Файла нет на диске портала.") from error
        return FileResponse(
            file, as_attachment=True, filename=f"{file_name(order)} скан.{order.scan.name.rpartition('.')[2]}"
        )


def named(order: Order) -> str:
    """The requisites inside a sentence: «приказ от 03.10.2026 № 489/2-од»."""
    return order.requisites[0].lower() + order.requisites[1:]


def file_name(order: Order) -> str:
    """«приказ 489-2-од от 03.10.2026», «проект приказа 17»: no sign that a file name cannot have."""
    if order.date is None:
        return f"проект {order.kind_of} {order.pk}"
    number = "".join(c if c.isalnum() or c in "-_. " else "-" for c in order.number)
    return f"{order.get_kind_display()} {number} от {order.date:%d.%m.%Y}"
