"""A room's log, read and blanked: pages, what was missed, heads. Written only by the scripts of the deeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

import msgspec

from rooms import alert_shape, warning_shape
from rooms.event import Entry
from rooms.keys import room_keys
from rooms.store import HandedIn, Store, fields_of

PAGE = 200
PAGE_BYTES = 128 * 1024
Cursor = tuple[int | None, int]
"""(epoch or None where the client gave a bare seq, seq)."""


class Head(NamedTuple):
    """Where a room's log is: its newest seq, its epoch, the oldest seq still there."""

    seq: int
    epoch: int
    oldest: int


class Page(msgspec.Struct, frozen=True):
    """Entries in rising order. more: there are others beyond its end (or before its beginning, reading backwards)."""

    head: int
    epoch: int
    oldest: int
    more: bool
    entries: list[Entry]


class Resumed(msgspec.Struct, frozen=True):
    """What a member finds on connecting. end: the seq up to which everything is known once `entries` were given;
    cases: those of the room that are not over, each a CaseView as it goes over the wire; warnings, alerts: those in
    force, each a WarningView or an AlertView; holds: of RoomInfo, what is restricted, and who may read along."""

    page: Page
    read: int
    here: int
    reset: bool
    cases: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    alerts: list[dict[str, Any]]
    holds: dict[str, Any]

    @property
    def end(self) -> int:
        """Everything up to here is in the page, or is to be pulled: live delivery begins after it."""
        return self.page.head if self.page.more or not self.page.entries else self.page.entries[-1].seq


async def history(
    store: Store, room: str, person: str, *, after: int | None = None, before: int | None = None, limit: int = PAGE
) -> Page:
    """A page after a seq, before a seq, or the newest; at most 128 KiB. Raises Refusal("not_found") to non-members."""
    keys = room_keys(room)
    head, epoch, oldest, more, flat = await store.run(
        "history",
        [keys.head, keys.members, keys.log, keys.blank],
        [person, -1 if after is None else after, -1 if before is None else before, limit, PAGE_BYTES],
    )
    return Page(head, int(epoch), oldest, bool(more), _entries(room, flat))


def resume(store: Store, room: str, person: str, cursor: Cursor | None, now_ms: int) -> HandedIn[Resumed]:
    """The room's numbers and the first 200 entries missed since the cursor; handed in at once.

    Awaited, raises Refusal("not_found").
    """
    keys = room_keys(room)
    epoch, seq = cursor if cursor is not None else (None, -1)
    names = [
        keys.head, keys.members, keys.log, keys.blank, keys.read, keys.here, keys.cases,
        keys.warning, keys.in_force, keys.answers, keys.alerts, keys.alert_known, keys.arrangements,
    ]  # fmt: skip
    answer = store.begin(
        "resume",
        names,
        [person, now_ms, "" if epoch is None else epoch, seq, PAGE, PAGE_BYTES],
    )
    return HandedIn(partial(_resumed, room, answer))


async def _resumed(room: str, answer: HandedIn[list[Any]]) -> Resumed:
    head, current, oldest, read, here, reset, more, flat, cases, pinned, alerts, holds = await answer
    page = Page(head, int(current), oldest, bool(more), _entries(room, flat))
    seen = [view for view in map(_view, cases) if view is not None]
    warnings, in_force = warning_shape.pinned(pinned), alert_shape.pinned(room, alerts)
    return Resumed(page, int(read), here, bool(reset), seen, warnings, in_force, _holding(*holds))


def _holding(locked: bytes, slow: bytes, muted_until: bytes, arrangements: Iterable[bytes]) -> dict[str, Any]:
    """What holds in a room, as RoomInfo tells it; without what does not."""
    standing = [_arrangement(body) for body in arrangements]
    facts = {"locked": locked != b"0", "slow": int(slow) // 1000, "muted_until": int(muted_until),
             "arrangements": standing}  # fmt: skip
    return {name: value for name, value in facts.items() if value}


def _arrangement(body: bytes) -> dict[str, Any]:
    kept: dict[str, Any] = msgspec.msgpack.decode(body)
    return {name: value for name, value in kept.items() if name != "seq"}


def _view(case: bytes) -> dict[str, Any] | None:
    """A case as it goes over the wire; None for one that can't be read, which keeps nobody out of the room."""
    try:
        return msgspec.msgpack.decode(case, type=dict)
    except msgspec.DecodeError:
        return None


async def between(store: Store, room: str, first: int, last: int) -> list[Entry]:
    """Entries first to last, for the server itself: no membership is asked. A hole is an entry that was blanked."""
    keys, seqs = room_keys(room), range(first, last + 1)
    rows, marks = await store.read_all([("XRANGE", keys.log, f"{first}-0", f"{last}-0"), ("HMGET", keys.blank, *seqs)])
    gone = {seq for seq, mark in zip(seqs, marks, strict=True) if mark is not None}  # words taken back are still there
    return [entry for entry in raw(room, rows) if entry.seq not in gone]


def raw(room: str, rows: Iterable[Any]) -> Iterator[Entry]:
    """Rows of a log's stream as entries, without markers."""
    for row_id, fields in rows:
        values = fields_of(fields)
        yield Entry.unpack(room, int(row_id.partition(b"-")[0]), int(values[b"t"]), values[b"e"])


async def heads(store: Store, rooms: Sequence[str]) -> dict[str, Head]:
    """Where each room's log is; one without entries is at 0."""
    answers = await store.read_all(("HMGET", room_keys(room).head, "seq", "epoch", "oldest") for room in rooms)
    return {
        room: Head(int(seq or 0), int(epoch or 0), int(oldest or 1))
        for room, (seq, epoch, oldest) in zip(rooms, answers, strict=True)
    }


async def raise_epoch(store: Store, room: str, known: int, now_ms: int) -> int:
    """Make every cursor of the epoch *known* void: the log was rolled back."""
    (epoch,) = await store.run("raise_epoch", [room_keys(room).head], [now_ms, known])
    return int(epoch)


async def blank(store: Store, room: str, seqs: Iterable[int], reason: str, now_ms: int) -> int:
    """Delete entries and their copies in the feed for good; readers find markers. Returns how many were deleted.

    `retention.blank` sees to what was told beside the log as well.
    """
    keys = room_keys(room)
    names = [
        keys.log, keys.feed, keys.blank, keys.head, keys.edits,
        keys.due, keys.warning, keys.in_force, keys.warned, keys.answers,
    ]  # fmt: skip
    (gone,) = await store.run("blank", names, [now_ms, reason, room, *seqs])
    return int(gone)


def _entries(room: str, flat: Sequence[Any]) -> list[Entry]:
    quads = zip(flat[::4], flat[1::4], flat[2::4], flat[3::4], strict=True)
    return [Entry.unpack(room, int(seq), int(at), event, reason.decode()) for seq, at, event, reason in quads]
