"""What apps above add to the letter of thanks: a link by which the participant says what the event gave them."""

from __future__ import annotations

from dataclasses import dataclass

from core.portal import Hook


@dataclass(frozen=True)
class Ask:
    """A registration whose person is asked: the personal link, and what becomes of the answers."""

    registration: int
    link: str
    words: str


# A provider gets the registrations that are written to now, with their events, and yields an `Ask` for some of
# them. It is called in the transaction that queues the letters.
feedback_asks: Hook[Ask] = Hook()
