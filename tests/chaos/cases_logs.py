"""Cases as Redis holds them, read without the program's own reading code; and a witness that sees entries come."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import msgpack
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from rooms import keys
from rooms.keys import RoomKeys
from tests.chaos.cases_check import Entry, Kept

BLOCK_MS = 200
AGAIN_S = 0.02
SAMPLE_S = 1.0
DUE = "escalation:"
OF_CASE = "escalation."
PARTITIONS = [name for name in keys.ALL if name != keys.TOWN]
Seen = Mapping[tuple[str, int], float]


def connected(url: str) -> redis.Redis:
    """A connection that repeats nothing by itself; RESP2, in which XREAD answers the same everywhere."""
    return redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), socket_timeout=5, protocol=2)


class Witness:
    """Reads the rooms' logs as they grow, in a thread of its own. staff: persons who must always be on duty.

    seen: (room, seq) -> Redis's time just after the entry was given, ms; passed: entries by name; gaps: (rule, facts),
    each once: an open case without a deadline, somebody who went off duty.
    """

    def __init__(self, url: str, rooms: Iterable[str], staff: Iterable[str]) -> None:
        self.seen: dict[tuple[str, int], float] = {}
        self.passed: Counter[str] = Counter()
        self.gaps: dict[tuple[str, str], None] = {}
        self.samples = 0
        self._url, self._staff = url, frozenset(staff)
        self._rooms = {RoomKeys(room).log.encode(): room for room in rooms}
        self._after: dict[Any, Any] = dict.fromkeys(self._rooms, b"0-0")
        self._sampled_s = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(timeout=10)

    def differences(self, entries: Iterable[Entry]) -> list[tuple[str, str]]:
        """What was found in passing, and what was given and is not in the logs at the end, or never given."""
        kept = {(entry.room, entry.seq) for entry in entries}
        vanished = [("vanished", f"{room} {seq} was given and is gone") for room, seq in set(self.seen) - kept]
        unseen = [("unseen", f"{room} {seq} never came to the witness") for room, seq in kept - set(self.seen)]
        return [*self.gaps, *vanished, *unseen]

    def _watch(self) -> None:
        with connected(self._url) as client:
            while not self._over.is_set():
                try:
                    self._look(client)
                    self._sample(client)
                except redis.RedisError:
                    time.sleep(AGAIN_S)

    def _look(self, client: redis.Redis) -> None:
        """What has come since; the two questions leave together, so the time is that of the answer before it."""
        asked = client.pipeline(transaction=False)
        asked.xread(self._after, block=BLOCK_MS)
        asked.time()
        rows, (seconds, micros) = asked.execute()
        now_ms = seconds * 1000 + micros / 1000
        for log, entries in rows or ():
            for row_id, fields in entries:
                self._after[log] = row_id
                name = msgpack.unpackb(fields[b"e"])["name"]
                if name.startswith(OF_CASE):
                    self.seen[self._rooms[log], int(row_id.partition(b"-")[0])] = now_ms
                    self.passed[name] += 1

    def _sample(self, client: redis.Redis) -> None:
        if time.monotonic() < self._sampled_s + SAMPLE_S:
            return
        self._sampled_s = time.monotonic()
        asked = client.pipeline(transaction=True)
        for name in PARTITIONS:
            asked.zrange(keys.open_cases(name), 0, -1)
            asked.zrange(keys.due(name), 0, -1)
        asked.hkeys(keys.DUTY)
        *rows, there = asked.execute()
        for waiting, due in zip(rows[::2], rows[1::2], strict=True):
            for case in {DUE.encode() + case for case in waiting} - set(due):
                self.gaps["deadline", f"{case.decode()} was open without a deadline"] = None
        for person in self._staff - {person.decode() for person in there}:
            self.gaps["duty", f"{person} was off duty"] = None
        self.samples += 1


def read_entries(url: str, rooms: Iterable[str], seen: Seen) -> list[Entry]:
    """Every entry of a case in these rooms."""
    with connected(url) as client:
        return [
            _entry(room, int(row_id.partition(b"-")[0]), fields, seen)
            for room in rooms
            for row_id, fields in client.xrange(RoomKeys(room).log)
            if msgpack.unpackb(fields[b"e"])["name"].startswith(OF_CASE)
        ]


def _entry(room: str, seq: int, fields: dict[bytes, bytes], seen: Seen) -> Entry:
    event, at_ms = msgpack.unpackb(fields[b"e"]), int(fields[b"t"])
    case = event["data"]["case"]
    return Entry(
        room=room, seq=seq, name=event["name"], case=case["id"], client_id=event["data"].get("client_id") or "",
        at_ms=at_ms, seen_ms=seen.get((room, seq), at_ms), state=case["state"], tier=case["tier"],
        reached=case["reached"]["paged"], skipped=tuple(case.get("skipped", ())), deadline=case.get("deadline"),
        owner=(case.get("owner") or {}).get("id", ""),
    )  # fmt: skip


def read_kept(url: str) -> tuple[dict[str, Kept], list[str]]:
    """Every case, and the deadlines of cases that there are not."""
    kept: dict[str, Kept] = {}
    unread: list[str] = []
    with connected(url) as client:
        for name in PARTITIONS:
            waiting = {case.decode() for case in client.zrange(keys.open_cases(name), 0, -1)}
            items = client.zrange(keys.due(name), 0, -1, withscores=True)
            due = {item.decode().removeprefix(DUE): int(at) for item, at in items if item.startswith(DUE.encode())}
            cases = {case.decode() for case in client.zrange(keys.kept_cases(name), 0, -1)}
            kept |= {case: _kept(client, case, waiting, due) for case in cases}
            unread += sorted(set(due) - cases)
    return kept, unread


def _kept(client: redis.Redis, case: str, waiting: set[str], due: dict[str, int]) -> Kept:
    body: Any = client.hget(keys.case(case), "body")
    record = msgpack.unpackb(body)
    return Kept(
        state=record.get("state", "listed"), due_at=record.get("due_at"), is_open=case in waiting,
        scores=(due[case],) if case in due else (), owner=(record.get("owner") or {}).get("id", ""),
    )  # fmt: skip
