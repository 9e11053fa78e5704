"""People: staff list, personal page, places of work."""

import datetime as dt
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from core.models import Letter
from core.school_year import SchoolYear
from network.access import roles_to_give
from network.actions import employ, end_employment
from network.models import Category, Employment, Person, Role
from tests.factories.network import EmploymentFactory, PersonFactory, SubjectFactory
from tests.pages import form_values

STAFF = "/network/staff/"


def people(response) -> set[Person]:
    return {row.record.person for row in response.context["table"].paginated_rows}


# The list


def test_head_lists_own_staff_and_methodist_the_municipality(world):
    assert people(world.client("head").get(STAFF)) == {world.teacher, world.head, world.expert}
    assert people(world.client("methodist").get(STAFF)) == {
        world.teacher, world.head, world.expert, world.near.teacher, world.near.head, world.methodist, world.official,
    }  # fmt: skip


def test_staff_who_left_are_not_listed(world):
    Employment.objects.filter(person=world.teacher).update(
        ends_on=timezone.localdate() - dt.timedelta(days=1)
    )

    assert world.teacher not in people(world.client("head").get(STAFF))


def test_staff_is_filtered_by_each_field(world):
    subject = SubjectFactory(name="химия")
    young = PersonFactory(
        last_name="Молодёжная", category=Category.FIRST, service_since=SchoolYear.current().start - 2
    )
    EmploymentFactory(person=young, organisation=world.near.organisation, subject=subject)
    client = world.client("methodist")

    for query in (
        {"q": "молодёжная"}, {"organisation": world.near.organisation.inn, "subject": subject.pk},
        {"category": "first"}, {"young": "on"}, {"subject": subject.pk, "role": "teacher"},
    ):  # fmt: skip
        assert people(client.get(STAFF, query)) == {young}, query
    assert people(client.get(STAFF, {"role": "head"})) == {world.head, world.near.head}


@pytest.mark.parametrize("rows", [1, 30])
def test_staff_list_has_the_same_queries_at_any_length(world, django_assert_num_queries, rows):
    Employment.objects.filter(organisation=world.school).exclude(person=world.head).delete()
    EmploymentFactory.create_batch(rows - 1, organisation=world.school, subject=SubjectFactory())
    client = world.client("head")

    with django_assert_num_queries(6):
        response = client.get(STAFF)

    assert len(people(response)) == rows


def test_staff_export_holds_what_the_filter_shows(world):
    response = world.client("head").get(STAFF, {"role": "teacher", "export": "xlsx"})

    sheet = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active
    emails = [cell.value for row in sheet.iter_rows() for cell in row if "@" in str(cell.value)]
    assert emails == [world.teacher.email]


# The personal page


def test_page_that_is_not_shown_is_seen_by_those_who_keep_the_staff_only(world):
    url = world.teacher.get_absolute_url()

    statuses = {
        role: world.client(role).get(url).status_code for role in ("visitor", "expert", "head", "methodist")
    }

    assert statuses == {"visitor": 404, "expert": 404, "head": 200, "methodist": 200}


def test_agreed_page_shows_no_contacts_to_others(world):
    Person.objects.filter(pk=world.teacher.pk).update(
        shows_page=True, about="Люблю химию", phone="+7 911 000"
    )

    page = world.client("visitor").get(world.teacher.get_absolute_url()).content.decode()

    assert "Люблю химию" in page
    assert world.teacher.email not in page
    assert "+7 911 000" not in page


def test_own_page_is_edited_by_its_person_and_its_showing_by_nobody_else(world):
    url = reverse("network:person-edit", args=[world.teacher.pk])
    own, head = world.client("teacher"), world.client("head")

    own.post(url, {**form_values(own.get(url)), "about": "Люблю химию", "shows_page": "on"})
    head.post(
        url, {**form_values(head.get(url)), "category": "first", "shows_page": "", "about": "переписано"}
    )

    world.teacher.refresh_from_db()
    assert (world.teacher.about, world.teacher.shows_page, world.teacher.category) == (
        "Люблю химию",
        True,
        "first",
    )


def test_email_is_corrected_until_the_first_sign_in_and_never_by_the_head(world):
    url = reverse("network:person-edit", args=[world.teacher.pk])
    head, methodist = world.client("head"), world.client("methodist")

    head.post(url, {**form_values(head.get(url)), "email": "thief@evil.example"})
    methodist.post(url, {**form_values(methodist.get(url)), "email": "right@school.example"})
    world.teacher.refresh_from_db()
    assert world.teacher.email == "right@school.example"

    Person.objects.filter(pk=world.teacher.pk).update(last_login=timezone.now())
    methodist.post(url, {**form_values(methodist.get(url)), "email": "thief@evil.example"})
    world.teacher.refresh_from_db()
    assert world.teacher.email == "right@school.example"


