"""«Вид»: contrast, size of text, dark colours."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core.look import COOKIE, MAX_AGE, Look


@login_not_required
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Keeps one choice in the cookie and returns to the page the person came from."""
    wanted = Look.parse(request.COOKIES.get(COOKIE, "")).changed(request.POST.dict())
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    response.set_cookie(
        COOKIE,
        str(wanted),
        max_age=MAX_AGE,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
