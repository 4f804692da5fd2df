"""The contract as it runs: a day in a street, in which every event happens, checked against the tables as it comes."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from rooms import staff as staff_accounts
from rooms.case_policy import Rule, Where
from rooms.event import EVENTS
from rooms.key_dictionary import DICTIONARY
from rooms.keys import DEMO
from rooms.refusal import REFUSALS
from server.app import Running
from tests import contract as fits
from tests.conftest import code_for, settled
from tests.judged import judge
from tests.neighbour import Neighbour
from tests.town import GOUDKARPERSINGEL, JAN_LUYKENLAAN, MOERWIJK_WEST, PASSWORD, POLICE_DESK, STAFF, MovedClock

KEYS_AND_TYPES = """
local found = {}
for _, name in ipairs(redis.call('KEYS', '*')) do
  found[#found + 1] = name
  found[#found + 1] = redis.call('TYPE', name).ok
end
return found"""
"""In one step: a job of the server may take a key away at any moment."""
AT_WORK = ("Officer Vega", "Moderator Smit", "Moderator Bakker")
ALERT = {
    "places": [MOERWIJK_WEST], "headline": "Rook", "text": "Houd ramen dicht.", "severity": "minor",
    "urgency": "immediate", "certainty": "observed", "category": "fire",
}  # fmt: skip
OUTCOME = {"outcome": "on_site", "text": "Ik ben langs geweest."}


class Eyewitness(Neighbour):
    """A neighbour who checks every reply, and keeps the names of the events that anybody was told."""

    seen: ClassVar[set[str]] = set()

    def __init__(self, server: Running, name: str, device: int = 1) -> None:
        super().__init__(server.url, name, lambda: settled(server), device)

    async def _take(self, name: str, payload: dict[str, Any]) -> None:
        await super()._take(name, payload)
        self.seen.add(name)

    async def ask(self, name: str, payload: Any) -> dict[str, Any]:
        reply = await super().ask(name, payload)
        fits.check_reply(name, reply)
        for entry in reply.get("entries", ()):
            self.seen.add(entry["event"])
        return reply


async def test_everything_that_is_told_fits_its_table(server: Running, clock: MovedClock) -> None:
    """A day in a street: every event of the table happens, each with exactly its fields, and every key that Redis
    then holds is in the data dictionary."""
    Eyewitness.seen.clear()
    people = {name: Eyewitness(server, name) for name in ("Ada", "Ben", *AT_WORK)}
    people["Ben elsewhere"] = Eyewitness(server, "Ben", device=2)
    try:
        await _arrive(server, people)
        await _talk(people)
        await _alert(server, clock, people)
        await _call(server, clock, people)
        await _warn(server, clock, people)
        await judge(server, *(people[name] for name in ("Ada", "Ben", "Ben elsewhere", "Moderator Bakker")))
        await _come_and_go(server, clock, people)
        await _check_keys(server)
        await server.drain()
        await people["Ada"].expect("drain")
    finally:
        for person in people.values():
            await person.close()
    for person in people.values():
        for name, payload in person.events:
            fits.check_event(name, payload)
    assert set(EVENTS) - Eyewitness.seen == set()


async def _arrive(server: Running, people: dict[str, Eyewitness]) -> None:
    ada, ben = people["Ada"], people["Ben"]
    await server.town.set_rule(Where("police", "soon", GOUDKARPERSINGEL), Rule(reminder_ms=60_000))
    wrong = {"code": "ZZZZZZZZZZ", "name": "Ada", "password": PASSWORD, "device": ada.device}
    status, refused = await ada.post("/api/join", wrong)
    fits.check_refusal(refused)
    assert status == REFUSALS["wrong_code"].status
    code = await code_for(server.town, JAN_LUYKENLAAN)
    for person in (ada, ben):
        await (await person.join(code)).connect()
    await (await people["Ben elsewhere"].sign_in()).connect()
    for name in AT_WORK:
        role, organisation, areas = STAFF[name]
        await staff_accounts.add(server.town, server.argon2, name, role, organisation, areas, PASSWORD)
        await (await people[name].sign_in()).connect()


async def _talk(people: dict[str, Eyewitness]) -> None:
    ada, ben = people["Ada"], people["Ben"]
    here: dict[str, Any] = {"room": JAN_LUYKENLAAN}
    said = await ada.say(JAN_LUYKENLAAN, "Ziet iemand het licht?")
    await ben.say(JAN_LUYKENLAAN, "Ja.", reply_to=said)
    changes: dict[str, dict[str, Any]] = {"message.edit": {"text": "Ziet iemand dat licht?"},
                                          "message.react": {"reaction": None}, "message.retract": {}}  # fmt: skip
    for command, more in changes.items():
        reply = await ada.ask(command, {**here, "client_id": ada.next_id(), "target": said, **more})
        assert reply["ok"], reply
    assert (await ben.ask("room.history", here))["ok"]
    assert (await ben.ask("room.read", {**here, "seq": said}))["ok"]
    assert (await ada.ask("room.typing", here))["ok"]
    assert (await people["Officer Vega"].ask("room.typing", {"room": POLICE_DESK}))["ok"]
    await people["Ben elsewhere"].expect("room.read_moved")
    assert "by" not in await ben.expect("typing.started")
    assert (await people["Moderator Smit"].expect("typing.started"))["by"]["role"] == "officer"


async def _alert(server: Running, clock: MovedClock, people: dict[str, Eyewitness]) -> None:
    """Alerts that are updated, seen, taken back, cleared and over by the clock; one that is left in force, and one that
    is looked at and not sent."""
    ben, vega = people["Ben"], people["Officer Vega"]
    taken_back, cleared = await _broadcast(vega, clock), await _broadcast(vega, clock)
    over, left = await _broadcast(vega, clock), await _broadcast(vega, clock, hours=71)
    await ben.expect("alert.broadcast")
    await _must(ben, "alert.seen", alert=left, room=MOERWIJK_WEST)
    await people["Ben elsewhere"].expect("alert.noticed")
    assert (await ben.ask("alert.delivered", {"alert": left, "room": MOERWIJK_WEST}))["ok"]
    assert (await vega.ask("alert.reach", {"alert": left}))["seen"] == 1
    assert (await vega.ask("board.watch", {}))["ok"]
    await server.board.tell()
    await vega.expect("board.changed")
    await _must(vega, "alert.update", alert=left, certainty="likely")
    await _must(vega, "alert.cancel", alert=taken_back, reason="De melding klopte niet.")
    await _must(vega, "alert.clear", alert=cleared)
    clock.forward(minutes=61)
    await server.sweeps.step_alerts()
    assert (await ben.expect("alert.expired"))["data"]["alert"] == over
    assert [one["state"] for one in (await vega.ask("alert.list", {}))["alerts"]] == [
        "expired", "cleared", "cancelled", "in_force",
    ]  # fmt: skip
    assert [one["alert"] for one in (await ben.resume()).welcome["alerts"]] == [left]
    assert (await vega.ask("alert.preview", {**ALERT, "severity": "extreme"}))["code"]


async def _broadcast(who: Eyewitness, clock: MovedClock, hours: int = 1) -> str:
    expires_at = clock.now_ms() + hours * 3_600_000
    seen = await who.ask("alert.preview", {**ALERT, "expires_at": expires_at})
    return str((await _must(who, "alert.broadcast", preview=seen["preview"]))["alert"])


async def _call(server: Running, clock: MovedClock, people: dict[str, Eyewitness]) -> None:
    """Calls that are taken, handed over, given back, let go, withdrawn, answered by nobody, and left open."""
    ada, ben = people["Ada"], people["Ben"]
    vega, smit, bakker = (people[name] for name in AT_WORK)
    for member in (vega, smit, bakker):
        assert (await member.ask("duty.start", {"client_id": member.next_id()}))["ok"]
    warned = {"kind": "burglary", "text": "Er wordt ingebroken.", "emergency": "called"}
    seq = (await _must(ada, "warning.raise", room=JAN_LUYKENLAAN, **warned))["seq"]
    case = await _raise(ada, warning=seq)
    await _must(ben, "escalation.join", case=case)
    for seen in ("page.delivered", "page.seen"):
        assert (await vega.ask(seen, {"case": case}))["ok"]
    await _must(vega, "escalation.decline", case=case)
    await _pass(server, clock, minutes=1.1)
    for name, who, more in (
        ("accept", smit, {}), ("alive", smit, {}), ("hand_over", smit, {"to": "municipality"}),
        ("decline", bakker, {}), ("hand_over", smit, {"to": "municipality"}), ("accept", bakker, {}),
        ("resolve", bakker, OUTCOME), ("rate", ada, {"helped": True}), ("reopen", ada, {}), ("accept", bakker, {}),
    ):  # fmt: skip
        await _must(who, f"escalation.{name}", case=case, **more)
    await _pass(server, clock, minutes=16)
    await _pass(server, clock, minutes=6)
    await _must(ada, "escalation.withdraw", case=case)
    for member in (vega, smit, bakker):
        await _must(member, "duty.stop")
    await _raise(ada)
    await _pass(server, clock, minutes=25 * 60)
    await _must(vega, "duty.start")
    await _raise(ada, warning=seq)
    await settled(server)


async def _warn(server: Running, clock: MovedClock, people: dict[str, Eyewitness]) -> None:
    """Warnings that are answered, cleared, sent to another desk, corrected, taken back, over by the clock, and one that
    is left in force."""
    ada, ben = people["Ada"], people["Ben"]
    said = {"room": JAN_LUYKENLAAN, "kind": "nuisance", "text": "Er is veel lawaai op straat."}
    looks = await ada.ask("warning.check", {"text": "Een man met een capuchon en een baard.", "kind": "suspicious"})
    assert looks["hint"], looks
    short = (await _must(ada, "warning.raise", **said, minutes=1))["seq"]
    await settled(server)
    await server.sweeps.note_given()
    for name, who, more in (
        ("answer", ben, {"answer": "see"}), ("route", ada, {"desk": "police"}), ("clear", ada, {}),
        ("retract", ada, {"reason": "Het was de bezorger."}),
    ):  # fmt: skip
        await _must(who, f"warning.{name}", room=JAN_LUYKENLAAN, target=short, **more)
    notice = (await ben.expect("correction.given"))["correction"]
    await _must(ben, "correction.seen", id=notice["id"])
    await people["Ben elsewhere"].expect("correction.closed")
    second = (await _must(ada, "warning.raise", **said, minutes=1))["seq"]
    changed = {"text": "Het lawaai komt uit de school.", "reason": "Verkeerd gehoord."}
    await _must(ada, "warning.correct", room=JAN_LUYKENLAAN, target=second, **changed)
    await ben.expect("correction.given")
    reached = await ada.ask("warning.reach", {"room": JAN_LUYKENLAAN, "target": second})
    assert 1 <= reached["given"] <= reached["members"], reached
    clock.forward(minutes=2)
    await server.sweeps.step_warnings()
    await ben.expect("warning.expired")
    await _must(ada, "warning.raise", **said, minutes=24 * 60)
    assert (await ben.resume()).welcome["warnings"]


async def _must(who: Eyewitness, name: str, **more: Any) -> dict[str, Any]:
    reply = await who.ask(name, {"client_id": who.next_id(), **more})
    assert reply["ok"], (name, reply)
    return reply


async def _raise(who: Eyewitness, **more: Any) -> str:
    said = {"room": JAN_LUYKENLAAN, "to": "police", "urgency": "urgent", "text": "Kom snel!", "emergency": "called"}
    return str((await _must(who, "escalation.raise", **said, **more))["case"])


async def _pass(server: Running, clock: MovedClock, *, minutes: float) -> None:
    """Time passes; who is connected stays on duty."""
    clock.forward(minutes=minutes)
    await server.sweeps.keep_duty()
    await server.sweeps.step_cases()


async def _come_and_go(server: Running, clock: MovedClock, people: dict[str, Eyewitness]) -> None:
    ada, ben = people["Ada"], people["Ben"]
    await server.sweeps.tell_presence()
    await ben.expect("presence.changed")
    await ben.connect({JAN_LUYKENLAAN: [1, 1]})
    await ben.expect("reset", room=JAN_LUYKENLAAN)
    status, _ = await ada.post("/api/move", {"code": await code_for(server.town, GOUDKARPERSINGEL)}, ada.token)
    assert status == 200
    await ada.expect("room.opened")
    await ben.expect("member.left", reason="moved")
    await _until_the_purge(server, clock)
    vega = people["Officer Vega"]
    half = {"name": vega.name, "password": PASSWORD, "device": vega.device}
    assert "ticket" in (await vega.post("/api/sign-in", half))[1], "half signed in, and left so"
    assert (await ben.post("/api/sign-out-everywhere", token=ben.token))[0] == 200
    await ben.expect("session.ended", reason="everywhere")


async def _until_the_purge(server: Running, clock: MovedClock) -> None:
    zone = ZoneInfo(server.ground.settings.zone)
    while datetime.fromtimestamp(clock.now_ms() / 1000, zone).hour != server.ground.settings.purge_hour:
        clock.forward(minutes=60)
    await server.sweeps.purge_at_night()


async def _check_keys(server: Running) -> None:
    """Each key that Redis holds matches one row of the dictionary and is of its type; no row is of the past."""
    store, types, seen = server.town.store, {row.pattern: row.type for row in DICTIONARY}, set()
    held = [part.decode() for part in await store.read("EVAL", KEYS_AND_TYPES, 0)]
    for name, type_of in zip(held[::2], held[1::2], strict=True):
        found = [pattern for pattern in types if _matches(pattern, name)]
        assert len(found) == 1, (name, found)
        assert type_of == types[found[0]], name
        seen.update(found)
    # Gone while no account, case or notice waits for anything, and nobody muted has left:
    waiting = {
        "{tag}:due", "{tag}:rechecks", "{tag}:owed:<room>", "{tag}:owing", "{tag}:inside:<room>", "{tag}:muted:<room>",
        "{tag}:erasing:<person>",
    }  # fmt: skip
    assert set(types) - seen <= waiting | {DEMO}


def _matches(pattern: str, name: str) -> bool:
    expression = re.escape(pattern).replace(r"\{tag\}", r"\{(?:p\d\d|town)\}")
    return re.fullmatch(re.sub(r"<\w+>", ".+", expression), name) is not None
