"""Answering on a phone: one topic a page, kept at each step, sent once."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from structlog.stdlib import ProcessorFormatter

from diagnostics.actions import campaigns as actions
from diagnostics.models import Campaign, Draft, Item, Response, Section
from diagnostics.views import answering
from network.models import Role
from tests.factories.diagnostics import (
    HARD,
    SOME,
    WELL,
    Phone,
    add_item,
    invitation_of,
    launched,
    link_of,
    make_questionnaire,
)
from tests.factories.network import employ
from tests.world import build_world


@pytest.fixture
def campaign(world) -> Campaign:
    return launched(world.municipality, by=world.methodist)


@pytest.fixture
def phone(world, campaign) -> Phone:
    return Phone(link_of(campaign, world.teacher))


def test_intro_says_who_asks_how_long_and_what_becomes_of_the_answers(phone, campaign, world):
    page = phone.client.get(phone.url()).content.decode()

    assert world.municipality.centre_name in page
    assert "около 7" in page
    assert "ничто в портале не ведёт от них к вам" in page
    assert reverse("privacy") in page


def test_answers_go_topic_by_topic_to_one_response(phone, campaign):
    first = phone.begin()
    phone.topic(1, {"t1q1": HARD, "t1q2": SOME, "t1q3": WELL})
    last = phone.topic(2, {"t2q1": HARD, "t2q2": HARD, "t2q3": "na"})
    thanks = phone.send()

    assert first.redirect_chain[-1][0] == phone.url("topic", number=1)
    assert last["Location"] == phone.url("check")
    assert thanks["Location"] == phone.url("thanks")
    response = Response.objects.get(campaign=campaign)
    assert response.answers == {
        "t1q1": HARD,
        "t1q2": SOME,
        "t1q3": WELL,
        "t2q1": HARD,
        "t2q2": HARD,
        "t2q3": "na",
    }
    assert not response.straightlined


def test_topic_tells_its_number_and_the_minutes_left(phone):
    page = phone.client.get(phone.url("topic", number=2)).content.decode()

    assert "Тема 2 из 2" in page
    assert "осталось около 4" in page


def test_answers_are_kept_at_each_step_and_found_again_from_the_letter(phone):
    phone.begin()
    phone.topic(1, {"t1q1": HARD, "t1q2": SOME, "t1q3": WELL})

    other_browser = Phone(phone.token)
    intro = other_browser.client.get(other_browser.url()).content.decode()
    page = other_browser.client.get(other_browser.url("topic", number=1)).content.decode()

    assert "Продолжить с темы 2" in intro
    assert page.count(" checked") == 3


def test_required_item_without_answer_is_asked_gently_and_the_rest_is_kept(phone):
    page = phone.topic(1, {"t1q1": HARD, "t1q3": WELL})

    assert page.status_code == 422
    text = page.content.decode()
    assert "Остался один вопрос" in text
    assert 'href="#q-t1q2"' in text
    assert text.count("Здесь пока нет ответа.") == 1
    assert text.count(" checked") == 2


def test_unanswered_item_can_be_left_for_later_and_is_named_before_sending(phone, campaign):
    on = phone.topic(1, {"t1q1": HARD, "t1q3": WELL}, go="later")
    phone.topic(2, {"t2q1": HARD, "t2q2": HARD, "t2q3": HARD})
    check = phone.client.get(phone.url("check")).content.decode()
    refused = phone.send()

    assert on["Location"] == phone.url("topic", number=2)
    assert f"{phone.url('topic', number=1)}#q-t1q2" in check
    assert "Отправить ответы" not in check
    assert refused.status_code == 422
    assert not campaign.responses.exists()


def test_back_keeps_what_was_marked(phone):
    back = phone.topic(2, {"t2q1": HARD}, go="back")
    page = phone.client.get(phone.url("topic", number=2)).content.decode()

    assert back["Location"] == phone.url("topic", number=1)
    assert page.count(" checked") == 1


def test_two_tabs_keep_both_their_topics(phone):
    phone.topic(2, {"t2q1": HARD, "t2q2": HARD, "t2q3": HARD})
    phone.topic(1, {"t1q1": WELL, "t1q2": WELL, "t1q3": WELL})

    thanks = phone.send()

    assert thanks["Location"] == phone.url("thanks")
    assert len(Response.objects.get().answers) == 6


def test_answer_that_is_not_offered_is_not_taken(phone):
    page = phone.topic(1, {"t1q1": "drop table", "t1q2": SOME, "t1q3": SOME})

    assert page.status_code == 422
    assert "Выберите ответ из предложенных." in page.content.decode()


def test_sent_twice_is_one_response_and_the_same_thanks(phone, campaign):
    phone.fill_in(campaign)
    again = phone.send()
    late_topic = phone.topic(1, {"t1q1": WELL})
    intro = phone.client.get(phone.url())

    assert {again["Location"], late_topic["Location"], intro["Location"]} == {phone.url("thanks")}
    assert campaign.responses.count() == 1
    assert "ответы отправлены" in phone.client.get(phone.url("thanks")).content.decode()
    assert not Draft.objects.exists()


def test_second_link_of_the_same_person_cannot_send_again(world, campaign, phone):
    other = Phone(link_of(campaign, world.teacher))
    other.begin()
    other.answer_all(campaign)
    phone.fill_in(campaign)

    assert other.send()["Location"] == other.url("thanks")
    assert campaign.responses.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sent_from_many_tabs_at_once_is_one_response():
    world = build_world()
    campaign = launched(world.municipality, by=world.methodist)
    phone = Phone(link_of(campaign, world.teacher))
    phone.begin()
    phone.answer_all(campaign)
    ready = threading.Barrier(6)
    places: list[str] = []

    def send() -> None:
        tab = Phone(phone.token)
        ready.wait()
        places.append(tab.send()["Location"])
        connection.close()

    tabs = [threading.Thread(target=send) for _ in range(6)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()

    assert places == [phone.url("thanks")] * 6
    assert campaign.responses.count() == 1
    assert campaign.invitations.filter(participated=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_sending_while_the_campaign_is_closed_counts_wholly_or_not_at_all():
    world = build_world()
    people = [world.own.teacher, world.near.teacher, *(employ(Role.TEACHER, world.school) for _ in range(3))]
    campaign = launched(world.municipality, by=world.methodist)
    phones = [Phone(link_of(campaign, person)) for person in people]
    for phone in phones:
        phone.answer_all(campaign)
    ready = threading.Barrier(len(phones) + 1)
    answers: list[int] = []

    def send(phone: Phone) -> None:
        ready.wait()
        answers.append(phone.send().status_code)
        connection.close()

    def close() -> None:
        ready.wait()
        actions.close(campaign, by=world.methodist)
        connection.close()

    threads = [threading.Thread(target=send, args=[phone]) for phone in phones]
    threads.append(threading.Thread(target=close))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    thanked = answers.count(302)
    assert thanked + answers.count(200) == len(phones)
    assert campaign.responses.count() == thanked
    assert campaign.invitations.filter(participated=True).count() == thanked


def test_saving_in_the_background_after_sending_shows_the_thanks(phone, campaign):
    phone.fill_in(campaign)

    answer = phone.client.post(
        phone.url("topic", number=1), {"q-t1q1": WELL, "go": "save"}, headers={"HX-Request": "true"}
    )

    assert answer["HX-Refresh"] == "true"
    assert not Draft.objects.exists()


def test_closed_campaign_says_so_kindly_and_takes_nothing(world, campaign, phone):
    phone.begin()
    phone.answer_all(campaign)
    actions.close(campaign, by=world.methodist)

    page = phone.send()

    assert page.status_code == 200
    assert "Опрос завершён" in page.content.decode()
    assert not campaign.responses.exists()
    assert not campaign.invitations.filter(participated=True).exists()


def test_campaign_that_has_not_begun_tells_when(world):
    day = timezone.localdate() + dt.timedelta(days=2)
    campaign = launched(world.municipality, by=world.methodist, opens_on=day)

    phone = Phone(link_of(campaign, world.teacher))
    page = phone.client.get(phone.url()).content.decode()

    assert "Опрос ещё не начался" in page
    assert f"с {day.day} " in page


def test_unknown_link_is_explained(db):
    page = Phone("no-such-link").begin()

    assert page.status_code == 404
    assert "скопирована не целиком" in page.content.decode()


def test_many_unknown_links_from_one_place_are_stopped(db, monkeypatch):
    monkeypatch.setattr(answering, "UNKNOWN_IN_TEN_MINUTES", 5)
    phone = Phone("no-such-link")

    codes = [phone.client.get(phone.url()).status_code for _ in range(6)]

    assert codes == [404] * 5 + [429]


def test_pages_are_not_stored_and_tell_no_referrer(phone):
    for page in (phone.url(), phone.url("topic", number=1), phone.url("check")):
        response = phone.client.get(page)
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]


def test_passport_asks_only_what_is_compared_and_offers_to_leave_it_out(world):
    campaign = launched(world.municipality, by=world.methodist, by_organisation=True, by_years=True)
    phone = Phone(link_of(campaign, world.teacher))

    first = phone.begin()
    text = first.content.decode()
    phone.about(organisation=world.near.organisation.pk, years="")
    phone.answer_all(campaign)
    phone.send()

    assert first.redirect_chain[-1][0] == phone.url("about")
    assert "Где вы работаете" in text
    assert "Квалификационная категория" not in text
    # Nothing is filled in from the person: the school is the respondent's word.
    assert "selected" not in text.replace("selected>Не указывать", "")
    response = Response.objects.get()
    assert response.organisation == world.near.organisation
    assert response.years == ""


def test_confidential_campaign_takes_the_groups_from_the_employment(world):
    campaign = launched(
        world.municipality,
        by=world.methodist,
        anonymity="confidential",
        by_organisation=True,
        by_years=True,
    )
    world.teacher.service_since = timezone.localdate().year - 8
    world.teacher.save()
    phone = Phone(link_of(campaign, world.teacher))

    first = phone.begin()
    phone.answer_all(campaign)
    phone.send()

    assert first.redirect_chain[-1][0] == phone.url("topic", number=1)
    response = Response.objects.get()
    assert (response.person, response.organisation) == (world.teacher, world.school)
    assert response.years == "4-10"


def test_open_link_takes_one_response_a_browser_and_another_person_can_follow(world):
    campaign = launched(
        world.municipality,
        by=world.methodist,
        open_link=True,
        questionnaire=make_questionnaire(audience="parents"),
    )
    family = Phone(campaign.open_token)
    family.fill_in(campaign)
    family.send()
    neighbours = Phone(campaign.open_token)
    neighbours.fill_in(campaign)

    once = campaign.responses.count()
    family.client.post(family.url("thanks"))
    family.fill_in(campaign)

    assert once == 2
    assert campaign.responses.count() == 3


def test_open_link_is_limited_by_place(world, monkeypatch):
    monkeypatch.setattr(answering, "OPEN_AN_HOUR", 5)
    campaign = launched(
        world.municipality,
        by=world.methodist,
        open_link=True,
        questionnaire=make_questionnaire(audience="parents"),
    )

    codes = [
        Phone(campaign.open_token).client.post(f"/diagnostics/s/{campaign.open_token}/").status_code
        for _ in range(6)
    ]

    assert codes == [302] * 5 + [429]


def test_signed_in_person_answers_from_the_portal_and_resumes_there(world, campaign):
    client = world.client("teacher")
    start = reverse("diagnostics:mine-start", args=[invitation_of(campaign, world.teacher).pk])

    token = client.post(start)["Location"].split("/")[3]
    Phone(token, client).topic(1, {"t1q1": HARD, "t1q2": SOME, "t1q3": WELL})
    again = client.post(start)["Location"].split("/")[3]

    assert again == token
    assert "Продолжить с темы 2" in client.get(f"/diagnostics/s/{token}/").content.decode()


def test_letter_opened_where_another_link_holds_the_draft_goes_on_there(world, campaign, phone):
    phone.begin()
    phone.topic(1, {"t1q1": HARD, "t1q2": SOME, "t1q3": WELL})
    reminder = link_of(campaign, world.teacher)

    page = phone.client.get(f"/diagnostics/s/{reminder}/")

    assert page["Location"] == phone.url()


def test_every_kind_of_item_is_read_and_shown_again(world):
    questionnaire = make_questionnaire(topics=1, items=1, published=False)
    section = Section.objects.get()
    add_item(section, "one", Item.Kind.SINGLE, "да", "нет")
    add_item(section, "many", Item.Kind.MULTIPLE, "а", "б", "в")
    add_item(section, "count", Item.Kind.NUMBER)
    add_item(section, "words", Item.Kind.TEXT, required=False)
    Item.objects.get(code="one").options.filter(code="2").update(has_text=True)
    questionnaire.publish()
    questionnaire.save()
    campaign = launched(world.municipality, by=world.methodist, questionnaire=questionnaire)
    phone = Phone(link_of(campaign, world.teacher))

    wrong = phone.topic(
        1, {"t1q1": HARD, "one": "2", "one-text": "иначе", "many": ["1", "3"], "count": "пять"}
    )
    phone.topic(1, {"t1q1": HARD, "one": "2", "one-text": "иначе", "many": ["1", "3"], "count": "2,5"})
    check = phone.client.get(phone.url("check")).content.decode()
    phone.send()

    assert "Напишите число цифрами" in wrong.content.decode()
    assert "нет: иначе" in check
    assert "а, в" in check
    assert Response.objects.get().answers == {
        "t1q1": HARD,
        "one": "2",
        "one:text": "иначе",
        "many": ["1", "3"],
        "count": 2.5,
    }


@pytest.mark.parametrize(("items", "marked"), [(9, False), (10, True)])
def test_ten_answers_alike_are_marked_as_straightlined(world, items, marked):
    questionnaire = make_questionnaire(topics=1, items=items)
    campaign = launched(world.municipality, by=world.methodist, questionnaire=questionnaire)

    Phone(link_of(campaign, world.teacher)).fill_in(campaign, SOME)

    assert Response.objects.get().straightlined is marked


def test_person_reads_own_confidential_answers_and_nobody_else_does(world):
    campaign = launched(world.municipality, by=world.methodist, anonymity="confidential")
    Phone(link_of(campaign, world.teacher)).fill_in(campaign)
    url = reverse("diagnostics:response", args=[Response.objects.get().pk])

    own = world.client("teacher").get(url)
    others = {
        role: world.client(role).get(url).status_code for role in ("head", "methodist", "official", "admin")
    }

    assert "Испытываю затруднения" in own.content.decode()
    assert set(others.values()) == {404}


def test_named_answers_are_read_by_the_methodist_of_the_municipality_alone(world):
    campaign = launched(world.municipality, by=world.methodist, anonymity="named")
    Phone(link_of(campaign, world.teacher)).fill_in(campaign)
    url = reverse("diagnostics:response", args=[Response.objects.get().pk])

    page = world.client("methodist").get(url).content.decode()
    listed = world.client("methodist").get(reverse("diagnostics:responses", args=[campaign.pk]))

    assert str(world.teacher) in page
    assert str(world.teacher) in listed.content.decode()
    assert world.client("official").get(url).status_code == 404
    assert world.client("head").get(url).status_code == 404


def test_link_and_person_never_reach_the_logs(world, campaign, phone, monkeypatch):
    console = next(h for h in logging.getLogger().handlers if isinstance(h.formatter, ProcessorFormatter))
    written = io.StringIO()
    monkeypatch.setattr(console, "stream", written)
    phone.client.force_login(world.teacher, backend="network.backends.EmploymentBackend")
    phone.begin()
    phone.client.get(phone.url("topic", number=1))
    phone.client.get(phone.url() + "no-such-page/")
    logging.getLogger("django.request").critical("Failed at %s", phone.url("check"))

    lines = [json.loads(line) for line in written.getvalue().splitlines()]

    assert len(lines) >= 4
    assert phone.token not in written.getvalue()
    assert "/diagnostics/s/[...]/check/" in written.getvalue()
    answering = [line for line in lines if "/diagnostics/s/" in line.get("request", "")]
    assert answering
    assert not any(line.get("user_id") for line in answering)


MINE_QUERIES = 5
RESPONSES_QUERIES = 6


@pytest.mark.parametrize("count", [1, 30])
def test_my_surveys_take_the_same_queries_at_any_number(world, count, django_assert_num_queries):
    questionnaire = make_questionnaire()
    for _ in range(count):
        launched(world.municipality, by=world.methodist, questionnaire=questionnaire)
    client = world.client("teacher")

    with django_assert_num_queries(MINE_QUERIES):
        client.get(reverse("diagnostics:mine"))


@pytest.mark.parametrize("count", [1, 30])
def test_named_answers_take_the_same_queries_at_any_number(world, count, django_assert_num_queries):
    campaign = launched(world.municipality, by=world.methodist, anonymity="named")
    Response.objects.bulk_create(
        Response(
            campaign=campaign,
            is_anonymous=False,
            person=employ(Role.TEACHER, world.school),
            organisation=world.school,
            sent_at=timezone.now(),
        )
        for _ in range(count)
    )
    client = world.client("methodist")

    with django_assert_num_queries(RESPONSES_QUERIES):
        client.get(reverse("diagnostics:responses", args=[campaign.pk]))
