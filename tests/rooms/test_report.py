"""Reports: filed, hidden by three, taken by one, decided with reasons, appealed to another."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from rooms import account, keys, notice, report_due, report_record, retention
from rooms.keys import RoomKeys
from rooms.refusal import Refusal
from rooms.report import CLOCK_MS, PRESSING_MS, Report
from rooms.town import Town
from tests.rooms.conftest import Resident
from tests.rooms.desk_cast import Desk
from tests.rooms.report_cast import (
    WHY,
    decide,
    deeds,
    events,
    file,
    forward,
    inside,
    listed,
    measure,
    notices,
    queue,
)
from tests.rooms.voice import Voice
from tests.town import JAN_LUYKENLAAN, POLICE_DESK, MovedClock

DANGER = {"kind": "burglary", "text": "Er wordt ingebroken.", "emergency": "called"}


@pytest.fixture
async def cor(town: Town, resident: Resident, ben: Voice) -> Voice:
    return Voice(town, await resident("Cor"))


@pytest.fixture
async def dirk(town: Town, resident: Resident, cor: Voice) -> Voice:
    return Voice(town, await resident("Dirk"))


@pytest.fixture
async def bakker(desk: Desk) -> Voice:
    return await desk.voice("Moderator Bakker")


@pytest.fixture
async def visser(desk: Desk) -> Voice:
    return await desk.voice("Moderator Visser")


async def enter(who: Voice, report: str) -> None:
    await who.ask("room.enter", room=JAN_LUYKENLAAN, ground={"kind": "report", "id": report})


async def rows(who: Voice, seq: int, **asked: Any) -> dict[str, Any]:
    """What somebody finds at a number."""
    return next(entry for entry in await who.page(**asked) if entry["seq"] == seq)


# filing ----------------------------------------------------------------------------------------------


async def test_a_report_waits_in_the_queue_without_a_word(ada: Voice, ben: Voice, bakker: Voice, town: Town) -> None:
    """What it is about, why, and by when; nothing of what was said, nor of who reported it."""
    target = await ada.say("Jij bent een schurk!")
    report = await file(ben, target, note="Dit gaat over mij.")
    (row,) = await queue(bakker)
    assert (row["report"], row["target"], row["state"], list(row["reasons"])) == (report, target, "waiting", ["insult"])
    assert row["deadline"] - row["since"] == CLOCK_MS
    assert not [word for word in ("schurk", "over mij", ben.id, ada.id) if word in str(row)]
    assert await listed(town, "reported") == 1


async def test_one_entry_has_one_report(ada: Voice, ben: Voice, cor: Voice, bakker: Voice) -> None:
    """Who reports it too is one reporter more, once, and the clock takes the more pressing reason."""
    target = await ada.say("Hij woont op nummer 12.")
    first = await file(ben, target)
    assert await file(cor, target, "private_data") == first
    assert await file(ben, target, "spam") == first
    (row,) = await queue(bakker)
    assert (row["reporters"], list(row["reasons"])) == (2, ["insult", "private_data"])
    assert row["deadline"] - row["since"] <= PRESSING_MS + 1000


async def test_a_later_wording_is_the_message_itself(ada: Voice, ben: Voice, bakker: Voice) -> None:
    """Reporting the edit reports the message."""
    target = await ada.say("Schurk")
    edited = (await ada.ask("message.edit", target=target, text="Schurk!"))["seq"]
    await file(ben, edited)
    assert [row["target"] for row in await queue(bakker)] == [target]


async def test_what_nobody_said_is_not_reported(desk: Desk, ada: Voice, ben: Voice, town: Town) -> None:
    """A coming, a reaction, a number without an entry, words taken back, a room of staff or of a case."""
    said = await ada.say("Hallo")
    react = (await ben.ask("message.react", target=said, reaction="heart"))["seq"]
    gone = await ada.say("Weg ermee")
    await ada.ask("message.retract", target=gone)
    for target in (1, react, gone, 10**6):
        await ben.refused("wrong_target", "report.file", target=target, reason="spam")
    vega = await desk.voice("Officer Vega")
    there = await vega.say("Goedemorgen", room=POLICE_DESK)
    await vega.refused("wrong_target", "report.file", room=POLICE_DESK, target=there, reason="spam")
    case = (await desk.call(ada, private=True))["case"]
    await ada.refused("wrong_target", "report.file", room=f"case:{case}", target=1, reason="spam")


async def test_copies_of_a_report_at_once_are_one(ada: Voice, ben: Voice, cor: Voice, town: Town) -> None:
    """However many come at the same moment, there is one report, and each reporter once."""
    target = await ada.say("Schurk")
    number = ben.next_id()
    filed = [file(ben, target, client_id=number) for _ in range(10)] + [file(cor, target) for _ in range(5)]
    assert len(set(await asyncio.gather(*filed))) == 1
    assert await listed(town, "reported") == 1


# under review ----------------------------------------------------------------------------------------


async def test_three_reports_hide_an_entry(
    ada: Voice, ben: Voice, cor: Voice, dirk: Voice, bakker: Voice, town: Town
) -> None:
    """By three members: readers find a marker, also for its later wordings; the author hears of it; who decides reads
    it."""
    target = await ada.say("Jij bent een schurk!")
    edited = (await ada.ask("message.edit", target=target, text="Jij bent een grote schurk!"))["seq"]
    report = await file(ben, target)
    await file(ben, target, "hate")
    await file(cor, target)
    assert (await rows(ben, target))["event"] == "message.posted"
    await file(dirk, edited)
    for seq in (target, edited):
        row = await rows(ben, seq)
        assert (row["event"], row["data"]["reason"]) == ("entry.blanked", "review")
    assert row["data"]["target"] == target, "the marker of a later wording says whose it is"
    assert (await ada.page())[-1]["data"] == {"target": target, "reason": "review"}
    assert [one["kind"] for one in await notices(ada)] == ["reviewed"]
    await bakker.ask("report.take", report=report)
    await enter(bakker, report)
    assert (await rows(bakker, target, room=JAN_LUYKENLAAN))["data"]["text"] == "Jij bent een schurk!"
    await ben.refused("wrong_target", "message.post", text="Zelf!", reply_to=target)
    await ada.refused("wrong_target", "message.edit", target=target, text="Nee hoor.")


async def test_some_entries_are_never_hidden_by_reports(
    desk: Desk, ada: Voice, ben: Voice, cor: Voice, dirk: Voice, town: Town
) -> None:
    """An entry of staff, a warning in force, a case."""
    await desk.on_duty("Officer Vega")
    warning = (await ada.ask("warning.raise", **DANGER))["seq"]
    call = await desk.call(ada)
    await desk.ask("Officer Vega", "escalation.accept", call["case"])
    staff = await (await desk.voice("Officer Vega")).say("Ik kom.", room=JAN_LUYKENLAAN)
    for target in (warning, call["seq"], staff):
        for who in (ben, cor, dirk):
            await file(who, target, "false_alarm")
    assert "entry.hidden" not in await events(ada)


# deciding --------------------------------------------------------------------------------------------


async def test_a_decision_is_told_with_its_reasons(ada: Voice, ben: Voice, bakker: Voice, town: Town) -> None:
    """To the author the rule, the facts and how to appeal; to who reported it that something was done."""
    target = await ada.say("Jij bent een schurk!")
    report = await file(ben, target)
    assert await decide(bakker, report, "hide") == "decided"
    (statement,) = await notices(ada)
    assert (statement["kind"], statement["decision"], statement["rule"]) == ("decided", "hide", "insult")
    assert (statement["facts"], statement["report"]) == (WHY["facts"], report)
    assert statement["appeal_until"] > town.clock.now_ms()
    (answer,) = await notices(ben)
    assert (answer["kind"], answer["acted"]) == ("answered", True)
    assert not {"decision", "rule", "facts"} & set(answer)
    assert (await rows(ben, target))["data"]["reason"] == "hidden"
    assert await queue(bakker) == []
    assert await listed(town, "reported") == 0
    assert (await deeds(town))[-3:] == ["report.taken", "report.decided", "measure.hidden"]


async def test_keeping_brings_an_entry_back(ada: Voice, ben: Voice, cor: Voice, dirk: Voice, bakker: Voice) -> None:
    """What three had hidden is there again, and they hear that nothing was done."""
    target = await ada.say("Mooi weer")
    for who in (ben, cor, dirk):
        report = await file(who, target)
    assert await decide(bakker, report, "keep") == "decided"
    assert (await rows(ben, target))["data"]["text"] == "Mooi weer"
    assert (await ben.page())[-1]["event"] == "entry.restored"
    assert [one["acted"] for one in await notices(cor)] == [False]


async def test_three_who_disagree_with_a_decision_do_not_undo_it(
    ada: Voice, ben: Voice, cor: Voice, dirk: Voice, bakker: Voice, town: Town, clock: MovedClock
) -> None:
    """What a moderator has kept can be reported again and waits in the queue, but is not hidden by their number."""
    target = await ada.say("Mooi weer")
    for who in (ben, cor, dirk):
        report = await file(who, target)
    await decide(bakker, report, "keep")
    for who in (ben, cor, dirk):
        again = await file(who, target)
    assert again != report
    assert (await rows(ben, target))["data"]["text"] == "Mooi weer"
    assert [row["reporters"] for row in await queue(bakker)] == [3]
    await decide(bakker, again, "keep")
    await forward(town, clock, days=8)
    assert await listed(town, "judged") == 1
    await forward(town, clock, days=180)
    await retention.purge(town)
    assert await listed(town, "judged") == 0


async def test_a_report_without_consequence_troubles_no_author(ada: Voice, ben: Voice, bakker: Voice) -> None:
    """Nothing had happened, and nothing does: there is nothing to tell."""
    report = await file(ben, await ada.say("Mooi weer"))
    await decide(bakker, report, "keep")
    assert await notices(ada) == []


async def test_one_moderator_decides(desk: Desk, ada: Voice, ben: Voice, bakker: Voice, visser: Voice) -> None:
    """The one who took it; nobody who did not, and nobody twice."""
    report = await file(ben, await ada.say("Schurk"))
    await bakker.refused("wrong_state", "report.decide", report=report, decision="keep")
    await bakker.ask("report.take", report=report)
    await bakker.ask("report.take", report=report)
    refusal: dict[str, Any] = await visser.refused("already_taken", "report.take", report=report)
    assert refusal["error"]["owner"] == "Moderator Bakker"
    await visser.refused("already_taken", "report.decide", report=report, decision="keep")
    await bakker.ask("report.decide", report=report, decision="keep")
    await bakker.refused("wrong_state", "report.decide", report=report, decision="keep")


async def test_only_the_municipality_of_the_area_judges(desk: Desk, ada: Voice, ben: Voice) -> None:
    """The police, colleagues elsewhere and neighbours hear what is heard of no report."""
    report = await file(ben, await ada.say("Schurk"))
    for name in ("Moderator Ver", "Moderator Politie"):
        who = await desk.voice(name)
        assert await queue(who) == []
        await who.refused("not_found", "report.take", report=report)
        await who.refused("not_found", "report.read", report=report)
        await who.refused("not_found", "report.second", report=report, agree=True)
        await who.refused("not_found", "report.take", report="p07.nergensnerge")
    vega = await desk.voice("Officer Vega")
    for who in (vega, ben):
        await who.refused("not_permitted", "report.list")
        await who.refused("not_permitted", "report.take", report=report)


async def test_what_is_written_to_who_decides_is_for_them(ada: Voice, ben: Voice, bakker: Voice, visser: Voice) -> None:
    """The notes of reporters, when the report is taken."""
    report = await file(ben, await ada.say("Schurk"), note="Dit gaat over mij.")
    await bakker.refused("wrong_state", "report.read", report=report)
    await bakker.ask("report.take", report=report)
    assert (await bakker.ask("report.read", report=report))["notes"] == ["Dit gaat over mij."]
    await visser.refused("wrong_state", "report.read", report=report)


async def test_nobody_decides_about_themselves(ada: Voice, bakker: Voice, visser: Voice, desk: Desk) -> None:
    """A report on what a moderator wrote is for another one."""
    await desk.on_duty("Moderator Bakker")
    case = (await desk.call(ada, to="municipality"))["case"]
    await desk.ask("Moderator Bakker", "escalation.accept", case)
    report = await file(ada, await bakker.say("Dat is uw eigen schuld.", room=JAN_LUYKENLAAN))
    await bakker.refused("conflict_of_interest", "report.take", report=report)
    await visser.ask("report.take", report=report)
    await visser.refused("not_permitted", "report.decide", report=report, decision="mute", minutes=60, **WHY)
    await visser.ask("report.decide", report=report, decision="hide", **WHY)


async def test_a_warning_in_force_is_not_hidden(ada: Voice, ben: Voice, bakker: Voice) -> None:
    """It is retracted, with a notice to all who were given it; when it is over, it can be hidden like talk."""
    target = (await ada.ask("warning.raise", **DANGER))["seq"]
    report = await file(ben, target, "false_alarm")
    await bakker.ask("report.take", report=report)
    await bakker.refused("wrong_target", "report.decide", report=report, decision="hide", **WHY)
    await ada.ask("warning.clear", target=target)
    await bakker.ask("report.decide", report=report, decision="hide", **WHY)
    assert (await rows(ben, target))["data"]["reason"] == "hidden"


async def test_the_other_words_of_a_warning_are_hidden_with_it(ada: Voice, ben: Voice, bakker: Voice) -> None:
    """Words that came by a correction can be reported, and no correction stays readable when the warning is hidden."""
    target = (await ada.ask("warning.raise", kind="nuisance", text="Er is veel lawaai op straat."))["seq"]
    await ada.ask("warning.clear", target=target)
    said = {"reason": "Het was nog erger.", "text": "Die buurman is een grote schurk."}
    corrected = (await ada.ask("warning.correct", target=target, **said))["seq"]
    await decide(bakker, await file(ben, corrected), "hide")
    for seq in (target, corrected):
        assert (await rows(ben, seq))["data"]["reason"] == "hidden"


async def test_what_is_removed_goes_for_good_after_the_appeal(
    ada: Voice, ben: Voice, bakker: Voice, town: Town, clock: MovedClock
) -> None:
    """At once for readers; from the log when nobody can appeal any longer."""
    target = await ada.say("Hij woont op nummer 12.")
    edited = (await ada.ask("message.edit", target=target, text="Hij woont op nummer 14."))["seq"]
    await decide(bakker, await file(ben, target, "private_data"), "remove")
    assert (await rows(ben, target))["data"]["reason"] == "moderation"
    of = RoomKeys(JAN_LUYKENLAAN)
    assert len(await town.store.read("XRANGE", of.log, f"{target}-0", f"{target}-0")) == 1
    await forward(town, clock, days=7, seconds=1)
    for seq in (target, edited):
        assert await town.store.read("XRANGE", of.log, f"{seq}-0", f"{seq}-0") == []
        assert (await rows(ben, seq))["data"]["reason"] == "moderation"


async def test_what_another_measure_brought_back_is_not_deleted_a_week_later(
    desk: Desk, ada: Voice, ben: Voice, town: Town, clock: MovedClock
) -> None:
    """The report that removed it can no longer be appealed; a later measure had decided otherwise by then."""
    target = await ada.say("Kijk eens naar het dak van de school.")
    visser = await inside(desk, "Moderator Visser")
    await measure(visser, target, "remove")
    await measure(visser, target, "restore")
    await forward(town, clock, days=7, seconds=1)
    assert (await rows(ben, target))["event"] == "message.posted"


# the clock -------------------------------------------------------------------------------------------


async def test_a_report_that_waits_too_long_is_late(
    ada: Voice, ben: Voice, bakker: Voice, visser: Voice, town: Town, clock: MovedClock
) -> None:
    """It stands first in the queue, and whoever had it has it no longer."""
    slow = await file(ben, await ada.say("Schurk"))
    report = await file(ben, await ada.say("Vieze buitenlander"), "hate")
    await bakker.ask("report.take", report=report)
    await forward(town, clock, minutes=30)
    first, second = await queue(visser)
    assert (first["report"], first["late"], first["state"]) == (report, True, "waiting")
    assert second["report"] == slow
    assert "owner" not in first
    assert await decide(visser, report, "hide") == "decided"
    assert await report_due.overdue(town, clock.now_ms()) == 0


# appealing -------------------------------------------------------------------------------------------


async def test_an_appeal_goes_to_another_moderator(
    ada: Voice, ben: Voice, bakker: Voice, visser: Voice, town: Town
) -> None:
    """Who decided before can't; what the second one decides is the last word, and undoes what was done."""
    target = await ada.say("Wat een schurkenstreek!")
    report = await file(ben, target)
    await decide(bakker, report, "mute", entry="hide", minutes=60)
    await ada.refused("muted", "message.post", text="Hoezo?")
    await ben.refused("not_found", "report.appeal", report=report, text="Ik ben het eens met Ada.")
    assert (await ada.ask("report.appeal", report=report, text="Ik bedoelde het bedrijf."))["state"] == "appealed"
    await ada.refused("wrong_state", "report.appeal", report=report, text="Ik bedoelde het bedrijf.")
    await bakker.refused("conflict_of_interest", "report.take", report=report)
    await visser.ask("report.take", report=report)
    assert (await visser.ask("report.read", report=report))["notes"][0] == "Ik bedoelde het bedrijf."
    assert (await visser.ask("report.decide", report=report, decision="keep"))["state"] == "final"
    await ada.say("Dank u")
    assert (await rows(ben, target))["data"]["text"] == "Wat een schurkenstreek!"
    assert [one["kind"] for one in await notices(ada)] == ["decided", "appeal_decided"]
    assert [one["kind"] for one in await notices(ben)] == ["answered"]
    assert (await deeds(town))[-2:] == ["report.appeal_decided", "measure.restored"]
    await ada.refused("wrong_state", "report.appeal", report=report, text="Nog een keer graag.")


