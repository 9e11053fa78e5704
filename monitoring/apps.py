from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """What it amounts to."""

    name = "monitoring"
    verbose_name = "Мониторинг"
