"""A deed: whose it is, the keys and arguments with which its script begins, and what a repeat is answered."""

from __future__ import annotations

from typing import Any

import msgspec

from rooms import keys
from rooms.alias import alias, mask
from rooms.call import Call, Payload, Reply
from rooms.keys import partition_of, partition_of_case, room_keys
from rooms.pipeline import Argument
from rooms.refusal import Refusal
from rooms.room import case_of
from rooms.town import Town


class Author(msgspec.Struct, frozen=True):
    """As whom a deed stands in the log. by: as entries name it; client_id: as entries show it."""

    by: dict[str, Any]
    client_id: str


async def author(town: Town, call: Call[Any]) -> Author:
    """Oneself; but who called in private is there under the name of that case, whatever device it was.

    Raises Refusal("not_found") for the room of a case that there is not: unlike streets, such names are without number,
    and none of them may leave a trace.  Before that what `already_done` raises.
    """
    case, person = case_of(call.payload.room), call.person
    if case is None:
        return Author(person.by(), call.payload.client_id)
    body = await town.store.read("HGET", keys.case(case), "body")
    if body is None:
        await already_done(town, call)
        raise Refusal("not_found")
    if person.is_staff:
        return Author(person.by(), call.payload.client_id)
    kept = msgspec.msgpack.decode(body)
    mine = kept["asker"] if kept["person"] == person.id else msgspec.to_builtins(alias(town.code_key, case, person.id))
    return Author(mine, mask(town.code_key, case, call.payload.client_id))


async def already_done(town: Town, call: Call[Any]) -> Reply | None:
    """The reply this command was given before, if it was: known ids come before any right or limit.

    Raises Refusal as lua/fragments/known.lua does: client_id_reused, stale.
    """
    device, counter = call.numbered(call.payload.client_id)
    done, _ = keys.done(_partition(call.payload), call.person.id, device)
    kept, floor = await town.store.read("HMGET", done, counter, "floor")
    if kept is None and int(counter) <= int(floor or 0):
        raise Refusal("stale")
    if kept is None:
        return None
    if kept[:16].decode() != call.digest:
        raise Refusal("client_id_reused", field="client_id")
    return {"ok": True, **msgspec.msgpack.decode(kept[29:])}


async def turn_away(town: Town, call: Call[Any], what: str) -> Refusal:
    """Keep it that this command was answered not_found, for every copy of it; returns the refusal to raise.

    what: the room or case, which there is: what there is not can't become somebody's later.
    """
    device, counter = call.numbered(call.payload.client_id)
    done, _ = keys.done(_partition(call.payload), call.person.id, device)
    await town.store.run("turn_away", [done], [counter, call.digest, what])
    return Refusal("not_found")


def _partition(payload: Payload) -> str:
    """Where a command is carried out: with its room, with its case, or in the town's own partition."""
    if (room := getattr(payload, "room", None)) is not None:
        return partition_of(room)
    case = getattr(payload, "case", None) or getattr(payload, "report", None)
    return keys.TOWN if case is None else partition_of_case(case)


async def deed(town: Town, call: Call[Any], name: str, limit: str, packed: bytes, *more: Argument) -> Reply:
    """Run one of the scripts that leave one entry; they take the same keys and begin with the same arguments.

    Raises Refusal: stale, client_id_reused, too_fast, not_found (no member), muted, room_locked, unavailable.
    """
    of = room_keys(call.payload.room)
    device, counter = call.numbered(call.payload.client_id)
    spend = town.policy.limits[limit]
    names = [
        *of.done(call.person.id, device), of.bucket(limit, call.person.id), of.head, of.members, of.blank, of.log,
        of.feed, of.clock, of.edits,
    ]  # fmt: skip
    head: list[Argument] = [
        call.now_ms,
        call.person.id,
        of.room,
        counter,
        call.digest,
        spend.burst,
        spend.every_ms,
        packed,
    ]
    (answer,) = await town.store.run(name, names, [*head, *more])
    return {"ok": True, **(answer if isinstance(answer, dict) else {"seq": answer})}
