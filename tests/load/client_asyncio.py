"""client.c in Python, for machines without a compiler: raw frames over asyncio protocols, in several processes.

The first process takes the commands, and holds everybody who posts; the others only listen, and tell it which message
reached how many. Slower than what it measures on few cores: its figures are good for comparing, not for records.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import secrets
import sys
import time
from collections import Counter
from pathlib import Path

from tests.load import client_wire as wire
from tests.load.client_wire import Heard, Kind

DRAIN_S, POSTERS, TAPPERS = 10.0, 8, 50
ELSEWHERE = -1
"""The number of an entry that is somebody else's."""
COUNTS = ("deliveries", "answers", "refused", "lost", "doubled", "reordered", "strangers", "closed", "failed",
          "settled")  # fmt: skip


class Crowd:
    """The connections of one process, and what it counts for the command under way."""

    def __init__(self, port: int, dialect: str, path: str, size: int, tag: str) -> None:
        self.port, self.dialect, self.path, self.size, self.tag = port, dialect, path, size, tag
        self.people: dict[int, Person] = {}
        self.known: dict[bytes, Heard] = {}
        self.begin()

    def begin(self) -> None:
        self.counts: Counter[str] = Counter()
        self.latency: Counter[int] = Counter()  # tenths of a millisecond
        self.reached: Counter[int] = Counter()
        self.looping = False

    def note(self, since_ns: int) -> None:
        self.latency[(time.monotonic_ns() - since_ns) // 100_000] += 1

    def heard(self, opcode: int, payload: bytes) -> Heard:
        """Everybody gets the same frames: each is read once."""
        found = self.known.get(payload)
        if found is None:
            if len(self.known) > 64:
                self.known.clear()
            found = self.known[payload] = wire.hear(self.dialect, opcode, payload)
        return found

    async def connect(self, indices: list[int], at_once: int) -> None:
        gate = asyncio.Semaphore(at_once)

        async def come(person: Person) -> None:
            async with gate:
                await person.come()

        await asyncio.gather(*(come(self.people[index]) for index in indices))

    def answered(self, person: Person) -> None:
        """Overridden where commands are given."""


class Person(asyncio.Protocol):
    """One connection. rooms: their ids; missed: entries that it is owed on coming."""

    def __init__(self, crowd: Crowd, line: str) -> None:
        self.crowd = crowd
        self.token, room, second, self.cursor, missed = line.rstrip("\n").split("\t")
        self.rooms, self.missed = [name for name in (room, second) if name != "-"], int(missed)
        self.ready, self.deaf, self.asked_ns = False, False, 0
        self.transport: asyncio.Transport | None = None

    async def come(self) -> None:
        loop = asyncio.get_running_loop()
        self.began_ns, self.given, self.welcomed, self.rest = time.monotonic_ns(), 0, False, b""
        self.last: dict[str, int] = {}
        self.newest = -1
        self.upgraded, self.settled = False, loop.create_future()
        try:
            await loop.create_connection(lambda: self, "127.0.0.1", self.crowd.port)
            await self.settled
        except OSError:
            self.crowd.counts.update(failed=1, settled=1)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # TCP is both ways
        key = secrets.token_urlsafe(16).replace("-", "+").replace("_", "/")
        self.write(f"GET {self.crowd.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.crowd.port}\r\nUpgrade: websocket\r\n"
                   f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}==\r\nSec-WebSocket-Version: 13\r\n\r\n"
                   .encode())  # fmt: skip

    def write(self, data: bytes) -> None:
        if self.transport is not None:
            self.transport.write(data)

    def connection_lost(self, _error: Exception | None) -> None:
        self.transport = None
        if not self.settled.done():
            self.crowd.counts.update(failed=1, settled=1)
            self.settled.set_result(None)
        elif self.ready and not self.deaf:
            self.crowd.counts["closed"] += 1
        self.ready = False

    def data_received(self, data: bytes) -> None:
        data = self.rest + data
        if not self.upgraded:
            head, found, data_after = data.partition(b"\r\n\r\n")
            if not found:
                self.rest = data
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self.leave()
                return
            self.upgraded, data = True, data_after
            if self.crowd.dialect == "bare":
                self.come_in()
        taken = 0
        for opcode, payload, end in wire.frames(data):
            self.take(opcode, payload)
            taken = end
        self.rest = data[taken:]

    def take(self, opcode: int, payload: bytes) -> None:
        if opcode == wire.CLOSE:
            self.leave()
            return
        heard = self.crowd.heard(opcode, payload)
        match heard.kind:
            case Kind.ENTRY:
                self.take_entry(heard)
            case Kind.ANSWER:
                self.crowd.counts.update(answers=1, refused=int(not heard.ok))
                self.crowd.answered(self)
            case Kind.HELLO:
                self.write(wire.say_connect(self.crowd.dialect, self.token, self.rooms[0], self.cursor))
            case Kind.PING:
                self.write(wire.frame(wire.TEXT, b"3"))
            case Kind.WELCOME:
                self.come_in()
            case Kind.JOINED if self.crowd.dialect != "bart":
                self.come_in()
            case Kind.REFUSED:
                self.leave()

    def come_in(self) -> None:
        self.welcomed = True
        self.check_settled()

    def check_settled(self) -> None:
        if self.welcomed and not self.ready and self.given >= self.missed:
            self.ready = True
            self.crowd.counts["settled"] += 1
            self.crowd.note(self.began_ns)
            self.settled.set_result(None)

    def take_entry(self, heard: Heard) -> None:
        crowd = self.crowd
        self.given += 1
        if heard.seq:
            self.check_seq(heard)
        self.check_settled()
        if not heard.text.startswith(crowd.tag):
            crowd.reached[ELSEWHERE] += 1
            return
        number = int(heard.text[9:19])
        if heard.seq == 0 and number == self.newest:
            crowd.counts["doubled"] += 1
        self.newest = number
        crowd.counts["deliveries"] += 1
        crowd.reached[number] += 1
        if not crowd.looping:
            crowd.note(int(heard.text[20:40]))

    def check_seq(self, heard: Heard) -> None:
        if heard.room not in self.rooms:
            self.crowd.counts["strangers"] += 1
            return
        last = self.last.get(heard.room, heard.seq - 1)
        self.crowd.counts.update(doubled=int(heard.seq <= last), lost=max(0, heard.seq - last - 1))
        self.last[heard.room] = max(last, heard.seq)

    def leave(self) -> None:
        if self.transport is not None:
            self.transport.close()

    def stop_reading(self) -> None:
        self.deaf = True
        if self.transport is not None:
            self.transport.pause_reading()


