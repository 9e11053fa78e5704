"""«Настройки портала» open to superusers alone and keep the promises of the records."""

import pytest

from core.models import Letter
from network.models import ConsentDocument, Person


def test_settings_are_for_the_administrator_alone(world):
    statuses = {
        role: world.client(role).get("/admin/").status_code for role in ("visitor", "methodist", "admin")
    }

    assert statuses == {"visitor": 302, "methodist": 302, "admin": 200}


@pytest.mark.parametrize(
    "model",
    ["municipality", "organisation", "person", "direction", "subject", "consentdocument", "resultscluster"],
)
def test_each_record_of_the_network_can_be_added(world, model):
    page = world.client("admin").get(f"/admin/network/{model}/add/")

    assert page.status_code == 200
    assert "_save" in page.content.decode()


def test_published_consent_cannot_be_changed(world):
    document = ConsentDocument.objects.create(purpose="Цель", version=1, text="Текст")

    page = world.client("admin").post(
        f"/admin/network/consentdocument/{document.pk}/change/", {"text": "Другой"}
    )

    document.refresh_from_db()
    assert page.status_code == 403
    assert document.text == "Текст"


def test_person_made_in_settings_has_no_password_and_is_found(world):
    world.client("admin").post(
        "/admin/network/person/add/",
        {
            "last_name": "Новая", "first_name": "Анна", "email": "new@school.example", "category": "none",
            "is_active": "on", "employments-TOTAL_FORMS": 0, "employments-INITIAL_FORMS": 0,
        },
    )  # fmt: skip

    person = Person.objects.get(email="new@school.example")
    assert not person.has_usable_password()
    assert "Новая Анна" in world.client("admin").get("/search/", {"q": "новая"}).content.decode().replace(
        "<mark>", ""
    ).replace("</mark>", "")


def test_text_of_a_letter_with_a_code_is_not_shown(world):
    world.client("visitor").post("/accounts/login/code/", {"email": world.teacher.email})
    letter = Letter.objects.get(to=world.teacher.email)

    page = world.client("admin").get(f"/admin/core/letter/{letter.pk}/change/").content.decode()

    assert letter.subject in page
    assert letter.text.split("\n\n")[1].strip() not in page
