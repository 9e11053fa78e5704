"""Links on paper: from the head's own tasks to the sheet, and an answer by its link."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from diagnostics.models import Response
from network.models import Role
from tests.browser.audit import audit
from tests.browser.world import follow, press
from tests.factories.diagnostics import launched, make_questionnaire
from tests.factories.network import employ

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def test_head_prints_links_and_a_teacher_without_an_email_answers(world, open_page):
    teacher = employ(Role.TEACHER, world.school, last_name="Безпочтова")
    teacher.email = None
    teacher.save()
    questionnaire = make_questionnaire(topics=1, items=2)
    campaign = launched(world.municipality, by=world.methodist, questionnaire=questionnaire)

    page = open_page("/my/", world.head)
    follow(page, page.get_by_role("link", name=f"Раздать ссылки на опрос «{campaign}»"))
    follow(page, page.get_by_role("link", name=world.school.short_name))
    follow(page, page.get_by_role("button", name="Показать листки для печати"))
    slip = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=str(teacher)))
    expect(slip.get_by_role("img", name="QR-код личной ссылки")).to_be_visible()
    expect(page.get_by_role("button", name="Напечатать")).to_be_visible()
    audit(page)
    link = re.search(r"/diagnostics/s/[\w-]+/", slip.inner_text())
    assert link

    phone = open_page(link.group(), width=320)
    press(phone, "Начать")
    for choice in phone.get_by_label("Хорошо").all():
        choice.check()
    press(phone, "Проверить ответы")
    press(phone, "Отправить ответы")
    expect(phone.get_by_role("heading", name="Спасибо")).to_be_visible()
    audit(phone)
    assert Response.objects.filter(campaign=campaign).count() == 1
