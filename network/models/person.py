from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from rules.contrib.models import RulesModelBase, RulesModelMixin

from core.addresses import address_of
from network import rules

if TYPE_CHECKING:
    from network.access import Rights


class Category(models.TextChoices):
    """Qualification categories (приказ Минпросвещения № 196 от 24.03.2023)."""

    NONE = "none", "нет категории"
    FIT = "fit", "соответствие занимаемой должности"
    FIRST = "first", "первая"
    HIGHEST = "highest", "высшая"
    METHODIST = "methodist", "педагог-методист"
    MENTOR = "mentor", "педагог-наставник"


# A teacher counts as young up to so many full years of service.
EARLY_CAREER_YEARS = 3


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, person: Person) -> PersonQuerySet:
        """Oneself, the staff of a head's organisation, the people of a managed municipality, agreed personal pages."""
        rights = getattr(person, "rights", None)
        if rights is None:
            return self.filter(shows_page=True, is_active=True)
        if rights.is_admin:
            return self
        from network.models.employment import Employment

        staff = Employment.objects.in_force().filter(
            models.Q(organisation__in=rights.head_of)
            | models.Q(organisation__municipality__in=rights.manages)
        )
        return self.filter(
            models.Q(pk=person.pk)
            | models.Q(shows_page=True, is_active=True)
            | models.Q(pk__in=staff.values("person"))
        )

    def staff_of(self, person: Person) -> PersonQuerySet:
        """People whose employment the person keeps (head: own organisation; methodist, official: municipality)."""
        from network.models.employment import Employment

        return self.filter(pk__in=Employment.objects.visible_to(person).values("person"))


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> Person:
        return self.get(email=(email or "").strip().lower())


class Person(RulesModelMixin, AbstractBaseUser, PermissionsMixin, metaclass=RulesModelBase):
    """Somebody of the network; signs in with the e-mail. What they may do comes from employments in force only."""

    email = models.EmailField("электронная почта", null=True, blank=True, unique=True)
    last_name = models.CharField("фамилия", max_length=80)
    first_name = models.CharField("имя", max_length=80)
    patronymic = models.CharField("отчество", max_length=80, blank=True)
    phone = models.CharField("телефон", max_length=40, blank=True)
    category = models.CharField(
        "квалификационная категория", max_length=12, choices=Category.choices, default=Category.NONE
    )
    service_since = models.PositiveSmallIntegerField(
        "педагогический стаж с года", null=True, blank=True, help_text="Год начала педагогической работы."
    )
    shows_page = models.BooleanField("показывать личную страницу всем", default=False)
    about = models.TextField("о себе", blank=True)
    photo = models.FileField(
        "фотография",
        upload_to="people/",
        blank=True,
        validators=[FileExtensionValidator(["png", "jpg", "jpeg", "webp"])],
    )
    is_active = models.BooleanField("может входить", default=True)
    is_staff = models.BooleanField("администратор", default=False)
    joined_at = models.DateTimeField("заведён", default=timezone.now, editable=False)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["last_name", "first_name"]

    class Meta:
        verbose_name = "человек"
        verbose_name_plural = "люди"
        ordering = ["last_name", "first_name", "patronymic", "pk"]
        rules_permissions = {
            "see": rules.is_self | rules.keeps_staff_record,
            "change": rules.is_self | rules.keeps_staff_record,
            "invite": rules.keeps_staff_record,
            "close": rules.keeps_whole_record,
            "import": rules.is_methodist | rules.is_official | rules.is_head,
        }
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once_any_case")]
        # A page of a long list by name is read from it in order, without sorting all of the list.
        indexes = [models.Index(fields=["last_name", "first_name", "patronymic"], name="person_by_name")]

    def __str__(self) -> str:
        return self.get_full_name()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower() if self.email else None
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    def get_short_name(self) -> str:
        """How the portal addresses the person: «Ирина Андреевна»."""
        return " ".join(part for part in (self.first_name, self.patronymic) if part)

    @property
    def initials(self) -> str:
        """«И. А. Петрова», as in documents: never torn between two lines."""
        letters = [f"{part[0]}." for part in (self.first_name, self.patronymic) if part]
        return "\u00a0".join((*letters, self.last_name)).strip()

    @cached_property
    def rights(self) -> Rights:
        """Rights from the employments in force, read once a request."""
        from network.access import Rights

        return Rights.of(self)

    @property
    def years_of_service(self) -> int | None:
        """Full school years of pedagogical work, None when unknown."""
        from core.school_year import SchoolYear

        return None if self.service_since is None else max(0, SchoolYear.current().start - self.service_since)

    @property
    def is_early_career(self) -> bool:
        """A young teacher: up to three years of service."""
        years = self.years_of_service
        return years is not None and years <= EARLY_CAREER_YEARS

    def get_absolute_url(self) -> str:
        return address_of("network:person", self.pk)