async def test_an_appeal_and_a_new_report_on_one_entry_are_both_counted(
    ada: Voice, ben: Voice, cor: Voice, bakker: Voice, visser: Voice, town: Town
) -> None:
    """The appeal opens the first report again while another is open; each is closed by itself, and none is lost."""
    target = await ada.say("Jij bent een schurk!")
    first = await file(ben, target)
    await decide(bakker, first, "warn")
    second = await file(cor, target)
    await ada.ask("report.appeal", report=first, text="Het was een grap tussen vrienden.")
    assert {row["report"] for row in await queue(visser)} == {first, second}
    assert await listed(town, "reported") == 2
    assert await file(ben, target) == second, "whoever reports it now joins the one that is no appeal"
    await decide(bakker, second, "keep")
    assert await listed(town, "reported") == 1
    assert await decide(visser, first, "keep") == "final"
    assert await listed(town, "reported") == 0


async def test_an_appeal_has_a_week(ada: Voice, ben: Voice, bakker: Voice, town: Town, clock: MovedClock) -> None:
    """After that a decision is final."""
    report = await file(ben, await ada.say("Schurk"))
    await ada.refused("wrong_state", "report.appeal", report=report, text="Ik ben het er niet mee eens.")
    await decide(bakker, report, "hide")
    await forward(town, clock, days=7, seconds=1)
    await ada.refused("too_late", "report.appeal", report=report, text="Ik ben het er niet mee eens.")


