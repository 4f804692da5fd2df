"""Alerts as Redis holds them at the end, read without the program's own reading code."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import msgpack
import redis

from rooms import keys
from rooms.keys import RoomKeys
from tests.chaos.alerts_check import Entry, Kept, Sent
from tests.chaos.alerts_crowd import entry_of

LOOK_AGAIN_S, LOADING_S, READY_S = 0.0002, 0.02, 20.0


@contextmanager
def _reading(url: str) -> Iterator[Any]:
    """A connection, once a Redis that has just been started has read its file. Raises RedisError where none does."""
    give_up_s = time.monotonic() + READY_S
    with redis.Redis.from_url(url) as client:
        while True:
            try:
                client.ping()
                break
            except redis.RedisError:
                if time.monotonic() > give_up_s:
                    raise
                time.sleep(LOADING_S)
        yield client


def words_to_staff(url: str) -> int:
    """How often the staff have been told how an alert stands: once or twice in every step that is kept."""
    with _reading(url) as client:
        return int(client.hget(keys.clock(keys.TOWN), "feed") or 0)


def wait_for_words(url: str, beyond: int, give_up_s: float) -> None:
    """Until the staff have been told more often than that: a step has just been kept, and nothing brought yet.

    give_up_s: of the monotonic clock.
    """
    name = keys.clock(keys.TOWN)
    with _reading(url) as client:
        while int(client.hget(name, "feed") or 0) <= beyond and time.monotonic() < give_up_s:
            time.sleep(LOOK_AGAIN_S)


def read_kept(url: str) -> dict[str, Kept]:
    """Every record of an alert, by its id."""
    with _reading(url) as client:
        ids = [row.decode() for row in client.zrange(keys.ALERTS, 0, -1)]
        bodies = [client.hget(keys.alert(alert_id), "body") for alert_id in ids]
    return {alert_id: _kept(msgpack.unpackb(body)) for alert_id, body in zip(ids, bodies, strict=True) if body}


def _kept(record: dict[str, Any]) -> Kept:
    messages = tuple(
        Sent(row["n"], row["type"], row["body"], row["signature"], row["key"]) for row in record["messages"]
    )
    return Kept(tuple(record["rooms"]), messages, record["delivered"])


def read_entries(url: str, rooms: Iterable[str]) -> dict[str, list[Entry]]:
    """The entries of alerts in each room, in their order."""
    with _reading(url) as client:
        return {room: list(_entries(room, client.xrange(RoomKeys(room).log))) for room in rooms}


def _entries(room: str, rows: Any) -> Iterable[Entry]:
    for row_id, fields in rows:
        event = msgpack.unpackb(fields[b"e"])
        if event["name"].startswith("alert."):
            seq = int(row_id.partition(b"-")[0])
            yield entry_of(room, seq, int(fields[b"t"]), event["name"], event["data"])
