"""Calendars and the feed of announcements: what programs read, without a sign-in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from events import ics
from events.feeds import AnnouncementFeed
from events.models import CalendarLink, Event
from network.models import Municipality

_feed = AnnouncementFeed()


@login_not_required
@require_safe
def network_calendar(request: HttpRequest) -> HttpResponse:
    """Public events of the network, or of one municipality of it."""
    asked = request.GET.get("municipality", "")
    name, pk = "События методической сети", None
    if asked:
        place = (
            Municipality.objects.filter(pk=int(asked)).first()
            if asked.isdecimal() and len(asked) < 19
            else None
        )
        if place is None:
            raise Http404("Нет такого муниципалитета.")
        name, pk = f"События: {place.network_title}", place.pk
    response = _calendar(ics.calendar(ics.network_events(pk), name=name), "sobytiya.ics")
    patch_cache_control(response, public=True, max_age=900)
    return response


@login_not_required
@require_safe
def event_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """One event that the visitor may see."""
    event = get_object_or_404(Event.objects.visible_to(request.user).select_related("host"), pk=pk)
    return _calendar(ics.calendar([event], name=event.title), f"event-{event.pk}.ics", attachment=True)


@login_not_required
@require_safe
def own_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of the person whose secret address this is; an address taken back is 404."""
    link = CalendarLink.objects.select_related("person").filter(token=token, person__is_active=True).first()
    if link is None:
        raise Http404("Такого календаря нет.")
    response = _calendar(ics.calendar(ics.own_events(link.person), name="Мои события", own=True), "moi.ics")
    patch_cache_control(response, private=True, max_age=900)
    return response


@login_not_required
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Atom: the latest announcements."""
    return _feed(request)


def _calendar(content: bytes, name: str, *, attachment: bool = False) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'{"attachment" if attachment else "inline"}; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response
