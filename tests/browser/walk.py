"""A role's way through the portal from link to link, and what it cannot come to by links."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.urls import Resolver404, resolve
from lxml import html
from playwright.sync_api import Page

from tests.browser.audit import problems
from tests.test_access import TABLE

# What nobody comes to by a link of the demo; `test_every_page.py` looks at all of it.
NOT_LINKED = {
    "for machines and developers": "livez readyz metrics core:gallery picture events:calendar-own",
    "a form leads there": "search core:job core:upload core:upload-mapping core:upload-report communities:topic-reply",
    "a letter leads there": "diagnostics:answer diagnostics:answer-about diagnostics:answer-topic "
    "diagnostics:answer-check diagnostics:answer-thanks",
    "the screen at the door leads there": "events:here events:here-code",
    "nothing is published there yet": "network:documents network:resource-centres",
    "no file of such a kind": "communities:attachment communities:report-file network:order-scan-file events:material",
    "no such message, request, membership or offered place of one's own": "communities:join-withdrawal "
    "communities:leave communities:post-edit communities:post-showing events:acceptance",
    "no such plan": "events:plan-own-approval",
    "one of many is walked, and it is of another kind": "events:certificate-revocation events:certificate-reissue "
    "events:registration-series diagnostics:feedback-closing diagnostics:call",
}
EXCUSED = frozenset(name for names in NOT_LINKED.values() for name in names.split())

DIGITS = re.compile(r"\d+")


class Link(NamedTuple):
    """An address and the states told by the row around it («Черновик», «Идёт»)."""

    address: str
    states: frozenset[str] = frozenset()


class Way(NamedTuple):
    """What is walked once: a page with each thing that its query may ask about, and with each state of its object."""

    page: str
    asked: str
    states: frozenset[str]


@dataclass
class Walk:
    """One role's way: the pages it came to, and what was wrong there.

    `looked` and `seen` are shared by the roles: the pages that any of them has looked at, and the parts these have.
    """

    page: Page
    home: str
    looked: set[str]
    seen: set[str]
    met: set[str] = field(default_factory=set)
    found: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Follow links breadth first."""
        known: set[Way | str] = set()
        waiting = deque((Link("/"), Link("/my/")))
        while waiting:
            link = waiting.popleft()
            ways = ways_of(link)
            if link.address not in known and ways - known:
                known |= {*ways, link.address}
                (page,) = {way.page for way in ways}
                waiting += self.look(link.address, page)
                self.met.add(page)

    def look(self, address: str, name: str) -> list[Link]:
        """Ask for the address; look at a page that nobody has seen, or that has parts no page had; where it leads."""
        answer = self.page.request.get(self.home + address)
        if answer.status != 200:
            self.found.append(f"{address} answers {answer.status}")
        if answer.status != 200 or not answer.headers["content-type"].startswith("text/html"):
            return []
        document = html.document_fromstring(answer.text())
        of_page = parts(document)
        if name not in self.looked or of_page - self.seen:
            self.looked.add(name)
            self.seen |= of_page
            self.page.goto(answer.url)
            self.found += [f"{address}: {problem}" for problem in problems(self.page)]
        if name == "help":  # tells of all roles, and so of pages that are not this one's
            return []
        return list(links(document, urlsplit(answer.url).path))


def ways_of(link: Link) -> set[Way]:
    """The ways that a link begins; none to a page of a library. A list has no state of its own."""
    address = urlsplit(link.address)
    try:
        match = resolve(address.path)
    except Resolver404:
        return {Way(f"no page at {address.path}", "", frozenset())}
    if match.view_name not in TABLE:
        return set()
    keys = {key for key, _ in parse_qsl(address.query, keep_blank_values=True)} or {""}
    states = link.states if match.kwargs else frozenset()
    return {Way(match.view_name, key, states) for key in keys}


def links(document: html.HtmlElement, path: str) -> Iterator[Link]:
    """Links inside the portal."""
    for one in document.iter("a"):
        href = one.get("href", "").partition("#")[0]
        if href and ":" not in href:
            row = next(one.iterancestors("tr", "li", "article"), None)
            tags = [] if row is None else row.find_class("tag")
            states = frozenset(DIGITS.sub("", tag.text_content()).strip() for tag in tags)
            yield Link(urljoin(path, href), states)


def parts(document: html.HtmlElement) -> set[str]:
    """What the main part of a page is built of: its elements with their classes, without sizes."""
    elements = (one for main in document.iter("main") for one in main.iter() if isinstance(one.tag, str))
    return {f"{one.tag} {one.get('type', '')} {DIGITS.sub('', one.get('class', ''))}" for one in elements}
