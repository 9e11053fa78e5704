"""Values of indicators: counted by the portal, entered by people, accepted by the official."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction

from core.school_year import SchoolYear
from core.states import WrongState, move
from monitoring.computed import RULES, Counts, Scope
from monitoring.models import Indicator, IndicatorSet, IndicatorValue
from network.models import Municipality, Organisation

Key = tuple[int, int | None]  # indicator, organisation


class Refreshed(NamedTuple):
    """How many values were added, changed and left as they were because they are accepted."""

    added: int
    changed: int
    frozen: int


def refresh_values(*, municipality: Municipality, year: SchoolYear, by: Any = None) -> Refreshed:
    """Count every computed indicator anew, for the municipality and each organisation; accepted values stay.

    A fixed number of queries whatever the size of the municipality. Raises WrongState for a year whose
    records have moved on: staff and organisations are known as they are now, so a year is counted until the
    end of the next one.
    """
    indicator_set = IndicatorSet.objects.in_force(municipality, year.start)
    if indicator_set is None:
        raise WrongState(f"Для {year} учебного года нет набора показателей. Его устанавливает администратор.")
    if not year.start <= SchoolYear.current().start <= year.start + 1:
        raise WrongState(
            f"Показатели за {year} учебный год больше не пересчитывают: записи с тех пор изменились."
        )
    indicators = list(indicator_set.indicators.exclude(rule=""))
    counted = _count(indicators, Scope(municipality, year))
    with transaction.atomic():
        return _keep(indicators, counted, municipality, year)


def _count(indicators: list[Indicator], scope: Scope) -> dict[Key, Counts]:
    counted: dict[Key, Counts] = {}
    for indicator in indicators:
        rule = RULES[indicator.rule]
        counted[indicator.pk, None] = rule.count(scope)
        for organisation, counts in rule.count_by_organisation(scope).items():
            counted[indicator.pk, organisation] = counts
    return counted


def _keep(
    indicators: list[Indicator], counted: dict[Key, Counts], municipality: Municipality, year: SchoolYear
) -> Refreshed:
    rows = IndicatorValue.objects.select_for_update().filter(
        municipality=municipality, year=year.start, indicator__in=indicators
    )
    there = {(row.indicator_id, row.organisation_id): row for row in rows.defer("counted").order_by("pk")}
    targets = {indicator.pk: indicator.target for indicator in indicators}
    added, changed = [], []
    for key, counts in counted.items():
        fields = _figures(counts)
        row = there.get(key)
        if row is None:
            added.append(
                IndicatorValue(
                    indicator_id=key[0],
                    organisation_id=key[1],
                    municipality=municipality,
                    year=year.start,
                    target=targets[key[0]],
                    **fields,
                )
            )
        elif not row.is_accepted and any(getattr(row, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(row, name, value)
            changed.append(row)
    IndicatorValue.objects.bulk_create(added, ignore_conflicts=True, batch_size=1000)
    IndicatorValue.objects.bulk_update(changed, ["value", "numerator", "denominator"], batch_size=300)
    return Refreshed(len(added), len(changed), sum(row.is_accepted for row in there.values()))


def _figures(counts: Counts) -> dict[str, Any]:
    value = counts.value
    return {
        "value": None if value is None else round(Decimal(value), 4),
        "numerator": counts.numerator,
        "denominator": counts.denominator,
    }


@transaction.atomic
def enter_value(
    *,
    indicator: Indicator,
    municipality: Municipality,
    year: SchoolYear,
    by: Any,
    organisation: Organisation | None = None,
    **fields: Any,
) -> IndicatorValue:
    """Write down `value`, `target` or `note` of a draft. Raises WrongState for an accepted value, or when a
    computed one is typed in."""
    if indicator.is_computed and "value" in fields:
        raise WrongState("Этот показатель считает портал, вписать его нельзя.")
    value, _ = IndicatorValue.objects.get_or_create(
        indicator=indicator,
        municipality=municipality,
        organisation=organisation,
        year=year.start,
        defaults={"target": indicator.target},
    )
    changed = IndicatorValue.objects.drafts().filter(pk=value.pk).update(**fields, entered_by=by)
    if not changed:
        raise WrongState("Значение уже принято и больше не меняется.")
    return IndicatorValue.objects.select_related("indicator", "municipality", "organisation").get(pk=value.pk)


def accept_value(*, value: IndicatorValue, by: Any) -> IndicatorValue:
    """Freeze the value with the records it was counted from.

    A computed value is counted once more first: when the records have moved on, the draft is brought up to
    date and WrongState asks to look again.
    """
    frozen = None
    if value.indicator.is_computed:
        scope = Scope(value.municipality, SchoolYear(value.year), value.organisation)
        rule = RULES[value.indicator.rule]
        figures = _figures(rule.count(scope))
        if any(getattr(value, name) != figure for name, figure in figures.items()):
            before = value.text
            IndicatorValue.objects.drafts().filter(pk=value.pk).update(**figures)
            value.refresh_from_db(fields=list(figures))
            raise WrongState(
                f"«{value.indicator}»: записи изменились, было {before}, стало {value.text}. Посмотрите и примите снова."
            )
        frozen = rule.frozen(scope)
        if not rule.by_groups and len(frozen["numerator"]) != value.numerator:
            raise WrongState(
                f"«{value.indicator}»: записи меняются прямо сейчас. Примите ещё раз через минуту."
            )
    return move(value, "accept", by=by, seen=value.numerator, counted=frozen)
