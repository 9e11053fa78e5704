"""What the methodist of the demo has made: an own questionnaire, a survey by name, drafts on their way."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from django.utils import timezone

from diagnostics.actions.campaigns import save_draft
from diagnostics.actions.questionnaires import archive, copy, publish, save_item, save_section
from diagnostics.models import (
    Anonymity,
    Campaign,
    Invitation,
    Item,
    Questionnaire,
    Response,
    Scale,
    Section,
    YearsBand,
)
from network.models import Direction, Employment, Municipality, Organisation, OrganisationKind, Person

Kind = Item.Kind
MENTORING = {
    "family": "mentoring",
    "title": "Нужен ли вам наставник",
    "intro": "Пять минут, чтобы методический центр подобрал вам наставника или подопечного.",
    "minutes": 4,
}
# Topic → its questions: kind, words, choices or the code of the theme for a scale.
MENTORING_TOPICS: dict[str, list[tuple[str, str, Any]]] = {
    "Что даётся трудно": [
        (Kind.SCALE, "Удержать внимание класса весь урок", "psychology-motivation"),
        (Kind.SCALE, "Говорить с родителями о трудностях ребёнка", "communication-parents"),
        (Kind.SCALE, "Оценивать так, чтобы ученик понял, что делать дальше", "method-assessment"),
    ],
    "Какая помощь подойдёт": [
        (
            Kind.SINGLE,
            "Что вам сейчас ближе?",
            ["Нужен наставник", "Готов(а) быть наставником", "Справляюсь сам(а)"],
        ),
        (
            Kind.MULTIPLE,
            "Как удобнее работать с коллегой?",
            ["Ходить на уроки друг к другу", "Готовить уроки вместе", "Переписываться", "Встречаться раз в месяц"],
        ),
    ],
}  # fmt: skip
LATER_QUESTIONS = [
    (Kind.NUMBER, "Сколько часов в месяц вы готовы этому отдать?", None),
    (Kind.TEXT, "О чём вы хотели бы спросить наставника?", None),
]
DIGITAL_TOPICS: dict[str, list[tuple[str, str, Any]]] = {
    "Что есть в кабинете": [
        (Kind.MULTIPLE, "Чем вы пользуетесь на уроке?", ["Проектор", "Интерактивная панель", "Планшеты", "Ничем"]),
        (Kind.NUMBER, "На скольких уроках в неделю?", None),
    ],
    "Что мешает": [
        (Kind.SCALE, "Подобрать цифровое задание к теме урока", "digital-interactive"),
        (Kind.SCALE, "Проверить, что материал сделан не нейросетью", "digital-ai"),
    ],
    "О чём ещё спросить": [],
}  # fmt: skip
QUESTIONS = [
    "Как начать урок, чтобы все включились?",
    "Что делать, если родители не приходят на собрания?",
    "Как успевать проверять тетради?",
    "Где брать задания разного уровня?",
]


def make_own_surveys(municipality: Municipality, methodist: Person, rng: random.Random) -> None:
    """An archived and a published version, a draft, a running survey by name and a draft of the next one."""
    published = _mentoring(municipality, methodist)
    _draft_questionnaire(municipality, methodist)
    by_name = _survey_by_name(municipality, published, methodist)
    _answer(by_name, rng)
    today = timezone.localdate()
    save_draft(
        Campaign(
            municipality=municipality,
            questionnaire=published,
            title="Наставничество: весенний опрос",
            purpose="Сравнить с осенью и составить пары на следующий учебный год.",
            anonymity=Anonymity.CONFIDENTIAL,
            opens_on=today + dt.timedelta(days=60),
            closes_on=today + dt.timedelta(days=81),
        ),
        by=methodist,
    )


def _mentoring(municipality: Municipality, methodist: Person) -> Questionnaire:
    """The second version: the first asked too little and lies in the archive."""
    first = Questionnaire.objects.create(municipality=municipality, created_by=methodist, **MENTORING)
    _fill(first, MENTORING_TOPICS, methodist)
    first = publish(first, by=methodist)
    second = copy(first, by=methodist, municipality=municipality)
    last = second.sections.last()
    for question in LATER_QUESTIONS:
        _ask(last, question, methodist)
    second = publish(second, by=methodist)
    archive(first, by=methodist)
    return second


def _draft_questionnaire(municipality: Municipality, methodist: Person) -> None:
    draft = Questionnaire.objects.create(
        municipality=municipality, created_by=methodist, family="digital-classroom",
        title="Цифровые средства в вашем кабинете", minutes=3,
        intro="Черновик: последняя тема ещё не придумана.",
    )  # fmt: skip
    _fill(draft, DIGITAL_TOPICS, methodist)


def _fill(questionnaire: Questionnaire, topics: dict[str, list[Any]], methodist: Person) -> None:
    for title, questions in topics.items():
        section = save_section(Section(questionnaire=questionnaire, title=title), by=methodist)
        for question in questions:
            _ask(section, question, methodist)


def _ask(section: Section, question: tuple[str, str, Any], methodist: Person) -> None:
    kind, words, about = question
    item = Item(section=section, kind=kind, text=words, required=kind != Kind.TEXT)
    if kind == Kind.SCALE:
        item.scale = Scale.objects.get(code="difficulty-3")
        item.direction = Direction.objects.get(code=about)
    save_item(item, by=methodist, choices=about if isinstance(about, list) else ())


def _survey_by_name(municipality: Municipality, questionnaire: Questionnaire, methodist: Person) -> Campaign:
    """Asked in four schools; its map waits for the end, few answers would say whose they are."""
    today = timezone.localdate()
    campaign = Campaign.objects.create(
        municipality=municipality,
        questionnaire=questionnaire,
        title="Кому нужен наставник",
        purpose="Составить пары «наставник – подопечный» до конца полугодия.",
        anonymity=Anonymity.NAMED,
        opens_on=today - dt.timedelta(days=6),
        closes_on=today + dt.timedelta(days=28),
        state=Campaign.State.RUNNING,
        interim_map=False,
        by_subject=False, by_category=False, by_years=False,
        chosen_only=True,
        created_by=methodist,
    )  # fmt: skip
    schools = Organisation.objects.filter(municipality=municipality, kind=OrganisationKind.SCHOOL)
    campaign.organisations.set(schools.order_by("pk")[:4])
    return campaign


def _answer(campaign: Campaign, rng: random.Random) -> None:
    """Half of those invited have answered, the demo teacher among them."""
    jobs = list(
        Employment.objects.in_force()
        .pedagogues()
        .filter(organisation__in=campaign.organisations.all())
        .select_related("person")
        .order_by("pk")
    )
    answered = [job for job in jobs if job.person.email == "teacher@demo.example" or rng.random() < 0.5]
    done = {job.person_id for job in answered}
    Invitation.objects.bulk_create(
        Invitation(
            campaign=campaign, person=job.person, organisation_id=job.organisation_id,
            participated=job.person_id in done,
        )
        for job in jobs
    )  # fmt: skip
    Campaign.objects.filter(pk=campaign.pk).update(invited_count=len(jobs))
    items = list(
        Item.objects.filter(section__questionnaire=campaign.questionnaire_id).prefetch_related(
            "options", "scale__options"
        )
    )
    now = timezone.now()
    Response.objects.bulk_create(
        Response(
            campaign=campaign, is_anonymous=False, person=job.person, organisation_id=job.organisation_id,
            years=YearsBand.of(job.person.years_of_service),
            sent_at=now - dt.timedelta(minutes=rng.randint(60, 8000)),
            answers={item.code: _choose(item, job.person.is_early_career, rng) for item in items},
        )
        for job in answered
    )  # fmt: skip


def _choose(item: Item, early: bool, rng: random.Random) -> Any:
    if item.kind == Kind.TEXT:
        return rng.choice(QUESTIONS)
    if item.kind == Kind.NUMBER:
        return rng.randint(1, 8)
    if item.kind == Kind.SCALE:
        codes = [option.code for option in item.scale.options.all()]
        return rng.choices(codes, [50, 30, 18, 2] if early else [20, 40, 38, 2])[0]
    codes = [option.code for option in item.options.all()]
    if item.kind == Kind.MULTIPLE:
        return sorted(rng.sample(codes, rng.randint(1, 2)))
    return rng.choices(codes, [80, 2, 18] if early else [15, 30, 55])[0]
