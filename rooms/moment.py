"""A moment as other programs read it. PURE: it is handed the moment, and the zone."""

from datetime import datetime, tzinfo

Zone = tzinfo
"""Of the town: Europe/Amsterdam."""


def stamp(at_ms: int, zone: Zone) -> str:
    """*at_ms* (milliseconds since 1970) to the second, with the zone's offset: "2026-11-23T21:55:00+01:00".

    The offset is a number also where it is zero: CAP 1.2 (3.3.2) forbids "Z".
    """
    return datetime.fromtimestamp(at_ms // 1000, zone).isoformat(timespec="seconds")
