"""The rooms' logs as Redis holds them at the end, read without the program's own reading code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgpack
import msgspec
import redis

from rooms.keys import RoomKeys
from tests.chaos.history import mark_of

ABOUT = ("member.", "staff.")
TOLD = ("warning.", "escalation.")


class Row(msgspec.Struct, frozen=True):
    """One entry. person: its author, or of member.* and staff.* whom it is about; client_id: '' for entries that have
    none; data: what it says, of warnings and cases."""

    event: str
    person: str
    client_id: str
    mark: int
    data: Mapping[str, Any] = {}


class Log(msgspec.Struct, frozen=True):
    """One room. rows: by seq; blank: seqs in whose place readers find a marker; in_force: seqs of warnings by the
    room's own account, None where nobody asked."""

    head: int
    oldest: int
    rows: Mapping[int, Row]
    blank: frozenset[int] = frozenset()
    in_force: frozenset[int] | None = None
    epoch: int = 0


def read_logs(url: str, rooms: Iterable[str]) -> dict[str, Log]:
    """The whole log of each room."""
    with redis.Redis.from_url(url) as client:
        return {room: _read(client, RoomKeys(room)) for room in rooms}


def read_heads(url: str, rooms: Iterable[str]) -> dict[str, int]:
    """The last seq of each room."""
    with redis.Redis.from_url(url) as client:
        return {room: int(client.hget(RoomKeys(room).head, "seq") or 0) for room in rooms}


def _read(client: Any, keys: RoomKeys) -> Log:
    head = client.hgetall(keys.head)
    rows = {int(row_id.partition(b"-")[0]): _row(fields) for row_id, fields in client.xrange(keys.log)}
    blank = frozenset(int(seq) for seq in client.hkeys(keys.blank))
    in_force = frozenset(int(seq) for seq in client.zrange(keys.in_force, 0, -1))
    return Log(int(head.get(b"seq", 0)), int(head.get(b"oldest", 1)), rows, blank, in_force, int(head.get(b"epoch", 0)))


def _row(fields: dict[bytes, bytes]) -> Row:
    event = msgpack.unpackb(fields[b"e"])
    data, at = event["data"], int(fields[b"t"])
    about = data["person"]["id"] if event["name"].startswith(ABOUT) else event["by"]["id"]
    entry = {"at": at, "by": event["by"], "data": data}
    told = data if event["name"].startswith(TOLD) else {}
    return Row(event["name"], about, data.get("client_id") or "", mark_of(event["name"], entry), told)