# giving it back --------------------------------------------------------------------------------------


async def test_who_took_a_report_by_mistake_gives_it_back(
    desk: Desk, ada: Voice, ben: Voice, bakker: Voice, visser: Voice, town: Town
) -> None:
    """It waits for anybody again, with the clock that it had; only its owner can, and a repeat is one deed."""
    report = await file(ben, await ada.say("Schurk"))
    await bakker.refused("wrong_state", "report.release", report=report)
    await bakker.ask("report.take", report=report)
    before = (await queue(bakker))[0]["deadline"]
    await visser.refused("already_taken", "report.release", report=report)
    await (await desk.voice("Moderator Ver")).refused("not_found", "report.release", report=report)
    number = bakker.next_id()
    assert (await bakker.ask("report.release", report=report, client_id=number))["state"] == "waiting"
    (row,) = await queue(visser)
    assert (row["state"], row.get("owner"), row["deadline"]) == ("waiting", None, before)
    assert await decide(visser, report, "warn") == "decided"
    assert (await bakker.ask("report.release", report=report, client_id=number))["state"] == "waiting"
    assert [deed for deed in await deeds(town) if deed.startswith("report.")] == [
        "report.taken", "report.released", "report.taken", "report.decided",
    ]  # fmt: skip


async def test_a_moderator_who_went_home_blocks_no_report(
    ada: Voice, ben: Voice, bakker: Voice, visser: Voice, town: Town, clock: MovedClock
) -> None:
    """An hour after it was taken it is free, late or not; who comes back must take it again, unless another has it."""
    report = await file(ben, await ada.say("Schurk"))
    await bakker.ask("report.take", report=report)
    await forward(town, clock, minutes=59)
    await visser.refused("already_taken", "report.take", report=report)
    await forward(town, clock, minutes=2)
    assert [(row["state"], row.get("late", False)) for row in await queue(visser)] == [("waiting", False)]
    await bakker.refused("wrong_state", "report.decide", report=report, decision="keep")
    await forward(town, clock, days=1)
    await bakker.ask("report.take", report=report)
    await forward(town, clock, minutes=61)
    assert [(row["state"], row.get("late", False)) for row in await queue(visser)] == [("waiting", True)]
    assert await decide(visser, report, "warn") == "decided"


