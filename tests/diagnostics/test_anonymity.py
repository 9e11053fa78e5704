"""Anonymous means: nothing that is stored joins a person and a response, by value, by time or by order."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from itertools import pairwise
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from core.jobs import run_inline
from core.letters import send_due
from core.models import Job, Letter
from diagnostics.actions.answering import shuffle_waiting
from diagnostics.models import Campaign, Draft, Invitation, InvitationKey, Response
from diagnostics.sealing import draft_hash, link_hash, new_secret, seal, sent_hash, unseal
from network.models import Role
from tests.caches import forget_cache
from tests.factories.diagnostics import HARD, SOME, WELL, Phone, launched, link_of, make_questionnaire
from tests.factories.network import employ

ANSWERS = [HARD, SOME, WELL]


@pytest.fixture
def answered(world) -> Campaign:
    """An anonymous campaign answered by five signed-in teachers in an order of their own, and mixed."""
    people = [employ(Role.TEACHER, world.school) for _ in range(5)]
    campaign = launched(
        world.municipality, by=world.methodist, questionnaire=make_questionnaire(topics=1, items=3)
    )
    run_inline(Job.objects.get(kind="diagnostics.invite"))
    send_due()
    random.Random(4).shuffle(people)
    for number, person in enumerate(people):
        phone = Phone(link_of(campaign, person))
        phone.client.force_login(person, backend="network.backends.EmploymentBackend")
        phone.fill_in(campaign, ANSWERS[number % 3])
    shuffle_waiting(campaign)
    return campaign


def rows_of(model: type[models.Model]) -> list[dict[str, Any]]:
    return list(model._default_manager.values())


def leaves(value: Any) -> set[Any]:
    """Every text and number inside a stored value."""
    if isinstance(value, dict):
        return set().union(*map(leaves, value.values()), set(value)) if value else set()
    if isinstance(value, list):
        return set().union(*map(leaves, value)) if value else set()
    return {value} if value is not None else set()


def test_response_holds_no_person_no_time_and_a_random_id(answered):
    for response in answered.responses.all():
        assert response.is_anonymous
        assert response.person_id is None
        assert response.sent_at is None
        assert response.pk.version == 4


def test_database_refuses_a_response_of_nobody_that_is_not_anonymous(answered):
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.create(campaign=answered, is_anonymous=False, answers={})


def test_database_refuses_a_person_or_a_time_in_an_anonymous_response(world, answered):
    response = answered.responses.first()

    for told in ({"person": world.teacher}, {"sent_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Response.objects.filter(pk=response.pk).update(**told)


def test_no_row_of_any_table_names_a_response(answered):
    """Nothing in the whole database points at a response, not even in free text or JSON."""
    ids = {str(pk) for pk in answered.responses.values_list("pk", flat=True)}
    ids |= {pk.replace("-", "") for pk in ids}

    for model in apps.get_models():
        if model is Response:
            continue
        text = str(rows_of(model))
        assert not [pk for pk in ids if pk in text], f"{model.__name__} names a response"


def test_a_response_shares_no_value_with_a_person_but_those_of_the_campaign(answered, world):
    """What a response holds is its campaign's, its answers, and nothing that only one person has."""
    fields = {field.name for field in Response._meta.fields}
    groups = {"organisation", "group_label", "subject", "category", "years"}
    common = {"id", "campaign", "is_anonymous", "person", "sent_at", "answers", "straightlined", "batch"}

    assert fields == groups | common, "a new field of Response must be weighed here"
    for response in answered.responses.all():
        assert not any(getattr(response, name) for name in groups)


def test_time_of_answering_is_stored_nowhere(world):
    """Everything is told that the day of answering is far ahead: no table remembers that day."""
    campaign = launched(
        world.municipality, by=world.methodist, closes_on=timezone.localdate() + dt.timedelta(days=400)
    )
    phone = Phone(link_of(campaign, world.teacher))
    phone.client.force_login(world.teacher, backend="network.backends.EmploymentBackend")
    before = {model: rows_of(model) for model in apps.get_models()}

    phone.fill_in(campaign)

    changed = {model.__name__ for model in before if rows_of(model) != before[model]}
    assert changed == {"Invitation", "Response"}
    invitation = Invitation.objects.filter(person=world.teacher).values().get()
    assert set(invitation) == {"id", "campaign_id", "person_id", "organisation_id", "participated"}
    for row in [invitation, *rows_of(Response)]:
        assert not any(isinstance(value, dt.date) for value in row.values())


