"""The command line: beside a running server and alone on a fresh folder, for people and as JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from rooms import letter_code
from rooms.place import LEVELS
from server import settings
from tests.neighbour import Neighbour
from tests.process import ServerProcess
from tests.server.command import ROOT, Done, bart
from tests.town import ESCAMP, GOUDKARPERSINGEL, JAN_LUYKENLAAN, MOERWIJK_WEST, PASSWORD

WIJKEN = ROOT.parent / "shared" / "data" / "the-hague-wijken.geojson"
TOWN_CSV = """\
code,name,kind,parent
GM1999,Zandstad,municipality,
WK199901,Haven,wijk,GM1999
BU19990101,Oude Haven,neighbourhood,WK199901
,Kade,street,BU19990101
,Werf,street,Oude Haven
"""


class Here:
    """Where the commands of one test run. server: the one beside them, None where they are alone."""

    def __init__(self, data: Path, server: ServerProcess | None) -> None:
        self.data, self.server = data, server

    async def bart(self, *command: str, stdin: str = "", **environ: str) -> Done:
        return await bart(*command, "--data", str(self.data), stdin=stdin, **environ)

    async def places(self) -> dict[str, dict[str, Any]]:
        return {place["id"]: place for place in (await self.bart("places", "list", "--json")).json()}


@pytest.fixture(params=["alone", "beside a server"])
async def here(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Here]:
    """Every test runs twice: a command that must open the town itself, and one beside a server that has it open."""
    if request.param == "alone":
        yield Here(tmp_path / "data", None)
        return
    process = ServerProcess(tmp_path / "data")
    await process.start()
    yield Here(tmp_path / "data", process)
    await process.end()


@pytest.fixture
def alone(tmp_path: Path) -> Here:
    """For what needs no server to be tried beside."""
    return Here(tmp_path / "data", None)


# places ----------------------------------------------------------------------------------------------


async def test_the_places_are_listed(here: Here) -> None:
    """As JSON with id, name, kind and parent; for people from the municipality down, indented."""
    places = (await here.bart("places", "list", "--json")).json()
    assert all(list(place) == ["id", "name", "kind", "parent"] for place in places)
    assert {"id": JAN_LUYKENLAAN, "name": "Jan Luykenlaan", "kind": "street", "parent": MOERWIJK_WEST} in places
    assert [place["kind"] for place in places if place["parent"] is None] == ["municipality"]
    lines = (await here.bart("places", "list")).out.splitlines()
    assert lines[0] == "'s-Gravenhage  GM0518"
    assert f"{'  ' * LEVELS['street']}Jan Luykenlaan  {JAN_LUYKENLAAN}" in lines
    assert len(lines) == len(places)


async def test_the_places_of_one_kind_are_listed(here: Here) -> None:
    """`--kind street` gives the streets, each under its neighbourhood."""
    streets = (await here.bart("places", "list", "--kind", "street", "--json")).json()
    known = await here.places()
    assert {place["kind"] for place in streets} == {"street"}
    assert {known[place["parent"]]["kind"] for place in streets} == {"neighbourhood"}
    assert f"Jan Luykenlaan  {JAN_LUYKENLAAN}" in (await here.bart("places", "list", "--kind", "street")).out.split(
        "\n"
    )


async def test_a_town_is_imported_from_csv(here: Here, tmp_path: Path) -> None:
    """A folder that holds no town yet gets this one, not the default one as well."""
    file = tmp_path / "town.csv"
    file.write_text(TOWN_CSV)
    was = 0 if here.server is None else len(await here.places())
    assert (await here.bart("places", "import", str(file), "--json")).json() == {"imported": 5, "places": was + 5}
    again = await here.bart("places", "import", str(file))
    assert again.out == f"5 places imported; the town has {was + 5}.\n"
    assert (await here.places())["BU19990101:werf"]["parent"] == "BU19990101"


async def test_a_town_is_imported_from_geojson(here: Here, tmp_path: Path) -> None:
    """The files of Statistics Netherlands name the wijk and the municipality above each neighbourhood."""
    properties = {"buurtcode": "BU19990101", "buurtnaam": "Oude Haven", "wijkcode": "WK199901", "wijknaam": "Haven",
                  "gemeentecode": "GM1999", "gemeentenaam": "Zandstad"}  # fmt: skip
    feature = {"type": "Feature", "properties": properties, "geometry": None}
    file = tmp_path / "buurten.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert (await here.bart("places", "import", str(file), "--json")).json()["imported"] == 3
    assert (await here.places())["BU19990101"] == {
        "id": "BU19990101", "name": "Oude Haven", "kind": "neighbourhood", "parent": "WK199901",
    }  # fmt: skip


@pytest.mark.skipif(not WIJKEN.exists(), reason="the file of 44 wijken is not beside this checkout")
async def test_the_wijken_of_the_hague_are_imported(here: Here) -> None:
    """A file with properties of its own needs to be told which of them is the name, and where its places stand."""
    await here.places()  # the default town is there first
    mapping = ("--property", "name=name", "--kind", "wijk", "--parent", "GM0518")
    told = (await here.bart("places", "import", str(WIJKEN), *mapping, "--json")).json()
    assert told["imported"] == 44
    names = {place["name"] for place in (await here.places()).values() if place["kind"] == "wijk"}
    assert {feature["properties"]["name"] for feature in json.loads(WIJKEN.read_text())["features"]} <= names


@pytest.mark.parametrize(
    ("name", "text", "rows"),
    [
        ("a.csv", TOWN_CSV + ",Nergensstraat,street,Nergens\n,X,planet,GM1999\n", ["row 7, parent:", "row 8, kind:"]),
        ("a.csv", "code,name\nGM1999,Zandstad\n", ["row 1:", "code,name,kind,parent"]),
        ("a.csv", "", ["row 0:"]),
        ("a.csv", "code,name,kind,parent\n\udcff\n", ["UTF-8"]),
        ("a.geojson", "{", ["row 0:"]),
        ("a.geojson", '{"type": "FeatureCollection", "features": [{"type": "Feature"}, 5]}', ["row 2:"]),
    ],
)
async def test_a_town_with_mistakes_is_not_imported(
    here: Here, tmp_path: Path, name: str, text: str, rows: list[str]
) -> None:
    """Every row that is wrong is named with its reason, and nothing of the file is taken."""
    file = tmp_path / name
    file.write_text(text, errors="surrogateescape")
    before = await here.places()
    (await here.bart("places", "import", str(file))).refused("nothing was imported", *rows)
    assert await here.places() == before


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--property", "name"), "OURS=THEIRS"),
        (("--property", "colour=kleur"), "colour"),
        (("--kind", "planet"), "planet"),
        (("--property", "name=name", "--kind", "wijk", "--parent", "Atlantis"), "Atlantis"),
    ],
)
async def test_a_mapping_that_can_not_be_meant_is_refused(
    alone: Here, tmp_path: Path, more: tuple[str, ...], words: str
) -> None:
    """Before anything is imported."""
    file = tmp_path / "a.geojson"
    feature = {"type": "Feature", "properties": {"name": "Haven"}, "geometry": None}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    (await alone.bart("places", "import", str(file), *more)).refused(words)


async def test_a_csv_takes_no_mapping_and_a_missing_file_is_said(alone: Here, tmp_path: Path) -> None:
    """What can't be done is said, with what can."""
    file = tmp_path / "a.csv"
    file.write_text(TOWN_CSV)
    (await alone.bart("places", "import", str(file), "--kind", "wijk")).refused("GeoJSON")
    (await alone.bart("places", "import", str(tmp_path / "none.csv"))).refused("none.csv")


