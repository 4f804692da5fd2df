"""How far an alert has come: each resident is counted once, and nobody else."""

from __future__ import annotations

import asyncio
from typing import Any

from rooms import given, retention
from rooms.given import Point
from rooms.keys import RoomKeys
from rooms.store import fields_of
from rooms.town import Town
from tests.rooms.alert_sent import SAYS, broadcast
from tests.rooms.conftest import Resident
from tests.rooms.desk_cast import Desk
from tests.rooms.voice import Voice
from tests.rooms.warning_cast import let_in
from tests.town import BETJE_WOLFFSTRAAT, DE_VISSEN, ESCAMP, GOUDKARPERSINGEL, MOERWIJK_WEST, MovedClock, stranger


async def reach(desk: Desk, alert: str) -> dict[str, Any]:
    """What Sergeant Prins sees when she looks now."""
    desk.clock.forward(seconds=1)
    told = await (await desk.voice("Sergeant Prins")).ask("alert.reach", alert=alert)
    return {name: value for name, value in told.items() if name != "ok"}


def numbers(told: dict[str, Any]) -> list[int]:
    return [told[name] for name in ("members", "sent", "delivered", "seen")]


async def known(town: Town, room: str) -> dict[str, str]:
    """What is noted of whom, by "<alert>:<person>"."""
    rows = fields_of(await town.store.read("HGETALL", RoomKeys(room).alert_known))
    return {name.decode(): value.decode() for name, value in rows.items()}


async def head(town: Town, room: str) -> int:
    return int(await town.store.read("HGET", RoomKeys(room).head, "seq"))


async def test_each_step_is_counted_once_per_resident(desk: Desk, town: Town, ada: Voice, ben: Voice) -> None:
    """Sent, then delivered, then seen; another device of the same person and a repeat change nothing."""
    alert = await broadcast(desk)
    assert numbers(await reach(desk, alert)) == [2, 0, 0, 0]
    await given.note(town, {MOERWIJK_WEST: [Point(ada.id, await head(town, MOERWIJK_WEST))]})
    assert numbers(await reach(desk, alert)) == [2, 1, 0, 0]
    for device in (ada, ada.other_device(), ada):
        assert await device.ask("alert.delivered", alert=alert, room=MOERWIJK_WEST) == {"ok": True}
    assert numbers(await reach(desk, alert)) == [2, 1, 1, 0]
    for device in (ben, ben.other_device(), ben):
        assert await device.ask("alert.seen", alert=alert, room=MOERWIJK_WEST) == {"ok": True}
    assert numbers(await reach(desk, alert)) == [2, 2, 2, 1]


async def test_what_was_seen_is_never_merely_delivered(desk: Desk, town: Town, ada: Voice) -> None:
    """A word of delivery that comes late takes nothing back."""
    alert = await broadcast(desk)
    await ada.ask("alert.seen", alert=alert, room=MOERWIJK_WEST)
    await ada.ask("alert.delivered", alert=alert, room=MOERWIJK_WEST)
    assert await known(town, MOERWIJK_WEST) == {f"{alert}:{ada.id}": "seen:1"}


async def test_who_had_seen_an_alert_had_seen_its_update_too(desk: Desk, town: Town, ada: Voice, ben: Voice) -> None:
    """An answer is about one message: an update asks anew, and an answer that comes late is about the one it names."""
    alert, prins = await broadcast(desk), await desk.voice("Sergeant Prins")
    for voice in (ada, ben):
        await voice.ask("alert.seen", alert=alert, room=MOERWIJK_WEST, n=1)
    assert numbers(await reach(desk, alert))[3] == 2
    await prins.ask("alert.update", alert=alert, text="De rook trekt naar het zuiden.")
    assert numbers(await reach(desk, alert)) == [2, 2, 2, 0]
    await ben.ask("alert.seen", alert=alert, room=MOERWIJK_WEST, n=1)
    await ada.ask("alert.seen", alert=alert, room=MOERWIJK_WEST, n=2)
    assert await known(town, MOERWIJK_WEST) == {f"{alert}:{ada.id}": "seen:2", f"{alert}:{ben.id}": "seen:1"}
    assert numbers(await reach(desk, alert)) == [2, 2, 2, 1]
    await prins.ask("alert.clear", alert=alert)
    assert numbers(await reach(desk, alert)) == [2, 2, 2, 1]


