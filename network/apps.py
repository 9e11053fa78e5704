from django.apps import AppConfig
from django.db.models.signals import post_migrate


class NetworkConfig(AppConfig):
    """Organisations, people, directions, orders."""

    name = "network"
    verbose_name = "Сеть"

    def ready(self) -> None:
        from network.order_guard import guard_orders

        post_migrate.connect(guard_orders, sender=self)
