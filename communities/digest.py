"""One letter a day with what is new in the discussions a person follows, or where the person was mentioned."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from communities.models import DigestMark, Post, Subscription, Topic
from core.letters import queue_letters
from network.models import Person

# Messages younger than this may still be in a transaction that others do not see.
SETTLED = dt.timedelta(minutes=1)
# The first digest of a person: what a weekend without letters may have left.
FIRST_LOOK_BACK = dt.timedelta(days=3)
LOOK_BACK = dt.timedelta(days=14)


def send_digests(now: dt.datetime | None = None) -> int:
    """Queue the digests of the day; returns how many. A second run on the same day queues none."""
    now = now or timezone.now()
    return sum(send_digest(person, now) for person in readers(now))


def readers(now: dt.datetime) -> QuerySet[Person]:
    """People with something possibly new: they follow a topic that moved lately, or were mentioned."""
    since = now - LOOK_BACK
    follow = Subscription.objects.filter(
        Q(topic__last_post_at__gt=since) | Q(community__topics__last_post_at__gt=since)
    )
    mentioned = Post.mentioned.through.objects.filter(post__created_at__gt=since)
    return Person.objects.filter(
        Q(pk__in=follow.values("person")) | Q(pk__in=mentioned.values("person")),
        is_active=True,
        email__isnull=False,
    ).order_by("pk")


@transaction.atomic
def send_digest(person: Person, now: dt.datetime) -> bool:
    """Queue the digest of one person; False when there is nothing new or today's has been queued."""
    DigestMark.objects.get_or_create(person=person, defaults={"told_until": now - FIRST_LOOK_BACK})
    mark = DigestMark.objects.select_for_update().get(person=person)
    today, until = timezone.localdate(now), now - SETTLED
    if mark.sent_on == today:
        return False
    posts = list(_news_for(person, mark.told_until, until))
    if not posts:
        return False
    mark.told_until, mark.sent_on = until, today
    mark.save(update_fields=["told_until", "sent_on"])
    queue_letters([_letter(person, today, posts)])
    return True


def _news_for(person: Person, since: dt.datetime, until: dt.datetime) -> QuerySet[Post]:
    # What was written before the person began to follow is no news.
    follows = Subscription.objects.filter(person=person, created_at__lt=OuterRef("created_at"))
    wanted = (
        Exists(follows.filter(topic=OuterRef("topic")))
        | Exists(follows.filter(community=OuterRef("topic__community")))
        | Exists(Post.mentioned.through.objects.filter(person=person, post=OuterRef("pk")))
    )
    return (
        Post.objects.shown()
        .filter(wanted, topic__in=Topic.objects.visible_to(person))
        .filter(created_at__gt=since, created_at__lte=until)
        .exclude(author=person)
        .select_related("topic__community", "author")
        .prefetch_related("mentioned")
        .order_by("topic__community__title", "topic__community_id", "topic_id", "created_at", "pk")
    )


def _letter(person: Person, today: dt.date, posts: list[Post]) -> dict[str, Any]:
    communities = [
        {"title": community.title, "topics": [_topic_line(list(rest), person) for _, rest in _by_topic(rows)]}
        for community, rows in ((c, list(rows)) for c, rows in groupby(posts, lambda p: p.topic.community))
    ]
    return {
        "key": f"community-digest:{person.pk}:{today}",
        "to": person.email,
        "subject": f"Новое в обсуждениях за {today:%d.%m.%Y}",
        "template": "community_digest",
        "context": {"name": person.get_short_name(), "communities": communities},
    }


def _by_topic(posts: list[Post]) -> Any:
    return groupby(posts, lambda post: post.topic_id)


def _topic_line(posts: list[Post], person: Person) -> dict[str, Any]:
    # Words of a talk among members stay in the portal: the letter says where to read, not what.
    topic, authors = posts[0].topic, dict.fromkeys(post.author.initials for post in posts if post.author)
    return {
        "title": topic.title,
        "count": len(posts),
        "authors": ", ".join(authors),
        "mentions": any(person in post.mentioned.all() for post in posts),
        "url": f"{settings.SITE_URL}{posts[0].get_absolute_url()}",
    }
