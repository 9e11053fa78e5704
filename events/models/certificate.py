from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_fsm import FSMField, transition
from rules.contrib.models import RulesModel

from core.models import StatefulModel
from events import rules
from events.models.event import EventFormat, EventLevel
from events.models.registration import ParticipantRole

if TYPE_CHECKING:
    from network.models import Person


def new_code() -> str:
    """The secret of the public page: who has the sheet can check it, nobody can list them."""
    return get_random_string(16, "abcdefghjkmnpqrstuvwxyz23456789")


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, person: Person) -> CertificateQuerySet:
        """Own ones; of events one runs; of the municipalities one manages."""
        from events.models.event import Event

        if person.rights.is_admin:
            return self
        return self.filter(
            Q(person=person)
            | Q(municipality__in=person.rights.manages)
            | Q(event__in=Event.objects.filter(rules.run_by(person)).values("pk"))
        )

    def valid(self) -> CertificateQuerySet:
        return self.filter(state=Certificate.State.ISSUED)


class Certificate(StatefulModel, RulesModel):
    """That a person took part in an event, with everything as it was on the day of issue.

    It is no удостоверение о повышении квалификации (273-ФЗ, ст. 76 and 60: only a licensed organisation issues
    those) and says so. What is printed never changes: a mistake is revoked and another certificate issued.
    """

    class State(models.TextChoices):
        ISSUED = "issued", "Действителен"
        REVOKED = "revoked", "Отозван"

    code = models.CharField(max_length=20, unique=True, default=new_code, editable=False)
    municipality = models.ForeignKey(
        "network.Municipality", on_delete=models.PROTECT, related_name="certificates"
    )
    year = models.PositiveSmallIntegerField("календарный год")
    serial = models.PositiveIntegerField("порядковый номер в году")
    event = models.ForeignKey("events.Event", on_delete=models.PROTECT, related_name="certificates")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates", verbose_name="кому"
    )
    name = models.CharField("имя", max_length=250)
    position = models.CharField("должность и организация", max_length=500, blank=True)
    title = models.CharField("событие", max_length=300)
    format = models.CharField("форма", max_length=14, choices=EventFormat.choices)
    level = models.CharField("уровень", max_length=14, choices=EventLevel.choices)
    held_on = models.DateField("когда")
    held_until = models.DateField("по")
    hours = models.DecimalField("часов", max_digits=5, decimal_places=1, null=True, blank=True)
    role = models.CharField("роль", max_length=12, choices=ParticipantRole.choices)
    topic = models.CharField("тема выступления", max_length=300, blank=True)
    issuer = models.CharField("кто выдал", max_length=300)
    issued_on = models.DateField("дата выдачи", default=timezone.localdate)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = FSMField("состояние", default=State.ISSUED, choices=State.choices, protected=True)
    revoked_on = models.DateField("отозван", null=True, blank=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "сертификат"
        verbose_name_plural = "сертификаты"
        ordering = ["-year", "-serial"]
        rules_permissions = {"revoke": rules.runs_its_event}
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "year", "serial"], name="one_certificate_a_number"
            ),
            models.UniqueConstraint(
                fields=["event", "person"],
                condition=Q(state="issued"),
                name="one_valid_certificate_a_person",
            ),
            models.CheckConstraint(
                condition=Q(state="issued", revoked_on__isnull=True)
                | Q(state="revoked", revoked_on__isnull=False),
                name="certificate_revoked_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"Сертификат № {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("events:certificate", args=[self.code])

    @property
    def number(self) -> str:
        """«000123/2026»: the serial within the calendar year."""
        return f"{self.serial:06d}/{self.year}"

    @property
    def is_valid(self) -> bool:
        return self.state == self.State.ISSUED

    @transition(field=state, source=State.ISSUED, target=State.REVOKED)
    def revoke(self) -> None:
        """No longer valid; the public page says so, the reason is in the log."""
        self.revoked_on = timezone.localdate()
