"""A private case: a room of its own, a name of its own, and nothing of it for anybody else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from server.app import Running
from tests.conftest import Join, code_for, settled
from tests.journeys.duty import Colleague, call, colleague, done, of_case
from tests.neighbour import Neighbour
from tests.town import GOUDKARPERSINGEL, JAN_LUYKENLAAN, MOERWIJK_WEST

__all__ = ["colleague"]
TEXT = "Ik maak me zorgen om mijn buurvrouw."
OUTCOME = {"outcome": "advice", "text": "Wij gaan er samen naartoe."}
MISSING = "p07.nergensnerge"
OF_CASE: dict[str, dict[str, Any]] = {
    "accept": {}, "decline": {}, "release": {}, "alive": {}, "hand_over": {"to": "police"}, "resolve": OUTCOME,
    "withdraw": {}, "rate": {"helped": True}, "reopen": {}, "join": {},
}  # fmt: skip
IN_ROOM: dict[str, dict[str, Any]] = {
    "message.post": {"text": "Hallo?"}, "message.edit": {"target": 1, "text": "Hallo?"},
    "message.retract": {"target": 1}, "message.react": {"target": 1, "reaction": "heart"}, "room.history": {},
    "room.read": {"seq": 1}, "room.typing": {},
    "warning.raise": {"kind": "nuisance", "text": "Er is veel lawaai hier."},
    "escalation.raise": {"to": "police", "urgency": "soon", "text": "Hallo?"},
}  # fmt: skip


@pytest.fixture
def settings() -> dict[str, Any]:
    """Whoever tries everything is not slowed down: what is refused is refused for its right alone."""
    return {"limit_outside": "1000/1"}


async def private(asker: Neighbour, **more: Any) -> str:
    said = {"to": "municipality", "urgency": "soon", "kind": "worry", "text": TEXT, "private": True, "emergency": None}
    return str((await call(asker, **{**said, **more}))["case"])


async def test_a_worry_is_shared_with_one_moderator_alone(join: Join, colleague: Colleague) -> None:
    """Ada and the moderator talk in a room of their own, where she has a name of this case and no device."""
    ada, bakker = await join("Ada"), await colleague("Moderator Bakker")
    case = await private(ada)
    opened = await ada.expect("room.opened")
    room = opened["room"]["id"]
    assert (room, opened["room"]["kind"], opened["cases"][0]["text"]) == (f"case:{case}", "case", TEXT)
    page = (await bakker.expect("escalation.paged"))["case"]
    assert (page["kind"], page["place"]["name"], page["private"]) == ("worry", "Moerwijk-West", True)
    assert await done(bakker, "accept", case) == "accepted"
    shown = (await bakker.expect("room.opened"))["cases"][0]
    assert shown["text"] == TEXT
    assert shown["asker"]["name"] != "Ada"
    await bakker.say(room, "Wat is er aan de hand?")
    await ada.expect("message.posted", text="Wat is er aan de hand?")
    said = await ada.say(room, "Zij doet niet meer open.")
    told = await bakker.expect("message.posted", text="Zij doet niet meer open.")
    assert told["by"] == shown["asker"]
    edit = {"room": room, "client_id": ada.next_id(), "target": said, "text": "Zij doet al dagen niet open."}
    assert (await ada.ask("message.edit", edit))["ok"]
    assert (await ada.ask("message.retract", {"room": room, "client_id": ada.next_id(), "target": said}))["ok"]
    assert await done(bakker, "resolve", case, **OUTCOME) == "resolved"
    assert (await bakker.expect("room.closed"))["room"] == room
    assert await done(ada, "rate", case, helped=True) == "resolved"
    heard = json.dumps([payload for _, payload in bakker.events])
    for secret in (ada.id, ada.name, ada.device, "jan-luykenlaan"):
        assert f'"{secret}' not in heard, secret


async def test_who_shows_the_name_is_called_by_it(join: Join, colleague: Colleague) -> None:
    """It is the asker's to say."""
    ada, bakker = await join("Ada"), await colleague("Moderator Bakker")
    case = await private(ada, named=True)
    await done(bakker, "accept", case)
    assert (await bakker.expect("room.opened"))["cases"][0]["asker"]["name"] == "Ada"


