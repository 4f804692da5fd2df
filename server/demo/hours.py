"""Who is awake: by the hours of a day neighbours are connected and talk. Knows no clock: it is handed the hour."""

from __future__ import annotations

from typing import Final
from zlib import crc32

AWAKE: Final = (
    0.12, 0.06, 0.04, 0.04, 0.04, 0.07, 0.25, 0.50, 0.65, 0.65, 0.65, 0.70,
    0.75, 0.70, 0.65, 0.70, 0.80, 0.85, 0.90, 1.00, 1.00, 0.95, 0.65, 0.30,
)  # fmt: skip
"""By the hour, from midnight on: the part of the neighbours who are awake."""


def awake(hour: float) -> float:
    """The part of the neighbours who are awake at an hour of the day, such as 22.5; it changes without a jump."""
    before = int(hour) % 24
    share = hour - int(hour)
    return AWAKE[before] * (1 - share) + AWAKE[(before + 1) % 24] * share


def is_awake(name: str, hour: float) -> bool:
    """Whether this neighbour is; the same ones are up late every night."""
    return crc32(name.encode()) / 2**32 < awake(hour)


def gap_s(usual_s: float, hour: float) -> float:
    """How long a room is silent between two conversations at that hour, where it is *usual_s* in the evening."""
    return usual_s / awake(hour)
