"""The main job of the portal, end to end: a real browser, a real worker, files opened by other programs."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

from diagnostics.models import Campaign, Item, Response
from network.models import Municipality, Organisation, Person
from tests.browser.audit import audit
from tests.browser.world import (
    ALDER,
    BIRCH,
    ORGANISATIONS,
    SCHOOLS,
    STAFF,
    TEACHERS,
    answer,
    follow,
    letters,
    menu,
    municipality,
    plain,
    press,
    sign_in,
    survey_links,
    tab_to,
    upload,
    workbook,
)
from tests.core.processes import Worker, until
from tests.factories.diagnostics import HARD, NOT_MINE, SOME, WELL, Phone, link_of, make_campaign
from tests.factories.network import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@dataclass
class Story:
    """What the chapters of one journey hand to each other."""

    open_page: Any
    folder: Path
    place: Municipality
    methodist: Person
    page: Page
    given: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def campaign(self) -> Campaign:
        return Campaign.objects.get()

    def items(self) -> list[Item]:
        asked = Item.objects.filter(section__questionnaire=self.campaign.questionnaire_id)
        return list(asked.select_related("direction", "scale").prefetch_related("scale__options"))


@pytest.fixture
def story(worker: Worker, open_page, tmp_path: Path) -> Story:
    place, methodist = municipality()
    page = open_page("/accounts/login/")
    return Story(open_page, tmp_path, place, methodist, page)


def test_from_a_spreadsheet_to_the_report(story: Story):
    sign_in(story.page, story.methodist)
    take_organisations_in(story)
    take_staff_in(story)
    launch_the_survey(story)
    teachers_answer(story)
    close_and_read_the_map(story)
    recognise_and_support(story)
    files = build_the_report(story)
    compare_with_the_page(story, files)


def take_organisations_in(story: Story) -> None:
    page = story.page
    menu(page, "Сеть")
    press(page, "Загрузить из таблицы")
    upload(page, workbook(story.folder, "организации.xlsx", ORGANISATIONS))

    seen = plain(page.locator("main").inner_text())
    assert "контрольная цифра не сходится" in seen
    follow(page, page.get_by_role("link", name="Все строки"))
    assert "широта и долгота" in plain(page.locator("main").inner_text()).lower()
    assert not Organisation.objects.filter(inn__in=[ALDER, BIRCH]).exists(), "nothing before it is confirmed"
    audit(page)

    page.get_by_label("Взять строки без ошибок").check()
    press(page, "Загрузить")
    expect(page.get_by_role("heading", name="Загружено")).to_be_visible()
    places = {one.inn: one for one in Organisation.objects.filter(inn__in=[ALDER, BIRCH])}
    assert [(float(one.latitude), float(one.longitude)) for one in (places[ALDER], places[BIRCH])] == [
        (45.05, 42.10),
        (45.20, 42.15),
    ]
    press(page, "Посмотреть")
    expect(page.get_by_role("link", name=SCHOOLS[ALDER]).first).to_be_visible()


def take_staff_in(story: Story) -> None:
    page = story.page
    press(page, "Кадры")
    press(page, "Загрузить из таблицы")
    upload(page, workbook(story.folder, "педагоги.xlsx", STAFF))
    page.get_by_label("Пригласить по электронной почте").check()
    press(page, "Загрузить")

    expect(page.get_by_role("heading", name="Загружено")).to_be_visible()
    assert "6 сотрудников" in plain(page.locator("main").inner_text())
    until(lambda: {to for to, *_ in letters()} == set(TEACHERS), what="six invitations to the portal")


def launch_the_survey(story: Story) -> None:
    page = story.page
    menu(page, "Диагностика")
    follow(page, page.locator("main").get_by_role("link", name=re.compile("Анкеты")).first)
    press(page, "Что в работе даётся трудно")
    press(page, "Начать опрос")
    page.get_by_label("Название").fill("Что даётся трудно")
    page.get_by_label(re.compile("^Цель")).fill("Спланировать поддержку на весну")
    for name in ("сравнивать предметы", "сравнивать категории", "сравнивать стаж"):
        page.get_by_label(re.compile(name, re.IGNORECASE)).uncheck()
    press(page, "Сохранить черновик")
    press(page, "Запустить")
    assert "Приглашены будут 6 чел. из 2 организаций" in plain(page.locator("main").inner_text())
    press(page, "Запустить")

    expect(page.get_by_text("Опрос запущен.")).to_be_visible()
    assert story.campaign.smallest_group == 3
    until(lambda: survey_links().keys() == TEACHERS.keys(), what="six letters with links")


def teachers_answer(story: Story) -> None:
    """Three press everything on a phone, each in a way of their own; the others answer without a screen."""
    items = story.items()
    for number, box in enumerate(TEACHERS):
        story.given[box] = {item.code: plan(number, order) for order, item in enumerate(items)}
    links, labels = survey_links(), labels_of(items)
    ways = (goes_back, comes_back_later, presses_twice)
    for box, way in zip(TEACHERS, ways, strict=False):
        phone = story.open_page(links[box], width=390)
        audit(phone)
        press(phone, "Начать")
        phone.get_by_label("Где вы работаете").select_option(label=SCHOOLS[TEACHERS[box][1]])
        press(phone, "Дальше")
        phone = way(story, phone, story.given[box], labels)
        expect(phone.get_by_role("heading", level=1)).to_contain_text("Спасибо")
        phone.context.close()
    for box in list(TEACHERS)[len(ways) :]:
        answer_by_post(
            links[box], story.campaign, Organisation.objects.get(inn=TEACHERS[box][1]), story.given[box]
        )
    assert Response.objects.count() == len(TEACHERS)


def plan(teacher: int, item: int) -> str:
    """What the teacher answers: all four answers happen, differently in the two schools."""
    if (teacher, item % 8) == (5, 0):
        return NOT_MINE
    school = teacher // 3
    return (HARD, SOME, WELL)[(item * (1 + school) + teacher * (item % 3)) % 3]


def labels_of(items: list[Item]) -> dict[str, str]:
    return {one.code: one.label for item in items for one in item.scale.options.all()}


def topics(phone: Page) -> int:
    return int(phone.locator("progress.meter").get_attribute("max") or 0)


def forward(phone: Page, given: dict[str, str], labels: dict[str, str]) -> None:
    """From the topic that is open to the check."""
    while "/topics/" in phone.url:
        number = phone.url
        answer(phone, given, labels)
        follow(phone, phone.locator("form button.btn-primary"))
        assert phone.url != number, "every question of the topic is answered"


def goes_back(story: Story, phone: Page, given: dict[str, str], labels: dict[str, str]) -> Page:
    """Leaves a question out, is told so, goes back a topic and finds what was answered there."""
    answer(phone, given, labels)
    press(phone, "Дальше")
    expect(phone.locator(".step")).to_contain_text("Тема 2")
    press(phone, "Дальше")
    assert "Осталось: 9 вопросов" in plain(phone.get_by_role("alert").inner_text())
    audit(phone)
    press(phone, "Назад")
    first = phone.locator("fieldset.q").first
    expect(first.locator("input:checked")).to_have_value(given[str(first.get_attribute("id"))[2:]])
    forward(phone, given, labels)
    audit(phone)
    press(phone, "Отправить ответы")
    return phone


def comes_back_later(story: Story, phone: Page, given: dict[str, str], labels: dict[str, str]) -> Page:
    """Closes the browser in the middle; another one, without its cookies, goes on where it stopped."""
    answer(phone, given, labels)
    press(phone, "Дальше")
    expect(phone.locator(".step")).to_contain_text("Тема 2")
    link = phone.url.split("/topics/")[0] + "/"
    with phone.expect_response(lambda answer: answer.request.method == "POST"):
        answer(phone, given, labels)  # the last press is saved without a button
    phone.wait_for_load_state("networkidle")
    phone.context.close()

    phone = story.open_page("/" + link.split("/", 3)[3], width=390)
    press(phone, "Продолжить с темы 3")
    expect(phone.locator(".step")).to_contain_text("Тема 3")
    forward(phone, given, labels)
    press(phone, "Отправить ответы")
    return phone


def presses_twice(story: Story, phone: Page, given: dict[str, str], labels: dict[str, str]) -> Page:
    """Sends with two quick presses, goes back and sends again."""
    forward(phone, given, labels)
    before = Response.objects.count()
    phone.get_by_role("button", name="Отправить ответы").first.dblclick()
    phone.wait_for_url("**/thanks/")
    phone.go_back()
    phone.goto(phone.url)
    assert Response.objects.count() == before + 1
    return phone


def answer_by_post(link: str, campaign: Campaign, school: Organisation, given: dict[str, str]) -> None:
    phone = Phone(link.rstrip("/").rpartition("/")[2])
    phone.begin()
    phone.about(organisation=school.pk)
    for number, section in enumerate(campaign.questionnaire.sections.all(), 1):
        phone.topic(number, {item.code: given[item.code] for item in section.items.all()})
    phone.send()


def close_and_read_the_map(story: Story) -> None:
    page = story.page
    page.reload()
    assert "ответили 6 из 6" in plain(page.locator("main").inner_text())
    press(page, "Завершить")
    press(page, "Завершить")
    expect(page.get_by_text("Опрос завершён.")).to_be_visible()
    until(lambda: not Response.objects.filter(batch=None).exists(), what="the worker tallies")
    follow(page, page.get_by_role("link", name="Карта затруднений").first)
    audit(page)

    shown = figures_of_the_map(page)
    counted = {who: shares(story, boxes) for who, boxes in groups().items()}
    assert [title for title, row in shown.items() if row["По сети"] != f"{counted['По сети'][title]} %"] == []
    cells = {(title, who): row[who] for title, row in shown.items() for who in groups() if who != "По сети"}
    open_cells = {key: text for key, text in cells.items() if text.isdigit()}
    assert {key: text for key, text in open_cells.items() if text != str(counted[key[1]][key[0]])} == {}
    assert len(shown) == len(counted["По сети"])
    assert len(open_cells) >= len(cells) / 2


def groups() -> dict[str, list[str]]:
    """Column of the map → who stands behind it."""
    boxes = list(TEACHERS)
    return {"По сети": boxes, SCHOOLS[ALDER]: boxes[:3], SCHOOLS[BIRCH]: boxes[3:]}


def shares(story: Story, boxes: list[str]) -> dict[str, int]:
    """Direction → per cent of difficulties among these teachers' answers, counted one by one, halves up."""
    found: dict[str, list[bool]] = {}
    for item in story.items():
        answers = [story.given[box][item.code] for box in boxes]
        found.setdefault(item.direction.name, []).extend(one == HARD for one in answers if one != NOT_MINE)
    return {
        title: int(Fraction(sum(hard) * 100, len(hard)) + Fraction(1, 2)) for title, hard in found.items()
    }