# letters ---------------------------------------------------------------------------------------------


async def test_codes_are_made_for_a_street(here: Here) -> None:
    """Named by its name or its id; each code is printed once: as JSON, as CSV, or to be read aloud."""
    made = (await here.bart("invite", "jan luykenlaan", "--count", "3", "--json")).json()
    assert [list(one) for one in made] == [["code", "street"]] * 3
    assert {one["street"] for one in made} == {JAN_LUYKENLAAN}
    table = list(csv.DictReader(io.StringIO((await here.bart("invite", JAN_LUYKENLAAN, "--count", "2", "--csv")).out)))
    assert [row["street"] for row in table] == [JAN_LUYKENLAAN] * 2
    spoken = (await here.bart("invite", JAN_LUYKENLAAN)).out
    assert re.fullmatch(rf"[A-Z0-9]{{5}}-[A-Z0-9]{{5}}  {JAN_LUYKENLAAN}\n", spoken)
    codes = {*(one["code"] for one in made), *(row["code"] for row in table), letter_code.normalise(spoken.split()[0])}
    assert len(codes) == 6
    assert all(letter_code.normalise(code) == code for code in codes)


async def test_a_street_that_is_not_one_street_is_refused(alone: Here) -> None:
    """An unknown one; and one of several neighbourhoods, whose ids are then named."""
    (await alone.bart("invite", "Nergenslaan", "--json")).refused("Nergenslaan", "bart places list --kind street")
    (await alone.bart("invite", "Melis Stokelaan")).refused("BU05183637:melis-stokelaan", "BU05183536:melis-stokelaan")
    assert (await alone.bart("invite", "BU05183637:melis-stokelaan", "--json")).json()
    (await alone.bart("invite", "Moerwijk-West")).refused("no street")


