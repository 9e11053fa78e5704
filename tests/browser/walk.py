"""A role's way through the portal from link to link, and what it cannot come to by links."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import NamedTuple
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.urls import Resolver404, resolve
from lxml import html
from playwright.sync_api import Page

from tests.browser.audit import problems
from tests.test_access import TABLE

# What nobody comes to by a link of the demo, by name or pattern; `test_every_page.py` looks at all of it.
NOT_LINKED = {
    "for machines and developers": "livez readyz metrics core:gallery picture",
    "a form leads there": "search core:job core:upload core:upload-mapping core:upload-report",
    "a letter leads there": "diagnostics:answer diagnostics:answer-about diagnostics:answer-topic "
    "diagnostics:answer-check diagnostics:answer-thanks",
    "nothing is published there yet": "network:documents network:resource-centres",
    "no file of such a kind": "communities:attachment communities:report-file network:order-scan-file",
    "the first of a long list is of another kind": "network:invite network:person-close network:person-open "
    "diagnostics:links diagnostics:links-print",
    "no such message, request or report of one's own": "communities:join-withdrawal communities:leave "
    "communities:post communities:post-* communities:topic-reply communities:topic-edit communities:subscriptions "
    "communities:news-removal communities:report-edit",
    "the demo of events grows": "events:* diagnostics:feedback diagnostics:feedback-*",
}
EXCUSED = frozenset(
    name for name in TABLE for pattern in " ".join(NOT_LINKED.values()).split() if fnmatch(name, pattern)
)

DIGITS = re.compile(r"\d+")


class Link(NamedTuple):
    """An address and the states told by the row around it («Черновик», «Идёт»)."""

    address: str
    states: frozenset[str] = frozenset()


class Way(NamedTuple):
    """What is walked once: a page, what its query asks about, and each state of its object."""

    page: str
    asked: str
    states: frozenset[str]


@dataclass
class Walk:
    """One role's way: the pages it came to, and what was wrong there.

    `seen` is shared by the roles: page → its parts that any of them has been shown.
    """

    page: Page
    home: str
    seen: dict[str, set[str]]
    met: set[str] = field(default_factory=set)
    found: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Follow links breadth first."""
        known: set[Way | str] = set()
        waiting = deque((Link("/"), Link("/my/")))
        while waiting:
            link = waiting.popleft()
            way = way_of(link)
            if way.page and known.isdisjoint((way, link.address)):
                known |= {way, link.address}
                waiting += self.look(link.address, way.page)
                self.met.add(way.page)

    def look(self, address: str, name: str) -> list[Link]:
        """Ask for the address, look at the page when it has parts not seen yet; returns where it leads."""
        answer = self.page.request.get(self.home + address)
        if answer.status != 200:
            self.found.append(f"{address} answers {answer.status}")
        if answer.status != 200 or not answer.headers["content-type"].startswith("text/html"):
            return []
        text = answer.text()
        if new := parts(text) - self.seen[name]:
            self.seen[name] |= new
            self.page.goto(answer.url)
            self.found += [f"{address}: {problem}" for problem in problems(self.page)]
        if name == "help":  # tells of all roles, and so of pages that are not this one's
            return []
        return list(links(text, urlsplit(answer.url).path))


def way_of(link: Link) -> Way:
    """The way that a link begins; a page without a name for one of a library."""
    address = urlsplit(link.address)
    try:
        name = resolve(address.path).view_name
    except Resolver404:
        return Way(f"no page at {address.path}", "", frozenset())
    keys = {key for key, _ in parse_qsl(address.query, keep_blank_values=True)}
    return Way(name if name in TABLE else "", " ".join(sorted(keys)), link.states)


def links(text: str, path: str) -> Iterator[Link]:
    """Links inside the portal."""
    for one in html.document_fromstring(text).iter("a"):
        href = one.get("href", "").partition("#")[0]
        if href and ":" not in href:
            row = next(one.iterancestors("tr", "li", "article"), None)
            tags = [] if row is None else row.find_class("tag")
            states = frozenset(DIGITS.sub("", tag.text_content()).strip() for tag in tags)
            yield Link(urljoin(path, href), states)


def parts(text: str) -> set[str]:
    """What the main part of a page is built of: the classes of its elements, without sizes."""
    page = html.document_fromstring(text)
    elements = (one for main in page.iter("main") for one in main.iter() if isinstance(one.tag, str))
    return {DIGITS.sub("", one.get("class", "")) for one in elements}
