"""A live portal and a Chromium that watches what no page may do."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from playwright.sync_api import Browser, Page, expect, sync_playwright

from network.models import Person
from tests import chromium
from tests.browser.audit import PATIENCE, watch
from tests.browser.world import become
from tests.core.processes import Worker

pytest.register_assert_rewrite(
    *(f"tests.browser.story{part}" for part in ("", "_event", "_community", "_report"))
)

OpenPage = Callable[..., Page]
FAILED = pytest.StashKey[bool]()
PICTURES = settings.BASE_DIR / "test-results"  # of the pages as a failed test left them


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        pytest.skip("BROWSER TESTS ARE SKIPPED: there is no Chromium")
    # Playwright keeps an event loop in this thread; the ORM is used between its calls, never inside them.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.LAUNCH_ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_kept() -> Iterator[None]:
    """A browser asks for a style sheet once, as it does of the portal, not with every page."""
    with pytest.MonkeyPatch.context() as patch:
        serve = StaticFilesHandler.serve

        def kept(handler: StaticFilesHandler, request: Any) -> Any:
            response = serve(handler, request)
            response["Cache-Control"] = "max-age=3600"
            return response

        patch.setattr(StaticFilesHandler, "serve", kept)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def open_page(request: pytest.FixtureRequest, browser: Browser, live_server: Any) -> Iterator[OpenPage]:
    """`open_page(path, person=None, width=1280, look="", scripts=True)`: a page in a browser of its own.

    `look` is the cookie of «Вид» («dark.high.large»); `scripts=False` switches JavaScript off.
    """
    contexts = []

    def open_page(
        path: str, person: Person | None = None, width: int = 1280, look: str = "", scripts: bool = True
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, locale="ru-RU"
        )
        contexts.append(context)
        if look:
            context.add_cookies([{"name": "look", "value": look, "url": live_server.url}])
        page = context.new_page()
        become(page, person, live_server.url)
        watch(page, live_server.url)
        page.goto(live_server.url + path)
        return page

    yield open_page
    if request.node.stash.get(FAILED, False):
        for number, page in enumerate(page for context in contexts for page in context.pages):
            picture = PICTURES / f"{re.sub(r'[^a-z0-9]+', '-', request.node.name)[:80]}-{number}.png"
            page.screenshot(path=picture, full_page=True)
    for context in contexts:
        context.close()


@pytest.fixture
def worker(live_server: Any, settings: Any, tmp_path: Path) -> Iterator[Worker]:
    """The worker beside the live portal; links in its letters lead there. Ask for it before `open_page`."""
    settings.SITE_URL = live_server.url
    shutil.rmtree(settings.VAR_DIR / "mail", ignore_errors=True)  # letters of the test before
    worker = Worker(tmp_path / "worker.log", SITE_URL=live_server.url)
    yield worker
    worker.stop()
