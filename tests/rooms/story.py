"""Everything that can happen in a town, once: what the tests of scripts and of the data dictionary look at."""

from __future__ import annotations

from base64 import b32decode
from contextlib import suppress

from rooms import (
    account,
    activity_store,
    alert_due,
    arrangement,
    attempt,
    audit_book,
    duty,
    erasure,
    given,
    keys,
    letter,
    log,
    membership,
    overdue,
    presence,
    report_due,
    retention,
    second_factor,
    session,
    totp,
    warning_due,
)
from rooms import staff as staff_accounts
from rooms.case_policy import Rule, Where
from rooms.default_town import default_town
from rooms.given import Point
from rooms.refusal import Refusal
from rooms.town import Town
from tests.conftest import code_for
from tests.rooms.voice import Voice
from tests.town import (
    GOUDKARPERSINGEL,
    JAN_LUYKENLAAN,
    MOERWIJK_WEST,
    PASSWORD,
    POLICE_DESK,
    STAFF,
    MovedClock,
    PlainPasswords,
    device_of,
)

ADDRESS = "192.0.2.1"


async def everything_happens(town: Town, clock: MovedClock) -> None:
    """Ada and Ben join, talk, change their minds, move and sign out; Officer Vega works; a month later it is purged."""
    await town.import_places(default_town())
    await town.set_rule(Where("police", "urgent", JAN_LUYKENLAAN), Rule(accepted_ms=600_000))
    ada, ben = await _joined(town, "Ada"), await _joined(town, "Ben")
    await _talk(ada, ben)
    await _guess(town)
    await _withdraw(town)
    role, organisation, areas = STAFF["Officer Vega"]
    vega = await staff_accounts.add(town, PlainPasswords(), "Officer Vega", role, organisation, areas, PASSWORD)
    await Voice(town, vega.person).say("Goedemorgen", room=POLICE_DESK)
    await _call(town, clock, ada, ben, Voice(town, vega.person))
    await _warn(town, clock, ada, ben)
    kok = await staff_accounts.add(town, PlainPasswords(), "Officer Kok", role, organisation, areas, PASSWORD)
    await _judge(town, clock, ada, ben)
    await _alert(town, clock, ada, Voice(town, vega.person, 2), Voice(town, kok.person))
    await staff_accounts.set_password(town, PlainPasswords(), "Officer Vega", f"{PASSWORD}!")
    await _enrol(town, vega.person.id)
    await _enrol(town, kok.person.id)
    await staff_accounts.reset_second_factor(town, "Officer Kok")
    await activity_store.load(town, [JAN_LUYKENLAAN])
    await staff_accounts.remove(town, "Officer Vega")
    await staff_accounts.add(town, PlainPasswords(), "Officer Vega", role, organisation, areas, PASSWORD)
    await membership.move(town, ada.id, ADDRESS, await code_for(town, GOUDKARPERSINGEL))
    await _end_sessions(town, ben)
    clock.forward(days=15)
    await ben.say("Nog iemand?")
    clock.forward(days=16)
    await retention.purge(town)
    role, organisation, areas = STAFF["Auditor Klein"]
    auditor = await staff_accounts.add(town, PlainPasswords(), "Auditor Klein", role, organisation, areas, PASSWORD)
    await Voice(town, auditor.person).ask("audit.read")
    await audit_book.seal_all(town)
    await audit_book.trim(town, clock.now_ms())
    await log.raise_epoch(town.store, JAN_LUYKENLAAN, 0, clock.now_ms() + 1)
    await account.overdue(town)
    await _erase(town, clock)


async def _joined(town: Town, name: str) -> Voice:
    """Somebody who joined, and repeated it because the answer was lost."""
    code = await code_for(town, JAN_LUYKENLAAN)
    for _ in range(2):
        signed = await membership.join(town, PlainPasswords(), ADDRESS, code, name, PASSWORD, device_of(name))
    return Voice(town, signed.person)


