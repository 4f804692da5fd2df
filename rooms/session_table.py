"""The table of commands about one's own sessions; `command.COMMANDS` holds them with the others."""

from __future__ import annotations

from typing import Annotated

import msgspec

from rooms import second_factor, session
from rooms.call import Call, Payload, Reply
from rooms.command_row import Row
from rooms.town import Town

SessionId = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{16}\Z")]
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class List(Payload, frozen=True):
    """No fields."""


class End(Payload, frozen=True):
    """session: an id of the list."""

    session: SessionId


class Prove(Payload, frozen=True):
    """code: six digits of the clock, or a recovery code."""

    code: Code


class NewCodes(Payload, frozen=True):
    """code: six digits of the clock, or a recovery code."""

    code: Code


async def list_sessions(town: Town, call: Call[List]) -> Reply:
    found = await session.of_person(town, call.person.id, call.session)
    return {"ok": True, "sessions": [msgspec.to_builtins(one) for one in found]}


async def end(town: Town, call: Call[End]) -> Reply:
    await session.end_of_person(town, call.person.id, call.payload.session)
    return {"ok": True}


async def prove(town: Town, call: Call[Prove]) -> Reply:
    """Raises Refusal as second_factor.prove does."""
    await second_factor.prove(town, call.person.id, call.session, call.payload.code)
    return {"ok": True}


async def new_codes(town: Town, call: Call[NewCodes]) -> Reply:
    """Raises Refusal as second_factor.renew_codes does."""
    codes = await second_factor.renew_codes(town, call.person.id, call.session, call.payload.code)
    return {"ok": True, "recovery_codes": list(codes)}


SESSION_COMMANDS: dict[str, Row] = {
    "session.list": Row(
        List, list_sessions, "be_here", "read", "Where you are signed in, the newest first.", {},
        {"sessions": "SessionView[]"},
    ),
    "session.end": Row(
        End, end, "be_here", "touch", "Sign out one of your sessions; its connections close.",
        {"session": "9f86d081884c7d65"}, {},
    ),
    "session.prove": Row(
        Prove, prove, "prove", "touch",
        "Show your second factor again: what was refused with `prove_again` may be asked once more.",
        {"code": "287082"}, {},
    ),
    "session.new_codes": Row(
        NewCodes, new_codes, "prove", "touch",
        "New recovery codes for whoever shows the second factor; the earlier ones open nothing any longer.",
        {"code": "287082"}, {"recovery_codes": "string[]"},
    ),
}  # fmt: skip
