"""What the app gives to home, «Мои дела», cards and search."""

from events import event_portal, plan_approval, plan_portal  # noqa: F401  (they register themselves)
