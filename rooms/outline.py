"""The borders of places as a map on a screen needs them: fewer points, rounded. PURE.

A point that lies within two metres of the line without it is left out (Ramer, Douglas and Peucker), and what is left
has five decimals, about a metre. Borders that decide whom an alert reaches are never these: see `polygon.py`.
"""

from collections.abc import Sequence
from math import cos, hypot, radians
from typing import Final

from rooms.place import MultiPolygon

DECIMALS: Final = 5
TOLERANCE: Final = 2e-5
"""Degrees of latitude."""
FEWEST_POINTS: Final = 4
"""Of a closed ring (RFC 7946, 3.1.6)."""

Point = tuple[float, float]  # (longitude, latitude)
Ring = tuple[Point, ...]


def outline(geometry: MultiPolygon) -> MultiPolygon:
    """The same borders with fewer points; polygons and rings stay as many as they were, each closed."""
    return tuple(tuple(_ring(ring) for ring in polygon) for polygon in geometry)


def _ring(ring: Ring) -> Ring:
    """A ring too small to lose points is only rounded."""
    if len(ring) <= FEWEST_POINTS:
        return _rounded(ring)
    # A ring has no two ends of its own: its first point and the one farthest from it.
    far = max(range(len(ring)), key=lambda index: _distance(ring[index], ring[0], ring[0]))
    kept = [*_kept(ring[: far + 1])[:-1], *_kept(ring[far:])]
    return _rounded(kept) if len(kept) >= FEWEST_POINTS else _rounded(ring)


def _kept(line: Sequence[Point]) -> list[Point]:
    """The points of a line that it can't do without; its ends are among them."""
    keep, waiting = {0, len(line) - 1}, [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        inside = range(first + 1, last)
        farthest = max(inside, key=lambda index: _distance(line[index], line[first], line[last]), default=None)
        if farthest is not None and _distance(line[farthest], line[first], line[last]) > TOLERANCE:
            keep.add(farthest)
            waiting += [(first, farthest), (farthest, last)]
    return [line[index] for index in sorted(keep)]


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to the line between two others, in degrees of latitude."""
    narrow = cos(radians(start[1]))  # a degree of longitude is shorter than one of latitude
    x, y = (point[0] - start[0]) * narrow, point[1] - start[1]
    along_x, along_y = (end[0] - start[0]) * narrow, end[1] - start[1]
    length = along_x**2 + along_y**2
    share = min(1.0, max(0.0, (x * along_x + y * along_y) / length)) if length else 0.0
    return hypot(x - share * along_x, y - share * along_y)


def _rounded(ring: Sequence[Point]) -> Ring:
    return tuple((round(longitude, DECIMALS), round(latitude, DECIMALS)) for longitude, latitude in ring)
