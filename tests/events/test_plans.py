"""Plans of events: who keeps them, what is approved, what becomes of items."""

from __future__ import annotations

import datetime as dt
import io

import docx
import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.models import Community, MemberRole, Membership
from core.portal import my_tasks, my_waits
from core.school_year import SchoolYear
from core.states import NotAllowed, WrongState
from events import planning
from events.models import Event, EventPlan, PlanItem
from events.plan_approval import prepare_approval
from events.rough_dates import read_rough_date
from network.models import Order
from network.orders import prepare_order, register_order
from tests.factories.event_plans import EventPlanFactory, PlanItemFactory, approved_plan, days_from_now
from tests.factories.events import make_event
from tests.factories.network import DirectionFactory, OrganisationFactory, employ
from tests.pages import form_values
from tests.world import World

pytestmark = pytest.mark.django_db
YEAR = SchoolYear.current()
TODAY = timezone.localdate()
State = PlanItem.State


def draft(world: World, **fields) -> EventPlan:
    return EventPlanFactory(municipality=world.municipality, **fields)


def community(world: World, leader) -> Community:
    order = prepare_order(
        municipality=world.municipality, purpose="", heading="О создании", preamble="", clauses=["Создать."],
        by=world.official,
    )  # fmt: skip
    one = Community.objects.create(
        municipality=world.municipality, kind="pedagogical", title="Словесники", goal="Читать", direction=DirectionFactory(),
        starts_on=TODAY - dt.timedelta(days=30), ends_on=TODAY + dt.timedelta(days=300), order=order,
    )  # fmt: skip
    Membership.objects.create(
        community=one, person=leader, organisation=world.school, role=MemberRole.LEADER, joined_on=TODAY
    )
    return one


def outcome(item: PlanItem) -> str:
    return PlanItem.objects.with_outcome().get(pk=item.pk).outcome


# Who and one a year


def test_one_plan_a_year_and_owner(world):
    draft(world)
    draft(world, organisation=world.school)

    for again in ({}, {"organisation": world.school}):
        with pytest.raises(WrongState, match="уже есть"):
            planning.begin_plan(
                plan=EventPlan(municipality=world.municipality, year=YEAR.start, **again), by=world.methodist
            )
        with pytest.raises(IntegrityError), transaction.atomic():
            draft(world, **again)
    draft(world, year=YEAR.start - 1)
    assert EventPlan.objects.count() == 3


def test_plan_cannot_belong_to_two(world):
    own = community(world, world.teacher)

    with pytest.raises(IntegrityError), transaction.atomic():
        draft(world, organisation=world.school, community=own)


def test_leader_keeps_the_plan_of_the_community_and_no_other(world):
    own = community(world, world.teacher)
    plan = EventPlan(municipality=world.municipality, community=own, year=YEAR.start)
    plan = planning.begin_plan(plan=plan, by=world.teacher)
    planning.save_item(item=PlanItemFactory.build(plan=plan), by=world.teacher)

    assert plan.title == f"План работы сообщества «{own}» на {YEAR} учебный год"
    with pytest.raises(NotAllowed):
        planning.save_item(item=PlanItemFactory.build(plan=plan), by=world.head)
    with pytest.raises(NotAllowed):
        planning.begin_plan(
            plan=EventPlan(municipality=world.municipality, year=YEAR.start), by=world.teacher
        )


def test_draft_is_seen_by_its_keepers_and_members_only(world):
    plan = draft(world, community=community(world, world.teacher))
    school = draft(world, organisation=world.school)

    def seen(person):
        return set(EventPlan.objects.visible_to(person))

    assert seen(world.methodist) == {plan, school}
    assert seen(world.teacher) == {plan}
    assert seen(world.head) == {school}
    assert seen(world.near.head) == seen(world.stranger_methodist) == set()


