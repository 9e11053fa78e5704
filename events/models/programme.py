"""What an event consists of: sessions, speakers, materials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from events.models.event import Event

if TYPE_CHECKING:
    from network.models import Person


class Session(models.Model):
    """A part of an event with its own time: «Пленарная часть», «Секция математики»."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="parts")
    starts_at = models.DateTimeField("начало")
    ends_at = models.DateTimeField("окончание")
    title = models.CharField("название", max_length=250)
    place = models.CharField("место", max_length=250, blank=True)

    class Meta:
        verbose_name = "часть события"
        verbose_name_plural = "части события"
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Speaker(models.Model):
    """Who speaks, with what; of the network, or a guest by name."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="speakers")
    session = models.ForeignKey(
        Session,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="speakers",
        verbose_name="часть события",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="speeches",
        verbose_name="человек сети",
    )
    name = models.CharField("фамилия, имя, отчество", max_length=200, blank=True)
    position = models.CharField("кто это", max_length=250, blank=True)
    topic = models.CharField("тема", max_length=300, blank=True)
    order = models.PositiveSmallIntegerField("порядок", default=0)

    class Meta:
        verbose_name = "выступающий"
        verbose_name_plural = "выступающие"
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(name=""), name="speaker_is_somebody"
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.person)


class EventMaterialQuerySet(models.QuerySet["EventMaterial"]):
    def visible_to(self, person: Person) -> EventMaterialQuerySet:
        """Of events that the person sees."""
        return self.filter(event__in=Event.objects.visible_to(person))


class EventMaterial(models.Model):
    """A presentation, a handout or a link that participants take with them."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="materials")
    title = models.CharField("название", max_length=250)
    file = models.FileField("файл", upload_to="events/", blank=True)
    filename = models.CharField(max_length=255, blank=True, editable=False)
    url = models.URLField("ссылка", max_length=500, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    added_at = models.DateTimeField(auto_now_add=True)

    objects = EventMaterialQuerySet.as_manager()

    class Meta:
        verbose_name = "материал события"
        verbose_name_plural = "материалы события"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(file="") & ~Q(url="")) | (~Q(file="") & Q(url="")),
                name="event_material_file_or_link",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The link itself, or the address that gives the file."""
        return self.url or reverse("events:material", args=[self.pk])
