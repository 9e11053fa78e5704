"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from network.models import Person
from tests.caches import forget_cache
from tests.world import World, build_world, signed_in


@pytest.fixture
def world(db: None) -> World:
    """Two municipalities, three schools, a person of every role: see `tests.world.World`."""
    return build_world()


@pytest.fixture
def client_of() -> Callable[[Person | None], Client]:
    """`client_of(person)`: a browser in which the person has signed in; of None a visitor's."""
    return signed_in


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    """Rate limits of one test do not reach into the next."""
    forget_cache()