def test_visitor_sees_an_approved_plan_without_names(world, client):
    plan = draft(world)
    PlanItemFactory(plan=plan, title="Мастер-класс для словесников", responsible="Ольгина Вера, методист")
    plan = approved_plan(world.official, plan)

    for url in ("/events/plan/", plan.get_absolute_url(), plan.items.get().get_absolute_url()):
        page = client.get(url).content.decode()
        assert "Мастер-класс для словесников" in page and "Ольгина" not in page, url
    assert "Ольгина" in world.client("teacher").get(plan.get_absolute_url()).content.decode()
    book = client.get(f"{plan.get_absolute_url()}files/xlsx/").content
    cells = [
        str(cell.value) for row in openpyxl.load_workbook(io.BytesIO(book)).worksheets[0] for cell in row
    ]
    assert not any("Ольгина" in cell or "Ответственный" in cell for cell in cells)


# Items by pages


def item_form(**fields) -> dict:
    return {"title": "Семинар «Задача вслух»", "format": "seminar", "when_text": "ноябрь", **fields}


def test_item_is_added_with_the_days_its_words_mean(world):
    plan = draft(world)
    url = f"{plan.get_absolute_url()}items/new/"

    response = world.client("methodist").post(url, item_form(responsible_person=world.teacher.last_name))

    item = PlanItem.objects.get()
    assert response["Location"] == plan.get_absolute_url()
    assert (item.starts_on, item.ends_on) == (dt.date(YEAR.start, 11, 1), dt.date(YEAR.start, 11, 30))
    assert item.responsible_person == world.teacher and item.position == 1 and not item.is_extra


def test_named_days_stand_above_the_words(world):
    plan = draft(world)
    first, last = dt.date(YEAR.start, 11, 5), dt.date(YEAR.start, 11, 7)

    world.client("methodist").post(
        f"{plan.get_absolute_url()}items/new/", item_form(starts_on=first, ends_on=last)
    )

    item = PlanItem.objects.get()
    assert (item.when_text, item.starts_on, item.ends_on) == ("ноябрь", first, last)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"when_text": ""}, "Обязательное поле"),
        ({"when_text": f"15.10.{YEAR.start + 3}"}, "не относится к"),
        ({"starts_on": "2026-11-07", "ends_on": "2026-11-05"}, "раньше первого"),
        ({"responsible_person": "Небывалов"}, "нет среди работающих"),
    ],
)
def test_wrong_item_is_explained_and_input_kept(world, fields, words):
    plan = draft(world)

    response = world.client("methodist").post(f"{plan.get_absolute_url()}items/new/", item_form(**fields))

    page = response.content.decode()
    assert response.status_code == 422 and words in page and "Задача вслух" in page
    assert not PlanItem.objects.exists()


def test_namesakes_are_told_apart_by_the_organisation(world):
    name = {"last_name": "Зимина", "first_name": "Анна", "patronymic": "Львовна"}
    employ("teacher", world.school, **name)
    other = employ("teacher", world.near.organisation, **name)
    url = f"{draft(world).get_absolute_url()}items/new/"

    refused = world.client("methodist").post(url, item_form(responsible_person="зимина Анна"))
    world.client("methodist").post(url, item_form(responsible_person="Зимина Анна Львовна, школа № 2"))

    assert "Зимина Анна Львовна, Школа № 2" in refused.content.decode()
    assert PlanItem.objects.get().responsible_person == other


def test_person_of_another_municipality_cannot_be_named(world):
    url = f"{draft(world).get_absolute_url()}items/new/"

    response = world.client("methodist").post(url, item_form(responsible_person=world.far.teacher.email))

    assert response.status_code == 422 and not PlanItem.objects.exists()


def test_edit_form_sent_back_as_it_stands_changes_nothing(world):
    item = PlanItemFactory(
        plan=draft(world), responsible_person=world.teacher, organisation=world.school, when="май"
    )
    client = world.client("methodist")
    before = PlanItem.objects.values().get()

    client.post(f"{item.get_absolute_url()}edit/", form_values(client.get(f"{item.get_absolute_url()}edit/")))

    assert PlanItem.objects.values().get() == before


# Approval


