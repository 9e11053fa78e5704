from django.apps import AppConfig


class EventsConfig(AppConfig):
    """What happens in the year."""

    name = "events"
    verbose_name = "События"
