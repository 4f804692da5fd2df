"""Places are a tree or nothing, and rooms follow from it."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.place import LEVELS, Place, PlaceError, Places, partition_key, slug, street_id, uncoded_id

TOWN = Place("GM0518", "'s-Gravenhage", "municipality")
ESCAMP = Place("GM0518.escamp", "Escamp", "district", "GM0518")
CENTRUM = Place("GM0518.centrum", "Centrum", "district", "GM0518")
MOERWIJK = Place("WK051836", "Moerwijk", "wijk", "GM0518.escamp")
WEST = Place("BU05183637", "Moerwijk-West", "neighbourhood", "WK051836")
OOST = Place("BU05183620", "Moerwijk-Oost", "neighbourhood", "WK051836")
BETJE = Place("BU05183637:betje-wolffstraat", "Betje Wolffstraat", "street", "BU05183637")
ERASMUS_WEST = Place("BU05183637:erasmusweg", "Erasmusweg", "street", "BU05183637")
ERASMUS_OOST = Place("BU05183620:erasmusweg", "Erasmusweg", "street", "BU05183620")
ALL = (TOWN, ESCAMP, CENTRUM, MOERWIJK, WEST, OOST, BETJE, ERASMUS_WEST, ERASMUS_OOST)


@pytest.fixture(scope="module")
def town() -> Places:
    """Two districts, of which one has a wijk with two neighbourhoods and three streets."""
    return Places(ALL)


# -- the tree


def test_tree_answers_up_and_down(town):
    """Every place knows what is above and below it, in the order given."""
    assert town.children("GM0518") == (ESCAMP, CENTRUM)
    assert town.ancestors(BETJE.id) == (WEST, MOERWIJK, ESCAMP, TOWN)
    assert town.neighbourhood_of(BETJE.id) == town.neighbourhood_of(WEST.id) == WEST
    assert town.neighbourhood_of(MOERWIJK.id) is None
    assert town.district_of(BETJE.id) == town.district_of(ESCAMP.id) == ESCAMP
    assert town.district_of(TOWN.id) is None
    assert town.breadcrumb(WEST.id) == "'s-Gravenhage › Escamp › Moerwijk › Moerwijk-West"


def test_unknown_place_is_harmless(town):
    """An id that nobody knows covers nothing, is covered by nothing and opens nothing."""
    assert town.get("BU1") is None
    assert "BU1" not in town
    assert town.children("BU1") == town.ancestors("BU1") == town.desks_of(["BU1"], "police") == ()
    assert town.streets_in(["BU1"]) == set()
    assert not town.covers("BU1", "BU1")
    assert not town.covers("GM0518", "BU1")
    assert town.breadcrumb("BU1") == ""


def test_order_of_places_does_not_matter():
    """Children may be given before their parents."""
    assert Places(reversed(ALL)).ancestors(BETJE.id) == (WEST, MOERWIJK, ESCAMP, TOWN)


def test_levels_may_be_left_out():
    """A wijk stands directly under a municipality in a town without districts."""
    town = Places([TOWN, Place("WK051836", "Moerwijk", "wijk", "GM0518"), WEST, BETJE])
    assert town.ancestors(BETJE.id)[-1] == TOWN


def test_all_problems_are_listed_at_once():
    """Who mends a list of places sees everything that is wrong with it in one look."""
    broken = [
        TOWN,
        Place("WK1", "Nowhere", "wijk", "GM9999"),
        Place("WK2", "Top", "wijk"),
        Place("WK3", "Upside down", "wijk", "BU3"),
        Place("BU3", "Below", "neighbourhood", "GM0518"),
        Place("BU4", "Round", "neighbourhood", "BU4"),
        Place("GM0518:street", "Street", "street", "GM0518"),
        Place("BU 5", "Space", "neighbourhood", "GM0518"),
        Place("{p00}", "Brace", "neighbourhood", "GM0518"),
        Place("BU3:elsewhere", "Elsewhere", "street", "BU4"),
        Place("BU6", " ", "neighbourhood", "GM0518"),
        Place("BU7", "Mis\u202eled", "neighbourhood", "GM0518"),
        Place("BU8", "Odd", "planet", "GM0518"),
    ]
    with pytest.raises(PlaceError) as refused:
        Places(broken)
    named = {problem.split(" (")[0] for problem in refused.value.problems}
    assert named == {place.id for place in broken} - {"GM0518", "BU3"}


def test_circle_is_no_tree():
    """Places that stand under each other are refused."""
    with pytest.raises(PlaceError, match="can't stand under"):
        Places([Place("WK1", "One", "wijk", "WK2"), Place("WK2", "Two", "wijk", "WK1")])


def test_two_spellings_of_one_street_are_a_problem():
    """Streets whose names make the same id are reported by both names, never merged in silence."""
    names = ("Betje Wolffstraat", "Betje-Wolffstraat")
    streets = [Place(street_id("BU05183637", name), name, "street", "BU05183637") for name in names]
    with pytest.raises(PlaceError, match="Betje Wolffstraat and Betje-Wolffstraat"):
        Places([TOWN, ESCAMP, MOERWIJK, WEST, *streets])


def test_update_replaces_and_adds_or_changes_nothing(town):
    """A town with an update that makes no tree is the town it was."""
    renamed = Place(ESCAMP.id, "Escamp-Zuid", "district", "GM0518")
    added = Place("GM0518.loosduinen", "Loosduinen", "district", "GM0518")
    changed = town.updated([renamed, added])
    assert changed.children("GM0518") == (renamed, CENTRUM, added)
    for wrong in ([Place("WK9", "X", "wijk", "GM9")], [renamed, renamed]):
        with pytest.raises(PlaceError):
            town.updated(wrong)
    assert town.get(ESCAMP.id) == ESCAMP


# -- finding


@pytest.mark.parametrize(
    "text", ["BETJE wolffstraat", "Betje-Wolffstraat", " betje  wolffstraat ", "Bètje Wolffstraat", BETJE.id]
)
def test_find_by_id_or_name(town, text):
    """People need not know how a name is spelled in the register."""
    assert town.find(text) == [BETJE]


def test_find_ignores_apostrophes_and_knows_ids_in_small_letters(town):
    """'s-Gravenhage is found without its apostrophe, straight or curly."""
    assert town.find("s-gravenhage") == town.find("’s Gravenhage") == town.find("gm0518") == [TOWN]


