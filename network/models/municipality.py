from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db import models
from rules.contrib.models import RulesModel

from network import rules

if TYPE_CHECKING:
    from network.models import Person


class OrderKind(models.TextChoices):
    ORDER = "order", "приказ"
    DIRECTIVE = "directive", "распоряжение"
    DECREE = "decree", "постановление"


def validate_day_of_year(value: str) -> None:
    """A day that every year has, as people write it: «01.10»."""
    try:
        day = dt.datetime.strptime(f"{value}.2001", "%d.%m.%Y")
    except ValueError:
        day = None
    if day is None or f"{day:%d.%m}" != value:
        raise ValidationError("Укажите день и месяц двумя цифрами: 01.10.")


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    def visible_to(self, person: Person) -> MunicipalityQuerySet:
        """The names of municipalities are public."""
        return self

    def managed_by(self, person: Person) -> MunicipalityQuerySet:
        """Where the person is a methodist or an official (an administrator: everywhere)."""
        if person.rights.is_admin:
            return self
        return self.filter(pk__in=person.rights.methodist_in | person.rights.official_in)


class Municipality(RulesModel):
    """A municipality with its network and what differs from one to another (settings)."""

    name = models.CharField("название", max_length=200, unique=True)
    network_title = models.CharField(
        "название сети",
        max_length=250,
        help_text="Стоит в шапке портала: «Методическая сеть Приозёрного округа».",
    )
    region = models.CharField("регион", max_length=200, blank=True)
    centre_name = models.CharField("методический центр", max_length=250, blank=True)
    approving_body = models.CharField("орган, издающий акты", max_length=300, blank=True)
    order_kind = models.CharField(
        "вид акта", max_length=12, choices=OrderKind.choices, default=OrderKind.ORDER
    )
    order_place = models.CharField("место составления актов", max_length=120, blank=True)
    signatory_position = models.CharField(
        "должность подписывающего акты",
        max_length=300,
        blank=True,
        help_text="Как в подписи: «Начальник Управления образования».",
    )
    signatory_name = models.CharField(
        "имя подписывающего акты", max_length=120, blank=True, help_text="Как в подписи: «И. А. Петрова»."
    )
    review_days = models.PositiveSmallIntegerField("дней на рассмотрение заявки", default=10)
    answer_days = models.PositiveSmallIntegerField("дней на ответ участника заявки", default=5)
    opinion_days = models.PositiveSmallIntegerField("дней на мнение эксперта", default=7)
    decision_days = models.PositiveSmallIntegerField("дней на решение по заявке", default=10)
    revision_days = models.PositiveSmallIntegerField("дней на исправление возвращённой заявки", default=14)
    minimum_community_size = models.PositiveSmallIntegerField("наименьшее сообщество, человек", default=5)
    plan_due = models.CharField(
        "план сообщества сдают до",
        max_length=5,
        default="01.10",
        validators=[validate_day_of_year],
        help_text="День и месяц учебного года: 01.10.",
    )
    report_due = models.CharField(
        "отчёт сообщества сдают до",
        max_length=5,
        default="15.06",
        validators=[validate_day_of_year],
        help_text="День и месяц года, в котором учебный год заканчивается: 15.06.",
    )
    smallest_group = models.PositiveSmallIntegerField(
        "наименьшая показываемая группа",
        default=5,
        help_text="Группы с меньшим числом ответивших на карте затруднений скрываются.",
    )
    is_fictional = models.BooleanField("вымышленный", default=False)
    coat_of_arms = models.FileField(
        "герб", upload_to="arms/", blank=True, validators=[FileExtensionValidator(["png", "jpg", "webp"])]
    )
    south = models.DecimalField("южная граница, °", max_digits=9, decimal_places=6, null=True, blank=True)
    north = models.DecimalField("северная граница, °", max_digits=9, decimal_places=6, null=True, blank=True)
    west = models.DecimalField("западная граница, °", max_digits=9, decimal_places=6, null=True, blank=True)
    east = models.DecimalField("восточная граница, °", max_digits=9, decimal_places=6, null=True, blank=True)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = "муниципалитет"
        verbose_name_plural = "муниципалитеты"
        ordering = ["name"]
        rules_permissions = {"change": rules.is_methodist | rules.is_official}
        constraints = [
            models.CheckConstraint(
                condition=models.Q(smallest_group__gte=3), name="municipality_smallest_group_3"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def municipality_id(self) -> int:
        """So that rules scoped to a municipality read the municipality itself alike."""
        return self.pk
