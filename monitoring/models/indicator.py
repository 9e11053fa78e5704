from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django_fsm import FSMField, TransitionNotAllowed, transition
from rules.contrib.models import RulesModel

from core.documents import Percent, text_of
from core.documents.values import Cell
from core.models import StatefulModel
from core.school_year import SchoolYear, validate_school_year
from network import rules

if TYPE_CHECKING:
    from network.models import Municipality, Person


class Unit(models.TextChoices):
    PERCENT = "percent", "доля, %"
    COUNT = "count", "количество"
    YES_NO = "yes_no", "да / нет"


def cell_of(unit: str, value: Decimal | float | str | None) -> Cell:
    """A value in the unit of its indicator as a cell of a document; a share is kept as 0..1."""
    if value is None or value == "":
        return None
    number = Decimal(str(value))
    if unit == Unit.PERCENT:
        return Percent(number, digits=0 if number * 100 == (number * 100).to_integral_value() else 1)
    if unit == Unit.YES_NO:
        return "да" if number else "нет"
    return int(number) if number == number.to_integral_value() else number.normalize()


class IndicatorSetQuerySet(models.QuerySet["IndicatorSet"]):
    def in_force(self, municipality: Municipality, year: int) -> IndicatorSet | None:
        """The municipality's own newest set not later than the year, else the shipped one, else None."""
        return (
            self.filter(Q(municipality=municipality) | Q(municipality=None), year__lte=year)
            .order_by(models.F("municipality").asc(nulls_last=True), "-year")
            .first()
        )


class IndicatorSet(models.Model):
    """Indicators that are counted from a school year on. Sets are re-issued, so they are data in versions.

    An installed version never changes: a new wording or a new list is a set of a later year (field facts, A1).
    """

    code = models.SlugField("код", max_length=60)
    year = models.PositiveSmallIntegerField("действует с учебного года", validators=[validate_school_year])
    municipality = models.ForeignKey(
        "network.Municipality",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="indicator_sets",
        verbose_name="муниципалитет",
        help_text="Пусто у набора, который поставляется с порталом.",
    )
    title = models.CharField("название", max_length=250)
    basis = models.TextField("основание", blank=True)

    objects = IndicatorSetQuerySet.as_manager()

    class Meta:
        verbose_name = "набор показателей"
        verbose_name_plural = "наборы показателей"
        ordering = ["-year", "code"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "code", "year"], name="one_indicator_set_a_year"),
            models.UniqueConstraint(
                fields=["code", "year"],
                condition=Q(municipality__isnull=True),
                name="one_shipped_indicator_set_a_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (с {SchoolYear(self.year)})"


class Indicator(models.Model):
    """The passport of an indicator. `rule` names how the portal counts it; without one people enter it."""

    class Kind(models.TextChoices):
        PROCESS = "process", "показатель процесса"
        RESULT = "result", "показатель результата"

    class Good(models.TextChoices):
        UP = "up", "чем больше, тем лучше"
        DOWN = "down", "чем меньше, тем лучше"
        NONE = "none", "для сведения"

    set = models.ForeignKey(IndicatorSet, on_delete=models.CASCADE, related_name="indicators")
    code = models.SlugField("код", max_length=60)
    name = models.CharField("название", max_length=300)
    kind = models.CharField("вид", max_length=8, choices=Kind.choices)
    definition = models.TextField("определение")
    numerator = models.CharField("числитель", max_length=400, blank=True)
    denominator = models.CharField("знаменатель", max_length=400, blank=True)
    unit = models.CharField("единица", max_length=8, choices=Unit.choices, default=Unit.PERCENT)
    source = models.CharField("источник данных", max_length=300)
    frequency = models.CharField("периодичность", max_length=120)
    target = models.DecimalField("цель", max_digits=14, decimal_places=4, null=True, blank=True)
    good = models.CharField("что хорошо", max_length=4, choices=Good.choices, default=Good.UP)
    rule = models.CharField("правило подсчёта", max_length=60, blank=True)
    position = models.PositiveSmallIntegerField("порядок", default=0)

    class Meta:
        verbose_name = "показатель"
        verbose_name_plural = "показатели"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["set", "code"], name="one_indicator_a_code")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("monitoring:indicator", args=[self.code])

    @property
    def is_computed(self) -> bool:
        return bool(self.rule)

    def show(self, value: Decimal | float | str | None) -> str:
        """A value in the unit of the indicator, in words: «67 %», «12», «да», «–»."""
        return text_of(cell_of(self.unit, value))


