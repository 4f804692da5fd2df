"""Whose request it is: the peer's address, or what a trusted proxy says. Nobody else's X-Forwarded-For is believed."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web

Networks = tuple[IPv4Network | IPv6Network, ...]
UNKNOWN = "unknown"


def networks(text: str) -> Networks:
    """The networks of a setting, by commas. Raises ValueError."""
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def client_address(request: web.Request, trusted: Networks) -> str:
    """The address that limits go by; of IPv6 the /64, which one household or one attacker has whole.

    Behind trusted proxies: the last address in X-Forwarded-For that is not a trusted proxy itself.
    """
    peer = request.remote or UNKNOWN
    hops = [hop.strip() for line in request.headers.getall("X-Forwarded-For", []) for hop in line.split(",")]
    while hops and _is_in(peer, trusted):
        peer = hops.pop()
    return _household(peer)


def _is_in(address: str, trusted: Networks) -> bool:
    number = _number(address)
    return number is not None and any(number in network for network in trusted)


def _household(address: str) -> str:
    number = _number(address)
    if isinstance(number, IPv6Address):
        return str(ip_network((number, 64), strict=False))
    return UNKNOWN if number is None else str(number)


def _number(address: str) -> IPv4Address | IPv6Address | None:
    """The address; one of IPv4 that a socket for both shows as ::ffff:a.b.c.d as what it is. None where it is none."""
    try:
        number = ip_address(address)
    except ValueError:
        return None
    return number.ipv4_mapped or number if isinstance(number, IPv6Address) else number
