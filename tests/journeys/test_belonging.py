"""Who belongs hears and may speak; who does not, or no longer, learns nothing; a session that ended stays ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgpack
import pytest
import socketio

from server.app import Running
from tests.conftest import Join, code_for, settled
from tests.neighbour import Neighbour
from tests.server.engine_raw import Raw, pack
from tests.town import (
    BETJE_WOLFFSTRAAT,
    DE_VISSEN,
    GOUDKARPERSINGEL,
    JAN_LUYKENLAAN,
    MOERWIJK_WEST,
    PASSWORD,
    POLICE_DESK,
    MovedClock,
)

NOWHERE = "BU05183637:nergensstraat"
HIDDEN = (GOUDKARPERSINGEL, DE_VISSEN, BETJE_WOLFFSTRAAT, POLICE_DESK)
OLD, NEW = (JAN_LUYKENLAAN, MOERWIJK_WEST), (GOUDKARPERSINGEL, DE_VISSEN)
IN_ROOM: dict[str, dict[str, Any]] = {
    "message.post": {"text": "Hallo?"},
    "message.edit": {"target": 1, "text": "Hallo?"},
    "message.retract": {"target": 1},
    "message.react": {"target": 1, "reaction": "heart"},
    "room.history": {},
    "room.read": {"seq": 1},
    "room.typing": {},
}
"""Every command that names a room, without the room and the client_id."""


def command(neighbour: Neighbour, name: str, room: str) -> dict[str, Any]:
    numbered = {"client_id": neighbour.next_id()} if name.startswith("message.") else {}
    return {"room": room, **numbered, **IN_ROOM[name]}


# rooms -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", IN_ROOM)
async def test_a_hidden_room_answers_like_none(join: Join, name: str) -> None:
    """To who is no member, a room that exists and one that does not give the same bytes, however often asked."""
    ada, ben = await join("Ada"), await join("Ben", GOUDKARPERSINGEL)
    await join("Cor", BETJE_WOLFFSTRAAT)
    await ben.say(GOUDKARPERSINGEL, "Wij zijn hier onder ons.")
    answers = {room: list[bytes]() for room in (*HIDDEN, NOWHERE)}
    for room, given in answers.items():
        for _ in range(12):  # more than any limit lets through at once, but for the pages
            given.append(msgpack.packb(await ada.ask(name, command(ada, name, room))))
        ada = await ada.connect()
    assert msgpack.unpackb(answers[NOWHERE][0])["error"]["code"] == "not_found"
    codes = {room: [_without_wait(answer) for answer in given] for room, given in answers.items()}
    for room in HIDDEN:
        assert codes[room] == codes[NOWHERE]
    for number in range(3):
        assert len({given[number] for given in answers.values()}) == 1


def _without_wait(answer: bytes) -> dict[str, Any]:
    error = msgpack.unpackb(answer)["error"]
    error.pop("retry_after_ms", None)
    return dict(error)


async def test_cursors_tell_nothing_of_other_rooms(join: Join) -> None:
    """A cursor for a room of others is passed over like one for no room at all."""
    ada, ben = await join("Ada"), await join("Ben", GOUDKARPERSINGEL)
    await ben.say(GOUDKARPERSINGEL, "Wij zijn hier onder ons.")
    await ada.connect({GOUDKARPERSINGEL: 0, NOWHERE: 0, POLICE_DESK: [1, 7]})
    assert [room["id"] for room in ada.welcome["rooms"]] == [JAN_LUYKENLAAN, MOERWIJK_WEST]
    await ada.expect_nothing("reset")
    assert [name for name, _ in ada.unread] == []
    await ben.say(DE_VISSEN, "Nog steeds.")
    await ada.expect_nothing("message.posted")


async def test_staff_see_their_desks_and_no_street(staff: Join, join: Join) -> None:
    """An officer is a member of the desks of the own district and organisation and hears no talk of a street."""
    vega, ada = await staff("Officer Vega"), await join("Ada")
    assert {room["kind"] for room in vega.welcome["rooms"]} == {"desk"}
    await ada.say(MOERWIJK_WEST, "Dit is voor de buurt.")
    await vega.expect_nothing("message.posted")
    await vega.refused("not_found", "room.history", {"room": MOERWIJK_WEST})


async def test_an_auditor_and_an_admin_have_no_room(staff: Join) -> None:
    """They are let in and told that they have no rooms."""
    for name in ("Auditor Klein", "Admin Groot"):
        member = await staff(name)
        assert member.welcome["rooms"] == []
        await member.refused("not_found", "room.history", {"room": POLICE_DESK})


# moving ----------------------------------------------------------------------------------------------


async def test_who_moves_loses_the_old_rooms_and_gets_the_new(join: Join, server: Running, clock: MovedClock) -> None:
    """On every device, without reconnecting: the old rooms close at once, the new ones open and are live."""
    ada, ben, cor = await join("Ada"), await join("Ben"), await join("Cor", GOUDKARPERSINGEL)
    devices = [ada, await ada.other_device()]
    status, moved = await ada.post("/api/move", {"code": await code_for(server.town, GOUDKARPERSINGEL)}, ada.token)
    assert status == 200
    assert moved["person"]["street"] == {"id": GOUDKARPERSINGEL, "name": "Goudkarpersingel"}
    await ben.expect("member.left", room=JAN_LUYKENLAAN, reason="moved")
    for name in IN_ROOM:
        for room in OLD:
            await ada.refused("not_found", name, command(ada, name, room))
            clock.forward(seconds=1)  # asking for rooms of others has a limit of its own
    for room in OLD:
        await ben.say(room, "Is Ada al weg?")
    for room in NEW:
        await cor.say(room, "Welkom, Ada.")
    for device in devices:
        await device.expect("person.changed", person=moved["person"])
        for room in OLD:
            assert (await device.expect("room.closed"))["room"] == room
        for room in NEW:
            assert (await device.expect("room.opened"))["room"]["id"] == room
        for room in NEW:
            await device.expect("message.posted", room=room)
        for room in OLD:
            assert device.texts(room) == []
    await ada.say(GOUDKARPERSINGEL, "Dank je!")
    await cor.expect("message.posted", text="Dank je!")


async def test_who_moved_resumes_only_what_is_still_theirs(join: Join, server: Running) -> None:
    """Cursors of the old rooms bring nothing back."""
    ada, ben = await join("Ada"), await join("Ben")
    old = ada.cursors()
    await ada.close()
    await ben.say(JAN_LUYKENLAAN, "Ada is nog hier.")
    await ada.post("/api/move", {"code": await code_for(server.town, GOUDKARPERSINGEL)}, ada.token)
    await ada.connect(old)
    assert [room["id"] for room in ada.welcome["rooms"]] == list(NEW)
    await ada.expect_nothing("message.posted")


async def test_a_housemate_who_stays_keeps_the_rooms(join: Join, server: Running) -> None:
    """One person's moving closes nobody else's rooms."""
    ada, ben = await join("Ada"), await join("Ben")
    await ada.post("/api/move", {"code": await code_for(server.town, GOUDKARPERSINGEL)}, ada.token)
    await ben.expect("member.left", room=MOERWIJK_WEST)
    await ben.expect_nothing("room.closed")
    await ben.say(JAN_LUYKENLAAN, "Ik blijf.")
    await ben.expect("message.posted", text="Ik blijf.")


# sessions --------------------------------------------------------------------------------------------


async def test_signing_out_ends_this_device_alone(join: Join) -> None:
    """The session's connection is told and closed; the person's other device goes on."""
    ada = await join("Ada")
    tablet = await ada.other_device()
    assert await ada.post("/api/sign-out", token=ada.token) == (200, {"ok": True})
    assert await ada.expect("session.ended") == {"reason": "signed_out"}
    await ada.gone()
    assert (await ada.refused_to_connect({"token": ada.token}))["code"] == "signed_out"
    assert (await ada.post("/api/sign-out", token=ada.token))[0] == 401
    await tablet.expect_nothing("session.ended")
    await tablet.say(JAN_LUYKENLAAN, "Ik ben er nog.")


async def test_signing_out_everywhere_ends_every_device(join: Join, server: Running) -> None:
    """All connections of the person are told and closed, and nothing more is given to them."""
    ada, ben = await join("Ada"), await join("Ben")
    devices = [ada, await ada.other_device(2), await ada.other_device(3)]
    assert await ada.post("/api/sign-out-everywhere", token=devices[1].token) == (200, {"ok": True})
    for device in devices:
        assert await device.expect("session.ended") == {"reason": "everywhere"}
        await device.gone()
        assert (await device.refused_to_connect({"token": device.token}))["code"] == "signed_out"
    await ben.say(JAN_LUYKENLAAN, "Waar is Ada?")
    await settled(server)
    assert [device.texts(JAN_LUYKENLAAN) for device in devices] == [[], [], []]
    assert ada.id not in server.fanout.people
    await ada.sign_in()
    await ada.connect()


async def test_a_new_password_ends_the_other_devices(join: Join) -> None:
    """Who changes the password stays; every other session ends, and the old password opens nothing."""
    ada = await join("Ada")
    tablet = await ada.other_device()
    body = {"old": PASSWORD, "new": "nog een lang wachtwoord"}
    assert await ada.post("/api/password", body, ada.token) == (200, {"ok": True})
    assert await tablet.expect("session.ended") == {"reason": "password"}
    await tablet.gone()
    await ada.expect_nothing("session.ended")
    await ada.say(JAN_LUYKENLAAN, "Ik ben er nog.")
    status, answer = await ada.post("/api/sign-in", {"name": "Ada", "password": PASSWORD, "device": ada.device})
    assert (status, answer["error"]["code"]) == (401, "wrong_credentials")


async def test_a_client_that_was_sent_away_stays_away(join: Join) -> None:
    """A client that reconnects by itself takes the end of its session as final."""
    ada = await join("Ada", connected=False)
    client = socketio.AsyncClient(serializer="msgpack", reconnection=True, reconnection_delay=0.01)
    connects: list[str] = []
    client.on("connect", lambda: connects.append("connect"))
    await client.connect(ada.url, auth={"token": ada.token}, transports=["websocket"])
    await ada.post("/api/sign-out", token=ada.token)
    await client.wait()  # returns when the client has given up, and not while it tries again
    assert connects == ["connect"]
    assert not client.connected


async def test_a_session_of_half_a_year_is_over(join: Join, clock: MovedClock) -> None:
    """After 180 days a token opens neither the socket nor a route."""
    ada = await join("Ada")
    await ada.close()
    clock.forward(days=179)
    await ada.connect()
    await ada.close()
    clock.forward(days=2)
    assert (await ada.refused_to_connect({"token": ada.token}))["code"] == "signed_out"
    status, answer = await ada.post("/api/move", {"code": "ABCDEFGHJK"}, ada.token)
    assert (status, answer["error"]["code"]) == (401, "signed_out")


async def test_the_twenty_first_session_ends_the_first(join: Join) -> None:
    """A person has twenty sessions; the oldest goes, and is told."""
    ada = await join("Ada")
    others = [Neighbour(ada.url, "Ada", device=number) for number in range(2, 22)]
    for other in others:
        await other.sign_in()
    assert await ada.expect("session.ended") == {"reason": "too_many"}
    await ada.gone()
    await others[0].connect()
    await others[0].close()


# what is presented at the door -----------------------------------------------------------------------

Auth = Callable[[Neighbour, Neighbour], Any]
SIGNED_OUT: dict[str, Auth] = {
    "nothing": lambda _ada, _ben: None,
    "no token": lambda _ada, _ben: {},
    "a token cut short": lambda ada, _ben: {"token": ada.token[:-1]},
    "a token and more": lambda ada, _ben: {"token": ada.token + "A"},
    "a line behind it": lambda ada, _ben: {"token": ada.token + "\n"},
    "another's secret": lambda ada, ben: {"token": ada.id + ben.token[12:]},
    "capitals": lambda ada, _ben: {"token": ada.token.upper()},
    "words": lambda _ada, _ben: {"token": "laat me erin"},
    "an empty one": lambda _ada, _ben: {"token": ""},
    "a long one": lambda _ada, _ben: {"token": "a" * 50_000},
    "nobody's": lambda _ada, _ben: {"token": f"aaaaaaaaaaaa.{'A' * 43}"},
}
BAD: dict[str, tuple[str, Auth]] = {
    "a number": ("token", lambda _ada, _ben: {"token": 5}),
    "null": ("token", lambda _ada, _ben: {"token": None}),
    "a list": ("token", lambda ada, _ben: {"token": [ada.token]}),
    "bytes": ("token", lambda ada, _ben: {"token": ada.token.encode()}),
    "another field": ("role", lambda ada, _ben: {"token": ada.token, "role": "admin"}),
    "cursors as a list": ("cursors", lambda ada, _ben: {"token": ada.token, "cursors": [1]}),
    "a cursor as text": ("cursors", lambda ada, _ben: {"token": ada.token, "cursors": {JAN_LUYKENLAAN: "1"}}),
    "a cursor of three": ("cursors", lambda ada, _ben: {"token": ada.token, "cursors": {JAN_LUYKENLAAN: [1, 2, 3]}}),
    "a cursor without numbers": ("cursors", lambda ada, _ben: {"token": ada.token, "cursors": {JAN_LUYKENLAAN: []}}),
    "half a cursor": ("cursors", lambda ada, _ben: {"token": ada.token, "cursors": {JAN_LUYKENLAAN: [1, 1.5]}}),
    "a yes": ("cursors", lambda ada, _ben: {"token": ada.token, "cursors": {JAN_LUYKENLAAN: True}}),
    "too many cursors": (
        "cursors", lambda ada, _ben: {"token": ada.token, "cursors": {f"r{number}": 1 for number in range(101)}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SIGNED_OUT)
async def test_without_a_good_token_nobody_is_let_in(join: Join, server: Running, what: str) -> None:
    """What can't be, or is no longer, a token of this person gets `signed_out` and leaves nothing behind."""
    ada, ben = await join("Ada", connected=False), await join("Ben", connected=False)
    error = await ada.refused_to_connect(SIGNED_OUT[what](ada, ben))
    assert (error["code"], error["retryable"]) == ("signed_out", False)
    assert (server.fanout.people, server.fanout.lines) == ({}, {})