@pytest.mark.parametrize(
    "more", [(), ("Kade", "--withdraw", "ABCDEFGHJK"), ("Kade", "--count", "0"), ("Kade", "--count", "10001"),
             ("Kade", "--household", "51")],
)  # fmt: skip
async def test_an_invitation_that_can_not_be_meant_is_refused(alone: Here, more: tuple[str, ...]) -> None:
    """Neither a street nor a code, both, none, or too many."""
    (await alone.bart("invite", *more)).refused()


async def test_a_code_is_withdrawn(process: ServerProcess) -> None:
    """Nobody joins by it any more; who did stays. A code that is none is said to be unknown."""
    here = Here(process.data, process)
    (made,) = (await here.bart("invite", JAN_LUYKENLAAN, "--json")).json()
    ada = await Neighbour(process.url, "Ada").join(made["code"])
    assert (await here.bart("invite", "--withdraw", made["code"].lower(), "--json")).json() == {"withdrawn": True}
    assert (await here.bart("invite", "--withdraw", made["code"])).out == "The code is void.\n"
    status, answer = await ada.post(
        "/api/join", {"code": made["code"], "name": "Ben", "password": PASSWORD, "device": ada.device}
    )
    assert (status, answer["error"]["code"]) == (403, "wrong_code")
    await ada.sign_in()
    for code in ("ABCDEFGHJK", "nonsense"):
        (await here.bart("invite", "--withdraw", code)).refused("not known")


async def test_a_household_is_as_large_as_its_code_says(process: ServerProcess) -> None:
    """`--household 1` lets one person in."""
    here = Here(process.data, process)
    (made,) = (await here.bart("invite", JAN_LUYKENLAAN, "--household", "1", "--json")).json()
    await Neighbour(process.url, "Ada").join(made["code"])
    body = {"code": made["code"], "name": "Ben", "password": PASSWORD, "device": "0" * 32}
    status, answer = await Neighbour(process.url, "Ben").post("/api/join", body)
    assert (status, answer["error"]["code"]) == (403, "code_used_up")


# staff -----------------------------------------------------------------------------------------------

GOOD: tuple[tuple[str, str | None, tuple[str, ...]], ...] = (
    ("officer", "police", ("Escamp",)),
    ("moderator", "police", (ESCAMP, "Leidschenveen-Ypenburg")),
    ("moderator", "municipality", ("GM0518",)),
    ("auditor", None, ()),
    ("admin", None, ()),
)
BAD: tuple[tuple[str, str | None, tuple[str, ...], str], ...] = (
    ("officer", None, ("Escamp",), "needs police"),
    ("officer", "municipality", ("Escamp",), "needs police"),
    ("officer", "police", (), "at least one place"),
    ("officer", "police", ("Atlantis",), "no place Atlantis"),
    ("officer", "police", ("Leyenburg",), "WK051832"),
    ("moderator", None, ("Escamp",), "municipality or police"),
    ("auditor", "police", (), "no organisation"),
    ("admin", None, ("Escamp",), "no place"),
    ("resident", None, (), "resident"),
)


def staff(name: str, role: str, organisation: str | None, places: tuple[str, ...]) -> list[str]:
    areas = [part for place in places for part in ("--place", place)]
    return ["staff", "add", name, "--role", role, *(["--organisation", organisation] if organisation else []), *areas,
            "--password-stdin"]  # fmt: skip


async def test_an_account_is_made_for_every_role(process: ServerProcess) -> None:
    """It signs in by its name and is seen by its function."""
    for number, (role, organisation, places) in enumerate(GOOD):
        name = f"Collega {number}"
        done = await Here(process.data, process).bart(
            *staff(name, role, organisation, places), "--json", stdin=f"{PASSWORD}\n"
        )
        made = done.json()
        assert (made["role"], made.get("organisation")) == (role, organisation)
        assert len(made["jurisdiction"]) == len(places)
        member = await Neighbour(process.url, name).sign_in()
        assert member.id == made["id"]
        assert member.person["name"] == made["name"] != name


@pytest.mark.parametrize(("role", "organisation", "places", "words"), BAD)
async def test_an_account_that_fits_no_role_is_refused(
    alone: Here, role: str, organisation: str | None, places: tuple[str, ...], words: str
) -> None:
    """The sentence says what the role needs."""
    (await alone.bart(*staff("Collega", role, organisation, places), stdin=f"{PASSWORD}\n")).refused(words)


async def test_a_name_is_given_once(here: Here) -> None:
    """Nor is one that looks like it."""
    done = await here.bart(*staff("Groot", "admin", None, ()), "--title", "Beheer stadhuis", stdin=f"{PASSWORD}\n")
    assert done.out == "Groot can sign in, as Beheer stadhuis.\n"
    for name in ("Groot", "GR00T"):
        (await here.bart(*staff(name, "admin", None, ()), stdin=f"{PASSWORD}\n")).refused("has this name")
    for name in ("", "x" * 41, "<b>"):
        (await here.bart(*staff(name, "admin", None, ()), stdin=f"{PASSWORD}\n")).refused("A name has")