def test_order_of_responses_is_not_the_order_of_answering(world):
    """Over many sheets the stored order after mixing has nothing left of the order of sending."""
    campaign = launched(world.municipality, by=world.methodist)
    Response.objects.bulk_create(
        Response(campaign=campaign, is_anonymous=True, answers={"number": n}) for n in range(200)
    )

    shuffle_waiting(campaign)

    stored = [row["number"] for row in physical_order("answers")]
    assert sorted(stored) == list(range(200))
    followed = sum(after == before + 1 for before, after in pairwise(stored))
    assert followed < 20


def physical_order(column: str) -> list[Any]:
    """Rows as they lie on the disk."""
    place = "rowid" if connection.vendor == "sqlite" else "ctid"
    field = Response._meta.get_field(column)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM diagnostics_response ORDER BY {place}")
        return [field.from_db_value(row[0], field.get_col("x"), connection) for row in cursor.fetchall()]


def test_mixing_gives_all_waiting_rows_one_transaction_and_new_ids(answered):
    before = set(answered.responses.values_list("pk", flat=True))
    sheets = sorted(map(str, answered.responses.values_list("answers", flat=True)))

    unchanged = shuffle_waiting(answered)
    forget_cache()
    mixed = shuffle_waiting(answered)

    after = set(answered.responses.values_list("pk", flat=True))
    assert unchanged == 0
    assert mixed == len(after) == 5
    assert not before & after
    assert sorted(map(str, answered.responses.values_list("answers", flat=True))) == sheets
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT xmin::text) FROM diagnostics_response")
            assert cursor.fetchone()[0] == 1


def test_letters_forget_their_links(answered):
    assert Letter.objects.filter(state=Letter.State.SENT).count() >= 5
    assert not Letter.objects.exclude(text="").exists()


def test_stored_hashes_lead_from_a_link_to_no_draft(world):
    campaign = launched(world.municipality, by=world.methodist)
    token = link_of(campaign, world.teacher)
    Phone(token).topic(1, {"t1q1": HARD})

    key = InvitationKey.objects.get()
    draft = Draft.objects.get()
    sealed = bytes(draft.sealed)

    assert key.key_hash == link_hash(token)
    assert draft.key_hash == draft_hash(token) != key.key_hash
    for known in (key.key_hash, draft.key_hash, str(key.invitation_id), str(campaign.pk)):
        assert draft_hash(known) != draft.key_hash
        assert unseal(known, sealed) == {}
    assert b"t1q1" not in sealed
    assert unseal(token, sealed)["answers"] == {"t1q1": HARD}


def test_begun_sheets_are_deleted_on_closing(world):
    from diagnostics.actions import campaigns as actions

    campaign = launched(world.municipality, by=world.methodist)
    Phone(link_of(campaign, world.teacher)).topic(1, {"t1q1": HARD})

    actions.close(campaign, by=world.methodist)

    assert not Draft.objects.exists()


def test_session_of_a_signed_in_person_remembers_nothing_of_answering(world):
    campaign = launched(world.municipality, by=world.methodist)
    phone = Phone(link_of(campaign, world.teacher))
    phone.client.force_login(world.teacher, backend="network.backends.EmploymentBackend")
    before = dict(phone.client.session)

    phone.fill_in(campaign)

    assert dict(phone.client.session) == before


@given(
    secret=st.builds(new_secret),
    other=st.uuids(version=4).map(str),
    data=st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.integers() | st.none()),
)
@settings(max_examples=50, deadline=None)
def test_sealed_draft_opens_with_its_own_secret_alone(secret, other, data):
    sealed = seal(secret, data)

    assert unseal(secret, sealed) == data
    assert unseal(other, sealed) == {}
    assert seal(secret, data) != sealed
    assert len({link_hash(secret), draft_hash(secret), sent_hash(secret)}) == 3


def test_ids_of_responses_do_not_follow_each_other(db):
    ids = [Response().pk for _ in range(3)]

    assert all(isinstance(pk, uuid.UUID) and pk.version == 4 for pk in ids)
    assert len(set(ids)) == 3
