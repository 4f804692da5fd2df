"""Planted bugs: `python -m tests.chaos.planted BUG serve ...` is `bart` with a bug that the checker must catch.

Each is a mistake that somebody could make, put over the program's own functions in this process alone. A rate stands
behind a colon: `drop_feed_event:10` drops one in ten.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from rooms import log as room_log
from rooms import store as rooms_store
from rooms.escalation import TRANSITIONS
from rooms.event import Entry
from rooms.feed import Feed
from rooms.pipeline import Argument
from rooms.script import Script, script
from rooms.store import Store
from server.fanout import Fanout
from server.gateway import Gateway
from server.packet import event_frame
from server.room_line import Line
from server.welcome import Welcome

HASTY_S = 0.05


def acknowledge_before_write(_rate: int) -> None:
    """Says ok with the seq that it expects, and writes a moment later."""
    run = Store.run

    async def hasty(self: Store, name: str, keys: Sequence[str], args: Iterable[Argument]) -> list[Any]:
        if name != "post":
            return await run(self, name, keys, args)
        head = int(await self.read("HGET", keys[3], "seq") or 0)

        async def write() -> None:
            await asyncio.sleep(HASTY_S)
            await run(self, name, keys, args)

        kept.append(asyncio.get_running_loop().create_task(write()))
        return [head + 1]

    kept: list[asyncio.Task[None]] = []
    Store.run = hasty  # type: ignore[method-assign]


def no_deduplication(_rate: int) -> None:
    """Carries out every repeat."""
    _change_scripts("local kept = row[1]", "local kept = false")


def deduplication_in_memory(_rate: int) -> None:
    """Knows repeats only as long as the process lives, and not those of the other process."""
    no_deduplication(0)
    run = Store.run
    done: dict[tuple[Argument, ...], list[Any]] = {}

    async def remembering(self: Store, name: str, keys: Sequence[str], args: Iterable[Argument]) -> list[Any]:
        given = list(args)
        if name not in ("post", "edit", "retract", "react"):
            return await run(self, name, keys, given)
        number = (keys[0], given[3])
        if number not in done:
            done[number] = await run(self, name, keys, given)
        return done[number]

    Store.run = remembering  # type: ignore[method-assign]


def emit_from_handler(_rate: int) -> None:
    """Delivers a message where it was posted; the feed delivers only the rest."""
    give, command = Fanout._give, Gateway.command

    def give_the_rest(self: Fanout, line: Line, entry: Entry) -> None:
        if entry.name == "message.posted":
            line.position = entry.seq
        else:
            give(self, line, entry)

    async def emit(self: Gateway, name: str, sid: str, *arguments: Any) -> dict[str, Any]:
        reply = await command(self, name, sid, *arguments)
        if name == "message.post" and reply["ok"]:
            room, seq = arguments[0]["room"], reply["seq"]
            for entry in await room_log.between(self._town.store, room, seq, seq):
                line = self._fanout.lines.get(room)
                there = [client.connection for client in line.clients] if line else []
                self._sio.engine.turn.fan_out(there, event_frame(entry.name, entry.wire()))
        return reply

    Fanout._give = give_the_rest  # type: ignore[method-assign]
    Gateway.command = emit  # type: ignore[method-assign]


def drop_feed_event(rate: int) -> None:
    """Loses one in so many of what the feeds bring."""
    read = Feed._read

    def lossy(self: Feed, stream: str, rows: Any) -> Iterator[Any]:
        for item in read(self, stream, rows):
            if not isinstance(item, Entry) or random.randrange(rate):
                yield item

    Feed._read = lossy  # type: ignore[method-assign]


def no_gap_fill(rate: int) -> None:
    """Loses as above, and goes on behind the hole. The client's own half of the remedy must be missing too."""
    drop_feed_event(rate)

    async def pass_over(_self: Fanout, _room: str, line: Line, last: int) -> None:
        line.position = last

    Fanout._fill = pass_over  # type: ignore[method-assign, assignment]


def no_resume(_rate: int) -> None:
    """Forgets to give what was missed."""
    catch_up = Welcome._catch_up

    async def go_on(self: Welcome, client: Any, room: str, resumed: Any) -> None:
        page = msgspec.structs.replace(resumed.page, entries=[])
        await catch_up(self, client, room, msgspec.structs.replace(resumed, page=page))

    Welcome._catch_up = go_on  # type: ignore[method-assign]


def membership_at_join(_rate: int) -> None:
    """Asks who may read when somebody connects, and never again."""

    def stay(_self: Fanout, _entry: Entry) -> None:
        """Whoever left goes on being given everything."""

    Fanout._left = stay  # type: ignore[method-assign, assignment]


def retry_incr_xadd(_rate: int) -> None:
    """Appends with INCR and XADD, each repeated by itself until it is answered."""
    run = Store.run

    async def append(self: Store, name: str, keys: Sequence[str], args: Iterable[Argument]) -> list[Any]:
        given = list(args)
        if name != "post" or not await self.read("HEXISTS", keys[4], given[1]):
            return await run(self, name, keys, given)
        head, log, feed, clock, at, room, event = keys[3], keys[6], keys[7], keys[8], given[0], given[2], given[7]
        seq = int(await self.read("HINCRBY", head, "seq", 1))
        await self.read("XADD", log, f"{seq}-0", "t", at, "f", 0, "e", event)
        copy = int(await self.read("HINCRBY", clock, "feed", 1))
        await self.read("XADD", feed, f"{copy}-0", "t", at, "r", room, "s", seq, "e", event)
        return [seq]

    Store.run = append  # type: ignore[method-assign]


def mute_ignored(_rate: int) -> None:
    """Lets whoever is muted talk on."""
    _change_scripts("if (member.muted_until or 0) > now then", "if false then")


def counts_overwritten(_rate: int) -> None:
    """Counts the answers to a warning without adding up."""
    _change_scripts(
        "redis.call('HINCRBY', k.answers, target .. ':' .. said, 1)",
        "redis.call('HSET', k.answers, target .. ':' .. said, 1)",
        "answer_warning",
    )


def last_accept_wins(_rate: int) -> None:
    """Gives a case that somebody has to whoever says next that they take it."""
    TRANSITIONS["accepted"]["accept"] = TRANSITIONS["paging"]["accept"]


def _change_scripts(old: str, new: str, where: str = "post") -> None:
    """Put *new* for *old* in every script that has it. Raises ValueError where *where* has none: nothing would be
    planted."""
    if old not in script(where).source:
        raise ValueError(f"{where} has no {old!r} any longer")

    def changed(name: str) -> Script:
        source = script(name).source.replace(old, new)
        return Script(name, source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest())

    rooms_store.script = changed  # type: ignore[attr-defined, assignment]


BUGS: dict[str, Callable[[int], None]] = {
    bug.__name__: bug
    for bug in (
        acknowledge_before_write, no_deduplication, deduplication_in_memory, emit_from_handler, drop_feed_event,
        no_gap_fill, no_resume, membership_at_join, retry_incr_xadd, mute_ignored, counts_overwritten,
        last_accept_wins,
    )
}  # fmt: skip


def main() -> None:
    """Plant the bug named first, then run `bart` with the other arguments."""
    from server.cli import main as bart  # after the planting, as in a real process

    name, _, rate = sys.argv.pop(1).partition(":")
    BUGS[name](int(rate or 1000))
    bart()


if __name__ == "__main__":
    main()
