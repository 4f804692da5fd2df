"""Police alerts through real sockets: everyone who is meant has each message once, and can tell that it is true."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from rooms import presence
from rooms import staff as staff_accounts
from server.app import Running, running
from server.settings import Settings
from tests.alert_verdict import bytes_of, keys_of, told_in, verdict
from tests.conftest import CODE_KEY, Join, code_for, settled
from tests.journeys.alerted import (
    GRAVE,
    MEPPELWEG,
    MORGENSTOND_WEST,
    act,
    broadcast,
    done,
    given,
    look,
    pinned,
    send,
    verdicts,
)
from tests.journeys.duty import Colleague, call, colleague
from tests.neighbour import Neighbour
from tests.rooms.alert_sent import SAYS
from tests.rooms.desk_cast import MEMBERS
from tests.town import (
    BETJE_WOLFFSTRAAT,
    ESCAMP,
    GOUDKARPERSINGEL,
    JAN_LUYKENLAAN,
    MOERWIJK_WEST,
    PASSWORD,
    MovedClock,
    client_id,
)

__all__ = ["colleague"]


# the whole story -------------------------------------------------------------------------------------


async def test_two_officers_alert_a_district(server: Running, join: Join, colleague: Colleague) -> None:
    """Looked at, broadcast, approved, given once to each in the own neighbourhood, changed, over."""
    prins = await colleague("Sergeant Prins")
    kok = await colleague("Sergeant Kok", like="Sergeant Prins")
    ada, cor, far = await join("Ada"), await join("Cor", MEPPELWEG), await join("Dirk", GOUDKARPERSINGEL)

    await presence.renew(server.town, server.fanout.persons_here())
    preview = await look(prins, ESCAMP, **GRAVE)
    assert (preview["members"], preview["connected"]) == (2, 2)
    assert (preview["needs_approval"], preview["approvers"]) == (True, 1)
    homes = {home["id"]: home["members"] for home in preview["neighbourhoods"]}
    assert (homes[MOERWIJK_WEST], homes[MORGENSTOND_WEST]) == (1, 1)
    sent = await broadcast(prins, preview)
    alert = sent["alert"]
    assert sent["state"] == "waiting"
    waiting = await kok.expect("alert.changed")
    assert (waiting["alert"]["state"], waiting["alert"]["by"]["id"]) == ("waiting", prins.id)
    for resident in (ada, cor):
        await resident.expect_nothing("alert.broadcast")
    assert await done(kok, "approve", alert) == "in_force"
    assert (await ada.expect("alert.broadcast"))["room"] == MOERWIJK_WEST
    assert (await cor.expect("alert.broadcast"))["room"] == MORGENSTOND_WEST

    late = await join("Eva")
    assert pinned(late) == [(alert, 1)]
    view = late.welcome["alerts"][0]
    keys = await keys_of(late.url)
    assert verdict({**view, "type": "alert"}, keys) == "valid"

    assert await done(prins, "update", alert, text="De rook trekt op.") == "in_force"
    for resident in (ada, cor, late):
        updated = json.loads((await resident.expect("alert.updated"))["data"]["body"])
        assert (updated["n"], updated["words"][0]["text"]) == (2, "De rook trekt op.")
    assert await done(kok, "clear", alert, reason="De brand is uit.") == "cleared"
    for resident in (ada, cor, late):
        await resident.expect("alert.cleared")
        await resident.expect_nothing("alert.broadcast")
    assert given(ada) == given(cor) == [("broadcast", 1), ("updated", 2), ("cleared", 3)]
    assert given(late) == [("updated", 2), ("cleared", 3)]
    assert await verdicts(ada) == await verdicts(cor) == ["valid"] * 3
    assert given(far) == []
    assert pinned(await ada.resume()) == []
    assert pinned(await (await late.other_device()).resume()) == []


async def test_every_resident_gets_one_copy(join: Join, colleague: Colleague) -> None:
    """A street inside a neighbourhood that is alerted too adds no second one, nor does saying a place twice."""
    prins = await colleague("Sergeant Prins")
    ada, cor = await join("Ada"), await join("Cor", BETJE_WOLFFSTRAAT)
    await send(prins, JAN_LUYKENLAAN, MOERWIJK_WEST, JAN_LUYKENLAAN)
    for resident in (ada, cor):
        assert (await resident.expect("alert.broadcast"))["room"] == MOERWIJK_WEST
        await resident.expect_nothing("alert.broadcast")
        assert given(resident) == [("broadcast", 1)]
    await send(prins, JAN_LUYKENLAAN)
    assert (await ada.expect("alert.broadcast"))["room"] == JAN_LUYKENLAAN
    await cor.expect_nothing("alert.broadcast")


async def test_an_exercise_is_called_one_in_what_is_signed(join: Join, colleague: Colleague) -> None:
    """In every message, so that nobody can leave it out."""
    prins, ada = await colleague("Sergeant Prins"), await join("Ada")
    alert = (await send(prins, exercise=True))["alert"]
    await done(prins, "update", alert, headline="Nog meer rook")
    for name in ("alert.broadcast", "alert.updated"):
        assert json.loads((await ada.expect(name))["data"]["body"])["exercise"] is True


async def test_a_cancel_says_why(join: Join, colleague: Colleague) -> None:
    """And leaves nothing pinned."""
    prins, ada = await colleague("Sergeant Prins"), await join("Ada")
    alert = (await send(prins))["alert"]
    assert await done(prins, "cancel", alert, reason="De melding klopte niet.") == "cancelled"
    body = json.loads((await ada.expect("alert.cancelled"))["data"]["body"])
    assert (body["type"], body["reason"]) == ("cancel", "De melding klopte niet.")
    assert pinned(await ada.resume()) == []


async def test_a_municipality_tells_its_residents(join: Join, colleague: Colleague) -> None:
    """In the same way, up to moderate, under its own name."""
    bakker, ada = await colleague("Moderator Bakker"), await join("Ada")
    assert (await send(bakker, category="infra"))["state"] == "in_force"
    told = await ada.expect("alert.broadcast")
    assert json.loads(told["data"]["body"])["organisation"] == told["by"]["organisation"] == "municipality"
    assert await verdicts(ada) == ["valid"]


# reach -----------------------------------------------------------------------------------------------


async def test_reach_is_live(join: Join, colleague: Colleague, server: Running, clock: MovedClock) -> None:
    """Sent to who is connected, delivered when a device says so, seen when a person does; the person's other devices
    need not ask any more, and a return shows it as seen."""
    prins, ada, ben = await colleague("Sergeant Prins"), await join("Ada"), await join("Ben")
    phone = await ada.other_device()
    away = await join("Cor", connected=False)
    alert = (await send(prins))["alert"]
    for device in (ada, phone, ben):
        await device.expect("alert.broadcast")

    async def numbers() -> list[int]:
        clock.forward(seconds=1)
        await server.sweeps.note_given()
        told = await prins.ask("alert.reach", {"alert": alert})
        return [told[name] for name in ("members", "sent", "delivered", "seen")]

    assert away.id
    assert await numbers() == [3, 2, 0, 0]
    for device in (ada, phone, ben):
        assert (await device.ask("alert.delivered", {"alert": alert, "room": MOERWIJK_WEST}))["ok"]
    assert await numbers() == [3, 2, 2, 0]
    assert (await act(ada, "seen", alert, room=MOERWIJK_WEST))["ok"]
    assert (await phone.expect("alert.noticed"))["alert"] == alert
    assert await numbers() == [3, 2, 2, 1]
    assert [view.get("seen") for view in (await ada.resume()).welcome["alerts"]] == [True]
    assert [view.get("seen") for view in (await ben.resume()).welcome["alerts"]] == [None]


async def test_i_have_information(join: Join, colleague: Colleague) -> None:
    """A private case for the police, whose page names the alert before anybody takes it."""
    prins, ada = await colleague("Sergeant Prins"), await join("Ada")
    alert = (await send(prins))["alert"]
    await ada.expect("alert.broadcast")
    case = await call(ada, room=MOERWIJK_WEST, urgency="soon", text="Ik zag een witte bestelbus.", private=True,
                      emergency=None, alert=alert)  # fmt: skip
    page = (await prins.expect("escalation.paged"))["case"]
    assert (page["id"], page["alert"], page["private"]) == (case["case"], alert, True)
    assert (await ada.expect("room.opened"))["cases"][0]["alert"] == alert
    assert not [entry for entry in await ada.pull(MOERWIJK_WEST, 0) if entry["event"].startswith("escalation.")]


# what is not true ------------------------------------------------------------------------------------


async def test_what_was_altered_or_replayed_does_not_verify(join: Join, colleague: Colleague) -> None:
    """One letter of the text, its signature, its key; or a true text in another room, place in the chain, or time."""
    prins, ada = await colleague("Sergeant Prins"), await join("Ada")
    await send(prins)
    entry, keys = await ada.expect("alert.broadcast"), await keys_of(ada.url)
    told = told_in("alert.broadcast", entry)
    body: str = told["body"]
    signature = bytearray(bytes_of(told["signature"]) or b"")
    signature[0] ^= 1
    flipped = base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
    assert verdict(told, keys) == "valid"
    for changed, expected in (
        ({"body": body.replace("Rook", "Geen rook")}, "altered"), ({"body": body + " "}, "altered"),
        ({"signature": flipped}, "altered"), ({"key": "another"}, "unknown_key"),
        ({"room": JAN_LUYKENLAAN}, "replayed"), ({"n": 2}, "replayed"), ({"alert": "aaaaaaaaaaaa"}, "replayed"),
        ({"type": "update"}, "replayed"), ({"at": json.loads(body)["expires_at"]}, "replayed"),
    ):  # fmt: skip
        assert verdict({**told, **changed}, keys) == expected, changed


async def test_no_resident_can_make_one(join: Join, colleague: Colleague) -> None:
    """Neither by the commands of officers, nor by a message that looks like one."""
    prins, ada, ben = await colleague("Sergeant Prins"), await join("Ada"), await join("Ben")
    alert = (await send(prins))["alert"]
    told = (await ben.expect("alert.broadcast"))["data"]
    await ada.refused("not_permitted", "alert.preview", {**SAYS, "places": [MOERWIJK_WEST]})
    await ada.refused("not_permitted", "alert.broadcast", {"preview": "a" * 12, "client_id": ada.next_id()})
    for name, more in (("approve", {}), ("cancel", {"reason": "Zomaar."}), ("clear", {}), ("update", {"text": "Nee"})):
        await ada.refused("not_permitted", f"alert.{name}", {"alert": alert, "client_id": ada.next_id(), **more})
    await ada.refused("unknown_command", "alert.expired", {"alert": alert})
    await ada.say(MOERWIJK_WEST, told["body"])
    said = await ben.expect("message.posted")
    assert (said["by"]["role"], "signature" in said["data"]) == ("resident", False)


# refusals --------------------------------------------------------------------------------------------


async def test_no_alert_without_its_preview(join: Join, colleague: Colleague, clock: MovedClock) -> None:
    """None that never was, was used, is a colleague's, or is too old; a repeat of the same command is answered."""
    prins, kok = await colleague("Sergeant Prins"), await colleague("Sergeant Kok", like="Sergeant Prins")
    ada = await join("Ada")
    await prins.refused("preview_gone", "alert.broadcast", {"preview": "a" * 12, "client_id": prins.next_id()})
    preview = await look(prins)
    await kok.refused("preview_gone", "alert.broadcast", {"preview": preview["preview"], "client_id": kok.next_id()})
    asked = {"preview": preview["preview"], "client_id": prins.next_id()}
    first, again = await prins.ask("alert.broadcast", asked), await prins.ask("alert.broadcast", asked)
    assert first == again
    await prins.refused("preview_gone", "alert.broadcast", {**asked, "client_id": prins.next_id()})
    await ada.expect("alert.broadcast")
    await ada.expect_nothing("alert.broadcast")


