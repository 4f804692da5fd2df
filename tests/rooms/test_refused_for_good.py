"""A refusal is final for every copy of a command."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from rooms import letter, membership
from rooms.dispatch import Caller, dispatch
from rooms.person import Person
from rooms.refusal import Refusal
from rooms.town import Town
from tests.rooms.desk_cast import Desk
from tests.rooms.report_cast import inside
from tests.rooms.voice import Voice
from tests.town import BETJE_WOLFFSTRAAT, JAN_LUYKENLAAN, client_id

Resident = Callable[..., Awaitable[Person]]


async def test_a_late_copy_of_a_refused_command_took_effect_after_a_move(town: Town, resident: Resident) -> None:
    """Who was told that there is no such room finds nothing of the refused words there after moving in."""
    ada = await resident("Ada", BETJE_WOLFFSTRAAT)
    said = {"room": JAN_LUYKENLAAN, "client_id": client_id("Ada", 1), "text": "Hallo?"}
    with pytest.raises(Refusal, match="not_found"):
        await dispatch(town, Caller(ada), "message.post", said)
    street = town.places.get(JAN_LUYKENLAAN)
    assert street is not None
    (code,) = await letter.make(town, street, 1)
    ada = await membership.move(town, ada.id, "10.0.0.1", code)
    with pytest.raises(Refusal, match="not_found"):
        await dispatch(town, Caller(ada), "message.post", said)
    again = {**said, "client_id": client_id("Ada", 2)}
    assert (await dispatch(town, Caller(ada), "message.post", again))["ok"]


async def test_a_late_copy_of_a_refused_call_would_have_paged_after_a_move(town: Town, resident: Resident) -> None:
    """Who was told that there is no such room calls nobody into it by moving there."""
    ada = await resident("Ada", BETJE_WOLFFSTRAAT)
    said = {"room": JAN_LUYKENLAAN, "client_id": client_id("Ada", 1), "to": "police", "urgency": "soon", "text": "Kom"}
    with pytest.raises(Refusal, match="not_found"):
        await dispatch(town, Caller(ada), "escalation.raise", said)
    street = town.places.get(JAN_LUYKENLAAN)
    assert street is not None
    (code,) = await letter.make(town, street, 1)
    ada = await membership.move(town, ada.id, "10.0.0.1", code)
    with pytest.raises(Refusal, match="not_found"):
        await dispatch(town, Caller(ada), "escalation.raise", said)
    assert (await dispatch(town, Caller(ada), "escalation.raise", {**said, "client_id": client_id("Ada", 2)}))["ok"]


async def test_a_late_copy_of_a_refused_going_would_have_ended_a_later_stay(desk: Desk, ada: Voice) -> None:
    """Who was told that there is nothing to go out of, and then came in, is not put out by the copy."""
    bakker = await desk.voice("Moderator Bakker")
    number = bakker.next_id()
    await bakker.refused("not_found", "room.leave", client_id=number)
    bakker = await inside(desk)
    await bakker.refused("not_found", "room.leave", client_id=number)
    assert await bakker.page()


async def test_a_late_copy_of_a_refused_lock_would_have_locked_the_room(desk: Desk, ada: Voice, town: Town) -> None:
    """The stay ended while the command was under way; the copy does not lock the room during the next one."""
    bakker = await inside(desk)
    run, number = town.store.run, bakker.next_id()

    async def too_late(name: str, *args: Any) -> Any:
        if name == "set_room":
            town.store.run = run  # type: ignore[method-assign]
            await bakker.ask("room.leave")
        return await run(name, *args)

    town.store.run = too_late  # type: ignore[method-assign]
    await bakker.refused("not_found", "measure.lock", client_id=number)
    await inside(desk)
    await bakker.refused("not_found", "measure.lock", client_id=number)
    await ada.say("Hallo")


async def test_a_late_copy_of_a_refused_accept_would_have_taken_the_case(desk: Desk, ada: Voice) -> None:
    """A case that went to others meanwhile is not taken by who was told that there is none."""
    await desk.on_duty("Officer Vega", "Moderator Bakker")
    case = (await desk.call(ada))["case"]
    bakker = await desk.voice("Moderator Bakker")
    number = bakker.next_id()
    await bakker.refused("not_found", "escalation.accept", case=case, client_id=number)
    await desk.ask("Officer Vega", "escalation.accept", case)
    await desk.ask("Officer Vega", "escalation.hand_over", case, to="municipality")
    await bakker.refused("not_found", "escalation.accept", case=case, client_id=number)
    assert (await desk.case(case)).owner == (await desk.case(case)).in_room
    assert (await bakker.ask("escalation.accept", case=case))["state"] == "accepted"
