"""What must hold for every page: accessible, no sideways scroll, silent console, no request elsewhere."""

from __future__ import annotations

from functools import cache
from weakref import WeakKeyDictionary

from django.conf import settings
from playwright.sync_api import Error, Page

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
# Chromium reports the status of the page itself as an error; what a page answers is tested elsewhere.
OWN_STATUS = "Failed to load resource: the server responded with a status of"

PATIENCE = 60_000  # milliseconds: the machine may be slow and the worker busy with something else
TWO_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"

_troubles: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()


def watch(page: Page, home: str) -> None:
    """Remember errors of the console, of scripts, and requests that leave the portal; wait with patience."""
    page.context.set_default_timeout(PATIENCE)
    troubles = _troubles[page] = []

    def asked(request) -> None:
        if not request.url.startswith((home, "data:", "blob:")):
            troubles.append(f"request outside the portal: {request.url}")

    def answered(response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            troubles.append(f"{response.status} {response.url}")

    def said(message) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(OWN_STATUS):
            troubles.append(f"console: {message.text}")

    page.on("request", asked)
    page.on("response", answered)
    page.on("console", said)
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))


def audit(page: Page) -> None:
    """Assert all of it for the page as it stands now, in its window and at 320 px and 200 %."""
    found = problems(page)
    assert not found, f"{page.url}\n" + "\n".join(found)


def problems(page: Page) -> list[str]:
    """What is wrong with the page as it stands now, and what went wrong since the last look."""
    for attempts_left in (2, 1, 0):
        page.wait_for_load_state()
        try:
            found = [*axe(page), *sideways(page)]
            break
        except Error:  # the page was on its way to the next one
            if not attempts_left:
                raise
    found += _troubles[page]
    _troubles[page].clear()
    return found


def axe(page: Page) -> list[str]:
    """Violations that axe-core finds, with the place of each."""
    page.evaluate(_axe_source())
    # Its copies of style sheets would be inline styles, which the policy of the portal forbids.
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")
    return [
        f"axe {violation['id']}: {node['html'][:160]} | {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def sideways(page: Page) -> list[str]:
    """Elements that make the page wider than its window at 320 px, and at 200 % (half of 1280 px)."""
    before = page.viewport_size
    found = []
    for width in (320, 640):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(TWO_FRAMES)  # charts follow the window a frame later
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if overflow > 0:
            found.append(f"wider than {width} px by {overflow}: {_widest(page, width)}")
    page.set_viewport_size(before)
    return found


def _widest(page: Page, width: int) -> str:
    return page.evaluate(
        """width => [...document.querySelectorAll('body *')]
            .filter(one => one.getBoundingClientRect().right > width + 1)
            .filter(one => !one.closest('.scroll *, .map, .visually-hidden, thead, details:not([open]) *'))
            .slice(-3).map(one => one.outerHTML.slice(0, 120)).join(' … ')""",
        width,
    )


@cache
def _axe_source() -> str:
    return AXE.read_text(encoding="utf-8")