async def test_where_and_to_whom_is_checked(join: Join, colleague: Colleague) -> None:
    """Outside the own area, to nobody, too grave for the municipality, to places that are none."""
    prins, bakker = await colleague("Sergeant Prins"), await colleague("Moderator Bakker")
    await join("Ada")
    said = {**SAYS, "places": [MOERWIJK_WEST]}
    await prins.refused("outside_jurisdiction", "alert.preview", {**said, "places": [GOUDKARPERSINGEL]})
    await prins.refused("outside_jurisdiction", "alert.preview", {**said, "places": ["GM0518"]})
    await prins.refused("nobody_there", "alert.preview", {**said, "places": [MORGENSTOND_WEST]})
    assert (await bakker.refused("not_permitted", "alert.preview", {**said, **GRAVE}))["field"] == "severity"
    for places in (["BU1"], ["BU05183638"]):  # no such place; one without a street
        assert (await prins.refused("bad_request", "alert.preview", {**said, "places": places}))["field"] == "places"


async def test_a_second_officer_is_somebody_else(join: Join, colleague: Colleague, clock: MovedClock) -> None:
    """Not the author on any device, not the municipality, nobody from elsewhere; and not after five minutes."""
    prins, bakker = await colleague("Sergeant Prins"), await colleague("Moderator Bakker")
    yilmaz, kok = await colleague("Officer Yilmaz"), await colleague("Sergeant Kok", like="Sergeant Prins")
    ada = await join("Ada")
    preview = await look(prins, **GRAVE)
    asked = {"preview": preview["preview"], "client_id": prins.next_id()}
    assert (await prins.refused("code_mismatch", "alert.broadcast", {**asked, "code": "nee"}))["field"] == "code"
    alert = (await broadcast(prins, preview))["alert"]
    for officer, code in ((prins, "second_officer"), (await prins.other_device(), "second_officer"),
                          (yilmaz, "outside_jurisdiction"), (bakker, "not_found")):  # fmt: skip
        await officer.refused(code, "alert.approve", {"alert": alert, "client_id": officer.next_id()})
    clock.forward(minutes=5)
    await kok.refused("wrong_state", "alert.approve", {"alert": alert, "client_id": kok.next_id()})
    await ada.expect_nothing("alert.broadcast")


