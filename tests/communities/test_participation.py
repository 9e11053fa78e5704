"""Who is listed and says yes or no, whose opinion is asked, who is reminded."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from communities import application_reminders as reminders
from communities.actions import applications as actions
from communities.actions import opinions, participants
from communities.models import Answer, CommunityApplication, ExpertOpinion
from core.models import Letter
from core.portal import my_tasks, my_waits
from core.states import NotAllowed, WrongState
from network.models import Employment, Municipality, Role
from tests.factories import applications as factory
from tests.factories.network import employ
from tests.world import World

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
# A Wednesday noon and what is not a working hour.
NOON = dt.datetime(2026, 11, 25, 12, tzinfo=timezone.get_default_timezone())
URL = "/communities/applications/"


@pytest.fixture(autouse=True)
def _pair(world: World) -> None:
    """Two people are enough for a community here: what is said of two holds of twenty. A month to answer."""
    world.municipality.minimum_community_size = 2
    world.municipality.answer_days = 30
    world.municipality.save()


@pytest.fixture
def colleague(world: World):
    return employ(Role.TEACHER, world.near.organisation, last_name="Соседова", service_since=2010)


@pytest.fixture
def application(world: World, colleague) -> CommunityApplication:
    """Submitted by the teacher, with a colleague of the next school."""
    application = factory.draft(world.teacher, 1)
    factory.add(application, colleague)
    return actions.submit(application=application, by=world.teacher)


def job_of(person) -> Employment:
    return Employment.objects.select_related("person", "organisation").get(person=person)


def titles(hook, person) -> list[str]:
    return [task.title for task in hook.gather(type(person).objects.get(pk=person.pk))]


def answer_of(application: CommunityApplication, person) -> str:
    return application.members.get(person=person).answer


def test_listed_people_are_asked_when_it_is_submitted_and_not_before(world, colleague):
    application = factory.draft(world.teacher, 1)
    factory.add(application, colleague)
    assert not Letter.objects.exists() and not titles(my_tasks, colleague)

    actions.submit(application=application, by=world.teacher)

    letter = Letter.objects.get(to=colleague.email)
    assert f"{application.get_absolute_url()}participation/" in letter.text
    assert titles(my_tasks, colleague) == [f"Ответить, участвуете ли: {application}"]
    assert f"Ответить за организацию: {application}" in titles(my_tasks, world.near.head)


def test_nobody_is_a_member_without_saying_so(world, application, colleague):
    assert answer_of(application, colleague) == Answer.ASKED

    for somebody in (world.teacher, world.head, world.methodist, world.near.teacher):
        with pytest.raises((NotAllowed, WrongState)):
            participants.answer(
                application=application, agrees=True, by=somebody, organisation=world.far.organisation
            )
    assert answer_of(application, colleague) == Answer.ASKED
    with pytest.raises(NotAllowed):
        participants.answer(application=application, agrees=True, by=world.near.teacher)


def test_answer_by_page_and_its_change(world, application, colleague, client_of):
    browser = client_of(colleague)
    page = browser.get(f"{application.get_absolute_url()}participation/").content.decode()
    assert "Участвую" in page and "Участие добровольное" in page

    browser.post(f"{application.get_absolute_url()}participation/", {"answer": "yes"})
    assert answer_of(application, colleague) == Answer.CONFIRMED and not titles(my_tasks, colleague)
    Letter.objects.all().delete()

    browser.post(f"{application.get_absolute_url()}participation/", {"answer": "no"})
    browser.post(f"{application.get_absolute_url()}participation/", {"answer": "no"})
    assert answer_of(application, colleague) == Answer.DECLINED
    letter = Letter.objects.get()
    assert letter.to == world.teacher.email and "Соседова" in letter.text


def test_head_answers_for_the_own_organisation_only(world, application, client_of):
    url = f"{application.get_absolute_url()}participation/"
    near, own = world.near.organisation, world.school

    client_of(world.near.head).post(url, {"answer": "yes", "organisation": near.pk})
    refused = client_of(world.near.head).post(url, {"answer": "yes", "organisation": own.pk})

    rows = {row.organisation: row for row in application.organisations.select_related("organisation")}
    assert rows[near].answer == Answer.CONFIRMED and rows[near].answered_by == world.near.head
    assert rows[own].answer == Answer.ASKED and refused.status_code == 403


def test_member_who_names_an_organisation_does_not_answer_by_it(world, application, colleague, client_of):
    url = f"{application.get_absolute_url()}participation/"

    for place in (world.near.organisation.pk, 999_999):
        client_of(colleague).post(url, {"answer": "yes", "organisation": place})

    assert answer_of(application, colleague) == Answer.ASKED


def test_answers_are_closed_once_the_order_is_prepared(world, colleague, client_of):
    order = factory.ordered(world.teacher, world.methodist, world.official, size=2)
    application = CommunityApplication.objects.get(order=order)
    member = application.members.exclude(person=world.teacher).select_related("person").get().person

    with pytest.raises(WrongState, match="ответ изменить нельзя"):
        participants.answer(application=application, agrees=False, by=member)

    page = client_of(member).get(f"{application.get_absolute_url()}participation/").content.decode()
    assert "ответ изменить нельзя" in page and 'value="no"' not in page
    assert answer_of(application, member) == Answer.CONFIRMED


def test_head_who_applies_has_agreed_for_the_organisation(world):
    application = factory.draft(world.head, 1)

    place = application.organisations.get()

    assert place.answer == Answer.CONFIRMED and place.answered_by == world.head


def test_list_is_changed_by_the_initiator_while_it_is_open(world, colleague, client_of):
    application = factory.draft(world.teacher, 1)
    url = f"{application.get_absolute_url()}members/"
    browser = client_of(world.teacher)

    page = browser.get(url, {"q": "соседова"}).content.decode()
    assert "Соседова Пётр Ильич" in page and "Школа № 2" in page
    for _ in range(2):
        browser.post(url, {"add": job_of(colleague).pk})
    browser.post(url, {"leader": colleague.pk})
    browser.post(url, {"remove": colleague.pk})
    application.refresh_from_db()
    assert application.leader == colleague and application.members.count() == 2
    assert application.organisations.count() == 2

    browser.post(url, {"leader": world.teacher.pk})
    browser.post(url, {"remove_organisation": world.near.organisation.pk})
    assert application.organisations.count() == 2, "somebody of it is listed"
    browser.post(url, {"remove": colleague.pk})
    browser.post(url, {"remove_organisation": world.near.organisation.pk})
    assert application.members.count() == application.organisations.count() == 1


def test_people_of_another_municipality_are_neither_found_nor_listed(world, client_of):
    application = factory.draft(world.teacher, 1)
    stranger = employ(Role.TEACHER, world.far.organisation, last_name="Дальнева")
    url = f"{application.get_absolute_url()}members/"

    page = client_of(world.teacher).get(url, {"q": "Дальнева"}).content.decode()
    answer = client_of(world.teacher).post(url, {"add": job_of(stranger).pk})

    assert "никого не нашлось" in page and answer.status_code == 404
    with pytest.raises(WrongState, match="не работает в этом муниципалитете"):
        participants.add_person(application=application, job=job_of(stranger), by=world.teacher)
    assert application.members.count() == 1


def test_search_asks_for_three_letters(world, client_of):
    application = factory.draft(world.teacher, 1)

    page = client_of(world.teacher).get(f"{application.get_absolute_url()}members/", {"q": "Оз"})

    assert "хотя бы три буквы" in page.content.decode() and not page.context["found_people"]


def test_list_is_closed_after_submission(world, application, colleague, client_of):
    answer = client_of(world.teacher).post(
        f"{application.get_absolute_url()}members/", {"remove": colleague.pk}, follow=True
    )

    assert application.members.count() == 2
    assert "Заявление уже подано" in answer.content.decode()


def test_opinion_is_asked_given_and_seen_by_those_who_decide(world, application, client_of):
    actions.start_review(application=application, by=world.methodist)
    url = application.get_absolute_url()
    due = TODAY + dt.timedelta(days=5)

    for _ in range(2):
        client_of(world.methodist).post(f"{url}opinions/", {"experts": [world.expert.pk], "due_on": due})
    assert ExpertOpinion.objects.get().due_on == due
    assert Letter.objects.filter(to=world.expert.email).count() == 1
    assert titles(my_tasks, world.expert) == [f"Дать мнение эксперта: {application}"]
    assert f"Мнение эксперта: {application}" in titles(my_waits, world.methodist)

    client_of(world.expert).post(f"{url}opinion/", {"verdict": "remarks", "text": "Добавьте психолога"})

    assert not titles(my_tasks, world.expert)
    for reader in (world.methodist, world.official, world.expert):
        assert "Добавьте психолога" in client_of(reader).get(url).content.decode()
    assert "Добавьте психолога" not in client_of(world.teacher).get(url).content.decode()


def test_those_concerned_give_no_opinion(world):
    expert = employ(Role.EXPERT, world.school)
    Employment.objects.create(person=expert, organisation=world.school, role=Role.TEACHER)
    application = factory.draft(world.teacher, 2)
    participants.add_person(
        application=application,
        job=Employment.objects.get(person=expert, role=Role.TEACHER),
        by=world.teacher,
    )
    actions.submit(application=application, by=world.teacher)
    application = actions.start_review(application=application, by=world.methodist)

    assert opinions.experts_for(application) == [world.expert]
    asked = opinions.ask_opinions(
        application=application, experts=[expert, world.teacher], due_on=TODAY, by=world.methodist
    )
    assert asked == [] and not ExpertOpinion.objects.exists()


def test_opinions_are_closed_with_the_review(world, application):
    actions.start_review(application=application, by=world.methodist)
    factory.ask(application, world.methodist, world.expert)
    actions.return_back(application=application, reason="Уточните", by=world.methodist)

    with pytest.raises(WrongState, match="мнения уже не собирают"):
        opinions.give_opinion(application=application, verdict="for", text="Да", by=world.expert)

    assert not ExpertOpinion.objects.given().exists() and not titles(my_tasks, world.expert)


def test_given_opinion_is_not_recalled(world, application, client_of):
    actions.start_review(application=application, by=world.methodist)
    opinion = factory.ask(application, world.methodist, world.expert)
    opinions.give_opinion(application=application, verdict="for", text="Да", by=world.expert)
    url = f"{application.get_absolute_url()}opinions/"

    client_of(world.methodist).post(url, {"recall": opinion.pk})
    assert ExpertOpinion.objects.filter(pk=opinion.pk).exists()

    other = factory.ask(application, world.methodist, employ(Role.EXPERT, world.near.organisation))
    client_of(world.methodist).post(url, {"recall": other.pk})
    assert not ExpertOpinion.objects.filter(pk=other.pk).exists()


def late(application: CommunityApplication, days: int = 3) -> None:
    CommunityApplication.objects.filter(pk=application.pk).update(
        turn_until=NOON.date() - dt.timedelta(days=days)
    )


def test_overdue_is_reminded_of_once_a_day_to_whose_turn_it_is(world, application):
    second = factory.awaiting(world.near.teacher, world.methodist, size=2)
    review = actions.start_review(application=application, by=world.methodist)
    factory.ask(review, world.methodist, world.expert)
    ExpertOpinion.objects.update(due_on=NOON.date() - dt.timedelta(days=1))
    late(application)
    late(second)
    Letter.objects.all().delete()

    assert reminders.remind(NOON) == 3
    reminders.remind(NOON + dt.timedelta(hours=5))

    told = dict(Letter.objects.values_list("to", "text"))
    assert len(told) == Letter.objects.count() == 3
    assert "дать заключение" in told[world.methodist.email]
    assert "решить по заявлению" in told[world.official.email]
    assert "дать мнение" in told[world.expert.email] and "opinion/" in told[world.expert.email]

    reminders.remind(NOON + dt.timedelta(days=1))
    assert Letter.objects.count() == 6


def test_initiator_is_reminded_of_a_returned_application_when_the_days_to_mend_it_are_over(
    world, application
):
    actions.start_review(application=application, by=world.methodist)
    actions.return_back(application=application, reason="Уточните", by=world.methodist)
    Letter.objects.all().delete()
    assert reminders.remind(NOON) == 0

    late(application)
    assert reminders.remind(NOON) == 1

    letter = Letter.objects.get()
    assert letter.to == application.initiator.email and "исправить заявление" in letter.text


def test_several_overdue_things_are_one_letter(world, application):
    other = factory.submitted(world.near.teacher, 2, title="Читаем вместе")
    late(application)
    late(other, 1)
    Letter.objects.all().delete()

    reminders.remind(NOON)

    letter = Letter.objects.get()
    assert letter.to == world.methodist.email and "дел: 2" in letter.subject
    assert str(application) in letter.text and "Читаем вместе" in letter.text


def test_organisation_whose_head_refused_gives_nobody_to_the_community(world, colleague, client_of):
    Municipality.objects.filter(pk=world.municipality.pk).update(minimum_community_size=3)
    application = factory.draft(world.teacher, 2)
    factory.add(application, colleague)
    application = actions.submit(application=application, by=world.teacher)
    factory.agree(application)
    refused = {"by": world.near.head, "organisation": world.near.organisation}
    participants.answer(application=application, agrees=False, **refused)
    review = actions.start_review(application=application, by=world.methodist)
    review = actions.conclude(application=review, conclusion="Да.", suggests="approve", by=world.methodist)

    with pytest.raises(WrongState) as refusal:
        actions.pass_on(application=review, by=world.methodist)

    assert "а нужно не меньше 3" in str(refusal.value)
    assert f"Отказались организации, их педагоги не в счёт: {world.near.organisation}" in str(refusal.value)
    card = client_of(world.methodist).get(review.get_absolute_url()).content.decode()
    assert "Согласились 2 из 3" in card
    assert CommunityApplication.objects.with_answers().get().agreed == 2

    participants.answer(application=application, agrees=True, **refused)
    assert actions.pass_on(application=review, by=world.methodist).state == "awaiting_decision"


def silent_for(application: CommunityApplication, days: int) -> None:
    """Everybody asked so many days before NOON, and nobody has answered."""
    asked = NOON - dt.timedelta(days=days)
    application.members.filter(answer="asked").update(asked_at=asked)
    application.organisations.filter(answer="asked").update(asked_at=asked)


def test_silent_participants_and_heads_are_reminded_once_a_day(world, application, colleague):
    days = world.municipality.answer_days
    Letter.objects.all().delete()

    silent_for(application, days)
    assert reminders.remind(NOON) == 0, "the last day is theirs"
    silent_for(application, days + 1)
    reminders.remind(NOON)
    reminders.remind(NOON + dt.timedelta(hours=3))

    told = dict(Letter.objects.values_list("to", "text"))
    assert len(told) == Letter.objects.count() == 3
    assert "ответить, участвуете ли" in told[colleague.email] and "participation/" in told[colleague.email]
    for head in (world.head, world.near.head):
        assert "ответить за организацию" in told[head.email]

    participants.answer(application=application, agrees=False, by=colleague)
    Letter.objects.all().delete()
    reminders.remind(NOON + dt.timedelta(days=1))
    assert set(Letter.objects.values_list("to", flat=True)) == {world.head.email, world.near.head.email}


def test_question_to_a_participant_stands_in_my_tasks_with_its_day(world, application, colleague):
    [task] = [one for one in my_tasks.gather(colleague) if one.title.startswith("Ответить, участвуете ли")]

    assert task.due == TODAY + dt.timedelta(days=world.municipality.answer_days)


@pytest.mark.parametrize("moment", [NOON.replace(hour=3), NOON.replace(hour=22), NOON + dt.timedelta(days=3)])
def test_nobody_is_reminded_at_night_or_on_a_day_off(world, application, moment):
    late(application, 30)

    assert reminders.remind(moment) == 0


def test_nobody_is_reminded_of_what_has_time_or_is_decided(world, application):
    done = factory.approved(world.near.teacher, world.methodist, world.official, size=2)
    CommunityApplication.objects.filter(pk=done.pk).update(turn_until=NOON.date() - dt.timedelta(days=9))
    CommunityApplication.objects.filter(pk=application.pk).update(turn_until=NOON.date())

    assert reminders.remind(NOON) == 0


def test_overdue_stands_in_my_tasks_with_its_day(world, application):
    day = TODAY - dt.timedelta(days=2)
    CommunityApplication.objects.filter(pk=application.pk).update(turn_until=day)

    [task] = [task for task in my_tasks.gather(world.methodist) if str(application) in task.title]

    assert task.due == day and task.days_late == 2 and task.title.startswith("Взять на рассмотрение")
    assert any(str(application) in title for title in titles(my_waits, world.teacher))
