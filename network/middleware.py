"""A second factor for those who see others' data."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


class SecondFactorMiddleware:
    """Sends methodists, officials and administrators to set up a second factor before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECOND_FACTOR_REQUIRED and request.user.is_authenticated and self._must_set_up(request):
            return redirect("mfa_index")
        return self.get_response(request)

    @staticmethod
    def _must_set_up(request: HttpRequest) -> bool:
        if request.path.startswith(("/accounts/", "/static/", "/livez", "/readyz", "/view/")):
            return False
        rights = request.user.rights  # type: ignore[union-attr]
        return bool(rights.is_admin or rights.manages) and not is_mfa_enabled(request.user)
