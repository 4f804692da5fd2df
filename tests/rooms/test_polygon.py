"""A line on the map is taken when it is one, and means the places that an officer sees inside it."""

import json
import math
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.place import MultiPolygon, Place, Places
from rooms.polygon import MOST_POINTS, Ring, checked, covered
from rooms.refusal import Refusal

WIJKEN = Path(__file__).resolve().parents[3] / "shared" / "data" / "the-hague-wijken.geojson"


def box(west: float, south: float, east: float, north: float) -> Ring:
    """A rectangle in hundredths of a degree from 4.2 east, 52.0 north: a block of the drawn town below."""
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return tuple((round(4.2 + x / 100, 9), round(52 + y / 100, 9)) for x, y in corners)


def bordered(*rings: Ring) -> MultiPolygon:
    return (rings,)


TOWN = Place("GM0518", "'s-Gravenhage", "municipality", geometry=bordered(box(0, 0, 10, 10)))
MOERWIJK = Place("WK051836", "Moerwijk", "wijk", TOWN.id, geometry=bordered(box(0, 0, 4, 2)))
WEST = Place("BU05183637", "Moerwijk-West", "neighbourhood", MOERWIJK.id, geometry=bordered(box(0, 0, 2, 2)))
OOST = Place("BU05183620", "Moerwijk-Oost", "neighbourhood", MOERWIJK.id, geometry=bordered(box(2, 0, 4, 2)))
LAAK = Place("WK051842", "Laak", "wijk", TOWN.id, geometry=bordered(box(4, 0, 8, 2)))
LAAK_NOORD = Place("BU05184201", "Laak-Noord", "neighbourhood", LAAK.id)
RING_ROAD = Place(
    "BU05180101", "Ringweg", "neighbourhood", TOWN.id, geometry=bordered(box(0, 4, 6, 10), box(1, 5, 5, 9))
)
THE_HAGUE = Places([TOWN, MOERWIJK, WEST, OOST, LAAK, LAAK_NOORD, RING_ROAD])
BARE = Places([Place("GM0518", "'s-Gravenhage", "municipality")])


def meant(*rings: Ring) -> list[tuple[str, ...]]:
    return [covered(THE_HAGUE, checked(THE_HAGUE, ring)) for ring in rings]


def refusal(points: object, places: Places = THE_HAGUE) -> str:
    """Why these points are refused."""
    with pytest.raises(Refusal) as refused:
        checked(places, points)  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.facts) == ("bad_request", {"field": "polygon"})
    return refused.value.message


def drawn(*points: tuple[float, float]) -> Ring:
    """These points in hundredths of a degree, closed."""
    return tuple((4.2 + x / 100, 52 + y / 100) for x, y in (*points, points[0]))


# -- which lines are taken


def test_a_ring_is_taken_with_seven_decimals() -> None:
    """A centimetre is as fine as anybody draws; what is shown, signed and sent is the same ring."""
    ring = checked(THE_HAGUE, [(4.21, 52.01), (4.22, 52.01), (4.22, 52.0212345678), (4.21, 52.01)])
    assert ring == ((4.21, 52.01), (4.22, 52.01), (4.22, 52.0212346), (4.21, 52.01))
    assert checked(THE_HAGUE, ring) == ring


def test_an_open_line_is_refused() -> None:
    """Nothing is closed on an officer's behalf."""
    assert "open" in refusal(drawn((1, 1), (2, 1), (2, 2), (1, 2))[:-1])


def circle(corners: int) -> Ring:
    angles = [2 * math.pi * number / corners for number in range(corners)]
    return drawn(*((5 + 4 * math.cos(angle), 5 + 4 * math.sin(angle)) for angle in angles))


def test_a_ring_has_4_to_200_points() -> None:
    """Two hundred with the last are taken, one more is not, and neither is a line there and back."""
    assert len(checked(THE_HAGUE, circle(MOST_POINTS - 1))) == MOST_POINTS
    assert "4 to 200" in refusal(circle(MOST_POINTS))
    assert "4 to 200" in refusal(drawn((1, 1), (2, 2)))
    assert "4 to 200" in refusal([])


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf, 180.1, -1e300])
def test_what_is_no_longitude_or_latitude_is_refused(odd: float) -> None:
    """Not a number, endless, or off the globe, in either place."""
    assert "degrees" in refusal([(4.21, 52.01), (odd, 52.01), (4.22, 52.02), (4.21, 52.01)])
    assert "degrees" in refusal([(4.21, 52.01), (4.22, odd), (4.22, 52.02), (4.21, 52.01)])


