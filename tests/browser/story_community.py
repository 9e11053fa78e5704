"""From a teacher's application, returned once, to the public page of a community that exists by an order."""

from __future__ import annotations

import datetime as dt
import re

from django.utils import timezone
from playwright.sync_api import Page, expect

from communities.models import Community, CommunityApplication
from network.models import Order
from tests.browser.audit import audit
from tests.browser.story import PHONE, Story, address_in, letter_to, text_of_pdf, words_of
from tests.browser.world import follow, plain, press
from tests.factories.applications import agree

TITLE = "Разбираем уроки вместе"
VAGUE, MEASURABLE = "Уроки станут лучше.", "Двенадцать разобранных уроков и памятка для каждого педагога."
NUMBER = "489/2-од"


def application() -> CommunityApplication:
    return CommunityApplication.objects.get(title=TITLE)


def teacher_applies(story: Story) -> None:
    """The problem, the result, the term, the people; nobody else sees it before it is handed in."""
    page = story.as_(story.teachers[0], "/communities/applications/")
    press(page, "Подать заявление")
    today = timezone.localdate()
    page.get_by_label("Как назвать сообщество").fill(TITLE)
    page.get_by_label("Направление").select_option(value=str(story.theme.pk))
    page.get_by_label("Проблема").fill("Педагогам трудно разобрать собственный урок.")
    page.get_by_label("Ожидаемый результат").fill(VAGUE)
    page.get_by_label("Начало работы").fill(f"{today:%Y-%m-%d}")
    page.get_by_label("Окончание работы").fill(f"{today + dt.timedelta(days=180):%Y-%m-%d}")
    audit(page)
    press(page, "Сохранить и перейти к участникам")
    for teacher in story.teachers[1:4]:
        add(page, teacher.last_name)
    assert "нужно не меньше 5" in words_of(page)
    add(page, story.teachers[4].last_name)
    audit(page)
    hand_in(page)
    assert application().state == "submitted"


def add(page: Page, name: str) -> None:
    page.get_by_label("Фамилия или название").fill(name)
    press(page, "Найти")
    press_button(page, f"Добавить.*{name}")
    expect(page.get_by_text(f"Добавлено: {name}")).to_be_visible()


def press_button(page: Page, words: str) -> None:
    button = page.locator("main").get_by_role("button", name=re.compile(words))
    with page.expect_navigation():
        button.click()


def hand_in(page: Page) -> None:
    press(page, "Дальше: подача")
    press(page, "Подать")
    expect(page.get_by_text("Заявление подано.")).to_be_visible()


def methodist_returns_it(story: Story) -> None:
    page = story.as_(story.world.methodist, "/my/")
    open_task(page, "Взять на рассмотрение")
    press(page, "Взять на рассмотрение")
    press(page, "Взять на рассмотрение")
    press(page, "Вернуть")
    page.get_by_label("Почему").fill("Назовите результат, который можно проверить.")
    press(page, "Вернуть")
    expect(page.get_by_text("Заявление возвращено")).to_be_visible()


def open_task(page: Page, verb: str) -> None:
    """The task of «Мои дела» that waits for the person."""
    follow(page, page.locator("main").get_by_role("link", name=f"{verb}: {TITLE}"))


def teacher_corrects_and_resubmits(story: Story) -> None:
    """The reason is read, the result is made measurable; the methodist sees what changed."""
    page = story.as_(story.teachers[0], "/my/")
    open_task(page, "Исправить и подать снова")
    assert "Назовите результат, который можно проверить." in words_of(page)
    press(page, "Изменить")
    page.get_by_label("Ожидаемый результат").fill(MEASURABLE)
    press(page, "Сохранить и перейти к участникам")
    hand_in(page)

    page = story.as_(story.world.methodist, application().get_absolute_url())
    changes = page.get_by_role("region", name="Что изменилось после возврата")
    assert VAGUE in plain(changes.locator("del").inner_text())
    assert MEASURABLE in plain(changes.locator("ins").inner_text())
    audit(page)


