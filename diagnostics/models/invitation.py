"""Who is asked, by which links, and which links were printed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from diagnostics.models.campaign import Campaign


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def awaited(self) -> InvitationQuerySet:
        """Not taken part yet."""
        return self.filter(participated=False)

    def written_to(self) -> InvitationQuerySet:
        """Of people who can be sent a letter."""
        return self.filter(person__is_active=True, person__email__isnull=False)

    def silent(self) -> InvitationQuerySet:
        """Of people without an e-mail, whether they took part or not."""
        return self.filter(person__is_active=True, person__email__isnull=True)


class Invitation(models.Model):
    """A person asked to answer.

    In an anonymous campaign the invitation knows *that* the person took part, without a time, and nothing
    leads from it to the answers.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="invitations"
    )
    organisation = models.ForeignKey(
        "network.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    participated = models.BooleanField("участвовал", default=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "приглашение"
        verbose_name_plural = "приглашения"
        constraints = [models.UniqueConstraint(fields=["campaign", "person"], name="one_invitation_a_person")]
        indexes = [models.Index(fields=["campaign", "organisation", "participated"])]

    def __str__(self) -> str:
        return f"{self.campaign}: {self.organisation}"


class InvitationKey(models.Model):
    """A hash of the secret of one link that opens the invitation: in a letter, in «Мои опросы».

    The secret itself is only in the letter and in the browser. The draft of the answers is kept under another
    hash of it and enciphered with it, so that this row leads to no draft.

    A `printed` link passes through other hands, and a copy of it may be kept: so it opens neither the draft nor
    what became of it, both of which need the browser's own secret too (docs/adr/0011-surveys.md).
    """

    key_hash = models.CharField(max_length=64, primary_key=True)
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="keys")
    printed = models.BooleanField("на бумаге", default=False)

    class Meta:
        verbose_name = "ключ приглашения"
        verbose_name_plural = "ключи приглашений"

    def __str__(self) -> str:
        return self.key_hash[:8]


class LinkPrinting(models.Model):
    """Links of an organisation were printed to be handed out: who did it, when, how many. Not the links."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="printings")
    organisation = models.ForeignKey("network.Organisation", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name="кто"
    )
    at = models.DateTimeField("когда", auto_now_add=True)
    links = models.PositiveIntegerField("ссылок")

    class Meta:
        verbose_name = "печать ссылок"
        verbose_name_plural = "печать ссылок"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["campaign", "organisation"])]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.links}"
