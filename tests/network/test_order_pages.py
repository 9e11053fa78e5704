"""Pages of orders: written, edited, registered, found, shown to everybody."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.portal import my_tasks, my_waits
from network.models import Order
from tests.factories.orders import DAY, PEOPLE, cancelled_order, draft_order, registered_order
from tests.world import World

pytestmark = pytest.mark.django_db
ORDERS = "/network/orders/"
PDF = b"%PDF-1.4\n%%EOF"
TEXT = {
    "kind": "order",
    "heading": "О методическом дне.",
    "preamble": "В целях обмена опытом",
    "command": "ПРИКАЗЫВАЮ:",
    "clauses": "1. Провести день.\r\n\r\n2) Отчитаться.\r\n2026 год объявить годом чтения.",
    "place": "г. Приозёрск",
}


def page(client, address: str, **data) -> str:
    return client.get(address, data).content.decode()


def test_free_order_is_written_edited_and_registered_by_pages(world: World):
    methodist, official = world.client("methodist"), world.client("official")
    annex = {
        "annex1_title": "План",
        "annex1_columns": "№ | Срок",
        "annex1_rows": "1 | май\r\n2\tиюнь\r\n3",
        "annex1_has_people": "",
    }
    methodist.post(f"{ORDERS}new/", {**TEXT, **annex, "municipality": world.municipality.pk})
    order = Order.objects.get()
    methodist.post(
        f"{order.get_absolute_url()}edit/",
        {**TEXT, "heading": "О дне чтения", "annex1_title": "", "clauses": "Читать."},
    )
    edited = Order.objects.get()
    scan = SimpleUploadedFile("акт.pdf", PDF)
    done = official.post(
        f"{order.get_absolute_url()}registration/",
        {"number": "17-од", "date": DAY, "scan": scan},
        follow=True,
    )

    assert order.heading == "О методическом дне" and order.command == "ПРИКАЗЫВАЮ"
    assert order.clauses == ["Провести день.", "Отчитаться.", "2026 год объявить годом чтения."]
    assert order.created_by == world.methodist
    assert (edited.heading, edited.clauses, edited.annexes.count()) == ("О дне чтения", ["Читать."], 0)
    shown = done.content.decode()
    assert "Зарегистрировано: приказ от 03.10.2026 № 17-од" in shown and "Действует" in shown
    file = official.get(f"{order.get_absolute_url()}scan/file/")
    assert b"".join(file.streaming_content) == PDF and "attachment" in file["Content-Disposition"]


def test_annex_rows_of_excel_are_taken_and_short_ones_filled_up(world: World):
    world.client("methodist").post(
        f"{ORDERS}new/",
        {**TEXT, "municipality": world.municipality.pk, "annex1_title": "План", "annex1_columns": "№\tСрок",
         "annex1_rows": "1\tмай\r\n2\r\n\r\n3 | июнь", "annex1_has_people": "on"},
    )  # fmt: skip

    annex = Order.objects.get().annexes.get()
    assert annex.columns == ["№", "Срок"] and annex.has_people
    assert annex.rows == [["1", "май"], ["2", ""], ["3", "июнь"]]


def test_row_with_too_many_cells_is_told_and_what_was_typed_is_kept(world: World):
    response = world.client("methodist").post(
        f"{ORDERS}new/",
        {**TEXT, "municipality": world.municipality.pk, "annex1_title": "План", "annex1_columns": "№ | Срок",
         "annex1_rows": "1 | май\r\n2 | июнь | лишнее"},
    )  # fmt: skip

    shown = response.content.decode()
    assert response.status_code == 422 and "Строка 2: ячеек 3, а граф 2" in shown
    assert "лишнее" in shown and "О методическом дне" in shown and not Order.objects.exists()


def test_taken_number_is_told_at_the_field_and_nothing_is_registered(world: World):
    registered_order(world.municipality, "17-од")
    draft = draft_order(world.municipality)

    response = world.client("official").post(
        f"{draft.get_absolute_url()}registration/", {"number": "17 – ОД", "date": DAY}
    )

    shown = response.content.decode()
    assert response.status_code == 422 and "уже занят: Приказ от 03.10.2026 № 17-од" in shown
    assert "17 – ОД" in shown and Order.objects.get(pk=draft.pk).is_draft


def test_registration_pressed_twice_leads_to_the_order_with_a_message(world: World):
    order = registered_order(world.municipality, "17-од")
    client, address = world.client("official"), f"{order.get_absolute_url()}registration/"

    for response in (
        client.post(address, {"number": "18", "date": DAY}, follow=True),
        client.get(address, follow=True),
    ):
        assert response.redirect_chain[-1][0] == order.get_absolute_url()
        assert "уже зарегистрирован: Приказ от 03.10.2026 № 17-од" in response.content.decode()
    assert Order.objects.get().number == "17-од"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("акт.docx", b"PK", "подойдёт PDF, JPEG или PNG"), ("акт.pdf", b"<html>", "Внутри файла не PDF")],
)
def test_scan_is_known_by_its_content(name: str, content: bytes, words: str, world: World):
    draft = draft_order(world.municipality)

    response = world.client("official").post(
        f"{draft.get_absolute_url()}registration/",
        {"number": "17", "date": DAY, "scan": SimpleUploadedFile(name, content)},
    )

    assert response.status_code == 422 and words in response.content.decode()
    assert Order.objects.get().is_draft


def test_scan_is_attached_once(world: World):
    order = registered_order(world.municipality)
    client, address = world.client("official"), f"{order.get_absolute_url()}scan/"

    client.post(address, {"scan": SimpleUploadedFile("а.pdf", PDF)})
    first = Order.objects.get().scan.name
    again = client.post(address, {"scan": SimpleUploadedFile("б.pdf", PDF + b"2")}, follow=True)

    assert "прикрепляют один раз" in again.content.decode()
    assert first.startswith("orders/") and Order.objects.get().scan.name == first


def test_order_that_cancels_another_is_prefilled_and_says_what_will_happen(world: World):
    earlier = registered_order(world.municipality, "17-од")
    client = world.client("official")
    form = page(client, f"{ORDERS}new/", cancels=earlier.pk)
    client.post(f"{ORDERS}new/?cancels={earlier.pk}", {**TEXT, "municipality": world.municipality.pk})
    later = Order.objects.drafts().get()
    before = page(client, f"{later.get_absolute_url()}registration/")
    client.post(f"{later.get_absolute_url()}registration/", {"number": "18-од", "date": DAY})

    assert "Об отмене приказа от 03.10.2026 № 17-од" in form
    assert (
        "Признать утратившим силу приказ от 03.10.2026 № 17-од «О создании сообщества „Читаем вместе“»"
        in form
    )
    assert "Перестанет действовать приказ от 03.10.2026 № 17-од" in before
    public = page(world.client("visitor"), earlier.get_public_url())
    assert "больше не действует" in public and later.get_public_url() in public


def test_order_of_a_stranger_is_not_the_one_that_is_cancelled(world: World):
    foreign = registered_order(world.far.municipality)

    assert world.client("official").get(f"{ORDERS}new/?cancels={foreign.pk}").status_code == 404
    assert world.client("official").get(f"{ORDERS}new/?amends=x").status_code == 404


def test_public_page_shows_the_text_and_keeps_names_from_visitors(world: World):
    order = registered_order(world.municipality, annexes=[PEOPLE])
    draft = draft_order(world.municipality)

    visitor, teacher, stranger = (
        page(client, order.get_public_url())
        for client in (world.client("visitor"), world.client("teacher"), world.client("stranger_official"))
    )

    for shown in (visitor, teacher, stranger):
        assert "489/2-од" in shown and "Создать сообщество." in shown and "Действует" in shown
    assert "Речкин" in teacher
    assert "Речкин" not in visitor and "Речкин" not in stranger and "содержит имена людей" in visitor
    assert world.client("visitor").get(draft.get_public_url()).status_code == 404


def test_list_is_filtered_by_year_state_and_words(world: World):
    registered_order(world.municipality, "17-од", heading="О чтении")
    cancelled_order(world.municipality, "18-од")
    draft_order(world.municipality, heading="О проекте")
    registered_order(world.far.municipality, heading="О чужом")
    client = world.client("methodist")

    assert "О чужом" not in page(client, ORDERS)
    by_words = page(client, ORDERS, q="чтении")
    assert "О чтении" in by_words and "О проекте" not in by_words
    drafts = page(client, ORDERS, state="draft")
    assert "О проекте" in drafts and "О чтении" not in drafts
    assert "О чтении" in page(client, ORDERS, year=2026, q="17-ОД")
    assert page(client, ORDERS).index("О проекте") < page(client, ORDERS).index("О чтении"), (
        "what waits stands first"
    )


def test_list_costs_the_same_for_one_and_thirty(world: World):
    client = world.client("official")
    draft_order(world.municipality)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(ORDERS)
        return len(seen)

    client.get(ORDERS)
    few = queries()
    for number in range(29):
        registered_order(world.municipality, str(number))

    assert queries() == few == 7


def test_card_costs_the_same_for_one_annex_and_many(world: World):
    client = world.client("official")
    orders = [registered_order(world.municipality, str(n), annexes=[PEOPLE] * n) for n in (1, 4)]
    registered_order(world.municipality, "9", amends=orders[1])
    registered_order(world.municipality, "10", amends=orders[1])

    def queries(order: Order) -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(order.get_absolute_url())
        return len(seen)

    queries(orders[0])
    assert queries(orders[0]) == queries(orders[1])


def test_draft_waits_for_the_official_and_is_awaited_by_the_methodist(world: World):
    draft_order(world.municipality, world.methodist, heading="О чтении")

    tasks = [task.title for task in my_tasks.gather(world.official)]
    waits = [task.title for task in my_waits.gather(world.methodist)]

    assert "Зарегистрировать приказ: О чтении" in tasks
    assert "Регистрация подготовленных актов" in waits
    assert not [task for task in my_tasks.gather(world.stranger_official) if "О чтении" in task.title]


def test_many_drafts_are_one_more_task(world: World):
    for number in range(8):
        draft_order(world.municipality, heading=f"О деле {number}")

    tasks = [task for task in my_tasks.gather(world.official) if "/orders/" in task.url]

    assert len(tasks) == 6 and tasks[-1].count == 3


def test_draft_is_removed_by_its_page(world: World):
    draft = draft_order(world.municipality)

    response = world.client("methodist").post(f"{draft.get_absolute_url()}removal/", follow=True)

    assert response.redirect_chain[-1][0] == ORDERS and "Проект удалён" in response.content.decode()
    assert not Order.objects.exists()


def test_registered_order_has_no_page_to_change_or_remove_it(world: World):
    order = registered_order(world.municipality)
    client = world.client("official")

    assert client.get(f"{order.get_absolute_url()}edit/").status_code == 404
    assert client.post(f"{order.get_absolute_url()}removal/").status_code == 404
    card = page(client, order.get_absolute_url())
    assert "Изменить другим актом" in card and "Изменить текст" not in card


def test_history_tells_who_changed_the_draft(world: World):
    draft = draft_order(world.municipality)
    world.client("methodist").post(f"{draft.get_absolute_url()}edit/", {**TEXT, "heading": "О дне чтения"})

    shown = page(world.client("official"), f"{draft.get_absolute_url()}history/")

    assert "О дне чтения" in shown and "Методистова" in shown
    assert "Провести день.; Отчитаться." in shown and "u04" not in shown, "a list is told in words"


def test_date_ahead_is_refused(world: World):
    draft = draft_order(world.municipality)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)

    response = world.client("official").post(
        f"{draft.get_absolute_url()}registration/", {"number": "1", "date": tomorrow}
    )

    assert response.status_code == 422 and "ещё не наступил" in response.content.decode()
