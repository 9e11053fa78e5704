"""Sign-in, invitations, the second factor, and when a session ends."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from core.letters import send_due
from core.models import Letter
from network.models import Employment, Person
from tests.factories.network import PASSWORD, EmploymentFactory
from tests.world import signed_in

LOGIN = "/accounts/login/"


def sign_in(client, person, password=PASSWORD):
    return client.post(LOGIN, {"login": person.email, "password": password})


def is_in(client) -> bool:
    return client.get("/my/").status_code == 200


# Signing in


def test_password_lets_in_to_my_tasks_in_any_case_of_the_email(client, world):
    response = client.post(LOGIN, {"login": world.teacher.email.upper(), "password": PASSWORD})

    assert response["Location"] == "/my/"
    assert is_in(client)


def test_wrong_password_and_unknown_person_are_told_alike(client, world):
    known = sign_in(client, world.teacher, "ne-tot-parol").context["form"]
    unknown = client.post(LOGIN, {"login": "nobody@nowhere.example", "password": "x"}).context["form"]

    assert list(known.non_field_errors()) == list(unknown.non_field_errors())
    assert known.non_field_errors()
    assert not is_in(client)


def test_code_from_the_letter_lets_in(client, world):
    client.post("/accounts/login/code/", {"email": world.teacher.email})
    letter = Letter.objects.get(to=world.teacher.email)
    code = re.search(r"^([A-Z0-9-]{5,12})$", letter.text, re.MULTILINE).group(1)

    client.post("/accounts/login/code/confirm/", {"code": code})

    assert is_in(client)


def test_letter_with_the_code_is_sent_once_and_blanked(client, world, transactional_db):
    client.post("/accounts/login/code/", {"email": world.teacher.email})

    assert send_due() == 1
    assert send_due() == 0

    assert [message.to for message in mail.outbox] == [[world.teacher.email]]
    assert Letter.objects.get(to=world.teacher.email).text == ""


def test_code_for_an_unknown_email_sends_no_letter_and_looks_the_same(client, world):
    known = client.post("/accounts/login/code/", {"email": world.teacher.email})
    unknown = client.post("/accounts/login/code/", {"email": "nobody@nowhere.example"})

    assert known["Location"] == unknown["Location"]
    assert not Letter.objects.filter(to="nobody@nowhere.example").exists()


def test_guessing_a_password_is_stopped(client, world):
    for _ in range(5):
        sign_in(client, world.teacher, "ne-tot-parol")

    response = sign_in(client, world.teacher)

    assert not is_in(client)
    assert response.status_code in (200, 429)


def test_nobody_signs_up_alone(client, db):
    client.post(
        "/accounts/signup/",
        {"email": "new@school.example", "password1": PASSWORD, "password2": PASSWORD},
    )

    assert not Person.objects.filter(email="new@school.example").exists()


def test_demo_accounts_are_named_only_in_the_demo(client, db, settings):
    assert "methodist@demo.example" not in client.get(LOGIN).content.decode()

    settings.DEMO = True
    assert "methodist@demo.example" in client.get(LOGIN).content.decode()


# When a session ends


def test_session_ends_with_the_last_employment(world):
    client = world.client("teacher")
    second = EmploymentFactory(person=world.teacher, organisation=world.near.organisation)
    yesterday = timezone.localdate() - dt.timedelta(days=1)

    Employment.objects.filter(organisation=world.school, person=world.teacher).update(ends_on=yesterday)
    assert is_in(client)
    Employment.objects.filter(pk=second.pk).update(ends_on=yesterday)
    assert not is_in(client)


def test_session_ends_when_the_account_is_closed_and_begins_again_when_opened(world):
    teacher, methodist = world.client("teacher"), world.client("methodist")

    methodist.post(reverse("network:person-close", args=[world.teacher.pk]))
    assert not is_in(teacher)
    assert not is_in(signed_in(world.teacher))

    methodist.post(reverse("network:person-open", args=[world.teacher.pk]))
    assert is_in(signed_in(world.teacher))


def test_person_without_work_does_not_come_in_by_password(client, world):
    Employment.objects.filter(person=world.teacher).update(ends_on="2021-01-01")

    sign_in(client, world.teacher)

    assert not is_in(client)


def test_person_whose_work_ended_while_the_code_was_on_its_way_is_told_so(client, world):
    client.post("/accounts/login/code/", {"email": world.teacher.email})
    code = re.search(r"^([A-Z0-9-]{5,12})$", Letter.objects.get().text, re.MULTILINE).group(1)
    Employment.objects.filter(person=world.teacher).update(ends_on="2021-01-01")

    response = client.post("/accounts/login/code/confirm/", {"code": code})

    assert response["Location"] == reverse("account_inactive")
    assert "сейчас нет места работы" in client.get(response["Location"]).content.decode()
    assert not is_in(client)


def test_rights_of_an_ended_role_end_while_another_stays(world):
    client = world.client("head")
    EmploymentFactory(person=world.head, organisation=world.school)

    Employment.objects.filter(person=world.head, role="head").update(ends_on="2021-01-01")

    assert client.get(reverse("network:organisation-edit", args=[world.school.key])).status_code == 403
    assert is_in(client)


def test_methodist_cannot_close_an_account_used_in_another_municipality_or_an_administrator(world):
    EmploymentFactory(person=world.teacher, organisation=world.far.organisation)
    EmploymentFactory(person=world.admin, organisation=world.school)
    client = world.client("methodist")

    for person in (world.teacher, world.admin):
        client.post(reverse("network:person-close", args=[person.pk]))
        person.refresh_from_db()
        assert person.is_active


# Invitations


def test_invitation_sets_the_first_password(client, world):
    world.client("methodist").post(reverse("network:invite", args=[world.teacher.pk]))
    letter = Letter.objects.get(to=world.teacher.email)
    link = re.search(r"http://portal\.test(/accounts/password/\S+)", letter.text).group(1)

    form = client.get(link, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": "novyj-parol-77", "password2": "novyj-parol-77"})

    world.teacher.refresh_from_db()
    assert world.teacher.check_password("novyj-parol-77")


def test_invitation_pressed_twice_is_one_letter(world):
    client = world.client("head")

    for _ in range(2):
        client.post(reverse("network:invite", args=[world.teacher.pk]))

    assert Letter.objects.filter(to=world.teacher.email).count() == 1


# The second factor


@pytest.mark.parametrize(
    ("role", "asked"),
    [
        ("methodist", True),
        ("official", True),
        ("admin", True),
        ("head", False),
        ("teacher", False),
        ("expert", False),
    ],
)
def test_second_factor_is_asked_of_those_who_see_others_data(world, settings, role, asked):
    settings.SECOND_FACTOR_REQUIRED = True

    response = world.client(role).get("/my/")

    assert (response.status_code == 302) is asked
    if asked:
        assert response["Location"] == reverse("mfa_index")


def test_second_factor_blocks_every_page_but_its_own_setup(world, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client = world.client("methodist")

    assert client.get("/network/staff/")["Location"] == reverse("mfa_index")
    assert client.get("/files/people/x.jpg").status_code == 302
    assert client.get("/accounts/2fa/totp/activate/", follow=True).status_code == 200


def test_second_factor_is_asked_at_the_password_too(client, world, settings):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    settings.SECOND_FACTOR_REQUIRED = True
    TOTP.activate(world.methodist, generate_totp_secret())

    response = sign_in(client, world.methodist)

    assert response["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
