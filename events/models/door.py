from __future__ import annotations

import base64
import datetime as dt
import hmac
import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

# Without letters and digits that are read one for another from a screen at the far end of a hall.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 6
# Each code is shown so long and works as long again: time to sign in, none to pass it round.
SHOWN_FOR = dt.timedelta(minutes=10)


def new_secret() -> str:
    return secrets.token_urlsafe(32)


class DoorQuerySet(models.QuerySet["Door"]):
    def open_now(self) -> DoorQuerySet:
        now = timezone.now()
        return self.filter(opened_at__lte=now, closes_at__gt=now)

    def of_token(self, token: str) -> Door | None:
        """The door that has shown this token since it was opened, also when the token works no longer."""
        number = token.partition("-")[0]
        door = self.filter(pk=int(number)).first() if number.isascii() and number.isdecimal() else None
        return door if door is not None and door.turn_of(token) is not None else None

    def of_code(self, code: str) -> Door | None:
        """The open door whose screen shows the code, or has until a few minutes ago."""
        return next((door for door in self.open_now() if door.takes_code(code)), None)


class Door(models.Model):
    """The QR code and the short code on the screen by which those who came say so themselves, for as long as it is open.

    Both are made from the secret and the number of the ten minutes since the opening, so nothing is stored
    when they change and the screen of any web process shows the same.
    """

    event = models.OneToOneField("events.Event", on_delete=models.CASCADE, related_name="door")
    secret = models.CharField(max_length=64, default=new_secret, editable=False)
    closes_at = models.DateTimeField("действует до")
    opened_at = models.DateTimeField("открыт", default=timezone.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = DoorQuerySet.as_manager()

    class Meta:
        verbose_name = "код присутствия"
        verbose_name_plural = "коды присутствия"
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gte=F("opened_at")), name="door_closes_later")
        ]

    def __str__(self) -> str:
        return f"{self.event}, открыт {self.opened_at:%d.%m.%Y}"

    @property
    def is_open(self) -> bool:
        return self.opened_at <= timezone.now() < self.closes_at

    @property
    def turn(self) -> int:
        """Which code is shown now: 0 for the first ten minutes since the opening; the last one once it is closed."""
        return max(0, (min(timezone.now(), self.closes_at) - self.opened_at) // SHOWN_FOR)

    @property
    def changes_at(self) -> dt.datetime:
        """When the screen shows the next code."""
        return self.opened_at + SHOWN_FOR * (self.turn + 1)

    @property
    def token(self) -> str:
        """The last part of the address in the QR code that is shown now."""
        return self._token(self.turn)

    @property
    def code(self) -> str:
        """The six signs to type that are shown now."""
        return self._code(self.turn)

    def turn_of(self, token: str) -> int | None:
        """When the token was shown; None for one that never was."""
        shown = range(self.turn, -1, -1)
        return next((turn for turn in shown if hmac.compare_digest(self._token(turn), token)), None)

    def takes_token(self, token: str) -> bool:
        """Open, and the token is on the screen or was ten minutes ago."""
        turn = self.turn_of(token)
        return self.is_open and turn is not None and turn >= self.turn - 1

    def takes_code(self, code: str) -> bool:
        working = {self._code(turn) for turn in (self.turn, self.turn - 1) if turn >= 0}
        return self.is_open and code in working

    def _token(self, turn: int) -> str:
        return f"{self.pk}-{base64.urlsafe_b64encode(self._digest('token', turn)[:15]).decode()}"

    def _code(self, turn: int) -> str:
        number = int.from_bytes(self._digest("code", turn), "big")
        signs = []
        for _ in range(CODE_LENGTH):
            number, sign = divmod(number, len(CODE_LETTERS))
            signs.append(CODE_LETTERS[sign])
        return "".join(signs)

    def _digest(self, kind: str, turn: int) -> bytes:
        return hmac.digest(self.secret.encode(), f"{kind}:{turn}".encode(), "sha256")