def test_plan_is_approved_by_the_registration_of_its_order(world):
    plan = draft(world)
    PlanItemFactory(plan=plan, title="Семинар", when="сентябрь", responsible="Ольгина В. В.")

    world.client("methodist").post(f"{plan.get_absolute_url()}order/")
    order = Order.objects.get()
    annex = order.annexes.get()
    assert annex.rows == [["1", "Семинар", "семинар", "сентябрь", "", "", "Ольгина В. В.", "", ""]]
    assert annex.has_people and str(YEAR) in order.heading
    register_order(order=order, number="5-од", date=TODAY, by=world.official)

    plan.refresh_from_db()
    page = world.client("teacher").get(plan.get_absolute_url()).content.decode()
    assert plan.state == EventPlan.State.APPROVED
    assert f"Приказ от {TODAY:%d.%m.%Y} № 5-од" in page


def test_order_of_a_plan_that_changed_since_is_not_registered(world):
    plan = draft(world)
    item = PlanItemFactory(plan=plan)
    order = prepare_approval(plan=plan, by=world.methodist)
    item.title = "Другое название"
    planning.save_item(item=item, by=world.methodist)

    with pytest.raises(WrongState, match="подготовьте акт ещё раз"):
        register_order(order=order, number="5-од", date=TODAY, by=world.official)
    assert Order.objects.get().is_draft and EventPlan.objects.get().is_draft

    again = prepare_approval(plan=plan, by=world.methodist)
    register_order(order=again, number="5-од", date=TODAY, by=world.official)
    assert Order.objects.count() == 1 and not EventPlan.objects.get().is_draft


def test_empty_plan_has_nothing_to_approve(world):
    with pytest.raises(WrongState, match="нет ни одного пункта"):
        prepare_approval(plan=draft(world), by=world.methodist)
    assert not Order.objects.exists()


def test_methodist_does_not_approve_past_the_order(world):
    from core.states import move

    plan = draft(world)
    with pytest.raises(NotAllowed):
        move(plan, "approve", by=world.methodist)


def test_cancelled_order_makes_the_plan_a_draft_again(world):
    plan = approved_plan(world.official, draft(world))
    cancelling = prepare_order(
        municipality=world.municipality, purpose="", heading="Об отмене", preamble="", clauses=["Отменить."],
        by=world.official, cancels=plan.order,
    )  # fmt: skip

    register_order(order=cancelling, number="6-од", date=TODAY, by=world.official)

    plan = EventPlan.objects.get()
    assert plan.is_draft and plan.order is None and plan.items.count() == 1


def test_head_approves_the_plan_of_the_school_by_its_own_act(world):
    plan = draft(world, organisation=world.school)
    PlanItemFactory(plan=plan)
    url = f"{plan.get_absolute_url()}approval/"

    world.client("head").post(url, {"number": "87", "date": TODAY})
    again = world.client("head").post(url, {"number": "88", "date": TODAY}, follow=True)

    plan = EventPlan.objects.get()
    assert (plan.state, plan.own_number, plan.own_date) == ("approved", "87", TODAY)
    assert "этот шаг уже сделан" in again.content.decode()


def test_approved_item_keeps_what_was_approved(world):
    plan = draft(world)
    item = PlanItemFactory(plan=plan, title="Семинар")
    approved_plan(world.official, plan)
    item = PlanItem.objects.get()
    item.title = "Другое"

    with pytest.raises(WrongState, match="План утверждён"):
        planning.save_item(item=item, by=world.methodist)
    with pytest.raises(WrongState, match="не удалить"):
        planning.remove_item(item=item, by=world.methodist)
    world.client("methodist").post(
        f"{item.get_absolute_url()}edit/", {"title": "Другое", "place": "Актовый зал"}
    )

    item = PlanItem.objects.get()
    assert (item.title, item.place) == ("Семинар", "Актовый зал")


