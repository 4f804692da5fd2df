"""Duty: by hand, and only as long as a device is there; what it means for cases follows, also after a crash."""

from __future__ import annotations

import asyncio

import pytest

from rooms import account, duty, overdue, roster
from rooms import staff as staff_accounts
from rooms.keys import TOWN, due
from rooms.on_call import OnDuty
from rooms.store import Store
from rooms.town import Town
from tests.rooms.desk_cast import Desk
from tests.rooms.voice import Voice
from tests.town import MovedClock


async def _on(town: Town) -> list[str]:
    return [one.by.name for one in await roster.everyone(town)]


async def test_duty_is_on_and_off_by_hand(desk: Desk) -> None:
    """In the order in which they came; twice on is once on."""
    await desk.on_duty("Officer Vega", "Sergeant Prins", "Officer Vega")
    assert await _on(desk.town) == ["Officer Vega", "Sergeant Prins"]
    await desk.off_duty("Officer Vega")
    assert await _on(desk.town) == ["Sergeant Prins"]


async def test_a_repeat_changes_nothing(desk: Desk) -> None:
    """An old "on" that comes late does not undo an "off"."""
    vega = await desk.voice("Officer Vega")
    number = vega.next_id()
    first = await vega.ask("duty.start", client_id=number)
    await vega.ask("duty.stop")
    assert await vega.ask("duty.start", client_id=number) == first == {"ok": True, "on": True}
    assert await _on(desk.town) == []


async def test_residents_have_no_duty(ada: Voice) -> None:
    """Only staff are paged."""
    await ada.refused("not_permitted", "duty.start")


async def test_who_comes_on_duty_is_paged_for_what_waits(desk: Desk, ada: Voice) -> None:
    """Also for what nobody answered; and whoever goes is paged no longer."""
    case = (await desk.call(ada))["case"]
    await desk.on_duty("Officer Vega")
    assert await desk.names((await desk.case(case)).paged) == {"Officer Vega"}
    await desk.off_duty("Officer Vega")
    assert (await desk.case(case)).paged == ()
    assert (await desk.case(case)).state == "unanswered"


async def test_duty_lapses_when_the_last_device_has_been_gone(desk: Desk, ada: Voice, clock: MovedClock) -> None:
    """Five minutes after the lease was renewed for the last time, and what was owned is paged anew."""
    await desk.on_duty("Officer Vega", "Sergeant Prins")
    case = (await desk.call(ada))["case"]
    await desk.ask("Officer Vega", "escalation.accept", case)
    vega, prins = await desk.voice("Officer Vega"), await desk.voice("Sergeant Prins")
    await roster.renew(desk.town, [vega.id], linger_ms=0)
    clock.forward(minutes=4.9)
    await roster.renew(desk.town, [prins.id])
    assert await duty.lapse(desk.town) == 0
    clock.forward(seconds=12)
    assert await duty.lapse(desk.town) == 1
    assert await _on(desk.town) == ["Sergeant Prins"]
    assert (await desk.case(case)).state == "paging"


async def test_a_renewal_puts_nobody_on_duty(desk: Desk) -> None:
    """To be connected is not to be on duty."""
    await roster.renew(desk.town, [(await desk.voice("Officer Vega")).id])
    assert await _on(desk.town) == []
    assert await duty.lapse(desk.town) == 0