async def test_staff_are_listed_reset_and_removed(here: Here) -> None:
    """Who lost a password gets another; who has left signs in no more, and the name is free again."""
    for name in ("Groot", "Klein"):
        assert (await here.bart(*staff(name, "admin", None, ()), stdin=f"{PASSWORD}\n")).code == 0
    listed = (await here.bart("staff", "list", "--json")).json()
    assert [(row["sign_in_name"], row["role"]) for row in listed] == [("Groot", "admin"), ("Klein", "admin")]
    assert "Groot" in (await here.bart("staff", "list")).out
    done = await here.bart("staff", "password", "groot", "--password-stdin", stdin="een nieuw wachtwoord\n")
    assert done.out == "groot has a new password.\n"
    (await here.bart("staff", "password", "Groot", "--password-stdin", stdin="kort\n")).refused("8 to 200")
    assert (await here.bart("staff", "remove", "Groot")).out == "Groot can no longer sign in.\n"
    (await here.bart("staff", "remove", "Groot")).refused("Nobody of the staff signs in as Groot")
    assert [row["sign_in_name"] for row in (await here.bart("staff", "list", "--json")).json()] == ["Klein"]
    assert (await here.bart(*staff("Groot", "admin", None, ()), stdin=f"{PASSWORD}\n")).code == 0


async def test_who_lost_the_phone_is_reset(process: ServerProcess) -> None:
    """Every session ends at once, the old app is good for nothing, and the next sign-in sets a new second factor."""
    here = Here(process.data, process)
    assert (await here.bart(*staff("Klein", "auditor", None, ()), stdin=f"{PASSWORD}\n")).code == 0
    klein = await (await Neighbour(process.url, "Klein").sign_in()).connect()
    body = {"name": "Klein", "password": PASSWORD, "device": klein.device}
    assert (await klein.post("/api/sign-in", body))[1]["second_factor"] == "needed"
    done = await here.bart("staff", "reset-second-factor", "klein")
    assert done.out == "klein has no second factor any longer; the next sign-in sets a new one.\n"
    assert (await klein.expect("session.ended"))["reason"] == "second_factor"
    await klein.gone()
    assert (await klein.post("/api/sign-in", body))[1]["second_factor"] == "enrol"
    assert "had no second factor" in (await here.bart("staff", "reset-second-factor", "Klein")).out
    (await here.bart("staff", "reset-second-factor", "Groot")).refused("Nobody of the staff signs in as Groot")
    await (await klein.sign_in()).connect()
    await klein.close()


@pytest.mark.parametrize("password", ["", "\n", "kort\n", "Wachtwoord1\n", "x" * 201])
async def test_a_weak_password_is_refused(alone: Here, password: str) -> None:
    """Also when nothing comes; and the password itself is repeated nowhere."""
    done = await alone.bart(*staff("Groot", "admin", None, ()), stdin=password)
    done.refused("A password has 8 to 200 characters")
    assert not password.strip() or password.strip() not in done.out + done.err


async def test_a_password_comes_by_standard_input_alone(alone: Here) -> None:
    """An argument would stand in the list of processes, for everybody on the machine."""
    (await alone.bart("staff", "add", "Groot", "--role", "admin", stdin=PASSWORD)).refused("--password-stdin")


# settings, documents ---------------------------------------------------------------------------------


async def test_every_setting_is_printed() -> None:
    """With its type, default and meaning."""
    lines = (await bart("settings")).out.splitlines()
    assert len(lines) == len(settings.table())
    assert "BART_PORT=8000  (int) port to listen on; 0 takes a free one" in lines


async def test_an_option_comes_before_a_variable(alone: Here) -> None:
    """--data wins over BART_REDIS, which would lead to another town."""
    done = await alone.bart("places", "list", "--kind", "municipality", BART_REDIS="unix:///nowhere/redis.sock")
    assert done.out == "'s-Gravenhage  GM0518\n"


async def test_the_documents_are_checked() -> None:
    """`bart contract --check` changes nothing, and passes where nothing is stale."""
    done = await bart("contract", "--check")
    assert (done.code, done.out) == (0, "")


async def test_a_folder_that_can_not_be_used_is_said(tmp_path: Path) -> None:
    """A file in its place, or one that others can read."""
    file = tmp_path / "file"
    file.touch()
    (await Here(file, None).bart("places", "list")).refused(str(file))
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    (shared / "somebody's").touch()
    (await Here(shared, None).bart("invite", GOUDKARPERSINGEL)).refused("chmod 700")
