"""Orders (распорядительные акты): what makes a decision of the authority official."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_fsm import FSMField, transition
from rules.contrib.models import RulesModel

from core.models import StatefulModel
from network import rules
from network.models.municipality import OrderKind

if TYPE_CHECKING:
    import datetime as dt

    from network.models import Person

# Letters and digits that are not taken for one another when an address is typed from paper.
_CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_DASHES = re.compile(r"[‐‑‒–—−]")
# Genitive and dative of the kinds: «проект приказа», «приложение к приказу».
_OF = {"order": "приказа", "directive": "распоряжения", "decree": "постановления"}
_TO = {"order": "приказу", "directive": "распоряжению", "decree": "постановлению"}
COMMAND_WORDS = {"order": "ПРИКАЗЫВАЮ", "directive": "ОБЯЗЫВАЮ", "decree": "ПОСТАНОВЛЯЮ"}


class OrderIsFinal(Exception):
    """A registered order was about to be changed or deleted; a later one amends or cancels it."""


def new_code() -> str:
    """A random part of the public address; it opens nothing that is not public."""
    return get_random_string(12, _CODE_LETTERS)


def scan_path(order: Order, name: str) -> str:
    """A name that nobody can guess and that keeps nothing of the original one but its kind."""
    return f"orders/{uuid4().hex}{PurePosixPath(name).suffix.lower()}"


def quoted(text: str) -> str:
    """The text as it stands inside «»: its own quotation marks become the inner ones."""
    return text.replace("«", "„").replace("»", "“")


def number_key(number: str) -> str:
    """By what two numbers are the same in the office's register: «489/2-од», «489/2 – ОД», «№ 489/2-од»."""
    return _DASHES.sub("-", "".join(number.split()).casefold()).removeprefix("№")


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, person: Person) -> OrderQuerySet:
        """Those who manage the municipality see its orders, drafts too; the public page is `published`."""
        rights = getattr(person, "rights", None)
        if rights is None:
            return self.none()
        return self if rights.is_admin else self.filter(municipality__in=rights.manages)

    def published(self) -> OrderQuerySet:
        """Registered or cancelled: what the public page shows."""
        return self.exclude(state=Order.State.DRAFT)

    def drafts(self) -> OrderQuerySet:
        return self.filter(state=Order.State.DRAFT)

    def in_force(self) -> OrderQuerySet:
        return self.filter(state=Order.State.REGISTERED)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Raises OrderIsFinal where one of them was registered."""
        if self.published().exists():
            raise OrderIsFinal("Зарегистрированный акт не удаляют: его отменяет следующий.")
        return super().delete()


class Order(StatefulModel, RulesModel):
    """An official act: prepared as a draft, official from the registration of its number and date, never changed then.

    `purpose` names what the registration does in the portal (`network.orders.order_effect`); empty for an order
    without effect. `amends` and `cancels` are the earlier order. Requisites follow ГОСТ Р 7.0.97-2025.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Проект"
        REGISTERED = "registered", "Действует"
        CANCELLED = "cancelled", "Отменён"

    municipality = models.ForeignKey(
        "network.Municipality", on_delete=models.PROTECT, related_name="orders", verbose_name="муниципалитет"
    )
    body = models.CharField("орган, издавший акт", max_length=300)
    kind = models.CharField("вид акта", max_length=12, choices=OrderKind.choices)
    purpose = models.CharField("что делает", max_length=40, blank=True, editable=False)
    heading = models.CharField("заголовок", max_length=500)
    preamble = models.TextField("преамбула", blank=True)
    command = models.CharField("распорядительное слово", max_length=60, blank=True)
    clauses = models.JSONField("пункты", default=list)
    place = models.CharField("место составления", max_length=120, blank=True)
    signatory_position = models.CharField("должность подписывающего", max_length=300, blank=True)
    signatory_name = models.CharField("имя подписывающего", max_length=120, blank=True)
    executor = models.CharField("исполнитель и телефон", max_length=200, blank=True)

    number = models.CharField("номер", max_length=60, blank=True)
    number_key = models.CharField(max_length=60, blank=True, editable=False)
    year = models.PositiveSmallIntegerField("календарный год", null=True, blank=True, editable=False)
    date = models.DateField("дата", null=True, blank=True)
    scan = models.FileField("скан подписанного акта", upload_to=scan_path, blank=True)
    code = models.CharField("код публичной страницы", max_length=20, unique=True, default=new_code)
    state = FSMField("состояние", default=State.DRAFT, choices=State.choices, protected=True)

    amends = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="amended_by",
        verbose_name="изменяет",
    )
    cancels = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cancelled_by",
        verbose_name="отменяет",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="кто подготовил",
    )
    created_at = models.DateTimeField("подготовлен", auto_now_add=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="кто зарегистрировал",
    )
    registered_at = models.DateTimeField("внесён в портал", null=True, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = "распорядительный акт"
        verbose_name_plural = "распорядительные акты"
        ordering = [F("date").desc(nulls_first=True), "-pk"]
        rules_permissions = {
            "see": rules.is_methodist | rules.is_official,
            "add": rules.is_methodist | rules.is_official,
            "change": rules.is_methodist | rules.is_official,
            "register": rules.is_official,
            "cancel": rules.is_official,
        }
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "body", "year", "number_key"],
                condition=Q(state__in=["registered", "cancelled"]),
                name="order_number_once_a_year",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", number="", number_key="", date=None, year=None, registered_at=None)
                | Q(
                    ~Q(number=""),
                    ~Q(number_key=""),
                    state__in=["registered", "cancelled"],
                    date__isnull=False,
                    year__isnull=False,
                    registered_at__isnull=False,
                ),
                name="order_is_registered_with_number_and_date",
            ),
            models.CheckConstraint(
                condition=Q(amends=None) | Q(cancels=None), name="order_amends_or_cancels"
            ),
        ]
        indexes = [models.Index(fields=["municipality", "state", "-date"], name="orders_of_municipality")]

    def __str__(self) -> str:
        return f"{self.requisites} «{quoted(self.heading)}»"

    def get_absolute_url(self) -> str:
        """The card, for those who manage the municipality."""
        return reverse("network:order", args=[self.pk])

    def get_public_url(self) -> str:
        """The page that the QR of the document opens, for everybody once the order is registered."""
        return reverse("network:order-public", args=[self.code])

    @property
    def requisites(self) -> str:
        """«Приказ от 03.10.2026 № 489/2-од», «Проект приказа»."""
        if self.is_draft or self.date is None:
            return f"Проект {self.kind_of}"
        return f"{self.get_kind_display().capitalize()} от {self.date:%d.%m.%Y} № {self.number}"

    @property
    def kind_of(self) -> str:
        """The kind in the genitive: «приказа»."""
        return _OF[self.kind]

    @property
    def kind_to(self) -> str:
        """The kind in the dative: «(приложение к) приказу»."""
        return _TO[self.kind]

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_complete(self) -> bool:
        """There is something to sign: a heading and at least one clause."""
        return bool(self.heading.strip()) and bool(self.clauses)

    def has_text(self) -> bool:
        return self.is_complete

    @transition(field=state, source=State.DRAFT, target=State.REGISTERED, conditions=[has_text])
    def register(self, *, number: str, date: dt.date, scan: Any, registrar: Person) -> None:
        """The office gave it a number and a date: from now on it is official."""
        self.number, self.number_key = " ".join(number.split()), number_key(number)
        self.date, self.year = date, date.year
        self.registered_by, self.registered_at = registrar, timezone.now()
        if scan:
            self.scan = scan

    @transition(field=state, source=State.REGISTERED, target=State.CANCELLED)
    def cancel(self) -> None:
        """A later order cancelled it."""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises OrderIsFinal for a change of a registered order; its scan may be added once, its state move on."""
        stored = type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None
        if stored is not None and not stored.is_draft:
            self._refuse_changes(stored)
        super().save(*args, **kwargs)

    def _refuse_changes(self, stored: Order) -> None:
        moved = (stored.state, self.state) in {
            (self.State.REGISTERED, self.State.REGISTERED),
            (self.State.REGISTERED, self.State.CANCELLED),
            (self.State.CANCELLED, self.State.CANCELLED),
        }
        free = {"state"} if stored.scan else {"state", "scan"}
        kept = [field.attname for field in self._meta.concrete_fields if field.attname not in free]
        if not moved or any(getattr(self, name) != getattr(stored, name) for name in kept):
            raise OrderIsFinal("Зарегистрированный акт не меняют: его изменяет или отменяет следующий.")

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Raises OrderIsFinal for an order that was registered."""
        if not self.is_draft:
            raise OrderIsFinal("Зарегистрированный акт не удаляют: его отменяет следующий.")
        return super().delete(*args, **kwargs)


class OrderAnnex(models.Model):
    """A table that goes with an order: «Состав сообщества». One with people's names is not shown to visitors."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="annexes")
    position = models.PositiveSmallIntegerField("порядок", default=0)
    title = models.CharField("название", max_length=300)
    columns = models.JSONField("графы", default=list)
    rows = models.JSONField("строки", default=list)
    has_people = models.BooleanField("есть имена людей", default=False)

    class Meta:
        verbose_name = "приложение к акту"
        verbose_name_plural = "приложения к актам"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="annex_has_its_own_place")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not Order._base_manager.filter(pk=self.order_id, state=Order.State.DRAFT).exists():
            raise OrderIsFinal("Приложения зарегистрированного акта не меняют.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        if not Order._base_manager.filter(pk=self.order_id, state=Order.State.DRAFT).exists():
            raise OrderIsFinal("Приложения зарегистрированного акта не удаляют.")
        return super().delete(*args, **kwargs)
