"""Organisations and people of the demo municipality."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from django.contrib.auth.hashers import make_password

from config.demo import words
from core.school_year import SchoolYear
from network.models import (
    Category,
    Employment,
    Municipality,
    Organisation,
    OrganisationKind,
    Person,
    Role,
    Subject,
)

NAME = "Приозёрный округ (вымышленный)"
PASSWORD = "metodset-demo"
SOUTH, NORTH, WEST, EAST = 60.62, 61.18, 32.9, 34.3
Kind = OrganisationKind


def make_municipality() -> Municipality:
    return Municipality.objects.create(
        name=NAME,
        network_title="Методическая сеть Приозёрного округа (вымышленный)",
        region="Озёрный край (вымышленный)",
        centre_name="Методический центр Приозёрного округа",
        approving_body="Управление образования администрации Приозёрного округа",
        order_place="г. Приозёрск",
        signatory_position="Начальник Управления образования администрации Приозёрного округа",
        signatory_name="С. Ю. Северова",
        is_fictional=True,
        south=SOUTH, north=NORTH, west=WEST, east=EAST,
    )  # fmt: skip


def control_digits(serial: int) -> tuple[str, str]:
    """INN and OGRN with right control digits and a region code «00» that no real organisation has."""
    head = f"00{serial:07d}"
    inn = head + str(
        sum(w * int(d) for w, d in zip((2, 4, 10, 3, 5, 9, 4, 6, 8), head, strict=True)) % 11 % 10
    )
    ogrn = f"10000{serial:07d}"
    return inn, ogrn + str(int(ogrn) % 11 % 10)


def _names(count: int) -> Iterator[tuple[str, str, str]]:
    """Kind, full and short name: the two offices, then schools, kindergartens and the rest in a fixed mix."""
    yield (
        Kind.METHODICAL_CENTRE,
        "Муниципальное учреждение «Методический центр Приозёрного округа»",
        "Методический центр",
    )
    yield Kind.AUTHORITY, "Управление образования администрации Приозёрного округа", "Управление образования"
    mix = [
        (
            Kind.ADDITIONAL,
            "Муниципальное учреждение дополнительного образования «Дом творчества»",
            "Дом творчества",
        ),
        (
            Kind.ADDITIONAL,
            "Муниципальное учреждение дополнительного образования «Станция юных натуралистов»",
            "Станция юннатов",
        ),
        (Kind.COLLEGE, "Приозёрный педагогический колледж", "Педагогический колледж"),
        (Kind.CULTURE, "Краеведческий музей Приозёрного округа", "Краеведческий музей"),
        (Kind.HEALTH, "Центр психолого-медико-педагогической помощи «Ступени»", "Центр «Ступени»"),
    ]
    yield from mix[: max(0, count - 12)]
    schools = gardens = 0
    for i in range(count - 2 - len(mix[: max(0, count - 12)])):
        if i % 3 == 2:
            gardens += 1
            yield (
                Kind.KINDERGARTEN,
                f"Муниципальное бюджетное дошкольное образовательное учреждение «Детский сад № {gardens}»",
                f"Детский сад № {gardens}",
            )
            continue
        schools += 1
        sort = {3: "Гимназия", 5: "Лицей"}.get(schools, "Средняя общеобразовательная школа")
        short = {3: "Гимназия", 5: "Лицей"}.get(schools, "Школа")
        yield (
            Kind.SCHOOL,
            f"Муниципальное бюджетное общеобразовательное учреждение «{sort} № {schools}» Приозёрного округа",
            f"{short} № {schools}",
        )


def make_organisations(municipality: Municipality, count: int, rng: random.Random) -> list[Organisation]:
    rows = []
    for serial, (kind, full, short) in enumerate(_names(count), start=1):
        inn, ogrn = control_digits(serial)
        address = f"{rng.choice(words.VILLAGES)}, улица {rng.choice(words.STREETS)}, дом {rng.randint(1, 80)}"
        described = kind == Kind.SCHOOL and rng.random() < 0.6
        rows.append(
            Organisation(
                municipality=municipality,
                inn=inn, ogrn=ogrn, kind=kind, full_name=full, short_name=short,
                address=address,
                latitude=round(rng.triangular(SOUTH + 0.03, NORTH - 0.03, 60.9), 6),
                longitude=round(rng.triangular(WEST + 0.05, EAST - 0.05, 33.6), 6),
                phone=f"+7 (800) 000-{serial // 100:02d}-{serial % 100:02d}",
                email=f"org{serial}@demo.example",
                strengths=rng.choice(words.STRENGTHS) if described else "",
                offers=rng.choice(words.OFFERS) if described else "",
                risk_profile=kind == Kind.SCHOOL and rng.random() < 0.15,
                difficult_conditions=kind == Kind.SCHOOL and rng.random() < 0.12,
            )
        )  # fmt: skip
    return Organisation.objects.bulk_create(rows)


def _person(rng: random.Random, email: str | None, **fields) -> Person:
    surname, woman = rng.choice(words.SURNAMES), rng.random() < 0.86
    root = rng.choice(words.PATRONYMIC_ROOTS)
    ending = "ев" if root[-1] in "еьиа" else "ов"
    if woman:
        surname = surname[:-2] + "ая" if surname.endswith("ой") else surname + "а"
    years = min(45, int(rng.expovariate(1 / 15)))
    category = rng.choices(
        [Category.NONE, Category.FIT, Category.FIRST, Category.HIGHEST, Category.METHODIST, Category.MENTOR],
        [60, 20, 8, 2, 0, 0] if years < 5 else [12, 22, 34, 28, 2, 2],
    )[0]
    return Person(
        email=email,
        last_name=surname,
        first_name=rng.choice(words.WOMEN if woman else words.MEN),
        patronymic=root + ending + ("на" if woman else "ич"),
        service_since=SchoolYear.current().start - years,
        category=category,
        password=UNUSABLE,
        **fields,
    )


# Years of service, years in the present place and category of the accounts that visitors try.
ACCOUNTS = {
    "methodist": (21, 6, Category.METHODIST),
    "official": (17, 4, Category.NONE),
    "head": (24, 8, Category.HIGHEST),
    "teacher": (9, 2, Category.FIRST),
    "expert": (26, 3, Category.MENTOR),
}
# Nobody heads a school or keeps a municipality's methods in the first years of work.
LEAST_SERVICE = 10
WITHOUT_EMAIL = 40  # one teacher of so many has no e-mail and is handed links on paper
_SIZE: dict[str, float] = {Kind.SCHOOL: 3.0, Kind.KINDERGARTEN: 1.3}
UNUSABLE = "!" + "demo-account-without-password-0123456789"


def _employed_since(person: Person, number: int) -> dt.date:
    """The last days of a summer not before the person's first: some came lately, some have stayed all their life."""
    start, first = SchoolYear.current().start, person.service_since or SchoolYear.current().start
    role = (person.email or "").partition("@")[0]
    stayed = ACCOUNTS[role][1] if role in ACCOUNTS else 2 + number * 7 % 17
    return dt.date(max(first, start - stayed), 8, 25)


