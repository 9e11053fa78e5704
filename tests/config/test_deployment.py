"""What the deployment guide, the containers and the settings say of each other."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
GUIDE = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
READ = {
    name
    for file in ("settings.py", "gunicorn.py", "logs.py")
    for name in re.findall(
        r"""(?:env\.\w+|environ\.get)\(\s*"([A-Z_]+)\"""", (ROOT / "config" / file).read_text()
    )
}
# Of the table «Settings»: what stands in the first column.
TOLD = {
    name
    for line in GUIDE.partition("## Settings")[2].partition("\n## ")[0].splitlines()
    if line.startswith("| `")
    for name in re.findall(r"`([A-Z_]+)`", line.split("|")[1])
}


def test_guide_names_every_setting_and_no_other():
    assert TOLD - {"SECRET_KEY_FILE"} == READ


def test_containers_are_given_only_settings_that_are_read():
    block = COMPOSE.partition("environment: &environment")[2].partition("  secrets:")[0]
    given = set(re.findall(r"^    ([A-Z_]+):", block, re.MULTILINE))

    assert given - {"SECRET_KEY_FILE"} <= READ
    assert {"SECRET_KEY_FILE", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "MAP_TILE_ATTRIBUTION"} <= given


def test_image_holds_every_package_of_the_portal():
    copied = set(re.findall(r"^COPY (\w+) \1$", (ROOT / "Dockerfile").read_text(), re.MULTILINE))
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    let_in = set(re.findall(r"^!(\w+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))

    assert packages | {"templates", "static"} == copied
    assert copied <= let_in
