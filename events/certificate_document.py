"""A certificate on paper: one lying sheet as tagged PDF with the QR code of its public page."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.utils import formats

from core.documents import typeset
from events.models import Certificate, ParticipantRole
from network.models.order import quoted
from network.order_document import qr_svg

TEMPLATE = Path(__file__).parent / "typst" / "certificate.typ"
# Said on the sheet and on the public page: 273-ФЗ, ст. 60 and 76.
NO_DIPLOMA = "Не является документом о квалификации (удостоверением о повышении квалификации)."
_WORDS = {
    ParticipantRole.PARTICIPANT: "принял(а) участие",
    ParticipantRole.SPEAKER: "выступил(а)",
    ParticipantRole.ORGANISER: "организовал(а)",
}


def to_pdf(certificate: Certificate) -> bytes:
    """The sheet; the same certificate always gives the same bytes."""
    address = f"{settings.SITE_URL}{certificate.get_absolute_url()}"
    data = {
        "title": f"Сертификат № {certificate.number}",
        "issuer": certificate.issuer,
        "number": certificate.number,
        "issued_on": day_words(certificate.issued_on),
        "name": certificate.name,
        "position": certificate.position,
        "did": _WORDS[ParticipantRole(certificate.role)],
        "format": certificate.get_format_display(),
        "event": quoted(certificate.title),
        "topic": quoted(certificate.topic),
        "level": certificate.get_level_display(),
        "when": when_words(certificate),
        "hours": formats.number_format(certificate.hours.normalize(), use_l10n=True)
        if certificate.hours
        else "",
        "note": NO_DIPLOMA,
        "revoked": "" if certificate.is_valid else "ОТОЗВАН",
        "url": address,
        "qr": qr_svg(address),
    }
    moment = dt.datetime.combine(certificate.issued_on, dt.time(12), dt.UTC)
    return typeset(TEMPLATE, data, moment)


def when_words(certificate: Certificate) -> str:
    """«12 ноября 2026 г.» or «12 ноября 2026 г. – 14 ноября 2026 г.»."""
    if certificate.held_until <= certificate.held_on:
        return day_words(certificate.held_on)
    return f"{day_words(certificate.held_on)} – {day_words(certificate.held_until)}"


def day_words(day: dt.date) -> str:
    return formats.date_format(day, "j E Y г.")
