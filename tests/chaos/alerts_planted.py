"""Planted bugs of alerts: `python -m tests.chaos.alerts_planted BUG serve ...` is `bart` with a mistake in it.

Each is put over the program's own functions in this process alone.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections.abc import Callable, Iterable

import msgspec

from rooms import alert_delivery, alert_due, cover
from rooms import store as rooms_store
from rooms.alert_chain import Alert
from rooms.cover import Cover
from rooms.place import Places
from rooms.script import Script, script
from rooms.signature import KeyPair
from rooms.town import Town

SLOW_S = 0.2
HAS_IT = ">= n then return end"


def redelivers() -> None:
    """Brings a room what it has already, whenever delivery is tried again."""
    if HAS_IT not in script("deliver_alert").source:
        raise ValueError(f"the script has no {HAS_IT!r} any longer")

    def changed(name: str) -> Script:
        source = script(name).source
        if name == "deliver_alert":
            source = source.replace(HAS_IT, ">= math.huge then return end")
        return Script(name, source, hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest())

    rooms_store.script = changed  # type: ignore[attr-defined, assignment]


def forgets() -> None:
    """Leaves what another process began to that process, which may be dead."""

    async def look_away(town: Town, now_ms: int) -> int:
        return 0

    alert_due.overdue = look_away


def done_too_soon() -> None:
    """Notes that a message is in every room, and brings it a moment later."""
    deliver, under_way = alert_delivery.deliver, set[asyncio.Task[None]]()

    async def later(town: Town, alert: Alert) -> None:
        await asyncio.sleep(SLOW_S)
        await deliver(town, alert)

    async def hasty(town: Town, alert: Alert) -> int:
        under_way.add(asyncio.get_running_loop().create_task(later(town, alert)))
        return len(alert.messages)

    alert_delivery.deliver = hasty


def signs_another_text() -> None:
    """Signs the text before somebody adds a blank to it."""
    sign = KeyPair.sign_text
    KeyPair.sign_text = lambda self, text: sign(self, text.rstrip("}"))  # type: ignore[method-assign]


def both_rooms() -> None:
    """Brings an alert to the streets of a neighbourhood as well."""
    narrow = cover.cover

    def wide(places: Places, area_ids: Iterable[str]) -> Cover:
        found = narrow(places, area_ids)
        streets = sorted(places.streets_in(found.neighbourhoods))
        return msgspec.structs.replace(found, rooms=(*found.rooms, *streets))

    cover.cover = wide


BUGS: dict[str, Callable[[], None]] = {
    bug.__name__: bug for bug in (redelivers, forgets, done_too_soon, signs_another_text, both_rooms)
}


def main() -> None:
    """Plant the bug named first, then run `bart` with the other arguments."""
    from server.cli import main as bart  # after the planting, as in a real process

    BUGS[sys.argv.pop(1)]()
    bart()


if __name__ == "__main__":
    main()
