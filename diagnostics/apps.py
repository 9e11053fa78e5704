from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class DiagnosticsConfig(AppConfig):
    """What people find difficult."""

    name = "diagnostics"
    verbose_name = "Диагностика"

    def ready(self) -> None:
        from diagnostics import frozen

        pre_migrate.connect(frozen.remove, sender=self)
        post_migrate.connect(frozen.install, sender=self)
