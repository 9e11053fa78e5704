"""What is served from npm packages, and under which names."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import override_settings

from core import assets


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "core.assets.HashedStorage"}}
    with override_settings(STATIC_ROOT=folder, STORAGES=storages):
        call_command("collectstatic", interactive=False, stdout=StringIO(), ignore_patterns=["admin"])
    return folder


def test_collected_styles_name_only_files_that_are_there(collected: Path):
    styles = list(collected.glob("**/*.css"))

    missing = [
        f"{style.name}: {url}"
        for style in styles
        for url in re.findall(r"""url\(["']?([^"')]+)["']?\)""", style.read_text(encoding="utf-8"))
        if not url.startswith(("data:", "#")) and not (style.parent / url).is_file()
    ]

    assert next(style for style in styles if style.name.startswith("portal."))
    assert missing == []


def test_collected_styles_come_in_one_file_with_their_layers(collected: Path):
    (whole,) = collected.glob("css/portal.*.css")
    text = whole.read_text(encoding="utf-8")

    assert text.count("@import") == 2  # the font and the framework
    assert text.index("@layer tokens {") < text.index("@layer components {") < text.index("@layer pages {")
    assert text.count("{") == text.count("}")
    assert ".heat-4" in text


def test_collected_files_stay_small_and_come_compressed(collected: Path):
    first_party = collected / "css"

    assert not list(collected.glob("**/*.map"))
    assert len(list(collected.glob("**/*"))) < 1500
    assert all(path.with_name(path.name + ".br").is_file() for path in first_party.glob("portal.*.css"))


def test_pattern_that_matches_nothing_stops_the_collection(monkeypatch):
    monkeypatch.setattr(assets, "SERVED", (*assets.SERVED, "bootstrap/dist/no-such-*.css"))

    with pytest.raises(ImproperlyConfigured, match="no-such"):
        list(assets.NodeModulesFinder().list([]))


@pytest.mark.parametrize("path", ["bootstrap/package.json", "leaflet/src/Leaflet.js"])
def test_what_is_not_listed_is_not_served(path: str):
    assert finders.find(path) is None


def test_icon_is_drawn_in_the_page_and_passed_over_by_screen_readers():
    svg = assets.icon_svg("download")

    assert svg.startswith('<svg class="icon"')
    assert "<path" in svg
    assert 'aria-hidden="true"' in svg


def test_unknown_icon_is_refused():
    with pytest.raises(KeyError):
        assets.icon_svg("no-such-icon")