def figures_of_the_map(page: Page) -> dict[str, dict[str, str]]:
    columns = [plain(one) for one in page.locator("table.heat thead th").all_inner_texts()]
    rows = page.locator("table.heat tbody tr").all()
    found = {}
    for row in rows:
        cells = [plain(one) for one in row.locator("th, td").all_inner_texts()]
        found[cells[0]] = dict(zip(columns, cells, strict=True))
    return found


def recognise_and_support(story: Story) -> None:
    page = story.page
    follow(page, page.locator("table.heat tbody tr").first.locator("th a"))
    press(page, "Записать вывод")
    page.get_by_label(re.compile("^Вывод")).fill("Не хватает практики: нужен разбор уроков.")
    press(page, "Записать вывод")
    press(page, "Спланировать поддержку")
    audit(page)
    press(page, "Другое")
    page.get_by_label("Вид").select_option("event")
    page.get_by_label("Что", exact=True).fill("Мастер-класс по разбору уроков")
    press(page, "Сохранить")
    expect(page.get_by_text("Мера добавлена.")).to_be_visible()
    audit(page)


def build_the_report(story: Story) -> dict[str, bytes]:
    page = story.page
    menu(page, "Мониторинг")
    press(page, "Собрать годовой отчёт")
    press(page, "Собрать")
    expect(page.get_by_role("heading", name="Отчёт собирается")).to_be_visible()
    page.locator("main").get_by_role("link", name="Открыть отчёт").click(timeout=60_000)
    expect(page.get_by_role("heading", name="Файлы")).to_be_visible()
    audit(page)

    links = page.locator("section", has=page.get_by_role("heading", name="Файлы")).get_by_role("link")
    files = {}
    for link in links.all():
        with page.expect_download() as started:
            link.click()
        path = started.value.path()
        files[started.value.suggested_filename.rpartition(".")[2]] = path.read_bytes()
    until(lambda: [one for one in letters() if "отчёт" in one[1].lower()], what="letter that it is ready")
    return files


