"""A file of places is taken whole, or refused whole with every problem and its row."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms import place_import
from rooms.default_town import default_town
from rooms.place import Place, Places
from rooms.place_import import ImportRefused, read_csv, read_geojson

WIJKEN = Path(__file__).resolve().parents[3] / "shared" / "data" / "the-hague-wijken.geojson"
SQUARE = [[4.28, 52.05], [4.30, 52.05], [4.30, 52.06], [4.28, 52.05]]
WEST = {
    "buurtcode": "BU05183637",
    "buurtnaam": "Moerwijk-West",
    "wijkcode": "WK051836",
    "gemeentecode": "GM0518",
    "gemeentenaam": "'s-Gravenhage",
}


def geojson(*features: dict[str, object], geometry: object = None) -> bytes:
    """A FeatureCollection of these properties, all with the same geometry."""
    rows = [{"type": "Feature", "properties": properties, "geometry": geometry} for properties in features]
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


def problems(read, *arguments, **options) -> list[tuple[int, str | None, str]]:
    """The problems for which this is refused, as (row, field, message)."""
    with pytest.raises(ImportRefused) as refused:
        read(*arguments, **options)
    return [(problem.row, problem.field, problem.message) for problem in refused.value.problems]


def csv(*rows: str, delimiter: str = ",") -> bytes:
    """A CSV of these rows under the header."""
    return "\r\n".join([delimiter.join(("code", "name", "kind", "parent")), *rows]).encode()


# -- GeoJSON


def test_cbs_neighbourhood_brings_its_wijk_and_municipality():
    """A file of neighbourhoods alone makes a whole town."""
    polygon = {"type": "Polygon", "coordinates": [SQUARE]}
    border = ((tuple((longitude, latitude) for longitude, latitude in SQUARE),),)
    assert read_geojson(geojson(WEST, geometry=polygon)) == [
        Place("GM0518", "'s-Gravenhage", "municipality"),
        Place("WK051836", "WK051836", "wijk", "GM0518"),
        Place("BU05183637", "Moerwijk-West", "neighbourhood", "WK051836", geometry=border),
    ]


def test_old_spellings_of_cbs_are_understood():
    """Files of former years name the same properties BU_CODE and BU_NAAM; the codes above follow from the code."""
    places = read_geojson(geojson({"BU_CODE": "BU05183637", "BU_NAAM": "Moerwijk-West", "WK_NAAM": "Moerwijk"}))
    assert [(place.id, place.name) for place in places] == [
        ("GM0518", "GM0518"),
        ("WK051836", "Moerwijk"),
        ("BU05183637", "Moerwijk-West"),
    ]


def test_wijk_named_by_its_own_feature_keeps_that_name():
    """A wijk that one feature mentions and another one is, is the latter, in whichever order they stand."""
    wijk = {"wijkcode": "WK051836", "wijknaam": "Moerwijk", "gemeentecode": "GM0518", "gemeentenaam": "'s-Gravenhage"}
    for features in ((WEST, wijk), (wijk, WEST)):
        assert Places(read_geojson(geojson(*features))).breadcrumb("WK051836") == "'s-Gravenhage › Moerwijk"


def test_water_and_abroad_are_left_out():
    """Where nobody lives there is no room, though the map of CBS is full of it."""
    water = {**WEST, "buurtnaam": "", "water": "JA"}
    assert len(read_geojson(geojson(water, {**WEST, "water": "NEE"}))) == 3


def test_multipolygon_altitude_and_null_geometry_are_taken():
    """A border may have parts and heights, or be missing."""
    high = [[*point, 1.5] for point in SQUARE]
    places = read_geojson(geojson(WEST, geometry={"type": "MultiPolygon", "coordinates": [[high], [SQUARE, SQUARE]]}))
    assert [len(polygon) for polygon in places[-1].geometry or ()] == [1, 2]
    assert places[-1].geometry[0][0][0] == (4.28, 52.05)
    assert read_geojson(geojson(WEST))[-1].geometry is None


def test_mapping_names_the_properties_of_other_files():
    """A file that is not of CBS says through the mapping what its properties mean."""
    data = geojson({"ID": "W-1", "NAAM": " De  Wijk ", "OP": "GM0001"})
    places = read_geojson(data, {"code": "id", "name": "NAAM", "parent": "OP"}, kind="wijk")
    assert [(place.id, place.name, place.parent) for place in places] == [
        ("GM0001", "GM0001", None),
        ("W-1", "De Wijk", "GM0001"),
    ]


def test_mapping_of_an_unknown_field_is_refused():
    """A slip in the mapping is told, not ignored."""
    assert problems(read_geojson, geojson(WEST), {"naam": "x"})[0][:2] == (0, "naam")


@pytest.fixture
def wijken() -> bytes:
    if not WIJKEN.exists():
        pytest.skip(f"{WIJKEN.name} is not beside this project")
    return WIJKEN.read_bytes()


def test_real_wijken_import_with_a_mapping(wijken):
    """The 44 wijken of The Hague, known by name only, stand under their municipality with their borders."""
    places = read_geojson(wijken, {"name": "name"}, kind="wijk", parent="GM0518")
    assert [place.kind for place in places] == ["municipality", *["wijk"] * 44]
    assert places[1].id == "GM0518.belgisch-park"
    assert all(place.geometry for place in places[1:])
    assert len(Places(places).children("GM0518")) == 44


def test_real_wijken_give_borders_to_the_wijken_the_town_has(wijken):
    """A wijk without a code is known by its name: it keeps its code, its district and its centre."""
    town = Places(default_town())
    updated = town.updated(read_geojson(wijken, {"name": "name"}, kind="wijk", parent="GM0518", known=town))
    before, after = town.get("WK051836"), updated.get("WK051836")
    assert (after.parent, after.centre) == (before.parent, before.centre) == ("GM0518.escamp", (52.051, 4.298))
    assert after.geometry
    assert len(updated) == len(town) + 44 - 11
    assert updated.get("GM0518.moerwijk") is None


def test_cbs_file_leaves_a_town_its_districts():
    """CBS knows no districts; importing its neighbourhoods does not move them out of theirs."""
    town = Places(default_town())
    wijk = {"wijkcode": "WK051836", "wijknaam": "Moerwijk", "gemeentecode": "GM0518"}
    updated = town.updated(read_geojson(geojson(WEST, wijk), known=town))
    assert [(place.id, place.name, place.parent) for place in updated] == [(p.id, p.name, p.parent) for p in town]


@pytest.mark.parametrize(
    ("geometry", "message"),
    [
        ({"type": "Point", "coordinates": [4, 52]}, "Polygon or MultiPolygon"),
        ({"type": "Polygon", "coordinates": []}, "Polygon or MultiPolygon"),
        ({"type": "Polygon", "coordinates": [SQUARE[:3]]}, "at least 4 points"),
        ({"type": "Polygon", "coordinates": [[*SQUARE[:3], [1, 1]]]}, "ends where it begins"),
        ({"type": "Polygon", "coordinates": [[[81000.5, 455000], *SQUARE, [81000.5, 455000]]]}, "WGS 84"),
        ({"type": "Polygon", "coordinates": [[[52, 91], *SQUARE, [52, 91]]]}, "WGS 84"),
        ({"type": "Polygon", "coordinates": [[["4", "52"], *SQUARE]]}, "Expected `float`"),
        ({"type": "Polygon", "coordinates": [[[float("nan"), 52], *SQUARE]]}, "FeatureCollection"),
        ({"type": "Polygon", "coordinates": [[[float("inf"), 52], *SQUARE]]}, "FeatureCollection"),
        ({"type": "GeometryCollection", "geometries": []}, "Polygon or MultiPolygon"),
    ],
)
def test_border_that_is_none_is_refused(geometry, message):
    """A border is closed, on the globe and in degrees, or the row is named."""
    ((row, _, told),) = problems(read_geojson, geojson(WEST, geometry=geometry))
    assert row in (0, 1)
    assert message in told


def test_every_bad_feature_is_named_and_nothing_is_taken():
    """One look at the answer shows all that is to be mended."""
    data = geojson(
        WEST,
        {**WEST, "buurtcode": "BU05183620", "buurtnaam": ""},
        {**WEST, "buurtnaam": "Again"},
        {"buurtcode": "WK051836", "buurtnaam": "A wijk"},
        {"naam": "What is it?"},
        {**WEST, "buurtcode": ["BU05183638"]},
        {"buurtcode": "X1", "buurtnaam": "Without a wijk"},
    )
    told = problems(read_geojson, data)
    assert [(row, field) for row, field, _ in told] == [
        *((2, "name"), (3, "name"), (4, "code"), (5, None), (6, "buurtcode"), (7, "parent")),
    ]
    assert "row 1" in told[1][2]


def test_name_that_misleads_is_refused_with_its_row():
    """A name with a reversed text direction in it is told by the row it came from."""
    assert (
        problems(read_geojson, geojson(WEST, {**WEST, "buurtcode": "BU05183620", "buurtnaam": "a\u202eb"}))[0][0] == 2
    )


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"[]", b"{", b"null", b'{"type":"Feature"}', b'{"type":"FeatureCollection"}', geojson()),
        b'{"type":"FeatureCollection","features":[' + b"[" * 3_000_000,
        b'{"type":"FeatureCollection","features":[' + b'{"a":' * 300_000 + b"1" + b"}" * 300_000 + b"]}",
        b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":\xff}}]}',
    ],
)
def test_what_is_no_geojson_is_refused(data):
    """Neither rubbish nor a bomb of brackets does more than be refused."""
    assert problems(read_geojson, data)[0][0] <= 1


def test_size_and_rows_are_limited(monkeypatch):
    """A file beyond the limits is refused before it is read, or before its places are."""
    monkeypatch.setattr(place_import, "LARGEST_FILE", 10)
    assert "larger" in problems(read_geojson, geojson(WEST))[0][2]
    monkeypatch.undo()
    monkeypatch.setattr(place_import, "MOST_ROWS", 1)
    assert "more than 1" in problems(read_geojson, geojson(WEST, WEST))[0][2]
    assert "more than 1" in problems(read_csv, csv("GM1,A,municipality,", "GM2,B,municipality,"))[0][2]


# -- CSV


TREE = ("GM0518,'s-Gravenhage,municipality,", ",Escamp,district,GM0518", "WK051836,Moerwijk,wijk,Escamp")


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_csv_makes_the_tree_in_any_order(delimiter, mark):
    """Rows may stand in any order, parents are found by code or name, spreadsheets may write semicolons and a mark."""
    rows = [",Betje Wolffstraat,street,Moerwijk-West", "bu05183637,Moerwijk-West,neighbourhood,WK051836", *TREE[::-1]]
    data = mark + csv(*(row.replace(",", delimiter) for row in rows), delimiter=delimiter)
    assert [(place.id, place.kind, place.parent) for place in read_csv(data)] == [
        ("GM0518", "municipality", None),
        ("GM0518.escamp", "district", "GM0518"),
        ("WK051836", "wijk", "GM0518.escamp"),
        ("BU05183637", "neighbourhood", "WK051836"),
        ("BU05183637:betje-wolffstraat", "street", "BU05183637"),
    ]


def test_csv_quotes_columns_and_empty_lines():
    """Columns may stand in any order, names may hold the delimiter, empty lines are nothing."""
    data = b'kind,parent,code,name\n\nmunicipality,,GM1,"Venen, Oorden ""en"" Raden"\n\n'
    assert read_csv(data) == [Place("GM1", 'Venen, Oorden "en" Raden', "municipality")]


def test_street_is_not_put_under_the_wijk_of_the_same_name():
    """Where a wijk and its neighbourhood share a name, a street belongs to the neighbourhood."""
    rows = [
        "BU1,Zuiderpark,neighbourhood,WK1",
        "WK1,Zuiderpark,wijk,GM1",
        "GM1,Town,municipality,",
        ",Laan,street,zuiderpark",
    ]
    assert read_csv(csv(*rows))[-1].id == "BU1:laan"


def test_csv_adds_streets_to_the_town_there_is():
    """A list of streets alone is enough when the town has their neighbourhoods."""
    (street,) = read_csv(csv(",Nieuwe Straat,street,Moerwijk-West"), known=Places(default_town()))
    assert street == Place("BU05183637:nieuwe-straat", "Nieuwe Straat", "street", "BU05183637")


def test_every_bad_row_of_a_csv_is_named():
    """Each problem has the line on which an editor shows it."""
    data = csv(
        *TREE,  # lines 2 to 4
        'BU1,"Two\nlines",neighbourhood,Moerwijk',  # 5 and 6
        ",No kind,planet,Moerwijk",
        "BU2,,neighbourhood,Moerwijk",
        "BU3,No parent,neighbourhood,",
        "BU4,Unknown parent,neighbourhood,Elsewhere",
        "too,few",
        ",No code,municipality,",
        ",A Street,street,BU1",
        ",A-Street,street,BU1",
        "GM0518,Twice,municipality,",
    )
    assert [(row, field) for row, field, _ in problems(read_csv, data)] == [
        *(
            (7, "kind"),
            (8, "name"),
            (9, "parent"),
            (10, "parent"),
            (11, None),
            (12, "code"),
            (14, "name"),
            (15, "name"),
        ),
    ]


def test_parent_that_may_be_two_is_asked_for_by_code():
    """A parent's name that two places have is refused with both codes."""
    rows = ["BU1,Zuid,neighbourhood,GM1", "BU2,Zuid,neighbourhood,GM1", "GM1,Town,municipality,", ",Laan,street,Zuid"]
    ((row, field, message),) = problems(read_csv, csv(*rows))
    assert (row, field) == (5, "parent")
    assert "BU1 or BU2" in message