async def test_new_words_after_a_decision_can_be_hidden_again(
    ada: Voice, ben: Voice, cor: Voice, dirk: Voice, bakker: Voice
) -> None:
    """What was looked at and kept is not what it says now."""
    target = await ada.say("Mooi weer")
    await decide(bakker, await file(ben, target), "keep")
    await ada.ask("message.edit", target=target, text="Jullie zijn allemaal schurken!")
    for who in (ben, cor, dirk):
        await file(who, target)
    assert (await rows(ben, target))["data"]["reason"] == "review"


# expelling -------------------------------------------------------------------------------------------


async def test_expelling_takes_two(ada: Voice, ben: Voice, bakker: Voice, visser: Voice, town: Town) -> None:
    """The first can't be the second; until then nothing is done to the author, and then the room closes."""
    report = await file(ben, await ada.say("Ik weet jullie te wonen!"), "hate")
    assert await decide(bakker, report, "expel", entry="hide") == "seconding"
    await bakker.refused("conflict_of_interest", "report.second", report=report, agree=True)
    await ada.say("Ik ben er nog")
    assert (await visser.ask("report.second", report=report, agree=True))["state"] == "decided"
    await ada.refused("not_found", "message.post", text="Hoezo?")
    await ada.refused("not_found", "room.history")
    last = (await ben.page())[-1]
    assert (last["event"], last["data"]["reason"], last["data"]["person"]["id"]) == ("member.left", "expelled", ada.id)
    assert [one["decision"] for one in await notices(ada)] == ["expel"]
    assert {"measure.expel_asked", "measure.expelled"} <= set(await deeds(town))