def people_and_heads_confirm(story: Story) -> None:
    """A participant and the head of the school on phones; nobody is a member without saying so."""
    invitation = letter_to(story.teachers[1], "Вас зовут в сообщество")
    asked = address_in(invitation, r"/communities/applications/\d+/participation/")
    member = story.as_(story.teachers[1], asked, PHONE)
    audit(member)
    press(member, "Участвую")
    expect(member.get_by_text("Ответ записан, спасибо.")).to_be_visible()
    head = story.as_(story.world.head, "/my/", PHONE)
    open_task(head, "Ответить за организацию")
    press(head, "Организация участвует")
    expect(head.get_by_text("Ответ записан, спасибо.")).to_be_visible()
    agree(application(), 2)

    page = story.as_(story.world.methodist, application().get_absolute_url())
    assert "согласились 4 из 5" in words_of(page), "one is still silent"
    agree(application())


def experts_and_conclusion(story: Story) -> None:
    page = story.as_(story.world.methodist, application().get_absolute_url())
    press(page, "Взять на рассмотрение")
    press(page, "Взять на рассмотрение")
    press(page, "Мнения экспертов")
    page.get_by_label(story.world.expert.get_full_name()).check()
    press(page, "Попросить мнение")

    expert = story.as_(story.world.expert, "/my/")
    open_task(expert, "Дать мнение эксперта")
    expert.get_by_label("за", exact=True).check()
    expert.get_by_label("Мнение", exact=True).fill("Разбор уроков коллег – то, чего не хватает.")
    audit(expert)
    press(expert, "Отправить мнение")
    expect(expert.get_by_text("Мнение отправлено")).to_be_visible()

    page = story.as_(story.world.methodist, application().get_absolute_url())
    press(page, "Дать заключение")
    page.get_by_label("создать сообщество").check()
    page.get_by_label("Заключение", exact=True).fill("Состав и срок ясны, результат измерим.")
    audit(page)
    press(page, "Сохранить и передать на решение")
    expect(page.get_by_text("Заявление передано на решение.")).to_be_visible()
    assert not Community.objects.exists(), "conclusions suggest, people decide"


def official_registers_the_order(story: Story) -> None:
    """The draft is made of the application; with number and date from the office the community exists."""
    page = story.as_(story.world.official, "/my/")
    open_task(page, "Решить")
    assert "Разбор уроков коллег" in words_of(page) and "результат измерим" in words_of(page)
    act = story.world.municipality.get_order_kind_display()
    press(page, f"Подготовить {act}")
    audit(page)
    press(page, "Подготовить проект")
    assert not Community.objects.exists()
    press(page, "Зарегистрировать")
    page.get_by_label("Номер").fill(NUMBER)
    page.get_by_label("Дата").fill(f"{timezone.localdate():%Y-%m-%d}")
    audit(page)
    press(page, "Зарегистрировать")
    assert f"№ {NUMBER}" in words_of(page)

    with page.expect_download() as started:
        page.get_by_role("link", name="Скачать PDF").click()
    sheet = text_of_pdf(started.value.path().read_bytes())
    order = Order.objects.get(number=NUMBER)
    assert NUMBER in sheet and TITLE in sheet and order.get_public_url() in sheet.replace(" ", "")
    for teacher in story.teachers:
        assert teacher.last_name in sheet


def community_is_public(story: Story) -> None:
    """A stranger comes to its page from the list, and from there to the order, without the names of its people."""
    community = Community.objects.get()
    assert community.memberships.count() == len(story.teachers)
    stranger = story.as_(None, "/communities/")
    press(stranger, TITLE)
    audit(stranger)
    shown = words_of(stranger)
    assert "5 участников, 1 организация" in shown and story.theme.name in shown
    press(stranger, community.order.requisites)
    assert f"№ {NUMBER}" in words_of(stranger)
    audit(stranger)
    assert [one for one in story.teachers if one.last_name in stranger.content()] == []
