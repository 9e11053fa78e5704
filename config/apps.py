from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PortalConfig(AppConfig):
    """Pages that gather from every app: home, my tasks, search, health."""

    name = "config"
    label = "portal"
    verbose_name = "Портал"

    def ready(self) -> None:
        autodiscover_modules("portal")