def test_tree_problems_have_their_row():
    """What only shows in the whole tree is still told by the row."""
    rows = ["GM1,Town,municipality,", "BU1,Buurt,neighbourhood,GM1", "X:1,Odd,wijk,GM1", ",Laan,street,GM1"]
    assert [row for row, _, _ in problems(read_csv, csv(*rows))] == [4, 5]


@pytest.mark.parametrize(
    ("data", "row"),
    [
        *(
            (b"", 0),
            (b"code,name\n", 1),
            (b"code,name,kind,parent\n", 0),
            (csv("GM1,A,municipality,").replace(b"code", b"id"), 1),
        ),
        *((csv("GM1,Caf\xe9,municipality,").decode().encode("latin-1"), 2), (csv('GM1,"open,municipality,'), 2)),
        (csv("GM1," + "x" * 200_000 + ",municipality,"), 2),
        (csv("GM1,a\x00b,municipality,"), 2),
    ],
)
def test_what_is_no_csv_is_refused(data, row):
    """A file in another form is told what form is meant, and where it differs."""
    assert problems(read_csv, data)[0][0] == row


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode) | st.text(max_size=200).map(csv))
def test_any_bytes_are_places_or_refused(data):
    """No file whatever makes more than a refusal."""
    for read in (read_csv, read_geojson):
        with suppress(ImportRefused):
            Places(read(data))
