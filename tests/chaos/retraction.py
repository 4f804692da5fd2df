"""Who gets what, and when, where a warning is taken back: `python -m tests.chaos.retraction`, a thousand by default.

A street of people is given a warning; some go with it, some die with it on their screen, some have a second device,
some leave the room. Then it is taken back. Everything that any device is given goes into one log, a line each; the
verdict is read from that log alone.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any, TextIO

import msgspec
import uvloop

from rooms import letter, membership, session
from rooms.town import Town
from server.app import Running, running
from server.settings import Settings
from tests.conftest import until
from tests.neighbour import Neighbour
from tests.town import GOUDKARPERSINGEL, JAN_LUYKENLAAN, PASSWORD, PlainPasswords, device_of

AT_ONCE = 25
WARNING = {"kind": "nuisance", "text": "Er is veel lawaai op straat."}
REASON = "Het was een barbecue."
WORDS = {"id", "room", "warning", "at", "kind", "what", "seq", "reason"}
NO_WORDS = WORDS - {"reason"}
Line = dict[str, Any]


class Sizes(msgspec.Struct, frozen=True):
    """How many were given the warning; of those so many of each sort, the rest stay connected. missed: beside them."""

    given: int = 1_000
    away: int = 200
    second: int = 50
    died: int = 20
    left: int = 10
    missed: int = 30

    def sorts(self) -> Iterator[str]:
        """The sort of everybody but the author."""
        for sort in ("away", "second", "died", "left"):
            yield from [sort] * getattr(self, sort)
        yield from ["stayed"] * (self.given - self.away - self.second - self.died - self.left)
        yield from ["missed"] * self.missed


class Log:
    """The log of the run: one line for everything that a device is given, and for what is done between."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._began_s = file, monotonic()

    def note(self, who: str, device: int, event: str, **facts: Any) -> None:
        at_ms = round((monotonic() - self._began_s) * 1000)
        self._file.write(json.dumps({"at": at_ms, "who": who, "device": device, "event": event, **facts}) + "\n")
        self._file.flush()


class Witness(Neighbour):
    """A device whose every event of interest stands in the log."""

    def __init__(self, url: str, name: str, log: Log, token: str, number: int = 1) -> None:
        super().__init__(url, name, device=number)
        self.token, self.number, self.log = token, number, log

    async def _take(self, name: str, payload: dict[str, Any]) -> None:
        if name == "welcome":
            self.log.note(self.name, self.number, name, corrections=payload.get("corrections", []))
        elif name in ("correction.given", "correction.closed"):
            self.log.note(self.name, self.number, name, **payload)
        elif name.startswith("warning.") and payload["room"] == JAN_LUYKENLAAN:
            self.log.note(self.name, self.number, name, seq=payload["seq"])
        await super()._take(name, payload)


class Street:
    """Everybody of one run."""

    def __init__(self, server: Running, sizes: Sizes, log: Log) -> None:
        self.server, self.sizes, self.log = server, sizes, log
        self.people: dict[str, list[Witness]] = defaultdict(list)
        self.author = Witness(server.url, "Ada", log, "")
        self.cursors: dict[str, dict[str, Any]] = {}

    async def settle(self) -> None:
        """Everybody gets an account, by their sorts; nobody is connected."""
        town = self.server.town
        code = await _code(town, JAN_LUYKENLAAN)
        names = [("author", "Ada"), *((sort, f"Buur {number:04}") for number, sort in enumerate(self.sizes.sorts()))]
        for sort, name in names:
            joined = await membership.join(town, PlainPasswords(), "192.0.2.1", code, name, PASSWORD, "0" * 32)
            tokens = [await session.begin(town, joined.person.id, device_of(name, number)) for number in (1, 2)]
            devices = [
                Witness(self.server.url, name, self.log, token, number) for number, token in enumerate(tokens, 1)
            ]
            for device in devices:
                device.id = joined.person.id
            self.people[sort] += devices if sort == "second" else devices[:1]
        self.author = self.people.pop("author")[0]

    def of(self, *sorts: str) -> list[Witness]:
        return [device for sort in sorts for device in self.people[sort]]

    async def tell(self, name: str, **more: Any) -> int:
        """The author's command about the street."""
        reply = await self.author.ask(name, {"room": JAN_LUYKENLAAN, "client_id": self.author.next_id(), **more})
        assert reply["ok"], reply
        return int(reply["seq"])

    async def nobody_of(self, sorts: Iterable[str]) -> None:
        """Wait until the server knows that they have gone, and has written down with what."""
        gone = {device.id for device in self.of(*sorts)}
        await until(lambda: not gone & set(self.server.fanout.people))
        await self.server.sweeps.note_given()

    async def close(self) -> None:
        await _all(device.close() for device in [self.author, *self.of(*self.people)])


