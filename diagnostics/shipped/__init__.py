"""Scales and questionnaires that ship with the portal, in versions; the wording is the portal's own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import transaction

from core.search import index
from core.states import move
from diagnostics.models import Item, Questionnaire, Scale, ScaleOption, Section
from network.models import Direction

FOLDER = Path(__file__).parent
QUESTIONNAIRES = ["teachers", "heads", "parents", "event_feedback"]


@transaction.atomic
def install_dictionaries(names: Sequence[str] = QUESTIONNAIRES) -> str:
    """Add the shipped scales and questionnaire versions that are missing; those there are never change."""
    scales = sum(_install_scale(data) for data in _read("scales"))
    questionnaires = sum(_install_questionnaire(_read(name)) for name in names)
    return f"шкал добавлено: {scales}, анкет: {questionnaires}"


def _read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text())


def _install_scale(data: dict[str, Any]) -> bool:
    scale, created = Scale.objects.get_or_create(code=data["code"], defaults={"name": data["name"]})
    if created:
        ScaleOption.objects.bulk_create(
            ScaleOption(
                scale=scale,
                code=option["code"],
                label=option["label"],
                position=number,
                is_difficulty=option["difficulty"],
                is_no_answer=option["no_answer"],
                weight=str(option["weight"]),
            )
            for number, option in enumerate(data["options"])
        )
    return created


def _install_questionnaire(data: dict[str, Any]) -> bool:
    fields = ("title", "intro", "audience", "minutes")
    questionnaire, created = Questionnaire.objects.get_or_create(
        municipality=None,
        family=data["family"],
        version=data["version"],
        defaults={name: data[name] for name in fields},
    )
    if not created:
        return False
    scales = {scale.code: scale for scale in Scale.objects.all()}
    directions = {direction.code: direction for direction in Direction.objects.all()}
    for number, part in enumerate(data["sections"]):
        section = Section.objects.create(
            questionnaire=questionnaire, title=part["title"], intro=part["intro"], position=number
        )
        Item.objects.bulk_create(
            Item(
                section=section,
                code=item["code"],
                text=item["text"],
                hint=item.get("hint", ""),
                kind=item.get("kind", Item.Kind.SCALE),
                scale=scales[item["scale"]] if "scale" in item else None,
                direction=directions[item["direction"]] if "direction" in item else None,
                required=item.get("required", True),
                position=place,
            )
            for place, item in enumerate(part["items"])
        )
    index([move(questionnaire, "publish", by=None)])
    return True
