"""Announcements as an Atom feed: the latest first, each with when and where."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed

from events.models import Event
from network.models import Municipality

MOST = 40
DAYS = 120


class AnnouncementFeed(Feed):
    """Public events by the moment they were announced. GET `municipality` narrows to one."""

    feed_type = Atom1Feed
    language = "ru"

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Municipality | None:
        asked = request.GET.get("municipality", "")
        known = Municipality.objects.order_by("pk")
        return known.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None

    def title(self, obj: Municipality | None) -> str:
        return f"Анонсы событий: {obj.network_title}" if obj else "Анонсы событий методической сети"

    def subtitle(self, obj: Municipality | None) -> str:
        return "Семинары, мастер-классы, открытые уроки и другие события для педагогов"

    def link(self, obj: Municipality | None) -> str:
        return reverse("events:events")

    def feed_url(self, obj: Municipality | None) -> str:
        query = f"?municipality={obj.pk}" if obj else ""
        return reverse("events:feed") + query

    def feed_guid(self, obj: Municipality | None) -> str:
        return f"{settings.SITE_URL}{self.feed_url(obj)}"

    def items(self, obj: Municipality | None) -> Any:
        since = timezone.now() - dt.timedelta(days=DAYS)
        events = Event.objects.announced().filter(is_public=True, announced_at__gte=since)
        if obj is not None:
            events = events.filter(municipality=obj)
        return events.select_related("host").order_by("-announced_at", "-pk")[:MOST]

    def item_title(self, item: Event) -> str:
        return item.title

    def item_link(self, item: Event) -> str:
        return item.get_absolute_url()

    def item_guid(self, item: Event) -> str:
        return f"{settings.SITE_URL}{item.get_absolute_url()}"

    def item_description(self, item: Event) -> str:
        starts = timezone.localtime(item.starts_at)
        parts = [
            f"{item.get_format_display().capitalize()}, {starts:%d.%m.%Y в %H:%M}",
            ", ".join(part for part in (item.place, item.host.short_name) if part),
            f"Для кого: {item.audience}" if item.audience else "",
            item.description,
        ]
        return "\n".join(part for part in parts if part)

    def item_pubdate(self, item: Event) -> dt.datetime | None:
        return item.announced_at

    def item_updateddate(self, item: Event) -> dt.datetime | None:
        return item.announced_at

    def item_author_name(self, item: Event) -> str:
        return item.host.short_name

    def item_categories(self, item: Event) -> list[str]:
        return [item.get_format_display()]
