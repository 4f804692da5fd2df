"""A warning that is hidden or removed: nothing of its words is left anywhere, and a false alarm still reaches those who
were given it."""

from __future__ import annotations

from typing import Any

import pytest

from rooms import correction, warning_due
from rooms.keys import PersonKeys, RoomKeys
from rooms.town import Town
from tests.rooms.desk_cast import Desk
from tests.rooms.report_cast import WHY, decide, file, forward, inside, measure
from tests.rooms.voice import Voice
from tests.rooms.warning_cast import NOISE, give, warn
from tests.town import JAN_LUYKENLAAN, MovedClock

WORDS = ("schurk", "sukkel", "boef")
CORRECTION = {"reason": "Het was die schurk.", "text": "Die sukkel van nummer zoveel."}


async def told(voice: Voice) -> list[dict[str, Any]]:
    """What Ben's device is told of corrections when it connects, once all that is owed has been given."""
    await warning_due.overdue(voice.town, voice.town.clock.now_ms())
    rows = await voice.town.store.read(*correction.of_person(voice.id))
    return await correction.without_hidden(voice.town, correction.unseen(rows, (voice.room,)))


async def everything(voice: Voice) -> str:
    """All that somebody finds of a room: pages and notices."""
    return str((await voice.page(), await told(voice))).lower()


async def leaks(voice: Voice) -> list[str]:
    found = await everything(voice)
    return [word for word in WORDS if word in found]


@pytest.fixture
async def warned(ada: Voice, ben: Voice, town: Town) -> int:
    """A warning that Ben was given, which is over, and which Ada has corrected in words that she should not say."""
    seq = await warn(ada, **NOISE | {"text": "Die boef maakt weer lawaai."})
    await give(town, ben, seq)
    await ada.ask("warning.correct", target=seq, **CORRECTION)
    await ada.ask("warning.clear", target=seq)
    return seq


async def test_a_hidden_warning_takes_its_notices_words_with_it(
    desk: Desk, ada: Voice, ben: Voice, warned: int
) -> None:
    """Who has not seen the notice yet is told that there was one, as who has left is; restored, it has its words."""
    assert len(await leaks(ben)) == len(WORDS)
    bakker = await inside(desk)
    await measure(bakker, warned, "hide")
    assert not await leaks(ben)
    (notice,) = await told(ben)
    assert (notice["what"], notice["warning"]) == ("corrected", warned)
    found = await correction.look(ben.town, ben.id, notice["id"])
    assert found == notice, "nor does a notice that is given a moment later"
    await measure(bakker, warned, "restore")
    assert len(await leaks(ben)) == len(WORDS)


async def test_nothing_is_left_of_a_removed_warning(
    desk: Desk, ada: Voice, ben: Voice, warned: int, town: Town, clock: MovedClock
) -> None:
    """When nobody can appeal any longer: not in the log, its record, the corrections, nor the notices of anybody."""
    await decide(await desk.voice("Moderator Bakker"), await file(ben, warned), "remove")
    assert not await leaks(ben)
    of, mine = RoomKeys(JAN_LUYKENLAAN), PersonKeys(ben.id)
    await forward(town, clock, days=7, seconds=1)
    kept = await town.store.read_all(
        [("HGETALL", name) for name in (of.warning, of.correction, of.answers, of.owed, mine.corrections)]
        + [("XRANGE", name, "-", "+") for name in (of.log, of.feed)]
    )
    assert not [word for word in WORDS if word in str(kept).lower()]
    assert {entry["data"].get("reason") for entry in await ben.page() if entry["seq"] == warned} == {"moderation"}


@pytest.mark.parametrize("name", ["hide", "remove"])
async def test_a_hidden_warning_gets_no_new_words(desk: Desk, ada: Voice, ben: Voice, warned: int, name: str) -> None:
    """Its author can't say it anew; taking it back still reaches who was given it, without the reason."""
    await measure(await inside(desk), warned, name)
    await ada.refused(
        "wrong_target", "warning.correct", target=warned, reason="Toch die boef.", text="Het is die boef!"
    )
    await ada.ask("warning.retract", target=warned, reason="Het was een andere sukkel.")
    assert not await leaks(ben)
    assert [one["what"] for one in await told(ben)] == ["corrected", "retracted"]
    feed = await ada.town.store.read("XREVRANGE", RoomKeys(JAN_LUYKENLAAN).feed, "+", "-", "COUNT", 1)
    assert "andere sukkel" not in str(feed), "who is connected is given no words either"


async def test_why_somebody_took_a_warning_back_can_be_reported(desk: Desk, ada: Voice, ben: Voice) -> None:
    """The reason is the author's words as well: it is hidden with the warning; a moderator's is not the author's."""
    noise, other = await warn(ada, **NOISE), await warn(ada, **NOISE)
    taken_back = (await ada.ask("warning.retract", target=noise, reason="Die schurk van hiernaast."))["seq"]
    bakker = await inside(desk)
    by_bakker = (await bakker.ask("warning.retract", target=other, reason="Het was een oefening."))["seq"]
    await decide(bakker, await file(ben, taken_back), "hide")
    page = {entry["seq"]: entry["data"].get("reason") for entry in await ben.page()}
    assert (page[noise], page[taken_back]) == ("hidden", "hidden")
    await ben.refused("wrong_target", "report.file", target=by_bakker, reason="other")
    await measure(bakker, other, "hide")
    assert {entry["seq"]: entry["data"].get("reason") for entry in await ben.page()}[
        by_bakker
    ] == "Het was een oefening."


async def test_a_warning_in_force_is_taken_back_before_it_is_removed(desk: Desk, ada: Voice) -> None:
    """Who was given it hears that it is not so; then its words go."""
    seq = await warn(ada, **NOISE)
    bakker = await inside(desk)
    await bakker.refused("wrong_target", "measure.take", target=seq, measure="remove", **WHY)
    await bakker.ask("warning.retract", target=seq, reason="Dit klopt niet.")
    assert (await measure(bakker, seq, "remove"))["state"] == "decided"
