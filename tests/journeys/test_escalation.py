"""A call for help, through real sockets: raised, paged, taken, talked about, resolved, rated; and what can differ."""

from __future__ import annotations

import asyncio
from pathlib import Path

from server.app import Running, running
from server.settings import Settings
from tests.conftest import CODE_KEY, Join, settled, until
from tests.journeys.duty import Colleague, call, colleague, done, of_case, pass_time, told
from tests.neighbour import Neighbour
from tests.town import JAN_LUYKENLAAN, MovedClock

__all__ = ["colleague"]
OUTCOME = {"outcome": "on_site", "text": "Ik ben langs geweest; het is opgelost."}


async def test_a_call_is_taken_talked_about_resolved_and_rated(join: Join, colleague: Colleague) -> None:
    """Ada calls, Vega is paged and comes into the room; they talk; the outcome and whether it helped are for all."""
    ada, ben, vega = await join("Ada"), await join("Ben"), await colleague("Officer Vega")
    before = await ada.say(JAN_LUYKENLAAN, "Wat een herrie.")
    case = (await call(ada))["case"]
    raised = (await ben.expect("escalation.raised"))["data"]["case"]
    assert (raised["id"], raised["state"], raised["tier"], raised["reached"]) == (case, "paging", 1, {"paged": 1})
    page = (await vega.expect("escalation.paged"))["case"]
    assert (page["urgency"], page["place"]["name"], page["paged"]) == ("urgent", "Jan Luykenlaan", True)
    assert "text" not in page
    assert "asker" not in page

    assert (await vega.ask("page.seen", {"case": case}))["ok"]
    await told(ben, reached={"paged": 1, "sent": 1, "delivered": 1, "seen": 1})

    assert await done(vega, "accept", case) == "accepted"
    opened = await vega.expect("room.opened")
    assert opened["room"]["oldest"] == before + 1  # the log from the call on, and nothing before it
    assert [one["text"] for one in opened["cases"]] == ["Er wordt ingebroken."]
    for neighbour in (ada, ben):
        taken = (await neighbour.expect("escalation.accepted"))["data"]["case"]
        assert (taken["owner"]["name"], taken["owner"]["organisation"]) == ("Vega", "police")
        assert (await neighbour.expect("staff.entered"))["data"]["ground"] == {"kind": "case", "id": case}

    await vega.say(JAN_LUYKENLAAN, "Ik kom eraan.")
    await ada.expect("message.posted", text="Ik kom eraan.")
    await ada.say(JAN_LUYKENLAAN, "Dank je.")
    await vega.expect("message.posted", text="Dank je.")

    assert await done(vega, "resolve", case, **OUTCOME) == "resolved"
    assert (await vega.expect("room.closed"))["room"] == JAN_LUYKENLAAN
    assert (await ben.expect("escalation.resolved"))["data"]["case"]["outcome"]["code"] == "on_site"
    await ben.expect("staff.left")
    await ada.say(JAN_LUYKENLAAN, "Hij is weg.")
    await vega.expect_nothing("message.posted")
    assert await done(ada, "rate", case, helped=True) == "resolved"
    assert (await ben.expect("escalation.rated"))["data"]["case"]["helped"] is True


async def test_a_page_to_nobodys_device_counted_as_sent(server: Running, join: Join, colleague: Colleague) -> None:
    """Who is on duty and has just lost the connection is called; sent it is when a device is there again."""
    ada, vega, other = (
        await join("Ada"),
        await colleague("Officer Vega"),
        await colleague("Officer Two", "Officer Vega"),
    )
    await vega.client.disconnect()
    await until(lambda: vega.id not in server.fanout.people)
    case = (await call(ada))["case"]
    await other.expect("escalation.paged")
    await told(ada, id=case, reached={"paged": 2, "sent": 1})
    await settled(server)
    await server.sweeps.count_pages()
    await ada.expect_nothing("case.changed")
    await vega.connect()
    await told(ada, id=case, reached={"paged": 2, "sent": 2})