async def test_cases_follow_although_the_process_died(
    desk: Desk, ada: Voice, clock: MovedClock, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between going off duty and letting the cases follow stands a deadline; any process sees to it."""
    await desk.on_duty("Officer Vega", "Sergeant Prins")
    case = (await desk.call(ada))["case"]
    await desk.ask("Officer Vega", "escalation.accept", case)
    with monkeypatch.context() as killed:
        killed.setattr(duty, "_let_follow", _nothing)
        await desk.off_duty("Officer Vega")
    assert (await desk.case(case)).state == "accepted"
    clock.forward(seconds=3)
    assert await duty.overdue(desk.town, clock.now_ms()) == 1
    assert (await desk.case(case)).state == "paging"
    assert await store.read("ZCARD", due(TOWN)) == 0


async def _nothing(*_asked: object) -> None:
    """A process that is killed here."""


async def test_an_account_that_ends_owns_nothing(desk: Desk, ada: Voice) -> None:
    """Whoever is removed is off duty, out of the room, and the case is paged to others."""
    await desk.on_duty("Officer Vega", "Sergeant Prins")
    case = (await desk.call(ada))["case"]
    await desk.ask("Officer Vega", "escalation.accept", case)
    await staff_accounts.remove(desk.town, "Officer Vega")
    assert (await desk.case(case)).state == "paging"
    assert (await ada.page())[-1]["event"] == "staff.left"
    assert await overdue.overdue(desk.town, desk.clock.now_ms()) == 0


async def test_all_who_lapse_are_off_before_one_look_at_the_cases(
    desk: Desk, ada: Voice, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A building without power takes many off at once: no case is paged to one of them, and all are looked at once."""
    await desk.on_duty("Officer Vega", "Sergeant Prins", "Officer Yilmaz")
    case = (await desk.call(ada))["case"]
    await desk.ask("Officer Vega", "escalation.accept", case)
    looks: list[int] = []
    look = overdue.duty_changed

    async def count(town: Town, now_ms: int) -> None:
        looks.append(now_ms)
        await look(town, now_ms)

    monkeypatch.setattr(duty, "duty_changed", count)
    clock.forward(minutes=6)
    assert await duty.lapse(desk.town) == 3
    assert len(looks) == 1
    told = [entry["event"] for entry in await ada.page()]
    assert told[-3:] == ["escalation.released", "escalation.unanswered", "staff.left"]
    assert (await desk.case(case)).reached == ((await desk.voice("Officer Vega")).id,)


async def test_a_change_of_shift_looked_at_every_case_for_each_who_came(
    desk: Desk, ada: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a thousand open, one look takes a second: who comes during one is in the next, with all who come then."""
    shift = [f"Officer {number}" for number in range(20)]
    for name in shift:
        await desk.voice(name, like="Officer Vega")
    case = (await desk.call(ada))["case"]
    looks: list[int] = []
    look = overdue.duty_changed

    async def count(town: Town, now_ms: int) -> None:
        looks.append(now_ms)
        await look(town, now_ms)

    monkeypatch.setattr(duty, "duty_changed", count)
    await asyncio.gather(*(desk.on_duty(name) for name in shift))
    assert len(looks) <= 2
    assert await desk.names((await desk.case(case)).paged) == set(shift)


async def test_one_whose_lapse_fails_keeps_nobody_else_on_duty(
    desk: Desk, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others go off; the fault is told, and tried again with the next tick."""
    await desk.on_duty("Officer Vega", "Sergeant Prins")
    end = duty._end

    async def faulty(town: Town, member: OnDuty, now_ms: int) -> bool:
        if member.by.name == "Officer Vega":
            raise ValueError
        return await end(town, member, now_ms)

    clock.forward(minutes=6)
    with monkeypatch.context() as broken:
        broken.setattr(duty, "_end", faulty)
        with pytest.raises(ValueError):  # noqa: PT011 - it has no words
            await duty.lapse(desk.town)
    assert await _on(desk.town) == ["Officer Vega"]
    assert await duty.lapse(desk.town) == 1


async def test_who_has_followed_one_change_leaves_the_deadline_of_the_next(
    desk: Desk, clock: MovedClock, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody goes off duty while the cases still follow the coming, and that process dies: it is seen to."""
    follow = overdue.duty_changed

    async def meanwhile(town: Town, now_ms: int) -> None:
        await follow(town, now_ms)
        with monkeypatch.context() as killed:
            killed.setattr(duty, "_let_follow", _nothing)
            clock.forward(ms=5)
            await desk.off_duty("Officer Vega")

    with monkeypatch.context() as race:
        race.setattr(duty, "duty_changed", meanwhile)
        await desk.on_duty("Officer Vega")
    assert await store.read("ZCARD", due(TOWN)) == 1
    clock.forward(seconds=3)
    assert await duty.overdue(desk.town, clock.now_ms()) == 1
    assert await store.read("ZCARD", due(TOWN)) == 0


async def test_whoever_is_removed_comes_on_duty_no_more(
    desk: Desk, ada: Voice, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by a command that was under way, nor by a process that still holds a connection of theirs."""
    vega = await desk.voice("Officer Vega")
    await desk.on_duty("Officer Vega")
    close = account.close

    async def meanwhile(town: Town, known: account.Account) -> None:
        await vega.refused("not_permitted", "duty.start")
        await roster.renew(town, [vega.id])
        await close(town, known)

    monkeypatch.setattr(account, "close", meanwhile)
    await staff_accounts.remove(desk.town, "Officer Vega")
    await vega.refused("not_permitted", "duty.start")
    assert await _on(desk.town) == []
    assert (await desk.case((await desk.call(ada))["case"])).state == "unanswered"


async def test_a_removal_that_was_interrupted_is_said_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Off duty at once, and the rest of the account ends the second time."""
    await desk.on_duty("Officer Vega")
    with monkeypatch.context() as killed:
        killed.setattr(account, "close", _dies)
        with pytest.raises(ConnectionError):
            await staff_accounts.remove(desk.town, "Officer Vega")
    assert await _on(desk.town) == []
    await staff_accounts.remove(desk.town, "Officer Vega")
    assert await staff_accounts.everyone(desk.town) == []


async def _dies(*_asked: object) -> None:
    raise ConnectionError
