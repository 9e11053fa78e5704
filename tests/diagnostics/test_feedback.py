"""Feedback on an event: who is asked, when, by which letter, and what is shown of it to whom."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import Letter
from core.states import NotAllowed, WrongState
from diagnostics import tasks
from diagnostics.actions.feedback import ask_for_feedback, close_feedback, give_up, open_due
from diagnostics.feedback import marks, questionnaires_for, release_due
from diagnostics.models import Campaign, Feedback, FeedbackWords, Invitation, Response
from events import reminders
from events.models import Event, Registration
from tests.factories.diagnostics import Phone, launched, make_questionnaire
from tests.factories.events import make_event
from tests.factories.feedback import (
    DISAGREE,
    NO_ANSWER,
    UNSURE,
    answer,
    asked,
    counted,
    crowd,
    event_of,
    mark_all,
    opened,
    shipped_questionnaire,
)
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _daytime(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters go out whatever the hour of the test."""
    monkeypatch.setattr(tasks, "DAYTIME", range(24))


def page_of(browser: Client, address: str) -> str:
    """The page with plain spaces."""
    return browser.get(address).content.decode().replace("\xa0", " ")


def told(prefix: str) -> list[Letter]:
    return list(Letter.objects.filter(key__startswith=prefix).order_by("key"))


def token_in(letter: Letter) -> str:
    return letter.text.split("/diagnostics/s/")[1].split("/")[0]


# Terms


def test_shipped_questionnaire_stands_first_and_no_survey_of_difficulties_is_offered(world: World):
    shipped = shipped_questionnaire()
    own = make_questionnaire(world.municipality, topics=1, items=1, title="Свой отзыв", published=False)
    own.sections.get().items.update(direction=None)
    type(own).objects.filter(pk=own.pk).update(state="published")
    make_questionnaire(world.municipality, title="С картой затруднений")
    make_questionnaire(world.far.municipality, title="Чужая")
    event = make_event(world.school)

    assert list(questionnaires_for(event)) == [shipped, own]


def test_feedback_is_prepared_before_and_opens_when_people_are_marked(world: World):
    people = crowd(world.school, 3)
    event = event_of(world.school, people, organiser=world.teacher)

    feedback = asked(event, by=world.teacher)
    tasks.advance_campaigns()
    feedback.campaign.refresh_from_db()
    assert feedback.campaign.state == Campaign.State.DRAFT

    mark_all(event, by=world.teacher, only=people[:2])
    tasks.advance_campaigns()

    campaign = Campaign.objects.get(pk=feedback.campaign_id)
    assert campaign.state == Campaign.State.RUNNING
    assert campaign.anonymity == "anonymous" and campaign.smallest_group == world.municipality.smallest_group
    assert set(campaign.invitations.values_list("person", flat=True)) == {one.pk for one in people[:2]}
    assert campaign.closes_on == timezone.localdate() + 7 * DAY


def test_feedback_waits_for_the_end_of_the_event(world: World):
    feedback = asked(event_of(world.school, crowd(world.school, 1), organiser=world.head), by=world.head)
    mark_all(feedback.event, by=world.head)
    Event.objects.filter(pk=feedback.event_id).update(ends_at=timezone.now() + dt.timedelta(hours=1))

    assert open_due(Feedback.objects.all()) == 0

    Event.objects.filter(pk=feedback.event_id).update(ends_at=timezone.now() - dt.timedelta(minutes=1))
    assert open_due(Feedback.objects.all()) == 1
    assert open_due(Feedback.objects.all()) == 0


def test_after_a_month_nobody_is_asked_any_more(world: World):
    event = event_of(world.school, crowd(world.school, 1), organiser=world.head)
    feedback = asked(event, by=world.head)
    long_ago = timezone.now() - 31 * DAY
    Event.objects.filter(pk=event.pk).update(starts_at=long_ago - dt.timedelta(hours=1), ends_at=long_ago)
    mark_all(event, by=world.head)

    assert open_due(Feedback.objects.all()) == 0
    with pytest.raises(WrongState):
        asked(event, by=world.head)
    assert Feedback.objects.get().pk == feedback.pk


def test_terms_change_until_it_is_open_and_not_after(world: World):
    event = event_of(world.school, crowd(world.school, 2), organiser=world.head)
    feedback = asked(event, by=world.head)

    again = asked(event, by=world.methodist, anonymity="confidential", days=3)

    assert again.pk == feedback.pk
    assert (again.campaign.anonymity, again.days) == ("confidential", 3)
    mark_all(event, by=world.head)
    open_due(Feedback.objects.all())
    with pytest.raises(WrongState):
        asked(event, by=world.head)
    with pytest.raises(WrongState):
        give_up(Feedback.objects.select_related("event").get(), by=world.head)


