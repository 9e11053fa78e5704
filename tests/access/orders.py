from django.core.files.base import ContentFile

from tests.access import MANAGERS, OFFICIALS, PUBLIC, rule
from tests.factories.orders import draft_order, registered_order


def draft(world, place):
    return {"pk": draft_order(place.municipality).pk}


def registered(world, place):
    return {"pk": registered_order(place.municipality).pk}


def scanned(world, place):
    order = registered_order(place.municipality)
    order.scan.save("scan.pdf", ContentFile(b"%PDF-1.4"))
    return {"pk": order.pk}


def public(world, place):
    return {"code": registered_order(place.municipality).code}


ACCESS = {
    "network:orders": rule(own="methodist official"),
    "network:order-new": rule(own="methodist official").posts(),
    "network:order": MANAGERS.at(draft),
    "network:order-edit": MANAGERS.at(draft).posts(),
    "network:order-removal": MANAGERS.at(draft).posts(),
    "network:order-history": MANAGERS.at(draft),
    "network:order-docx": MANAGERS.at(draft),
    "network:order-pdf": MANAGERS.at(draft),
    # A methodist prepares and sees, the official registers.
    "network:order-registration": OFFICIALS.at(draft).seen(own="methodist", near="methodist").posts(),
    "network:order-scan": OFFICIALS.at(registered).seen(own="methodist", near="methodist").posts(),
    "network:order-scan-file": MANAGERS.at(scanned),
    "network:order-public": PUBLIC.at(public),
}