def test_later_item_is_marked_as_an_addition_and_may_go(world):
    plan = approved_plan(world.official, draft(world))

    planning.save_item(item=PlanItemFactory.build(plan=plan, title="Ещё один"), by=world.methodist)
    extra = PlanItem.objects.get(title="Ещё один")
    assert extra.is_extra
    assert (
        "добавлено после утверждения" in world.client("teacher").get(plan.get_absolute_url()).content.decode()
    )
    planning.remove_item(item=extra, by=world.methodist)
    assert not PlanItem.objects.filter(title="Ещё один").exists()


# Fulfilment


def test_item_is_held_once_its_events_are(world):
    item = PlanItemFactory(plan=draft(world))
    assert outcome(item) == State.PLANNED

    first = make_event(world.centre, state=Event.State.HELD, organiser=world.methodist, plan_item=item)
    assert outcome(item) == State.HELD
    second = make_event(world.centre, state=Event.State.ANNOUNCED, organiser=world.methodist, plan_item=item)
    assert outcome(item) == State.PLANNED
    Event.objects.filter(pk=second.pk).update(state="cancelled")
    assert outcome(item) == State.HELD
    Event.objects.filter(pk=first.pk).update(state="cancelled")
    assert outcome(item) == State.PLANNED


def test_item_that_comes_again_is_held_when_its_time_is_over(world):
    item = PlanItemFactory(plan=draft(world), when="1 раз в четверть")
    make_event(world.centre, state=Event.State.HELD, organiser=world.methodist, plan_item=item)

    assert outcome(item) == State.PLANNED
    over = PlanItem.objects.with_outcome(today=item.ends_on + dt.timedelta(days=1)).get()
    assert over.outcome == State.HELD


def test_mark_of_a_person_stands_above_the_events(world):
    item = PlanItemFactory(plan=draft(world))
    planning.cancel_item(item=item, reason="Нет ведущего", by=world.methodist)
    make_event(world.centre, state=Event.State.HELD, organiser=world.methodist, plan_item=item)

    assert outcome(item) == State.CANCELLED


def test_move_keeps_the_first_time_and_the_reason(world):
    item = PlanItemFactory(plan=draft(world), when="октябрь")
    url = f"{item.get_absolute_url()}move/"
    client = world.client("methodist")

    refused = client.post(url, {"when_text": "февраль", "reason": ""})
    client.post(url, {"when_text": "февраль", "reason": "Карантин"})
    client.post(url, {"when_text": "март", "reason": "Снова карантин"})

    item.refresh_from_db()
    page = client.get(item.get_absolute_url()).content.decode()
    assert refused.status_code == 422
    assert (item.state, item.when_text, item.moved_from) == (State.MOVED, "март", "октябрь")
    assert item.starts_on == dt.date(YEAR.start + 1, 3, 1)
    assert "Снова карантин" in page and "Карантин" in page


def test_item_with_an_event_ahead_is_not_cancelled(world):
    item = PlanItemFactory(plan=draft(world))
    make_event(world.centre, organiser=world.methodist, plan_item=item, title="Читаем вслух")

    response = world.client("methodist").post(
        f"{item.get_absolute_url()}cancellation/", {"reason": "Нет ведущего"}, follow=True
    )

    assert "сначала отмените его" in response.content.decode()
    assert PlanItem.objects.get().state == State.PLANNED


def test_mark_by_mistake_is_taken_back_with_a_reason(world):
    item = PlanItemFactory(plan=draft(world), **days_from_now(-3))
    client = world.client("methodist")

    client.post(f"{item.get_absolute_url()}holding/", {"on": TODAY, "note": "24 участника"})
    held = client.get(item.get_absolute_url()).content.decode()
    client.post(f"{item.get_absolute_url()}restoration/", {"reason": "Отмечен не тот пункт"})

    item.refresh_from_db()
    assert "24 участника" in held
    assert (item.state, item.held_on, item.done_note) == (State.PLANNED, None, "")


