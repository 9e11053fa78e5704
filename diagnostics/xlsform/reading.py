"""Reading an XLSForm workbook into a draft: refusals first, then pyxform takes the form apart."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.text import slugify
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from diagnostics.actions import questionnaires as actions
from diagnostics.models import Item, ItemOption, Questionnaire, Scale, Section
from diagnostics.xlsform.sheets import (
    NUMBERS,
    YES_WORDS,
    Refusal,
    Refused,
    rebuilt,
    refusals,
    tables,
    workbook,
)
from network.models import Direction

if TYPE_CHECKING:
    from network.models import Municipality, Person

__all__ = ["Refusal", "Refused", "read", "save"]

ROW = re.compile(r"\[row : (\d+)\]\s*")
# What pyxform adds for `table-list` groups.
ADDED = ("generated_table_list_label_", "reserved_name_for_field_list_labels_", "generated_note_name_")
LONGEST = 500


@dataclass
class Form:
    """A form taken apart: topics with their items, not saved yet."""

    title: str
    sections: list[Topic] = field(default_factory=list)


@dataclass
class Topic:
    title: str
    intro: str = ""
    items: list[tuple[Item, list[ItemOption]]] = field(default_factory=list)


def read(data: bytes, *, name: str) -> Form:
    """The form in the workbook. Raises Refused, naming each row that the portal cannot take."""
    sheets = tables(data)
    book = workbook(sheets)
    directions = dict(Direction.objects.values_list("code", "pk"))
    rows = refusals(book, set(directions))
    if rows:
        count = len({(refusal.sheet, refusal.row) for refusal in rows})
        words = "одна строка не поддерживается" if count == 1 else f"не поддерживается строк: {count}"
        raise Refused(words, rows)
    tree = _taken_apart(rebuilt(sheets))
    form = Form(title=_title(tree, name))
    for topic in _topics(tree["children"], form.title, directions):
        if topic.items:
            form.sections.append(topic)
    _check(form)
    return form


def _taken_apart(data: bytes) -> dict[str, Any]:
    try:
        result = convert(io.BytesIO(data), file_type=".xlsx")
    except PyXFormError as error:
        raise Refused(*_in_russian(error)) from error
    except Exception as error:  # pyxform meets odd workbooks with errors of many kinds.
        raise Refused("Форму не удалось разобрать: проверьте её на xlsform.org и загрузите снова.") from error
    return result._pyxform or {"children": []}


def _in_russian(error: PyXFormError) -> tuple[str, list[Refusal]]:
    text = str(error)
    match = ROW.search(text)
    words = ROW.sub("", text).strip()
    if match is None:
        return f"Форма составлена с ошибкой: {words}", []
    sheet = "choices" if "choices" in words else "survey"
    return "форма составлена с ошибкой", [Refusal(sheet, int(match.group(1)), "", words)]


def _title(tree: dict[str, Any], name: str) -> str:
    title = str(tree.get("title") or "")
    return title if title not in ("", "data") else name.rpartition(".")[0] or "Анкета из XLSForm"


def _topics(children: list[dict[str, Any]], title: str, directions: dict[str, int]) -> Iterator[Topic]:
    """A group is a topic; what stands between groups is a topic of its own."""
    loose = Topic(title)
    for child in children:
        if child["type"] == "group":
            if child["name"] == "meta":
                continue
            yield loose
            loose = Topic(title)
            own = _text(child.get("label")) or _table_title(child) or child["name"]
            yield from _topics(child.get("children", []), own, directions)
        elif child["name"].startswith(ADDED):
            continue
        elif child["type"] == "note":
            loose.intro = f"{loose.intro}\n{_text(child.get('label'))}".strip()
        elif "relevant" in child.get("bind", {}):
            _other_words(loose)
        else:
            loose.items.append(_item(child, directions))
    yield loose


def _table_title(group: dict[str, Any]) -> str:
    """pyxform moves the title of a `table-list` group into a note of its own."""
    notes = (c for c in group.get("children", []) if c["name"].startswith(ADDED[0]))
    return next((_text(note.get("label")) for note in notes), "")


def _other_words(topic: Topic) -> None:
    """`or_other` is a choice and a text shown when it is chosen: with us a choice with words of one's own."""
    _, options = topic.items[-1]
    for option in options:
        if option.code == actions.OTHER:
            option.has_text, option.label = True, "Другое"


def _item(child: dict[str, Any], directions: dict[str, int]) -> tuple[Item, list[ItemOption]]:
    item = Item(
        code=slugify(child["name"])[:60] or "q",
        text=_text(child.get("label")),
        hint=_text(child.get("hint"))[:LONGEST],
        required=str(child.get("bind", {}).get("required", "")).lower() in YES_WORDS,
        direction_id=directions.get(str(child.get("direction", ""))),
        kind=_kind(child["type"]),
    )
    options = [
        ItemOption(code=str(choice["name"])[:40], label=_text(choice.get("label"))[:250], position=number)
        for number, choice in enumerate(child.get("choices", []))
    ]
    scale = _scale(child, options) if item.kind == Item.Kind.SINGLE else None
    if scale is not None:
        item.kind, item.scale, options = Item.Kind.SCALE, scale, []
    return item, options


def _kind(kind: str) -> str:
    if kind in NUMBERS:
        return Item.Kind.NUMBER
    return {"select one": Item.Kind.SINGLE, "select all that apply": Item.Kind.MULTIPLE}.get(
        kind, Item.Kind.TEXT
    )


def _scale(child: dict[str, Any], options: list[ItemOption]) -> Scale | None:
    """A scale of the portal whose code is the list's name and whose answers are the list's."""
    scale = Scale.objects.prefetch_related("options").filter(code=child.get("list_name", "")).first()
    if scale is None or [o.code for o in scale.options.all()] != [o.code for o in options]:
        return None
    return scale


def _text(label: Any) -> str:
    """A label of one language, or the Russian one of several, or the first."""
    if isinstance(label, dict):
        russian = [
            text for language, text in label.items() if re.search(r"рус|russian|\(ru\)", language, re.I)
        ]
        label = (russian or list(label.values()) or [""])[0]
    return " ".join(str(label or "").split())


def _check(form: Form) -> None:
    items = [item for topic in form.sections for item, _ in topic.items]
    if not items:
        raise Refused("На листе survey нет ни одного вопроса.")
    seen: set[str] = set()
    for item in items:
        if item.code in seen:
            raise Refused(f"Имя «{item.code}» стоит у двух вопросов: имена в анкете не повторяются.")
        seen.add(item.code)
        if len(item.text) > LONGEST:
            raise Refused(f"Текст вопроса «{item.code}» длиннее {LONGEST} знаков: сократите его.")


@transaction.atomic
def save(form: Form, *, by: Person | None, municipality: Municipality) -> Questionnaire:
    """A draft with the topics and items of the form, all or nothing."""
    count = sum(len(topic.items) for topic in form.sections)
    questionnaire = actions.create(
        by=by, municipality=municipality, title=form.title[:250], minutes=max(1, round(count / 5))
    )
    questionnaire.sections.all().delete()
    for number, topic in enumerate(form.sections):
        section = Section.objects.create(
            questionnaire=questionnaire, title=topic.title[:200], intro=topic.intro, position=number
        )
        for position, (item, options) in enumerate(topic.items):
            item.section, item.position = section, position
            item.save()
            for option in options:
                option.item = item
            ItemOption.objects.bulk_create(options)
    return questionnaire
