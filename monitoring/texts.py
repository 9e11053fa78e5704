"""What people write in a report: beside the figures of each section, and at the end."""

from __future__ import annotations

from typing import Any

from monitoring.sections import SECTIONS

CLOSING = {
    "causes": ("Причины и факторы", "Чем объясняются затруднения и значения показателей."),
    "teachers": ("Рекомендации педагогам", ""),
    "heads": ("Рекомендации руководителям организаций", ""),
    "associations": ("Рекомендации руководителям методических объединений", ""),
    "methodists": ("Рекомендации методистам", ""),
}
BESIDE = {f"on-{section.key}": section for section in SECTIONS}


def text_fields(snapshot: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Key, title and hint of every text, in the order of the report; the hint says the main figures."""
    collected = snapshot.get("sections", {})
    beside = []
    for key, section in BESIDE.items():
        lines = section.headline(collected[section.key]) if section.key in collected else []
        beside.append((key, f"{section.title}: что это значит", " ".join(map(str, lines))))
    return beside + [(key, title, hint) for key, (title, hint) in CLOSING.items()]
