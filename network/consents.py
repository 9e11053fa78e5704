"""Which consent is asked for, and who has given it."""

from __future__ import annotations

from network.models import Consent, ConsentDocument, Person

PURPOSE = "Участие в методической сети"


def current_document() -> ConsentDocument | None:
    """The newest published text."""
    return ConsentDocument.objects.filter(purpose=PURPOSE).order_by("-version").first()


def has_consented(person: Person) -> bool:
    """Whether the person's consent to the newest text is in force."""
    document = current_document()
    return (
        document is not None
        and Consent.objects.filter(person=person, document=document, revoked_at=None).exists()
    )
