"""The pages that gather from every app: home, «Мои дела», Справка, personal data; the first words of each section."""

import datetime as dt
import re

import pytest
from django.db.models import Q
from django.utils import timezone

from core.models import Upload
from core.portal import PersonHook, Task, gathered, my_panels, my_tasks, my_waits
from network.models import Employment, Municipality
from tests.factories.diagnostics import launched
from tests.factories.network import EmploymentFactory, OrganisationFactory

ROLES = ["teacher", "head", "methodist", "official", "expert", "admin"]


# Home


def test_home_counts_what_its_links_list(world):
    OrganisationFactory.create_batch(3, municipality=world.municipality)
    OrganisationFactory(municipality=world.municipality, is_active=False)
    client = world.client("methodist")

    facts = client.get("/").context["facts"]

    for fact in facts:
        listed = client.get(fact.url).context["page_obj"].paginator.count
        assert listed == fact.value, fact.forms
    assert next(fact.value for fact in facts) == 7


def test_home_gives_a_visitor_no_link_to_people(client, world):
    facts = client.get("/").context["facts"]

    assert [fact.url.split("?")[0] for fact in facts if fact.url] == ["/network/organisations/"]


def test_home_tells_who_is_strong_in_what(client, world):
    world.school.strengths = "Клуб молодого педагога"
    world.school.save()

    assert "Клуб молодого педагога" in client.get("/").content.decode()


def test_home_of_an_empty_portal_says_what_to_do(client, db):
    page = client.get("/").content.decode()

    assert "Муниципалитет ещё не заведён" in page


def test_home_shows_the_own_municipality_to_its_people(world):
    own = world.client("stranger_methodist").get("/")

    assert own.context["home"] == world.far.municipality
    assert world.client("visitor").get("/").context["home"] == Municipality.objects.order_by("pk").first()


# Мои дела


def titles(client) -> list[str]:
    return [task.title for task in client.get("/my/").context["tasks"]]


def test_head_is_asked_to_tell_about_the_school_until_it_is_told(world):
    client = world.client("head")
    assert titles(client) == ["Рассказать, чем сильна организация: Школа № 1"]

    world.school.strengths, world.school.offers = "Опыт", "Наставник"
    world.school.save()

    page = client.get("/my/")
    assert page.context["tasks"] == []
    assert "Всё сделано" in page.content.decode()


def test_methodist_sees_whom_the_visiting_cards_wait_for(world):
    waits = world.client("methodist").get("/my/").context["waits"]

    assert [(task.title, task.count) for task in waits] == [("Визитки организаций", 4)]


def test_upload_waits_to_be_checked_by_who_made_it(world):
    upload = Upload.objects.create(
        kind="network.staff", name="кадры.xlsx", header_row=1, created_by=world.head, state="ready",
        counts={"added": 29, "rejected": 2},
    )  # fmt: skip

    task = next(t for t in world.client("head").get("/my/").context["tasks"] if "загрузку" in t.title)

    assert (task.title, task.note) == ("Проверить загрузку: кадры.xlsx", "31\u00a0строка, 2 с ошибками")
    assert task.url == upload.get_absolute_url()
    assert not any("загрузку" in title for title in titles(world.client("methodist")))


def test_dated_task_says_how_late_it_is():
    late = Task("Сделать", "/", due=timezone.localdate() - dt.timedelta(days=2))

    assert (late.days_late, late.is_today) == (2, False)
    assert Task("Сделать", "/", due=timezone.localdate()).is_today
    assert Task("Сделать", "/").days_late == 0


def test_figure_in_the_header_is_the_length_of_the_list_and_follows_own_changes(world):
    client = world.client("head")
    assert client.get("/network/organisations/").context["my_count"] is None

    client.get("/my/")
    assert client.get("/network/organisations/").context["my_count"] == 1

    edit = f"/network/organisations/{world.school.key}/edit/"
    client.post(edit, {"short_name": "Школа № 1", "strengths": "Опыт", "offers": "Наставник"})
    assert client.get("/network/organisations/").context["my_count"] == 0


@pytest.mark.parametrize("role", ROLES)
def test_my_tasks_says_who_one_is_here(world, role):
    page = world.client(role).get("/my/")

    words = {
        "teacher": "Педагог · Школа № 1",
        "head": "Руководитель организации · Школа № 1",
        "methodist": "Методист · Методический центр",
        "official": "Специалист органа управления образованием · Управление образования",
        "expert": "Эксперт · Школа № 1",
        "admin": "Администратор",
    }
    assert page.context["page"].lead == words[role]