async def test_nobody_on_duty_is_said_at_once(join: Join, colleague: Colleague) -> None:
    """The room reads in the same moment that nobody is there, so that it calls 112 itself."""
    ada = await join("Ada")
    await colleague("Officer Vega", duty=False)
    case = (await call(ada))["case"]
    nobody = (await ada.expect("escalation.unanswered"))["data"]["case"]
    assert (nobody["id"], nobody["state"], nobody["skipped"], nobody["reached"]) == (
        case,
        "unanswered",
        [1, 2, 3],
        {"paged": 0},
    )


async def test_tiers_pass_by_the_clock(server: Running, join: Join, colleague: Colleague, clock: MovedClock) -> None:
    """A page that nobody accepts within a minute wakes the district, once, then the town; then nobody has answered."""
    ada = await join("Ada")
    vega, prins, yilmaz = [await colleague(name) for name in ("Officer Vega", "Sergeant Prins", "Officer Yilmaz")]
    await call(ada)
    await vega.expect("escalation.paged")
    await prins.expect_nothing("escalation.paged")
    await pass_time(server, clock, seconds=60)
    await prins.expect("escalation.paged")
    assert (await ada.expect("escalation.widened"))["data"]["case"]["tier"] == 2
    await pass_time(server, clock, seconds=60)
    await yilmaz.expect("escalation.paged")
    await pass_time(server, clock, seconds=60)
    await ada.expect_nothing("escalation.unanswered")
    await pass_time(server, clock, seconds=60)
    assert (await ada.expect("escalation.unanswered"))["data"]["case"]["reached"]["paged"] == 3
    for member in (vega, prins):
        await member.expect_nothing("escalation.paged")


async def test_twenty_accept_at_the_same_moment(join: Join, colleague: Colleague) -> None:
    """One wins, nineteen hear whose it is, and every page is withdrawn."""
    ada = await join("Ada")
    staff = [await colleague(f"Officer {number:02}", "Officer Vega") for number in range(20)]
    case = (await call(ada))["case"]
    await asyncio.gather(*(member.expect("escalation.paged") for member in staff))
    replies = await asyncio.gather(*(of_case(member, "accept", case) for member in staff))
    winners = [member for member, reply in zip(staff, replies, strict=True) if reply["ok"]]
    assert len(winners) == 1
    owner = winners[0].person["name"]
    refused = [reply["error"] for reply in replies if not reply["ok"]]
    assert [(error["code"], error["owner"]) for error in refused] == [("already_taken", owner)] * 19
    async with asyncio.timeout(2):
        await asyncio.gather(*(member.expect("page.withdrawn", case=case) for member in staff))
    entered = [name for _, name in ada.entries(JAN_LUYKENLAAN) if name == "staff.entered"]
    await ada.expect("staff.entered")
    await ada.expect_nothing("staff.entered")
    assert len(entered) <= 1


async def test_a_page_finds_its_person_on_every_server(
    join: Join, colleague: Colleague, clock: MovedClock, empty_redis: str, tmp_path: Path
) -> None:
    """Every process tails every feed: both devices ring, and accepting on one opens the room on both."""
    ada, vega = await join("Ada"), await colleague("Officer Vega")
    settings = Settings(port=0, redis=empty_redis, data=str(tmp_path), code_key=CODE_KEY.hex(), drain_s=1)
    async with running(settings, clock=clock) as second:
        tablet = await vega.other_device(2, second.url)
        case = (await call(ada))["case"]
        for device in (vega, tablet):
            await device.expect("escalation.paged")
        assert await done(tablet, "accept", case) == "accepted"
        for device in (vega, tablet):
            await device.expect("page.withdrawn", case=case)
            await device.expect("room.opened")
        await ada.say(JAN_LUYKENLAAN, "Wie komt er?")
        for device in (vega, tablet):
            await device.expect("message.posted", text="Wie komt er?")
        assert await done(vega, "resolve", case, **OUTCOME) == "resolved"
        for device in (vega, tablet):
            await device.expect("room.closed")
        await tablet.close()


