"""Staff in journeys: signed in, connected, on duty; and a call of a neighbour."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from rooms import staff as staff_accounts
from rooms.town import Town
from server.app import Running
from server.sign_in import Argon2
from tests.conftest import settled
from tests.neighbour import Neighbour
from tests.rooms.desk_cast import MEMBERS
from tests.town import JAN_LUYKENLAAN, PASSWORD, MovedClock

Colleague = Callable[..., Awaitable[Neighbour]]


@pytest.fixture
async def colleague(server: Running) -> AsyncIterator[Colleague]:
    """`vega = await colleague("Officer Vega")`: one of desk_cast.MEMBERS, connected and on duty, shown by that name.

    like: whose role and area somebody of another name has; duty: whether on duty.
    """
    everyone: list[Neighbour] = []

    async def sign_in(name: str, like: str = "", *, duty: bool = True) -> Neighbour:
        role, organisation, areas = MEMBERS[like or name]
        await staff_accounts.add(
            server.town, server.argon2, name, role, organisation, areas, PASSWORD, title=name.rsplit(maxsplit=1)[-1]
        )
        member = Neighbour(server.url, name, lambda: settled(server))
        everyone.append(member)
        await (await member.sign_in()).connect()
        if duty:
            assert (await member.ask("duty.start", {"client_id": member.next_id()}))["on"]
        return member

    yield sign_in
    for member in everyone:
        await member.close()


async def go_on_duty(url: str, town: Town) -> list[Neighbour]:
    """One of the police of each tier, beside a server that is a process: signed in, connected, on duty."""
    argon2, found = Argon2(), []
    for name in ("Officer Vega", "Sergeant Prins", "Officer Yilmaz"):
        role, organisation, areas = MEMBERS[name]
        await staff_accounts.add(town, argon2, name, role, organisation, areas, PASSWORD)
        member = Neighbour(url, name)
        await (await member.sign_in()).connect()
        assert (await member.ask("duty.start", {"client_id": member.next_id()}))["on"]
        found.append(member)
    argon2.close()
    return found


async def call(asker: Neighbour, **more: Any) -> dict[str, Any]:
    """Call the police, urgently, from the Jan Luykenlaan; {ok, seq, case}."""
    said = {"room": JAN_LUYKENLAAN, "client_id": asker.next_id(), "to": "police", "urgency": "urgent",
            "text": "Er wordt ingebroken.", "emergency": "called"}  # fmt: skip
    reply = await asker.ask("escalation.raise", {**said, **more})
    assert reply["ok"], reply
    return reply


async def of_case(who: Neighbour, name: str, case: str, **more: Any) -> dict[str, Any]:
    """A command about a case; its reply, whatever it is."""
    return await who.ask(f"escalation.{name}", {"case": case, "client_id": who.next_id(), **more})


async def done(who: Neighbour, name: str, case: str, **more: Any) -> str:
    """A command about a case that must be carried out; the state it comes to."""
    reply = await of_case(who, name, case, **more)
    assert reply["ok"], reply
    return str(reply["state"])


async def told(who: Neighbour, **fields: Any) -> dict[str, Any]:
    """Wait until somebody is told that the case has come to look like this; the case."""
    while True:
        case: dict[str, Any] = (await who.expect("case.changed"))["case"]
        if all(case.get(name) == value for name, value in fields.items()):
            return case


async def pass_time(server: Running, clock: MovedClock, **by: float) -> None:
    """Turn the clock; those who are connected are still there, and what is due happens."""
    clock.forward(**by)  # type: ignore[arg-type]  # ms alone is whole
    await server.sweeps.keep_duty()
    await server.sweeps.step_cases()
