"""A map's borders have few points, and none of them lies where the border was not."""

from math import cos, hypot, pi, radians, sin

from hypothesis import given
from hypothesis import strategies as st

from rooms.outline import DECIMALS, outline

METRE = 1 / 111_320  # degrees of latitude
HAGUE = (4.29, 52.05)


def around(points: int, radius_m: float) -> tuple[tuple[float, float], ...]:
    """A closed ring of so many corners around a place in The Hague."""
    narrow = cos(radians(HAGUE[1]))
    angles = [2 * pi * index / points for index in range(points)]
    ring = [
        (HAGUE[0] + radius_m * METRE * sin(angle) / narrow, HAGUE[1] + radius_m * METRE * cos(angle))
        for angle in angles
    ]
    return (*ring, ring[0])


def off_m(point: tuple[float, float], radius_m: float) -> float:
    """How far a point lies from the circle of that radius, in metres."""
    narrow = cos(radians(HAGUE[1]))
    return abs(hypot((point[0] - HAGUE[0]) * narrow, point[1] - HAGUE[1]) / METRE - radius_m)


def test_a_round_border_keeps_few_points() -> None:
    """Two thousand corners of a circle of 500 metres come to less than a tenth, all of them on it to some metres."""
    ((ring,),) = outline(((around(2_000, 500),),))
    assert 20 < len(ring) < 200
    assert ring[0] == ring[-1]
    assert max(off_m(point, 500) for point in ring) < 3


def test_corners_stay() -> None:
    """A square is a square, whatever stood on its sides."""
    side = [(4.29 + step / 10_000, 52.05) for step in range(11)]
    square = (*side, (4.291, 52.051), (4.29, 52.051), (4.29, 52.05))
    ((ring,),) = outline(((square,),))
    assert set(ring) == {(4.29, 52.05), (4.291, 52.05), (4.291, 52.051), (4.29, 52.051)}


def test_what_is_too_small_is_only_rounded() -> None:
    """A courtyard of a metre stays a ring: a hole that vanished would be a place that was never there."""
    small = around(12, 1)
    ((ring,),) = outline(((small,),))
    assert len(ring) == len(small)


@given(st.integers(3, 60), st.floats(1, 5_000), st.integers(1, 3), st.integers(1, 3))
def test_rings_stay_closed_and_as_many(points: int, radius_m: float, polygons: int, rings: int) -> None:
    """With four points or more each, in five decimals."""
    border = ((around(points, radius_m),) * rings,) * polygons
    drawn = outline(border)
    assert [len(polygon) for polygon in drawn] == [rings] * polygons
    for ring in (ring for polygon in drawn for ring in polygon):
        assert ring[0] == ring[-1]
        assert len(ring) >= 4
        assert all(round(part, DECIMALS) == part for point in ring for part in point)