CROSSING = {
    "a bow tie": ((1, 1), (3, 3), (3, 1), (1, 3)),
    "flat": ((1, 1), (2, 1), (3, 1)),
    "a spike there and back": ((1, 1), (3, 1), (3, 3), (3, 4), (3, 3.5), (1, 3)),
    "a corner twice": ((1, 1), (2, 2), (3, 1), (3, 3), (2, 2), (1, 3)),
    "a point twice in a row": ((1, 1), (3, 1), (3, 1), (1, 3)),
    "a corner on another side": ((1, 1), (3, 1), (3, 3), (2, 1), (1, 3)),
    "two sides on one line": ((1, 1), (4, 1), (4, 2), (3, 2), (3, 1), (2, 1), (2, 2), (1, 2)),
}


@pytest.mark.parametrize("points", CROSSING.values(), ids=CROSSING)
def test_a_line_that_meets_itself_is_refused(points: tuple[tuple[float, float], ...]) -> None:
    """Nobody could say what is inside; whichever corner one begins with, and whichever way round."""
    for start in range(len(points)):
        turned = (*points[start:], *points[:start])
        assert "itself" in refusal(drawn(*turned))
        assert "itself" in refusal(drawn(*reversed(turned)))


def test_a_corner_in_the_middle_of_a_side_is_no_crossing() -> None:
    """A finger that stops on the way has drawn the same ring."""
    assert meant(drawn((0, 0), (1, 0), (2, 0), (2, 2), (0, 2))) == [(WEST.id,)]


def test_lines_that_pass_each_other_closely_do_not_cross() -> None:
    """One line drawn on would hit the other, but ends before it."""
    points = ((0, 0), (4, 2), (4.2, 0), (8, 0), (7, 1), (3, 3), (0, 3))
    for start in range(len(points)):
        turned = (*points[start:], *points[:start])
        assert len(checked(THE_HAGUE, drawn(*turned))) == len(checked(THE_HAGUE, drawn(*reversed(turned)))) == 8


def test_a_ring_that_leaves_the_town_is_refused() -> None:
    """One point over the edge of the map is enough; the edge itself belongs to the town."""
    assert "leaves" in refusal(drawn((1, 1), (10.0001, 1), (3, 3)))
    assert "leaves" in refusal(drawn((1, 1), (3, 1), (3, -0.0001)))
    assert checked(THE_HAGUE, box(0, 0, 10, 10)) == box(0, 0, 10, 10)


def test_a_town_without_borders_has_no_polygons() -> None:
    """Places are chosen by name there, and the refusal says so."""
    assert "by name" in refusal(box(1, 1, 2, 2), BARE)


# -- which places are meant


def test_the_neighbourhoods_inside_are_meant() -> None:
    """Drawn around, one or two."""
    assert meant(box(0, 0, 2, 2), box(0, 0, 3.9, 2)) == [(WEST.id,), (WEST.id, OOST.id)]


def test_a_slip_over_the_border_alerts_nobody_there() -> None:
    """Less than a tenth of either is a hand that slipped; a fifth is meant."""
    assert meant(box(0, 0, 2.1, 2), box(0, 0, 2.4, 2)) == [(WEST.id,), (WEST.id, OOST.id)]


def test_a_small_ring_alerts_the_neighbourhood_it_stands_in() -> None:
    """A fire in one square: a thousandth of the neighbourhood, and the whole of the ring."""
    assert meant(box(1, 1, 1.05, 1.05), box(1.96, 1, 2.02, 1.05)) == [(WEST.id,), (WEST.id, OOST.id)]


def test_a_ring_where_nobody_has_a_border_means_nothing() -> None:
    """Not the town, although it lies in it: an area is never widened."""
    assert meant(box(8.5, 1, 9, 2)) == [()]


def test_a_town_is_never_meant_by_its_own_border() -> None:
    """Where nothing smaller has one, a polygon means nothing, not everybody."""
    town = Places([TOWN, Place(WEST.id, "Moerwijk-West", "neighbourhood", TOWN.id)])
    assert covered(town, checked(town, box(0, 0, 10, 10))) == ()


def test_a_wijk_stands_for_neighbourhoods_without_borders() -> None:
    """The finest borders that there are; and never a wijk beside its own neighbourhoods."""
    assert meant(box(4, 0, 8, 2)) == [(LAAK.id,)]
    assert meant(box(0, 0, 8, 2)) == [(WEST.id, OOST.id, LAAK.id)]


def test_a_ring_inside_a_hole_means_nothing() -> None:
    """What a border leaves out is not in the place."""
    assert meant(box(2, 6, 4, 8), box(2, 4, 4, 8)) == [(), (RING_ROAD.id,)]


