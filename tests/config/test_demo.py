"""The demo municipality: fictional, alive, the same for the same seed, made once."""

from __future__ import annotations

import datetime as dt
import io
import random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F

from config.demo import network
from config.demo.own_surveys import make_own_surveys
from config.demo.personal import make_personal
from config.management.commands import demo
from core.models import Letter
from diagnostics.difficulty_map import difficulty_map
from diagnostics.models import Campaign, Feedback, FeedbackWords, Finding, Questionnaire, Response
from diagnostics.tallies import differences
from diagnostics.views.mine import awaiting, awaiting_surveys
from events.models import Certificate
from monitoring.models import Decision, Evidence, Report
from network.inn import inn_is_valid, ogrn_is_valid
from network.models import Consent, Employment, Municipality, Organisation, Person, Role

ACCOUNTS = ("methodist", "official", "head", "teacher", "expert", "admin")


def make(**options) -> str:
    out = io.StringIO()
    call_command("demo", organisations=14, people=160, responses=100, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def demo_on(settings, db):
    settings.DEMO = True


def test_demo_is_made_only_where_it_is_asked_for(db, settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="DEMO=1"):
        make()

    assert not Municipality.objects.exists()


@pytest.mark.usefixtures("demo_on")
def test_demo_is_alive_and_a_second_run_changes_nothing():
    call_command("install_dictionaries", verbosity=0)
    assert "направлений добавлено" not in make(dictionaries=False), "they are there already"
    counts = {model: model.objects.count() for model in (Organisation, Person, Campaign, Decision, Report)}

    assert "ничего не изменено" in make()

    assert {model: model.objects.count() for model in counts} == counts
    municipality = Municipality.objects.get()
    assert municipality.is_fictional and "вымышленный" in municipality.name
    assert all(inn_is_valid(o.inn) and ogrn_is_valid(o.ogrn) for o in Organisation.objects.all())
    for role in ACCOUNTS:
        assert Person.objects.get(email=f"{role}@demo.example").check_password("metodset-demo")
    check_surveys()
    check_feedback()
    check_monitoring()
    check_people()
    check_service()
    check_certificates()


def check_surveys() -> None:
    past, running = Campaign.objects.surveys().filter(anonymity="anonymous").order_by("opens_on")
    assert (past.state, running.state) == ("closed", "running")
    assert not differences(past) and not difficulty_map(past).is_empty
    assert Finding.objects.unanswered().count() == 1
    # The teacher has answered one survey and has another to try.
    teacher = Person.objects.get(email="teacher@demo.example")
    assert [one.campaign for one in awaiting_surveys(teacher)] == [running]
    mine = Response.objects.filter(person=teacher).values_list("campaign__anonymity", flat=True)
    assert sorted(mine) == ["confidential", "named"]
    own = Questionnaire.objects.filter(municipality__isnull=False)
    assert set(own.values_list("state", flat=True)) == {"draft", "published", "archived"}
    assert set(Campaign.objects.surveys().values_list("state", flat=True)) == {"draft", "running", "closed"}


def check_feedback() -> None:
    """Some is counted and shown, the teacher is asked about one event, one that comes is prepared."""
    counted = Feedback.objects.released()
    assert counted.filter(answers__gte=5, useful__gt=0).exists()
    assert FeedbackWords.objects.filter(feedback__in=counted).exists()
    teacher = Person.objects.get(email="teacher@demo.example")
    assert awaiting(teacher).filter(campaign__feedback__isnull=False).count() == 1
    assert Feedback.objects.filter(campaign__state="draft").count() == 1


def check_monitoring() -> None:
    assert Evidence.objects.exclude(document="").get().document.read(2) == b"PK"
    assert set(Decision.objects.values_list("state", flat=True)) == {"draft", "assigned", "done", "checked"}
    assert set(Report.objects.values_list("state", flat=True)) == {"accepted", "draft"}
    assert all(report.files.count() == 3 for report in Report.objects.all())
    # This year's report is about the survey of all, not about the one by name.
    latest = Report.objects.get(state="draft")
    main = latest.snapshot["sections"]["diagnostics"]["main"]
    assert main["title"].startswith("Что в работе даётся трудно")


def check_service() -> None:
    """Nobody works somewhere before the first year of service; who leads has worked for years."""
    for job in Employment.objects.select_related("person"):
        since = job.person.service_since
        assert since is not None and job.starts_on >= dt.date(since, 8, 25), job
        if job.role in (Role.HEAD, Role.METHODIST, Role.OFFICIAL):
            assert job.person.years_of_service >= 10, job
    earlier, now = Person.objects.get(email="teacher@demo.example").employments.order_by("starts_on")
    assert earlier.ends_on == now.starts_on - dt.timedelta(days=1)


def check_certificates() -> None:
    """The teacher has certificates, one of them issued again; each is given after its event."""
    own = Certificate.objects.filter(person__email="teacher@demo.example")
    assert set(own.values_list("state", flat=True)) == {"issued", "revoked"}
    assert not Certificate.objects.filter(issued_on__lt=F("held_until")).exists()
    assert not Letter.objects.filter(key__startswith="certificate:").exists()


def check_people() -> None:
    assert Person.objects.filter(is_active=False).count() == 1
    assert {consent.revoked_at is None for consent in Consent.objects.all()} == {True, False}
    shown = Person.objects.filter(shows_page=True)
    assert shown.exclude(about="").count() == shown.count() >= 5
    agreed = set(Consent.objects.filter(revoked_at=None).values_list("person", flat=True))
    assert {person.pk for person in shown} <= agreed


@pytest.mark.usefixtures("demo_on")
def test_demo_that_was_broken_off_leaves_nothing_that_a_second_run_would_take_for_whole(monkeypatch):
    def broken(*args) -> None:
        raise RuntimeError("the power went off")

    monkeypatch.setattr(demo, "make_monitoring", broken)

    with pytest.raises(RuntimeError):
        make()

    assert not Municipality.objects.exists()


def test_same_seed_makes_the_same_people_and_the_same_surveys(db):
    call_command("install_dictionaries", verbosity=0)

    def people(seed: int) -> list[object]:
        with transaction.atomic():
            rng = random.Random(seed)
            municipality = network.make_municipality()
            organisations = network.make_organisations(municipality, 8, rng)
            accounts = network.make_people(organisations, 30, rng)
            make_own_surveys(municipality, accounts["methodist"], rng)
            make_personal(municipality, accounts, rng)
            found = [
                *Person.objects.order_by("pk").values_list("last_name", "first_name", "email", "about"),
                *Questionnaire.objects.order_by("pk").values_list("family", "version", "title"),
                *Response.objects.order_by("person").values_list("person__email", "answers"),
                *Consent.objects.order_by("person").values_list("person__email"),
            ]
            transaction.set_rollback(True)
        return found

    assert people(7) == people(7)
    assert people(7) != people(8)
