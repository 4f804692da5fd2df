"""Every command as every role in every kind of room, through the real socket; *forbidden* looks like *not there*."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from rooms import keys, log
from rooms import staff as staff_accounts
from rooms.command import COMMANDS
from rooms.event import EVENTS
from rooms.limit import LIMITS
from rooms.permission import MATRIX, Reach
from rooms.person import Role
from server.app import Running, running
from server.settings import Settings
from tests import authenticator
from tests import contract as fits
from tests.conftest import CODE_KEY, code_for, settled
from tests.neighbour import Neighbour
from tests.town import (
    BETJE_WOLFFSTRAAT,
    DE_VISSEN,
    GOUDKARPERSINGEL,
    JAN_LUYKENLAAN,
    MOERWIJK_WEST,
    PASSWORD,
    POLICE_DESK,
    SHARED_DESK,
    STAFF,
    MovedClock,
)

MUNICIPALITY_DESK = "desk:GM0518.escamp:municipality"
FAR_DESK = "desk:GM0518.leidschenveen-ypenburg:police"
ROOMS = (JAN_LUYKENLAAN, MOERWIJK_WEST, BETJE_WOLFFSTRAAT, GOUDKARPERSINGEL, DE_VISSEN, POLICE_DESK, MUNICIPALITY_DESK,
         SHARED_DESK, FAR_DESK)  # fmt: skip
MISSING = ("BU05183637:nergenslaan", "BU05189999", "desk:GM0518.nergens:police", "BU05183637:", "nergens")
"""A street in a neighbourhood that exists, a neighbourhood, a desk, the half of an id, and no id at all."""

HOMES = {"Ada": JAN_LUYKENLAAN, "Ben": GOUDKARPERSINGEL, "Cor": JAN_LUYKENLAAN}  # Cor moves to the Goudkarpersingel
BELONGS: dict[str, set[str]] = {
    "Ada": {JAN_LUYKENLAAN, MOERWIJK_WEST},
    "Ben": {GOUDKARPERSINGEL, DE_VISSEN},
    "Cor": {GOUDKARPERSINGEL, DE_VISSEN},
    "Officer Vega": {POLICE_DESK, SHARED_DESK},
    "Moderator Smit": {POLICE_DESK, SHARED_DESK},
    "Moderator Bakker": {MUNICIPALITY_DESK, SHARED_DESK},
    "Auditor Klein": set(),
    "Admin Groot": set(),
}
GENEROUS = {f"limit_{name}": "1000/1" for name in LIMITS}
MEAN = {f"limit_{name}": "3/3600000" for name in LIMITS}
OF_BOOK = [name for name in COMMANDS if name.startswith("audit.")]
ENTERING = "room.enter"
"""Of a room of the own area staff hear that they lack a ground; test_coming_in_as_every_role tells the rest."""
APART = (*OF_BOOK, ENTERING)
IN_ROOMS = [name for name, row in COMMANDS.items() if "room" in row.payload.__struct_fields__ and name not in APART]
OF_CASE = [name for name, row in COMMANDS.items() if "case" in row.payload.__struct_fields__]
OF_WARNING = [name for name in IN_ROOMS if name.startswith("warning.") and "target" in COMMANDS[name].example]
OF_ALERT = [name for name in COMMANDS if name.startswith("alert.") and name not in IN_ROOMS]
OF_NO_ALERT = [name for name in IN_ROOMS if name.startswith("alert.")]
"""They name an alert that none of these rooms has; what who is given one may do is told in test_alert_reach.py."""
OF_REPORT = [name for name, row in COMMANDS.items() if "report" in row.payload.__struct_fields__]
AT_A_DESK = {"report.file": "wrong_target", "room.leave": "not_found", "measure.take": "not_permitted",
             "measure.lock": "not_permitted", "measure.unlock": "not_permitted",
             "measure.slow": "not_permitted"}  # fmt: skip
"""What is for rooms of neighbours; who is inside one may do what test_entering.py and test_measure.py tell."""
ANYWHERE = [name for name in COMMANDS if name not in (*IN_ROOMS, *OF_CASE, *APART, *OF_ALERT, *OF_REPORT)]
PROOFS = ("session.new_codes", "session.prove")
MISSING_CASE = "p07.nergensnerge"
Cells = dict[tuple[str, str, str], dict[str, Any]]


class Cast:
    """Everybody of HOMES and STAFF, connected to one server, and the seq of somebody's message in each room."""

    def __init__(self, server: Running, people: dict[str, Neighbour]) -> None:
        self.server, self.people = server, people
        self.said: dict[str, int] = {}

    async def speak(self) -> None:
        """Somebody says something wherever somebody may."""
        for name in reversed(BELONGS):
            for room in sorted(BELONGS[name]):
                self.said[room] = await self.people[name].say(room, f"{name} was here.")

    async def heads(self) -> dict[str, tuple[int, int]]:
        return await log.heads(self.server.town.store, [*ROOMS, *MISSING])


