"""Consent to data processing: a document of its own, versioned, dated, revocable."""

import pytest
from django.urls import reverse

from network.consents import PURPOSE, has_consented
from network.models import Consent, ConsentDocument

PAGE, RECORD = "/accounts/consent/", "/accounts/consent/record/"


@pytest.fixture
def document(db) -> ConsentDocument:
    return ConsentDocument.objects.create(purpose=PURPOSE, version=1, text="Соглашаюсь на обработку.")


def test_text_is_public_and_asks_to_sign_in(client, document):
    page = client.get(PAGE).content.decode()

    assert document.text in page
    assert "Даю согласие" not in page


def test_consent_given_twice_is_one_with_its_date(world, document):
    client = world.client("teacher")

    for _ in range(2):
        client.post(RECORD, {"decision": "give", "version": "1"})

    consent = Consent.objects.get(person=world.teacher)
    assert consent.document == document
    assert consent.given_at is not None
    assert has_consented(world.teacher)


def test_consent_is_revoked_and_the_history_stays(world, document):
    client = world.client("teacher")
    client.post(RECORD, {"decision": "give", "version": "1"})

    client.post(RECORD, {"decision": "revoke"})
    client.post(RECORD, {"decision": "revoke"})
    client.post(RECORD, {"decision": "give", "version": "1"})

    assert [bool(row.revoked_at) for row in Consent.objects.filter(person=world.teacher).order_by("pk")] == [
        True,
        False,
    ]


def test_new_wording_is_asked_anew_and_the_old_page_is_not_taken_for_it(world, document):
    client = world.client("teacher")
    client.post(RECORD, {"decision": "give", "version": "1"})
    ConsentDocument.objects.create(purpose=PURPOSE, version=2, text="Новый текст.")

    assert not has_consented(world.teacher)
    response = client.post(RECORD, {"decision": "give", "version": "1"}, follow=True)

    assert "Текст согласия изменился" in response.content.decode()
    assert not has_consented(world.teacher)


def test_missing_consent_waits_in_my_tasks_until_it_is_given(world, document):
    client = world.client("teacher")
    before = [task.url for task in client.get("/my/").context["tasks"]]
    client.post(RECORD, {"decision": "give", "version": "1"})
    after = [task.url for task in client.get("/my/").context["tasks"]]

    assert reverse("consent") in before
    assert reverse("consent") not in after
