"""Items of a plan from spreadsheets as municipalities keep them."""

from __future__ import annotations

import datetime as dt
import io
from io import StringIO

import pytest
from auditlog.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from core.models import Upload
from core.school_year import SchoolYear
from events.models import EventPlan, PlanItem
from tests.factories.event_plans import EventPlanFactory, PlanItemFactory, approved_plan
from tests.factories.network import DirectionFactory
from tests.tables import csv, xlsx
from tests.world import World

pytestmark = pytest.mark.django_db
YEAR = SchoolYear(2026)
# The columns and the ways of a published timetable of courses: a day, two times, a theme.
TIMETABLE = [
    ["№", "Дата", "Начало", "Окончание", "Тема"],
    ["1", "25.05.2027", "10:00", "11:30", "Методический анализ результатов экзамена по информатике"],
    ["2", "26.05.2027", "11:00", "12:30", "Мастер-класс «Динамическое программирование»"],
]
PLAN = [
    ["ПЛАН РАБОТЫ районного методического объединения"],
    [],
    [
        "№ п/п", "Мероприятие/тема", "Форма", "Дата, время", "Место (ОО)", "Категория участников",
        "Ответственный, выступающие", "Ожидаемый результат", "Показатель эффективности", "Отметка о выполнении",
    ],
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    ["Раздел I. Организационная работа"],
    [1, "Задачи года", "Заседание", "сентябрь", "Школа № 1", "все", "Ольгина В. В.", "План", "1 план", ""],
    [2, "Клуб молодого педагога", "", "1 раз в четверть", "библиотека", "", "", "", "", ""],
    ["Раздел II. Открытые уроки"],
    [3, "Урок в 5 классе", "открытый урок", dt.datetime(2026, 11, 12), "", "", "", "", "", ""],
    [4, "Без срока", "", "", "", "", "", "", "", ""],
]  # fmt: skip


def plan_of(world: World, **fields) -> EventPlan:
    return EventPlanFactory(municipality=world.municipality, year=YEAR.start, **fields)


def upload(
    world: World, plan: EventPlan, content: bytes, name: str = "план.xlsx", role: str = "methodist"
) -> Upload:
    client = world.client(role)
    response = client.post(
        f"{plan.get_absolute_url()}import/", {"file": SimpleUploadedFile(name, content)}, follow=True
    )
    assert response.status_code == 200, response.content.decode()[:2000]
    return Upload.objects.latest("created_at")


def confirm(world: World, one: Upload, **fields) -> None:
    url = f"{one.get_absolute_url()}confirmation/"
    world.client("methodist").post(url, {"fingerprint": one.fingerprint, **fields})


def fates(one: Upload) -> list[tuple[int, str]]:
    return list(one.rows.order_by("number").values_list("number", "fate"))


def test_timetable_with_times_comes_in_whole(world):
    plan = plan_of(world)

    one = upload(world, plan, csv(TIMETABLE, delimiter=","), "расписание.csv")
    confirm(world, one)

    found = list(plan.items.order_by("position").values_list("title", "when_text", "starts_on", "format"))
    assert found == [
        (TIMETABLE[1][4], "25 мая 2027, 10:00–11:30", dt.date(2027, 5, 25), "other"),
        (TIMETABLE[2][4], "26 мая 2027, 11:00–12:30", dt.date(2027, 5, 26), "master_class"),
    ]


def test_usual_plan_comes_in_with_headings_left_out_and_what_lacks_a_time_refused(world):
    plan = plan_of(world)

    one = upload(world, plan, xlsx(PLAN))
    confirm(world, one, accept_good_rows="on")

    assert fates(one) == [
        (5, "superseded"), (6, "added"), (7, "added"), (8, "superseded"), (9, "added"), (10, "rejected"),
    ]  # fmt: skip
    first, club, lesson = plan.items.order_by("position")
    assert (first.format, first.organisation, first.place) == ("association", world.school, "")
    assert (first.audience, first.responsible, first.measure) == ("все", "Ольгина В. В.", "1 план")
    assert (club.format, club.is_repeated, club.place) == ("club", True, "библиотека")
    assert (lesson.format, lesson.when_text) == ("open_lesson", "12 ноября 2026")
    assert LogEntry.objects.get_for_objects(plan.items.all()).count() == 3


def test_month_above_the_rows_is_their_time(world):
    plan = plan_of(world)
    rows = [
        ["Мероприятие", "Ответственный"],
        ["Сентябрь", ""],
        ["Совещание", "А"],
        ["Октябрь", ""],
        ["Семинар", "Б"],
    ]

    confirm(world, upload(world, plan, xlsx(rows)))

    assert list(plan.items.order_by("position").values_list("title", "when_text", "starts_on")) == [
        ("Совещание", "Сентябрь", dt.date(2026, 9, 1)),
        ("Семинар", "Октябрь", dt.date(2026, 10, 1)),
    ]


