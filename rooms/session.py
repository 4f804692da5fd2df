"""Sessions: an opaque token of 256 bits, kept as its SHA-256; ending one ends its connections within a second."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgpack

from rooms import account, correction, event, keys, notice
from rooms.keys import PersonKeys
from rooms.person import Person
from rooms.refusal import Refusal
from rooms.shape import EndReason, SessionView
from rooms.store import fields_of
from rooms.town import Town

_TOKEN = re.compile(r"\A([a-z2-7]{12})\.([A-Za-z0-9_-]{43})\Z")
"""<person>.<secret>: the person is in it so that one look-up in one partition suffices."""


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def person_of(token: object) -> str:
    """The id of the person a token claims to be of. Raises Refusal("signed_out") where it can't be a token."""
    match = _TOKEN.match(token) if isinstance(token, str) else None
    if match is None:
        raise Refusal("signed_out")
    return match[1]


async def begin(town: Town, person: str, device: str, name: str = "") -> str:
    """Open a session on a device and return its token, which is kept nowhere. name: what the device calls itself.

    It asks for nothing: whoever calls it has made sure who is there.  Raises Refusal("unavailable").
    """
    token, mine, now_ms = new_token(person), PersonKeys(person), town.clock.now_ms()
    await town.store.run(
        "open_session",
        [mine.account, mine.sessions, mine.feed, mine.clock],
        [now_ms, person, digest(token), as_kept(device, name, now_ms)],
    )
    return token


def new_token(person: str) -> str:
    return f"{person}.{secrets.token_urlsafe(32)}"


def as_kept(device: str, name: str, at: int, proved: int | None = None) -> bytes:
    """A session as the store has it. proved: when its person showed the second factor last."""
    facts: dict[str, Any] = {"device": device, "at": at}
    return bytes(msgpack.packb({**facts, **({"name": name} if name else {}), **({"proved": proved} if proved else {})}))


async def resolve(town: Town, token: object) -> Person:
    """Whose session this is. Raises Refusal("signed_out") where it is none, has ended, or is too old."""
    kept, body = await town.store.read_all(_look_up(token))
    return _person(town, kept, body)


class Arrival(NamedTuple):
    """Who connects. noted: rooms in which to look beside the account's own; notices, decisions: as
    `correction.unseen` and `notice.unseen` read them."""

    person: Person
    noted: tuple[str, ...]
    notices: list[bytes]
    decisions: list[bytes]


async def arrive(town: Town, token: object) -> Arrival:
    """The same for somebody who connects, with what else waits for the person. Raises Refusal("signed_out")."""
    person = person_of(token)
    hints = ("HKEYS", PersonKeys(person).guest)
    waiting = (correction.of_person(person), notice.of_person(person))
    kept, body, rooms, corrections, decided = await town.store.read_all([*_look_up(token), hints, *waiting])
    return Arrival(_person(town, kept, body), tuple(room.decode() for room in rooms), corrections, decided)


def _look_up(token: object) -> list[tuple[str, ...]]:
    mine = PersonKeys(person_of(token))
    return [("HGET", mine.sessions, digest(str(token))), ("HGET", mine.account, "body")]


def _person(town: Town, kept: bytes | None, body: bytes | None) -> Person:
    if kept is None or body is None or _is_over(town, kept):
        raise Refusal("signed_out")
    return account.person_in(body)


async def ended(town: Town, sessions: Sequence[tuple[str, str]]) -> list[bool]:
    """Which of these (person, digest) are over, by their age or because somebody ended them."""
    kept = await town.store.read_all(("HGET", PersonKeys(person).sessions, mark) for person, mark in sessions)
    return [one is None or _is_over(town, one) for one in kept]


SEEN_MS = 3_600_000
"""How finely it is kept when a session was used last: by the hour."""
AT_ONCE = 100


async def note_seen(town: Town, sessions: Sequence[tuple[str, str]]) -> None:
    """Keep it that these sessions, (person, digest), are used in this hour. Raises Refusal("unavailable")."""
    now_ms = town.clock.now_ms()
    for first in range(0, len(sessions), AT_ONCE):
        asked = [
            town.store.begin("note_session", [PersonKeys(person).sessions], [mark, now_ms - now_ms % SEEN_MS])
            for person, mark in sessions[first : first + AT_ONCE]
        ]
        for answer in asked:
            await answer


def _is_over(town: Town, kept: bytes) -> bool:
    return bool(msgpack.unpackb(kept)["at"] + town.policy.session_ms < town.clock.now_ms())


async def end(town: Town, token: str) -> None:
    """Sign out: this session and its connections."""
    await _end(town, person_of(token), digest(token))


async def _end(town: Town, person: str, mark: str) -> None:
    mine = PersonKeys(person)
    ended = event.packed_signal("session.ended", {"session": mark, "reason": "signed_out"})
    await town.store.run(
        "end_session", [mine.sessions, mine.feed, mine.clock], [town.clock.now_ms(), person, mark, ended]
    )


async def end_everywhere(town: Town, person: str, reason: EndReason = "everywhere") -> None:
    """Sign out on all devices."""
    mine = PersonKeys(person)
    ended = event.packed_signal("session.ended", {"reason": reason})
    await town.store.run("end_sessions", [mine.sessions, mine.feed, mine.clock], [town.clock.now_ms(), person, ended])


ID_LENGTH = 16
"""Of a digest's hex digits: enough to tell a person's 20 sessions apart, and good for nothing else."""


async def of_person(town: Town, person: str, current: str) -> list[SessionView]:
    """The sessions that are not over, the newest first. current: the digest of the one that asks."""
    flat = await town.store.read("HGETALL", PersonKeys(person).sessions)
    live = {mark.decode(): row for mark, row in fields_of(flat).items() if not _is_over(town, row)}
    found = [_listed(mark, msgpack.unpackb(row), current) for mark, row in live.items()]
    return sorted(found, key=lambda one: (-one.at, one.id))


def _listed(mark: str, row: dict[str, Any], current: str) -> SessionView:
    seen = max(row["at"], row.get("seen", 0))
    return SessionView(id=mark[:ID_LENGTH], at=row["at"], seen=seen, name=row.get("name", ""), current=mark == current)


async def end_of_person(town: Town, person: str, session: str) -> None:
    """End one's session of this id and its connections; where there is none it is over already."""
    for mark in await town.store.read("HKEYS", PersonKeys(person).sessions):
        if mark.decode()[:ID_LENGTH] == session:
            await _end(town, person, mark.decode())


async def set_password(
    town: Town, person: account.Account, password: str, recovery: str, keep: str = "", row: bytes = b""
) -> None:
    """Set a new argon2 text and recovery digest; every session but the one of digest *keep* ends.

    row: for the open book, where somebody else sets it.

    Raises Refusal("wrong_credentials") where the password was changed by somebody else meanwhile.
    """
    mine = PersonKeys(person.person.id)
    ended = event.packed_signal("session.ended", {"keep": keep, "reason": "password"})
    await town.store.run(
        "set_password",
        [mine.account, mine.sessions, mine.feed, mine.clock, mine.due, mine.audit, mine.audit_head],
        [town.clock.now_ms(), person.person.id, keep, person.password, password, recovery, ended,
         keys.book_of_person(person.person.id), row],
    )  # fmt: skip