@pytest.mark.parametrize("what", BAD)
async def test_what_has_not_the_form_is_told_its_field(join: Join, server: Running, what: str) -> None:
    """A connection that presents something else is refused with the field that was wrong."""
    ada, ben = await join("Ada", connected=False), await join("Ben", connected=False)
    field, auth = BAD[what]
    error = await ada.refused_to_connect(auth(ada, ben))
    assert (error["code"], error["field"]) == ("bad_request", field)
    assert (server.fanout.people, server.fanout.lines) == ({}, {})


@pytest.mark.parametrize("auth", [[], "token", 5, True, b"token"])
async def test_auth_that_is_no_map_is_no_packet(server: Running, auth: object) -> None:
    """No client of the protocol sends anything but a map: the connection is closed."""
    raw = await Raw.open(server.port)
    raw.send(pack(0, auth))
    assert await raw.closed() == 1002


async def test_nonsense_in_a_cursor_is_before_everything(join: Join) -> None:
    """A negative number is read as a cursor before the first entry."""
    ada = await join("Ada")
    await ada.connect({JAN_LUYKENLAAN: -5})
    assert await ada.expect("member.joined", room=JAN_LUYKENLAAN, seq=1)


async def test_commands_before_the_door_was_opened_are_no_commands(server: Running) -> None:
    """A packet before CONNECT closes the connection; nothing is carried out for a stranger."""
    raw = await Raw.open(server.port)
    raw.send(pack(2, ["room.history", {"room": JAN_LUYKENLAAN}], 1))
    assert await raw.closed() == 1002
