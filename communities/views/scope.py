"""What the pages under one community share: the community of the address, the right to it, the way back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from communities.models import Community

LIST = ("Сообщества", "/communities/")
JOINED = Community.objects.select_related("municipality", "direction", "order", "application")


class InCommunity:
    """Finds `self.community` by the address and asks `community_permission` on it before anything else."""

    section = "communities"
    community_permission = ""
    request: HttpRequest
    community: Community

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = get_object_or_404(JOINED.visible_to(request.user), pk=kwargs["community"])
        self.community = found
        self.check_community()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def check_community(self) -> None:
        """Raises PermissionDenied unless the person has the right that the page needs in the community."""
        right = self.community_permission
        if right and not self.request.user.has_perm(right, self.community):
            raise PermissionDenied("Для этого действия нужны другие права в сообществе.")

    def get_crumbs(self) -> list[tuple[str, str]]:
        return [LIST, (str(self.community), self.community.get_absolute_url())]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # A TemplateView hands over what the address names; here it is the record itself.
        return super().get_context_data(**{**kwargs, "community": self.community})  # type: ignore[misc]

    def get_success_url(self) -> str:
        return self.community.get_absolute_url()

    def get_cancel_url(self) -> str:
        return self.community.get_absolute_url()


class OfCommunity(InCommunity):
    """A page of a record of the community, `pk`: the queryset is narrowed to it."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(community=self.community)  # type: ignore[misc]


def sees_names(person: Any, community: Community) -> bool:
    """Whether the names of members are shown: to those who work in the municipality and to members."""
    return person.is_authenticated and person.has_perm("communities.see_members_community", community)


def shown_name(person: Any, names: bool) -> str:
    """The name where names are shown, or where the person agreed to show the own page."""
    if person is None:
        return "Участник"
    return person.get_full_name() if names or person.shows_page else "Участник сообщества"
