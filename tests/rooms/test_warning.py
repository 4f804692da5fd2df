"""Warnings: 112 first, in force until they end, and no measure stops one of danger."""

from __future__ import annotations

from typing import Any

import pytest

from rooms.keys import RoomKeys
from rooms.store import Store
from rooms.warning import DANGER
from tests.rooms.conftest import SetMember
from tests.rooms.voice import Voice
from tests.town import JAN_LUYKENLAAN, MovedClock

NOISE = {"kind": "nuisance", "text": "Er is veel lawaai op straat."}
DANGEROUS = {"kind": "violence", "text": "Er wordt gevochten op straat.", "emergency": "called"}
MINUTE_MS = 60_000


async def _last(voice: Voice) -> dict[str, Any]:
    return (await voice.page())[-1]


async def test_a_warning_is_an_entry_with_an_end(ada: Voice, ben: Voice) -> None:
    """Everybody reads what is happening, how bad it is, and until when; an hour unless it says otherwise."""
    how = {"severity": "minor", "urgency": "immediate", "certainty": "observed"}
    said = {**NOISE, **how, "place_note": " bij de school ", "client_id": ada.next_id()}
    reply = await ada.ask("warning.raise", **said)
    entry = await _last(ben)
    assert (entry["event"], entry["seq"], entry["by"]["name"]) == ("warning.raised", reply["seq"], "Ada")
    until, proposed = entry["data"].pop("until"), entry["data"].pop("proposed")
    assert entry["data"] == {**said, "place_note": "bij de school"}
    assert (proposed["desk"], "lawaai" in proposed["words"]) == ("municipality", True)
    assert abs(until - entry["at"] - 60 * MINUTE_MS) < 1_000
    assert await ada.ask("warning.raise", **said) == reply


async def test_a_warning_ends_when_its_author_says(ada: Voice, clock: MovedClock) -> None:
    """After minutes, or at a time; within 24 hours, and not in the past."""
    await ada.ask("warning.raise", **NOISE, minutes=5)
    entry = await _last(ada)
    assert abs(entry["data"]["until"] - entry["at"] - 5 * MINUTE_MS) < 1_000
    now_ms = clock.now_ms()
    await ada.ask("warning.raise", **NOISE, until=now_ms + 3 * MINUTE_MS)
    assert (await _last(ada))["data"]["until"] == now_ms + 3 * MINUTE_MS
    for wrong in ({"until": now_ms - 1}, {"until": now_ms + 25 * 60 * MINUTE_MS}, {"minutes": 1441}, {"minutes": 0}):
        await ada.refused("bad_request", "warning.raise", **NOISE, **wrong)
    await ada.refused("bad_request", "warning.raise", **NOISE, minutes=5, until=now_ms + MINUTE_MS)


@pytest.mark.parametrize("text", ["", "kort", "          ", "x" * 501])
async def test_a_warning_says_something(ada: Voice, text: str) -> None:
    """10 to 500 characters."""
    await ada.refused("bad_request", "warning.raise", kind="nuisance", text=text)


@pytest.mark.parametrize("kind", sorted(DANGER))
async def test_a_warning_of_danger_asks_for_112_first(ada: Voice, kind: str) -> None:
    """Without the answer it is refused; with it everybody sees the answer and its time."""
    said = {"kind": kind, "text": "Er gebeurt iets gevaarlijks."}
    await ada.refused("call_112_first", "warning.raise", **said)
    await ada.ask("warning.raise", **said, emergency="called_by_other")
    assert (await _last(ada))["data"]["emergency"] == "called_by_other"


async def test_a_worry_is_no_warning(ada: Voice) -> None:
    """A neighbour one worries about is not for the street to read of."""
    await ada.refused("bad_request", "warning.raise", kind="worry", text="Ik zie haar al dagen niet.")


async def test_no_mute_and_no_lock_stops_a_warning_of_danger(
    ada: Voice, clock: MovedClock, store: Store, set_member: SetMember
) -> None:
    """Of any other kind they do."""
    await set_member(ada, JAN_LUYKENLAAN, muted_until=clock.now_ms() + MINUTE_MS)
    await ada.refused("muted", "warning.raise", **NOISE)
    assert (await ada.ask("warning.raise", **DANGEROUS))["ok"]
    await set_member(ada, JAN_LUYKENLAAN, muted_until=0)
    await store.read("HSET", RoomKeys(JAN_LUYKENLAAN).head, "locked", 1)
    await ada.refused("room_locked", "warning.raise", **NOISE)
    assert (await ada.ask("warning.raise", **DANGEROUS))["ok"]


@pytest.mark.parametrize(("said", "most"), [(NOISE, 3), (DANGEROUS, 10)])
async def test_warnings_have_a_limit_of_their_own(ada: Voice, said: dict[str, str], most: int) -> None:
    """Three an hour, of danger ten."""
    for _ in range(most):
        await ada.ask("warning.raise", **said)
    refusal = await ada.refused("too_fast", "warning.raise", **said)
    assert refusal["error"]["retry_after_ms"] > 0  # type: ignore[index]
    await ada.say("Praten mag nog.")


async def test_a_full_store_keeps_room_for_warnings(ada: Voice) -> None:
    """When talk waits, a warning does not."""
    ada.town.talk_waits = True
    await ada.refused("storage_low", "message.post", text="Hallo")
    assert (await ada.ask("warning.raise", **NOISE))["ok"]


async def test_a_suspicious_person_does_something(ada: Voice) -> None:
    """What a person does takes 15 characters; a kind of its own asks for less."""
    await ada.refused("bad_request", "warning.raise", kind="suspicious", text="Rare man daar.")
    assert (await ada.ask("warning.raise", kind="suspicious", text="Iemand voelt aan deuren."))["ok"]
    assert (await ada.ask("warning.raise", kind="traffic", text="Rare man daar."))["ok"]


async def test_a_warning_that_was_raised_is_answered_as_it_was(ada: Voice, clock: MovedClock) -> None:
    """Also when its end has passed meanwhile."""
    said = {**NOISE, "until": clock.now_ms() + MINUTE_MS, "client_id": ada.next_id()}
    reply = await ada.ask("warning.raise", **said)
    clock.forward(minutes=2)
    assert await ada.ask("warning.raise", **said) == reply
    await ada.refused("bad_request", "warning.raise", **{**said, "client_id": ada.next_id()})
