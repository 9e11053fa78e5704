"""Every URL × method × role × place against the declared table of `tests/access`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

import tests.access
from tests.access import PLACES, Rule
from tests.world import ROLES, World

METHODS = ("GET", "POST", "PUT", "DELETE")


def declared() -> dict[str, Rule]:
    table: dict[str, Rule] = {}
    for module in pkgutil.iter_modules(tests.access.__path__):
        access = importlib.import_module(f"tests.access.{module.name}").ACCESS
        assert not table.keys() & access.keys(), f"{module.name}: declared twice"
        table.update(access)
    return table


def names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """Every URL name; those of libraries (sign-in, admin) have tests of their own in tests/network."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name or f'unnamed {entry.pattern}'}"
        elif entry.namespace != "admin" and not str(entry.urlconf_name).startswith("<module 'allauth"):
            yield from names(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)


TABLE = declared()


def test_every_url_is_declared():
    ours = set(names(get_resolver()))

    assert ours - TABLE.keys() == set(), "these URLs are not declared in tests/access"
    assert TABLE.keys() - ours == set(), "these declarations have no URL"


@pytest.mark.parametrize("name", sorted(TABLE))
def test_access_is_as_declared(name: str, world: World):
    rule = TABLE[name]
    clients = {role: world.client(role) for role in ROLES}

    surprises = []
    for place in PLACES if rule.maker else PLACES[:1]:
        with transaction.atomic():
            kwargs = rule.maker(world, getattr(world, place)) if rule.maker else {}
            url = reverse(name, kwargs=kwargs) + (f"?{rule.query}" if rule.query else "")
            for role in ROLES:
                # A method there is not is refused before anybody is looked at: two ask for all.
                for method in METHODS if role in ("visitor", "admin") and place == "own" else rule.methods:
                    answer = ask(clients[role], method, url)
                    if not fits(answer, rule, method, role, place):
                        wanted = rule.outcome(role, place) if method in rule.methods else "405"
                        surprises.append(f"{method} {url} {role} at {place}: {answer}, declared {wanted}")
            transaction.set_rollback(True)

    assert not surprises, "\n".join(surprises)


def ask(client, method: str, url: str) -> str:
    with transaction.atomic():
        response: HttpResponse = client.generic(method, url)
        transaction.set_rollback(True)
    if response.status_code == 302 and response["Location"].startswith("/accounts/login/"):
        return "login"
    return str(response.status_code)


def fits(answer: str, rule: Rule, method: str, role: str, place: str) -> bool:
    wanted = rule.outcome(role, place)
    if method not in rule.methods:
        refused = (
            {"405", "login"} if wanted == "ok" and "404" not in rule.ok else {"405", "login", "403", "404"}
        )
        return answer in refused
    if wanted != "ok":
        return answer == wanted
    return answer in rule.ok or (method == "POST" and answer in {"400", "422"})
