"""What the README promises of commands is what they take."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class

README = (settings.BASE_DIR / "README.md").read_text(encoding="utf-8")
APPS = {"core", "config", "network", "communities", "events", "diagnostics", "monitoring"}
# Started by `make run`, by the containers, or while developing.
OF_THE_MACHINE = {"prepare", "serve", "install_dictionaries", "reindex", "workflows"}
# «`python manage.py backup FILE`, `restore FILE`» are two commands.
LINES = [
    command
    for line in README.splitlines()
    if line.startswith("| `python manage.py ")
    for command in re.findall(r"`(?:python manage\.py )?([a-z_]+ [^`]*)`", line)
]


@pytest.mark.parametrize("line", LINES)
def test_command_of_the_readme_takes_what_is_written(line: str):
    name, *words = re.sub(r"[][]", " ", line).split()
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    own = {option for action in parser._actions for option in action.option_strings}
    demanded = {
        action.option_strings[0] for action in parser._actions if action.required and action.option_strings
    }
    written = {word for word in words if word.startswith("--")}

    assert written <= own
    assert demanded <= written
    positional = [action for action in parser._actions if not action.option_strings and action.nargs != "?"]
    alone = [
        word
        for before, word in zip([name, *words], words, strict=False)
        if not (word.startswith("--") or before.startswith("--"))
    ]
    assert len(alone) == len(positional)


def test_readme_names_every_command_of_the_portal_that_people_start():
    ours = {name for name, app in get_commands().items() if app in APPS}
    told = {line.split()[0] for line in LINES}

    assert ours - told - OF_THE_MACHINE == set()
