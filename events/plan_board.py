"""A plan by months: what has its day, what goes on for the month, what for the year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.school_year import SchoolYear
from events.models import PlanItem
from events.rough_dates import month_name


def as_read(items: Iterable[PlanItem]) -> list[PlanItem]:
    """Items that come `by_date` in the order of a plan: what goes on all year behind what has its time."""
    return sorted(items, key=lambda item: item.is_long or item.starts_on is None)


_ROUGH_DAYS = 20


@dataclass
class Month:
    """Items of one month; `key` is the anchor on the page."""

    key: str
    title: str
    items: list[PlanItem] = field(default_factory=list)


def _is_rough(item: PlanItem) -> bool:
    """«Октябрь» rather than a day of it."""
    return bool(item.starts_on and item.ends_on and (item.ends_on - item.starts_on).days >= _ROUGH_DAYS)


def by_months(items: Iterable[PlanItem], year: SchoolYear) -> list[Month]:
    """Months from the first to the last that has something, then «В течение года» and «Без срока».

    An item stands in the month of its first day; one that goes on for most of the year in none.
    """
    groups: dict[tuple[int, int], list[PlanItem]] = defaultdict(list)
    long, open_ = [], []
    for item in items:
        if item.starts_on is None:
            open_.append(item)
        elif item.is_long:
            long.append(item)
        else:
            groups[item.starts_on.year, item.starts_on.month].append(item)
    for group in groups.values():
        # What has its day stands before «октябрь» and «октябрь – ноябрь».
        group.sort(key=_is_rough)
    months = [
        Month(f"m{at[0]}-{at[1]:02d}", f"{month_name(at[1])} {at[0]}", groups[at]) for at in sorted(groups)
    ]
    rest = [Month("year", f"В течение {year} учебного года", long), Month("open", "Без срока", open_)]
    return months + [month for month in rest if month.items]
