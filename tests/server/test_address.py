"""Whose request it is: what the peer says of itself is believed only of a trusted proxy."""

from __future__ import annotations

from typing import Any, cast

import pytest
from aiohttp.test_utils import make_mocked_request

from server.address import client_address, networks

PROXIES = "10.0.0.0/8, 192.0.2.1, fd00::/8"


def address(peer: str | None, *forwarded: str, trusted: str = PROXIES) -> str:
    """The address of a request from *peer* with these X-Forwarded-For lines."""
    headers: Any = [("X-Forwarded-For", line) for line in forwarded]
    request = make_mocked_request("GET", "/", headers=headers).clone(remote=cast("str", peer))
    return client_address(request, networks(trusted))


@pytest.mark.parametrize(
    ("peer", "forwarded", "told"),
    [
        ("203.0.113.9", (), "203.0.113.9"),
        ("203.0.113.9", ("198.51.100.1",), "203.0.113.9"),  # an unknown peer may write what it likes
        ("10.1.2.3", ("198.51.100.1",), "198.51.100.1"),
        ("10.1.2.3", (), "10.1.2.3"),
        ("10.1.2.3", ("6.6.6.6, 198.51.100.1",), "198.51.100.1"),  # what a client wrote before its proxy
        ("10.1.2.3", ("198.51.100.1, 10.9.9.9, 192.0.2.1",), "198.51.100.1"),  # a chain of ours
        ("10.1.2.3", ("6.6.6.6", "198.51.100.1"), "198.51.100.1"),  # two lines are one list
        ("10.1.2.3", ("10.4.4.4",), "10.4.4.4"),
        ("10.1.2.3", ("niemand",), "unknown"),
        ("10.1.2.3", ("",), "unknown"),
        (None, ("198.51.100.1",), "unknown"),
        ("2001:db8:1:2:3:4:5:6", (), "2001:db8:1:2::/64"),  # a household has a /64 whole
        ("2001:db8:1:2:ffff::1", (), "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", (), "203.0.113.9"),
        ("fd00::1", ("2001:db8::7",), "2001:db8::/64"),
    ],
)
def test_the_address_that_limits_go_by(peer: str | None, forwarded: tuple[str, ...], told: str) -> None:
    """The last hop that is no proxy of ours; of IPv6 the /64."""
    assert address(peer, *forwarded) == told


def test_a_proxy_that_speaks_ipv4_over_ipv6_is_still_ours() -> None:
    """A dual-stack socket shows an IPv4 peer as ::ffff:10.1.2.3."""
    assert address("::ffff:10.1.2.3", "198.51.100.1") == "198.51.100.1"


def test_without_proxies_nobody_is_believed() -> None:
    """The default trusts no one, the own machine included."""
    assert address("127.0.0.1", "198.51.100.1", trusted="") == "127.0.0.1"


@pytest.mark.parametrize("text", ["elders", "10.0.0.0/99", "10.0.0"])
def test_what_is_no_network_is_refused(text: str) -> None:
    """A setting that can't be read is an error, not an empty list."""
    with pytest.raises(ValueError, match=r"\S"):
        networks(text)
