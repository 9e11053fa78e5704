"""Pages of one shape: list, card, form, confirmation."""

from core.pages.confirm import ConfirmPage
from core.pages.forms import CreatePage, EditPage, FormPage
from core.pages.lists import ListPage
from core.pages.page import Action, CardPage, Page, PageMixin, ScopedMixin

__all__ = [
    "Action",
    "CardPage",
    "ConfirmPage",
    "CreatePage",
    "EditPage",
    "FormPage",
    "ListPage",
    "Page",
    "PageMixin",
    "ScopedMixin",
]
