"""The municipality of the journeys, and what its people do in a browser, said in their own words."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect

from network.models import Municipality, OrganisationKind, Person, Role
from tests.factories.network import PASSWORD, MunicipalityFactory, OrganisationFactory, employ, inn
from tests.tables import xlsx
from tests.world import signed_in


def become(page: Page, person: Person | None, home: str) -> None:
    """Let the browser of the page be signed in as the person from now on (as nobody without one)."""
    page.context.clear_cookies(name="sessionid")
    if person is not None:
        secret = signed_in(person).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": secret, "url": home}])


ALDER, BIRCH = inn(710_001), inn(710_002)
SCHOOLS = {ALDER: "Средняя школа «Ольха»", BIRCH: "Средняя школа «Берёза»"}
# Coordinates of the second school stand the wrong way round, the third has a misprint in its INN.
ORGANISATIONS = [
    ["Список образовательных организаций округа"],
    [],
    ["№", "ИНН", "Наименование", "Адрес", "Широта", "Долгота"],
    [1, 2, 3, 4, 5, 6],
    [1, ALDER, "Средняя школа\n«Ольха»", "ул. Лесная, 1", "45,05", "42,10"],
    [2, BIRCH, "Средняя школа «Берёза»", "ул. Озёрная, 2", "42,15", "45,20"],
    [3, "2600000000", "Средняя школа «Вяз»", "ул. Речная, 3", "45,01", "42,01"],
]
TEACHERS = {
    "ulitina@alder.example": ("Улитина Анна Львовна", ALDER),
    "vetrova@alder.example": ("Ветрова Мария Олеговна", ALDER),
    "gromov@alder.example": ("Громов Пётр Ильич", ALDER),
    "zimina@birch.example": ("Зимина Ольга Павловна", BIRCH),
    "klenov@birch.example": ("Кленов Иван Юрьевич", BIRCH),
    "luzhina@birch.example": ("Лужина Вера Романовна", BIRCH),
}
STAFF = [
    ["ФИО", "Электронная почта", "ИНН организации", "Должность", "Предмет"],
    *([name, box, place, "учитель", "математика"] for box, (name, place) in TEACHERS.items()),
]

# Of the element or of the large label around it.
FOCUS_SHOWS = """one => [one, one.closest("label")].filter(Boolean).map(getComputedStyle)
    .some(style => style.outlineStyle !== "none" || style.boxShadow !== "none")"""


def municipality() -> tuple[Municipality, Person]:
    """An empty network with its shipped dictionaries and the methodist who is to fill it."""
    call_command("install_dictionaries", stdout=StringIO())
    place = MunicipalityFactory(name="Приозёрный округ", smallest_group=3)
    centre = OrganisationFactory(
        municipality=place, kind=OrganisationKind.METHODICAL_CENTRE, short_name="Методический центр"
    )
    return place, employ(Role.METHODIST, centre, last_name="Методистова", first_name="Ирина")


def workbook(folder: Path, name: str, rows: list[list[Any]]) -> Path:
    path = folder / name
    path.write_bytes(xlsx(rows))
    return path


def letters() -> Iterator[tuple[str, str, str]]:
    """To whom, subject and text of every letter that the worker has sent into files."""
    for file in sorted(Path(settings.VAR_DIR, "mail").glob("*.log")):
        for raw in re.split(rb"^-{79}\n", file.read_bytes(), flags=re.MULTILINE):
            if raw.strip():
                letter = email.message_from_bytes(raw, policy=email.policy.default)
                yield str(letter["To"]), str(letter["Subject"]).strip(), letter.get_content()


def survey_links() -> dict[str, str]:
    """E-mail → path of the personal link in the letter that invites to the survey."""
    found = {}
    for to, _, text in letters():
        if link := re.search(r"/diagnostics/s/[\w-]+/", text):
            assert to not in found, f"two letters to {to}"
            found[to] = link.group()
    return found


def plain(text: str) -> str:
    """Words with one usual space between them, whatever spaces stood there."""
    return re.sub(r"\s+", " ", text).strip()


def sign_in(page: Page, person: Person) -> None:
    page.get_by_label("Адрес электронной почты").fill(str(person.email))
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Войти", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Мои дела")


def menu(page: Page, word: str) -> None:
    """A word of the portal's menu."""
    follow(page, page.get_by_role("banner").get_by_role("link", name=word, exact=True))


def press(page: Page, name: str) -> None:
    """Press the button or link of the page itself that bears the name, and wait for the next page."""
    main = page.locator("main")
    found = main.get_by_role("button", name=name, exact=True).or_(
        main.get_by_role("link", name=name, exact=True)
    )
    follow(page, found.first)


def follow(page: Page, target: Locator, key: str = "") -> None:
    """Click the target, or press the key on it, and wait until the page it leads to is there.

    Without waiting, what is looked at next may still be the page that is being left.
    """
    with page.expect_navigation():
        if key:
            target.press(key)
        else:
            target.click()


def upload(page: Page, path: Path, **agreed: bool) -> None:
    """From the choice of a file to its preview."""
    page.locator("input[type=file]").set_input_files(path)
    press(page, "Проверить файл")
    expect(page.get_by_role("heading", name="Что произойдёт")).to_be_visible()


def answer(page: Page, given: dict[str, str], labels: dict[str, str]) -> None:
    """Press the answers of the topic that is open: item code → option code."""
    questions = page.locator("fieldset.q")
    for code in questions.evaluate_all("all => all.map(one => one.id.replace(/^q-/, ''))"):
        option(page, code, labels[given[code]]).click()


def option(page: Page, code: str, label: str) -> Locator:
    return page.locator(f"fieldset[id='q-{code}'] label.opt").get_by_text(label, exact=True)


def tab_to(page: Page, target: Locator) -> None:
    """Walk by Tab until the focus is on the target; fails when it never gets there or does not show."""
    for _ in range(150):
        if target.evaluate("one => one === document.activeElement"):
            assert target.evaluate(FOCUS_SHOWS), f"the focus does not show on {target}"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {target}")