def test_find_gives_every_place_of_a_name_and_filters_by_kind(town):
    """A street that crosses neighbourhoods is two streets to choose from."""
    assert town.find("Erasmusweg") == [ERASMUS_WEST, ERASMUS_OOST]
    assert town.find("Moerwijk", "street") == town.find("Nowhere") == town.find("") == []


def test_exact_name_is_found_first():
    """Of two names that are alike the one spelled exactly so leads."""
    plain, accented = Place("WK1", "Velden", "wijk", "GM0518"), Place("WK2", "Vélden", "wijk", "GM0518")
    assert Places([TOWN, plain, accented]).find("Vélden") == [accented, plain]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(
            ("Betje Wolffstraat", "betje-wolffstraat"),
            ("'s-Gravenhage", "s-gravenhage"),
            ("Böttgerwater", "bottgerwater"),
        ),
        *(
            ("Mr. P. Droogleever Fortuynweg", "mr-p-droogleever-fortuynweg"),
            ("Leidschenveen-Ypenburg", "leidschenveen-ypenburg"),
        ),
        *(("  Erasmus  Veld ", "erasmus-veld"), ("Łódźstraat", "lodzstraat"), ("Laan_3", "laan-3"), ("شارع", "")),
    ],
)
def test_slug(name, expected):
    """An id is ASCII, whatever the name."""
    assert slug(name) == expected