def test_only_those_who_run_the_event_ask(world: World):
    event = event_of(world.school, crowd(world.school, 1), organiser=world.head)
    for person in (world.near.head, world.official, world.expert, world.stranger_methodist):
        with pytest.raises(NotAllowed):
            asked(event, by=person)
    feedback = asked(event, by=world.head)
    for person in (world.near.head, world.official):
        with pytest.raises(NotAllowed):
            close_feedback(feedback, by=person)

    assert give_up(feedback, by=world.head) == event
    assert not Feedback.objects.exists() and not Campaign.objects.exists()


@pytest.mark.parametrize("state", [Event.State.PLANNED, Event.State.CANCELLED])
def test_what_is_not_announced_or_cancelled_is_not_asked_about(world: World, state: str):
    with pytest.raises(WrongState):
        asked(make_event(world.school, state=state, organiser=world.head), by=world.head)


# Letters


def test_thanks_carry_a_personal_link_and_no_second_letter_follows(world: World):
    people = crowd(world.school, 2)
    event = event_of(world.school, people, organiser=world.head)
    asked(event, by=world.head)
    mark_all(event, by=world.head)

    assert reminders.thank() == 2
    tasks.advance_campaigns()
    assert (reminders.thank(), tasks.advance_campaigns()) == (0, None)

    letters = told("event-thanks:")
    assert len(letters) == 2 and not told("event-feedback:")
    assert all(letter.secret and "Анонимно" in letter.text for letter in letters)
    tokens = {token_in(letter) for letter in letters}
    assert len(tokens) == 2
    campaign = Campaign.objects.get()
    for token in tokens:
        phone = Phone(token)
        phone.begin()
        phone.topic(1, dict.fromkeys(("useful", "applicable", "clear", "organised"), "4"))
        assert phone.send().status_code == 302
    assert campaign.responses.count() == 2
    assert campaign.invitations.filter(participated=True).count() == 2


def test_who_was_thanked_before_gets_one_letter_of_its_own(world: World):
    people = crowd(world.school, 2)
    event = event_of(world.school, people, organiser=world.head)
    mark_all(event, by=world.head, only=people[:1])
    reminders.thank()
    asked(event, by=world.head)

    for _ in range(2):
        tasks.advance_campaigns()
    assert [letter.to for letter in told("event-feedback:")] == [people[0].email]
    assert told("event-feedback:")[0].secret

    mark_all(event, by=world.head, only=people[1:])
    tasks.advance_campaigns()
    reminders.thank()
    tasks.advance_campaigns()
    assert [letter.to for letter in told("event-feedback:")] == [people[0].email]
    assert "/diagnostics/s/" in Letter.objects.get(to=people[1].email, key__startswith="event-thanks").text


def test_where_nobody_thanks_a_letter_of_its_own_goes_out(world: World):
    event = event_of(world.school, crowd(world.school, 1), organiser=world.head)
    before = timezone.now() - (reminders.THANKS_DAYS + 1) * DAY
    Event.objects.filter(pk=event.pk).update(starts_at=before - dt.timedelta(hours=2), ends_at=before)
    mark_all(event, by=world.head)
    asked(event, by=world.head)

    reminders.thank()
    tasks.advance_campaigns()

    assert not told("event-thanks:")
    assert len(told("event-feedback:")) == 1


def test_one_reminder_two_days_before_the_end_to_those_who_did_not_answer(world: World):
    feedback = opened(world.school, by=world.head, people=3)
    answer(feedback, {})
    campaign = Campaign.objects.get()

    def reminded_on(days_left: int) -> int:
        closes = timezone.localdate() + days_left * DAY
        Campaign.objects.filter(pk=campaign.pk).update(closes_on=closes)
        before = set(campaign_jobs())
        tasks.advance_campaigns()
        return len(set(campaign_jobs()) - before)

    def campaign_jobs() -> list[int]:
        from core.models import Job

        return list(Job.objects.filter(kind="diagnostics.remind").values_list("pk", flat=True))

    assert [reminded_on(days) for days in (3, 2, 1)] == [0, 1, 0]


# What is shown


def test_shares_are_those_of_the_answers_and_no_answer_does_not_count(world: World):
    feedback = opened(world.school, by=world.head, people=8)
    answer(
        feedback, {}, {}, {}, {"useful": "4"}, {"useful": UNSURE}, {"useful": DISAGREE, "clear": NO_ANSWER}
    )

    feedback = counted(feedback, by=world.head)

    assert (feedback.answers, feedback.useful, feedback.useful_of) == (6, 4, 6)
    found = {mark.item.code: (mark.good, mark.answers) for mark in marks(feedback)}
    assert found == {"useful": (4, 6), "applicable": (6, 6), "clear": (5, 5), "organised": (6, 6)}
    page = page_of(world.client("head"), feedback.event.get_absolute_url())
    assert "Ответили <b>6</b> из 8" in page
    assert "67 %" in page


