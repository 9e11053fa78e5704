"""Staff from spreadsheets: who is the same person, where they work, who may give which role."""

from __future__ import annotations

import io

import pytest
from auditlog.models import LogEntry
from django.core.management import CommandError, call_command

from core.imports.mapping import guess_columns, title_words
from core.imports.reading import read_table
from core.imports.spec import Fate, HasRejected, carry_out, make_plan
from core.models import Letter, SearchEntry
from core.school_year import SchoolYear
from network.imports.staff import StaffImport
from network.models import Employment, Person, Role, Subject
from tests.factories.network import OrganisationFactory, employ
from tests.tables import csv, xlsx

pytestmark = pytest.mark.django_db
HEADER = ["ФИО", "Электронная почта", "Организация", "Должность", "Предмет", "Категория", "Стаж", "Роль"]


def teacher(name="Лесная Ольга Ивановна", email="lesnaya@school.example", place="Школа № 1", position="учитель",
            subject="математика", category="первая", service="12", role=""):  # fmt: skip
    return [name, email, place, position, subject, category, service, role]


def parts(world, rows, *, by=None, organisation=None, header=HEADER):
    params = {"municipality": world.municipality.pk}
    if organisation:
        params["organisation"] = organisation.pk
    if by:
        params["by"] = by.pk
    spec = StaffImport(params)
    table = read_table(io.BytesIO(xlsx([header, *rows])), name="файл", words=title_words(spec.fields))
    return spec, table, guess_columns(table.header, spec.fields)


def plan(world, rows, **options):
    return make_plan(*parts(world, rows, **options))


def load(world, rows, *, by=None, organisation=None, header=HEADER, **options):
    return carry_out(*parts(world, rows, by=by, organisation=organisation, header=header), by=by, **options)


def fates(result) -> list[str]:
    return [outcome.fate.value for outcome in result.outcomes]


def reasons(result) -> list[str]:
    return [reason for outcome in result.outcomes for _, reason in outcome.row.problems]


def test_person_and_place_of_work_are_added(world):
    result = load(world, [teacher()])

    person = Person.objects.get(email="lesnaya@school.example")
    job = person.employments.get()
    assert fates(result) == ["added"]
    assert person.get_full_name() == "Лесная Ольга Ивановна"
    assert (person.category, person.years_of_service) == ("first", 12)
    assert person.service_since == SchoolYear.current().start - 12
    assert (job.organisation, job.role, job.position) == (world.school, Role.TEACHER, "учитель")
    assert job.subject.name == "математика"
    assert not person.has_usable_password()


def test_name_in_three_columns_and_organisation_by_inn(world):
    header = ["Фамилия", "Имя", "Отчество", "ИНН"]

    load(world, [["ЛЕСНАЯ", "Ольга", "", world.school.inn]], header=header)

    person = Person.objects.get(last_name="Лесная")
    assert (person.first_name, person.patronymic, person.email) == ("Ольга", "", None)


def test_second_import_changes_nothing(world):
    rows = [
        teacher(),
        teacher("Сосновый Пётр Ильич", ""),
        teacher("Берёзова Анна", "b@school.example", role="руководитель"),
    ]
    load(world, rows)
    people, jobs = Person.objects.count(), Employment.objects.count()

    again = load(world, rows)

    assert fates(again) == ["unchanged"] * 3
    assert (Person.objects.count(), Employment.objects.count()) == (people, jobs)


def test_same_email_is_the_same_person_and_the_change_is_shown(world):
    load(world, [teacher()])

    result = load(
        world,
        [teacher("Ясенева Ольга Ивановна", " Lesnaya@School.example ", category="высшая", position="завуч")],
    )

    assert fates(result) == ["changed"]
    assert result.outcomes[0].changes == [
        ("Фамилия", "Лесная", "Ясенева"),
        ("Квалификационная категория", "первая", "высшая"),
        ("Должность", "учитель", "завуч"),
    ]
    person = Person.objects.get(email="lesnaya@school.example")
    assert (person.last_name, person.category, person.employments.get().position) == (
        "Ясенева",
        "highest",
        "завуч",
    )


def test_person_in_two_organisations_is_one_person(world):
    load(world, [teacher(), teacher(place="Школа № 2")])

    person = Person.objects.get(email="lesnaya@school.example")
    assert sorted(job.organisation.short_name for job in person.employments.all()) == [
        "Школа № 1",
        "Школа № 2",
    ]


def test_people_without_email_are_told_apart_by_organisation_and_full_name(world):
    rows = [teacher(email=""), teacher(email="", place="Школа № 2"), teacher("Лесная Ольга Петровна", "")]

    load(world, rows)

    assert Person.objects.filter(last_name="Лесная").count() == 3


def test_person_known_without_email_gets_it_from_the_file(world):
    load(world, [teacher(email="")])

    result = load(world, [teacher()])

    assert fates(result) == ["changed"]
    assert Person.objects.get(last_name="Лесная").email == "lesnaya@school.example"


