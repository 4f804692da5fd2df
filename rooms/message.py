"""Messages: post, edit, retract, react. Each is one script and one entry of the room's log."""

from __future__ import annotations

from typing import Any

from rooms import event
from rooms.call import Call, ClientId, Id, Payload, Reply, Text
from rooms.deed import already_done, author, deed
from rooms.keys import room_keys
from rooms.refusal import Refusal
from rooms.shape import ReactionWord, Seq
from rooms.space import Space
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
    if _waits(town):
        return await _wait(town, call)
    said, mine = call.payload, await author(town, call)
    data = event.MessagePosted(text=said.text.strip(), client_id=mine.client_id, reply_to=said.reply_to)
    return await deed(town, call, "post", "talk", event.packed("message.posted", mine.by, data), said.reply_to or 0)


async def edit(town: Town, call: Call[Edit]) -> Reply:
    """Word one's own message anew. Raises Refusal: storage_low, wrong_target, too_late, or as `deed` says."""
    if _waits(town):
        return await _wait(town, call)
    said, mine = call.payload, await author(town, call)
    data = event.MessageEdited(target=said.target, text=said.text.strip(), client_id=mine.client_id)
    packed = event.packed("message.edited", mine.by, data)
    return await deed(town, call, "edit", "touch", packed, said.target, town.policy.edit_window_ms, mine.by["id"])


async def retract(town: Town, call: Call[Retract]) -> Reply:
    """Take one's own message back. Raises Refusal: wrong_target, too_late, or as `deed` says."""
    said, mine = call.payload, await author(town, call)
    data = event.MessageRetracted(target=said.target, client_id=mine.client_id)
    packed = event.packed("message.retracted", mine.by, data)
    return await deed(town, call, "retract", "touch", packed, said.target, town.policy.edit_window_ms, mine.by["id"])


async def react(town: Town, call: Call[React]) -> Reply:
    """Leave one reaction on a message or take it back. Raises Refusal: storage_low, wrong_target, or as `deed` says."""
    if _waits(town):
        return await _wait(town, call)
    said, mine = call.payload, await author(town, call)
    data = event.MessageReacted(target=said.target, reaction=said.reaction, client_id=mine.client_id)
    return await deed(town, call, "react", "touch", event.packed("message.reacted", mine.by, data), said.target)


def _waits(town: Town) -> bool:
    """Whether memory or disk is kept for what matters more. Taking a message back is never kept waiting."""
    return town.talk_waits or town.space is not Space.AMPLE


async def _wait(town: Town, call: Call[Any]) -> Reply:
    """What talk is answered while it waits: as it was when it is done already, else that the store is nearly full.

    Raises Refusal: not_found (no member), storage_low, or as `already_done` says.
    """
    done = await already_done(town, call)
    if done is not None:
        return done
    if not await town.store.read("HEXISTS", room_keys(call.payload.room).members, call.person.id):
        raise Refusal("not_found")
    raise Refusal("storage_low", retry_after_ms=30_000)