async def test_who_was_expelled_does_not_come_back_by_itself(
    ada: Voice, ben: Voice, bakker: Voice, visser: Voice, town: Town
) -> None:
    """Settling the account, as it happens after any interruption, lets nobody in; who decided hears no appeal."""
    report = await file(ben, await ada.say("Ik weet jullie te wonen!"), "hate")
    await decide(bakker, report, "expel")
    await visser.ask("report.second", report=report, agree=True)
    await account.settle(town, ada.id)
    await ada.refused("not_found", "room.history")
    await ada.ask("report.appeal", report=report, text="Het was een misverstand.")
    for who in (bakker, visser):
        await who.refused("conflict_of_interest", "report.take", report=report)


async def test_an_expulsion_is_undone_on_appeal(
    desk: Desk, ada: Voice, ben: Voice, bakker: Voice, visser: Voice, town: Town
) -> None:
    """The room opens again, with its history."""
    report = await file(ben, await ada.say("Ik weet jullie te wonen!"), "hate")
    await decide(bakker, report, "expel")
    await visser.ask("report.second", report=report, agree=True)
    await ada.ask("report.appeal", report=report, text="Het was een misverstand.")
    third = await desk.voice("Moderator Derde", like="Moderator Bakker")
    assert await decide(third, report, "keep") == "final"
    await ada.say("Ik ben er weer")