def test_item_is_not_held_in_the_future(world):
    item = PlanItemFactory(plan=draft(world))

    response = world.client("methodist").post(
        f"{item.get_absolute_url()}holding/", {"on": TODAY + dt.timedelta(days=1)}
    )

    assert "ещё не наступил" in response.content.decode() and PlanItem.objects.get().state == State.PLANNED


def test_counts_and_filters_agree(world):
    plan = draft(world)
    for number in range(3):
        PlanItemFactory(plan=plan, title=f"Прошедшее {number}", **days_from_now(-5))
    PlanItemFactory(plan=plan, title="Будущее", **days_from_now(5))
    held = plan.items.order_by("pk").first()
    planning.hold_item(item=held, on=TODAY, note="", by=world.methodist)
    client = world.client("methodist")

    counts = client.get(plan.get_absolute_url()).context["counts"]
    assert counts == {"all": 4, "planned": 3, "held": 1, "moved": 0, "cancelled": 0, "late": 2}
    for name in ("held", "late", "planned"):
        rows = client.get(f"{plan.get_absolute_url()}?outcome={name}").context["rows"]
        assert len(rows) == counts[name], name


def test_month_filter_shows_what_touches_the_month(world):
    plan = draft(world)
    for when in ("октябрь – декабрь", "ноябрь", "в течение года", "март"):
        PlanItemFactory(plan=plan, title=when, when=when)

    rows = world.client("methodist").get(f"{plan.get_absolute_url()}?month=11").context["rows"]

    assert [row.title for row in rows] == ["октябрь – декабрь", "ноябрь", "в течение года"]


def test_months_hold_every_item_once(world):
    plan = draft(world)
    for when in ("15 октября", "октябрь", "ноябрь – декабрь", "в течение года", "по мере необходимости"):
        PlanItemFactory(plan=plan, title=when, when=when)

    months = world.client("methodist").get(f"{plan.get_absolute_url()}?view=months").context["months"]

    assert [(month.title, [item.title for item in month.items]) for month in months] == [
        (f"Октябрь {YEAR.start}", ["15 октября", "октябрь"]),
        (f"Ноябрь {YEAR.start}", ["ноябрь – декабрь"]),
        (f"В течение {YEAR} учебного года", ["в течение года"]),
        ("Без срока", ["по мере необходимости"]),
    ]


# The whole plan


def test_new_plan_takes_last_years_items_along(world):
    last = draft(world, year=YEAR.start - 1)
    PlanItemFactory(
        plan=last, title="Семинар", when=f"15 октября {YEAR.start - 1}", responsible_person=world.teacher
    )
    PlanItemFactory(plan=last, title="Клуб", when="1 раз в четверть")
    gone = PlanItemFactory(plan=last, title="Отменённое")
    planning.cancel_item(item=gone, reason="Нет ведущего", by=world.methodist)

    world.client("methodist").post(
        "/events/plans/new/",
        {"owner": f"municipality-{world.municipality.pk}", "year": YEAR.start, "copy_last_year": "on"},
    )

    plan = EventPlan.objects.get(year=YEAR.start)
    found = list(plan.items.order_by("position").values_list("title", "when_text", "starts_on", "state"))
    assert found == [
        ("Семинар", "октябрь", dt.date(YEAR.start, 10, 1), "planned"),
        ("Клуб", "1 раз в четверть", YEAR.starts_on, "planned"),
    ]
    assert plan.items.get(title="Семинар").responsible_person == world.teacher


def test_plan_with_events_is_not_removed(world):
    plan = draft(world)
    item = PlanItemFactory(plan=plan)
    make_event(world.centre, organiser=world.methodist, plan_item=item)
    client = world.client("methodist")

    refused = client.post(f"{plan.get_absolute_url()}removal/", follow=True)
    Event.objects.update(plan_item=None)
    client.post(f"{plan.get_absolute_url()}removal/")

    assert "уже созданы события" in refused.content.decode()
    assert not EventPlan.objects.exists()


