"""Links on paper for those who have no e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.db import transaction

from core.states import NotAllowed, WrongState
from diagnostics.invitations import link, new_keys
from diagnostics.models import Campaign, Invitation, LinkPrinting

if TYPE_CHECKING:
    from network.models import Organisation, Person

logger = structlog.get_logger(__name__)


def silent(campaign: Campaign, organisation: Organisation) -> list[Invitation]:
    """Invitations of the organisation's people without an e-mail, by name, whether they took part or not."""
    rows = Invitation.objects.filter(campaign=campaign, organisation=organisation).silent()
    return list(rows.select_related("person").order_by("person__last_name", "person__first_name", "pk"))


@transaction.atomic
def print_links(campaign: Campaign, organisation: Organisation, *, by: Person) -> list[tuple[Person, str]]:
    """A new link for each person of the organisation without an e-mail: the person and the address.

    The addresses are returned once and stored nowhere; that they were printed is logged. Links printed before
    go on working. Raises NotAllowed without the right there, WrongState when nobody is to be given a link or
    the campaign takes no answers any more.
    """
    if not may_hand_out(by, campaign, organisation):
        raise NotAllowed("Печатать ссылки может методист или руководитель этой организации.")
    fresh = Campaign.objects.select_for_update(no_key=True, of=("self",)).get(pk=campaign.pk)
    if not fresh.is_ahead_or_open or fresh.open_link:
        raise WrongState("Печатать ссылки можно, пока опрос идёт и люди приглашены лично.")
    invitations = silent(fresh, organisation)
    if not invitations:
        raise WrongState("Печатать нечего: у всех приглашённых этой организации есть электронная почта.")
    tokens = new_keys(invitations, printed=True)
    LinkPrinting.objects.create(campaign=fresh, organisation=organisation, by=by, links=len(invitations))
    logger.info(
        "survey_links_printed", campaign=fresh.pk, organisation=organisation.pk, links=len(invitations)
    )
    return [(row.person, link(tokens[row.pk])) for row in invitations if row.person]


def may_hand_out(person: Person, campaign: Campaign, organisation: Organisation) -> bool:
    """A methodist everywhere in the municipality, a head in the own organisation."""
    rights = person.rights
    if not person.has_perm("diagnostics.hand_out_campaign", campaign):
        return False
    manages = rights.is_admin or campaign.municipality_id in rights.methodist_in
    return manages or organisation.pk in rights.head_of