def test_below_the_smallest_group_neither_figures_nor_words_are_shown(world: World):
    feedback = opened(world.school, by=world.head, people=8)
    answer(feedback, *[{"take": f"слова {number}"} for number in range(4)])

    feedback = counted(feedback, by=world.head)

    assert (feedback.answers, feedback.useful_of, FeedbackWords.objects.count()) == (0, 0, 0)
    assert feedback.released_at is not None
    for address in (feedback.event.get_absolute_url(), feedback.get_absolute_url()):
        page = world.client("head").get(address).content.decode()
        assert "Мало ответов" in page
        assert "слова 1" not in page and "Хорошо" not in page


def test_nothing_is_shown_while_answers_are_taken_however_many(world: World):
    feedback = opened(world.school, by=world.head, people=30)
    answer(feedback, *[{"take": "карточки"}] * 25)

    tasks.tally_due()

    page = world.client("head").get(feedback.get_absolute_url()).content.decode()
    assert "Ответили <b>25</b> из 30" in page
    assert "карточки" not in page and "Хорошо" not in page
    assert not FeedbackWords.objects.exists()


def test_words_stand_apart_from_their_sheets_and_are_hidden_by_those_who_run_the_event(world: World):
    feedback = opened(world.school, by=world.head, people=6)
    answer(feedback, *[{"take": f"слова {number}"} for number in range(6)])
    feedback = counted(feedback, by=world.head)
    assert {field.name for field in FeedbackWords._meta.fields}.isdisjoint({"response", "sheet", "person"})
    assert sorted(FeedbackWords.objects.values_list("text", flat=True)) == [f"слова {n}" for n in range(6)]
    bad = FeedbackWords.objects.get(text="слова 3")
    url = reverse("diagnostics:feedback-words-hiding", args=[bad.pk])

    assert world.client("official").post(url).status_code == 403
    assert world.client("head").post(url, {"act": "hide"}).status_code == 302

    pages = {
        role: world.client(role).get(feedback.get_absolute_url()).content.decode()
        for role in ("head", "official")
    }
    assert "слова 3" in pages["head"] and "слова 3" not in pages["official"]
    assert "слова 2" in pages["official"]
    assert "Скрыто теми, кто проводил событие: 1" in pages["official"]
    assert world.client("official").post(url).status_code == 404
    world.client("head").post(url, {"act": "show"})
    assert "слова 3" in world.client("official").get(feedback.get_absolute_url()).content.decode()


def test_release_happens_once(world: World):
    feedback = opened(world.school, by=world.head, people=6)
    answer(feedback, *[{"take": "карточки"}] * 6)
    counted(feedback, by=world.head)

    assert release_due() == 0
    tasks.tally_due()
    assert FeedbackWords.objects.count() == 6


def test_confidential_feedback_is_read_again_by_its_writer_and_named_to_nobody(world: World):
    feedback = opened(world.school, by=world.head, people=6, anonymity="confidential")
    answer(feedback, *[{"take": "карточки"}] * 6)
    feedback = counted(feedback, by=world.head)
    sheet = Response.objects.filter(campaign=feedback.campaign).first()

    page = world.client("head").get(feedback.get_absolute_url()).content.decode()

    assert feedback.answers == 6
    assert sheet.person.last_name not in page
    assert world.client("methodist").get(reverse("diagnostics:response", args=[sheet.pk])).status_code == 404


def test_participant_is_asked_on_the_page_of_the_event_and_sees_no_results(world: World, client_of):
    feedback = opened(world.school, by=world.head, people=6)
    person = Invitation.objects.filter(campaign=feedback.campaign).first().person
    browser = client_of(person)

    page = browser.get(feedback.event.get_absolute_url()).content.decode()
    mine = browser.get("/my/").content.decode()

    assert "Оставить отзыв" in page and "Ответили" not in page
    assert f"Оставить отзыв: {feedback.event}" in mine and "Ответить на опрос" not in mine
    invitation = Invitation.objects.get(campaign=feedback.campaign, person=person)
    begun = browser.post(reverse("diagnostics:mine-start", args=[invitation.pk]), follow=True)
    assert "Отзыв о событии" in begun.content.decode()
    assert "те, кто проводил" in begun.content.decode()


# Apart from surveys