def test_file_sent_again_changes_what_changed_and_nothing_else(world):
    plan = plan_of(world)
    rows = [
        ["Мероприятие", "Срок", "Участники"],
        ["Семинар", "октябрь", "все"],
        ["Клуб", "ноябрь", "молодые"],
    ]
    confirm(world, upload(world, plan, xlsx(rows)))
    keys = set(plan.items.values_list("pk", flat=True))

    rows[1][1], rows[2][2] = "декабрь", ""
    again = upload(world, plan, xlsx(rows))
    confirm(world, again)

    assert fates(again) == [(2, "changed"), (3, "unchanged")]
    assert set(plan.items.values_list("pk", flat=True)) == keys
    assert list(plan.items.order_by("position").values_list("when_text", "starts_on", "audience")) == [
        ("декабрь", dt.date(2026, 12, 1), "все"), ("ноябрь", dt.date(2026, 11, 1), "молодые"),
    ]  # fmt: skip


def test_same_title_at_other_times_is_another_item(world):
    plan = plan_of(world)
    rows = [["Мероприятие", "Срок"], ["Заседание", "сентябрь"], ["Заседание", "май"], ["Заседание", "Май"]]

    one = upload(world, plan, xlsx(rows))
    confirm(world, one)

    assert fates(one) == [(2, "added"), (3, "superseded"), (4, "added")]
    assert plan.items.count() == 2


def test_day_of_another_year_is_refused_with_the_year(world):
    one = upload(
        world, plan_of(world), xlsx([["Тема", "Дата"], ["Семинар", "25.05.2026"], ["Клуб", "август"]])
    )

    assert fates(one) == [(2, "rejected"), (3, "added")]
    assert "не относится к 2026/27 учебному году" in str(one.rows.get(number=2).problems)


def test_direction_is_found_by_name_and_unknown_is_told(world):
    known = DirectionFactory(name="Функциональная грамотность")
    plan = plan_of(world)
    rows = [
        ["Тема", "Срок", "Направление"],
        ["А", "май", "функциональная грамотность"],
        ["Б", "май", "Робототехника"],
    ]

    one = upload(world, plan, xlsx(rows))
    confirm(world, one)

    assert list(plan.items.order_by("position").values_list("direction", flat=True)) == [known.pk, None]
    assert "Робототехника" in str(one.rows.get(number=3).notes)


def test_exported_plan_comes_back_unchanged(world):
    plan = plan_of(world)
    PlanItemFactory(
        plan=plan, when="октябрь", organisation=world.school, audience="все", responsible="Ольгина В. В."
    )
    PlanItemFactory(plan=plan, when="15 мая 2027, 15:00", format="master_class", measure="20 человек")
    file = world.client("methodist").get(f"{plan.get_absolute_url()}files/xlsx/").content

    one = upload(world, plan, file)

    assert [row.changes for row in one.rows.all()] == [[], []]
    assert {fate for _, fate in fates(one)} == {"unchanged"}


def test_approved_plan_takes_no_file(world):
    plan = approved_plan(world.official, plan_of(world))

    response = world.client("methodist").get(f"{plan.get_absolute_url()}import/", follow=True)

    assert "План утверждён: новые пункты добавляют по одному" in response.content.decode()


def test_plan_approved_meanwhile_is_not_written_to(world):
    plan = plan_of(world)
    one = upload(world, plan, xlsx([["Мероприятие", "Срок"], ["Семинар", "май"]]))
    approved_plan(world.official, plan)

    confirm(world, one)

    assert not PlanItem.objects.filter(title="Семинар").exists()


def test_command_begins_the_plan_and_shows_every_row(world, tmp_path):
    file = tmp_path / "plan.csv"
    file.write_bytes(csv(TIMETABLE, delimiter=",", encoding="cp1251"))
    out = StringIO()

    call_command(
        "import_plan",
        str(file),
        municipality=world.municipality.name,
        year="2026/27",
        stdout=out,
        stderr=StringIO(),
    )

    plan = EventPlan.objects.get()
    assert plan.items.count() == 2 and plan.school_year == YEAR
    assert "+ строка 2" in out.getvalue() and "Добавлено: 2" in out.getvalue()


def test_command_saves_nothing_on_errors_or_dry_run(world, tmp_path):
    file = tmp_path / "plan.xlsx"
    file.write_bytes(xlsx(PLAN))
    options = {
        "municipality": world.municipality.name,
        "year": "2026/27",
        "stdout": StringIO(),
        "stderr": StringIO(),
    }

    with pytest.raises(CommandError, match="ничего не сохранено"):
        call_command("import_plan", str(file), **options)
    call_command("import_plan", str(file), dry_run=True, **options)

    assert not EventPlan.objects.exists() and not PlanItem.objects.exists()


def test_many_rows_cost_no_more_queries(world, django_assert_max_num_queries):
    from core.imports.mapping import guess_columns
    from core.imports.reading import read_table
    from core.imports.spec import make_plan
    from events.imports import PlanItemsImport

    spec = PlanItemsImport({"plan": plan_of(world).pk})
    content = xlsx([["Мероприятие", "Срок"], *([f"Семинар {n}", "май"] for n in range(300))])
    table = read_table(io.BytesIO(content), name="план.xlsx")

    with django_assert_max_num_queries(4):
        plan = make_plan(spec, table, guess_columns(table.header, spec.fields))

    assert plan.counts["added"] == 300
