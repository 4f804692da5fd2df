"""A line drawn on the map by an officer: whether it is one, and which places it means. PURE.

Points are (longitude, latitude) in degrees, WGS 84, as in GeoJSON (RFC 7946, 3.1.6). All of it is decided on a grid of
ten millionths of a degree, about a centimetre: whole numbers, so that no rounding decides whether two lines cross.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Final, NamedTuple

from rooms.place import MultiPolygon, Place, Places
from rooms.refusal import Refusal

Ring = tuple[tuple[float, float], ...]
Point = tuple[int, int]  # on the grid
Line = tuple[Point, Point]
Rings = list[list[Point]]

FEWEST_POINTS: Final = 4  # a triangle, closed
MOST_POINTS: Final = 200
SHARE: Final = 0.1
"""A place is meant when it and the polygon have a tenth of the smaller of the two in common.

So a hand that slips over a border by a few metres alerts nobody there, a small ring around a fire alerts the
neighbourhoods that it stands in, and a large one those that it covers in earnest. A place is meant as a whole: the
preview names every one.
"""

_GRID: Final = 10**7
_SCAN_LINES: Final = 256
_BORDERED: Final = ("neighbourhood", "wijk")
"""Larger places are never meant by their own border: a ring around one square is not a wish to alert the town."""


def checked(places: Places, points: Sequence[tuple[float, float]]) -> Ring:
    """The ring that these points draw, its coordinates rounded to seven decimals.

    It ends where it begins, has 4 to 200 points, meets itself nowhere, and lies in the box around all borders that the
    town knows (a line over the beach or the town's edge is no mistake; whoever lives outside is not reached anyway).
    Raises Refusal("bad_request", field="polygon") with the reason.
    """
    if not FEWEST_POINTS <= len(points) <= MOST_POINTS:
        raise _refused(f"A polygon has {FEWEST_POINTS} to {MOST_POINTS} points, the last like the first.")
    for longitude, latitude in points:
        # Written so that what is no number at all fails too.
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise _refused("A point is a longitude and a latitude in degrees (WGS 84).")
    ring = [_on_grid(point) for point in points]
    if ring[0] != ring[-1]:
        raise _refused("A polygon ends where it begins; this one is open.")
    if _meets_itself(ring):
        raise _refused("The line of a polygon may not cross or touch itself.")
    _check_inside(places, ring)
    return tuple((x / _GRID, y / _GRID) for x, y in ring)


def covered(places: Places, ring: Ring) -> tuple[str, ...]:
    """The ids of the places that a checked ring means, in the order of the town; SHARE says when.

    Neighbourhoods, and a wijk of which no neighbourhood has a border. Empty when the ring means none.
    """
    drawn = _shape([[_on_grid(point) for point in ring]])
    return tuple(place_id for place_id, border in _chart(places).borders if _is_meant(drawn, border))


def _is_meant(drawn: "_Shape", border: "_Shape") -> bool:
    smaller = min(drawn.area, border.area)
    return smaller > 0 and _common_area(drawn, border) >= SHARE * smaller


# -- the town's borders ------------------------------------------------------------------------------------------------


class _Box(NamedTuple):
    west: int
    south: int
    east: int
    north: int


class _Shape(NamedTuple):
    """What some rings enclose. Which are holes need not be known: who is inside an even number of them is outside."""

    rings: Rings
    box: _Box
    area: float


class _Chart(NamedTuple):
    """The borders that a polygon can mean, by place, and the box around all there are; None where there are none."""

    borders: tuple[tuple[str, _Shape], ...]
    box: _Box | None


@lru_cache(maxsize=1)
def _chart(places: Places) -> _Chart:
    """Made once for a town: its borders have tens of thousands of points."""
    drawn = {place.id: _shape(_rings(place.geometry)) for place in places if place.geometry}
    meant = (place for place in places if place.kind in _BORDERED and place.id in drawn)
    borders = tuple((place.id, drawn[place.id]) for place in meant if not _has_finer(places, place))
    return _Chart(borders, _around([shape.box for shape in drawn.values()]) if drawn else None)


def _has_finer(places: Places, place: Place) -> bool:
    return any(child.kind in _BORDERED and child.geometry for child in places.children(place.id))


def _check_inside(places: Places, ring: list[Point]) -> None:
    town = _chart(places).box
    if town is None:
        raise _refused("This town has no borders on its map; choose places by name.")
    if _around([town, _box(ring)]) != town:
        raise _refused("The polygon leaves the town.")


def _shape(rings: Rings) -> _Shape:
    shape = _Shape(rings, _box([point for ring in rings for point in ring]), 0)
    # Measured in the same way as what two have in common, so that the two can be compared.
    return shape._replace(area=_common_area(shape, shape))


def _box(points: list[Point]) -> _Box:
    xs, ys = zip(*points, strict=True)
    return _Box(min(xs), min(ys), max(xs), max(ys))


def _around(boxes: list[_Box]) -> _Box:
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return _Box(min(wests), min(souths), max(easts), max(norths))


def _rings(geometry: MultiPolygon) -> Rings:
    return [[_on_grid(point) for point in ring] for rings in geometry for ring in rings]


def _on_grid(point: tuple[float, float]) -> Point:
    return round(point[0] * _GRID), round(point[1] * _GRID)


# -- crossing ----------------------------------------------------------------------------------------------------------


def _meets_itself(ring: list[Point]) -> bool:
    """Whether a closed ring visits any place twice: a corner, a crossing, or a way back over itself."""
    corners = ring[:-1]
    if len(set(corners)) < len(corners):
        return True
    after = [*ring[1:], ring[1]]
    if any(_turns_back(*corner) for corner in zip(corners, after, after[1:], strict=False)):
        return True
    lines, last = list(pairwise(ring)), len(corners) - 1
    return any(
        _meet(lines[one], lines[other])
        for one, other in combinations(range(len(lines)), 2)
        if other - one not in (1, last)  # neighbours share a corner, and so do the last and the first
    )


def _turns_back(a: Point, b: Point, c: Point) -> bool:
    ahead = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1])
    return _side(a, b, c) == 0 and ahead < 0


def _meet(one: Line, other: Line) -> bool:
    """Whether two lines have any point in common: each has the other's ends on both sides of it, or on it.

    Their boxes are looked at first, because that is cheap and because lines on one line need it.
    """
    (a, b), (c, d) = one, other
    for axis in (0, 1):
        if max(a[axis], b[axis]) < min(c[axis], d[axis]) or max(c[axis], d[axis]) < min(a[axis], b[axis]):
            return False
    return _side(a, b, c) * _side(a, b, d) <= 0 and _side(c, d, a) * _side(c, d, b) <= 0


def _side(a: Point, b: Point, c: Point) -> int:
    """Above zero when c lies left of the line from a to b, below when right, zero when on it."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


# -- how much two have in common ---------------------------------------------------------------------------------------


def _common_area(one: _Shape, other: _Shape) -> float:
    """The area inside both, in squares of the grid, measured along lines from west to east; a percent or so exact.

    A share is all that is asked, so the Earth may be flat, and nothing is cut into pieces: a ring of any shape will do.
    """
    bottom, top = max(one.box.south, other.box.south), min(one.box.north, other.box.north)
    height, width = top - bottom, min(one.box.east, other.box.east) - max(one.box.west, other.box.west)
    if height <= 0 or width <= 0:
        return 0
    step = height / _SCAN_LINES
    scans = zip(_crossings(one.rings, bottom, step), _crossings(other.rings, bottom, step), strict=True)
    return step * sum(_common_length(mine, theirs) for mine, theirs in scans)


def _crossings(rings: Rings, bottom: int, step: float) -> list[list[float]]:
    """For each line from west to east, the longitudes at which it goes in or out, in order."""
    found: list[list[float]] = [[] for _ in range(_SCAN_LINES)]
    for ring in rings:
        for start, end in pairwise(ring):
            (x, y), (x_end, y_end) = sorted((start, end), key=lambda point: point[1])
            # A corner belongs to the line above it alone, or a scan through it would go in and never out.
            first, beyond = (math.ceil((height - bottom) / step - 0.5) for height in (y, y_end))
            for number in range(max(first, 0), min(beyond, _SCAN_LINES)):
                rise = bottom + (number + 0.5) * step - y
                found[number].append(x + (x_end - x) * rise / (y_end - y))
    return [sorted(crossings) for crossings in found]


def _common_length(one: list[float], other: list[float]) -> float:
    """How much of a line lies inside both, each given by where the line goes in and out."""
    spans = ((a, b) for a in zip(one[::2], one[1::2], strict=True) for b in zip(other[::2], other[1::2], strict=True))
    return sum(max(0.0, min(a[1], b[1]) - max(a[0], b[0])) for a, b in spans)


def _refused(message: str) -> Refusal:
    return Refusal("bad_request", field="polygon", message=message)
