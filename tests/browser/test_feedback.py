"""Feedback on an event: asked for by the head, given on a phone without scripts, read on the page of the event."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from diagnostics import tasks
from diagnostics.models import Feedback
from tests.browser.audit import audit
from tests.browser.world import follow, press
from tests.factories.feedback import AGREE, answer, crowd, event_of, mark_all, shipped_questionnaire

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_head_asks_participant_answers_and_the_page_of_the_event_tells(world, open_page):
    shipped_questionnaire()
    people = [world.teacher, *crowd(world.school, 5)]
    event = event_of(world.school, people, organiser=world.head)
    mark_all(event, by=world.head)

    page = open_page(event.get_absolute_url(), world.head)
    follow(page, page.get_by_role("link", name="Собрать отзывы"))
    audit(page)
    press(page, "Собрать отзывы")
    expect(page.get_by_text("Ответили 0 из 6")).to_be_visible()
    audit(page)

    audit(open_page(event.get_absolute_url(), world.teacher, width=320))
    phone = open_page(event.get_absolute_url(), world.teacher, width=320, scripts=False)
    press(phone, "Оставить отзыв")
    press(phone, "Начать")
    for choice in phone.get_by_label("Скорее согласен").all():
        choice.check()
    phone.get_by_label("Что вы возьмёте в свою работу?").fill("Карточки для групп")
    press(phone, "Проверить ответы")
    phone.get_by_role("button", name="Отправить ответы").first.click()
    expect(phone.get_by_role("heading", name="Спасибо, ответы отправлены")).to_be_visible()

    answer(Feedback.objects.select_related("campaign").get(), *[{"useful": AGREE}] * 5)
    page.reload()
    follow(page, page.get_by_role("link", name="Завершить приём"))
    press(page, "Завершить")
    tasks.tally_due()
    page.reload()
    expect(page.get_by_text("«Карточки для групп»")).to_be_visible()
    follow(page, page.get_by_role("button", name="Скрыть"))
    expect(page.get_by_text("Скрыто теми, кто проводил событие: 1")).to_be_visible()
    audit(page)

    for person, width in ((world.head, 320), (world.official, 1280)):
        read = open_page(event.get_absolute_url(), person, width=width)
        expect(read.get_by_text("Ответили 6 из 6")).to_be_visible()
        expect(read.get_by_role("row", name="Событие было полезно для моей работы 100 %")).to_be_visible()
        audit(read)