async def test_what_is_over_is_over(join: Join, colleague: Colleague) -> None:
    """Cleared once; then nothing moves it any more."""
    prins, ada = await colleague("Sergeant Prins"), await join("Ada")
    alert = (await send(prins))["alert"]
    await done(prins, "clear", alert)
    for name, more in (("clear", {}), ("cancel", {"reason": "Toch niet."}), ("update", {"text": "Toch wel."}),
                       ("approve", {}), ("decline", {})):  # fmt: skip
        reply = await act(prins, name, alert, **more)
        assert reply["error"]["code"] == "wrong_state", name
    await ada.expect("alert.cleared")
    assert given(ada) == [("broadcast", 1), ("cleared", 2)]


# servers that go and others beside them --------------------------------------------------------------

Serve = Callable[[], Any]


@pytest.fixture
def serve(empty_redis: str, clock: MovedClock, tmp_path: Path) -> Serve:
    """`async with serve() as server`: one more server of the same town, by the test's clock."""

    @asynccontextmanager
    async def run() -> AsyncIterator[Running]:
        settings = Settings(port=0, redis=empty_redis, data=str(tmp_path), code_key=CODE_KEY.hex(), drain_s=1)
        async with running(settings, clock=clock) as server:
            yield server

    return run


async def officer_at(server: Running, name: str) -> Neighbour:
    role, organisation, areas = MEMBERS[name]
    await staff_accounts.add(server.town, server.argon2, name, role, organisation, areas, PASSWORD)
    return await (await Neighbour(server.url, name, lambda: settled(server)).sign_in()).connect()