async def _talk(ada: Voice, ben: Voice) -> None:
    target = await ada.say("Ziet iemand het licht?")
    await ada.ask("message.edit", target=target, text="Ziet iemand dat licht?")
    await ben.ask("message.react", target=target, reaction="thanks")
    await ben.say("Ja", reply_to=target)
    gone = await ben.say("Weg ermee")
    await ben.ask("message.edit", target=gone, text="Weg!")
    await ben.ask("message.retract", target=gone)
    await ben.ask("room.typing")
    await ben.ask("room.read", seq=target)
    await ben.ask("room.history")
    await log.resume(ben.town.store, JAN_LUYKENLAAN, ben.id, (None, 1), ben.town.clock.now_ms())
    await presence.renew(ben.town, {JAN_LUYKENLAAN: [ada.id, ben.id]})


async def _call(town: Town, clock: MovedClock, ada: Voice, ben: Voice, vega: Voice) -> None:
    """Ada warns and calls, and calls in private; Vega comes, says something, and is gone for long."""
    await vega.ask("duty.start")
    danger = {"kind": "burglary", "text": "Er wordt ingebroken.", "emergency": "called"}
    seq = (await ada.ask("warning.raise", **danger))["seq"]
    said = {"to": "police", "urgency": "urgent", "text": "Kom snel!"}
    case = (await ada.ask("escalation.raise", warning=seq, **said))["case"]
    assert (await ben.ask("escalation.raise", warning=seq, **said))["case"] == case
    with suppress(Refusal):
        await vega.ask("escalation.raise", room=GOUDKARPERSINGEL, emergency="called", **said)
    await vega.ask("page.seen", case=case)
    await vega.ask("escalation.accept", case=case)
    clock.forward(minutes=1)
    await vega.say("Ik kom.", room=JAN_LUYKENLAAN)
    await ada.ask("escalation.raise", private=True, **{**said, "emergency": "called"})
    clock.forward(minutes=6)
    await duty.lapse(town)
    await overdue.overdue(town, clock.now_ms())
    await vega.ask("duty.start")
    await vega.ask("duty.stop")


async def _warn(town: Town, clock: MovedClock, ada: Voice, ben: Voice) -> None:
    """A warning that ben answers and that is sent elsewhere, corrected, seen to be so, and over by the clock."""
    await ada.ask("warning.check", kind="suspicious", text="Een man met een capuchon en een baard.")
    noise = {"kind": "nuisance", "text": "Er is veel lawaai op straat."}
    seq = (await ada.ask("warning.raise", minutes=5, **noise))["seq"]
    await given.note(town, {JAN_LUYKENLAAN: [Point(ben.id, seq)]})
    await ben.ask("warning.answer", target=seq, answer="see")
    await ada.ask("warning.route", target=seq, desk="police")
    corrected = await ada.ask("warning.correct", target=seq, text="Het komt uit de school.", reason="Verkeerd.")
    await ada.ask("warning.reach", target=seq)
    await warning_due.overdue(town, clock.now_ms())
    await ben.ask("correction.seen", id=f"{JAN_LUYKENLAAN}:{corrected['seq']}")
    clock.forward(minutes=6)
    await warning_due.overdue(town, clock.now_ms())
    await presence.forget(town, [JAN_LUYKENLAAN])
    await ada.ask("warning.retract", target=seq, reason="Het was de school.")


async def _alert(town: Town, clock: MovedClock, ada: Voice, vega: Voice, kok: Voice) -> None:
    """Vega alerts the neighbourhood, Kok approves; Ada has it and has seen it; it is updated and ends by the clock. A
    second one is looked at and not sent."""
    said = {
        "places": [MOERWIJK_WEST], "headline": "Rook", "text": "Een loods staat in brand.", "severity": "severe",
        "urgency": "immediate", "certainty": "observed", "category": "fire",
    }  # fmt: skip
    seen = await vega.ask("alert.preview", **said)
    sent = (await vega.ask("alert.broadcast", preview=seen["preview"], code=seen["code"]))["alert"]
    await kok.ask("alert.approve", alert=sent)
    await ada.ask("alert.delivered", alert=sent, room=MOERWIJK_WEST)
    await ada.ask("alert.seen", alert=sent, room=MOERWIJK_WEST)
    await vega.ask("alert.reach", alert=sent)
    await vega.ask("alert.update", alert=sent, text="De rook trekt weg.")
    clock.forward(minutes=121)
    await alert_due.overdue(town, clock.now_ms())
    await vega.ask("alert.list")
    again = await vega.ask("alert.preview", **{**said, "severity": "minor"})
    await vega.ask("alert.broadcast", preview=again["preview"])
    await vega.ask("alert.preview", **said)


