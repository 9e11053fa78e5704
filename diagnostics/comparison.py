"""What two campaigns asked alike: only the same item codes are compared over the years."""

from __future__ import annotations

from diagnostics.models import Campaign, Item


def _codes(campaign: Campaign) -> dict[int, set[str]]:
    """Direction → codes of its scale items."""
    items = Item.objects.filter(section__questionnaire=campaign.questionnaire_id, kind=Item.Kind.SCALE)
    codes: dict[int, set[str]] = {}
    for direction, code in items.values_list("direction", "code"):
        codes.setdefault(direction, set()).add(code)
    return codes


def same_directions(campaign: Campaign) -> dict[int, int]:
    """Directions that both campaigns ask by the same items: only these can be compared."""
    if not campaign.previous:
        return {}
    now, then = _codes(campaign), _codes(campaign.previous)
    return {direction: direction for direction, codes in now.items() if then.get(direction) == codes}


def same_items(campaign: Campaign, codes: list[str]) -> dict[int, int]:
    """Item now → the item with the same code in the earlier campaign."""
    if not campaign.previous:
        return {}
    sides = [
        dict(
            Item.objects.filter(
                section__questionnaire=c.questionnaire_id, code__in=codes, kind=Item.Kind.SCALE
            ).values_list("code", "pk")
        )
        for c in (campaign, campaign.previous)
    ]
    return {pk: sides[1][code] for code, pk in sides[0].items() if code in sides[1]}