def make_people(organisations: list[Organisation], count: int, rng: random.Random) -> dict[str, Person]:
    """The six accounts, a head for each organisation and teachers by size; returns the accounts by role."""
    subjects = {name: Subject.objects.get_or_create(name=name)[0] for name, _ in words.SUBJECT_SHARES}
    weights = [share for _, share in words.SUBJECT_SHARES]
    preschool = Subject.objects.get_or_create(name="Дошкольное образование")[0]
    centre, authority = organisations[:2]
    places = [o for o in organisations[2:] if o.kind in (Kind.SCHOOL, Kind.KINDERGARTEN, Kind.ADDITIONAL)]
    jobs: list[tuple[Person, Organisation, str, str, Subject | None]] = []

    password = make_password(PASSWORD)  # once: hashing takes a quarter of a second on purpose

    def account(
        role: str, organisation: Organisation, work: str, position: str, subject: Subject | None = None
    ) -> Person:
        person = _person(rng, f"{role}@demo.example")
        person.password = password
        years, _, person.category = ACCOUNTS[role]
        person.service_since = SchoolYear.current().start - years
        jobs.append((person, organisation, work, position, subject))
        return person

    school = next(place for place in places if place.kind == Kind.SCHOOL)
    accounts = {
        "methodist": account("methodist", centre, Role.METHODIST, "методист"),
        "official": account("official", authority, Role.OFFICIAL, "главный специалист"),
        "head": account("head", school, Role.HEAD, "директор"),
        "teacher": account("teacher", school, Role.TEACHER, "учитель", subjects["Математика"]),
        "expert": account("expert", organisations[2], Role.EXPERT, "эксперт"),
    }
    for number, position in enumerate(("директор центра", "методист", "методист"), start=1):
        jobs.append((_person(rng, f"centre{number}@demo.example"), centre, Role.METHODIST, position, None))
    jobs.append(
        (_person(rng, "authority1@demo.example"), authority, Role.OFFICIAL, "начальник управления", None)
    )
    for number, place in enumerate(organisations[2:], start=1):
        if place != school:
            title = "заведующий" if place.kind == Kind.KINDERGARTEN else "директор"
            jobs.append((_person(rng, f"head{number}@demo.example"), place, Role.HEAD, title, None))
    sizes = [_SIZE.get(place.kind, 1.0) * rng.uniform(0.5, 1.6) for place in places]
    for number in range(max(0, count - len(jobs))):
        place = places[number] if number < len(places) else rng.choices(places, sizes)[0]
        if place.kind == Kind.SCHOOL:
            subject, position = subjects[rng.choices(list(subjects), weights)[0]], "учитель"
        elif place.kind == Kind.KINDERGARTEN:
            subject, position = preschool, "воспитатель"
        else:
            subject, position = None, "педагог дополнительного образования"
        email = None if number % WITHOUT_EMAIL == 7 else f"teacher{number + 1}@demo.example"
        jobs.append((_person(rng, email), place, Role.TEACHER, position, subject))
    for number, (person, _, role, _, _) in enumerate(jobs):
        if role != Role.TEACHER:
            latest = SchoolYear.current().start - LEAST_SERVICE - number % 16
            person.service_since = min(person.service_since or latest, latest)
    Person.objects.bulk_create([job[0] for job in jobs], batch_size=500)
    Employment.objects.bulk_create(
        [
            Employment(
                person=p, organisation=o, role=role, position=position, subject=subject,
                starts_on=_employed_since(p, number),
            )
            for number, (p, o, role, position, subject) in enumerate(jobs)
        ],
        batch_size=500,
    )  # fmt: skip
    accounts["admin"] = Person.objects.create_superuser(
        "admin@demo.example",
        PASSWORD,
        last_name="Администраторов",
        first_name="Андрей",
        patronymic="Андреевич",
    )
    return accounts
