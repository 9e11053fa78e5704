"""Communities: founded, joined, left, changed by order, watched over, shown."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from communities.actions import changes, membership
from communities.actions.founding import found_community
from communities.deadlines import plan_due_of, year_to_report
from communities.models import Community, CommunityChange, JoinRequest, MemberRole, Membership
from communities.terms import watch_terms
from core.models import Letter
from core.portal import record_panels
from core.school_year import SchoolYear
from core.states import WrongState, move
from network.models import Municipality, Order, Person, Role
from network.models.municipality import validate_day_of_year
from network.orders import register_order
from tests.factories.applications import approved
from tests.factories.communities import (
    carried_out,
    closing,
    community_at,
    community_of,
    extension,
    join_request,
    lapsed_community,
    new_leader,
    news_of,
    order_for,
    report_of,
    work_of,
)
from tests.factories.network import employ
from tests.factories.orders import DAY, draft_order, registered_order


def fresh(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def roles(community: Community) -> dict[int, str]:
    return dict(community.memberships.current().values_list("person", "role"))


def test_community_needs_its_leader_among_the_members(world):
    with pytest.raises(WrongState, match="не числится среди участников"):
        found_community(
            order=registered_order(world.municipality),
            municipality=world.municipality,
            kind="pedagogical",
            title="Без руководителя",
            goal="",
            direction=community_at(world.near).direction,
            starts_on=timezone.localdate(),
            ends_on=None,
            leader=world.head,
            members=[(world.teacher, world.school)],
            by=world.official,
        )

    assert not Community.objects.filter(title="Без руководителя").exists()


def test_database_keeps_one_leader_and_one_membership_a_person(world):
    community = community_at(world.own)
    again = {"community": community, "organisation": world.school}

    for broken in (
        {"person": world.expert, "role": MemberRole.LEADER},
        {"person": world.teacher},
        {"person": world.methodist, "left_on": timezone.localdate() - dt.timedelta(days=3)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(**again, **broken)


def test_person_asks_once_and_becomes_a_member_when_the_leader_accepts(world, client_of):
    community = community_at(world.own)
    url = reverse("communities:join", args=[community.pk])
    client, words = client_of(world.near.teacher), {"reason": "Веду пятый класс."}

    client.post(url, {**words, "organisation": world.near.organisation.pk})
    again = client.post(url, {**words, "organisation": world.near.organisation.pk})

    assert again.status_code == 422
    assert "Вы уже попросились" in again.content.decode()
    request = JoinRequest.objects.get()
    letter = Letter.objects.get(key__startswith=f"join:{request.pk}:asked")
    assert letter.to == world.head.email and "Веду пятый класс." in letter.text

    client_of(world.head).post(request.get_absolute_url(), {"verdict": "accept", "answer": "Ждём в четверг."})
    late = client_of(world.methodist).post(
        request.get_absolute_url(), {"verdict": "decline", "answer": "Нет"}
    )

    assert late.status_code == 302
    request = JoinRequest.objects.get()
    assert (request.state, request.answer) == ("accepted", "Ждём в четверг.")
    assert roles(community)[world.near.teacher.pk] == "member"
    told = Letter.objects.get(key__startswith=f"join:{request.pk}:answered")
    assert told.to == world.near.teacher.email and "Ждём в четверг." in told.text


def test_refusal_says_why(world, client_of):
    request = join_request(community_at(world.own), world.near.teacher)
    page = client_of(world.head).post(request.get_absolute_url(), {"verdict": "decline", "answer": " "})

    assert page.status_code == 422
    assert "Объясните отказ" in page.content.decode()
    assert JoinRequest.objects.get().state == "asked"


def test_nobody_accepts_the_own_request(world, client_of):
    community = community_at(world.own)
    request = join_request(community, world.methodist)

    answer = client_of(world.methodist).post(request.get_absolute_url(), {"verdict": "accept"})

    assert answer.status_code == 403
    assert world.methodist.pk not in roles(community)


def test_member_leaves_and_the_leader_does_not(world, client_of):
    community = community_at(world.own)
    url = reverse("communities:leave", args=[community.pk])

    client_of(world.teacher).post(url, {"reason": "Переезжаю"})
    refused = client_of(world.head).post(url, {"reason": ""}, follow=True)

    assert roles(community) == {world.head.pk: "leader"}
    assert Membership.objects.get(person=world.teacher).left_because == "Переезжаю"
    assert "меняется распорядительным актом" in refused.content.decode()
    assert Letter.objects.filter(key__contains=":left", to=world.head.email).count() == 1


def test_secretary_keeps_the_page_and_a_member_does_not(world, client_of):
    community = community_at(world.own)
    url = reverse("communities:edit", args=[community.pk])
    words = {"about": "Встречаемся по четвергам", "results": ""}

    assert client_of(world.teacher).post(url, words).status_code == 403
    membership.set_secretary(
        membership=community.memberships.get(person=world.teacher), is_secretary=True, by=fresh(world.head)
    )
    client_of(world.teacher).post(url, words)

    community.refresh_from_db()
    assert community.about == "Встречаемся по четвергам"


def test_order_changes_the_leader_once(world):
    community = community_at(world.own)
    change = new_leader(community, world.teacher)
    order = order_for(change, world.official)

    assert roles(community)[world.head.pk] == "leader", "a draft changes nothing"
    today = timezone.localdate()
    register_order(order=order, number="12", date=today, by=world.official)
    with pytest.raises(WrongState):
        register_order(order=order, number="13", date=today, by=world.official)

    assert roles(community) == {world.head.pk: "member", world.teacher.pk: "leader"}
    change.refresh_from_db()
    assert change.state == "ordered"
    assert order.amends == community.order
    told = Letter.objects.filter(key__startswith=f"change:{change.pk}:done").values_list("to", flat=True)
    assert sorted(told) == sorted([world.head.email, world.teacher.email])


def test_draft_for_a_change_is_prepared_once(world):
    change = closing(community_at(world.own))

    assert order_for(change, world.official) == order_for(change, world.official)
    assert Order.objects.filter(purpose="communities.closing").count() == 1


def test_order_is_not_registered_when_the_new_leader_has_left(world):
    community = community_at(world.own)
    order = order_for(new_leader(community, world.teacher), world.official)
    membership.leave(community=community, reason="", by=fresh(world.teacher))

    with pytest.raises(WrongState, match="больше не участвует"):
        register_order(order=order, number="12", date=timezone.localdate(), by=world.official)

    order.refresh_from_db()
    assert (order.state, roles(community)) == ("draft", {world.head.pk: "leader"})


def test_order_extends_a_lapsed_community_and_closes_another(world):
    lapsed, other = lapsed_community(world.head, world.teacher), community_at(world.near)
    watch_terms()
    lapsed.refresh_from_db()
    assert lapsed.state == "lapsed"

    carried_out(extension(lapsed))
    carried_out(closing(other))

    lapsed.refresh_from_db()
    other.refresh_from_db()
    assert (lapsed.state, lapsed.ends_on > timezone.localdate()) == ("active", True)
    assert (other.state, other.closed_on) == ("closed", timezone.localdate())
    assert Community.objects.in_force().get() == lapsed


def test_change_is_asked_once_and_the_refusal_is_read(world, client_of):
    community = community_at(world.own)
    change = extension(community)
    with pytest.raises(WrongState, match="уже ждёт"):
        extension(community)

    changes.drop(change=change, reason="Сначала отчёт.", by=world.official)
    page = client_of(world.head).get(change.get_absolute_url()).content.decode()

    assert "Сначала отчёт." in page
    assert "Сначала отчёт." in Letter.objects.get(key__startswith=f"change:{change.pk}:dropped").text
    with pytest.raises(WrongState):
        order_for(CommunityChange.objects.get(), world.official)


def test_new_term_must_be_later(world, client_of):
    community = community_at(world.own)
    url = reverse("communities:change-new", args=[community.pk]) + "?kind=extension"
    words = {"new_ends_on": community.ends_on.isoformat(), "reason": "Надо"}

    page = client_of(world.head).post(url, words)

    assert page.status_code == 422
    assert "позже нынешнего" in page.content.decode()
    assert not CommunityChange.objects.exists()


def test_community_closes_with_its_founding_order(world, client_of):
    community = approved(world.teacher, world.methodist, world.official).community
    cancelled_and_seen(community, world, client_of)


def test_community_founded_by_an_order_without_a_purpose_closes_with_it_too(world, client_of):
    cancelled_and_seen(community_at(world.own), world, client_of)


def cancelled_and_seen(community, world, client_of):
    """Closed, said to everybody, told to the members once; what waited is answered."""
    newcomer = employ(Role.TEACHER, world.near.organisation)
    asked, change = join_request(community, newcomer), extension(community)
    draft = order_for(change)

    later = draft_order(world.municipality, by=world.official, cancels=community.order)
    before = client_of(world.official).get(f"{later.get_absolute_url()}registration/").content.decode()
    assert f"Сообщество «{community}» закроется" in before
    later = register_order(order=later, number="78", date=DAY, by=world.official)

    community.refresh_from_db()
    asked.refresh_from_db()
    change.refresh_from_db()
    assert (community.state, asked.state, change.state) == ("closed", "declined", "dropped")
    assert not Order.objects.filter(pk=draft.pk).exists(), "nobody would register it"
    page = client_of(None).get(community.get_absolute_url()).content.decode()
    assert "Акт о создании отменён" in page and later.requisites in page
    told = Letter.objects.filter(key__startswith=f"community:{community.pk}:order-cancelled")
    assert set(told.values_list("to", flat=True)) == set(
        community.memberships.current().values_list("person__email", flat=True)
    )
    assert "Отменён акт" in Letter.objects.get(key=f"join:{asked.pk}:answered:{newcomer.pk}").text


@pytest.mark.parametrize("ask", [extension, closing])
def test_change_is_not_taken_back_by_cancelling_its_paper(ask, world):
    community = community_at(world.own)
    order = carried_out(ask(community))
    before = Community.objects.values().get(pk=community.pk)

    with pytest.raises(WrongState, match=r"новой переменой|новое заявление"):
        registered_order(world.municipality, "79", cancels=Order.objects.get(pk=order.pk))

    assert Community.objects.values().get(pk=community.pk) == before
    assert Order.objects.get(pk=order.pk).state == "registered"


def test_leader_and_methodist_are_told_a_month_before_and_when_the_term_is_over(world):
    today = timezone.localdate()
    ending = community_of(world.head, world.teacher, ends_on=today + dt.timedelta(days=30))
    community_of(world.near.head, ends_on=today + dt.timedelta(days=31))

    watch_terms()
    watch_terms()
    keys = Letter.objects.filter(key__startswith="community_").values_list("key", flat=True)
    expected = {
        f"community_ending:{ending.pk}:{ending.ends_on}:{p.pk}" for p in (world.head, world.methodist)
    }
    assert set(keys) == expected

    Community.objects.filter(pk=ending.pk).update(
        starts_on=today - dt.timedelta(days=9), ends_on=today - dt.timedelta(days=1)
    )
    watch_terms()
    watch_terms()

    ending.refresh_from_db()
    assert ending.state == "lapsed"
    assert Letter.objects.filter(key__startswith=f"community_lapsed:{ending.pk}").count() == 2


def test_community_does_not_lapse_before_its_day(world):
    with pytest.raises(WrongState):
        move(community_of(world.head, ends_on=timezone.localdate()), "lapse", by=None)


def test_visitor_sees_the_community_without_names_of_those_who_did_not_agree(world, client):
    community = community_at(world.own)
    url = community.get_absolute_url()

    page = client.get(url).content.decode()
    assert community.title in page and community.order.requisites in page
    assert world.head.last_name not in page

    Person.objects.filter(pk=world.head.pk).update(shows_page=True)
    assert world.head.last_name in client.get(url).content.decode()


def test_neighbour_sees_names_and_a_stranger_does_not(world, client_of):
    url = community_at(world.own).get_absolute_url()

    assert world.head.last_name in client_of(world.near.teacher).get(url).content.decode()
    assert world.head.last_name not in client_of(world.stranger_methodist).get(url).content.decode()


def test_board_shows_who_has_not_handed_in(world, client_of):
    year = SchoolYear.current()
    done, silent = community_at(world.own, title="Сдали"), community_at(world.near, title="Молчат")
    report_of(done, year.start)
    community_of(world.far.head, title="Чужие")

    page = client_of(world.methodist).get(
        reverse("communities:board"), {"year": year.start, "missing": "report"}
    )

    rows = [row.pk for row in page.context["table"].data]
    assert rows == [silent.pk]


def test_days_of_plan_and_report_are_the_municipalitys(world, client_of):
    community_at(world.own)
    Municipality.objects.filter(pk=world.municipality.pk).update(plan_due="25.08", report_due="01.09")

    page = client_of(world.methodist).get(reverse("communities:board"), {"year": 2025}).content.decode()

    assert "планы ждут до 25.08.2025, отчёты – до 01.09.2026" in page


@pytest.mark.parametrize(
    ("founded", "due"),
    [
        (dt.date(2024, 2, 1), dt.date(2025, 10, 1)),
        (dt.date(2025, 8, 31), dt.date(2025, 10, 1)),
        (dt.date(2025, 11, 10), dt.date(2025, 12, 10)),
    ],
)
def test_community_founded_within_the_year_has_a_month_to_plan(founded, due):
    community = Community(starts_on=founded, municipality=Municipality(plan_due="01.10"))

    assert plan_due_of(community, SchoolYear(2025)) == due


@pytest.mark.parametrize(
    ("written", "day", "asks_for"),
    [("15.06", dt.date(2026, 4, 30), 2024), ("15.06", dt.date(2026, 5, 1), 2025), ("15.06", dt.date(2026, 9, 1), 2025),
     ("20.05", dt.date(2026, 4, 4), 2024), ("20.05", dt.date(2026, 4, 5), 2025)],
)  # fmt: skip
def test_report_of_the_running_year_is_asked_for_six_weeks_before_its_day(written, day, asks_for):
    assert year_to_report(day, Municipality(report_due=written)).start == asks_for


@pytest.mark.parametrize("written", ["1.10", "31.02", "29.02", "15.13", "осенью", ""])
def test_day_that_not_every_year_has_is_refused(written):
    with pytest.raises(ValidationError):
        validate_day_of_year(written)


def test_report_is_handed_in_once_a_year(world, client_of):
    community = community_at(world.own)
    url = reverse("communities:report-new", args=[community.pk])
    year = SchoolYear.of(community.starts_on).start
    client = client_of(world.head)

    client.post(url, {"year": year, "text": "Провели шесть встреч."})
    again = client.post(url, {"year": year, "text": "Ещё раз"})

    assert again.status_code == 422
    assert community.reports.get().text == "Провели шесть встреч."


def test_news_pressed_twice_is_one(world, client_of):
    community = community_at(world.own)
    url, words = (
        reverse("communities:news-new", args=[community.pk]),
        {"title": "Встреча", "text": "Были все."},
    )

    for _ in range(2):
        client_of(world.head).post(url, words)

    assert community.news.count() == 1


def test_organisation_and_person_show_their_communities(world):
    community_at(world.own, title="Видна на карточках")

    for record in (world.school, world.teacher):
        panels = record_panels.gather(record, world.methodist)["main"]
        assert "Сообщества" in [panel.title for panel in panels]


@pytest.mark.parametrize("page", ["communities", "board"])
def test_lists_cost_the_same_for_one_and_thirty(world, client_of, django_assert_num_queries, page):
    client, url = client_of(world.methodist), reverse(f"communities:{page}")
    community_at(world.own)
    client.get(url)
    cost = {"communities": 8, "board": 5}[page]

    with django_assert_num_queries(cost):
        client.get(url)
    order = registered_order(world.municipality, "много")
    for number in range(29):
        community_of(fresh(world.near.head), fresh(world.teacher), order=order, title=f"Ещё {number}")
    with django_assert_num_queries(cost):
        client.get(url)


def test_card_costs_the_same_for_two_and_thirty_members(world, client_of, django_assert_num_queries):
    community = community_at(world.own)
    client, url = client_of(world.head), community.get_absolute_url()
    client.get(url)
    cost = 18

    with django_assert_num_queries(cost):
        client.get(url)
    Membership.objects.bulk_create(
        Membership(community=community, person=employ(Role.TEACHER, world.school), organisation=world.school)
        for _ in range(28)
    )
    for number in range(30):
        news_of(community, title=f"Новость {number}")
    with django_assert_num_queries(cost):
        client.get(url)


def test_work_of_the_person_is_the_organisation_of_the_membership(world):
    community = community_at(world.own)

    assert {row.organisation for row in community.memberships.all()} == {work_of(world.head)}
