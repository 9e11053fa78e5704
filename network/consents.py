"""Which consent is asked for, and who has given it."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet, Subquery

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


def consent_to_ask(person: Person) -> QuerySet[ConsentDocument]:
    """The newest text where the person's consent to it is not in force: one row or none."""
    texts = ConsentDocument.objects.filter(purpose=PURPOSE)
    given = Consent.objects.filter(person=person, document=OuterRef("pk"), revoked_at=None)
    newest = texts.order_by("-version").values("pk")[:1]
    return texts.filter(~Exists(given), pk=Subquery(newest))