async def test_who_declines_makes_way_at_once(join: Join, colleague: Colleague) -> None:
    """When all of a tier say no, nobody waits for its time to pass."""
    ada, vega, prins = await join("Ada"), await colleague("Officer Vega"), await colleague("Sergeant Prins")
    case = (await call(ada))["case"]
    await vega.expect("escalation.paged")
    assert await done(vega, "decline", case) == "paging"
    await vega.expect("page.withdrawn", case=case)
    await prins.expect("escalation.paged")
    await ada.expect("escalation.widened")


async def test_a_case_is_handed_over_and_never_without_an_owner(join: Join, colleague: Colleague) -> None:
    """The giver owns it until the municipality accepts; then the one leaves and the other enters."""
    ada, vega, bakker = await join("Ada"), await colleague("Officer Vega"), await colleague("Moderator Bakker")
    case = (await call(ada))["case"]
    await done(vega, "accept", case)
    await vega.expect("room.opened")
    assert await done(vega, "hand_over", case, to="municipality") == "handing_over"
    assert (await ada.expect("escalation.handing_over"))["data"]["case"]["owner"]["name"] == "Vega"
    await bakker.expect("escalation.paged")
    assert await done(bakker, "accept", case) == "accepted"
    taken = (await ada.expect("escalation.handed_over"))["data"]["case"]
    assert (taken["to"], taken["owner"]["name"]) == ("municipality", "Bakker")
    await bakker.expect("room.opened")
    await vega.expect("room.closed")
    await bakker.say(JAN_LUYKENLAAN, "De gemeente neemt het over.")
    await ada.expect("message.posted", text="De gemeente neemt het over.")
    await vega.expect_nothing("message.posted", text="De gemeente neemt het over.")


async def test_who_releases_is_out_and_others_are_paged(join: Join, colleague: Colleague) -> None:
    """It waits again, without the giver, who is in the room no longer."""
    ada, vega, other = (
        await join("Ada"),
        await colleague("Officer Vega"),
        await colleague("Officer Two", "Officer Vega"),
    )
    case = (await call(ada))["case"]
    await done(vega, "accept", case)
    await other.expect("page.withdrawn")
    assert await done(vega, "release", case) == "paging"
    await vega.expect("room.closed")
    await other.expect("escalation.paged")
    await vega.expect_nothing("escalation.paged", paged=False)
    history = {"room": JAN_LUYKENLAAN}
    await vega.refused("not_found", "room.history", history)


async def test_a_silent_owner_loses_the_case(
    server: Running, join: Join, colleague: Colleague, clock: MovedClock
) -> None:
    """A word in the room is a sign of life; without one there is a reminder, and then it is paged again."""
    ada, vega = await join("Ada"), await colleague("Officer Vega")
    case = (await call(ada))["case"]
    await done(vega, "accept", case)
    await vega.expect("room.opened")
    await pass_time(server, clock, minutes=14)
    await vega.say(JAN_LUYKENLAAN, "Bijna daar.")
    changed = (await ada.expect("case.changed"))["case"]
    assert (changed["id"], "text" in changed) == (case, False)
    await pass_time(server, clock, minutes=14)
    await ada.expect_nothing("escalation.reminded")
    await pass_time(server, clock, minutes=1.1)
    await ada.expect("escalation.reminded")
    await pass_time(server, clock, minutes=5.1)
    await ada.expect("escalation.released")
    await vega.expect("room.closed")


