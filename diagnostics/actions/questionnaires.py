"""Questionnaires: copied, versioned, edited while they are drafts, published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.crypto import get_random_string

from core.search import forget, index
from core.states import NotAllowed, WrongState, move
from diagnostics.models import Item, ItemOption, Questionnaire, Section

if TYPE_CHECKING:
    from network.models import Municipality, Person

OTHER = "other"


def locked_draft(questionnaire: Questionnaire, *, by: Person) -> Questionnaire:
    """The row under a lock, for a change of its content.

    Raises NotAllowed without the right, WrongState when it is no draft any more.
    """
    fresh = Questionnaire.objects.select_for_update(of=("self",)).get(pk=questionnaire.pk)
    if not by.has_perm("diagnostics.change_questionnaire", fresh):
        raise NotAllowed("Менять анкету может методист её муниципалитета.")
    if fresh.state != Questionnaire.State.DRAFT:
        raise WrongState("Анкета уже опубликована и не меняется. Сделайте новую версию.")
    return fresh


@transaction.atomic
def create(*, by: Person | None, municipality: Municipality, **fields: object) -> Questionnaire:
    """An empty draft with its first topic."""
    questionnaire = Questionnaire.objects.create(
        municipality=municipality, family=f"own-{get_random_string(8).lower()}", created_by=by, **fields
    )
    Section.objects.create(questionnaire=questionnaire, title="Тема 1")
    index([questionnaire])
    return questionnaire


@transaction.atomic
def copy(questionnaire: Questionnaire, *, by: Person, municipality: Municipality) -> Questionnaire:
    """A draft with the same topics and items: the next version of the family in that municipality.

    Items keep their codes, so that answers are compared over the versions. When there is a draft of the next
    version already, that draft is returned: pressing twice makes one.
    """
    versions = Questionnaire.objects.select_for_update().filter(
        municipality=municipality, family=questionnaire.family
    )
    draft = versions.filter(state=Questionnaire.State.DRAFT).first()
    if draft is not None:
        return draft
    last = versions.aggregate(last=Max("version"))["last"]
    new = Questionnaire.objects.create(
        family=questionnaire.family,
        version=max(last or 0, questionnaire.version) + 1,
        municipality=municipality,
        title=questionnaire.title,
        intro=questionnaire.intro,
        audience=questionnaire.audience,
        minutes=questionnaire.minutes,
        created_by=by,
    )
    _copy_content(questionnaire, new)
    index([new])
    return new


def _copy_content(source: Questionnaire, target: Questionnaire) -> None:
    for section in source.sections.prefetch_related("items__options"):
        items = list(section.items.all())
        choices = [list(item.options.all()) for item in items]
        section.pk, section.questionnaire, section._state.adding = None, target, True
        section.save()
        for item in items:
            item.pk, item.section, item._state.adding = None, section, True
        Item.objects.bulk_create(items)
        options = []
        for item, own in zip(items, choices, strict=True):
            for option in own:
                option.pk, option.item, option._state.adding = None, item, True
                options.append(option)
        ItemOption.objects.bulk_create(options)


@transaction.atomic
def delete_draft(questionnaire: Questionnaire, *, by: Person) -> None:
    draft = locked_draft(questionnaire, by=by)
    forget(draft)
    draft.delete()


def publish(questionnaire: Questionnaire, *, by: Person) -> Questionnaire:
    """Raises WrongState when something is missing, with the words what and where."""
    mistakes = questionnaire.mistakes()
    if mistakes:
        raise WrongState(" ".join(mistakes))
    return move(questionnaire, "publish", by=by)


def archive(questionnaire: Questionnaire, *, by: Person) -> Questionnaire:
    return move(questionnaire, "archive", by=by)


@transaction.atomic
def save_head(questionnaire: Questionnaire, *, by: Person) -> Questionnaire:
    """Title, intro, audience and minutes of a draft."""
    locked_draft(questionnaire, by=by)
    questionnaire.save(update_fields=["title", "intro", "audience", "minutes"])
    index([questionnaire])
    return questionnaire


@transaction.atomic
def save_section(section: Section, *, by: Person) -> Section:
    """A new or changed topic; a new one goes to the end."""
    questionnaire = locked_draft(section.questionnaire, by=by)
    if section.pk is None:
        section.position = _next(questionnaire.sections.all())
    section.save()
    return section


@transaction.atomic
def save_item(item: Item, *, by: Person, choices: Sequence[str] = (), with_other: bool = False) -> Item:
    """A new or changed item with its choices, one label each; a new one goes to the end of its topic.

    A choice that keeps its words keeps its code.
    """
    questionnaire = locked_draft(item.section.questionnaire, by=by)
    if item.pk is None:
        item.position = _next(item.section.items.all())
        item.code = item.code or free_code(questionnaire)
    item.save()
    set_options(item, choices, with_other=with_other)
    return item


def set_options(item: Item, labels: Sequence[str], *, with_other: bool = False) -> None:
    """Replace the choices of an item."""
    kept = {option.label: option.code for option in item.options.all() if option.code != OTHER}
    item.options.all().delete()
    if item.kind not in (Item.Kind.SINGLE, Item.Kind.MULTIPLE):
        return
    free = (str(n) for n in range(1, 10_000) if str(n) not in kept.values())
    options = [
        ItemOption(item=item, code=kept.get(label) or next(free), label=label, position=number)
        for number, label in enumerate(labels)
    ]
    if with_other:
        options.append(
            ItemOption(item=item, code=OTHER, label="Другое", position=len(options), has_text=True)
        )
    ItemOption.objects.bulk_create(options)


def free_code(questionnaire: Questionnaire) -> str:
    """A code that no item of the questionnaire has."""
    taken = set(Item.objects.filter(section__questionnaire=questionnaire).values_list("code", flat=True))
    return next(code for code in (f"q{n}" for n in range(1, 10_000)) if code not in taken)


@transaction.atomic
def delete_part(part: Section | Item, *, by: Person) -> None:
    """An item, or a topic without items: nobody loses ten questions by one press.

    Raises WrongState for a topic that has items.
    """
    locked_draft(questionnaire_of(part), by=by)
    if isinstance(part, Section) and part.items.exists():
        raise WrongState(f"В теме «{part}» есть вопросы: сначала перенесите или удалите их.")
    part.delete()


@transaction.atomic
def shift(part: Section | Item, *, by: Person, up: bool) -> None:
    """Swap with the neighbour above or below; at the edge an item goes over into the neighbouring topic."""
    questionnaire = locked_draft(questionnaire_of(part), by=by)
    brothers: list[Any] = list(
        part.section.items.all() if isinstance(part, Item) else questionnaire.sections.all()
    )
    place = brothers.index(part)
    other = place - 1 if up else place + 1
    if 0 <= other < len(brothers):
        brothers[place], brothers[other] = brothers[other], brothers[place]
        _number(brothers)
    elif isinstance(part, Item):
        _over_the_edge(part, list(questionnaire.sections.all()), up=up)


def _over_the_edge(item: Item, sections: list[Section], *, up: bool) -> None:
    place = sections.index(item.section) + (-1 if up else 1)
    if not 0 <= place < len(sections):
        return
    neighbours = list(sections[place].items.all())
    item.section = sections[place]
    item.save(update_fields=["section"])
    _number([*neighbours, item] if up else [item, *neighbours])


def _number(parts: Iterable[Section | Item]) -> None:
    for position, part in enumerate(parts):
        if part.position != position:
            part.position = position
            part.save(update_fields=["position"])


def _next(parts: object) -> int:
    last = parts.aggregate(last=Max("position"))["last"]  # type: ignore[attr-defined]
    return 0 if last is None else last + 1


def questionnaire_of(part: Section | Item) -> Questionnaire:
    return part.section.questionnaire if isinstance(part, Item) else part.questionnaire