async def test_the_asker_finds_the_room_again(server: Running, join: Join, colleague: Colleague) -> None:
    """On another device, and after coming back; and after moving house."""
    ada, bakker = await join("Ada"), await colleague("Moderator Bakker")
    case = await private(ada)
    await done(bakker, "accept", case)
    tablet = await ada.other_device()
    assert [room["id"] for room in tablet.welcome["rooms"]][-1] == f"case:{case}"
    assert [one["id"] for one in tablet.welcome["cases"]] == [case]
    await ada.resume()
    await bakker.say(f"case:{case}", "Bent u daar?")
    await ada.expect("message.posted", text="Bent u daar?")
    await tablet.expect("message.posted", text="Bent u daar?")
    moved = {"code": await code_for(server.town, GOUDKARPERSINGEL)}
    assert (await ada.post("/api/move", moved, ada.token))[0] == 200
    await ada.connect()
    await ada.say(f"case:{case}", "Ik woon nu ergens anders.")
    await bakker.expect("message.posted", text="Ik woon nu ergens anders.")


async def test_nothing_of_it_is_anywhere_else(server: Running, join: Join, colleague: Colleague) -> None:
    """Street, neighbourhood, welcome, counts and events of everybody else are as if it had never been."""
    ada, ben = await join("Ada"), await join("Ben")
    bakker, vega = await colleague("Moderator Bakker"), await colleague("Officer Vega")
    heads = {room: (await ben.ask("room.history", {"room": room}))["head"] for room in (JAN_LUYKENLAAN, MOERWIJK_WEST)}
    events = len(ben.events), len(vega.events)
    case = await private(ada)
    await done(bakker, "accept", case)
    await ada.say(f"case:{case}", "Dit is alleen voor u.")
    await done(bakker, "resolve", case, **OUTCOME)
    await settled(server)
    for room, head in heads.items():
        assert (await ben.ask("room.history", {"room": room}))["head"] == head
    others = [name for name, _ in ben.events[events[0] :]] + [name for name, _ in vega.events[events[1] :]]
    assert [name for name in others if name not in ("presence.changed", "duty.changed")] == []
    for who in (ben, vega):
        await who.connect()
        assert "cases" not in who.welcome
        assert case not in json.dumps(who.welcome)


async def test_to_everybody_else_it_is_like_none(server: Running, join: Join, colleague: Colleague) -> None:
    """Every command, as neighbour, as housemate, as staff of the other organisation and of elsewhere: what there is
    and what there is not are answered alike."""
    code = await code_for(server.town, JAN_LUYKENLAAN)
    ada, housemate = [Neighbour(server.url, name, lambda: settled(server)) for name in ("Ada", "Joris")]
    for one in (ada, housemate):
        await (await one.join(code)).connect()
    ben, vega = await join("Ben"), await colleague("Officer Vega")
    far = await colleague("Moderator Ver")
    bakker = await colleague("Moderator Bakker")
    case = await private(ada)
    await done(bakker, "accept", case)
    for who in (ben, housemate, vega, far):
        await _hears_nothing(who, case)
    await done(bakker, "resolve", case, **OUTCOME)
    for who in (ben, housemate, vega, far):
        await _hears_nothing(who, case)
    for one in (ada, housemate):
        await one.close()


async def _hears_nothing(who: Neighbour, case: str) -> None:
    for name, more in OF_CASE.items():
        replies = [await of_case(who, name, one, **more) for one in (case, MISSING)]
        assert replies[0] == replies[1], (who.name, name)
        assert replies[0]["error"]["code"] in ("not_found", "not_permitted")
    for name in ("page.delivered", "page.seen"):
        replies = [await who.ask(name, {"case": one}) for one in (case, MISSING)]
        assert replies[0] == replies[1], (who.name, name)
    await who.connect()
    for name, more in IN_ROOM.items():
        numbered = {} if name.startswith("room.") else {"client_id": who.next_id()}
        replies = [await who.ask(name, {"room": f"case:{one}", **numbered, **more}) for one in (case, MISSING)]
        assert replies[0] == replies[1], (who.name, name)
        assert replies[0]["error"]["code"] == "not_found"
    await who.connect({f"case:{case}": 0})
    assert case not in json.dumps(who.welcome)


async def test_a_private_case_is_never_joined_nor_attached_to(join: Join, colleague: Colleague) -> None:
    """Two worries are two cases."""
    ada = await join("Ada")
    await colleague("Moderator Bakker")
    first, second = await private(ada), await private(ada)
    assert first != second
    assert (await of_case(ada, "join", first))["error"]["code"] == "not_permitted"
