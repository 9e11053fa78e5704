from __future__ import annotations

import uuid
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from rules.contrib.models import RulesModel

from communities import rules
from network.rules import is_methodist

if TYPE_CHECKING:
    from network.models import Person


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, person: Person) -> TopicQuerySet:
        """Public ones; the others to members and to the methodist, who answers for order in discussions."""
        from communities.models.membership import Membership

        rights = getattr(person, "rights", None)
        if rights is None:
            return self.filter(is_public=True)
        if rights.is_admin:
            return self
        mine = Membership.objects.current().filter(person=person)
        return self.filter(
            Q(is_public=True)
            | Q(community__in=mine.values("community"))
            | Q(community__municipality__in=rights.methodist_in)
        )


class Topic(RulesModel):
    """A question the members discuss. Pinned ones stand first; a closed one takes no replies."""

    community = models.ForeignKey(
        "communities.Community", on_delete=models.CASCADE, related_name="topics", verbose_name="сообщество"
    )
    title = models.CharField("тема", max_length=200)
    is_public = models.BooleanField(
        "читают все",
        default=False,
        help_text="Иначе тему видят участники сообщества и методист, который отвечает за порядок.",
    )
    is_pinned = models.BooleanField("закреплена", default=False)
    is_closed = models.BooleanField("закрыта для ответов", default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="автор",
    )
    created_at = models.DateTimeField("начата", default=timezone.now)
    last_post_at = models.DateTimeField("последнее сообщение", default=timezone.now)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = "тема обсуждения"
        verbose_name_plural = "темы обсуждений"
        ordering = ["-is_pinned", "-last_post_at", "-pk"]
        rules_permissions = {
            "reply": (rules.is_member | is_methodist) & rules.is_going_on & rules.is_open_topic,
            "change": rules.is_leader | is_methodist,
        }
        indexes = [
            models.Index(fields=["community", "-is_pinned", "-last_post_at"], name="topics_of_community")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def municipality_id(self) -> int:
        return self.community.municipality_id

    def get_absolute_url(self) -> str:
        return reverse("communities:topic", args=[self.community_id, self.pk])


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, person: Person) -> PostQuerySet:
        """Posts of visible topics, the hidden ones as well: the page shows that something stood there."""
        return self.filter(topic__in=Topic.objects.visible_to(person))

    def shown(self) -> PostQuerySet:
        return self.filter(hidden_at__isnull=True)


class Post(RulesModel):
    """One message; the first one of a topic is its question. Written in a few marks of Markdown."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="posts", verbose_name="тема")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="community_posts",
        verbose_name="автор",
    )
    text = models.TextField("сообщение", max_length=10_000)
    created_at = models.DateTimeField("написано", default=timezone.now)
    edited_at = models.DateTimeField("изменено", null=True, blank=True)
    hidden_at = models.DateTimeField("скрыто", null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    hidden_because = models.CharField("почему скрыто", max_length=500, blank=True)
    mentioned: Any = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name="упомянуты"
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "сообщение"
        verbose_name_plural = "сообщения"
        ordering = ["created_at", "pk"]
        rules_permissions = {
            "change": rules.is_author & rules.is_shown & rules.is_going_on & rules.is_open_topic,
            "hide": rules.is_author | rules.is_leader | is_methodist,
            "show": rules.is_leader | is_methodist,
        }
        constraints = [
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True, hidden_because="")
                | (Q(hidden_at__isnull=False) & ~Q(hidden_because="")),
                name="post_hidden_for_a_reason",
            )
        ]
        indexes = [
            models.Index(fields=["topic", "created_at"], name="posts_of_topic"),
            models.Index(fields=["created_at"], name="posts_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.topic}, {self.created_at:%d.%m.%Y %H:%M}"

    @property
    def community(self) -> Any:
        """So that predicates of a community read a post alike."""
        return self.topic.community

    @property
    def municipality_id(self) -> int:
        return self.topic.community.municipality_id

    def get_absolute_url(self) -> str:
        return reverse("communities:post", args=[self.topic.community_id, self.pk])


def attachment_path(attachment: Attachment, filename: str) -> str:
    """A name nobody can guess; the name people gave is kept in `filename`."""
    return f"communities/{uuid.uuid4().hex}{PurePosixPath(filename).suffix.lower()}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, person: Person) -> AttachmentQuerySet:
        """Files of posts that are shown, in visible topics."""
        return self.filter(post__in=Post.objects.visible_to(person).shown())


class Attachment(models.Model):
    """A document of a post, known by its content."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField("файл", upload_to=attachment_path, max_length=200)
    filename = models.CharField("название", max_length=200)
    size = models.PositiveIntegerField("размер, байт")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "файл сообщения"
        verbose_name_plural = "файлы сообщений"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.filename

    def get_absolute_url(self) -> str:
        return reverse("communities:attachment", args=[self.pk])


class Subscription(models.Model):
    """A person wants letters about a whole community or about one topic; all of them come in one digest a day."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="community_subscriptions"
    )
    community = models.ForeignKey(
        "communities.Community",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="subscriptions",
        verbose_name="сообщество",
    )
    topic = models.ForeignKey(
        Topic,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="subscriptions",
        verbose_name="тема",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "подписка на обсуждение"
        verbose_name_plural = "подписки на обсуждения"
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(community__isnull=False, topic__isnull=True)
                | Q(community__isnull=True, topic__isnull=False),
                name="subscription_to_one_thing",
            ),
            models.UniqueConstraint(fields=["person", "community"], name="one_subscription_a_community"),
            models.UniqueConstraint(fields=["person", "topic"], name="one_subscription_a_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.community or self.topic}"


class DigestMark(models.Model):
    """Up to when the person has been told of new messages, and the day of the last digest: one a day."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digest_mark"
    )
    told_until = models.DateTimeField("рассказано до")
    sent_on = models.DateField("письмо", null=True, blank=True)

    class Meta:
        verbose_name = "отметка о письме с новым"
        verbose_name_plural = "отметки о письмах с новым"

    def __str__(self) -> str:
        return f"{self.person}: {self.told_until:%d.%m.%Y %H:%M}"