async def test_who_goes_off_duty_owns_nothing(join: Join, colleague: Colleague) -> None:
    """The case is paged again at once, and the one who went sees the room no longer."""
    ada, vega, prins = await join("Ada"), await colleague("Officer Vega"), await colleague("Sergeant Prins")
    case = (await call(ada))["case"]
    await done(vega, "accept", case)
    await vega.expect("room.opened")
    assert (await vega.ask("duty.stop", {"client_id": vega.next_id()}))["on"] is False
    await ada.expect("escalation.released")
    await vega.expect("room.closed")
    await prins.expect("escalation.paged")


async def test_duty_lapses_five_minutes_after_the_last_device_has_gone(
    server: Running, join: Join, colleague: Colleague, clock: MovedClock
) -> None:
    """Not before; then what was owned is paged again, and colleagues see it."""
    ada, vega, prins = await join("Ada"), await colleague("Officer Vega"), await colleague("Sergeant Prins")
    case = (await call(ada))["case"]
    await done(vega, "accept", case)
    await vega.client.disconnect()
    await ada.expect("escalation.accepted")
    await until(lambda: vega.id not in server.fanout.people)
    await pass_time(server, clock, minutes=4.9)
    await ada.expect_nothing("escalation.released")
    await pass_time(server, clock, minutes=0.3)
    await ada.expect("escalation.released")
    off = await prins.expect("duty.changed", on=False)
    assert off["person"]["id"] == vega.id


async def test_the_asker_withdraws(join: Join, colleague: Colleague) -> None:
    """Before anybody took it it is over; afterwards the outcome is still owed."""
    ada, vega = await join("Ada"), await colleague("Officer Vega")
    first = (await call(ada))["case"]
    assert await done(ada, "withdraw", first) == "withdrawn"
    await vega.expect("page.withdrawn", case=first)
    second = (await call(ada))["case"]
    await done(vega, "accept", second)
    assert await done(ada, "withdraw", second) == "accepted"
    assert await done(vega, "resolve", second, **OUTCOME) == "resolved"


async def test_a_case_is_reopened_once(join: Join, colleague: Colleague) -> None:
    """The asker needs it after all: the last owner is paged too."""
    ada, vega = await join("Ada"), await colleague("Officer Vega")
    case = (await call(ada))["case"]
    await done(vega, "accept", case)
    await done(vega, "resolve", case, **OUTCOME)
    vega.unread.clear()
    assert await done(ada, "reopen", case) == "paging"
    await vega.expect("escalation.paged")
    await done(vega, "accept", case)
    await done(vega, "resolve", case, **OUTCOME)
    assert (await of_case(ada, "reopen", case))["error"]["code"] == "wrong_state"


async def test_what_was_for_information_is_reopened_for_its_last_owner(join: Join, colleague: Colleague) -> None:
    """It has no tiers: who knows it is called all the same, wherever they look, and the call counts as any."""
    ada, vega, prins = await join("Ada"), await colleague("Officer Vega"), await colleague("Sergeant Prins")
    case = (await call(ada, urgency="information"))["case"]
    await done(vega, "accept", case)
    await done(vega, "resolve", case, **OUTCOME)
    assert await done(ada, "reopen", case) == "listed"
    assert (await vega.expect("escalation.paged"))["case"]["id"] == case
    await vega.client.disconnect()
    await vega.connect()
    assert [one["paged"] for one in vega.welcome["cases"]] == [True]
    assert (await vega.ask("page.seen", {"case": case}))["ok"]
    await told(ada, id=case, reached={"paged": 1, "sent": 1, "delivered": 1, "seen": 1})
    await prins.expect_nothing("escalation.paged")
    await done(prins, "accept", case)
    await vega.expect("page.withdrawn", case=case)