@asynccontextmanager
async def _cast(redis_url: str, folder: Path, clock: MovedClock, **limits: str) -> AsyncIterator[Cast]:
    settings = Settings(port=0, redis=redis_url, data=str(folder), code_key=CODE_KEY.hex(), drain_s=1, **limits)  # type: ignore[arg-type]  # all are texts
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(running(settings, clock=clock))
        people: dict[str, Neighbour] = {}
        for name in BELONGS:
            people[name] = await _arrive(server, name)
            stack.push_async_callback(people[name].close)
        await settled(server)
        yield Cast(server, people)


async def _arrive(server: Running, name: str) -> Neighbour:
    person = Neighbour(server.url, name, lambda: settled(server))
    if name in HOMES:
        await person.join(await code_for(server.town, HOMES[name]))
    else:
        role, organisation, areas = STAFF[name]
        await staff_accounts.add(server.town, server.argon2, name, role, organisation, areas, PASSWORD)
        await person.sign_in()
    await person.connect()
    if name == "Cor":
        await person.say(JAN_LUYKENLAAN, "Ik ga verhuizen.")
        moved = {"code": await code_for(server.town, GOUDKARPERSINGEL)}
        assert (await person.post("/api/move", moved, person.token))[0] == 200
        await person.expect("room.opened")
        await person.expect("room.opened")
    return person


@pytest.fixture
async def cast(empty_redis: str, tmp_path: Path, clock: MovedClock) -> AsyncIterator[Cast]:
    """With limits that nobody reaches: what is refused is refused for its right alone."""
    async with _cast(empty_redis, tmp_path, clock, **GENEROUS) as cast:
        await cast.speak()
        yield cast


@pytest.fixture
async def hurried(empty_redis: str, tmp_path: Path, clock: MovedClock) -> AsyncIterator[Cast]:
    """With limits that everybody reaches at the fourth command."""
    async with _cast(empty_redis, tmp_path, clock, **MEAN) as cast:
        yield cast


def asked(command: str, who: Neighbour, room: str, target: int = 1, **more: Any) -> dict[str, Any]:
    """The example of the table, meant for this room."""
    fields = {**COMMANDS[command].example, "room": room, "target": target, "seq": target, "after": 0,
              "client_id": who.next_id()}  # fmt: skip
    return {name: fields[name] for name in COMMANDS[command].example} | more


# the table -------------------------------------------------------------------------------------------


async def test_every_command_as_every_role_in_every_kind_of_room(cast: Cast) -> None:
    """Whoever belongs to a room may do there what the matrix gives the role; nobody else may do anything."""
    before = await cast.heads()
    outside = await _ask_all(cast, inside=False)
    _check(outside)
    assert len({json.dumps(reply) for reply in outside.values()}) == 1, "what is forbidden can be told from nothing"
    assert await cast.heads() == before, "a refused command left something"
    for person in cast.people.values():
        await person.expect_nothing("typing.started")
    inside = await _ask_all(cast, inside=True)
    _check(inside)
    assert len(outside) + len(inside) == len(IN_ROOMS) * len(BELONGS) * (len(ROOMS) + len(MISSING))


