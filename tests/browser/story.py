"""The people of the story of one year, and what its chapters hand to each other."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page

from core.states import move
from diagnostics.actions import campaigns
from diagnostics.models import Campaign, Item
from network.models import Direction, Person, Role
from tests.browser.world import letters, plain
from tests.core.processes import until
from tests.factories.diagnostics import HARD, WELL, Phone, launched, link_of, make_questionnaire
from tests.factories.network import employ
from tests.world import World

PHONE = 390  # pixels
HARD_THEME, EASY_THEME = "method-lesson", "subject-projects"
TEACHERS = ("Улитина", "Ветрова", "Зимина", "Лужина", "Кленова")


@dataclass
class Story:
    """One browser a person: `as_` gives the page on which the person has signed in, at one's desk or on a phone."""

    open_page: Any
    world: World
    campaign: Campaign
    theme: Direction
    teachers: list[Person]
    pages: dict[tuple[int | None, int], Page] = field(default_factory=dict)

    def as_(self, person: Person | None, path: str, width: int = 1280) -> Page:
        key = (person.pk if person else None, width)
        if key not in self.pages:
            self.pages[key] = self.open_page(path, person, width=width)
        else:
            page = self.pages[key]
            page.goto("/".join(page.url.split("/", 3)[:3]) + path)
        return self.pages[key]


def begin(open_page: Any, world: World) -> Story:
    """Five teachers of one school answered: one theme is hard for all, the other for nobody; the survey is closed."""
    call_command("install_dictionaries", stdout=StringIO())
    teachers = [
        employ(Role.TEACHER, world.school, last_name=name, first_name="Анна", patronymic="Львовна")
        for name in TEACHERS
    ]
    hard, easy = (Direction.objects.get(code=code) for code in (HARD_THEME, EASY_THEME))
    questionnaire = make_questionnaire(topics=1, items=2, published=False, title="Что даётся трудно")
    for item, theme in zip(
        Item.objects.filter(section__questionnaire=questionnaire).order_by("position"),
        (hard, easy),
        strict=True,
    ):
        item.direction = theme
        item.save()
    campaign = launched(
        world.municipality,
        by=world.methodist,
        questionnaire=move(questionnaire, "publish", by=None),
        title="Что даётся трудно",
    )
    for teacher in teachers:
        phone = Phone(link_of(campaign, teacher))
        phone.begin()
        phone.topic(1, {"t1q1": HARD, "t1q2": WELL})
        phone.send()
    campaigns.close(campaign, by=world.methodist)
    until(lambda: not campaign.responses.filter(batch=None).exists(), what="the worker tallies")
    return Story(open_page, world, campaign, hard, teachers)


def soon() -> str:
    """A beginning within the hour, as the field of a form takes it: the door may be opened already."""
    return local(timezone.now() + dt.timedelta(minutes=40))


def local(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def letter_to(person: Person, subject: str) -> str:
    """Text of the one letter of that subject to the person, when the worker has sent it."""

    def found() -> list[str]:
        return [text for to, title, text in letters() if to == person.email and title.startswith(subject)]

    until(found, what=f"a letter «{subject}» to {person}")
    (text,) = found()
    return text


def address_in(text: str, page: str) -> str:
    """The address of the page (a pattern of its path) that a letter or a sheet leads to, without the host."""
    found = re.search(rf"https?://[^/\s]+({page})", text)
    assert found, f"no {page} in: {text}"
    return found.group(1)


def words_of(page: Page) -> str:
    return plain(page.locator("main").inner_text())


def text_of_pdf(content: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return plain(done.stdout.decode())


def tags_of_pdf(node: Any) -> Iterator[str]:
    """Names of the tags below a node of the structure tree, as pypdf gives it."""
    if isinstance(node, list):
        for one in node:
            yield from tags_of_pdf(one.get_object())
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"])
        if "/K" in node:
            yield from tags_of_pdf(
                node["/K"].get_object() if hasattr(node["/K"], "get_object") else node["/K"]
            )