def test_feedback_is_no_survey_anywhere(world: World):
    survey = launched(world.municipality, by=world.methodist, title="Что даётся трудно")
    feedback = opened(world.school, by=world.head, people=6)
    campaign = feedback.campaign
    browser = world.client("methodist")

    for address in ("/diagnostics/", "/diagnostics/campaigns/", "/my/", "/diagnostics/findings/", "/"):
        page = browser.get(address).content.decode()
        assert campaign.title not in page, address
    for name in ("campaign", "map", "other-answers", "campaign-closing", "campaign-reminder"):
        assert browser.get(reverse(f"diagnostics:{name}", args=[campaign.pk])).status_code == 404, name
    assert list(Campaign.objects.visible_to(world.methodist)) == [survey]
    assert list(Campaign.objects.editable_by(world.methodist)) == [survey]
    assert list(Campaign.objects.visible_to(world.admin)) == [survey]


def test_feedback_alone_makes_no_survey_of_the_year(world: World):
    from core.school_year import SchoolYear
    from monitoring.computed import RULES, Scope

    feedback = opened(world.school, by=world.head, people=6)
    answer(feedback, *[{}] * 6)
    here = Scope(world.municipality, SchoolYear.current())

    for name in ("surveys_held", "diagnosed_teachers", "surveyed_organisations"):
        assert RULES[name].count(here).numerator == 0, name


def test_head_is_not_asked_to_print_links_of_feedback(world: World):
    people = crowd(world.school, 6)
    type(people[0]).objects.filter(pk=people[0].pk).update(email=None)
    event = event_of(world.school, people, organiser=world.head)
    mark_all(event, by=world.head)
    asked(event, by=world.head)

    assert "Раздать ссылки" not in world.client("head").get("/my/").content.decode()


# Pages


def test_terms_are_asked_on_a_page_that_says_what_follows(world: World):
    shipped = shipped_questionnaire()
    people = crowd(world.school, 2)
    event = event_of(world.school, people, organiser=world.head)
    mark_all(event, by=world.head)
    browser = world.client("head")
    assert "Собрать отзывы" in browser.get(event.get_absolute_url()).content.decode()
    url = reverse("diagnostics:feedback-new", args=[event.pk])

    page = page_of(browser, url)
    assert "приглашены будут 2 человека" in page
    wrong = browser.post(url, {"questionnaire": shipped.pk, "anonymity": "named", "days": 7})
    assert wrong.status_code == 422
    answer = browser.post(url, {"questionnaire": shipped.pk, "anonymity": "anonymous", "days": 5})

    feedback = Feedback.objects.get()
    assert answer["Location"] == feedback.get_absolute_url()
    assert feedback.campaign.state == Campaign.State.RUNNING
    assert browser.get(url)["Location"] == feedback.get_absolute_url()


def test_closing_by_the_head_who_is_no_methodist(world: World):
    feedback = opened(world.school, by=world.head)

    browser = world.client("head")
    answer = browser.post(reverse("diagnostics:feedback-closing", args=[feedback.pk]))

    assert answer["Location"] == feedback.get_absolute_url()
    assert Campaign.objects.get().state == Campaign.State.CLOSED
    assert "Никто не ответил" not in browser.get(feedback.get_absolute_url()).content.decode()
    tasks.tally_due()
    assert "Никто не ответил" in browser.get(feedback.get_absolute_url()).content.decode()


EVENT_QUERIES, CARD_QUERIES = 17, 11


@pytest.mark.parametrize("people", [6, 30])
def test_pages_take_the_same_queries_for_few_and_for_many(
    world: World, people: int, django_assert_num_queries
):
    feedback = opened(world.school, by=world.head, people=people)
    answer(feedback, *[{"take": "карточки", "improve": "громче"}] * people)
    feedback = counted(feedback, by=world.head)
    browser = world.client("head")
    browser.get("/")

    with django_assert_num_queries(CARD_QUERIES):
        browser.get(feedback.get_absolute_url())
    with django_assert_num_queries(EVENT_QUERIES):
        browser.get(feedback.event.get_absolute_url())


def test_registrations_of_others_are_not_asked(world: World):
    """Who signed up and was not marked gets no link."""
    people = crowd(world.school, 3)
    event = event_of(world.school, people, organiser=world.head)
    mark_all(event, by=world.head, only=people[:1])
    feedback = asked(event, by=world.head)

    assert Invitation.objects.filter(campaign=feedback.campaign).count() == 1
    assert Registration.objects.filter(event=event).count() == 3
    with pytest.raises(NotAllowed):
        ask_for_feedback(
            event=event, questionnaire=shipped_questionnaire(), anonymity="anonymous", days=7, by=people[1]
        )