async def test_an_answer_without_a_number_is_about_the_newest_message(desk: Desk, town: Town, ada: Voice) -> None:
    """As clients of before say it; nobody can have seen what is yet to come."""
    alert, prins = await broadcast(desk), await desk.voice("Sergeant Prins")
    await prins.ask("alert.update", alert=alert, text="De rook trekt naar het zuiden.")
    await ada.ask("alert.seen", alert=alert, room=MOERWIJK_WEST)
    assert await known(town, MOERWIJK_WEST) == {f"{alert}:{ada.id}": "seen:2"}
    await ada.ask("alert.seen", alert=alert, room=MOERWIJK_WEST, n=9)
    assert await known(town, MOERWIJK_WEST) == {f"{alert}:{ada.id}": "seen:2"}


async def test_it_is_told_per_neighbourhood(desk: Desk, town: Town, resident: Resident, ada: Voice) -> None:
    """Of a street within one as well, under the neighbourhood's name; those who were not meant are nowhere."""
    far = Voice(town, await resident("Cor", GOUDKARPERSINGEL))
    near = Voice(town, await resident("Dirk", BETJE_WOLFFSTRAAT))
    alert = await broadcast(desk, ada.room)
    await ada.ask("alert.delivered", alert=alert)
    told = await reach(desk, alert)
    west = {"id": MOERWIJK_WEST, "name": "Moerwijk-West", "members": 1, "sent": 1, "delivered": 1, "seen": 0}
    assert told["neighbourhoods"] == [west]
    assert numbers(told) == [1, 1, 1, 0]
    for outsider in (far, near):
        await outsider.refused("not_found", "alert.delivered", alert=alert, room=ada.room)


async def test_who_comes_later_counts_from_then_on(desk: Desk, town: Town, resident: Resident, ada: Voice) -> None:
    """A newcomer is given the alert with the room, where it is pinned."""
    alert = await broadcast(desk)
    newcomer = Voice(town, await resident("Cor"))
    assert numbers(await reach(desk, alert)) == [2, 0, 0, 0]
    await given.note(town, {MOERWIJK_WEST: [Point(newcomer.id, await head(town, MOERWIJK_WEST))]})
    await newcomer.ask("alert.seen", alert=alert, room=MOERWIJK_WEST)
    assert numbers(await reach(desk, alert)) == [2, 1, 1, 1]


async def test_staff_in_the_room_are_not_residents(desk: Desk, town: Town, ada: Voice) -> None:
    """They may say that they have it; they are no part of whom it was for."""
    inside = await let_in(desk, "Moderator Bakker", MOERWIJK_WEST)
    alert = await broadcast(desk)
    await inside.ask("alert.delivered", alert=alert, room=MOERWIJK_WEST)
    assert numbers(await reach(desk, alert)) == [1, 0, 0, 0]


async def test_a_seen_alert_can_still_be_seen_after_its_end(desk: Desk, ada: Voice) -> None:
    """Whoever reads it late has read it."""
    alert = await broadcast(desk)
    await (await desk.voice("Sergeant Prins")).ask("alert.clear", alert=alert)
    await ada.ask("alert.seen", alert=alert, room=MOERWIJK_WEST)
    assert numbers(await reach(desk, alert)) == [1, 1, 1, 1]


async def test_a_whole_street_at_once_costs_few_goes(desk: Desk, unhurried: Town, ada: Voice, ben: Voice) -> None:
    """Fifty devices that answer in one moment are noted in two goes, each by its person."""
    alert, scripts = await broadcast(desk), list[str]()
    run = unhurried.store.run

    async def counted(name: str, *rest: Any) -> Any:
        scripts.append(name)
        return await run(name, *rest)

    unhurried.store.run = counted  # type: ignore[method-assign,assignment]
    devices = [device for _ in range(25) for device in (ada, ben)]
    replies = await asyncio.gather(
        *(device.ask("alert.delivered", alert=alert, room=MOERWIJK_WEST) for device in devices)
    )
    assert replies == [{"ok": True}] * 50
    assert len(scripts) <= 2
    assert set((await known(unhurried, MOERWIJK_WEST)).values()) == {"delivered"}