async def _code(town: Town, street: str) -> str:
    place = town.places.get(street)
    assert place is not None
    (code,) = await letter.make(town, place, 1, 5_000)
    return code


async def _all(doings: Iterable[Coroutine[Any, Any, Any]]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(doing: Coroutine[Any, Any, Any]) -> None:
        async with gate:
            await doing

    await asyncio.gather(*(one(doing) for doing in doings))


async def play(server: Running, sizes: Sizes, file: TextIO, say: Callable[[str], None] = lambda _: None) -> None:
    """The whole story, into the log."""
    street = Street(server, sizes, Log(file))
    await street.settle()
    given = street.of("away", "second", "died", "left", "stayed")
    try:
        say(f"{len(given)} devices come")
        await _all(device.connect() for device in (street.author, *given, *street.of("missed")))
        street.cursors = {device.name: device.cursors() for device in street.of("missed", "died")}
        await _all(device.client.disconnect() for device in street.of("missed"))
        await street.nobody_of(["missed"])
        seq = await street.tell("warning.raise", **WARNING)
        await _all(device.expect("warning.raised") for device in given)
        say("they were given it; some go, die and leave")
        await _scatter(street)
        street.log.note("Ada", 1, "retracting")
        await street.tell("warning.retract", target=seq, reason=REASON)
        await _all(device.expect("correction.given") for device in street.of("second", "left", "stayed"))
        await street.server.sweeps.step_warnings()  # who returns within the moment that it takes is told live
        say("who is there was told; the others return")
        await _all(device.connect(street.cursors[device.name]) for device in street.of("away", "died", "missed"))
        await _all(device.expect("warning.retracted") for device in street.of("away", "died", "missed"))
        await _see(street)
    finally:
        await street.close()


async def _scatter(street: Street) -> None:
    for device in street.of("away"):
        street.cursors[device.name] = device.cursors()
    await _all(device.client.disconnect() for device in street.of("away"))
    connections = street.server.sio.engine.connections
    for device in street.of("died"):
        connections[device.client.eio.sid].close("died")
    elsewhere = await _code(street.server.town, GOUDKARPERSINGEL)
    for device in street.of("left"):
        await membership.move(street.server.town, device.id, "192.0.2.1", elsewhere)
    await _all(device.expect("room.closed", room=JAN_LUYKENLAAN) for device in street.of("left"))
    await street.nobody_of(["away", "died"])


async def _see(street: Street) -> None:
    """One device of each says that it has seen the notice; then everybody who could comes once more."""
    first = [device for device in street.of("away", "second", "died") if device.number == 1]
    for device in first:
        street.log.note(device.name, 1, "seeing")
    await _all(_see_on(device) for device in first)
    others = [device for device in street.of("second") if device.number == 2]
    await _all(device.expect("correction.closed") for device in others)
    street.log.note("Ada", 1, "again")
    await _all(device.resume() for device in [*first, *others, *street.of("missed")])


async def _see_on(device: Witness) -> None:
    taken = [payload["correction"] for name, payload in device.events if name == "correction.given"]
    notice = (taken or device.welcome["corrections"])[0]
    reply = await device.ask("correction.seen", {"id": notice["id"], "client_id": device.next_id()})
    assert reply["ok"], reply


# the verdict, from the log alone ---------------------------------------------------------------------


def judge(lines: Iterable[Line], sizes: Sizes) -> list[str]:
    """What is not as it should be; empty where everybody got exactly what is theirs."""
    rows = list(lines)
    retracting = next(place for place, line in enumerate(rows) if line["event"] == "retracting")
    again = next(place for place, line in enumerate(rows) if line["event"] == "again")
    told: dict[tuple[str, int], list[Line]] = defaultdict(list)
    later: dict[tuple[str, int], list[Line]] = defaultdict(list)
    early = [line for line in rows[:retracting] if _notices([line])]
    for place, line in enumerate(rows):
        if place > retracting:
            (later if place > again else told)[line["who"], line["device"]].append(line)
    wrong = [f"{line['who']} was told of it before it was taken back" for line in early]
    for number, sort in enumerate(sizes.sorts()):
        for device in (1, 2) if sort == "second" else (1,):
            key = (f"Buur {number:04}", device)
            wrong += [f"{sort} {key}: {what}" for what in RULES[sort](told[key])]
            wrong += [f"{sort} {key}: told again after it was seen" for _ in _notices(later[key])]
    return wrong + [f"the author was told: {line}" for line in _notices([*told["Ada", 1], *later["Ada", 1]])]


def _notices(lines: Iterable[Line]) -> list[Line]:
    """Every notice in these lines, however it came."""
    found: list[Line] = []
    for line in lines:
        found += line.get("corrections", [])
        found += [line["correction"]] if line["event"] == "correction.given" else []
    return found


def _there(lines: list[Line]) -> Iterator[str]:
    """One notice at once, with its words."""
    yield from _once(lines, WORDS)
    if not any(line["event"] == "correction.given" for line in lines):
        yield "was not told at once"


def _both(lines: list[Line]) -> Iterator[str]:
    """The same on each device, and the end of it on both."""
    yield from _there(lines)
    if not any(line["event"] == "correction.closed" for line in lines):
        yield "did not hear that it was seen"


def _returned(lines: list[Line]) -> Iterator[str]:
    """In the welcome, before the backlog."""
    yield from _once(lines, WORDS)
    if not lines or lines[0]["event"] != "welcome" or len(lines[0]["corrections"]) != 1:
        yield "was not told first thing"


def _left(lines: list[Line]) -> Iterator[str]:
    """The date and the kind."""
    yield from _once(lines, NO_WORDS)
    if any(line["event"] == "warning.retracted" for line in lines):
        yield "was given an entry of a room that is another's"


def _missed(lines: list[Line]) -> Iterator[str]:
    """The entries, and no notice: nothing wrong was ever on that screen."""
    if _notices(lines):
        yield "was told of what was never given"
    if [line["event"] for line in lines if line["event"].startswith("warning.")] != [
        "warning.raised", "warning.retracted"]:  # fmt: skip
        yield "did not read the log as it is"


def _once(lines: list[Line], fields: set[str]) -> Iterator[str]:
    notices = _notices(lines)
    if len(notices) != 1:
        yield f"{len(notices)} notices"
    yield from (f"a notice of {sorted(notice)}" for notice in notices if set(notice) != fields)


RULES: dict[str, Callable[[list[Line]], Iterator[str]]] = {
    "stayed": _there, "second": _both, "away": _returned, "died": _returned, "left": _left, "missed": _missed,
}  # fmt: skip


def lateness_ms(lines: Iterable[Line]) -> list[int]:
    """After how long each who was there was told, from the moment at which the author asked; rising."""
    rows = list(lines)
    asked = next(line["at"] for line in rows if line["event"] == "retracting")
    return sorted(line["at"] - asked for line in rows if line["event"] == "correction.given")


def read(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text().splitlines()]


# by hand ---------------------------------------------------------------------------------------------


def main() -> int:
    """Run and judge; exit code 0 where everybody got exactly what is theirs."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in Sizes.__struct_fields__:
        parser.add_argument(f"--{name}", type=int, default=getattr(Sizes(), name))
    sizes = Sizes(**vars(parser.parse_args()))
    with tempfile.TemporaryDirectory(prefix="bart-retraction-") as folder:
        path = Path(folder) / "log.jsonl"
        uvloop.run(_run(sizes, Path(folder), path))
        lines = read(path)
    wrong, late = judge(lines, sizes), lateness_ms(lines)
    print(f"{len(lines)} lines; told while there: {len(late)} devices, median {late[len(late) // 2]} ms, "
          f"slowest {late[-1]} ms after the author asked")  # fmt: skip
    for sort in RULES:
        print(f"{sort:7} {sum(one == sort for one in sizes.sorts()):5} persons, "
              f"{sum(what.startswith(sort) for what in wrong)} wrong")  # fmt: skip
    print("\n".join(wrong[:20]) or "everybody got exactly what is theirs")
    return 1 if wrong else 0


async def _run(sizes: Sizes, folder: Path, path: Path) -> None:
    settings = Settings(port=0, data=str(folder / "data"), drain_s=1)
    with path.open("w") as file:
        async with running(settings) as server:
            await play(server, sizes, file, lambda what: print(what, file=sys.stderr))


if __name__ == "__main__":
    sys.exit(main())