def test_files_hold_the_plan_in_the_usual_columns(world):
    plan = draft(world)
    item = PlanItemFactory(
        plan=plan, title="Семинар", when="октябрь", audience="учителя", responsible="Ольгина В. В.",
        expected_result="Банк заданий", measure="20 заданий", organisation=world.school,
    )  # fmt: skip
    planning.cancel_item(item=item, reason="Карантин", by=world.methodist)
    row = [
        "1", "Семинар", "семинар", "октябрь", "Школа № 1", "учителя", "Ольгина В. В.", "Банк заданий", "20 заданий",
        "Отменено. Карантин",
    ]  # fmt: skip
    client = world.client("methodist")

    word = docx.Document(io.BytesIO(client.get(f"{plan.get_absolute_url()}files/docx/").content))
    table = word.tables[-1]
    assert [cell.text for cell in table.rows[-1].cells] == row
    assert [cell.text for cell in table.rows[0].cells][:4] == ["№", "Мероприятие", "Форма", "Дата, время"]
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{plan.get_absolute_url()}files/xlsx/").content))
    rows = [[cell.value for cell in line] for sheet in book for line in sheet.iter_rows()]
    assert any([str(cell) for cell in line if cell is not None] == row for line in rows)


def test_my_tasks_name_what_is_late_and_what_comes(world):
    plan = draft(world)
    PlanItemFactory(plan=plan, **days_from_now(-5))
    PlanItemFactory(plan=plan, title="Семинар", responsible_person=world.teacher, **days_from_now(7))
    PlanItemFactory(plan=plan, responsible_person=world.teacher, when="в течение года")
    before = [task for task in my_tasks.gather(world.methodist) if "план" in task.title]
    prepare_approval(plan=plan, by=world.methodist)
    waits = [task.title for task in my_waits.gather(world.methodist)]
    approved_plan(world.official, plan)

    late = [task for task in my_tasks.gather(world.methodist) if "пунктами плана" in task.title]
    coming = [task.title for task in my_tasks.gather(world.teacher) if "Подготовить" in task.title]
    assert before == [] and f"Утверждение: {plan}" in waits
    assert [(task.count, task.url) for task in late] == [(1, f"{plan.get_absolute_url()}?outcome=late")]
    assert coming == ["Подготовить: Семинар"]


def test_leader_without_a_plan_is_asked_for_one(world):
    own = community(world, world.teacher)
    titles = [task.title for task in my_tasks.gather(world.teacher)]
    draft(world, community=own)

    assert f"Составить план на {YEAR} учебный год" in titles
    assert not any("Составить план" in task.title for task in my_tasks.gather(world.teacher))


def test_pages_cost_the_same_for_one_and_thirty(world):
    plan = draft(world)
    client = world.client("methodist")

    def fill(count: int) -> None:
        for _ in range(count):
            item = PlanItemFactory(
                plan=plan, organisation=OrganisationFactory(municipality=world.municipality), when="октябрь",
                responsible_person=world.teacher,
            )  # fmt: skip
            make_event(world.centre, organiser=world.methodist, plan_item=item)

    def queries(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as seen:
            client.get(url)
        return len(seen)

    urls = [plan.get_absolute_url(), f"{plan.get_absolute_url()}?view=months", "/events/plan/"]
    fill(1)
    few = [queries(url) for url in urls]
    fill(29)
    assert [queries(url) for url in urls] == few == PLAN_QUERIES

    one = queries("/events/plans/")
    for number in range(29):
        PlanItemFactory(plan=draft(world, year=1991 + number))
    assert queries("/events/plans/") == one == LIST_QUERIES


PLAN_QUERIES = [6, 6, 8]
LIST_QUERIES = 5


def test_rough_words_of_a_moved_item_are_read_in_the_year_of_the_plan(world):
    last = draft(world, year=YEAR.start - 1)
    item = PlanItemFactory(plan=last, when="октябрь")

    moved = planning.move_item(
        item=item,
        words="март",
        meant=read_rough_date("март", last.school_year),
        reason="Карантин",
        by=world.methodist,
    )

    assert moved.starts_on == dt.date(YEAR.start, 3, 1)
