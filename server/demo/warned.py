"""Warnings of an evening, here and there in town: raised, answered, sometimes called about, and over."""

from __future__ import annotations

from collections.abc import Sequence

from server.demo import hours, phrases
from server.demo.neighbour import Neighbour
from server.demo.pace import Pace
from server.demo.phrases import Alarm, Words
from server.demo.street import Street

USUAL_S, AT_ONCE = 100.0, 4
"""Between two warnings in the whole town in the evening, and how many are told side by side."""
ANSWER_S, LASTS_S = 14.0, 200.0
MINUTES = 30
CALLS = 0.6
"""Of those that somebody could call about."""


async def live(streets: Sequence[Street], pace: Pace) -> None:
    """Warn for ever, in streets by chance; one of AT_ONCE such tasks."""
    await pace.pause(USUAL_S / 4)
    while True:
        await warn(pace.chance.choice(streets), pace)
        await pace.pause(hours.gap_s(USUAL_S * AT_ONCE, pace.hour()) - LASTS_S)


async def warn(street: Street, pace: Pace) -> None:
    """One warning from its beginning to its end; nothing where nobody could answer."""
    here = street.here()
    if len(here) < 3:
        return
    chance, told = pace.chance, phrases.read()
    alarm, words = chance.choice(told.alarms), Words(told, chance)
    first, *others = chance.sample(here, min(len(here), chance.randint(3, 6)))
    seq = await _raise(first, street.place.id, alarm, words)
    if not seq:
        return
    for other in others:
        await _answer(other, street.place.id, seq, alarm, words, pace)
    if alarm.to is not None and chance.random() < CALLS:
        await pace.pause(ANSWER_S)
        await first.do("escalation.raise", room=street.place.id, to=alarm.to.value, urgency="soon", kind=alarm.kind,
                       warning=seq, emergency="not_urgent", text=words.one_of(alarm.asks))  # fmt: skip
    await pace.pause(LASTS_S)
    await first.do("warning.clear", room=street.place.id, target=seq)


async def _raise(who: Neighbour, room: str, alarm: Alarm, words: Words) -> int:
    """Its seq, or 0 where it was refused."""
    reply = await who.do(
        "warning.raise", room=room, kind=alarm.kind, severity=alarm.severity, urgency="immediate", certainty="observed",
        text=words.one_of(alarm.opens), place_note=words.one_of(alarm.notes), minutes=MINUTES,
    )  # fmt: skip
    return int(reply.get("seq", 0))


async def _answer(who: Neighbour, room: str, seq: int, alarm: Alarm, words: Words, pace: Pace) -> None:
    await pace.pause(ANSWER_S)
    sees = pace.chance.random() < 0.75
    await who.do("warning.answer", room=room, target=seq, answer="see" if sees else "not_here")
    if sees and pace.chance.random() < 0.4:
        await pace.pause(ANSWER_S / 2)
        await who.say(room, words.one_of(alarm.sees))
