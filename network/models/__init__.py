from network.models.consent import Consent, ConsentDocument
from network.models.direction import Direction
from network.models.employment import Employment, Role
from network.models.municipality import Municipality, OrderKind
from network.models.order import Order, OrderAnnex, OrderIsFinal
from network.models.organisation import Organisation, OrganisationKind, ResultsCluster
from network.models.person import Category, Person
from network.models.subject import Subject

__all__ = [
    "Category",
    "Consent",
    "ConsentDocument",
    "Direction",
    "Employment",
    "Municipality",
    "Order",
    "OrderAnnex",
    "OrderIsFinal",
    "OrderKind",
    "Organisation",
    "OrganisationKind",
    "Person",
    "ResultsCluster",
    "Role",
    "Subject",
]
