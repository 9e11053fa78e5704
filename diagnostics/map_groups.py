"""Groups of the difficulty map: who is compared, in the usual order, how many were counted and invited."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from django.db.models import Count, Exists, OuterRef, Q

from diagnostics.figures import Group
from diagnostics.models import Campaign, Dimension, Tally, YearsBand
from diagnostics.tallies import dimensions
from network.models import Category, Organisation


def counted_groups(
    campaign: Campaign, dimension: str, only: Collection[str] | None = None
) -> tuple[int, list[Group]]:
    """How many respondents were counted in all, and the groups in their usual order (of the keys `only`).

    Of organisations how many were invited is not known yet: `with_invited`.
    """
    rows = Tally.objects.filter(
        campaign=campaign, dimension__in=[Dimension.ALL, dimension], item__isnull=True
    )
    sizes = {(d, key): n for d, key, n in rows.values_list("dimension", "group", "count")}
    counted = sizes.pop((Dimension.ALL, ""), 0)
    keys = {key: n for (_, key), n in sizes.items() if only is None or key in only}
    if dimension not in dimensions(campaign):
        return counted, []
    if dimension == Dimension.ORGANISATION:
        return counted, _organisations(campaign, keys, only)
    known = {Dimension.CATEGORY.value: Category.choices, Dimension.YEARS.value: YearsBand.choices}
    choices = known.get(dimension, [])
    labels = dict(choices)
    order = {key: number for number, (key, _) in enumerate(choices)}
    groups = [Group(key, str(labels.get(key, key)) if key else "не указано", n) for key, n in keys.items()]
    return counted, sorted(groups, key=lambda g: (g.key == "", order.get(g.key, 0), natural(g.label)))


def _organisations(campaign: Campaign, sizes: dict[str, int], only: Collection[str] | None) -> list[Group]:
    """Organisations that have answered or were invited, and groups of an import that are in no network."""
    invited = Exists(campaign.invitations.filter(organisation=OuterRef("pk")))
    found = Organisation.objects.filter(Q(pk__in=_numbers(sizes)) | invited)
    if only is not None:
        found = found.filter(pk__in=_numbers(only))
    names = {f"#{one.pk}": one for one in found.order_by().only("pk", "short_name", "inn")}
    groups = []
    for key in sizes.keys() | names.keys():
        organisation = names.get(key)
        label = organisation.short_name if organisation else key or "не указано"
        groups.append(Group(key, label, sizes.get(key, 0), None, organisation))
    return sorted(groups, key=lambda g: (g.key == "", natural(g.label)))


def with_invited(campaign: Campaign, dimension: str, groups: Sequence[Group]) -> list[Group]:
    """These groups with how many were invited; only organisations are invited by name."""
    if dimension != Dimension.ORGANISATION:
        return list(groups)
    numbers = _numbers([group.key for group in groups])
    rows = campaign.invitations.filter(organisation__in=numbers).order_by().values_list("organisation")
    invited = dict(rows.annotate(Count("pk")))
    return [
        replace(group, invited=invited.get(group.organisation.pk)) if group.organisation else group
        for group in groups
    ]


def _numbers(keys: Iterable[str]) -> list[int]:
    return [int(key[1:]) for key in keys if key.startswith("#") and key[1:].isdigit()]


def natural(text: str) -> list[tuple[int, str]]:
    """Sorting key that puts «Школа № 2» before «Школа № 10»."""
    return [(int(part), "") if part.isdigit() else (0, part.lower()) for part in re.split(r"(\d+)", text)]


def own_groups(campaign: Campaign, person) -> set[str] | None:
    """Keys of the organisations whose columns the person may see; None is all of them."""
    rights = person.rights
    if rights.is_admin or campaign.municipality_id in rights.manages:
        return None
    return {f"#{pk}" for pk in rights.head_of}
