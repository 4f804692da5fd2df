"""An evening in one street, told by its people: a burglary, confirmed, called, taken, alerted, over, and the outcome.

The script stands in story.json: after how many seconds who does what. Whoever is looking may do any of it first, take
the case or approve the alert: what is refused then is passed over, and the others go on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from server.demo.desk import Desk
from server.demo.neighbour import Neighbour
from server.demo.pace import Pace
from server.demo.street import Street

WRITING_S = 2.5
ALERT: dict[str, Any] = {
    "headline": "Inbraak in de Jan Luykenlaan: blijf binnen",
    "text": "In de Jan Luykenlaan is zojuist ingebroken. Twee mensen zijn er met een tas vandoor. De politie is er.",
    "instruction": "Blijf binnen en sluit uw deur. Ziet u iemand wegrennen? Bel 112 en ga er niet zelf achteraan.",
    "severity": "severe", "urgency": "immediate", "certainty": "observed", "category": "security",
    "languages": [{
        "language": "en",
        "headline": "Burglary in Jan Luykenlaan: stay inside",
        "text": "A house in Jan Luykenlaan was broken into just now. Two people left with a bag. Police are there.",
        "instruction": "Stay inside and lock your door. If you see somebody run off, call 112 and do not follow.",
    }],
}  # fmt: skip


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """after: seconds since the line before.  who: a neighbour's name, or officer or second.  deed: of DEEDS."""

    after: float
    who: str
    deed: str
    text: str = ""


@cache
def script() -> tuple[Line, ...]:
    return msgspec.json.decode(
        resources.files("server.demo").joinpath("story.json").read_bytes(), type=tuple[Line, ...]
    )


class Evening:
    """One telling of it. cast: who plays whom, by the names of the script."""

    def __init__(self, street: Street, cast: Mapping[str, Neighbour], desk: Desk, pace: Pace) -> None:
        self._street, self._cast, self._desk, self._pace = street, cast, desk, pace
        self._room = street.place.id
        self._warning, self._case, self._alert, self._owner = 0, "", "", False
        self.done: list[tuple[str, bool]] = []
        """Each deed so far, and whether it was carried out."""

    async def play(self) -> None:
        """Tell it from the first line to the last. Meanwhile the street talks of nothing else."""
        for line in script():
            await self._pace.exactly(line.after)
            self._street.is_alarmed = True
            if line.who in self._cast:
                self.done.append((line.deed, await DEEDS[line.deed](self, self._cast[line.who], line.text)))
        self._street.is_alarmed = False
        self._desk.left.discard(self._case)

    async def _in_street(self, who: Neighbour, command: str, **payload: Any) -> dict[str, Any]:
        return await who.do(command, room=self._room, **payload)

    async def warn(self, who: Neighbour, text: str) -> bool:
        reply = await self._in_street(
            who, "warning.raise", kind="burglary", severity="severe", urgency="immediate", certainty="observed",
            text=text, place_note="Aan de even kant, halverwege", emergency="called",
        )  # fmt: skip
        self._warning = int(reply.get("seq", 0))
        return bool(reply["ok"])

    async def see(self, who: Neighbour, _: str) -> bool:
        return await self._answer(who, "see")

    async def not_here(self, who: Neighbour, _: str) -> bool:
        return await self._answer(who, "not_here")

    async def _answer(self, who: Neighbour, answer: str) -> bool:
        return bool((await self._in_street(who, "warning.answer", target=self._warning, answer=answer))["ok"])

    async def say(self, who: Neighbour, text: str) -> bool:
        await who.write(self._room)
        await self._pace.exactly(WRITING_S)
        return await who.say(self._room, text) > 0

    async def call(self, who: Neighbour, text: str) -> bool:
        async with self._desk.turn:
            reply = await self._in_street(who, "escalation.raise", to="police", urgency="urgent", kind="burglary",
                                          warning=self._warning, emergency="called", text=text)  # fmt: skip
            self._case = str(reply.get("case", ""))
            self._desk.left.add(self._case)
        return bool(reply["ok"])

    async def take(self, who: Neighbour, _: str) -> bool:
        self._owner = bool((await who.do("escalation.accept", case=self._case))["ok"])
        return self._owner

    async def tell(self, who: Neighbour, text: str) -> bool:
        """In the room, where whoever took the case is; somebody else may have."""
        return self._owner and await self.say(who, text)

    async def alert(self, who: Neighbour, _: str) -> bool:
        seen = await who.ask("alert.preview", {**ALERT, "places": [self._street.neighbourhood]})
        if not seen["ok"]:
            return False
        code = {"code": seen["code"]} if "code" in seen else {}
        reply = await who.do("alert.broadcast", preview=seen["preview"], **code)
        self._alert = str(reply.get("alert", ""))
        return bool(reply["ok"])

    async def approve(self, who: Neighbour, _: str) -> bool:
        return bool((await who.do("alert.approve", alert=self._alert))["ok"]) if self._alert else False

    async def alert_clear(self, who: Neighbour, text: str) -> bool:
        return bool((await who.do("alert.clear", alert=self._alert, reason=text))["ok"]) if self._alert else False

    async def clear(self, who: Neighbour, _: str) -> bool:
        return bool((await self._in_street(who, "warning.clear", target=self._warning))["ok"])

    async def resolve(self, who: Neighbour, text: str) -> bool:
        return bool((await who.do("escalation.resolve", case=self._case, outcome="on_site", text=text))["ok"])

    async def helped(self, who: Neighbour, _: str) -> bool:
        return bool((await who.do("escalation.rate", case=self._case, helped=True))["ok"])


Deed = Callable[[Evening, Neighbour, str], Awaitable[bool]]
DEEDS: Mapping[str, Deed] = {
    "warn": Evening.warn, "see": Evening.see, "not_here": Evening.not_here, "say": Evening.say, "call": Evening.call,
    "take": Evening.take, "tell": Evening.tell, "alert": Evening.alert, "approve": Evening.approve,
    "alert_clear": Evening.alert_clear, "clear": Evening.clear, "resolve": Evening.resolve, "helped": Evening.helped,
}  # fmt: skip
