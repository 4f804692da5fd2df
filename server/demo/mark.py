"""The mark of a demo's town: invented people live there, and its staff have sessions without a second factor.

It stands in the store itself, so that it goes wherever the town goes, into a backup as well: `bart serve` refuses a
town that has it, and the demo one that has people and no mark.
"""

from __future__ import annotations

from rooms import keys
from rooms.town import Town


async def refuse(town: Town) -> None:
    """What `bart serve` does first. Raises RuntimeError for the town of a demo."""
    if await is_set(town):
        raise RuntimeError(
            "This is the town of a demo: its people are made up, and its staff sign in without a second factor. "
            "`bart demo` goes on with it; a real town needs a data folder of its own."
        )


async def claim(town: Town) -> None:
    """Make a town in which nobody lives yet the demo's. Raises RuntimeError for one with people of its own."""
    if await is_set(town):
        return
    if await town.store.read("HLEN", keys.NAMES):
        raise RuntimeError("This town has people of its own; a demo would put invented ones among them. "
                           "Give it another data folder.")  # fmt: skip
    await town.store.read("SET", keys.DEMO, 1)


async def is_set(town: Town) -> bool:
    return bool(await town.store.read("EXISTS", keys.DEMO))