@given(st.text(max_size=40))
def test_slug_is_safe_in_an_id_and_stays_as_it_is(name):
    """No name puts a colon, a brace or a space into an id."""
    assert set(slug(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug(slug(name)) == slug(name)


def test_place_without_a_code_is_named_after_its_parent():
    """A district's id is made of the municipality's code and its name."""
    assert uncoded_id("GM0518", "Leidschenveen-Ypenburg") == "GM0518.leidschenveen-ypenburg"


# -- rooms


def test_rooms_are_streets_neighbourhoods_and_three_desks_per_district(town):
    """Nothing else has a room, and every room has its own id."""
    ids = [room.id for room in town.rooms()]
    desks = [
        f"desk:{seat}:{owner}" for seat in (ESCAMP.id, CENTRUM.id) for owner in ("police", "municipality", "shared")
    ]
    assert ids == [place.id for place in (WEST, OOST, BETJE, ERASMUS_WEST, ERASMUS_OOST)] + desks
    assert town.room(MOERWIJK.id) is None
    assert all(town.room(room.id) is room for room in town.rooms())


def test_resident_has_two_rooms(town):
    """Who lives in a street belongs to the street's room and the neighbourhood's."""
    street, neighbourhood = town.rooms_of_resident(BETJE.id)
    assert (street.id, street.kind, street.name) == (BETJE.id, "street", "Betje Wolffstraat")
    assert (neighbourhood.id, neighbourhood.kind) == (WEST.id, "neighbourhood")


@pytest.mark.parametrize("place_id", ["BU05183637", "BU05183637:nowhere"])
def test_nobody_lives_in_what_is_no_street(town, place_id):
    """A home is a street that exists."""
    with pytest.raises(KeyError):
        town.rooms_of_resident(place_id)


@pytest.mark.parametrize("area", [ESCAMP, MOERWIJK, WEST, BETJE])
def test_desks_of_a_district_for_anything_inside_it(town, area):
    """A jurisdiction inside a district gives the own desk and the shared one of that district."""
    assert [room.id for room in town.desks_of([area.id], "police")] == [
        "desk:GM0518.escamp:police",
        "desk:GM0518.escamp:shared",
    ]


def test_desks_of_a_municipality_are_all_of_the_own_organisation(town):
    """Nobody sits at the desk of the other organisation, and nobody twice at one."""
    desks = town.desks_of(["GM0518", WEST.id], "municipality")
    assert [(room.place, room.organisation) for room in desks] == [
        *((ESCAMP.id, "municipality"), (ESCAMP.id, "shared"), (CENTRUM.id, "municipality"), (CENTRUM.id, "shared")),
    ]
    assert town.desks_of(["GM0518"], None) == town.desks_of(["GM0518"], "shared") == town.desks_of([], "police") == ()


def test_town_without_districts_has_one_set_of_desks():
    """Where there are no districts the municipality has the desks."""
    town = Places([TOWN, Place("WK051836", "Moerwijk", "wijk", "GM0518"), WEST, BETJE])
    assert [room.id for room in town.desks_of([WEST.id], "police")] == ["desk:GM0518:police", "desk:GM0518:shared"]


def test_part_outside_the_districts_has_the_desks_of_the_municipality():
    """A wijk that no district claims is nobody's blind spot, and a district's wijk stays with its district."""
    town = Places([*ALL, Place("WK051801", "Oostduinen", "wijk", "GM0518")])
    assert [room.place for room in town.desks_of(["WK051801"], "police")] == ["GM0518", "GM0518"]
    assert {room.place for room in town.desks_of([MOERWIJK.id], "police")} == {ESCAMP.id}
    assert {room.place for room in town.desks_of(["GM0518"], "police")} == {"GM0518", ESCAMP.id, CENTRUM.id}


def test_everything_of_a_neighbourhood_falls_together(town):
    """A neighbourhood's room and its streets' rooms share a partition; so do the desks of a district."""
    assert partition_key("BU05183637:x") == partition_key("BU05183637") == "BU05183637"
    assert partition_key("desk:GM0518.escamp:police") == "desk:GM0518.escamp"
    for room in town.rooms():
        expected = f"desk:{room.place}" if room.kind == "desk" else town.neighbourhood_of(room.place).id
        assert partition_key(room.id) == expected


# -- who is covered, against brute force


@st.composite
def towns(draw) -> list[Place]:
    """A random tree of up to 40 places that skips levels at will."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    places = [Place("GM0001", "Town", "municipality")]
    for number in range(draw(st.integers(0, 40))):
        parent = chance.choice([place for place in places if place.kind != "street"])
        below = [kind for kind, level in LEVELS.items() if LEVELS[parent.kind] < level < LEVELS["street"]]
        if parent.kind == "neighbourhood":
            places.append(Place(f"{parent.id}:s-{number}", f"Street {number}", "street", parent.id))
        else:
            places.append(Place(f"X{number}", f"Place {number}", chance.choice(below), parent.id))
    chance.shuffle(places)
    return places


def lies_in(area: str, place: str, parents: dict[str, str | None]) -> bool:
    """The definition of covering, spelled out."""
    return area == place or (parents[place] is not None and lies_in(area, parents[place], parents))


@given(towns())
def test_covers_and_streets_in_are_what_they_are_by_definition(places):
    """An area covers itself and what lies under it, and reaches just the streets among those."""
    town, parents = Places(places), {place.id: place.parent for place in places}
    for area in parents:
        inside = {place for place in parents if lies_in(area, place, parents)}
        assert {place for place in parents if town.covers(area, place)} == inside
        assert town.streets_in([area]) == {place for place in inside if town.get(place).kind == "street"}
    some = list(parents)[::3]
    assert town.streets_in(some) == set().union(*(town.streets_in([area]) for area in some))


@given(towns())
def test_every_place_has_a_desk_and_every_desk_is_under_the_municipality(places):
    """Whatever levels a town leaves out, nobody's call for help lacks a desk."""
    town = Places(places)
    for place in places:
        for organisation in ("police", "municipality"):
            desks = town.desks_of([place.id], organisation)
            assert {desk.organisation for desk in desks} == {organisation, "shared"}
            assert all(town.covers(place.id, desk.place) or town.covers(desk.place, place.id) for desk in desks)
    assert set(town.desks_of(["GM0001"], "police")) == {
        d for d in town.rooms() if d.organisation in ("police", "shared")
    }