async def _judge(town: Town, clock: MovedClock, ada: Voice, ben: Voice) -> None:
    """Ben reports what Ada wrote; Moderator Bakker comes in, slows the room down, decides, and is gone for long."""
    role, organisation, areas = STAFF["Moderator Bakker"]
    made = await staff_accounts.add(town, PlainPasswords(), "Moderator Bakker", role, organisation, areas, PASSWORD)
    bakker = Voice(town, made.person)
    arranged = await arrangement.make(town, JAN_LUYKENLAAN, "municipality", "Er is veel onrust in de straat.", 1)
    here = {"room": JAN_LUYKENLAAN, "ground": {"kind": "arrangement", "id": arranged.id}}
    await bakker.ask("room.enter", **here)
    await bakker.ask("measure.slow", seconds=5)
    target = await ada.say("Jij bent een schurk!")
    report = (await ben.ask("report.file", target=target, reason="insult"))["report"]
    await bakker.ask("report.take", report=report)
    why = {"rule": "insult", "facts": "Een buurman wordt uitgescholden."}
    await bakker.ask("report.decide", report=report, decision="warn", entry="hide", **why)
    notice = (await town.store.read("HKEYS", keys.PersonKeys(ada.id).notices))[0].decode()
    await ada.ask("notice.seen", id=notice)
    await bakker.ask("measure.slow", seconds=None)
    await bakker.ask("room.leave", room=JAN_LUYKENLAAN)
    await bakker.ask("room.enter", **here)
    open_still = await ada.say("Nog zo een!")
    await ben.ask("report.file", target=open_still, reason="insult")
    clock.forward(minutes=16)
    await report_due.overdue(town, clock.now_ms())
    clock.forward(days=8)
    await report_due.overdue(town, clock.now_ms())
    await report_due.overdue(town, clock.now_ms())


async def _erase(town: Town, clock: MovedClock) -> None:
    """Cor comes, warns, and wants to be forgotten; Dirk has only just asked for it."""
    cor, dirk = await _joined(town, "Cor"), await _joined(town, "Dirk")
    await cor.ask("warning.raise", kind="nuisance", text="Er is veel lawaai op straat.")
    clock.forward(seconds=6)
    await erasure.begin(town, cor.id)
    for _ in range(2):
        await erasure.overdue(town, _noted)
        clock.forward(seconds=61)
    await erasure.begin(town, dirk.id)


async def _noted(_person: str) -> None:
    """A list that nobody reads."""


async def _guess(town: Town) -> None:
    with suppress(Refusal):
        async with attempt.attempt(town, password_name="ada", password_address=ADDRESS):
            raise Refusal("wrong_credentials")


async def _withdraw(town: Town) -> None:
    code = await code_for(town, JAN_LUYKENLAAN)
    await letter.withdraw(town, code)
    await town.store.read("SET", keys.purged("2026-11-23"), 1)


async def _enrol(town: Town, person: str) -> None:
    """Half signed in, wholly, once more by the second factor, and half again, which is left so."""
    known = await account.load(town, person)
    assert known is not None
    ticket = await second_factor.ask(town, known, device_of("Officer Vega"))
    assert ticket.secret is not None
    code = totp.code_at(b32decode(ticket.secret), totp.step_at(town.clock.now_ms()))
    passed = await second_factor.answer(town, ADDRESS, ticket.token, code)
    await second_factor.prove(town, known.person.id, session.digest(passed.token), passed.recovery_codes[0])
    again = await second_factor.ask(town, known, device_of("Officer Vega"))
    await second_factor.answer(town, ADDRESS, again.token, passed.recovery_codes[1])
    await second_factor.renew_codes(town, known.person.id, session.digest(passed.token), passed.recovery_codes[2])
    await second_factor.ask(town, known, device_of("Officer Vega"))


async def _end_sessions(town: Town, ben: Voice) -> None:
    for number in range(22):
        token = await session.begin(town, ben.id, device_of("Ben", number))
    await session.note_seen(town, [(ben.id, session.digest(token))])
    await session.end(town, token)
    known = await account.load(town, ben.id)
    assert known is not None
    await session.set_password(town, known, "plain:nieuw", known.recovery)
    await session.end_everywhere(town, ben.id)
    await session.begin(town, ben.id, ben.device)