async def test_a_stranger_among_them_is_told_no_and_the_others_yes(
    desk: Desk, unhurried: Town, ada: Voice, ben: Voice
) -> None:
    """Whoever goes in the same batch, each has the right of its own person."""
    alert, nobody = await broadcast(desk), Voice(unhurried, stranger())
    nobody.room = MOERWIJK_WEST
    asked = [ada.ask("alert.delivered", alert=alert, room=MOERWIJK_WEST),
             nobody.refused("not_found", "alert.delivered", alert=alert),
             ben.ask("alert.delivered", alert=alert, room=MOERWIJK_WEST)]  # fmt: skip
    await asyncio.gather(*asked)
    assert set(await known(unhurried, MOERWIJK_WEST)) == {f"{alert}:{ada.id}", f"{alert}:{ben.id}"}


async def test_an_alert_that_is_not_there_is_not_found(desk: Desk, ada: Voice, resident: Resident, town: Town) -> None:
    """Neither one that never was, nor one of another room: both look the same, and leave nothing."""
    far = Voice(town, await resident("Cor", GOUDKARPERSINGEL))
    alert = await broadcast(desk)
    for command in ("alert.delivered", "alert.seen"):
        await ada.refused("not_found", command, alert="aaaaaaaaaaaa", room=MOERWIJK_WEST)
        await ada.refused("not_found", command, alert=alert)  # it is in the neighbourhood's room, not in the street's
        await far.refused("not_found", command, alert=alert, room=DE_VISSEN)
        await far.refused("not_found", command, alert=alert, room=MOERWIJK_WEST)
    assert await known(town, MOERWIJK_WEST) == {}


async def test_who_may_look(desk: Desk, ada: Voice) -> None:
    """Staff of the place, of either organisation; not the other end of town, nor residents."""
    alert = await broadcast(desk)
    assert (await (await desk.voice("Moderator Bakker")).ask("alert.reach", alert=alert))["members"] == 1
    await (await desk.voice("Officer Yilmaz")).refused("outside_jurisdiction", "alert.reach", alert=alert)
    await (await desk.voice("Officer Yilmaz")).refused("not_found", "alert.reach", alert="aaaaaaaaaaaa")
    await ada.refused("not_permitted", "alert.reach", alert=alert)


async def test_what_waits_has_reached_nobody(desk: Desk, ada: Voice) -> None:
    """And is nobody else's business."""
    prins = await desk.voice("Sergeant Prins")
    preview = await prins.ask("alert.preview", places=[ESCAMP], **{**SAYS, "severity": "severe"})
    waiting = await prins.ask("alert.broadcast", preview=preview["preview"], code=preview["code"])
    assert waiting["state"] == "waiting"
    assert numbers(await reach(desk, waiting["alert"])) == [1, 0, 0, 0]
    await (await desk.voice("Moderator Bakker")).refused("not_found", "alert.reach", alert=waiting["alert"])


async def test_twenty_screens_cost_one_count(desk: Desk, unhurried: Town, ada: Voice) -> None:
    """Within a second; then it is counted anew."""
    alert, prins = await broadcast(desk), await desk.voice("Sergeant Prins")
    first = await reach(desk, alert)
    await ada.ask("alert.seen", alert=alert, room=MOERWIJK_WEST)
    again = await asyncio.gather(*(prins.ask("alert.reach", alert=alert) for _ in range(20)))
    assert [numbers(told) for told in again] == [numbers(first)] * 20
    assert numbers(await reach(desk, alert)) == [1, 1, 1, 1]


async def test_what_was_known_of_whom_goes_with_the_alert(
    desk: Desk, town: Town, ada: Voice, clock: MovedClock
) -> None:
    """After its retention nobody can tell who read it."""
    alert = await broadcast(desk)
    await ada.ask("alert.seen", alert=alert, room=MOERWIJK_WEST)
    await (await desk.voice("Sergeant Prins")).ask("alert.clear", alert=alert)
    await retention.purge(town)
    assert await known(town, MOERWIJK_WEST)
    clock.forward(days=181)
    await retention.purge(town)
    assert await known(town, MOERWIJK_WEST) == {}
    await (await desk.voice("Sergeant Prins")).refused("not_found", "alert.reach", alert=alert)
