from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.validators import FileExtensionValidator, MaxValueValidator, MinValueValidator
from django.db import models
from rules.contrib.models import RulesModel

from core.addresses import address_of
from core.natural import NaturalKeyField, natural_key
from core.school_year import validate_school_year
from network import rules
from network.inn import validate_inn, validate_ogrn

if TYPE_CHECKING:
    from network.models import Person


class OrganisationKind(models.TextChoices):
    SCHOOL = "school", "школа"
    KINDERGARTEN = "kindergarten", "детский сад"
    ADDITIONAL = "additional", "дополнительное образование"
    METHODICAL_CENTRE = "methodical_centre", "методический центр"
    AUTHORITY = "authority", "орган управления образованием"
    COLLEGE = "college", "колледж или вуз"
    CULTURE = "culture", "учреждение культуры"
    HEALTH = "health", "учреждение здравоохранения"
    PARTNER = "partner", "другой партнёр"

    @property
    def plural(self) -> str:
        """Heading over several organisations of the kind."""
        return _PLURALS[self]


_PLURALS = {
    OrganisationKind.SCHOOL: "Школы",
    OrganisationKind.KINDERGARTEN: "Детские сады",
    OrganisationKind.ADDITIONAL: "Дополнительное образование",
    OrganisationKind.METHODICAL_CENTRE: "Методические центры",
    OrganisationKind.AUTHORITY: "Органы управления образованием",
    OrganisationKind.COLLEGE: "Колледжи и вузы",
    OrganisationKind.CULTURE: "Учреждения культуры",
    OrganisationKind.HEALTH: "Учреждения здравоохранения",
    OrganisationKind.PARTNER: "Другие партнёры",
}


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, person: Person) -> OrganisationQuerySet:
        """Organisations of the network are public; one that has left is seen by those who manage its municipality."""
        rights = getattr(person, "rights", None)
        if rights is None:
            return self.filter(is_active=True)
        if rights.is_admin:
            return self
        return self.filter(models.Q(is_active=True) | models.Q(municipality__in=rights.manages))

    def editable_by(self, person: Person) -> OrganisationQuerySet:
        """Own organisation of a head, any of the municipality for those who manage it."""
        if person.rights.is_admin:
            return self
        return self.filter(
            models.Q(pk__in=person.rights.head_of) | models.Q(municipality__in=person.rights.manages)
        )

    def active(self) -> OrganisationQuerySet:
        return self.filter(is_active=True)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        """With the column to order by."""
        objs = list(objs)
        for organisation in objs:
            organisation.sort_key = natural_key(organisation.short_name)
        return super().bulk_update(objs, {*fields, "sort_key"}, batch_size)


class Organisation(RulesModel):
    """A participant of the network. The INN is the key: names repeat and change (field facts, E)."""

    municipality = models.ForeignKey(
        "network.Municipality",
        on_delete=models.PROTECT,
        related_name="organisations",
        verbose_name="муниципалитет",
    )
    inn = models.CharField(
        "ИНН",
        max_length=10,
        null=True,
        blank=True,
        unique=True,
        validators=[validate_inn],
        help_text="10 цифр.",
    )
    ogrn = models.CharField(
        "ОГРН", max_length=13, blank=True, validators=[validate_ogrn], help_text="13 цифр."
    )
    full_name = models.CharField("полное название", max_length=600)
    short_name = models.CharField("краткое название", max_length=250)
    sort_key = NaturalKeyField(source="short_name")
    kind = models.CharField(
        "вид", max_length=20, choices=OrganisationKind.choices, default=OrganisationKind.SCHOOL
    )
    address = models.CharField("адрес", max_length=400, blank=True)
    latitude = models.DecimalField(
        "широта, °",
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        "долгота, °",
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    phone = models.CharField("телефон", max_length=60, blank=True)
    email = models.EmailField("электронная почта", blank=True)
    website = models.URLField("сайт", blank=True)
    strengths = models.TextField("чем сильны", blank=True)
    offers = models.TextField("чем готовы поделиться", blank=True)
    photo = models.FileField(
        "фотография",
        upload_to="organisations/",
        blank=True,
        validators=[FileExtensionValidator(["png", "jpg", "jpeg", "webp"])],
    )
    risk_profile = models.BooleanField("рисковый профиль", default=False)
    difficult_conditions = models.BooleanField("сложные социальные условия", default=False)
    is_active = models.BooleanField("участвует в сети", default=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "организация"
        verbose_name_plural = "организации"
        ordering = ["sort_key", "pk"]
        rules_permissions = {
            "add": rules.is_methodist | rules.is_official,
            "change": rules.is_methodist | rules.is_official | rules.is_head,
            "import": rules.is_methodist | rules.is_official,
            "see_staff": rules.is_methodist | rules.is_official | rules.is_head,
        }
        constraints = [
            models.CheckConstraint(
                condition=models.Q(inn__isnull=True) | models.Q(inn__regex=r"^[0-9]{10}$"),
                name="organisation_inn_10",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="organisation_both_coordinates",
            ),
        ]
        indexes = [models.Index(fields=["municipality", "kind"]), models.Index(fields=["sort_key"])]

    def __str__(self) -> str:
        return self.short_name

    @property
    def organisation_id(self) -> int:
        """So that rules scoped to an organisation read the organisation itself alike."""
        return self.pk

    @property
    def key(self) -> str:
        """How the organisation is named in addresses: its INN, else its number in the portal."""
        return self.inn or str(self.pk)

    def get_absolute_url(self) -> str:
        return address_of("network:organisation", self.key)


class ResultsCluster(models.Model):
    """How strong the results of a school were in one assessment procedure of one school year."""

    class Level(models.TextChoices):
        HIGH = "high", "высокие"
        MEDIUM = "medium", "средние"
        LOW = "low", "низкие"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="clusters")
    year = models.PositiveSmallIntegerField("учебный год", validators=[validate_school_year])
    procedure = models.CharField("процедура", max_length=120)
    level = models.CharField("результаты", max_length=8, choices=Level.choices)

    class Meta:
        verbose_name = "кластер результатов"
        verbose_name_plural = "кластеры результатов"
        ordering = ["-year", "procedure"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "procedure"], name="one_cluster_a_procedure"
            )
        ]

    def __str__(self) -> str:
        return f"{self.procedure}: {self.get_level_display()}"
