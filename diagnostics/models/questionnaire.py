from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse
from django_fsm import FSMField, transition
from rules.contrib.models import RulesModel

from core.models import StatefulModel
from network import rules

if TYPE_CHECKING:
    from network.models import Person


class Audience(models.TextChoices):
    TEACHERS = "teachers", "педагоги"
    HEADS = "heads", "руководители"
    PUPILS = "pupils", "обучающиеся"
    PARENTS = "parents", "родители"


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def visible_to(self, person: Person) -> QuestionnaireQuerySet:
        """Shipped ones for everybody who manages a municipality, own ones of that municipality."""
        rights = person.rights
        if rights.is_admin:
            return self
        if not rights.manages:
            return self.none()
        return self.filter(models.Q(municipality__isnull=True) | models.Q(municipality__in=rights.manages))

    def editable_by(self, person: Person) -> QuestionnaireQuerySet:
        if person.rights.is_admin:
            return self
        return self.filter(municipality__in=person.rights.methodist_in)


class Questionnaire(StatefulModel, RulesModel):
    """One version of a questionnaire. A published version never changes: a new wording is a new version.

    `family` ties the versions of one questionnaire; items that keep their code are compared over the years.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Черновик"
        PUBLISHED = "published", "Опубликована"
        ARCHIVED = "archived", "В архиве"

    family = models.SlugField("код анкеты", max_length=80)
    version = models.PositiveSmallIntegerField("версия", default=1)
    municipality = models.ForeignKey(
        "network.Municipality",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="questionnaires",
        verbose_name="муниципалитет",
        help_text="Пусто у анкет, поставляемых с порталом.",
    )
    title = models.CharField("название", max_length=250)
    intro = models.TextField("вступление", blank=True)
    audience = models.CharField("кому", max_length=10, choices=Audience.choices, default=Audience.TEACHERS)
    minutes = models.PositiveSmallIntegerField("примерное время, мин", default=7)
    state = FSMField("состояние", default=State.DRAFT, choices=State.choices, protected=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = "анкета"
        verbose_name_plural = "анкеты"
        ordering = ["title", "-version"]
        rules_permissions = {
            "add": rules.is_methodist,
            "change": rules.is_methodist,
            "publish": rules.is_methodist,
            "archive": rules.is_methodist,
            "see": rules.is_methodist | rules.is_official,
        }
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "family", "version"], name="one_questionnaire_version"
            ),
            models.UniqueConstraint(
                fields=["family", "version"],
                condition=models.Q(municipality__isnull=True),
                name="one_shipped_questionnaire_version",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("diagnostics:questionnaire", args=[self.pk])

    def mistakes(self, sections: list[Section] | None = None) -> list[str]:
        """What must be mended before publishing, in Russian: where and what.

        `sections` are its topics where they were read already.
        """
        if sections is None:
            sections = list(self.sections.prefetch_related("items__options"))
        found = [
            f"В теме «{section}» нет ни одного вопроса." for section in sections if not section.items.all()
        ]
        if not sections:
            found.append("В анкете нет ни одной темы.")
        codes: set[str] = set()
        for item in (item for section in sections for item in section.items.all()):
            if item.code in codes:
                found.append(f"Код «{item.code}» стоит у двух вопросов, второй: «{item}».")
            codes.add(item.code)
            if item.has_choices and len(item.options.all()) < 2:
                found.append(f"У вопроса «{item}» меньше двух вариантов ответа.")
        return found

    def without_direction(self, sections: list[Section] | None = None) -> list[Item]:
        """Scale items that the map will not show: it may be meant so, and is told before publishing."""
        if sections is None:
            sections = list(self.sections.prefetch_related("items"))
        items = (item for section in sections for item in section.items.all())
        return [item for item in items if item.kind == Item.Kind.SCALE and item.direction_id is None]

    def is_complete(self) -> bool:
        return not self.mistakes()

    @transition(field=state, source=State.DRAFT, target=State.PUBLISHED, conditions=[is_complete])
    def publish(self) -> None:
        """From now on the items cannot change and campaigns can be launched with them."""

    @transition(field=state, source=State.PUBLISHED, target=State.ARCHIVED)
    def archive(self) -> None:
        """No new campaigns; past ones keep it."""


class Section(models.Model):
    """One topic: a page of the questionnaire on the phone."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="sections")
    title = models.CharField("тема", max_length=200)
    intro = models.TextField("пояснение", blank=True)
    position = models.PositiveSmallIntegerField("порядок", default=0)

    class Meta:
        verbose_name = "тема анкеты"
        verbose_name_plural = "темы анкеты"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class Item(models.Model):
    """One question. A scale item tells a difficulty in one direction."""

    class Kind(models.TextChoices):
        SCALE = "scale", "шкала"
        SINGLE = "single", "один ответ"
        MULTIPLE = "multiple", "несколько ответов"
        NUMBER = "number", "число"
        TEXT = "text", "текст"

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="items")
    code = models.SlugField("код", max_length=60)
    text = models.CharField("вопрос", max_length=500)
    hint = models.CharField("пояснение", max_length=500, blank=True)
    kind = models.CharField("вид", max_length=10, choices=Kind.choices, default=Kind.SCALE)
    scale = models.ForeignKey(
        "diagnostics.Scale", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    direction = models.ForeignKey(
        "network.Direction",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="items",
        verbose_name="направление",
    )
    required = models.BooleanField("обязательный", default=True)
    position = models.PositiveSmallIntegerField("порядок", default=0)

    class Meta:
        verbose_name = "вопрос"
        verbose_name_plural = "вопросы"
        ordering = ["section__position", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["section", "code"], name="one_item_a_code_in_section"),
            models.CheckConstraint(
                condition=models.Q(kind="scale", scale__isnull=False)
                | ~models.Q(kind="scale") & models.Q(scale__isnull=True),
                name="scale_item_has_scale",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def has_choices(self) -> bool:
        """Whether it has answers of its own to choose from."""
        return self.kind in (self.Kind.SINGLE, self.Kind.MULTIPLE)


class ItemOption(models.Model):
    """One answer of a single or multiple choice item."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="options")
    code = models.CharField("код", max_length=40)
    label = models.CharField("ответ", max_length=250)
    position = models.PositiveSmallIntegerField("порядок", default=0)
    has_text = models.BooleanField("«другое» с текстом", default=False)

    class Meta:
        verbose_name = "вариант ответа"
        verbose_name_plural = "варианты ответа"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["item", "code"], name="one_choice_a_code")]

    def __str__(self) -> str:
        return self.label
