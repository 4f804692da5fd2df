"""Alerts in journeys: sent by officers over their sockets, and what a neighbour was given of them."""

from __future__ import annotations

from typing import Any

from tests.alert_verdict import Verdict, keys_of, told_in, verdict
from tests.neighbour import Neighbour
from tests.rooms.alert_sent import SAYS
from tests.town import MOERWIJK_WEST

MEPPELWEG, MORGENSTOND_WEST = "BU05183488:meppelweg", "BU05183488"
GRAVE: dict[str, Any] = {"severity": "severe"}


async def look(officer: Neighbour, *places: str, **more: Any) -> dict[str, Any]:
    """The preview of an alert to these places, Moerwijk-West by default."""
    reply = await officer.ask("alert.preview", {**SAYS, "places": list(places or [MOERWIJK_WEST]), **more})
    assert reply["ok"], reply
    return reply


async def send(officer: Neighbour, *places: str, **more: Any) -> dict[str, Any]:
    """Look, and broadcast what was seen; {ok, alert, state}."""
    return await broadcast(officer, await look(officer, *places, **more))


async def broadcast(officer: Neighbour, preview: dict[str, Any]) -> dict[str, Any]:
    typed = {"code": preview["code"]} if "code" in preview else {}
    asked = {"preview": preview["preview"], "client_id": officer.next_id(), **typed}
    reply = await officer.ask("alert.broadcast", asked)
    assert reply["ok"], reply
    return reply


async def act(officer: Neighbour, name: str, alert: str, **more: Any) -> dict[str, Any]:
    """A command about an alert; its reply, whatever it is."""
    return await officer.ask(f"alert.{name}", {"alert": alert, "client_id": officer.next_id(), **more})


async def done(officer: Neighbour, name: str, alert: str, **more: Any) -> str:
    """One that must be carried out; the state it comes to."""
    reply = await act(officer, name, alert, **more)
    assert reply["ok"], reply
    return str(reply["state"])


def given(neighbour: Neighbour) -> list[tuple[str, int]]:
    """(what, n) of every entry of an alert that came to this device, in the order in which they came."""
    return [
        (name.removeprefix("alert."), payload["data"]["n"])
        for name, payload in neighbour.events
        if name.startswith("alert.") and "seq" in payload
    ]


async def verdicts(neighbour: Neighbour) -> list[Verdict]:
    """What this device makes of each signed entry, by the keys of its server."""
    keys = await keys_of(neighbour.url)
    signed = [(name, payload) for name, payload in neighbour.events if "body" in (payload.get("data") or {})]
    return [verdict(told_in(name, payload), keys) for name, payload in signed]


def pinned(neighbour: Neighbour) -> list[tuple[str, int]]:
    """(alert, n) of those in force that the newest welcome told of."""
    return [(view["alert"], view["n"]) for view in neighbour.welcome.get("alerts", [])]
