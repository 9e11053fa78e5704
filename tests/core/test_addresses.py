"""Addresses put together from what is kept are those that the routes give."""

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix

from core.addresses import address_of


@pytest.mark.parametrize("name", ["network:person", "events:event", "communities:community"])
def test_address_is_that_of_the_route_for_every_key(name):
    assert [address_of(name, key) for key in (1, 27, 1, 4_000_000)] == [
        reverse(name, args=[key]) for key in (1, 27, 1, 4_000_000)
    ]


def test_keys_in_words_are_put_in_as_the_route_would():
    for key in ("7700000001", "n-12", "7700000002"):
        assert address_of("network:organisation", key) == reverse("network:organisation", args=[key])


def test_what_the_route_does_not_take_is_refused():
    address_of("network:organisation", "7700000001")
    with pytest.raises(NoReverseMatch):
        address_of("network:organisation", "../admin")
    with pytest.raises(NoReverseMatch):
        address_of("network:person", None)


def test_another_prefix_gives_other_addresses():
    address_of("network:person", 5)
    set_script_prefix("/network-of-schools/")
    try:
        assert address_of("network:person", 5) == "/network-of-schools/network/people/5/"
    finally:
        set_script_prefix("/")