class IndicatorValueQuerySet(models.QuerySet["IndicatorValue"]):
    def visible_to(self, person: Person) -> IndicatorValueQuerySet:
        """Those who manage the municipality see all; a head sees the values of the own organisation."""
        rights = person.rights
        if rights.is_admin:
            return self
        return self.filter(Q(municipality__in=rights.manages) | Q(organisation__in=rights.head_of))

    def editable_by(self, person: Person) -> IndicatorValueQuerySet:
        rights = person.rights
        return self if rights.is_admin else self.filter(municipality__in=rights.methodist_in)

    def of_municipality(self, municipality: Municipality) -> IndicatorValueQuerySet:
        """Values of the municipality as a whole."""
        return self.filter(municipality=municipality, organisation__isnull=True)

    def drafts(self) -> IndicatorValueQuerySet:
        return self.filter(state=IndicatorValue.State.DRAFT)

    def known(self) -> IndicatorValueQuerySet:
        return self.filter(value__isnull=False)


class IndicatorValue(StatefulModel, RulesModel):
    """What an indicator came to in one school year, in a municipality or in one organisation.

    A share is kept as 0..1 with the two counts it is made of. A draft is counted anew; an accepted value and
    the records it was counted from (`counted`) never change.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Черновик"
        ACCEPTED = "accepted", "Принято"

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="values")
    year = models.PositiveSmallIntegerField("учебный год", validators=[validate_school_year])
    municipality = models.ForeignKey(
        "network.Municipality", on_delete=models.PROTECT, related_name="indicator_values"
    )
    organisation = models.ForeignKey(
        "network.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="indicator_values",
        verbose_name="организация",
    )
    value = models.DecimalField("значение", max_digits=14, decimal_places=4, null=True, blank=True)
    numerator = models.PositiveIntegerField("числитель", null=True, blank=True)
    denominator = models.PositiveIntegerField("знаменатель", null=True, blank=True)
    target = models.DecimalField("цель", max_digits=14, decimal_places=4, null=True, blank=True)
    note = models.TextField("пояснение", blank=True)
    state = FSMField("состояние", default=State.DRAFT, choices=State.choices, protected=True)
    counted = models.JSONField("посчитанные записи", null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    updated_at = models.DateTimeField("обновлено", auto_now=True)

    objects = IndicatorValueQuerySet.as_manager()

    class Meta:
        verbose_name = "значение показателя"
        verbose_name_plural = "значения показателей"
        ordering = ["-year", "indicator__position", "pk"]
        rules_permissions = {
            "see": rules.is_methodist | rules.is_official | rules.is_head,
            "enter": rules.is_methodist,
            "refresh": rules.is_methodist | rules.is_official,
            "accept": rules.is_official,
        }
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "year", "municipality"],
                condition=Q(organisation__isnull=True),
                name="one_value_a_municipality_and_year",
            ),
            models.UniqueConstraint(
                fields=["indicator", "year", "organisation"],
                condition=Q(organisation__isnull=False),
                name="one_value_an_organisation_and_year",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(value__isnull=False), name="accepted_value_is_known"
            ),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(numerator__lte=models.F("denominator")),
                name="indicator_part_not_above_whole",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "year", "organisation"], name="values_of_a_year")]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.text}"

    def get_absolute_url(self) -> str:
        url = f"{self.indicator.get_absolute_url()}?year={self.year}&municipality={self.municipality_id}"
        return f"{url}&organisation={self.organisation_id}" if self.organisation_id else url

    @property
    def text(self) -> str:
        return self.indicator.show(self.value)

    @property
    def target_text(self) -> str:
        return self.indicator.show(self.target)

    @property
    def school_year(self) -> SchoolYear:
        return SchoolYear(self.year)

    @property
    def is_accepted(self) -> bool:
        return self.state == self.State.ACCEPTED

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None when there is no target, no value or nothing to strive for."""
        return target_reached(self.indicator.good, self.value, self.target)

    def is_supported(self) -> bool:
        """Counted by the portal, or entered with evidence (an entered «no» or zero needs none)."""
        if self.value is None:
            return False
        return self.indicator.is_computed or self.value == 0 or self.evidence.exists()

    @transition(field=state, source=State.DRAFT, target=State.ACCEPTED, conditions=[is_supported])
    def accept(self, seen: int | None = None, counted: dict[str, list[int]] | None = None) -> None:
        """The value and the records it was counted from are frozen; `seen` is the numerator they belong to."""
        if seen != self.numerator:
            raise TransitionNotAllowed("The value was counted anew meanwhile")
        self.counted = counted


def target_reached(good: str, value: Decimal | None, target: Decimal | None) -> bool | None:
    """Whether a value is on the good side of its target; None where that cannot be asked."""
    if value is None or target is None or good == Indicator.Good.NONE:
        return None
    return value >= target if good == Indicator.Good.UP else value <= target
