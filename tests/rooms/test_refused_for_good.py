"""A refusal is final for every copy of a command."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from rooms import letter, membership
from rooms.dispatch import Caller, dispatch
from rooms.person import Person
from rooms.refusal import Refusal
from rooms.town import Town
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
