"""Links on paper for those without an e-mail: personal, printed by those who hand them out, telling nothing."""

from __future__ import annotations

import logging
import re

import pytest
from django.urls import reverse

from core.states import NotAllowed, WrongState
from diagnostics.actions import campaigns, links
from diagnostics.models import Campaign, Draft, Invitation, InvitationKey, LinkPrinting, Response
from network.models import Person, Role
from tests.factories.diagnostics import HARD, SOME, Phone, launched, link_of, make_questionnaire
from tests.factories.network import OrganisationFactory, employ

LINK = re.compile(r"/diagnostics/s/([\w-]{43})/")


def without_email(place, **fields) -> Person:
    person = employ(Role.TEACHER, place, **fields)
    person.email = None
    person.save()
    return person


@pytest.fixture
def silent(world):
    """A teacher of the own school who has no e-mail."""
    return without_email(world.school, last_name="Безпочтова")


@pytest.fixture
def campaign(world, silent) -> Campaign:
    return launched(world.municipality, by=world.methodist)


def address(campaign: Campaign, place) -> str:
    return reverse("diagnostics:links-print", args=[campaign.pk, place.pk])


def told(page: bytes | str) -> str:
    """The page without what differs at every look."""
    text = page if isinstance(page, str) else page.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce-\S+', "", text)


def printed(world, campaign: Campaign, role: str = "head") -> str:
    """Token of the one link of the own school."""
    page = world.client(role).post(address(campaign, world.school)).content.decode()
    (token,) = set(LINK.findall(page))
    return token


def test_sheet_holds_one_working_link_and_code_for_each_without_an_email(world, campaign, silent):
    second = without_email(world.school)
    campaigns.add_participants(campaign, [world.school], by=world.methodist)

    page = world.client("head").post(address(campaign, world.school))

    text = page.content.decode()
    tokens = set(LINK.findall(text))
    assert len(tokens) == 2
    assert text.count("<svg viewBox") == 2 and text.count('class="code"') == 2
    assert str(silent) in text and str(second) in text and str(world.teacher) not in text
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "no-referrer"
    for token in tokens:
        assert "Начать" in Phone(token).client.get(f"/diagnostics/s/{token}/").content.decode()


def test_printing_is_recorded_without_the_links(world, campaign, caplog):
    with caplog.at_level(logging.INFO):
        token = printed(world, campaign)

    printing = LinkPrinting.objects.get()
    assert (printing.by, printing.organisation, printing.links) == (world.head, world.school, 1)
    assert "survey_links_printed" in caplog.text
    assert token not in caplog.text
    assert token not in str(list(InvitationKey.objects.values()))
    shown = world.client("methodist").get(address(campaign, world.school)).content.decode()
    assert str(world.head) in shown and token not in shown


def test_answers_by_a_printed_link_are_taken_once(world, campaign, silent):
    phone = Phone(printed(world, campaign))

    phone.fill_in(campaign)
    again = phone.client.get(phone.url("check"), follow=True)

    assert Response.objects.count() == 1
    assert "Спасибо" in again.content.decode()
    assert Invitation.objects.get(person=silent).participated


def test_copy_of_a_printed_link_shows_neither_draft_nor_participation(world, campaign):
    token = printed(world, campaign)
    owner, copy = Phone(token), Phone(token)
    owner.begin()
    owner.topic(1, {"t1q1": HARD})

    before = copy.client.get(copy.url()).content.decode()
    copy.begin()
    topic = copy.client.get(copy.url("topic", number=1))
    owner.answer_all(campaign)
    owner.send()
    after = Phone(token).client.get(copy.url()).content.decode()

    assert not any(choice.chosen for q in topic.context["questions"] for choice in q.choices)
    assert told(before) == told(after)
    assert "Начать" in after and "Продолжить" not in after


def test_second_browser_is_thanked_alike_and_counts_nothing(world, campaign):
    token = printed(world, campaign)
    Phone(token).fill_in(campaign, HARD)
    other = Phone(token)

    answer = other.fill_in(campaign, SOME)

    assert answer["Location"] == other.url("thanks")
    assert "один ответ" in other.client.get(other.url("thanks")).content.decode()
    assert set(Response.objects.get().answers.values()) == {HARD}
    assert not Draft.objects.exists()


def test_colleagues_answer_one_after_another_on_one_device(world, campaign):
    without_email(world.school)
    campaigns.add_participants(campaign, [world.school], by=world.methodist)
    page = world.client("head").post(address(campaign, world.school)).content.decode()
    first, second = (Phone(token) for token in sorted(set(LINK.findall(page))))
    second.client = first.client

    first.fill_in(campaign, HARD)
    second.fill_in(campaign, SOME)

    assert Response.objects.count() == 2
    assert Invitation.objects.filter(participated=True).count() == 2


