"""How far campaigns have come: who was invited and took part, as counts alone."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from diagnostics.models import Campaign, Invitation, Response
from network.models import Organisation, Person


def counted(rows: QuerySet[Any], field: str = "campaign") -> Any:
    """Number of related rows as a subquery: two joins in one query would multiply each other."""
    counts = rows.filter(**{field: OuterRef("pk")}).order_by().values(field).annotate(n=Count("*"))
    return Coalesce(Subquery(counts.values("n"), output_field=IntegerField()), 0)


def with_progress(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """With `participated` (of those invited) and `answered` (sheets)."""
    return campaigns.annotate(
        participated=counted(Invitation.objects.filter(participated=True)),
        answered=counted(Response.objects.all()),
    )


def visible_invitations(person: Person) -> QuerySet[Invitation]:
    """Of managed municipalities, and of the own organisation of a head."""
    if person.rights.is_admin:
        return Invitation.objects.all()
    return Invitation.objects.filter(
        Q(campaign__municipality__in=person.rights.manages) | Q(organisation__in=person.rights.head_of)
    )


def lagging_organisations(campaign: Campaign, number: int) -> list[dict[str, Any]]:
    """Those that took part least: `name` and `share`. For who may see all of the campaign.

    Only the two shown are joined with their names: the figures come from the index alone.
    """
    rows = Invitation.objects.filter(campaign=campaign, organisation__isnull=False).order_by()
    took_part = Count("pk", filter=Q(participated=True))
    shares = rows.values_list("organisation").annotate(share=took_part * 1.0 / Count("pk"))
    least = list(shares.order_by("share", "organisation")[:number])
    names = Organisation.objects.in_bulk([pk for pk, _ in least])
    return [{"name": names[pk].short_name, "share": share} for pk, share in least]


def progress_by_organisation(campaign: Campaign, person: Person) -> list[dict[str, Any]]:
    """Invited and participated by organisation, those who lag first, in one query."""
    rows = visible_invitations(person).filter(campaign=campaign)
    counted_rows = (
        rows.values("organisation", "organisation__short_name", "organisation__inn")
        .annotate(invited=Count("pk"), took_part=Count("pk", filter=Q(participated=True)))
        .order_by("organisation__short_name")
    )
    table = [{**row, "share": row["took_part"] / row["invited"]} for row in counted_rows]
    return sorted(table, key=lambda row: row["share"])


def without_email(campaign: Campaign, person: Person) -> QuerySet[Organisation]:
    """Organisations of the campaign where people without an e-mail are invited, with their number `people`.

    Who of them took part plays no part in it: the number must not tell. A head sees the own organisations, an
    official none: links are printed by those who hand them out.
    """
    rights = person.rights
    silent = Invitation.objects.filter(campaign=campaign).silent()
    rows = Organisation.objects.annotate(people=counted(silent, "organisation")).filter(people__gt=0)
    if rights.is_admin or campaign.municipality_id in rights.methodist_in:
        return rows
    return rows.filter(pk__in=rights.head_of)


def progress_of(campaigns: list[Campaign], person: Person) -> list[dict[str, Any]]:
    """Each campaign with what the person may see of its progress, in one query for all of them."""
    counts = (
        visible_invitations(person)
        .filter(campaign__in=campaigns)
        .order_by()
        .values("campaign")
        .annotate(invited=Count("pk"), took_part=Count("pk", filter=Q(participated=True)))
    )
    found = {row["campaign"]: (row["invited"], row["took_part"]) for row in counts}
    rows = []
    for campaign in campaigns:
        invited, took_part = found.get(campaign.pk, (0, 0))
        share = took_part / invited if invited else None
        rows.append({"campaign": campaign, "invited": invited, "took_part": took_part, "share": share})
    return rows
