"""One question on the respondent's page: what it shows, and how an answer to it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from diagnostics.answering import text_key
from diagnostics.models import Item

LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Choice:
    code: str
    label: str
    chosen: bool
    has_text: bool = False


@dataclass(frozen=True)
class Question:
    """An item with its answer so far, ready for the template."""

    item: Item
    choices: list[Choice]
    value: Any
    text: str
    error: str = ""

    @property
    def name(self) -> str:
        return field_name(self.item)


def field_name(item: Item) -> str:
    return f"q-{item.code}"


def options_of(item: Item) -> list[Any]:
    """Answers to choose from: those of the scale or of the item itself."""
    if item.kind == Item.Kind.SCALE:
        return list(item.scale.options.all()) if item.scale else []
    return list(item.options.all())


def question(item: Item, answers: dict[str, Any], error: str = "") -> Question:
    value = answers.get(item.code)
    chosen = set(value) if isinstance(value, list) else {value}
    choices = [
        Choice(option.code, option.label, option.code in chosen, getattr(option, "has_text", False))
        for option in options_of(item)
    ]
    shown = "" if value is None or choices else value
    return Question(item, choices, shown, answers.get(text_key(item.code), ""), error)


def read(items: list[Item], post: QueryDict) -> tuple[dict[str, Any], dict[str, str]]:
    """Answers given on a page, and mistakes by item code: a mistaken answer is not among the answers."""
    answers: dict[str, Any] = {}
    mistakes: dict[str, str] = {}
    for item in items:
        given = post.getlist(field_name(item))
        try:
            value = _value(item, given)
        except ValueError as error:
            mistakes[item.code] = str(error)
            continue
        if value not in (None, "", []):
            answers[item.code] = value
            words = post.get(f"{field_name(item)}-text", "").strip()[:LONGEST_TEXT]
            if words and any(o.code in given for o in item.options.all() if o.has_text):
                answers[text_key(item.code)] = words
    return answers, mistakes


def _value(item: Item, given: list[str]) -> Any:
    last = given[-1].strip() if given else ""
    if item.kind == Item.Kind.TEXT:
        return last[:LONGEST_TEXT]
    if item.kind == Item.Kind.NUMBER:
        return _number(last) if last else None
    codes = [option.code for option in options_of(item)]
    if any(code not in codes for code in given):
        raise ValueError("Выберите ответ из предложенных.")
    if item.kind == Item.Kind.MULTIPLE:
        return [code for code in codes if code in given]
    return last or None


def _number(text: str) -> int | float:
    plain = text.replace(",", ".").replace("\u00a0", "").replace(" ", "")
    try:
        number = float(plain)
    except ValueError:
        number = float("nan")
    if not abs(number) < 1e12:
        raise ValueError("Напишите число цифрами, например 12 или 2,5.")
    return int(number) if number == int(number) else number


def unanswered(items: list[Item], answers: dict[str, Any]) -> dict[str, str]:
    """Gentle words for required items without an answer."""
    return {
        item.code: "Здесь пока нет ответа." for item in items if item.required and item.code not in answers
    }


def answer_text(item: Item, answers: dict[str, Any]) -> str:
    """The answer in words, "" when there is none."""
    value = answers.get(item.code)
    if value is None:
        return ""
    labels = {option.code: option.label for option in options_of(item)}
    codes = value if isinstance(value, list) else [value]
    words = ", ".join(str(labels.get(str(code), code)) for code in codes)
    text = answers.get(text_key(item.code), "")
    return f"{words}: {text}" if text else words