def test_one_box_for_several_people_is_rejected(world):
    result = plan(world, [teacher(), teacher("Сосновый Пётр Ильич")])

    assert fates(result) == ["rejected", "rejected"]
    assert "этот адрес и у другого человека (строка 3)" in reasons(result)[0]


def test_email_that_belongs_to_somebody_else_is_rejected(world):
    employ(
        Role.TEACHER, world.school, email="lesnaya@school.example", last_name="Сосновый", first_name="Пётр"
    )

    assert "этот адрес уже у другого человека" in reasons(plan(world, [teacher()]))[0]


def test_person_of_another_municipality_is_not_taken_nor_named(world):
    stranger = employ(
        Role.TEACHER,
        world.far.organisation,
        email="lesnaya@school.example",
        last_name="Чужая",
        first_name="Вера",
    )

    result = plan(world, [teacher()])

    assert fates(result) == ["rejected"]
    assert "работает в другом месте" in reasons(result)[0]
    assert stranger.last_name not in str([outcome.as_data() for outcome in result.outcomes])


def test_row_without_email_means_the_namesake_of_the_same_place_that_has_one(world):
    result = load(
        world, [teacher(email="", role="руководитель"), teacher(email="", role="педагог"), teacher()]
    )

    assert fates(result) == ["added", "superseded", "added"]
    assert Person.objects.get(last_name="Лесная").email == "lesnaya@school.example"


def test_person_taken_in_is_found_by_search(world):
    load(world, [teacher()])

    person = Person.objects.get(last_name="Лесная")
    assert SearchEntry.objects.filter(source="network.person", object_id=person.pk).exists()


def test_repeated_row_gives_way_to_the_later_one(world):
    result = load(world, [teacher(position="лаборант"), teacher(position="учитель химии")])

    assert fates(result) == ["superseded", "added"]
    assert Employment.objects.get(person__last_name="Лесная").position == "учитель химии"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (teacher("Лесная О. И."), "нужны фамилия, имя и отчество полностью"),
        (teacher("Лесная"), "нужны фамилия, имя и отчество полностью"),
        (teacher(email="lesnaya.school"), "это не адрес электронной почты"),
        (teacher(place="Школа № 77"), "организации с названием «Школа № 77» нет в сети"),
        (teacher(place=""), "не указана организация"),
        (teacher(category="третья"), "бывает нет категории"),
        (teacher(service="100"), "стаж не бывает больше 70 лет"),
        (teacher(role="царь"), "бывает педагог"),
        (teacher(place="Школа № 3"), "нет в сети"),
    ],
)
def test_wrong_cell_is_rejected_with_its_reason(world, row, reason):
    result = plan(world, [row])

    assert fates(result) == ["rejected"]
    assert reason in reasons(result)[0]


def test_name_of_two_organisations_asks_for_the_inn(world):
    OrganisationFactory(municipality=world.municipality, short_name="школа №1")

    assert "укажите ИНН" in reasons(plan(world, [teacher()]))[0]


@pytest.mark.parametrize(
    ("text", "years"),
    [("12 лет", 12), ("5 лет 3 мес.", 5), ("7 мес.", 0), ("5,5", 5), (3, 3), ("с 2014", None)],
)
def test_years_of_service_are_read_as_people_write_them(world, text, years):
    load(world, [teacher(service=text)])

    since = Person.objects.get(last_name="Лесная").service_since
    assert since == (2014 if years is None else SchoolYear.current().start - years)


@pytest.mark.parametrize(
    ("role", "place", "head", "methodist", "official"),
    [
        ("педагог", "Школа № 1", True, True, True),
        ("руководитель", "Школа № 1", True, True, True),
        ("эксперт", "Школа № 1", False, True, True),
        ("методист", "Методический центр", False, True, True),
        ("методист", "Школа № 1", False, False, False),
        ("специалист", "Управление образования", False, False, True),
    ],
)
def test_nobody_gives_rights_wider_than_the_own(world, role, place, head, methodist, official):
    row = teacher(role=role, place=place)

    def gives(person, organisation=None) -> bool:
        return fates(plan(world, [row], by=person, organisation=organisation)) == ["added"]

    assert gives(world.head, world.school) is head
    assert gives(world.methodist) is methodist
    assert gives(world.official) is official


def test_head_loads_staff_of_the_own_organisation_only(world):
    by = {"by": world.head, "organisation": world.school}

    result = plan(world, [teacher(), teacher("Сосновый Пётр", "s@school.example", "Школа № 2")], **by)

    assert fates(result) == ["added", "rejected"]
    assert "только сотрудников организации «Школа № 1»" in reasons(result)[0]


def test_head_needs_no_column_with_the_organisation(world):
    load(world, [["Лесная Ольга"]], header=["ФИО", "Должность"], by=world.head, organisation=world.school)

    assert Employment.objects.get(person__last_name="Лесная").organisation == world.school


def test_import_is_allowed_to_those_who_keep_the_staff(world):
    whole = StaffImport({"municipality": world.municipality.pk})
    school = StaffImport({"municipality": world.municipality.pk, "organisation": world.school.pk})

    assert [p for p in ("teacher", "head", "methodist", "official", "expert", "stranger_methodist", "admin")
            if whole.allows(getattr(world, p))] == ["methodist", "official", "admin"]  # fmt: skip
    assert school.allows(world.head)
    assert not school.allows(world.near.head)