class Lead(Crowd):
    """The process that takes commands. left: of each message, how many have yet to be given it."""

    def __init__(self, *facts: object) -> None:
        super().__init__(*facts)  # type: ignore[arg-type]
        self.members: dict[str, list[int]] = {}
        self.rooms_of: list[list[str]] = []
        self.workers: list[multiprocessing.connection.Connection] = []
        self.hearing: Counter[str] = Counter()
        self.left: dict[int, int] = {}
        self.slots: dict[int, int] = {}
        self.free: list[int] = []
        self.number = self.due = self.asked = 0
        self.first_ns = self.last_ns = 0
        self.storeless, self.ends_s, self.each = False, 0.0, 0
        self.connected: list[bool] = []
        self.sees: set[int] = set()

    def post(self, index: int, room: str, slot: int) -> None:
        number, self.number = self.number, self.number + 1
        self.left[number], self.slots[number] = self.hearing[room], slot
        self.due += self.hearing[room]
        self.asked += self.dialect == "bart"
        text = f"{self.tag}{number:010d} {time.monotonic_ns():020d} ".ljust(self.size, "x")
        self.people[index].write(
            wire.say_message(self.dialect, room, f"load{self.tag[:8]}{index}:{number + 1}", text, number + 1)
        )

    def tap(self, place: int, target: int) -> None:
        """The one-tap answer of that member of the first room, otherwise than their last."""
        room = next(iter(self.members))
        number, self.number = self.number, self.number + 1
        index = [index for index in self.members[room] if index in self.people][place % TAPPERS]
        self.left[number], self.slots[number] = self.hearing[room], place
        self.due += self.hearing[room]
        self.asked += 1
        self.sees ^= {index}
        said = wire.say_tap(room, self.tag, number, time.monotonic_ns(), target, sees=index in self.sees)
        self.people[index].write(said)

    def settle_reached(self, reached: Counter[int]) -> None:
        for number, count in reached.items():
            if number == ELSEWHERE:
                self.hear_elsewhere(count)
                continue
            self.due -= count
            self.left[number] -= count
            if self.left[number] == 0 and not self.looping:
                self.free.append(self.slots[number])

    def hear_elsewhere(self, count: int) -> None:
        """Entries of somebody else have come, here or in another process; when is told to a millisecond or two."""
        if self.each:
            self.due -= count
            self.counts["deliveries"] += count
            self.last_ns = time.monotonic_ns()
            self.first_ns = self.first_ns or self.last_ns

    def ask(self, index: int) -> None:
        self.people[index].asked_ns = time.monotonic_ns()
        if self.storeless:
            self.asked += 1
            self.people[index].write(wire.say_storeless(self.dialect, "x" * self.size, 1))
        else:
            self.post(index, self.people[index].rooms[0], 0)

    def answered(self, person: Person) -> None:
        self.asked -= 1
        if self.looping and person.asked_ns:
            self.note(person.asked_ns)
            person.asked_ns = 0
            if time.monotonic() < self.ends_s:
                self.ask(next(index for index, one in self.people.items() if one is person))

    # commands ------------------------------------------------------------------------------------

    async def obey(self, word: str, numbers: list[float]) -> dict[str, float]:
        if word != "heard":  # that goes on counting since `listen`
            self.begin()
        began_s, cpu_s, first = time.monotonic(), time.process_time(), self.number
        self.free.clear()
        if word in ("connect", "close", "deaf"):
            await self.all_do(word, numbers)
        elif word == "listen":
            await self.listen(int(numbers[0]))
        else:
            self.ends_s = began_s + numbers[0]
            runs = {
                "burst": self.burst,
                "rate": self.rate,
                "taps": self.rate,
                "posts": self.loop,
                "storeless": self.loop,
                "heard": self.hear_out,
            }
            await runs[word](word, numbers)
            await self.drain()
        counts, latency = await self.gathered()
        took_s = time.monotonic() - began_s
        sent = self.number - first if word != "storeless" else counts["answers"]
        busy = (time.process_time() - cpu_s) / took_s
        return {"s": took_s, "client_busy": busy, "sent": sent, "missing": self.due, "unanswered": self.asked,
                **{name: counts[name] for name in COUNTS}, "p50_ms": _share(latency, 0.5),
                "p99_ms": _share(latency, 0.99), "first_ns": self.first_ns, "last_ns": self.last_ns}  # fmt: skip

    async def all_do(self, word: str, numbers: list[float]) -> None:
        first, last = int(numbers[0]), int(numbers[1])
        at_once = int(numbers[2]) // (len(self.workers) + 1) + 1 if word == "connect" else 0
        chosen = range(first, last)
        for worker in self.workers:
            worker.send((word, first, last, at_once))
        await do(self, word, chosen, at_once)
        for worker in self.workers:
            while not worker.poll():  # noqa: ASYNC110 - a pipe has no event
                await asyncio.sleep(0.001)
            worker.recv()
        for index in chosen:
            self.connected[index] = word == "connect"
            for room in self.rooms_of[index]:
                self.hearing[room] += 1 if word == "connect" else -1

    async def pump(self) -> None:
        """Give the loop a turn, and take in what reached others."""
        await asyncio.sleep(0)
        self.settle_reached(self.reached)
        self.reached = Counter()
        for worker in self.workers:
            while worker.poll():
                self.settle_reached(worker.recv())

    async def burst(self, _word: str, numbers: list[float]) -> None:
        self.free = list(range(int(numbers[1])))
        while time.monotonic() < self.ends_s:
            while self.free:
                self.post_in(self.free.pop())
            await self.pump()

    async def rate(self, _word: str, numbers: list[float]) -> None:
        next_s = time.monotonic()
        while time.monotonic() < self.ends_s:
            if time.monotonic() >= next_s:
                if len(numbers) > 2:  # the seq of a warning
                    self.tap(self.number % TAPPERS, int(numbers[2]))
                else:
                    self.post_in(self.number % POSTERS)
                next_s += 1 / numbers[1]
            await self.pump()

    async def loop(self, word: str, numbers: list[float]) -> None:
        self.looping, self.storeless = True, word == "storeless"
        for index in range(int(numbers[2]), int(numbers[2] + numbers[1])):
            self.ask(index)
        while time.monotonic() < self.ends_s:
            await self.pump()

    async def listen(self, each: int) -> None:
        """From now on every connection is to be given so many entries of somebody else."""
        await self.pump()
        self.counts.clear()
        self.each, self.due, self.first_ns, self.last_ns = each, each * sum(self.connected), 0, 0

    async def hear_out(self, _word: str, _numbers: list[float]) -> None:
        """Until they have been, and a moment longer for what comes twice."""
        while self.due > 0 and time.monotonic() < self.ends_s:
            await self.pump()
        until_s = time.monotonic() + 0.2
        while time.monotonic() < until_s:
            await self.pump()
        self.each = 0
        self.counts["doubled"] += max(0, -self.due)

    def post_in(self, slot: int) -> None:
        """As another person in every slot, in the rooms in turn."""
        rooms = list(self.members)
        room = rooms[self.number % len(rooms)]
        posters = [index for index in self.members[room] if index in self.people and self.people[index].ready]
        self.post(posters[slot % len(posters)], room, slot)

    async def drain(self) -> None:
        give_up_s = time.monotonic() + DRAIN_S
        while (self.due > 0 or self.asked > 0) and time.monotonic() < give_up_s:
            await self.pump()

    async def gathered(self) -> tuple[Counter[str], Counter[int]]:
        counts, latency = self.counts.copy(), self.latency.copy()
        for worker in self.workers:
            worker.send(("report",))
            while isinstance(told := await asyncio.to_thread(worker.recv), Counter):
                self.settle_reached(told)
            counts.update(told[0])
            latency.update(told[1])
        return counts, latency


