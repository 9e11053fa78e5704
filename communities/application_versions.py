"""What an application said each time it was handed in, and what has changed between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from communities.models import ApplicationVersion, CommunityApplication

FIELDS = {
    "title": "Название",
    "kind": "Вид",
    "direction": "Направление",
    "problem": "Проблема",
    "goal": "Цель",
    "expected_result": "Ожидаемый результат",
    "term": "Срок работы",
    "leader": "Руководитель",
}
LISTS = {"members": "Участники", "organisations": "Организации"}


@dataclass(frozen=True)
class Difference:
    """One thing that changed: before and after in words; for lists what was added and what left."""

    title: str
    before: str = ""
    after: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def content_of(application: CommunityApplication) -> dict[str, Any]:
    """The application in words as it stands: kept when it is handed in, compared later."""
    members = application.members.select_related("person", "organisation")
    organisations = application.organisations.select_related("organisation")
    return {
        "title": application.title,
        "kind": application.get_kind_display(),
        "direction": str(application.direction or ""),
        "problem": application.problem,
        "goal": application.goal,
        "expected_result": application.expected_result,
        "term": term_in_words(application),
        "leader": application.leader.get_full_name(),
        "members": [f"{row.person.get_full_name()}, {row.organisation}" for row in members],
        "organisations": [str(row.organisation) for row in organisations],
    }


def term_in_words(application: CommunityApplication) -> str:
    """«01.12.2026 – 31.05.2027»; empty while it is not named."""
    if application.starts_on is None or application.ends_on is None:
        return ""
    return f"{application.starts_on:%d.%m.%Y} – {application.ends_on:%d.%m.%Y}"


def keep_version(application: CommunityApplication, *, by: Any) -> ApplicationVersion:
    """Keep what is handed in. Called in the transaction of the submission, under the lock of the application."""
    return ApplicationVersion.objects.create(
        application=application,
        number=application.versions.count() + 1,
        content=content_of(application),
        submitted_at=application.submitted_at or timezone.now(),
        submitted_by=by,
    )


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """What differs between two contents, in the order of the application."""
    found = [
        Difference(title, before.get(key, ""), after.get(key, ""))
        for key, title in FIELDS.items()
        if before.get(key, "") != after.get(key, "")
    ]
    for key, title in LISTS.items():
        old, new = before.get(key, []), after.get(key, [])
        added = tuple(name for name in new if name not in old)
        removed = tuple(name for name in old if name not in new)
        if added or removed:
            found.append(Difference(title, added=added, removed=removed))
    return found


def changed_since_last_submission(application: CommunityApplication) -> list[Difference]:
    """What the last submission changed against the one before it; nothing when there was one only."""
    versions = list(application.versions.order_by("-number")[:2])
    return differences(versions[1].content, versions[0].content) if len(versions) == 2 else []


def changed_since_it_was_returned(application: CommunityApplication) -> list[Difference]:
    """What the initiator has changed so far against the submission that was returned."""
    last = application.versions.order_by("-number").first()
    return differences(last.content, content_of(application)) if last else []
