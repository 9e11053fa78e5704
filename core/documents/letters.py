"""The letters that the document font has, how wide they are, and what stands for those it has not."""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from fontTools.ttLib import TTFont

from core.documents.values import NBSP

UNKNOWN = "◊"
_RELATIVES = {
    "\u202f": NBSP,
    "\u2009": NBSP,
    "\u2007": NBSP,
    "→": "—>",
    "←": "<—",
    "✓": "+",
    "✔": "+",
    "☐": "◊",
}


@functools.cache
def fonts_folder() -> Path:
    """Where PT Serif lies. Raises ImproperlyConfigured when it is not there."""
    default = settings.BASE_DIR / "node_modules/@expo-google-fonts/pt-serif"
    folder = Path(getattr(settings, "DOCUMENT_FONTS", default))
    if not any(folder.rglob("*.ttf")):
        raise ImproperlyConfigured(f"No fonts for documents in {folder}: run `npm ci`.")
    return folder


def printable(text: str) -> str:
    """The text in letters of the font: a near relative if there is one, nothing for invisible marks, else ◊.

    PDF/A and PDF/UA promise readable text and refuse a file with a missing letter (emoji, hieroglyphs);
    a report must not fail for one.
    """
    letters = _letters(fonts_folder())
    return "".join(c if ord(c) in letters or c == "\n" else _instead(c) for c in text)


def all_printable(data: Any) -> Any:
    """The same for every text in nested lists and dictionaries."""
    if isinstance(data, str):
        return printable(data)
    if isinstance(data, dict):
        return {name: all_printable(value) for name, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [all_printable(value) for value in data]
    return data


def width_of(text: str, *, bold: bool = False) -> float:
    """How long the text is in one line, in sizes of its type (em)."""
    widths = _widths(fonts_folder(), "Bold" if bold else "Regular")
    return sum(widths.get(ord(letter), 0.6) for letter in text)


@functools.cache
def _widths(folder: Path, face: str) -> dict[int, float]:
    font = TTFont(next(folder.rglob(f"*_???{face}.ttf")), lazy=True)
    units, advances = font["head"].unitsPerEm, font["hmtx"].metrics
    return {code: advances[name][0] / units for code, name in font.getBestCmap().items()}


@functools.cache
def _letters(folder: Path) -> frozenset[int]:
    """Letters that every face of the font has; signs of its own making mean nothing to others (PDF/A)."""
    faces = [frozenset(TTFont(path, lazy=True).getBestCmap()) for path in sorted(folder.rglob("*.ttf"))]
    return frozenset(
        code for code in frozenset.intersection(*faces) if unicodedata.category(chr(code)) != "Co"
    )


def _instead(letter: str) -> str:
    if letter in _RELATIVES:
        return _RELATIVES[letter]
    plain = unicodedata.normalize("NFKC", letter)
    if plain != letter:
        return printable(plain)
    return "" if unicodedata.category(letter) in ("Cf", "Mn", "Me", "Sk") else UNKNOWN