async def do(crowd: Crowd, word: str, chosen: range, at_once: int) -> None:
    mine = [index for index in chosen if index in crowd.people]
    if word == "connect":
        await crowd.connect(mine, at_once)
    for index in mine if word != "connect" else ():
        person = crowd.people[index]
        person.ready = False
        person.leave() if word == "close" else person.stop_reading()


def _share(latency: Counter[int], share: float) -> float:
    wanted, seen = share * latency.total(), 0
    for tenths in sorted(latency):
        seen += latency[tenths]
        if seen >= wanted:
            return tenths / 10
    return 0.0


def worker(pipe: multiprocessing.connection.Connection, facts: tuple[object, ...], lines: dict[int, str]) -> None:
    asyncio.run(_work(pipe, Crowd(*facts), lines))  # type: ignore[arg-type]


async def _work(pipe: multiprocessing.connection.Connection, crowd: Crowd, lines: dict[int, str]) -> None:
    """Listen; tell after every turn what reached whom."""
    crowd.people = {index: Person(crowd, line) for index, line in lines.items()}
    while True:
        await asyncio.sleep(0.0005)
        if crowd.reached:
            pipe.send(crowd.reached)
            crowd.reached = Counter()
        if not pipe.poll():
            continue
        try:
            command = pipe.recv()
        except EOFError:
            return
        if command[0] == "report":
            pipe.send((crowd.counts, crowd.latency))
            crowd.begin()
        else:
            await do(crowd, command[0], range(command[1], command[2]), command[3])
            pipe.send("done")


