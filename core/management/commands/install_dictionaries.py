from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management import BaseCommand


class Command(BaseCommand):
    help = "Install what ships with the portal: directions, scales, questionnaires… Safe to run again."

    def handle(self, **options: Any) -> None:
        """Call `install_dictionaries()` of the `shipped` module of every app, lower floors first."""
        for app in apps.get_app_configs():
            if app.module and find_spec(f"{app.name}.shipped"):
                result = import_module(f"{app.name}.shipped").install_dictionaries()
                self.stdout.write(f"{app.verbose_name}: {result or 'готово'}")
