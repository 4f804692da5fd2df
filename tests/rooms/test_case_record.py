"""What a move of a case tells: which view is the newer, and who of the staff is to hear of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from rooms.event import Entry
from rooms.feed import Feed, Item, Told
from rooms.store import Store
from tests.rooms.desk_cast import Desk
from tests.rooms.voice import Voice

Heard = Callable[[], Awaitable[list[Item]]]


@pytest.fixture
async def heard(empty_redis: str) -> AsyncIterator[Heard]:
    """`await heard()`: what the feed of the neighbourhood has brought another process since it was last asked."""
    elsewhere = Store(empty_redis)
    feed = Feed(elsewhere, ("p07",))
    await feed.start()
    batches = feed.batches()

    async def since() -> list[Item]:
        return await anext(batches)

    yield since
    await elsewhere.close()


def cases_in(items: list[Item]) -> list[dict[str, Any]]:
    """Every view of a case among them, in their order."""
    told = [item.data.get("case") for item in items if isinstance(item, Entry | Told)]
    return [case for case in told if isinstance(case, dict)]


def to_desks(items: list[Item]) -> dict[str, tuple[str, ...]]:
    """Per organisation that is told of a case, the persons who are told wherever they are: the last time."""
    return {
        item.organisation: item.also
        for item in items
        if isinstance(item, Told) and item.name == "case.changed" and item.organisation is not None
    }


async def test_of_two_views_the_newer_is_known(desk: Desk, ada: Voice, heard: Heard) -> None:
    """In whichever order they come: entries, pages and what desks are told carry the version of their move."""
    await desk.on_duty("Officer Vega", "Sergeant Prins")
    case = (await desk.call(ada))["case"]
    await desk.forward(seconds=61)
    await desk.ask("Sergeant Prins", "escalation.accept", case)
    told = [(view["version"], view["state"], view["tier"]) for view in cases_in(await heard())]
    assert sorted(set(told)) == [(1, "paging", 1), (2, "paging", 2), (3, "accepted", 0)]
    assert told == sorted(told)


async def test_what_a_late_comer_finds_is_as_new_as_the_last_word(desk: Desk, ada: Voice, heard: Heard) -> None:
    """The room's own view and the record say the version of the last move."""
    case = (await desk.call(ada))["case"]
    await desk.on_duty("Officer Vega")
    last = cases_in(await heard())[-1]["version"]
    assert (await desk.case(case)).version == last == 2


async def test_a_move_that_shows_nothing_is_told_to_no_desk(desk: Desk, ada: Voice, heard: Heard) -> None:
    """The version alone is no news."""
    await desk.on_duty("Officer Vega")
    case = (await desk.call(ada))["case"]
    await heard()
    vega = await desk.voice("Officer Vega")
    await vega.ask("escalation.accept", case=case)
    await heard()
    await ada.ask("escalation.withdraw", case=case)
    assert to_desks(await heard()) == {"police": (vega.id,)}
    await ada.ask("escalation.withdraw", case=case)
    await ada.say("Dank je.")
    assert to_desks(await heard()) == {}


async def test_the_target_of_a_hand_over_hears_what_becomes_of_it(desk: Desk, ada: Voice, heard: Heard) -> None:
    """They were paged wherever they are, and are told when the owner lets it go to them, and when somebody takes it."""
    await desk.on_duty("Officer Vega", "Moderator Ver", "Moderator Bakker")
    case = (await desk.call(ada))["case"]
    vega, ver, bakker = [
        (await desk.voice(name)).id for name in ("Officer Vega", "Moderator Ver", "Moderator Bakker")
    ]  # fmt: skip
    await desk.ask("Officer Vega", "escalation.accept", case)
    await desk.ask("Officer Vega", "escalation.hand_over", case, to="municipality")
    await heard()
    await desk.ask("Officer Vega", "escalation.release", case)
    everybody = tuple(sorted((vega, ver, bakker)))
    assert to_desks(await heard()) == {"police": everybody, "municipality": everybody}
    await desk.ask("Moderator Bakker", "escalation.accept", case)
    assert to_desks(await heard()) == {"municipality": everybody}


async def test_nobody_is_told_who_else_is_told(desk: Desk, ada: Voice, heard: Heard) -> None:
    """Who was called stands beside what clients are given, never in it."""
    await desk.on_duty("Officer Vega")
    await desk.call(ada)
    vega = (await desk.voice("Officer Vega")).id
    items = await heard()
    assert to_desks(items) == {"police": (vega,)}
    assert vega not in repr([item.data for item in items if isinstance(item, Entry | Told)])
