"""How a person wants to see the portal: «Вид» in the header.

Kept in a cookie, so that it works without signing in.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Self

COOKIE = "look"
MAX_AGE = 60 * 60 * 24 * 365

CHOICES: dict[str, dict[str, str]] = {
    "theme": {"light": "Светлые", "dark": "Тёмные"},
    "contrast": {"normal": "Обычный", "high": "Высокий"},
    "size": {"normal": "Обычный", "large": "Крупный", "largest": "Самый крупный"},
}
TITLES = {"theme": "Цвета", "contrast": "Контраст", "size": "Размер текста"}


@dataclass(frozen=True)
class Look:
    """Colours, contrast and size of text; anything unknown is the usual look."""

    theme: str = "light"
    contrast: str = "normal"
    size: str = "normal"

    @classmethod
    def parse(cls, text: str) -> Self:
        """From the cookie: three words with dots between them."""
        words = dict(zip((field.name for field in fields(cls)), text.split("."), strict=False))
        return cls().changed(words)

    def changed(self, wanted: dict[str, str]) -> Self:
        """The look with what is wanted; names and words that are not offered are passed over."""
        known = {name: word for name, word in wanted.items() if word in CHOICES.get(name, {})}
        return replace(self, **known)

    def groups(self) -> tuple[tuple[str, tuple[tuple[str, str, str, bool], ...]], ...]:
        """What is offered, for buttons: title, then (name, value, words, chosen now)."""
        return tuple(
            (
                TITLES[name],
                tuple((name, value, words, getattr(self, name) == value) for value, words in offers.items()),
            )
            for name, offers in CHOICES.items()
        )

    def __str__(self) -> str:
        return f"{self.theme}.{self.contrast}.{self.size}"