def test_a_shape_that_is_not_convex_is_measured_as_it_is() -> None:
    """A horseshoe around Moerwijk-Oost reaches its neighbours on either side and leaves it out."""
    horseshoe = drawn((0, 0), (1.95, 0), (1.95, 2.1), (4.05, 2.1), (4.05, 0), (8, 0), (8, 3), (0, 3))
    assert meant(horseshoe) == [(WEST.id, LAAK.id)]


# -- against other ways to reckon


def crosses(a, b, c, d) -> bool:
    """Whether two segments meet, by solving for the point in exact fractions."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = a, b, c, d
    slope = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    if slope:
        along = Fraction((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx), slope)
        beside = Fraction((cx - ax) * (by - ay) - (cy - ay) * (bx - ax), slope)
        return 0 <= along <= 1 and 0 <= beside <= 1
    if (bx - ax) * (cy - ay) != (by - ay) * (cx - ax):
        return False
    return max(min(a, b), min(c, d)) <= min(max(a, b), max(c, d))


def is_simple(corners: list[tuple[int, int]]) -> bool:
    """By definition: sides meet only where they follow each other, and there in the corner alone."""
    sides = [(corners[at], corners[(at + 1) % len(corners)]) for at in range(len(corners))]
    if len(set(corners)) < len(corners):
        return False
    for (a, b), (c, d) in combinations(sides, 2):
        shared = {a, b} & {c, d}
        if not shared and crosses(a, b, c, d):
            return False
        # Of two sides that share a corner, neither may hold the other's far end.
        if len(shared) == 1:
            far = [point for point in (a, b, c, d) if point not in shared]
            if any(crosses(*side, point, point) for point, side in zip(far, ((c, d), (a, b)), strict=True)):
                return False
    return True


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=8))
def test_a_ring_is_taken_exactly_when_it_is_simple(corners: list[tuple[int, int]]) -> None:
    """On a coarse grid, where lines touch, overlap and run through corners all the time."""
    if is_simple(corners):
        assert len(checked(THE_HAGUE, drawn(*corners))) == len(corners) + 1
    else:
        assert "itself" in refusal(drawn(*corners))


tenths = st.integers(0, 80).map(lambda number: number / 10)


@given(tenths, tenths, tenths, tenths)
def test_rectangles_mean_what_multiplication_says(x: float, y: float, x_too: float, y_too: float) -> None:
    """A tenth of the smaller of the two, reckoned with sides of rectangles; within a percent, either answer will do."""
    west, east, south, north = min(x, x_too), max(x, x_too), min(y, y_too), max(y, y_too)
    if west == east or south == north:
        return
    found = covered(THE_HAGUE, checked(THE_HAGUE, box(west, south, east, north)))
    for place, left in ((WEST, 0), (OOST, 2)):
        common = max(0.0, min(east, left + 2) - max(west, left)) * max(0.0, min(north, 2) - south)
        share = common / min((east - west) * (north - south), 4)
        if abs(share - 0.1) > 0.001:
            assert (place.id in found) == (share > 0.1)


@pytest.mark.skipif(not WIJKEN.exists(), reason="the borders of The Hague are not here")
def test_real_wijken_are_meant_by_a_ring_around_them() -> None:
    """Each of the 44 by the box around itself, and by a ring in the very centre that wijk alone."""
    features = json.loads(WIJKEN.read_text())["features"]
    wijken = [
        Place(f"WK{number}", str(feature["properties"]["name"]), "wijk", "GM0518", geometry=_geometry(feature))
        for number, feature in enumerate(features)
    ]
    town = Places([Place("GM0518", "'s-Gravenhage", "municipality"), *wijken])
    for wijk in wijken:
        assert wijk.id in covered(town, checked(town, _around(wijk)))
    hall = checked(town, [(4.3165, 52.0765), (4.3175, 52.0765), (4.3175, 52.0772), (4.3165, 52.0765)])
    assert [place.name for place in wijken if place.id in covered(town, hall)] == ["Centrum"]


def _geometry(feature) -> MultiPolygon:
    coordinates = feature["geometry"]["coordinates"]
    parts = coordinates if feature["geometry"]["type"] == "MultiPolygon" else [coordinates]
    return tuple(tuple(tuple((x, y) for x, y, *_ in ring) for ring in rings) for rings in parts)


def _around(place: Place) -> Ring:
    points = [point for rings in place.geometry or () for ring in rings for point in ring]
    (west, east), (south, north) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
    return ((west, south), (east, south), (east, north), (west, north), (west, south))
