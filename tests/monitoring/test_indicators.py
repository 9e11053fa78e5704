"""Values: counted, entered with evidence, accepted and then for ever the same."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.school_year import SchoolYear
from core.states import NotAllowed, WrongState
from monitoring.actions.evidence import add_evidence, remove_evidence
from monitoring.actions.indicators import accept_value, enter_value, refresh_values
from monitoring.models import Evidence, Indicator, IndicatorSet, IndicatorValue
from tests.factories.monitoring import IndicatorValueFactory, indicator, link, shipped_set
from tests.factories.network import OrganisationFactory, employ
from tests.world import World

YEAR = SchoolYear.current()


def value_of(world: World, code: str, organisation=None) -> IndicatorValue:
    return IndicatorValue.objects.select_related("indicator", "municipality", "organisation").get(
        indicator__code=code, municipality=world.municipality, organisation=organisation, year=YEAR.start
    )


def refreshed(world: World):
    return refresh_values(municipality=world.municipality, year=YEAR)


@pytest.mark.django_db
def test_refresh_counts_municipality_and_organisations(world):
    shipped_set()
    employ("teacher", world.school, category="first")

    refreshed(world)

    whole = value_of(world, "qualified-teachers")
    school = value_of(world, "qualified-teachers", world.school)
    assert (whole.numerator, whole.denominator, whole.value) == (1, 3, Decimal("0.3333"))
    assert (school.numerator, school.denominator, school.value) == (1, 2, Decimal("0.5"))
    assert whole.target == Decimal("0.6")


@pytest.mark.django_db
def test_refresh_again_changes_only_what_changed(world):
    shipped_set()
    refreshed(world)
    employ("teacher", world.school, category="first")

    again = refreshed(world)
    third = refreshed(world)

    # The whole and the school: the new teacher is in the wholes of qualified, young, diagnosed, of those in
    # communities and of those at events.
    assert (again.added, again.changed) == (0, 10)
    assert (third.added, third.changed) == (0, 0)


@pytest.mark.django_db
def test_refresh_refuses_a_year_that_has_moved_on(world):
    shipped_set()

    with pytest.raises(WrongState, match="больше не пересчитывают"):
        refresh_values(municipality=world.municipality, year=SchoolYear(YEAR.start - 2))


@pytest.mark.django_db
def test_accepted_value_and_its_records_never_change(world):
    shipped_set()
    first = employ("teacher", world.school, category="first", last_name="Озёрная")
    refreshed(world)
    accept_value(value=value_of(world, "qualified-teachers"), by=world.official)
    employ("teacher", world.school, category="highest", last_name="Новикова")

    done = refreshed(world)

    value = value_of(world, "qualified-teachers")
    page = (
        world.client("methodist").get("/monitoring/indicators/qualified-teachers/records/").content.decode()
    )
    assert (value.numerator, value.denominator, done.frozen) == (1, 3, 1)
    assert first.last_name in page and "Новикова" not in page
    assert "Всего: <b>1</b>" in page
    with pytest.raises(WrongState):
        accept_value(value=value, by=world.official)
    with pytest.raises(WrongState):
        enter_value(
            indicator=value.indicator,
            municipality=world.municipality,
            year=YEAR,
            by=world.methodist,
            target=0,
        )


@pytest.mark.django_db
def test_accepting_after_the_records_moved_on_asks_to_look_again(world):
    shipped_set()
    refreshed(world)
    seen = value_of(world, "qualified-teachers")
    employ("teacher", world.school, category="first")

    with pytest.raises(WrongState, match=r"было 0.%, стало 33,3"):
        accept_value(value=seen, by=world.official)

    value = value_of(world, "qualified-teachers")
    assert (value.state, value.numerator) == ("draft", 1)


@pytest.mark.django_db
def test_methodist_cannot_accept(world):
    shipped_set()
    refreshed(world)

    with pytest.raises(NotAllowed):
        accept_value(value=value_of(world, "qualified-teachers"), by=world.methodist)


@pytest.mark.django_db
def test_database_keeps_one_value_a_scope_and_year(world):
    rule = indicator("road-map")
    for organisation in (None, world.school):
        fields = {"indicator": rule, "municipality": world.municipality, "organisation": organisation}
        IndicatorValueFactory(**fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            IndicatorValueFactory(**fields)


@pytest.mark.django_db
def test_entered_value_is_accepted_only_with_evidence(world):
    value = IndicatorValueFactory(municipality=world.municipality)
    with pytest.raises(WrongState):
        accept_value(value=value, by=world.official)

    evidence = add_evidence(subject=value, new=link(), by=world.methodist)
    accepted = accept_value(value=value, by=world.official)

    assert accepted.is_accepted
    with pytest.raises(WrongState):
        remove_evidence(evidence=evidence, by=world.methodist)
    with pytest.raises(WrongState):
        add_evidence(subject=value, new=link(), by=world.methodist)


@pytest.mark.django_db
def test_computed_value_cannot_be_typed_in(world):
    with pytest.raises(WrongState, match="считает портал"):
        enter_value(
            indicator=indicator("qualified-teachers"),
            municipality=world.municipality,
            year=YEAR,
            by=world.methodist,
            value=1,
        )


@pytest.mark.django_db
def test_value_form_keeps_a_share_and_its_document(world, media):
    shipped_set()
    url = "/monitoring/indicators/positive-dynamics/value/"

    response = world.client("methodist").post(
        url,
        {
            "value": "57,5",
            "target": "60",
            "note": "По итогам ВПР",
            "evidence_title": "Справка",
            "evidence_document": SimpleUploadedFile("справка.pdf", b"%PDF-1.7 ..."),
        },
    )

    value = value_of(world, "positive-dynamics")
    assert response.status_code == 302
    assert (value.value, value.target, value.entered_by) == (
        Decimal("0.575"),
        Decimal("0.6"),
        world.methodist,
    )
    assert [(one.title, one.filename) for one in value.evidence.all()] == [("Справка", "справка.pdf")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("spravka.exe", b"MZ", "Такой файл не принимается"),
        ("spravka.pdf", b"<html>", "Внутри файла не PDF"),
        ("spravka.docx", b"PK\x03\x04junk", "Внутри файла не DOCX"),
    ],
)
def test_document_is_known_by_its_content(world, media, name, content, why):
    shipped_set()

    response = world.client("methodist").post(
        "/monitoring/indicators/road-map/value/",
        {"value": "1", "evidence_document": SimpleUploadedFile(name, content)},
    )

    assert response.status_code == 422 and why in response.content.decode()
    assert not Evidence.objects.exists() and not IndicatorValue.objects.exists()


@pytest.mark.django_db
def test_document_is_given_to_those_who_see_the_value_under_its_own_name(world, media):
    value = IndicatorValueFactory(municipality=world.municipality)
    document = SimpleUploadedFile("приказ № 5.pdf", b"%PDF-1.7 text")
    new = type(link())(title="Приказ", document=document)
    evidence = add_evidence(subject=value, new=new, by=world.methodist)

    response = world.client("official").get(evidence.get_absolute_url())

    assert b"".join(response.streaming_content) == b"%PDF-1.7 text"
    assert response["Content-Disposition"].startswith("attachment")
    assert world.client("teacher").get(evidence.get_absolute_url()).status_code == 404


@pytest.mark.django_db
def test_acceptance_of_many_accepts_what_is_supported_and_says_why_not(world):
    shipped_set()
    refreshed(world)
    bare = IndicatorValueFactory(municipality=world.municipality)
    known = IndicatorValue.objects.of_municipality(world.municipality).known().values_list("pk", flat=True)

    response = world.client("official").post(
        "/monitoring/indicators/acceptance/", {"values": list(known)}, follow=True
    )

    accepted = IndicatorValue.objects.filter(state="accepted")
    assert accepted.count() == len(known) - 1
    assert bare.pk not in accepted.values_list("pk", flat=True)
    assert f"Принято значений: {len(known) - 1}." in response.content.decode()


@pytest.mark.django_db
def test_newer_set_is_in_force_from_its_year_and_own_goes_before_shipped(world):
    shipped = shipped_set()
    newer = IndicatorSet.objects.create(code="next", year=YEAR.start + 1, title="Новый")
    own = IndicatorSet.objects.create(
        code="own", year=YEAR.start, title="Свой", municipality=world.municipality
    )

    in_force = IndicatorSet.objects.in_force

    assert in_force(world.far.municipality, YEAR.start) == shipped
    assert in_force(world.far.municipality, YEAR.start + 1) == newer
    assert in_force(world.municipality, YEAR.start + 1) == own
    assert in_force(world.municipality, YEAR.start - 1) == shipped


@pytest.mark.django_db
def test_passport_shows_last_year_target_and_trend_of_the_same_code(world):
    rule = indicator("qualified-teachers")
    for year, value in [(YEAR.start - 1, "0.41"), (YEAR.start, "0.47")]:
        IndicatorValueFactory(
            indicator=rule, municipality=world.municipality, year=year, value=value, target="0.5"
        )

    page = world.client("methodist").get("/monitoring/indicators/qualified-teachers/").content.decode()

    assert "не достигнута" in page
    assert "41\u00a0%" in page and "47\u00a0%" in page
    assert f"{YEAR.previous}" in page and "data-chart" in page


@pytest.mark.django_db
def test_head_sees_own_organisation_alone(world):
    shipped_set()
    employ("teacher", world.near.organisation, category="first")
    refreshed(world)
    client = world.client("head")

    own = client.get("/monitoring/indicators/").content.decode()
    near = client.get(f"/monitoring/indicators/?organisation={world.near.organisation.pk}")
    passport = client.get("/monitoring/indicators/qualified-teachers/").content.decode()

    assert "Школа № 1" in own and near.status_code == 404
    assert "По организациям" not in passport and "Школа № 2" not in passport
    assert re.search(r"<b class=\"fs-3\">0\s%</b>", passport)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["municipality=999", "municipality=x", "year=x", "year=3000", "organisation=999"]
)
def test_unknown_scope_is_404(world, query):
    shipped_set()

    assert world.client("methodist").get(f"/monitoring/indicators/?{query}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "count"),
    [
        ("/monitoring/indicators/", 7),
        ("/monitoring/indicators/qualified-teachers/", 10),
        ("/monitoring/indicators/qualified-teachers/records/", 10),
        ("/monitoring/", 12),
    ],
)
def test_pages_cost_the_same_at_one_and_thirty_organisations(world, url, count):
    shipped_set()
    employ("teacher", world.school, category="first")
    refreshed(world)
    client = world.client("methodist")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    client.get(url)
    few = queries()
    for school in OrganisationFactory.create_batch(30, municipality=world.municipality):
        employ("teacher", school, category="first")
    refreshed(world)

    assert queries() == few == count


@pytest.mark.django_db
def test_refresh_costs_the_same_at_one_and_thirty_organisations(world):
    shipped_set()
    refreshed(world)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            refreshed(world)
        return len(seen)

    few = queries()
    for school in OrganisationFactory.create_batch(30, municipality=world.municipality):
        employ("teacher", school, category="first")
    refreshed(world)

    assert queries() == few
    assert Indicator.objects.exclude(rule="").count() * 2 + 8 >= few
