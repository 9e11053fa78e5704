"""The usual words of orders that change a community; the official edits them before the registration."""

from __future__ import annotations

from typing import Any

from communities.models import ChangeKind, CommunityChange
from network.names import in_case

_HEADINGS = {
    ChangeKind.LEADER: "О смене руководителя сообщества «{title}»",
    ChangeKind.EXTENSION: "О продлении срока деятельности сообщества «{title}»",
    ChangeKind.CLOSING: "О завершении деятельности сообщества «{title}»",
}


def text_of(change: CommunityChange) -> dict[str, Any]:
    """`heading`, `preamble` and `clauses` for `network.orders.prepare_order`."""
    community = change.community
    return {
        "heading": _HEADINGS[ChangeKind(change.kind)].format(title=community.title),
        "preamble": f"На основании обращения от {change.asked_at:%d.%m.%Y}: {_sentence(change.reason)}",
        "clauses": [
            *_CLAUSES[ChangeKind(change.kind)](change),
            "Разместить настоящий документ на портале методической сети.",
            "Контроль за исполнением оставляю за собой.",
        ],
    }


def _leader(change: CommunityChange) -> list[str]:
    leader, new = change.community.leader, in_case(change.new_leader or "", "accusative")
    clauses = [f"Назначить руководителем сообщества «{change.community}» {new}."]
    if leader is not None:
        clauses.append(f"Считать {in_case(leader.person, 'accusative')} участником этого сообщества.")
    return clauses


def _extension(change: CommunityChange) -> list[str]:
    return [f"Продлить срок деятельности сообщества «{change.community}» до {change.new_ends_on:%d.%m.%Y}."]


def _closing(change: CommunityChange) -> list[str]:
    community = change.community
    return [
        f"Считать деятельность сообщества «{community}» завершённой.",
        "Отметить проделанную работу участников сообщества и разместить её итоги на портале.",
    ]


_CLAUSES = {
    ChangeKind.LEADER: _leader,
    ChangeKind.EXTENSION: _extension,
    ChangeKind.CLOSING: _closing,
}


def _sentence(text: str) -> str:
    """In a preamble the reason ends without a full stop: the command word follows."""
    return " ".join(text.split()).rstrip(".")
