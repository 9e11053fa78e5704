"""The words of the order that founds a community, drawn from its application (field facts, C2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format

from communities.models import CommunityApplication, CommunityKind
from network.models import Employment, Person
from network.names import in_case, initials_in_case
from network.orders import NewAnnex

# Genitive («о создании …») and accusative («создать …»).
GENITIVE = {
    CommunityKind.SUBJECT_ASSOCIATION: "районного методического объединения",
    CommunityKind.PEDAGOGICAL: "педагогического сообщества",
    CommunityKind.CROSS_FUNCTIONAL: "кроссфункциональной команды",
    CommunityKind.WORKING_GROUP: "рабочей группы",
    CommunityKind.YOUNG_CLUB: "клуба молодых педагогов",
    CommunityKind.PERMANENT_SEMINAR: "постоянно действующего семинара",
    CommunityKind.PUPILS_PROJECT: "сетевого проекта для обучающихся",
}
ACCUSATIVE = {
    CommunityKind.SUBJECT_ASSOCIATION: "районное методическое объединение",
    CommunityKind.PEDAGOGICAL: "педагогическое сообщество",
    CommunityKind.CROSS_FUNCTIONAL: "кроссфункциональную команду",
    CommunityKind.WORKING_GROUP: "рабочую группу",
    CommunityKind.YOUNG_CLUB: "клуб молодых педагогов",
    CommunityKind.PERMANENT_SEMINAR: "постоянно действующий семинар",
    CommunityKind.PUPILS_PROJECT: "сетевой проект для обучающихся",
}
COLUMNS = ["№", "Фамилия, имя, отчество", "Должность", "Организация", "Роль"]


@dataclass(frozen=True)
class OrderText:
    """What the draft begins with; the official edits it before the registration."""

    heading: str
    preamble: str
    clauses: list[str]
    annex: NewAnnex


def order_text(application: CommunityApplication) -> OrderText:
    """Heading, preamble, clauses and the annex of members who have agreed, the leader first."""
    kind = CommunityKind(application.kind)
    title = f"«{application.title}»"
    return OrderText(
        heading=f"О создании {GENITIVE[kind]} {title}",
        preamble=_preamble(application),
        clauses=_clauses(application, kind, title),
        annex=NewAnnex(f"Состав {GENITIVE[kind]} {title}", COLUMNS, _members(application), has_people=True),
    )


def _preamble(application: CommunityApplication) -> str:
    submitted = date_format(application.submitted_at, "d.m.Y") if application.submitted_at else ""
    place = application.initiator_organisation
    words = [
        f"На основании заявления {initials_in_case(application.initiator, 'genitive')}",
        f" ({place.short_name})" if place else "",
        f" от {submitted} и заключения методиста,",
        " в целях методической поддержки педагогов",
        f" по направлению «{application.direction}»" if application.direction else "",
    ]
    return "".join(words)


def _clauses(application: CommunityApplication, kind: CommunityKind, title: str) -> list[str]:
    start, end = (
        date_format(day, "j E Y") if day else "" for day in (application.starts_on, application.ends_on)
    )
    leader, place = application.leader, _place_of(application)
    aim = application.goal.strip() or application.problem.strip()
    return [
        f"Создать {ACCUSATIVE[kind]} {title} на срок с {start} года по {end} года и утвердить состав "
        "согласно приложению.",
        f"Назначить руководителем {in_case(leader, 'accusative')}{place}.",
        f"Определить задачу: {_sentence(aim)} Ожидаемый результат: {_sentence(application.expected_result)}",
        f"{_first_up(initials_in_case(leader, 'dative'))} представить план работы в течение месяца.",
        "Разместить сведения о создании на портале методической сети.",
        "Контроль за исполнением оставляю за собой.",
    ]


def _place_of(application: CommunityApplication) -> str:
    member = application.members.filter(person=application.leader_id).select_related("organisation").first()
    return f" ({member.organisation.short_name})" if member else ""


def _members(application: CommunityApplication) -> list[list[str]]:
    rows = list(application.members.agreed().select_related("person", "organisation"))
    rows.sort(key=lambda row: row.person_id != application.leader_id)
    positions = _positions(row.person for row in rows)
    return [
        [
            str(number),
            row.person.get_full_name(),
            positions.get((row.person_id, row.organisation_id), ""),
            row.organisation.short_name,
            "руководитель" if row.person_id == application.leader_id else "участник",
        ]
        for number, row in enumerate(rows, 1)
    ]


def _positions(people: Iterable[Person]) -> dict[tuple[int, int], str]:
    jobs = Employment.objects.in_force().filter(person__in=list(people)).order_by("-starts_on", "-pk")
    return {(job.person_id, job.organisation_id): job.position or job.get_role_display() for job in jobs}


def _sentence(text: str) -> str:
    """One line with a full stop at its end."""
    line = " ".join(text.split())
    return line if line.endswith((".", "!", "?", "…")) else f"{line}."


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
