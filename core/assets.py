"""Styles, scripts and fonts that come from npm packages, and how static files get their names.

Third-party files are installed by npm, never committed. Of the packages only what the pages use is served:
whole packages would make collectstatic minutes long and publish what nobody asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage
from django.utils.safestring import SafeString, mark_safe
from whitenoise.storage import CompressedManifestStaticFilesStorage

NODE_MODULES = Path(settings.BASE_DIR) / "node_modules"

# Paths below node_modules; they keep their path below STATIC_URL.
SERVED = (
    "bootstrap/dist/css/bootstrap.min.css",
    "@fontsource-variable/golos-text/index.css",
    "@fontsource-variable/golos-text/files/*.woff2",
    "chart.js/dist/chart.umd.min.js",
    "leaflet/dist/leaflet.js",
    "leaflet/dist/leaflet.css",
    "leaflet/dist/images/*.png",
)


class NodeModulesFinder(BaseFinder):
    """Finds the files of `SERVED` in node_modules."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=NODE_MODULES)

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The full path of one served file; empty where the packages are not installed."""
        full = NODE_MODULES / path
        if not any(fnmatch(path, pattern) for pattern in SERVED) or not full.is_file():
            return []
        return [str(full)] if find_all else str(full)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Every served file. Raises ImproperlyConfigured when a pattern matches nothing."""
        for pattern in SERVED:
            paths = sorted(NODE_MODULES.glob(pattern))
            if not paths:
                raise ImproperlyConfigured(f"node_modules has nothing that matches {pattern}: run npm ci.")
            for path in paths:
                yield str(path.relative_to(NODE_MODULES)), self.storage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Names with a hash, files compressed, portal.css with its components inside: one request, not twenty-five.

    Comments that point to source maps are left alone: the maps are not served, and the stock
    patterns fail on a map that is not there.
    """

    patterns = (
        (
            "*.css",
            (
                r"""(?P<matched>url\(['"]{0,1}\s*(?P<url>.*?)["']{0,1}\))""",
                (r"""(?P<matched>@import\s*["']\s*(?P<url>.*?)["'])""", """@import url("%(url)s")"""),
            ),
        ),
    )

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        if STYLES in paths and not dry_run:
            whole = InMemoryStorage()
            whole.save(STYLES, ContentFile(_whole_styles(paths).encode()))
            paths = {**paths, STYLES: (whole, STYLES)}
        yield from super().post_process(paths, dry_run, **options)


STYLES = "css/portal.css"
_OWN_IMPORT = re.compile(r"""@import url\("(?!\.\./)([^"]+)"\) layer\((\w+)\);""")


def _whole_styles(paths: dict[str, Any]) -> str:
    """portal.css with what it imports from our own files in place of the imports."""

    def read(name: str) -> str:
        storage, path = paths[name]
        with storage.open(path) as file:
            return file.read().decode()

    def inside(found: re.Match[str]) -> str:
        return f"@layer {found[2]} {{\n{read(f'css/{found[1]}')}}}"

    return _OWN_IMPORT.sub(inside, read(STYLES))


_SYMBOL = re.compile(r'<symbol[^>]*viewBox="([^"]+)"[^>]*id="([^"]+)"[^>]*>(.*?)</symbol>', re.DOTALL)
SPRITE = NODE_MODULES / "bootstrap-icons" / "bootstrap-icons.svg"


@cache
def _symbols() -> dict[str, tuple[str, str]]:
    return {
        name: (box, body.strip()) for box, name, body in _SYMBOL.findall(SPRITE.read_text(encoding="utf-8"))
    }


@cache
def icon_svg(name: str) -> SafeString:
    """The icon drawn in the page itself.

    The sprite of bootstrap-icons has 1.1 MB and is not served: a page needs some five icons of
    400 bytes each.
    Raises KeyError for a name that bootstrap-icons does not have.
    """
    box, body = _symbols()[name]
    svg = f'<svg class="icon" viewBox="{box}" aria-hidden="true" focusable="false">{body}</svg>'
    return mark_safe(svg)