@pytest.mark.parametrize("role", ["head", "methodist", "official"])
def test_my_tasks_has_the_same_queries_in_any_municipality(world, django_assert_max_num_queries, role):
    client = world.client(role)
    counts = []
    for staff in (1, 30):
        EmploymentFactory.create_batch(staff, organisation=world.school)
        OrganisationFactory.create_batch(staff, municipality=world.municipality)
        with django_assert_max_num_queries(50) as queries:
            client.get("/my/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


# Справка and personal data


@pytest.mark.parametrize(
    ("role", "first"),
    [("visitor", "teacher"), *[(role, role) for role in ROLES[:-1]], ("admin", "administrator")],
)
def test_help_opens_at_the_own_role(world, role, first):
    assert world.client(role).get("/help/").context["role"] == first


@pytest.mark.parametrize(
    "role", ["teacher", "head", "methodist", "official", "expert", "administrator", "nobody"]
)
def test_every_link_of_help_leads_somewhere(world, role):
    page = world.client("admin").get("/help/", {"role": role}).content.decode()
    article = page[page.index("<article") : page.index("</article>")]

    links = re.findall(r'href="(/[^"]*)"', article)
    assert all(world.client("admin").get(link).status_code == 200 for link in links)


def test_privacy_names_the_operator(client, world, settings):
    settings.DATA_OPERATOR = "Управление образования Приозёрного округа, ул. Озёрная, 1"

    page = client.get("/privacy/").content.decode()

    assert settings.DATA_OPERATOR in page
    assert 'href="/accounts/consent/"' in page


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("/communities/", "Педагоги разных организаций вместе"),
        ("/communities/materials/", "банк методических материалов"),
        ("/events/", "Семинары, мастер-классы"),
        ("/network/resource-centres/", "Статусы ещё никому не присвоены"),
        ("/network/documents/", "Документов пока нет"),
    ],
)
def test_section_says_what_it_is_for_before_it_is_filled(client, world, url, words):
    assert words in client.get(url).content.decode()


def test_person_without_work_here_is_counted_nowhere(world):
    before = [fact.value for fact in world.client("methodist").get("/").context["facts"]]
    Employment.objects.filter(person=world.teacher).update(ends_on="2021-01-01")

    after = [fact.value for fact in world.client("methodist").get("/").context["facts"]]

    assert [a - b for a, b in zip(after, before, strict=True)] == [0, -1]


def test_home_invites_to_the_running_survey_without_giving_its_open_link_away(client, world):
    assert "Опрос идёт" not in client.get("/").content.decode()

    campaign = launched(world.municipality, by=world.methodist, title="Что трудно осенью", open_link=True)
    page = client.get("/").content.decode()

    assert "Что трудно осенью" in page
    assert "6\u00a0вопросов" in page
    assert campaign.open_token not in page


def test_kinds_of_tasks_a_person_has_nothing_of_cost_one_query_together(world, django_assert_num_queries):
    """Of a teacher of whom nobody wants anything: whether there is anything, and no more."""
    teacher = type(world.teacher).objects.get(pk=world.teacher.pk)
    assert teacher.rights.teacher_at

    with django_assert_num_queries(1):
        tasks, waits, panels = gathered(teacher, my_tasks, my_waits, my_panels)

    assert ([task.title for task in tasks], waits, panels) == (["Указать педагогический стаж"], [], [])


def test_provider_is_asked_only_where_its_rows_are_some(world, django_assert_num_queries):
    hook: PersonHook[Task] = PersonHook()
    places = world.school._meta.model.objects

    @hook.among(lambda person: places.filter(name_is(world.school)))
    def some(person, rows):
        yield Task("есть", "/", count=rows.count())

    @hook.among(lambda person: places.filter(name_is(world.school)).exclude(pk=world.school.pk))
    def none(person, rows):
        raise AssertionError("there are no rows")

    @hook.among(lambda person: places.none())
    def empty(person, rows):
        raise AssertionError("known to be empty without the database")

    @hook.among(lambda person: None)
    def never(person, rows):
        raise AssertionError("not of this person")

    @hook
    def always(person):
        yield Task("всегда", "/")

    with django_assert_num_queries(2):
        assert [(task.title, task.count) for task in hook.gather(world.teacher)] == [
            ("есть", 1),
            ("всегда", 1),
        ]


def name_is(organisation) -> Q:
    return Q(short_name=organisation.short_name)
