"""Safe by default: what the settings are when nothing is set, and what every answer tells the browser."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

NAMES = [
    "DEBUG",
    "DEMO",
    "GALLERY",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT",
    "SECOND_FACTOR_REQUIRED",
    "METRICS_TOKEN",
    "BEHIND_PROXY",
]
TELL = f"""
import json
from config import settings
print(json.dumps({{name: getattr(settings, name) for name in {NAMES}}}))
"""


def settings_with(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Settings read in a process of its own that has only these variables."""
    bare = {"PATH": os.environ["PATH"], "VAR_DIR": str(folder / "var"), **variables}
    return subprocess.run(
        [sys.executable, "-c", TELL],
        cwd=settings.BASE_DIR,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )


def test_secret_key_is_demanded(tmp_path: Path):
    told = settings_with(tmp_path)

    assert told.returncode != 0
    assert "Set SECRET_KEY" in told.stderr


def test_with_nothing_but_the_key_the_portal_is_closed(tmp_path: Path):
    told = settings_with(tmp_path, SECRET_KEY="long and random")

    assert json.loads(told.stdout) == {
        "DEBUG": False,
        "DEMO": False,
        "GALLERY": False,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECOND_FACTOR_REQUIRED": True,
        "METRICS_TOKEN": "",
        "BEHIND_PROXY": False,
    }
    assert (tmp_path / "var").stat().st_mode & 0o077 == 0, "rows and files are for the portal's own account"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/livez",
        "/metrics",
        "/nowhere/",
        "/accounts/login/",
        "/admin/login/",
        "/my/",
        "/events/feed.atom",
    ],
)
def test_every_answer_forbids_foreign_and_inline_code(path: str):
    policy = dict(
        part.split(maxsplit=1) for part in Client().get(path).headers["Content-Security-Policy"].split("; ")
    )

    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    allowed = {source for sources in policy.values() for source in sources.split()}
    assert allowed == {"'self'", "'none'", "data:"}, "no address but the own one, nothing unsafe"
    assert policy["img-src"] == "'self' data:", "data: is for pictures alone"