async def test_who_does_not_agree_gives_it_back(ada: Voice, ben: Voice, bakker: Voice, visser: Voice) -> None:
    """The first decides anew, on something that one person can decide."""
    report = await file(ben, await ada.say("Schurk"))
    await decide(bakker, report, "expel")
    assert (await visser.ask("report.second", report=report, agree=False))["state"] == "taken"
    assert (await deeds(ada.town))[-1] == "measure.expel_declined"
    assert (await bakker.ask("report.decide", report=report, decision="warn", **WHY))["state"] == "decided"
    await ada.say("Sorry")


# at once ---------------------------------------------------------------------------------------------


async def test_of_two_who_take_a_report_at_once_one_has_it(
    ada: Voice, ben: Voice, bakker: Voice, visser: Voice
) -> None:
    """The other hears who."""
    for _ in range(10):
        report = await file(ben, await ada.say("Schurk"))
        tries = (who.ask("report.take", report=report) for who in (bakker, visser))
        found = await asyncio.gather(*tries, return_exceptions=True)
        assert sorted(type(one).__name__ for one in found) == ["Refusal", "dict"]
        await report_due.overdue(ada.town, ada.town.clock.now_ms())
        ada.town.clock.forward(seconds=10)  # type: ignore[attr-defined]  # the tests' clock


