"""The pages of a municipality that is alive: every link that a role meets leads to a page that is right.

The demo runs in a server of its own and every role walks it from link to link, so the pages are full, and each can
be come to. `test_every_page.py` looks at the rest: pages that no link leads to, and those of an empty portal.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from lxml import html
from playwright.sync_api import Browser, Page, expect

from core.management.commands.serve import DEMO_PASSWORD, answers, web_command
from tests.browser.audit import audit, watch
from tests.browser.walk import EXCUSED, Walk, links
from tests.core.processes import environment, until
from tests.core.test_serve import free_port
from tests.test_access import TABLE
from tests.world import ROLES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.xdist_group("demo"),
    # The server of the demo has an SQLite of its own: what it shows is the same whatever the other tests run on.
    pytest.mark.skipif("DATABASE_URL" in os.environ, reason="walked where the tests run on files"),
]

SMALL = ["--organisations", "12", "--people", "150", "--responses", "120"]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server with a small demo municipality."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    env = environment(
        DJANGO_SETTINGS_MODULE="tests.unmigrated",
        DATABASE_URL=f"sqlite:///{folder}/portal.sqlite3",
        VAR_DIR=str(folder),
        QUEUE_NAME=folder.name,
        DEMO="1",
        LOG_LEVEL="WARNING",
    )
    # Collected files bear a digest in their names, and so the browser asks for each of them once.
    for command in (
        ["migrate", "--run-syncdb", "-v0"],
        ["demo", *SMALL],
        ["collectstatic", "--noinput", "-v0"],
    ):
        subprocess.run([sys.executable, "manage.py", *command], env=env, check=True, capture_output=True)
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            web_command("127.0.0.1", port), env=env, stdout=log, stderr=log, cwd=settings.BASE_DIR
        )
    try:
        until(lambda: answers("127.0.0.1", port), seconds=180, what="the server")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def page_of(browser: Browser, demo: str, role: str, **options: object) -> Page:
    """A browser of one's own in which the demo account of the role has signed in."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="ru-RU", **options).new_page()
    watch(page, demo)
    page.goto(f"{demo}/accounts/login/")
    if role != "visitor":
        page.locator("[name=login]").fill(f"{role}@demo.example")
        page.locator("[name=password]").fill(DEMO_PASSWORD)
        with page.expect_navigation():
            page.locator("[name=password]").press("Enter")
    return page


def test_every_link_of_every_role_leads_to_a_page_that_is_right(browser: Browser, demo: str):
    looked: set[str] = set()
    seen: set[str] = set()
    met: set[str] = set()
    found = []
    for role in ("methodist", *(role for role in ROLES if role != "methodist")):
        page = page_of(browser, demo, role)
        walk = Walk(page, demo, looked, seen)
        walk.run()
        met |= walk.met
        found += [f"{role}: {problem}" for problem in walk.found]
        page.context.close()

    assert not found, "\n".join(found)
    pages = {name for name, rule in TABLE.items() if "GET" in rule.methods}
    assert sorted(pages - met - EXCUSED) == [], "nobody comes to these pages by links"


@pytest.mark.parametrize("look", ["dark.normal.normal", "light.high.large"])
def test_full_pages_are_accessible_in_every_look(browser: Browser, demo: str, look: str):
    page = page_of(browser, demo, "methodist")
    page.context.add_cookies([{"name": "look", "value": look, "url": demo}])
    for path in ("/", "/my/", "/network/organisations/", *records(page, demo)):
        page.goto(demo + path)
        audit(page)
    page.context.close()


def records(page: Page, demo: str) -> list[str]:
    """Addresses of a map, of an indicator and of a report of the demo."""
    found = []
    for path, wanted in (
        ("/diagnostics/", r"/diagnostics/campaigns/\d+/map/"),
        ("/monitoring/indicators/", r"/monitoring/indicators/(?!refresh|acceptance)[\w-]+/"),
        ("/monitoring/reports/", r"/monitoring/reports/\d+/"),
    ):
        document = html.document_fromstring(page.request.get(demo + path).text())
        found.append(next(link.address for link in links(document, path) if re.match(wanted, link.address)))
    return found


def test_main_pages_show_their_content_without_scripts(browser: Browser, demo: str):
    page = page_of(browser, demo, "methodist", java_script_enabled=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Мои дела")
    difficulty_map, indicator, report = records(page, demo)
    shown = {
        "/network/organisations/?kind=school": "table.grid tbody a",
        "/network/map/": "main a[href^='/network/organisations/']",
        difficulty_map: "table.heat tbody td a",
        indicator: "main table td",
        report: "main table caption",
    }
    for path, what_matters in shown.items():
        page.goto(demo + path)
        expect(page.locator(what_matters).first).to_be_attached()
        assert page.locator(".needs-script:visible").count() == 0, path
    page.context.close()
