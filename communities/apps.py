from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    """Who works together."""

    name = "communities"
    verbose_name = "Сообщества"
