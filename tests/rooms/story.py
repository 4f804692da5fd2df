"""Everything that can happen in a town, once: what the tests of scripts and of the data dictionary look at."""

from __future__ import annotations

from contextlib import suppress

from rooms import (
    account,
    attempt,
    duty,
    given,
    keys,
    letter,
    log,
    membership,
    overdue,
    presence,
    retention,
    session,
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
    await staff_accounts.set_password(town, PlainPasswords(), "Officer Vega", f"{PASSWORD}!")
    await staff_accounts.remove(town, "Officer Vega")
    await staff_accounts.add(town, PlainPasswords(), "Officer Vega", role, organisation, areas, PASSWORD)
    await membership.move(town, ada.id, ADDRESS, await code_for(town, GOUDKARPERSINGEL))
    await _end_sessions(town, ben)
    clock.forward(days=15)
    await ben.say("Nog iemand?")
    clock.forward(days=16)
    await retention.purge(town)
    await log.raise_epoch(town.store, JAN_LUYKENLAAN, 0, clock.now_ms() + 1)
    await account.overdue(town)


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


async def _guess(town: Town) -> None:
    with suppress(Refusal):
        async with attempt.attempt(town, password_name="ada", password_address=ADDRESS):
            raise Refusal("wrong_credentials")


async def _withdraw(town: Town) -> None:
    code = await code_for(town, JAN_LUYKENLAAN)
    await letter.withdraw(town, code)
    await town.store.read("SET", keys.purged("2026-11-23"), 1)


async def _end_sessions(town: Town, ben: Voice) -> None:
    for number in range(22):
        token = await session.begin(town, ben.id, device_of("Ben", number))
    await session.end(town, token)
    known = await account.load(town, ben.id)
    assert known is not None
    await session.set_password(town, known, "plain:nieuw", known.recovery)
    await session.end_everywhere(town, ben.id)
    await session.begin(town, ben.id, ben.device)