@pytest.mark.parametrize("anonymity", ["confidential", "named"])
def test_draft_of_any_survey_is_closed_to_a_copy_of_the_paper(world, silent, anonymity):
    campaign = launched(world.municipality, by=world.methodist, anonymity=anonymity)
    token = printed(world, campaign)
    owner, copy = Phone(token), Phone(token)
    owner.begin()
    owner.topic(1, {"t1q1": HARD})
    copy.begin()

    topic = copy.client.get(copy.url("topic", number=1))

    assert not any(choice.chosen for q in topic.context["questions"] for choice in q.choices)


def test_reprinted_link_continues_in_the_same_browser(world, campaign):
    first = Phone(printed(world, campaign))
    first.begin()
    first.topic(1, {"t1q1": HARD})

    second = Phone(printed(world, campaign), first.client)

    assert "Продолжить" in second.client.get(second.url()).content.decode()
    assert InvitationKey.objects.filter(printed=True).count() == 2


def test_pages_of_links_do_not_tell_who_took_part(world, campaign):
    pages = [reverse("diagnostics:links", args=[campaign.pk]), address(campaign, world.school)]
    token = printed(world, campaign)
    head = world.client("head")
    before = [head.get(url).content for url in pages]

    Phone(token).fill_in(campaign)

    assert [told(head.get(url).content) for url in pages] == [told(page) for page in before]


def test_head_prints_for_the_own_school_alone(world, campaign):
    away = without_email(world.near.organisation)
    campaigns.add_participants(campaign, [world.near.organisation], by=world.methodist)

    rows = world.client("head").get(reverse("diagnostics:links", args=[campaign.pk])).context["rows"]
    foreign = world.client("head").post(address(campaign, world.near.organisation))

    assert [place for place, _ in rows] == [world.school]
    assert foreign.status_code == 404
    assert not InvitationKey.objects.filter(invitation__person=away).exists()
    for person in (world.official, world.teacher, world.near.head, world.stranger_methodist):
        with pytest.raises(NotAllowed):
            links.print_links(campaign, world.school, by=person)


def test_nothing_is_printed_when_all_have_an_email_or_the_survey_is_over(world, campaign):
    with pytest.raises(WrongState, match="есть электронная почта"):
        links.print_links(campaign, world.near.organisation, by=world.methodist)
    campaigns.close(campaign, by=world.methodist)

    answer = world.client("head").post(address(campaign, world.school), follow=True)

    assert "пока опрос идёт" in answer.content.decode()
    assert not LinkPrinting.objects.exists()


def test_people_without_an_email_get_no_letter_and_the_card_leads_to_the_paper(world, campaign):
    methodist = world.client("methodist").get(campaign.get_absolute_url()).content.decode()
    official = world.client("official").get(campaign.get_absolute_url()).content.decode()

    assert "ссылки на бумаге" in methodist
    assert "ссылки на бумаге" not in official


def test_own_tasks_of_the_head_name_the_links_until_they_are_printed(world, campaign):
    before = world.client("head").get(reverse("my")).content.decode()
    near = world.client("teacher").get(reverse("my")).content.decode()
    printed(world, campaign)
    after = world.client("head").get(reverse("my")).content.decode()

    words = f"Раздать ссылки на опрос «{campaign}»"
    assert words in before
    assert words not in near and words not in after


def test_letter_link_still_needs_no_cookie(world, campaign):
    token = link_of(campaign, world.teacher)
    Phone(token).topic(1, {"t1q1": HARD})

    assert "Продолжить" in Phone(token).client.get(f"/diagnostics/s/{token}/").content.decode()


LINKS_QUERIES = 6
PRINT_QUERIES = 11


@pytest.mark.parametrize("count", [1, 30])
def test_pages_of_links_take_the_same_queries_at_any_number(world, count, django_assert_num_queries):
    for _ in range(count):
        without_email(world.school)
        without_email(OrganisationFactory(municipality=world.municipality))
    campaign = launched(world.municipality, by=world.methodist, questionnaire=make_questionnaire())
    client = world.client("methodist")

    with django_assert_num_queries(LINKS_QUERIES):
        client.get(reverse("diagnostics:links", args=[campaign.pk]))
    with django_assert_num_queries(PRINT_QUERIES):
        client.post(address(campaign, world.school))
