from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The spine: mechanisms that every app uses and that know no word of the domain."""

    name = "core"
    verbose_name = "Основа"