async def test_every_command_that_names_no_room_as_every_role(cast: Cast) -> None:
    """Where no room is concerned, the role alone decides, and a command that is not permitted says so."""
    for command in ANYWHERE:
        for name, who in cast.people.items():
            proof = {"code": _code_of(cast, name)} if command in PROOFS else {}
            reply = await who.ask(command, asked(command, who, "", **proof))
            if name in STAFF:
                authenticator.keep(name, reply)
            allowed = MATRIX[COMMANDS[command].capability][_role(name)] is not Reach.NONE
            assert outcome(reply) == ("ok" if allowed else "not_permitted"), (command, name)
            fits.check_reply(command, reply)


def _code_of(cast: Cast, name: str) -> str:
    return authenticator.of(name).code(cast.server.town.clock.now_ms()) if name in STAFF else "000000"


async def test_every_command_about_a_case_as_every_role(cast: Cast) -> None:
    """Of a private case its asker and the staff who could be called hear something; of one in a room its members and
    the organisation too; everybody else hears exactly what is heard of none."""
    ada = cast.people["Ada"]
    said = asked("escalation.raise", ada, JAN_LUYKENLAAN)
    public = (await ada.ask("escalation.raise", said))["case"]
    private = (await ada.ask("escalation.raise", {**said, "client_id": ada.next_id(), "private": True}))["case"]
    know = {public: {"Ada", "Officer Vega", "Moderator Smit"}, private: {"Ada", "Officer Vega", "Moderator Smit"}}
    before = await cast.heads()
    for command in OF_CASE:
        for name, who in cast.people.items():
            none = await who.ask(command, asked(command, who, "", case=MISSING_CASE))
            assert outcome(none) == _of_no_case(command, name), (command, name)
            for case in (public, private):
                reply = await who.ask(command, asked(command, who, "", case=case))
                fits.check_reply(command, reply)
                if name not in know[case]:
                    assert reply == none, (command, name)
    assert (await cast.heads())[MOERWIJK_WEST] == before[MOERWIJK_WEST]


async def test_the_open_book_as_every_role(cast: Cast) -> None:
    """Members read what staff did in their own rooms, staff that of their area, auditors all, an admin nothing."""
    for room, (name, who) in product((*ROOMS, *MISSING), cast.people.items()):
        reply = await who.ask("audit.read", {"room": room})
        fits.check_reply("audit.read", reply)
        assert outcome(reply) == _of_book(name, room), (name, room)
    assert outcome(await cast.people["Admin Groot"].ask("audit.read", {"book": MOERWIJK_WEST})) == "not_permitted"
    for name in ("Auditor Klein", "Officer Vega", "Ada"):
        reply = await cast.people[name].ask("audit.read", {"book": "staff:p07"})
        assert outcome(reply) == ("ok" if name == "Auditor Klein" else "not_found"), name


def _of_book(name: str, room: str) -> str:
    escamp = (JAN_LUYKENLAAN, MOERWIJK_WEST, BETJE_WOLFFSTRAAT, POLICE_DESK, MUNICIPALITY_DESK, SHARED_DESK)
    by_role = {Role.RESIDENT: BELONGS[name], Role.AUDITOR: ROOMS, Role.ADMIN: ()}
    return "ok" if room in by_role.get(_role(name), escamp) else "not_found"


async def test_every_command_about_an_alert_as_every_role(cast: Cast) -> None:
    """Staff in rooms look and ask; who may not broadcast for the organisation sends nothing; of an alert that is not
    there, and of a preview that was never made, everybody hears the same."""
    for command in OF_ALERT:
        for name, who in cast.people.items():
            reply = await who.ask(command, asked(command, who, "", **_LATER.get(command, {})))
            fits.check_reply(command, reply)
            assert outcome(reply) == _of_alert(command, name), (command, name)


_LATER = {"alert.preview": {"expires_at": None}}
"""The example ends at a moment that is over."""
_OF_NO_ALERT = {"alert.preview": "ok", "alert.list": "ok", "alert.broadcast": "preview_gone"}


