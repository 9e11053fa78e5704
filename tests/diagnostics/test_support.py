"""Support of a finding: planned from its page, its state told by the event, the application or the community."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from communities.actions import applications as application_actions
from communities.models import Community, CommunityApplication
from core.portal import record_panels
from diagnostics import support
from diagnostics.models import Finding, MeasureState, SupportMeasure
from diagnostics.support_told import told
from events.models import Event, Registration
from tests.factories import applications, communities
from tests.factories.events import make_event, signed_up
from tests.factories.network import DirectionFactory


def make(world, **values) -> Finding:
    return Finding.objects.create(
        **{"municipality": world.municipality, "direction": DirectionFactory(), "year": 2026, **values}
    )


def fresh(measure) -> SupportMeasure:
    return SupportMeasure.objects.with_records().get(pk=measure.pk)


def event_of(world, state="registration_open", **fields) -> Event:
    return make_event(world.centre, state=state, organiser=world.methodist, **fields)


def panels(record, person) -> list:
    found = record_panels.gather(record, person)
    return [row for panel in found["aside"] + found["main"] for row in panel.context.get("findings", [])]


def planned(**more) -> dict[str, str]:
    moment = timezone.localtime() + dt.timedelta(days=14)
    return {
        "choice": "event",
        "event-title": "Мастер-класс «Читаем задачу»",
        "event-format": "master_class",
        "event-starts_at": f"{moment:%Y-%m-%dT14:00}",
        **more,
    }


def test_event_is_planned_once_with_what_the_finding_says(world) -> None:
    finding = make(world)
    client = world.client("methodist")

    first = client.post(f"/diagnostics/findings/{finding.pk}/support/", planned())
    second = client.post(f"/diagnostics/findings/{finding.pk}/support/", planned())

    event = Event.objects.get()
    assert first.url == second.url == f"/events/{event.pk}/edit/"
    assert (event.title, event.direction, event.host) == (
        "Мастер-класс «Читаем задачу»",
        finding.direction,
        world.centre,
    )
    assert (event.state, event.organiser, finding.measures.get().event) == ("planned", world.methodist, event)
    assert str(world.municipality) in event.audience
    assert client.get(first.url).status_code == 200


def test_event_that_was_is_not_planned(world) -> None:
    finding = make(world)
    sent = planned(**{"event-starts_at": "2020-09-01T14:00"})

    page = world.client("methodist").post(f"/diagnostics/findings/{finding.pk}/support/", sent)

    assert page.status_code == 422 and "уже прошло" in page.content.decode()
    assert not Event.objects.exists() and not finding.measures.exists()


def test_application_is_drafted_once_and_tells_no_figure_of_one_place(world) -> None:
    network, place = make(world, note="Мало практики"), make(world, share="0.8123", organisation=world.school)
    client = world.client("methodist")
    sent = {"choice": "application", "application-title": "Читаем вместе"}

    first = client.post(f"/diagnostics/findings/{network.pk}/support/", sent)
    second = client.post(f"/diagnostics/findings/{network.pk}/support/", sent)
    client.post(f"/diagnostics/findings/{place.pk}/support/", sent)

    made, of_place = CommunityApplication.objects.order_by("pk")
    assert first.url == second.url == f"/communities/applications/{made.pk}/edit/"
    assert (made.state, made.initiator, made.direction) == ("draft", world.methodist, network.direction)
    assert "Мало практики" in made.problem and made.expected_result
    assert "81" not in of_place.problem and world.school.short_name not in of_place.problem
    assert client.get(first.url).status_code == 200


def test_existing_ones_are_of_the_direction_and_answer_once(world) -> None:
    finding = make(world)
    event = event_of(world, direction=finding.direction, title="Семинар того же направления")
    event_of(world, direction=DirectionFactory(), title="Семинар о другом")
    event_of(world, state="cancelled", direction=finding.direction, title="Отменённый")
    address, client = f"/diagnostics/findings/{finding.pk}/support/", world.client("methodist")

    text = client.get(address).content.decode()
    assert "того же направления" in text and "о другом" not in text and "Отменённый" not in text

    sent = {"choice": "existing", "existing-record": f"event-{event.pk}"}
    assert client.post(address, sent).url == finding.get_absolute_url()
    assert client.post(address, sent).status_code == 422
    support.answer_with(finding=finding, record=event, by=world.methodist)
    assert finding.measures.get().event == event


@pytest.mark.parametrize(
    ("reached", "state"),
    [("planned", "planned"), ("announced", "going"), ("registration_open", "going"), ("held", "done"),
     ("reported", "done"), ("cancelled", "failed")],
)  # fmt: skip
def test_state_of_a_measure_is_that_of_its_event(world, reached, state) -> None:
    finding = make(world)
    measure = support.answer_with(finding=finding, record=event_of(world, reached), by=world.methodist)

    assert fresh(measure).state == MeasureState(state)
    assert SupportMeasure.objects.carried_out().exists() is (state == "done")
    assert SupportMeasure.objects.standing().exists() is (state != "failed")
    assert SupportMeasure.objects.to_do().exists() is (state in ("planned", "going"))
    assert Finding.objects.unanswered().exists() is (state == "failed")
    [counted] = Finding.objects.with_measure_counts()
    assert (counted.measure_count, counted.done_count) == (state != "failed", state == "done")


def test_rejected_application_answers_nothing_approved_one_does(world) -> None:
    one = applications.awaiting(world.teacher, world.methodist)
    finding = make(world, direction=one.direction)
    measure = support.answer_with(finding=finding, record=one, by=world.methodist)
    assert fresh(measure).state == MeasureState.GOING

    application_actions.reject(application=one, reason="Срок мал", by=world.official)

    assert fresh(measure).state == MeasureState.FAILED
    assert list(Finding.objects.unanswered()) == [finding]


def test_measure_has_one_record_of_its_kind(world) -> None:
    finding, event = make(world), event_of(world)
    community = communities.community_at(world.own)
    for wrong in (
        {"kind": "mentor", "event": event},
        {"kind": "event", "community": community},
        {"kind": "event", "event": event, "community": community},
        {"kind": "event", "event": event, "done_on": timezone.localdate()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            SupportMeasure.objects.create(finding=finding, title="Мера", **wrong)


def test_finding_tells_what_came_of_it(world) -> None:
    finding = make(world)
    event = event_of(world)
    signed_up(event, world.teacher), signed_up(event, world.head)
    Event.objects.filter(pk=event.pk).update(state="held")
    Registration.objects.filter(person=world.teacher).update(attendance="attended")
    community = communities.community_at(world.own)
    for record in (event, community):
        support.answer_with(finding=finding, record=record, by=world.methodist)

    text = world.client("official").get(finding.get_absolute_url()).content.decode().replace("\xa0", " ")

    assert "записано: 2, пришло: 1, сертификатов: 0" in text
    assert "сообщество: действует, 2 участника" in text
    assert event.get_absolute_url() in text and community.get_absolute_url() in text


@pytest.mark.parametrize("rows", [1, 8])
def test_what_came_of_it_costs_the_same(world, django_assert_num_queries, rows) -> None:
    finding = make(world)
    for _ in range(rows):
        support.answer_with(finding=finding, record=event_of(world), by=world.methodist)
        support.answer_with(finding=finding, record=communities.community_at(world.own), by=world.methodist)
    measures = list(finding.measures.with_records())

    with django_assert_num_queries(3):
        assert all(row.words for row in told(measures, world.methodist))


def test_draft_of_another_is_told_without_a_way_to_it(world) -> None:
    finding = make(world)
    made = support.draft_application(finding=finding, title="Читаем вместе", by=world.methodist)

    text = world.client("official").get(finding.get_absolute_url()).content.decode()

    assert "Читаем вместе" in text and made.get_absolute_url() not in text
    assert (
        made.get_absolute_url() in world.client("methodist").get(finding.get_absolute_url()).content.decode()
    )


def test_cards_tell_the_difficulty_to_managers_and_the_own_to_the_head(world) -> None:
    own, near = make(world, organisation=world.school), make(world, organisation=world.near.organisation)
    event, community = event_of(world), communities.community_at(world.own)
    application = applications.submitted(world.teacher, direction=own.direction)
    for record in (event, community, application):
        for finding in (own, near):
            support.answer_with(finding=finding, record=record, by=world.methodist)

        assert {row.pk for row in panels(record, world.methodist)} == {own.pk, near.pk}
        assert [row.pk for row in panels(record, world.head)] == [own.pk]
        assert panels(record, world.teacher) == panels(record, world.stranger_methodist) == []
    assert own.get_absolute_url() not in world.client("head").get(event.get_absolute_url()).content.decode()
    assert own.get_absolute_url() in world.client("official").get(event.get_absolute_url()).content.decode()


def test_measure_of_a_record_is_edited_without_what_the_record_says(world) -> None:
    finding = make(world)
    measure = support.answer_with(finding=finding, record=event_of(world), by=world.methodist)
    address = f"/diagnostics/findings/{finding.pk}/measures/{measure.pk}/"

    page = world.client("methodist").get(address).content.decode()
    sent = {"title": "Семинар", "result": "Шесть заданий", "kind": "mentor", "done_on": "2026-01-01"}
    world.client("methodist").post(address, sent)

    saved = fresh(measure)
    assert 'name="done_on"' not in page and 'name="kind"' not in page
    assert (saved.result, saved.kind, saved.done_on) == ("Шесть заданий", "event", None)


def test_cancelled_event_returns_the_difficulty_to_my_tasks(world) -> None:
    support.answer_with(finding=make(world), record=event_of(world, "cancelled"), by=world.methodist)

    text = world.client("methodist").get("/my/").content.decode()

    assert "ничем не отвечены" in text


def test_approved_application_hands_over_to_its_community_and_is_going_on(world) -> None:
    community = applications.approved(world.teacher, world.methodist, world.official).community
    finding = make(world, direction=community.direction)
    measure = support.answer_with(finding=finding, record=community.application, by=world.methodist)

    assert fresh(measure).state == MeasureState.GOING
    assert SupportMeasure.objects.to_do().exists() and not SupportMeasure.objects.carried_out().exists()
    text = world.client("official").get(finding.get_absolute_url()).content.decode()
    assert community.get_absolute_url() in text and "Идёт" in text


@pytest.mark.parametrize("link", ["community", "application"])
@pytest.mark.parametrize(
    ("reached", "reported", "state"),
    [("active", False, "going"), ("active", True, "going"), ("lapsed", False, "going"), ("lapsed", True, "done"),
     ("closed", False, "failed"), ("closed", True, "done")],
)  # fmt: skip
def test_a_community_is_done_when_its_term_is_over_and_it_has_told_what_came_of_it(
    world, link, reached, reported, state
) -> None:
    community = applications.approved(world.teacher, world.methodist, world.official).community
    finding = make(world, direction=community.direction)
    record = community if link == "community" else community.application
    measure = support.answer_with(finding=finding, record=record, by=world.methodist)
    support.answer_with(finding=finding, record=event_of(world, "cancelled"), by=world.methodist)
    if reported:
        communities.report_of(community)
    day = timezone.localdate() if reached == "closed" else None
    Community.objects.filter(pk=community.pk).update(state=reached, closed_on=day)

    assert fresh(measure).state == MeasureState(state)
    assert SupportMeasure.objects.get(pk=measure.pk).state == MeasureState(state)
    assert SupportMeasure.objects.carried_out().exists() is (state == "done")
    assert SupportMeasure.objects.standing().exists() is (state != "failed")
    assert SupportMeasure.objects.to_do().exists() is (state == "going")
    [counted] = Finding.objects.with_measure_counts()
    assert (counted.measure_count, counted.done_count) == (state != "failed", state == "done")


def test_measure_in_words_sent_twice_is_one(world) -> None:
    finding = make(world)
    client, address = world.client("methodist"), f"/diagnostics/findings/{finding.pk}/measures/new/"
    sent = {"kind": "mentor", "title": "Наставник для новых", "due_on": "2027-01-20"}

    first, second = client.post(address, sent), client.post(address, sent)

    assert first.url == second.url == finding.get_absolute_url()
    assert finding.measures.count() == 1
    client.post(address, sent | {"due_on": "2027-02-20"})
    assert finding.measures.count() == 2
