"""Dictionaries of the network that ship with the portal, in versions."""

from __future__ import annotations

import json
from pathlib import Path

from django.db import transaction

from network.consents import PURPOSE
from network.models import ConsentDocument, Direction, Subject

FOLDER = Path(__file__).parent


@transaction.atomic
def install_dictionaries() -> str:
    """Add the shipped directions, subjects and text of consent that are missing; what has been changed stays.

    Returns what was done, for the command.
    """
    added = 0
    for number, area in enumerate(json.loads((FOLDER / "directions.json").read_text())["areas"]):
        parent, created = Direction.objects.get_or_create(
            code=area["code"], defaults={"name": area["name"], "position": number}
        )
        added += created
        for place, theme in enumerate(area["themes"]):
            _, created = Direction.objects.get_or_create(
                code=theme["code"], defaults={"name": theme["name"], "parent": parent, "position": place}
            )
            added += created
    for name in (FOLDER / "subjects.txt").read_text().splitlines():
        Subject.objects.get_or_create(name=name)
    text = (FOLDER / "consent.txt").read_text().strip()
    ConsentDocument.objects.get_or_create(purpose=PURPOSE, version=1, defaults={"text": text})
    return f"направлений добавлено: {added}"
