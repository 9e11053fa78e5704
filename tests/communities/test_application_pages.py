"""The pages of applications as people walk them, and what lists cost."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communities.actions import applications as actions
from communities.models import Community, CommunityApplication
from diagnostics.models import Finding
from network.models import Employment, Order, Role
from tests.factories import applications as factory
from tests.factories.network import DirectionFactory, employ
from tests.world import World

pytestmark = pytest.mark.django_db
LIST = "/communities/applications/"
TODAY = timezone.localdate()
State = CommunityApplication.State


@pytest.fixture(autouse=True)
def _pair(world: World) -> None:
    world.municipality.minimum_community_size = 2
    world.municipality.save()


def filled(**changes) -> dict[str, str]:
    """What somebody types into the form."""
    typed = {
        "title": "Читаем вместе",
        "kind": "working_group",
        "direction": str(DirectionFactory(name="Чтение").pk),
        "problem": "Дети не понимают условие задачи.",
        "goal": "",
        "expected_result": "Сорок заданий с разбором.",
        "starts_on": str(TODAY + dt.timedelta(days=5)),
        "ends_on": str(TODAY + dt.timedelta(days=150)),
    }
    return {**typed, **changes}


def test_journey_from_a_draft_to_a_public_community(world, client_of):
    teacher, methodist, official = (
        client_of(getattr(world, role)) for role in ("teacher", "methodist", "official")
    )
    colleague = employ(Role.TEACHER, world.near.organisation, last_name="Соседова")
    job = Employment.objects.get(person=colleague)

    teacher.post(f"{LIST}new/", filled(initiator_organisation=world.school.pk))
    application = CommunityApplication.objects.get()
    url = application.get_absolute_url()
    early = teacher.get(f"{url}submission/").content.decode()
    assert "Участников пока 1, а нужно не меньше 2" in early and ">Подать</button>" not in early
    teacher.post(f"{url}members/", {"add": job.pk})
    teacher.post(f"{url}submission/")
    client_of(colleague).post(f"{url}participation/", {"answer": "yes"})
    methodist.post(f"{url}review/")
    methodist.post(f"{url}return/", {"reason": "Назовите число школ"})
    teacher.post(f"{url}edit/", filled(expected_result="Сорок заданий для пяти школ."))
    teacher.post(f"{url}submission/")
    methodist.post(f"{url}review/")
    typed = {"conclusion": "Рекомендую.", "conclusion_suggests": "approve"}
    methodist.post(f"{url}conclusion/", {**typed, "pass_on": "1"})
    page = official.get(url).content.decode()
    assert "Что изменилось после возврата" in page and "для пяти школ" in page and "Рекомендую." in page
    assert "О создании рабочей группы «Читаем вместе»" in official.get(f"{url}decision/").content.decode()
    official.post(f"{url}decision/")
    order = Order.objects.get()
    official.post(f"{order.get_absolute_url()}registration/", {"number": "12-од", "date": TODAY})

    application.refresh_from_db()
    community = Community.objects.get()
    assert application.state == State.APPROVED and community.application == application
    assert "Читаем вместе" in client_of(None).get(community.get_absolute_url()).content.decode()
    last = teacher.get(url).content.decode()
    assert "Утверждено" in last and community.get_absolute_url() in last and "№ 12-од" in last


def test_draft_is_saved_unfinished_and_the_rest_is_asked_for_later(world, client_of):
    teacher = client_of(world.teacher)
    empty = filled(direction="", problem="", expected_result="", starts_on="", ends_on="")
    empty["initiator_organisation"] = str(world.school.pk)

    refused = teacher.post(f"{LIST}new/", empty)
    assert refused.status_code == 422 and not CommunityApplication.objects.exists()
    saved = teacher.post(f"{LIST}new/", {**empty, "draft": "1"}, follow=True)

    application = CommunityApplication.objects.get()
    page = saved.content.decode()
    assert "Черновик сохранён" in page and "Заполните: направление, проблему" in page
    assert application.members.get().person == world.teacher and application.leader == world.teacher
    assert application.municipality == world.municipality


def test_form_keeps_the_input_and_names_the_wrong_term(world, client_of):
    typed = filled(initiator_organisation=world.school.pk, ends_on=str(TODAY))

    answer = client_of(world.teacher).post(f"{LIST}new/", typed)

    page = answer.content.decode()
    assert answer.status_code == 422 and "должно быть позже начала" in page and "Сорок заданий" in page


def test_nobody_applies_from_a_place_they_do_not_work_at(world, client_of):
    typed = filled(initiator_organisation=world.far.organisation.pk)

    answer = client_of(world.teacher).post(f"{LIST}new/", typed)

    assert answer.status_code == 422 and not CommunityApplication.objects.exists()


def test_new_application_is_prefilled_from_a_difficulty(world, client_of):
    direction = DirectionFactory(name="Формирующее оценивание")

    page = client_of(world.teacher).get(
        f"{LIST}new/", {"direction": direction.pk, "problem": "45 % затруднений", "kind": "working_group"}
    )

    values = {field.name: field.value() for field in page.context["form"]}
    assert values["direction"] == str(direction.pk) and values["problem"] == "45 % затруднений"
    assert client_of(world.teacher).get(f"{LIST}new/", {"direction": "²"}).status_code == 200


def test_conclusion_is_kept_when_too_few_have_agreed(world, client_of):
    application = factory.in_review(world.teacher, world.methodist, agreed=False, size=2)
    typed = {"conclusion": "Рекомендую.", "conclusion_suggests": "approve", "pass_on": "1"}

    answer = client_of(world.methodist).post(
        f"{application.get_absolute_url()}conclusion/", typed, follow=True
    )

    application.refresh_from_db()
    page = answer.content.decode()
    assert application.state == State.IN_REVIEW and application.conclusion == "Рекомендую."
    assert "Заключение сохранено" in page and "а нужно не меньше 2" in page


def test_step_pressed_twice_is_done_once_and_says_so(world, client_of):
    application = factory.submitted(world.teacher, 2)
    url = f"{application.get_absolute_url()}review/"

    client_of(world.methodist).post(url)
    again = client_of(world.methodist).post(url, follow=True)

    assert "Этот шаг сейчас невозможен" in again.content.decode()
    assert CommunityApplication.objects.get().state == State.IN_REVIEW


def test_return_needs_a_reason(world, client_of):
    application = factory.in_review(world.teacher, world.methodist, size=2)

    answer = client_of(world.methodist).post(f"{application.get_absolute_url()}return/", {"reason": "  "})

    assert answer.status_code == 422 and CommunityApplication.objects.get().state == State.IN_REVIEW


def test_conclusion_and_opinions_are_for_those_who_decide_until_it_is_over(world, client_of):
    application = factory.awaiting(world.teacher, world.methodist, size=2)
    url = application.get_absolute_url()
    assert "Состав и срок ясны" not in client_of(world.teacher).get(url).content.decode()

    actions.reject(application=application, reason="Дублирует клуб", by=world.official)

    page = client_of(world.teacher).get(url).content.decode()
    assert "Состав и срок ясны" in page and "Дублирует клуб" in page


def test_list_is_filtered_and_exported(world, client_of):
    factory.submitted(world.teacher, 2, title="Читаем вместе")
    late = factory.submitted(world.near.teacher, 2, title="Считаем вместе", kind="young_club")
    CommunityApplication.objects.filter(pk=late.pk).update(turn_until=TODAY - dt.timedelta(days=1))
    browser = client_of(world.methodist)

    def shown(**query) -> set[str]:
        return {row.record.title for row in browser.get(LIST, query).context["table"].rows}

    assert shown() == {"Читаем вместе", "Считаем вместе"}
    assert shown(late="on") == shown(kind="young_club") == shown(q="считаем") == {"Считаем вместе"}
    assert shown(state="submitted") == shown() and shown(state="draft") == shown(mine="on") == set()
    content = b"".join(browser.get(LIST, {"late": "on", "export": "xlsx"}).streaming_content)
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    told = next(row for row in rows if row[0] == "Считаем вместе")
    assert told[1] == "клуб молодых педагогов" and told[6:8] == (2, 1)


def test_those_who_decide_see_the_difficulty_it_answers(world, client_of):
    application = factory.submitted(world.teacher, 2)
    finding = Finding.objects.create(
        municipality=world.municipality, direction=application.direction, year=2026, share="0.47", answers=38
    )
    Finding.objects.create(municipality=world.far.municipality, direction=application.direction, year=2026)

    page = client_of(world.official).get(application.get_absolute_url()).content.decode()

    assert finding.get_absolute_url() in page
    assert "47\xa0% затруднений" in page
    assert page.count("пока ничто не отвечает") == 1
    assert (
        "затруднений, 38" not in client_of(world.teacher).get(application.get_absolute_url()).content.decode()
    )


def queries(client, url: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_list_costs_the_same_for_one_and_thirty(world, client_of):
    client = client_of(world.methodist)
    first = factory.submitted(world.teacher, 2)
    client.get(LIST)
    few = queries(client, LIST)
    rows = CommunityApplication.objects.filter(pk=first.pk).values().get()
    rows.pop("id")
    CommunityApplication.objects.bulk_create(CommunityApplication(**rows) for _ in range(29))

    assert queries(client, LIST) == few == 6


def test_card_and_members_cost_the_same_for_two_and_twenty_people(world, client_of):
    application = factory.draft(world.teacher, 2)
    client = client_of(world.teacher)
    pages = [application.get_absolute_url(), f"{application.get_absolute_url()}members/"]
    for page in pages:
        client.get(page)
    few = [queries(client, page) for page in pages]
    for _ in range(18):
        factory.add(application, employ(Role.TEACHER, world.school))

    assert [queries(client, page) for page in pages] == few


def test_my_tasks_cost_the_same_for_one_and_five(world, client_of):
    client = client_of(world.methodist)
    factory.submitted(world.teacher, 2)
    client.get("/my/")
    few = queries(client, "/my/")
    for _ in range(4):
        factory.submitted(world.teacher, 2)

    assert queries(client, "/my/") == few
