"""Name + payload + person + now -> reply: look up, read, spend, permit, run. Every command of every transport."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

import msgspec

from rooms import audit, second_factor
from rooms.call import Call, Reply
from rooms.command import COMMANDS
from rooms.command_row import Handler, Row
from rooms.deed import already_done
from rooms.limit import Bucket
from rooms.overdue import sign_of_life
from rooms.permission import Reach, permit, reach
from rooms.person import STAFF_IN_ROOMS, Person
from rooms.refusal import Refusal
from rooms.space import Space, read_only
from rooms.town import Town


class Caller:
    """Who speaks through one connection, by which session (its digest), and what that connection may still spend."""

    __slots__ = ("_buckets", "person", "session")

    def __init__(self, person: Person, session: str = "") -> None:
        self.person, self.session = person, session
        self._buckets: dict[str, Bucket] = {}

    def spend(self, town: Town, limit: str, now_ms: int) -> None:
        """Take one from a bucket of this connection. Raises Refusal("too_fast", retry_after_ms)."""
        bucket = self._buckets.get(limit)
        if bucket is None:
            bucket = self._buckets[limit] = Bucket()
        bucket.spend(town.policy.limits[limit], now_ms)


async def dispatch(town: Town, caller: Caller, name: str, payload: Any) -> Reply:
    """Carry out one command. Raises Refusal; every other exception is a fault of ours."""
    row = COMMANDS.get(name)
    if row is None:
        raise Refusal("unknown_command")
    read, now_ms = _read(row, payload), town.clock.now_ms()
    call = Call(caller.person, read, now_ms, digest(name, payload) if row.changes else "", caller.session)
    # Before the room is looked for: the limit must not tell a hidden room from none.
    if row.limit is not None and not row.changes:
        caller.spend(town, row.limit, now_ms)
    try:
        handler = _must_wait(town, row) or (await _unproved(town, row, call) if row.fresh else None)
        reply = await (handler or _handler(town, row, call))(town, call)
        if caller.person.role in STAFF_IN_ROOMS and (room := getattr(read, "room", None)) is not None:
            await sign_of_life(town, caller.person, room, now_ms)
        return reply
    except Refusal as refusal:
        noted = caller.person.is_staff and refusal.code in audit.NOTED
        if noted or refusal.code == "not_found":  # a person's own limit would tell a hidden room from none
            caller.spend(town, "outside", now_ms)
        if noted:
            await audit.refused(town, call, name, refusal.code)
        raise


def _must_wait(town: Town, row: Row) -> Handler | None:
    """What answers a command that writes while the disk has no room for it; None where it may go on."""
    return partial(_as_it_was, read_only()) if row.changes and town.space >= Space.READ_ONLY else None


async def _unproved(town: Town, row: Row, call: Call[Any]) -> Handler | None:
    """What answers a command that needs a fresh proof and has none; None where it may go on.

    Asked before the room is looked for, or it would tell a hidden room from none.
    """
    if reach(call.person, row.capability) is Reach.NONE:
        return None
    stale = await second_factor.stale_proof(town, call.person.id, call.session)
    return None if stale is None else partial(_as_it_was, stale)


def _handler(town: Town, row: Row, call: Call[Any]) -> Handler:
    """The row's own if the role may ever do it. Raises Refusal where it may not; but a command that was done before
    is answered as it was, whatever the role."""
    try:
        permit(call.person, row.capability, getattr(call.payload, "room", None), town.places)
    except Refusal as refusal:
        if not row.changes:
            raise
        return partial(_as_it_was, refusal)
    return row.handler


async def _as_it_was(refusal: Refusal, town: Town, call: Call[Any]) -> Reply:
    done = await already_done(town, call)
    if done is None:
        raise refusal
    return done


def digest(name: str, payload: Any) -> str:
    """16 hex digits over a command and its payload, whatever the order of its fields."""
    canonical = msgspec.msgpack.encode([name, sorted(payload.items())])
    return hashlib.blake2b(canonical, digest_size=8).hexdigest()


def _read(row: Row, payload: Any) -> Any:
    """The payload as its struct. Raises Refusal("bad_request", field) naming the field, never its content."""
    if not isinstance(payload, dict):
        raise Refusal("bad_request")
    for field in payload:
        if not isinstance(field, str):
            raise Refusal("bad_request")
    try:
        return msgspec.convert(payload, row.payload)
    except msgspec.ValidationError as error:
        raise bad_request(str(error)) from None


def bad_request(error: str) -> Refusal:
    """What msgspec says of a payload, as a refusal: 'Expected `str`, got `int` - at `$.text`' -> field `text`."""
    what, _, where = error.partition(" - at ")
    field = (
        where.strip("`").removeprefix("$.").removeprefix("$").partition("[")[0]
        or what.partition("`")[2].partition("`")[0]
    )
    if "matching regex" in what:
        what = f"`{field}` does not have the form that protocol.md gives it"
    return Refusal("bad_request", message=f"{what}.", **({"field": field} if field else {}))
