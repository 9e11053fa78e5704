"""Pages of the declared table of addresses that no link of the demo leads to, and those of an empty portal.

Together with the walk of `test_pages.py`, which fails for a page that is neither linked nor excused, every page is
looked at in Chromium.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from django.urls import reverse
from lxml import html
from playwright.sync_api import Page

from tests.browser.audit import problems
from tests.browser.walk import EXCUSED, parts
from tests.browser.world import become
from tests.test_access import TABLE
from tests.world import ROLES, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def groups() -> dict[str, list[str]]:
    """Pages that show the same object are looked at together; those without an object, app by app.

    Named by the first page of each group.
    """
    found: dict[Any, list[str]] = {}
    for name, rule in sorted(TABLE.items()):
        is_list = rule.maker is None and rule.methods == ("GET",)  # an empty portal shows it empty
        if "GET" in rule.methods and "200" in rule.ok and (is_list or name in EXCUSED):
            found.setdefault(rule.maker or name.rpartition(":")[0], []).append(name)
    return {names[0]: names for names in found.values()}


GROUPS = groups()


@pytest.mark.parametrize("group", GROUPS)
def test_page_that_is_not_linked_or_empty_is_accessible_for_every_role(
    group: str, open_page, live_server, world: World
):
    addresses = {}
    maker = TABLE[GROUPS[group][0]].maker
    kwargs = maker(world, world.own) if maker else {}
    for name in GROUPS[group]:
        query = TABLE[name].query
        addresses[name] = reverse(name, kwargs=kwargs) + (f"?{query}" if query else "")

    found = []
    seen: dict[str, set[str]] = defaultdict(set)
    page = open_page("/livez")
    for role in ROLES:
        theirs = [name for name in addresses if role in TABLE[name].may["own"]]
        if theirs:
            become(page, world.person(role), live_server.url)
        for name in theirs:
            what = look_at(page, addresses[name], seen[name], TABLE[name].ok)
            found += [f"{name} as {role}, {addresses[name]}: {problem}" for problem in what]

    assert not found, "\n".join(dict.fromkeys(found))


def look_at(page: Page, address: str, seen: set[str], ok: frozenset[str]) -> list[str]:
    """Problems of one page; what is built of parts that other roles have been shown is not looked at again."""
    url = "/".join(page.url.split("/", 3)[:3]) + address
    answer = page.request.get(url, max_redirects=0)
    if str(answer.status) not in ok:
        return [f"answered {answer.status}"]
    if answer.status != 200 or "text/html" not in answer.headers.get("content-type", ""):
        return []
    new = parts(html.document_fromstring(answer.text())) - seen
    if not new:
        return []
    seen |= new
    page.goto(url)
    return problems(page)