async def resident_at(server: Running, name: str) -> Neighbour:
    neighbour = Neighbour(server.url, name, lambda: settled(server))
    return await (await neighbour.join(await code_for(server.town, JAN_LUYKENLAAN))).connect()


def at(server: Running, person: Neighbour) -> Neighbour:
    """The same person, who comes to this server from now on."""
    person.url, person._settle = server.url, lambda: settled(server)
    return person


async def test_an_alert_ends_while_no_server_runs(serve: Serve, clock: MovedClock) -> None:
    """Whoever returns finds it over, and is told so once, by the server that comes next."""
    async with serve() as first:
        prins, ada = await officer_at(first, "Sergeant Prins"), await resident_at(first, "Ada")
        alert = (await send(prins))["alert"]
        await ada.expect("alert.broadcast")
        cursors = ada.cursors()
        await prins.close()
        await ada.close()
    clock.forward(minutes=121)
    async with serve() as second:
        await second.sweeps.step_alerts()
        await settled(second)
        await at(second, ada).connect(cursors)
        assert (await ada.expect("alert.expired"))["data"] == {"alert": alert, "n": 2}
        await ada.expect_nothing("alert.expired")
        assert pinned(ada) == []
        await ada.close()


async def test_two_servers_give_an_alert_once(serve: Serve) -> None:
    """Whichever server an officer and a resident are at; the same key at both."""
    async with AsyncExitStack() as stack:
        here, there = await stack.enter_async_context(serve()), await stack.enter_async_context(serve())
        prins, ada, ben = (
            await officer_at(here, "Sergeant Prins"),
            await resident_at(here, "Ada"),
            await resident_at(there, "Ben"),
        )
        assert await keys_of(here.url) == await keys_of(there.url)
        alert = (await send(prins))["alert"]
        await done(prins, "update", alert, text="De rook trekt op.")
        for resident in (ada, ben):
            await resident.expect("alert.updated")
        for server in (here, there):
            await server.sweeps.step_alerts()
        await done(prins, "cancel", alert, reason="De melding klopte niet.")
        for resident in (ada, ben):
            await resident.expect("alert.cancelled")
            await resident.expect_nothing("alert.broadcast")
            assert given(resident) == [("broadcast", 1), ("updated", 2), ("cancelled", 3)]
            assert await verdicts(resident) == ["valid"] * 3
        for person in (prins, ada, ben):
            await person.close()


async def test_a_command_that_is_sent_again_after_a_restart_sends_nothing(serve: Serve) -> None:
    """Its officer never heard the answer, and asks the next server the same."""
    async with serve() as first:
        prins, ada = await officer_at(first, "Sergeant Prins"), await resident_at(first, "Ada")
        preview = await look(prins)
        asked = {"preview": preview["preview"], "client_id": client_id("Sergeant Prins", 900)}
        reply = await prins.ask("alert.broadcast", asked)
        await ada.expect("alert.broadcast")
        cursors = ada.cursors()
        for person in (prins, ada):
            await person.close()
    async with serve() as second:
        await at(second, prins).connect()
        await at(second, ada).connect(cursors)
        assert await prins.ask("alert.broadcast", asked) == reply
        await second.sweeps.step_alerts()
        await ada.expect_nothing("alert.broadcast")
        assert pinned(ada) == [(reply["alert"], 1)]
        for person in (prins, ada):
            await person.close()
