"""How many things wait for a person: the figure in the header.

It is counted where the person sees the list itself and after each of their own changes, and is kept for
ten minutes; a page that finds none kept shows none, so the header costs no query anywhere.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from core.portal import my_tasks
from network.models import Person

KEPT_SECONDS = 600


def _key(person: Person) -> str:
    return f"tasks-count:{person.pk}"


def remember(person: Person, count: int) -> None:
    cache.set(_key(person), count, KEPT_SECONDS)


def remembered(person: Person) -> int | None:
    return cache.get(_key(person))


class TasksCountMiddleware:
    """After a change by a person whose figure is kept, the figure is counted anew."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and response.status_code < 400:
            person = request.user
            if person.is_authenticated and remembered(person) is not None:
                fresh = Person.objects.get(pk=person.pk)
                remember(fresh, sum(1 for _ in my_tasks.gather(fresh)))
        return response