def _of_alert(command: str, name: str) -> str:
    if MATRIX[COMMANDS[command].capability][_role(name)] is Reach.NONE:
        return "not_permitted"
    if command == "alert.preview" and name == "Moderator Smit":  # of the police officers alone alert
        return "not_permitted"
    return _OF_NO_ALERT.get(command, "not_found")


async def test_every_command_about_a_report_as_every_role(cast: Cast) -> None:
    """The municipality's moderators of the area know of a report, and its author of what was decided; everybody else
    hears exactly what is heard of none."""
    target, ada = cast.said[JAN_LUYKENLAAN], cast.people["Ada"]
    filed = await ada.ask("report.file", asked("report.file", ada, JAN_LUYKENLAAN, target))
    before = await cast.heads()
    for command in OF_REPORT:
        for name, who in cast.people.items():
            none = await who.ask(command, asked(command, who, "", report=MISSING_CASE))
            assert outcome(none) == _of_no_case(command, name), (command, name)
            reply = await who.ask(command, asked(command, who, "", report=filed["report"]))
            fits.check_reply(command, reply)
            knows = name == "Ada" if command == "report.appeal" else name == "Moderator Bakker"
            assert (reply == none) is not knows, (command, name, reply)
    assert (await cast.heads())[MOERWIJK_WEST] == before[MOERWIJK_WEST]


async def test_coming_in_as_every_role(cast: Cast) -> None:
    """Without a ground nobody comes in; of a room outside the area nobody hears whether it is there."""
    escamp = (JAN_LUYKENLAAN, MOERWIJK_WEST, BETJE_WOLFFSTRAAT)
    before = await cast.heads()
    for room, (name, who) in product((*ROOMS, *MISSING), cast.people.items()):
        reply = await who.ask(ENTERING, asked(ENTERING, who, room))
        is_staff_there = _role(name) in (Role.OFFICER, Role.MODERATOR) and room in escamp
        assert outcome(reply) == ("no_ground" if is_staff_there else "not_found"), (name, room)
        fits.check_reply(ENTERING, reply)
    assert await cast.heads() == before


def _of_no_case(command: str, name: str) -> str:
    reach = MATRIX[COMMANDS[command].capability][_role(name)]
    return "not_permitted" if reach is Reach.NONE else "not_found"


def _check(cells: Cells) -> None:
    """Every cell as the matrix says, and every reply as the tables say."""
    wrong = {cell: outcome(reply) for cell, reply in cells.items() if outcome(reply) != _expected(*cell)}
    assert not wrong, _table(wrong)
    for (command, _, _), reply in cells.items():
        fits.check_reply(command, reply)


async def _ask_all(cast: Cast, *, inside: bool) -> Cells:
    """Every command by everybody in each room they belong to, or in every other one; by its own message as target
    where there is one, and else by somebody's."""
    cells: Cells = {}
    for name, room in _places(inside=inside):
        who = cast.people[name]
        target = await who.say(room, "Van mij.") if inside else cast.said.get(room, 1)
        for command in sorted(IN_ROOMS, key=lambda command: command == "message.retract"):  # what is gone has no target
            about = await _warn(who, room) if inside and command in OF_WARNING else target
            cells[command, name, room] = await who.ask(command, asked(command, who, room, about))
    return cells


async def _warn(who: Neighbour, room: str) -> int:
    """A warning of one's own, to be ended at once."""
    return int((await who.ask("warning.raise", asked("warning.raise", who, room)))["seq"])


def _places(*, inside: bool) -> Iterator[tuple[str, str]]:
    for name, own in BELONGS.items():
        yield from ((name, room) for room in (*ROOMS, *MISSING) if (room in own) is inside)


def _expected(command: str, name: str, room: str) -> str:
    if command in OF_NO_ALERT:
        return "not_found"
    reach = MATRIX[COMMANDS[command].capability][_role(name)]
    if reach not in (Reach.MEMBER, Reach.JURISDICTION) or room not in BELONGS[name]:
        return "not_found"
    return AT_A_DESK.get(command, "ok") if room.startswith("desk:") else "ok"


