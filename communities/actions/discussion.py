"""Writing in a discussion, following it, keeping order in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from communities.letters import members_of
from communities.mentions import mentioned_in
from communities.models import Attachment, Community, Post, Subscription, Topic
from core.search import index
from core.states import NotAllowed, WrongState
from network.models import Person

PRESSED_TWICE = dt.timedelta(minutes=10)


@transaction.atomic
def start_topic(
    *, community: Community, title: str, text: str, is_public: bool, by: Person, files: Iterable[Any] = ()
) -> Topic:
    """A new topic with its question; who begins it follows it. Pressed twice it is one topic."""
    community = Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    if community.state == Community.State.CLOSED:
        raise WrongState("Сообщество закрыто: прежние темы можно читать, новых не начинают.")
    if not by.has_perm("communities.discuss_community", community):
        raise NotAllowed("Темы начинают участники сообщества.")
    since = timezone.now() - PRESSED_TWICE
    again = Topic.objects.filter(community=community, author=by, title=title, created_at__gt=since)
    for topic in again.filter(posts__text=text)[:1]:
        return topic
    topic = Topic.objects.create(community=community, title=title, is_public=is_public, author=by)
    _write(topic, text, files, by)
    index([topic])
    return topic


@transaction.atomic
def reply(*, topic: Topic, text: str, by: Person, files: Iterable[Any] = ()) -> Post:
    """One more message; raises WrongState in a topic that was closed meanwhile."""
    topic = Topic.objects.select_for_update(of=("self",)).select_related("community").get(pk=topic.pk)
    if topic.is_closed or topic.community.state == Community.State.CLOSED:
        raise WrongState("Тема закрыта для ответов.")
    if not by.has_perm("communities.reply_topic", topic):
        raise NotAllowed("Отвечают участники сообщества.")
    since = timezone.now() - PRESSED_TWICE
    again = topic.posts.filter(author=by, text=text, created_at__gt=since).order_by("-pk").first()
    if again is not None and again == topic.posts.order_by("-created_at", "-pk").first():
        return again
    return _write(topic, text, files, by)


def _write(topic: Topic, text: str, files: Iterable[Any], by: Person) -> Post:
    post = Post.objects.create(topic=topic, author=by, text=text)
    Attachment.objects.bulk_create(_attached(post, file) for file in files)
    _note_mentions(post, by)
    Topic.objects.filter(pk=topic.pk).update(last_post_at=post.created_at)
    Subscription.objects.get_or_create(person=by, topic=topic)
    return post


def _attached(post: Post, file: Any) -> Attachment:
    attachment = Attachment(post=post, filename=file.name[-200:], size=file.size)
    attachment.file.save(file.name, file, save=False)
    return attachment


def _note_mentions(post: Post, by: Person) -> None:
    if "@" in post.text:
        named = mentioned_in(post.text, members_of(post.topic.community))
        post.mentioned.set([person for person in named if person != by])


@transaction.atomic
def edit_post(*, post: Post, text: str, by: Person) -> Post:
    """The author mends the own words while the topic is open."""
    post = _locked(post)
    if not by.has_perm("communities.change_post", post):
        raise NotAllowed("Сообщение правит его автор, пока тема открыта и сообщение не скрыто.")
    if text != post.text:
        post.text, post.edited_at = text, timezone.now()
        post.save(update_fields=["text", "edited_at"])
        _note_mentions(post, by)
    return post


@transaction.atomic
def hide_post(*, post: Post, reason: str, by: Person) -> Post:
    """Take a message out of sight: its place stays with the reason, so that the talk can be followed."""
    post = _locked(post)
    if not by.has_perm("communities.hide_post", post):
        raise NotAllowed("Сообщения скрывают автор, руководитель сообщества и методист.")
    if post.hidden_at is None:
        post.hidden_at, post.hidden_by, post.hidden_because = timezone.now(), by, reason
        post.save(update_fields=["hidden_at", "hidden_by", "hidden_because"])
    return post


@transaction.atomic
def show_post(*, post: Post, by: Person) -> Post:
    """Put a hidden message back."""
    post = _locked(post)
    if not by.has_perm("communities.show_post", post):
        raise NotAllowed("Скрытое возвращают руководитель сообщества и методист.")
    post.hidden_at, post.hidden_by, post.hidden_because = None, None, ""
    post.save(update_fields=["hidden_at", "hidden_by", "hidden_because"])
    return post


@transaction.atomic
def keep_order(
    *, topic: Topic, title: str, is_public: bool, is_pinned: bool, is_closed: bool, by: Person
) -> Topic:
    """Rename, pin, close or open a topic. What others wrote for members only is not made public."""
    topic = Topic.objects.select_for_update(of=("self",)).select_related("community").get(pk=topic.pk)
    if not by.has_perm("communities.change_topic", topic):
        raise NotAllowed("Порядок в темах ведут руководитель сообщества и методист.")
    if is_public and not topic.is_public and topic.posts.exclude(author=by).exists():
        raise WrongState("В теме уже писали другие, и писали для своих. Для всех начните новую тему.")
    topic.title, topic.is_public, topic.is_pinned, topic.is_closed = title, is_public, is_pinned, is_closed
    topic.save(update_fields=["title", "is_public", "is_pinned", "is_closed"])
    index([topic])
    return topic


def follow(
    *, person: Person, wanted: bool, community: Community | None = None, topic: Topic | None = None
) -> None:
    """Letters about the community or the topic, or no more of them; asking twice changes nothing."""
    if wanted:
        Subscription.objects.get_or_create(person=person, community=community, topic=topic)
    else:
        Subscription.objects.filter(person=person, community=community, topic=topic).delete()


def _locked(post: Post) -> Post:
    rows = Post.objects.select_for_update(of=("self",)).select_related("topic__community")
    return rows.get(pk=post.pk)
