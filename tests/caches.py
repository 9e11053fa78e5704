"""Emptying the cache of this process alone."""

from django.conf import settings
from django.core.cache import cache


def forget_cache() -> None:
    """In Redis only keys of this process are deleted: `clear` would empty the database under other workers."""
    prefix = settings.CACHES["default"].get("KEY_PREFIX")
    if not prefix:
        cache.clear()
        return
    redis = cache._cache.get_client()
    for key in redis.scan_iter(f"{prefix}:*", count=500):
        redis.delete(key)