# Places of work


@pytest.mark.parametrize(
    ("role", "place", "given"),
    [
        ("head", "school", {"teacher", "head"}),
        ("methodist", "school", {"teacher", "head", "expert"}),
        ("methodist", "centre", {"teacher", "head", "expert", "methodist"}),
        ("methodist", "authority", {"teacher", "head", "expert"}),
        ("official", "authority", {"teacher", "head", "expert", "official"}),
        ("official", "school", {"teacher", "head", "expert"}),
        ("teacher", "school", set()),
        ("stranger_methodist", "school", set()),
    ],
)
def test_nobody_gives_wider_rights_than_the_own(world, role, place, given):
    assert set(roles_to_give(getattr(world, role), getattr(world, place))) == given


def new_form(client, **fields):
    url = reverse("network:employment-new")
    values = {**form_values(client.get(url)), "last_name": "Новикова", "first_name": "Анна", **fields}
    return client.post(url, values)


def test_head_employs_a_new_teacher_who_gets_one_invitation(world):
    response = new_form(
        world.client("head"), email="Novikova@School.example", organisation=world.school.pk, invited="on"
    )

    person = Person.objects.get(email="novikova@school.example")
    assert response["Location"] == person.get_absolute_url()
    assert person.employments.get().organisation == world.school
    assert not person.has_usable_password()
    assert Letter.objects.get(to=person.email).secret


def test_head_cannot_make_a_methodist(world):
    response = new_form(world.client("head"), organisation=world.school.pk, role="methodist")

    assert response.status_code == 422
    assert "не можете назначить эту роль" in response.content.decode()
    assert not Person.objects.filter(last_name="Новикова").exists()


def test_head_cannot_employ_in_another_school(world):
    response = new_form(world.client("head"), organisation=world.near.organisation.pk)

    assert response.status_code == 422
    assert not Person.objects.filter(last_name="Новикова").exists()
    with pytest.raises(PermissionDenied):
        employ(
            employment=Employment(organisation=world.near.organisation, role=Role.TEACHER),
            person=Person(last_name="Новикова", first_name="Анна"),
            by=world.head,
        )


def test_somebody_elses_employee_is_not_taken_over_by_email(world):
    response = new_form(
        world.client("head"), organisation=world.school.pk, email=world.stranger_official.email
    )

    assert response.status_code == 422
    assert "работает в другом месте" in response.content.decode()
    assert world.stranger_official.employments.count() == 1


def test_methodist_gives_a_known_person_a_second_place(world):
    new_form(world.client("methodist"), organisation=world.near.organisation.pk, email=world.teacher.email)

    assert set(world.teacher.employments.values_list("organisation", flat=True)) == {
        world.school.pk, world.near.organisation.pk,
    }  # fmt: skip


def test_employing_twice_in_one_role_says_so(world):
    with pytest.raises(ValidationError, match="уже работает здесь"):
        employ(
            employment=Employment(organisation=world.school, role=Role.TEACHER),
            person=Person(email=world.teacher.email, last_name="О", first_name="П"),
            by=world.head,
        )

    assert world.teacher.employments.count() == 1


def test_ending_the_last_work_says_that_access_ends(world):
    job = world.teacher.employments.get()
    page = world.client("head").get(reverse("network:employment-end", args=[job.pk])).content.decode()
    assert "войти на портал будет нельзя" in page

    EmploymentFactory(person=world.teacher, organisation=world.near.organisation)
    page = world.client("head").get(reverse("network:employment-end", args=[job.pk])).content.decode()
    assert "войти на портал будет нельзя" not in page


def test_last_day_before_the_first_is_refused(world):
    job = world.teacher.employments.get()

    response = world.client("head").post(
        reverse("network:employment-end", args=[job.pk]), {"last_day": "2001-01-01"}
    )

    assert response.status_code == 422
    assert "01.09.2020" in response.content.decode()
    job.refresh_from_db()
    assert job.ends_on is None


def test_ending_twice_keeps_the_first_day(world):
    job = world.teacher.employments.get()
    first, second = timezone.localdate() - dt.timedelta(days=2), timezone.localdate()

    end_employment(employment=job, last_day=first, by=world.head)
    end_employment(employment=job, last_day=second, by=world.head)

    job.refresh_from_db()
    assert job.ends_on == first
