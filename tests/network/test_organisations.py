"""Organisations: the public list, the visiting card, who edits what, the history."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from network.models import Category, Municipality, Organisation, OrganisationKind, Role
from tests.factories.network import EmploymentFactory, OrganisationFactory, PersonFactory, inn
from tests.pages import form_values

LIST = "/network/organisations/"


def names(response) -> list[str]:
    return [row.record.short_name for row in response.context["table"].paginated_rows]


# The list


def test_list_is_public_and_in_the_order_people_read(client, world):
    for number in (10, 9, 100):
        OrganisationFactory(municipality=world.municipality, short_name=f"Школа № {number}")

    shown = names(client.get(LIST))

    schools = [name for name in shown if name.startswith("Школа")]
    assert schools == ["Школа № 1", "Школа № 2", "Школа № 3", "Школа № 9", "Школа № 10", "Школа № 100"]


def test_list_is_filtered_by_words_in_any_case_and_by_kind(client, world):
    garden = OrganisationFactory(
        municipality=world.municipality, short_name="Детский сад «Ёлочка»", kind=OrganisationKind.KINDERGARTEN
    )

    assert names(client.get(LIST, {"q": "САД ёлочка"})) == [garden.short_name]
    assert names(client.get(LIST, {"q": garden.inn})) == [garden.short_name]
    assert names(client.get(LIST, {"kind": "kindergarten"})) == [garden.short_name]
    assert names(client.get(LIST, {"q": "сад", "kind": "school"})) == []


def test_list_says_what_it_is_filtered_by_and_how_to_undo_it(client, world):
    response = client.get(LIST, {"q": "школа", "kind": "school", "page": "1"})

    chips = {chip["label"]: chip["url"] for chip in response.context["chips"]}
    assert chips == {
        "Название, адрес или ИНН: школа": "?kind=school",
        "Вид: школа": "?q=%D1%88%D0%BA%D0%BE%D0%BB%D0%B0",
    }


def test_empty_list_after_filtering_offers_to_drop_the_filter(client, world):
    page = client.get(LIST, {"q": "планетарий"}).content.decode()

    assert "Ничего не нашлось" in page
    assert "Сбросить отбор" in page


@pytest.mark.parametrize("role", ["visitor", "teacher", "head", "expert"])
def test_flags_of_a_school_are_not_shown_to_others(world, role):
    risky = OrganisationFactory(municipality=world.municipality, short_name="Лицей", risk_profile=True)
    client = world.client(role)

    assert "Рисковый профиль" not in client.get(risky.get_absolute_url()).content.decode()
    listed = client.get(LIST, {"risk": "on"})
    assert "risk" not in listed.context["filter"].form.fields
    assert len(names(listed)) > 1


def test_flag_filter_reaches_only_the_managed_municipality(world):
    mine = OrganisationFactory(municipality=world.municipality, short_name="Лицей 1", risk_profile=True)
    OrganisationFactory(municipality=world.far.municipality, short_name="Лицей 2", risk_profile=True)

    assert names(world.client("methodist").get(LIST, {"risk": "on"})) == [mine.short_name]


def test_organisation_that_left_is_seen_only_by_those_who_manage_it(world):
    left = OrganisationFactory(municipality=world.municipality, short_name="Закрытая школа", is_active=False)

    assert world.client("visitor").get(left.get_absolute_url()).status_code == 404
    assert left.short_name not in names(world.client("methodist").get(LIST))
    assert names(world.client("methodist").get(LIST, {"left": "on"})) == [left.short_name]


@pytest.mark.parametrize("rows", [1, 30])
def test_list_has_the_same_queries_at_any_length(client, django_assert_num_queries, db, rows):
    municipality = OrganisationFactory().municipality
    OrganisationFactory.create_batch(rows - 1, municipality=municipality)

    with django_assert_num_queries(4):
        response = client.get(LIST)

    assert len(names(response)) == rows


def test_export_holds_every_filtered_row_with_inn(world):
    OrganisationFactory.create_batch(35, municipality=world.municipality, kind=OrganisationKind.KINDERGARTEN)

    response = world.client("methodist").get(LIST, {"kind": "kindergarten", "export": "xlsx"})

    sheet = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active
    values = [row for row in sheet.iter_rows(values_only=True) if row[0] and inn_like(row[0])]
    assert len(values) == 35
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert "Вид: детский сад" in " ".join(cells)
    assert "Рисковый профиль" in cells


def inn_like(value) -> bool:
    return str(value).isdigit() and len(str(value)) == 10


def test_export_for_a_visitor_holds_no_flags(client, world):
    response = client.get(LIST, {"export": "xlsx"})

    sheet = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active
    assert "Рисковый профиль" not in [cell.value for row in sheet.iter_rows() for cell in row]


# The card


def test_card_counts_pedagogues_who_work_now(client, world):
    school = world.near.organisation
    for category in (Category.HIGHEST, Category.NONE):
        EmploymentFactory(organisation=school, person=PersonFactory(category=category))
    EmploymentFactory(organisation=school, ends_on="2021-06-01")
    EmploymentFactory(organisation=school, role=Role.EXPERT)

    staff = client.get(school.get_absolute_url()).context["staff"]

    assert staff == {"pedagogues": 3, "strong": 1}


def test_card_is_found_by_inn_and_without_one_by_number(client, world):
    nameless = OrganisationFactory(municipality=world.municipality, inn=None, short_name="Клуб")

    assert nameless.get_absolute_url() == f"{LIST}{nameless.pk}/"
    assert "Клуб" in client.get(nameless.get_absolute_url()).content.decode()
    assert client.get(f"{LIST}{world.school.pk}/").status_code == 404


def test_card_queries_do_not_grow_with_staff(client, world, django_assert_num_queries):
    EmploymentFactory.create_batch(10, organisation=world.school)

    with django_assert_num_queries(7):
        client.get(world.school.get_absolute_url())


# Editing


def test_head_edits_the_visiting_card_and_nothing_official(world):
    client, url = world.client("head"), reverse("network:organisation-edit", args=[world.school.key])
    page = client.get(url)

    response = client.post(
        url, {**form_values(page), "strengths": "Формирующее оценивание", "full_name": "Другое имя"}
    )

    world.school.refresh_from_db()
    assert response["Location"] == world.school.get_absolute_url()
    assert world.school.strengths == "Формирующее оценивание"
    assert world.school.full_name != "Другое имя"
    assert "inn" not in page.context["form"].fields


def test_methodist_corrects_the_whole_card(world):
    client, url = world.client("methodist"), reverse("network:organisation-edit", args=[world.school.key])

    client.post(url, {**form_values(client.get(url)), "short_name": "Гимназия № 5", "risk_profile": "on"})

    world.school.refresh_from_db()
    assert (world.school.short_name, world.school.risk_profile) == ("Гимназия № 5", True)
    assert world.school.sort_key == "гимназия № 000005"


def test_wrong_input_is_named_at_its_field_and_kept(world):
    client, url = world.client("methodist"), reverse("network:organisation-edit", args=[world.school.key])

    response = client.post(
        url, {**form_values(client.get(url)), "inn": "1234567890", "latitude": "44", "phone": "8 800"}
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "Контрольная цифра ИНН не сходится" in page
    assert "Укажите и широту, и долготу" in page
    assert 'value="8 800"' in page
    world.school.refresh_from_db()
    assert world.school.phone == ""


def test_organisation_added_by_hand_goes_to_the_own_municipality(world):
    client, url = world.client("methodist"), reverse("network:organisation-new")
    values = {
        **form_values(client.get(url)),
        "short_name": "Музей",
        "full_name": "Музей",
        "kind": "culture",
        "inn": inn(777_777),
    }

    client.post(url, {**values, "municipality": world.far.municipality.pk})
    assert not Organisation.objects.filter(short_name="Музей").exists()
    client.post(url, values)

    assert Organisation.objects.get(short_name="Музей").municipality == world.municipality


def test_organisation_with_a_known_inn_is_not_added_twice(world):
    client, url = world.client("methodist"), reverse("network:organisation-new")
    before = Organisation.objects.count()

    response = client.post(
        url,
        {
            **form_values(client.get(url)),
            "short_name": "Ещё раз",
            "full_name": "Ещё раз",
            "inn": world.school.inn,
        },
    )

    assert response.status_code == 422
    assert "уже существует" in response.content.decode()
    assert Organisation.objects.count() == before


def test_history_shows_who_changed_what(world):
    url = reverse("network:organisation-edit", args=[world.school.key])
    head = world.client("head")
    head.post(url, {**form_values(head.get(url)), "phone": "+7 800 111"})

    page = world.client("methodist").get(reverse("network:organisation-history", args=[world.school.key]))

    change = page.context["changes"][0]
    assert change.actor == str(world.head)
    assert [(field.title, field.before, field.after) for field in change.fields] == [
        ("телефон", "–", "+7 800 111")
    ]


# The map


def test_map_says_in_the_list_what_the_markers_show(client, world):
    placed = world.school
    placed.latitude, placed.longitude = 45.01, 42.5
    placed.save()

    response = client.get(reverse("network:map"), {"municipality": world.municipality.pk})

    data = response.context["map"]
    assert [(point["name"], point["lat"], point["lon"]) for point in data["points"]] == [
        ("Школа № 1", 45.01, 42.5)
    ]
    assert data["bounds"] == [[44.0, 41.0], [46.0, 43.0]]
    assert data["tiles"] == ""
    listed = {row.short_name for group in response.context["groups"] for row in group["rows"]}
    assert listed == set(
        Organisation.objects.filter(municipality=world.municipality).values_list("short_name", flat=True)
    )
    assert response.context["unplaced"] == len(listed) - 1


@pytest.mark.parametrize("rows", [1, 30])
def test_map_has_the_same_queries_at_any_length(client, db, django_assert_num_queries, rows):
    municipality = OrganisationFactory().municipality
    OrganisationFactory.create_batch(rows - 1, municipality=municipality)

    with django_assert_num_queries(4):
        client.get(reverse("network:map"))


def test_names_of_municipalities_are_asked_only_where_there_are_several(client, db):
    OrganisationFactory()
    assert "municipality" not in client.get(LIST).context["filter"].form.fields

    Municipality.objects.create(name="Заречье", network_title="Сеть Заречья")
    assert "municipality" in client.get(LIST).context["filter"].form.fields
