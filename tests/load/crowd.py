"""Who connects: people with sessions in a town of their own, or for the peers as many strangers.

The accounts are written by the domain itself, as joining would, but without a letter code and with a password that
fits nothing: what is measured begins with a token.
"""

from __future__ import annotations

import asyncio
from importlib import resources
from pathlib import Path

import msgspec

from rooms import account, event, session
from rooms.keys import RoomKeys
from rooms.membership import new_person_id
from rooms.person import Person, Role
from rooms.place import Place
from rooms.town import Town

NO_PASSWORD = "!"
AT_ONCE = 400  # accounts in the making
BATCH = 2000  # entries of a long log in one script
LENGTHEN = """
for _ = 1, tonumber(ARGV[4]) do
  append(KEYS[1], KEYS[2], KEYS[3], KEYS[4], ARGV[1], tonumber(ARGV[2]), ARGV[3])
end
return redis.call('HGET', KEYS[1], 'seq')
"""


class Member(msgspec.Struct, frozen=True):
    """A line of the load client's list. cursor: "epoch seq"; missed: entries that the cursor leaves to be given."""

    token: str = "-"
    room: str = "everybody"
    second_room: str = "-"
    cursor: str = "-"
    missed: int = 0

    def line(self) -> str:
        return "\t".join((self.token, self.room, self.second_room, self.cursor, str(self.missed))) + "\n"


def write(people: list[Member], path: Path) -> Path:
    path.write_text("".join(member.line() for member in people))
    return path


def strangers(count: int) -> list[Member]:
    return [Member()] * count


def neighbourhood(name: str) -> tuple[Place, Place]:
    """A neighbourhood of one street: a resident of it is in two rooms with the same people."""
    return Place(name, name, "neighbourhood", "LOAD"), Place(f"{name}:straat", "Straat", "street", name)


async def settle(town: Town, sizes: dict[str, int]) -> dict[str, list[Member]]:
    """People for each neighbourhood {name: how many}, signed in."""
    places = [place for name in sizes for place in neighbourhood(name)]
    await town.import_places([Place("LOAD", "Load", "municipality"), *places])
    homes = [name for name, size in sizes.items() for _ in range(size)]
    members: list[Member] = []
    for start in range(0, len(homes), AT_ONCE):
        members += await asyncio.gather(*(_resident(town, name) for name in homes[start : start + AT_ONCE]))
    found: dict[str, list[Member]] = {name: [] for name in sizes}
    for name, member in zip(homes, members, strict=True):
        found[name].append(member)
    return found


async def _resident(town: Town, name: str) -> Member:
    person = Person(id=new_person_id(), name="Buur", role=Role.RESIDENT, street=f"{name}:straat")
    await account.create(town, person, person.id, NO_PASSWORD, "", "")
    return Member(await session.begin(town, person.id, "load-client"), f"{name}:straat")


async def lengthen(town: Town, room: str, length: int) -> None:
    """Fill a room's log with messages, by the fragment that every deed appends with."""
    append = (resources.files("rooms") / "lua" / "fragments" / "append.lua").read_text()
    source = append + LENGTHEN
    keys, author = RoomKeys(room), Person(id=new_person_id(), name="Buur", role=Role.RESIDENT)
    said = event.packed("message.posted", author.by(), event.MessagePosted(text="x" * 200, client_id="load-client:1"))
    head, _ = await head_of(town, room)
    while head < length:
        head = int(await town.store.read(
            "EVAL", source, 4, keys.head, keys.log, keys.feed, keys.clock, room, town.clock.now_ms(), said,
            min(BATCH, length - head),
        ))  # fmt: skip


async def head_of(town: Town, room: str) -> tuple[int, int]:
    """(seq, epoch) of the newest entry; (0, 0) where there is none."""
    seq, epoch = await town.store.read("HMGET", RoomKeys(room).head, "seq", "epoch")
    return int(seq or 0), int(epoch or 0)


async def behind(town: Town, people: list[Member], missed: int) -> list[Member]:
    """The same people with cursors that have missed so many entries of their room."""
    head, epoch = await head_of(town, people[0].room)
    return [msgspec.structs.replace(member, cursor=f"{epoch} {head - missed}", missed=missed) for member in people]