async def test_copies_of_a_decision_at_once_are_one(ada: Voice, ben: Voice, bakker: Voice) -> None:
    """Each is answered as the first; the author is told once, and the room has one entry."""
    report = await file(ben, await ada.say("Schurk"))
    await bakker.ask("report.take", report=report)
    said = {"report": report, "decision": "hide", "client_id": bakker.next_id(), **WHY}
    replies = await asyncio.gather(*(bakker.ask("report.decide", **said) for _ in range(10)))
    assert replies == [replies[0]] * 10
    assert (await events(ben)).count("entry.hidden") == 1
    assert len(await notices(ada)) == 1


async def test_three_reports_at_once_hide_once(
    ada: Voice, ben: Voice, cor: Voice, dirk: Voice, town: Town, resident: Resident
) -> None:
    """Also where a fourth comes with them."""
    eva = Voice(town, await resident("Eva"))
    target = await ada.say("Schurk")
    await asyncio.gather(*(file(who, target) for who in (ben, cor, dirk, eva)))
    assert (await events(ben)).count("entry.hidden") == 1
    assert [one["kind"] for one in await notices(ada)] == ["reviewed"]


async def test_a_notice_that_was_not_given_is_given_later(ada: Voice, ben: Voice, bakker: Voice, town: Town) -> None:
    """The process that decided died before it could carry it over: the deadline does, once."""
    report = await file(ben, await ada.say("Schurk"))
    await bakker.ask("report.take", report=report)

    async def die(*_: Any) -> None:
        raise Refusal("unavailable")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notice, "give_all", die)
        await bakker.refused("unavailable", "report.decide", report=report, decision="hide", **WHY)
    assert await notices(ada) == []
    assert await report_due.overdue(town, town.clock.now_ms()) == 2
    assert await report_due.overdue(town, town.clock.now_ms()) == 0
    assert (len(await notices(ada)), len(await notices(ben))) == (1, 1)


async def test_a_copy_that_comes_too_late_is_told_that_it_was_done(
    ada: Voice, ben: Voice, bakker: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had passed the look for repeats when the first one was carried out; it must not hear that it can't be done."""
    report = await file(ben, await ada.say("Schurk"))
    await bakker.ask("report.take", report=report)
    said = {"report": report, "decision": "hide", "client_id": bakker.next_id(), **WHY}
    load, first = report_record.load, list[dict[str, Any]]()

    async def overtaken(town: Town, report_id: str) -> Report | None:
        if not first:
            first.append({})
            first[0] = await bakker.ask("report.decide", **said)
        return await load(town, report_id)

    monkeypatch.setattr(report_record, "load", overtaken)
    assert await bakker.ask("report.decide", **said) == first[0]


async def test_a_report_that_cannot_be_read_stops_no_other(
    ada: Voice, ben: Voice, bakker: Voice, town: Town, clock: MovedClock
) -> None:
    """It is left as it is, told of now and then, and missing from the queue; the others become late as they should."""
    damaged, sound = await file(ben, await ada.say("Schurk")), await file(ben, await ada.say("Schurk!"))
    await town.store.read("HSET", keys.report(damaged), "body", b"\xc1")
    assert [row["report"] for row in await queue(bakker)] == [sound]
    await bakker.refused("not_found", "report.take", report=damaged)
    await forward(town, clock, days=1)
    assert [row["late"] for row in await queue(bakker)] == [True]
    assert await report_due.overdue(town, clock.now_ms()) == 0, "it is not looked at with every tick"
    assert await town.store.read("EXISTS", keys.report(damaged)) == 1


async def test_reports_are_forgotten_with_their_retention(
    ada: Voice, ben: Voice, bakker: Voice, town: Town, clock: MovedClock
) -> None:
    """Those on which nothing can happen any longer; one that still waits stays."""
    decided, waits = await file(ben, await ada.say("Schurk")), await file(ben, await ada.say("Schurk!"))
    await decide(bakker, decided, "warn")
    for _ in range(2):
        await forward(town, clock, days=100)
    await retention.purge(town)
    assert await town.store.read("EXISTS", keys.report(decided)) == 0
    assert [row["report"] for row in await queue(bakker)] == [waits]