def test_unknown_subject_joins_the_dictionary_once(world):
    Subject.objects.create(name="Химия")
    rows = [teacher(subject="химия"), teacher("Сосновый Пётр", "a@a.example", subject="Астрономия"),
            teacher("Ивовая Анна", "b@a.example", subject="астрономия")]  # fmt: skip

    result = load(world, rows)

    assert sorted(Subject.objects.values_list("name", flat=True).filter(name__in=["Химия", "химия"])) == [
        "Химия"
    ]
    assert Subject.objects.filter(name__iregex="астрономия").count() == 1
    assert "появится в справочнике" in result.outcomes[1].row.notes[0]


def test_administrators_data_is_not_changed_by_a_list(world):
    admin = employ(Role.TEACHER, world.school, email="lesnaya@school.example", last_name="Лесная", first_name="Ольга",
                   patronymic="Ивановна", is_superuser=True)  # fmt: skip

    load(world, [teacher(category="высшая")])

    admin.refresh_from_db()
    assert admin.category == "none"


def test_invitations_go_once_to_those_with_email_and_without_password(world):
    rows = [
        teacher(),
        teacher("Сосновый Пётр Ильич", ""),
        teacher("Ясный Иван Петрович", "yasny@school.example"),
    ]
    employ(
        Role.TEACHER,
        world.school,
        email="yasny@school.example",
        last_name="Ясный",
        first_name="Иван",
        patronymic="Петрович",
    )

    load(world, rows, by=world.methodist, options={"invite": True})
    load(world, rows, by=world.methodist, options={"invite": True})

    letter = Letter.objects.get()
    assert (letter.to, letter.secret) == ("lesnaya@school.example", True)
    assert "Ольга Ивановна" in letter.text
    assert "/accounts/password/reset/key/" in letter.text


def test_invited_person_chooses_a_password_and_signs_in(world, client):
    load(world, [teacher()], by=world.methodist, options={"invite": True})
    link = next(word for word in Letter.objects.get().text.split() if "/reset/key/" in word)

    page = client.get(link.removeprefix("http://portal.test"), follow=True)
    form_url = page.redirect_chain[-1][0]
    client.post(form_url, {"password1": "dlinny-parol-7", "password2": "dlinny-parol-7"})

    person = Person.objects.get(email="lesnaya@school.example")
    assert person.check_password("dlinny-parol-7")
    assert client.login(request=None, email=person.email, password="dlinny-parol-7")


def test_no_invitation_is_sent_unasked(world):
    load(world, [teacher()], by=world.methodist)

    assert not Letter.objects.exists()


def test_audit_names_who_changed_what(world):
    load(world, [teacher()], by=world.methodist)
    load(world, [teacher(category="высшая")], by=world.methodist)

    change = LogEntry.objects.filter(content_type__model="person", action=LogEntry.Action.UPDATE).get()
    assert (change.actor, change.changes) == (world.methodist, {"category": ["first", "highest"]})


def test_one_wrong_row_keeps_all_out(world):
    people = Person.objects.count()

    with pytest.raises(HasRejected) as caught:
        load(world, [teacher(), teacher("Сосновый Пётр", "нет адреса@")])

    assert caught.value.plan.counts[Fate.REJECTED] == 1
    assert Person.objects.count() == people


def test_number_of_queries_does_not_grow_with_the_rows(world, django_assert_max_num_queries):
    rows = [
        teacher(f"Лесная Ольга{'а' * (n % 50)} Отчество{'о' * (n // 50)}", f"n{n}@school.example")
        for n in range(300)
    ]
    spec, table, columns = parts(world, rows)

    with django_assert_max_num_queries(45):
        carry_out(spec, table, columns, by=None)

    assert Person.objects.filter(last_name="Лесная").count() == 300


def test_command_loads_staff_and_names_rejected_rows(world, tmp_path, capsys):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(csv([HEADER, teacher()], encoding="cp1251"))
    bad.write_bytes(csv([HEADER, teacher(place="Школа № 77")]))

    call_command("import_staff", good, municipality=world.municipality.name, invite=True)
    with pytest.raises(CommandError, match="ничего не сохранено"):
        call_command("import_staff", bad, municipality=world.municipality.name)

    out = capsys.readouterr().out
    assert "+ строка 2: Лесная Ольга Ивановна · Школа № 1" in out
    assert "! строка 2: Лесная Ольга Ивановна · Школа № 77 (Организация: организации с названием" in out
    assert Letter.objects.count() == 1


def test_namesakes_without_email_ask_for_it(world):
    for _ in range(2):
        person = Person.objects.create(last_name="Лесная", first_name="Ольга", patronymic="Ивановна")
        Employment.objects.create(person=person, organisation=world.school)

    assert "несколько человек с таким ФИО" in reasons(plan(world, [teacher(email="")]))[0]