def _role(name: str) -> Role:
    return STAFF[name][0] if name in STAFF else Role.RESIDENT


def outcome(reply: dict[str, Any]) -> str:
    return "ok" if reply["ok"] else str(reply["error"]["code"])


def _table(wrong: dict[tuple[str, str, str], str]) -> str:
    rows = [
        f"{command:16} {name:17} {room:45} {found}, not {_expected(command, name, room)}"
        for (command, name, room), found in wrong.items()
    ]
    return "\n".join(["", *rows])


# forbidden looks like not there ----------------------------------------------------------------------

HIDDEN, NOWHERE = BETJE_WOLFFSTRAAT, "BU05183637:nergenslaan"


async def _both(cast: Cast, command: str, **more: Any) -> tuple[str, str]:
    """What Ada hears of a hidden room and of none, to the same command."""
    ada = cast.people["Ada"]
    replies = [await ada.ask(command, asked(command, ada, room, **more)) for room in (HIDDEN, NOWHERE)]
    return json.dumps(replies[0]), json.dumps(replies[1])


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("message.post", {"text": "   "}),
        ("message.post", {"text": ""}),
        ("message.post", {"reply_to": 1}),
        ("message.edit", {"text": "   "}),
        ("message.react", {"reaction": None}),
        ("message.react", {"reaction": "fire"}),
        ("room.history", {"after": 1, "before": 5}),
        ("room.history", {"limit": 201}),
        ("room.read", {"seq": 2**53}),
    ],
)
async def test_a_command_in_bad_form_tells_nothing_of_a_room(cast: Cast, command: str, more: dict[str, Any]) -> None:
    """What is wrong with a command is said of a hidden room and of none alike."""
    hidden, nowhere = await _both(cast, command, **more)
    assert hidden == nowhere


@pytest.mark.parametrize("command", IN_ROOMS)
async def test_haste_tells_nothing_of_a_room(hurried: Cast, command: str) -> None:
    """Asking again and again runs into the same limit, whether the room exists or not."""
    heard: dict[str, list[str]] = {HIDDEN: [], NOWHERE: []}
    for room, who in ((HIDDEN, hurried.people["Ben"]), (NOWHERE, hurried.people["Officer Vega"])):
        for _ in range(5):
            heard[room].append(outcome(await who.ask(command, asked(command, who, room))))
    assert heard[HIDDEN] == heard[NOWHERE]


async def test_a_full_store_tells_nothing_of_a_room(cast: Cast) -> None:
    """When talk waits, it waits for a hidden room and for none alike."""
    cast.server.town.talk_waits = True
    hidden, nowhere = await _both(cast, "message.post")
    cast.server.town.talk_waits = False
    assert hidden == nowhere


@pytest.mark.parametrize("command", [name for name, row in COMMANDS.items() if row.changes])
async def test_an_old_number_tells_nothing_of_a_room(cast: Cast, command: str) -> None:
    """A number below the floor, or one used already, is answered alike for a hidden room and for none."""
    ada = cast.people["Ada"]
    used = ada.next_id()
    assert (await ada.ask("message.post", {"room": JAN_LUYKENLAAN, "client_id": used, "text": "Hallo"}))["ok"]
    hidden, nowhere = await _both(cast, command, client_id=used)
    assert hidden == nowhere
    done, _ = keys.RoomKeys(HIDDEN).done(ada.id, ada.device)
    await cast.server.town.store.read("HSET", done, "floor", 10**9)
    hidden, nowhere = await _both(cast, command)
    assert hidden == nowhere


def test_no_event_tells_of_a_room_to_everybody() -> None:
    """Whatever names a room goes to its members or to the person whose room it is."""
    told = {row.audience for name, row in EVENTS.items() if "room" in row.fields.__struct_fields__ or row.keeps}
    assert told <= {"members", "the other members", "readers", "the person", "the connection"}