def compare_with_the_page(story: Story, files: dict[str, bytes]) -> None:
    assert files.keys() == {"docx", "xlsx", "pdf"}
    ranking = story.page.get_by_role("table", name="Рейтинг затруднений по сети")
    rows = [
        [plain(cell) for cell in row.locator("th, td").all_inner_texts()]
        for row in ranking.locator("tbody tr").all()
    ]
    assert len(rows) == len(shares(story, list(TEACHERS)))
    texts = {"docx": text_of_docx(files["docx"], story.folder), "pdf": text_of_pdf(files["pdf"])}
    sheets = values_of(files["xlsx"])
    for title, share, index, answers in rows[:6]:
        for kind, text in texts.items():
            assert re.search(f"{figures(share, index, answers)}", text), (kind, title)
        assert [title, share, index, answers] in sheets, title


def figures(*cells: str) -> str:
    return r"\s+".join(map(re.escape, cells))


def text_of_pdf(content: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return plain(done.stdout.decode())


def text_of_docx(content: bytes, folder: Path) -> str:
    """What LibreOffice reads in the file."""
    (folder / "report.docx").write_bytes(content)
    command = [
        *("soffice", f"-env:UserInstallation=file://{folder}/office", "--headless"),
        *("--convert-to", "txt:Text (encoded):UTF8", "--outdir", str(folder), str(folder / "report.docx")),
    ]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    return plain((folder / "report.txt").read_text(encoding="utf-8-sig"))


def values_of(content: bytes) -> list[list[str]]:
    """Rows of four cells of every sheet, as the workbook shows them in Russian."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    rows = [row[:4] for sheet in book for row in sheet.iter_rows() if len(row) > 3]
    return [[shown(cell) for cell in row] for row in rows]


def shown(cell: Any) -> str:
    if cell.number_format.endswith("%"):
        return f"{cell.value:.0%}".replace("%", " %")
    return f"{cell.value:.2f}".replace(".", ",") if "0.00" in cell.number_format else str(cell.value)


def test_survey_is_launched_and_answered_by_keyboard_alone(open_page, world):
    campaign = make_campaign(world.municipality, title="Опрос о трудностях")
    page = open_page("/accounts/login/")
    for target, text in (
        (page.get_by_label("Адрес электронной почты"), world.methodist.email),
        (page.locator("[name=password]"), PASSWORD),
    ):
        tab_to(page, target)
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Мои дела")
    for name in ("Диагностика", "Все опросы", "Опрос о трудностях", "Запустить"):
        by_keyboard(page, page.get_by_role("link", name=name, exact=True).first)
    by_keyboard(page, page.locator("main").get_by_role("button", name="Запустить"))
    expect(page.get_by_text("Опрос запущен.")).to_be_visible()

    phone = open_page(f"/diagnostics/s/{link_of(campaign, world.teacher)}/", width=390)
    by_keyboard(phone, phone.get_by_role("button", name="Начать"))
    for topic in (1, 2):
        expect(phone.locator(".step")).to_contain_text(f"Тема {topic} из 2")
        for question in phone.locator("fieldset.q").all():
            tab_to(phone, question.locator("input").first)
            phone.keyboard.press("Space")
            phone.keyboard.press("ArrowDown")
            expect(question.locator("input").nth(1)).to_be_checked()
        by_keyboard(phone, phone.locator("form button.btn-primary"))
    by_keyboard(phone, phone.get_by_role("button", name="Отправить ответы").first)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Спасибо")
    assert [set(one.answers.values()) for one in Response.objects.all()] == [{SOME}]


def by_keyboard(page: Page, target: Locator) -> None:
    """Tab to the target, Enter, and wait for the next page."""
    tab_to(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")
