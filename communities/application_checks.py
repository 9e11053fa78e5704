"""What an application must have for the next step, said so that the person knows what to do.

The transitions of the model ask the same under their lock; here it is put into words.
"""

from __future__ import annotations

from communities.models import Answer, CommunityApplication
from core.states import WrongState
from core.templatetags.portal import plural

PEOPLE = "человек,человека,человек"
NAMES = 6


def missing_for_submission(application: CommunityApplication) -> list[str]:
    """Each line is one thing to do before the application can be handed in; empty when it can."""
    lines = []
    if lacks := application.lacks():
        lines.append(f"Заполните: {', '.join(lacks)}.")
    if application.starts_on and application.ends_on and not application.has_a_right_term():
        lines.append("Исправьте срок: окончание должно быть позже начала и ещё не наступить.")
    if not application.leader_is_listed():
        lines.append(f"Руководителя ({application.leader}) нет среди участников: добавьте или смените.")
    needed = application.municipality.minimum_community_size
    listed = application.members.exclude(answer=Answer.DECLINED).count()
    if listed < needed:
        lines.append(
            f"Участников пока {listed}, а нужно не меньше {needed}"
            + (" (отказавшиеся не в счёт)" if application.members.declined().exists() else "")
            + ": добавьте людей."
        )
    return lines


def missing_for_decision(application: CommunityApplication) -> list[str]:
    """What participants still owe before the application can be decided: who has not said yes."""
    lines = []
    rows = list(application.members.select_related("person"))
    refused = list(application.organisations.declined().select_related("organisation"))
    without = {place.organisation_id for place in refused}
    agreed = [row for row in rows if row.answer == Answer.CONFIRMED and row.organisation_id not in without]
    silent = [row.person.initials for row in rows if row.answer == Answer.ASKED]
    if not any(row.person_id == application.leader_id for row in agreed):
        lines.append(f"Руководитель ({application.leader.initials}) ещё не подтвердил участие.")
    needed = application.municipality.minimum_community_size
    if len(agreed) < needed:
        lines.append(
            f"Участие подтвердили {plural(len(agreed), PEOPLE)}, а нужно не меньше {needed}."
            + (f" Не ответили: {_names(silent)}." if silent else "")
        )
    if lines and refused:
        lines.append(
            f"Отказались организации, их педагоги не в счёт: {_names([str(one) for one in refused])}."
        )
    return lines


def missing_for_passing_on(application: CommunityApplication) -> list[str]:
    """What stands between the methodist and passing the application on."""
    lines = [] if application.is_concluded() else ["Напишите заключение и выберите, что вы предлагаете."]
    if not application.has_a_right_term():
        lines.append("Срок работы уже закончился: верните заявление, чтобы его исправили.")
    return lines + missing_for_decision(application)


def check_submission(application: CommunityApplication) -> None:
    """Raises WrongState with everything that is missing; says nothing of an application already handed in."""
    if application.is_open_to_change and (lines := missing_for_submission(application)):
        raise WrongState(" ".join(lines))


def check_passing_on(application: CommunityApplication) -> None:
    if application.state == CommunityApplication.State.IN_REVIEW and (
        lines := missing_for_passing_on(application)
    ):
        raise WrongState(" ".join(lines))


def check_decision(application: CommunityApplication) -> None:
    if application.state == CommunityApplication.State.AWAITING and (
        lines := missing_for_decision(application)
    ):
        raise WrongState(" ".join(lines))


def _names(names: list[str]) -> str:
    shown = ", ".join(names[:NAMES])
    return shown if len(names) <= NAMES else f"{shown} и ещё {len(names) - NAMES}"