def _shares(lines: list[str], processes: int) -> tuple[list[dict[int, str]], dict[str, list[int]]]:
    """Who is in which process, the first members of every room in the first; and the members of every room."""
    shares: list[dict[int, str]] = [{} for _ in range(processes)]
    members: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        rooms = [room for room in line.split("\t")[1:3] if room != "-"]
        place = min(len(members.setdefault(room, [])) for room in rooms)
        for room in rooms:
            members[room].append(index)
        shares[0 if place < POSTERS or index < 128 else index % processes][index] = line
    return shares, members


def main() -> None:
    port, dialect, people, path, size = sys.argv[1:6]
    facts = (int(port), dialect, path, int(size), f"{secrets.token_hex(4)}:")
    lines = Path(people).read_text().splitlines()
    shares, members = _shares(lines, max(2, len(os.sched_getaffinity(0))))
    lead = Lead(*facts)
    context = multiprocessing.get_context("spawn")
    for share in shares[1:]:
        mine, theirs = context.Pipe()
        context.Process(target=worker, args=(theirs, facts, share), daemon=True).start()
        lead.workers.append(mine)
    lead.members = members
    lead.connected = [False] * len(lines)
    lead.rooms_of = [[room for room in line.split("\t")[1:3] if room != "-"] for line in lines]
    asyncio.run(_serve(lead, shares[0]))


async def _serve(lead: Lead, share: dict[int, str]) -> None:
    lead.people = {index: Person(lead, line) for index, line in share.items()}
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        word, *numbers = line.decode().split()
        print(json.dumps(await lead.obey(word, [float(number) for number in numbers])), flush=True)


if __name__ == "__main__":
    main()
