"""Messages: post, edit, retract, react. Each is one script and one entry of the room's log."""

from __future__ import annotations

from typing import Any

import msgspec

from rooms import event
from rooms.call import Call, ClientId, Id, Payload, Reply, Text
from rooms.event import ReactionWord, Seq
from rooms.keys import room_keys
from rooms.pipeline import Argument
from rooms.refusal import Refusal
from rooms.town import Town


class Post(Payload, frozen=True):
    room: Id
    client_id: ClientId
    text: Text
    reply_to: Seq | None = None


class Edit(Payload, frozen=True):
    room: Id
    client_id: ClientId
    target: Seq
    text: Text


class Retract(Payload, frozen=True):
    room: Id
    client_id: ClientId
    target: Seq


class React(Payload, frozen=True):
    room: Id
    client_id: ClientId
    target: Seq
    reaction: ReactionWord | None


Change = Post | Edit | Retract | React


async def post(town: Town, call: Call[Post]) -> Reply:
    """Append a message. Raises Refusal: storage_low, wrong_target (nothing to reply to), or as `deed` says."""
    if town.talk_waits:
        return await _wait(town, call)
    said = call.payload
    data = event.MessagePosted(text=said.text.strip(), client_id=said.client_id, reply_to=said.reply_to)
    return await _deed(
        town, call, "post", "talk", event.packed("message.posted", call.person.by(), data), said.reply_to or 0
    )


async def edit(town: Town, call: Call[Edit]) -> Reply:
    """Word one's own message anew. Raises Refusal: wrong_target, too_late, or as `deed` says."""
    said = call.payload
    data = event.MessageEdited(target=said.target, text=said.text.strip(), client_id=said.client_id)
    packed = event.packed("message.edited", call.person.by(), data)
    return await _deed(town, call, "edit", "touch", packed, said.target, town.policy.edit_window_ms)


async def retract(town: Town, call: Call[Retract]) -> Reply:
    """Take one's own message back. Raises Refusal: wrong_target, too_late, or as `deed` says."""
    said = call.payload
    data = event.MessageRetracted(target=said.target, client_id=said.client_id)
    packed = event.packed("message.retracted", call.person.by(), data)
    return await _deed(town, call, "retract", "touch", packed, said.target, town.policy.edit_window_ms)


async def react(town: Town, call: Call[React]) -> Reply:
    """Leave one reaction on a message, or take it back. Raises Refusal: wrong_target, or as `deed` says."""
    said = call.payload
    data = event.MessageReacted(target=said.target, reaction=said.reaction, client_id=said.client_id)
    return await _deed(
        town, call, "react", "touch", event.packed("message.reacted", call.person.by(), data), said.target
    )


async def already_done(town: Town, call: Call[Any]) -> Reply | None:
    """The reply this command was given before, if it was: known ids come before any right or limit.

    Raises Refusal as lua/fragments/known.lua does: client_id_reused, stale.
    """
    device, counter = call.numbered(call.payload.client_id)
    done, _ = room_keys(call.payload.room).done(call.person.id, device)
    kept, floor = await town.store.read("HMGET", done, counter, "floor")
    if kept is None and int(counter) <= int(floor or 0):
        raise Refusal("stale")
    if kept is None:
        return None
    if kept[:16].decode() != call.digest:
        raise Refusal("client_id_reused", field="client_id")
    return {"ok": True, **msgspec.msgpack.decode(kept[29:])}


async def _wait(town: Town, call: Call[Post]) -> Reply:
    """What a post is answered while talk waits: as it was when it is done already, else that the store is nearly full.

    Raises Refusal: not_found (no member), storage_low, or as `already_done` says.
    """
    done = await already_done(town, call)
    if done is not None:
        return done
    if not await town.store.read("HEXISTS", room_keys(call.payload.room).members, call.person.id):
        raise Refusal("not_found")
    raise Refusal("storage_low", retry_after_ms=30_000)


async def _deed(town: Town, call: Call[Any], name: str, limit: str, packed: bytes, *more: Argument) -> Reply:
    """Run one of the four scripts; they take the same keys and begin with the same arguments.

    Raises Refusal: stale, client_id_reused, too_fast, not_found (no member), muted, room_locked, unavailable.
    """
    keys = room_keys(call.payload.room)
    device, counter = call.numbered(call.payload.client_id)
    spend = town.policy.limits[limit]
    names = [
        *keys.done(call.person.id, device), keys.bucket(limit, call.person.id), keys.head, keys.members, keys.blank,
        keys.log, keys.feed, keys.clock, keys.edits,
    ]  # fmt: skip
    head: list[Argument] = [
        call.now_ms,
        call.person.id,
        keys.room,
        counter,
        call.digest,
        spend.burst,
        spend.every_ms,
        packed,
    ]
    (answer,) = await town.store.run(name, names, [*head, *more])
    return {"ok": True, **(answer if isinstance(answer, dict) else {"seq": answer})}