async def test_an_owner_hears_that_it_has_become_urgent(join: Join, colleague: Colleague) -> None:
    """In its room, on every device and with the case whole; and the colleagues at their desk."""
    ada, ben = await join("Ada"), await join("Ben")
    vega, prins = await colleague("Officer Vega"), await colleague("Sergeant Prins")
    danger = {"room": JAN_LUYKENLAAN, "kind": "burglary", "text": "Er wordt ingebroken.", "emergency": "called"}
    warning = (await ada.ask("warning.raise", {"client_id": ada.next_id(), **danger}))["seq"]
    case = (await call(ada, warning=warning, urgency="soon"))["case"]
    await done(vega, "accept", case)
    await vega.expect("room.opened")
    assert (await call(ben, warning=warning))["case"] == case
    told_of = (await vega.expect("escalation.reminded"))["data"]["case"]
    assert (told_of["id"], told_of["urgency"], told_of["owner"]["id"]) == (case, "urgent", vega.id)
    await told(prins, id=case, urgency="urgent", state="accepted")


async def test_who_comes_later_sees_the_card(join: Join, colleague: Colleague) -> None:
    """The welcome has the open cases of one's rooms whole, and the desk's as pages, wherever one was meanwhile."""
    ada, vega = await join("Ada"), await colleague("Officer Vega")
    case = (await call(ada))["case"]
    ben, prins = await join("Ben"), await colleague("Sergeant Prins", duty=False)
    (card,) = ben.welcome["cases"]
    assert (card["id"], card["text"], card["asker"]["name"]) == (case, "Er wordt ingebroken.", "Ada")
    (listed,) = prins.welcome["cases"]
    assert (listed["id"], "text" in listed, "paged" in listed) == (case, False, False)
    assert prins.welcome["duty"] == {"on": False, "colleagues": [{**vega.by}]}
    await done(vega, "accept", case)
    await vega.connect()
    assert JAN_LUYKENLAAN in [room["id"] for room in vega.welcome["rooms"]]
    assert [one["text"] for one in vega.welcome["cases"]] == ["Er wordt ingebroken."]
    await done(vega, "resolve", case, **OUTCOME)
    await vega.connect()
    assert JAN_LUYKENLAAN not in [room["id"] for room in vega.welcome["rooms"]]


async def test_the_desk_is_live(join: Join, colleague: Colleague) -> None:
    """Who is not paged still sees how every case of the area stands; staff of elsewhere see nothing."""
    ada, vega = await join("Ada"), await colleague("Officer Vega")
    prins, yilmaz = await colleague("Sergeant Prins"), await colleague("Officer Yilmaz")
    case = (await call(ada))["case"]
    await told(prins, state="paging")
    await done(vega, "accept", case)
    assert (await told(prins, state="accepted"))["owner"]["name"] == "Vega"
    await yilmaz.expect_nothing("case.changed")


async def _refused(who: Neighbour, name: str, case: str) -> str:
    return str((await of_case(who, name, case))["error"]["code"])


async def test_only_those_who_are_meant_act(join: Join, colleague: Colleague) -> None:
    """Neighbours can't take a case, colleagues of elsewhere or off duty neither, and nobody resolves another's."""
    ada, ben, vega = await join("Ada"), await join("Ben"), await colleague("Officer Vega")
    yilmaz, off = await colleague("Officer Yilmaz"), await colleague("Sergeant Prins", duty=False)
    bakker = await colleague("Moderator Bakker")
    case = (await call(ada))["case"]
    assert await _refused(ben, "accept", case) == "not_permitted"
    assert await _refused(ben, "withdraw", case) == "not_permitted"
    assert await _refused(yilmaz, "accept", case) == "outside_jurisdiction"
    assert await _refused(off, "accept", case) == "not_on_duty"
    assert await _refused(bakker, "accept", case) == "not_found"
    assert await _refused(vega, "accept", f"{case[:4]}nergensnerge") == "not_found"
    assert await _refused(vega, "release", case) == "wrong_state"
    await done(vega, "accept", case)
    assert await _refused(yilmaz, "release", case) == "not_permitted"
    assert await _refused(bakker, "release", case) == "not_found"
