"""What the world reads: alerts as CAP, the feed, the keys of their signatures; and the map that staff read."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from lxml import etree

from rooms import alert_record, cap, log, signature
from rooms.place import Place
from rooms.refusal import REFUSALS
from rooms.town import Town
from server.app import Running
from server.routes.alerts import FEED_MS
from tests.conftest import Join
from tests.neighbour import Neighbour
from tests.rooms.alert_sent import SAYS, broadcast
from tests.rooms.desk_cast import Desk
from tests.town import ESCAMP, MOERWIJK_WEST, MovedClock

SCHEMA = Path(__file__).resolve().parents[3] / "shared" / "data" / "CAP-v1.2.xsd"
NAMES = {"cap": cap.CAP, "atom": cap.ATOM}
BORDER = (((4.28, 52.04), (4.285, 52.04000001), (4.29, 52.04), (4.29, 52.05), (4.28, 52.05), (4.28, 52.04)),)


class Reader:
    """A program that asks the server's addresses."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http

    async def get(self, path: str, **headers: str) -> tuple[int, bytes, Any]:
        """(status, body as it was sent, headers); a header's name in words with _."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self._http.get(path, headers={"Accept-Encoding": "identity", **named}) as answer:
            return answer.status, await answer.read(), answer.headers

    async def said(self, path: str, name: str) -> list[str]:
        """The text of every element of that name in the XML at this address."""
        status, body, _ = await self.get(path)
        assert status == 200, path
        return [element.text or "" for element in etree.fromstring(body).findall(f".//{name}", NAMES)]


@pytest.fixture
async def reader(server: Running) -> AsyncIterator[Reader]:
    """Somebody whom nobody knows."""
    async with aiohttp.ClientSession(server.url, auto_decompress=False) as http:
        yield Reader(http)


@pytest.fixture
async def desk(server: Running, clock: MovedClock, join: Join) -> Desk:
    """The staff of this server's town, in which Ada lives."""
    await join("Ada", connected=False)
    return Desk(server.town, clock)


async def act(desk: Desk, name: str, alert: str, **more: Any) -> None:
    assert (await (await desk.voice("Sergeant Prins")).ask(f"alert.{name}", alert=alert, **more))["ok"]


# CAP -------------------------------------------------------------------------------------------------


async def test_every_message_of_an_alert_has_an_address(desk: Desk, reader: Reader, server: Running) -> None:
    """Valid against the official schema, each naming those before it, in the town's zone and by its server's name."""
    alert = await broadcast(desk)
    await act(desk, "update", alert, text="De rook trekt op.")
    await act(desk, "clear", alert, reason="De brand is uit.")
    bodies = []
    for address in (f"/alerts/{alert}.xml", f"/alerts/{alert}-2.xml", f"/alerts/{alert}-3.xml"):
        status, body, headers = await reader.get(address)
        assert (status, headers["Content-Type"]) == (200, "application/cap+xml")
        bodies.append(body)
    if SCHEMA.exists():
        schema = etree.XMLSchema(etree.parse(SCHEMA))
        for body in bodies:
            schema.assertValid(etree.fromstring(body))
    assert await reader.said(f"/alerts/{alert}-2.xml", "cap:description") == ["De rook trekt op."]
    assert await reader.said(f"/alerts/{alert}-3.xml", "cap:responseType") == ["AllClear"]
    (references,) = await reader.said(f"/alerts/{alert}-3.xml", "cap:references")
    assert [name.split(",")[:2] for name in references.split()] == [
        ["alerts@localhost", alert], ["alerts@localhost", f"{alert}-2"],
    ]  # fmt: skip
    assert await reader.said(f"/alerts/{alert}.xml", "cap:value") == [MOERWIJK_WEST]
    assert await reader.said(f"/alerts/{alert}.xml", "cap:senderName") == ["Sergeant Prins, politie"]
    (sent,) = await reader.said(f"/alerts/{alert}.xml", "cap:sent")
    assert sent.endswith("+01:00")


async def test_what_was_drawn_is_told_beside_the_places_that_it_meant(desk: Desk, reader: Reader) -> None:
    """The line, latitude first, and the code of the neighbourhood that was alerted as a whole."""
    west = desk.town.places.get(MOERWIJK_WEST)
    assert west is not None
    await desk.town.import_places([Place(west.id, west.name, west.kind, west.parent, geometry=(BORDER,))])
    prins = await desk.voice("Sergeant Prins")
    line = [[4.281, 52.041], [4.289, 52.041], [4.289, 52.049], [4.281, 52.041]]
    preview = await prins.ask("alert.preview", polygon=line, **SAYS)
    alert = (await prins.ask("alert.broadcast", preview=preview["preview"]))["alert"]
    (polygon,) = await reader.said(f"/alerts/{alert}.xml", "cap:polygon")
    assert polygon.split()[0] == polygon.split()[-1] == "52.0410000,4.2810000"
    assert await reader.said(f"/alerts/{alert}.xml", "cap:value") == [MOERWIJK_WEST]


@pytest.mark.parametrize("name", [
    "k3m7x2w7q4v5", "k3m7x2w7q4v5-2", "k3m7x2w7q4v5-0", "..%2f..%2fcode.key", "%00", "a" * 3_000, "%ff%fe", "-2", " ",
    "k3m7x2w7q4v5%0a", "é",
])  # fmt: skip
async def test_what_is_no_alert_is_not_there(reader: Reader, name: str) -> None:
    """404, however it is written, and no fault."""
    status, _, headers = await reader.get(f"/alerts/{name}.xml")
    assert status == 404
    assert "ETag" not in headers


async def test_what_residents_were_not_given_is_not_there(desk: Desk, reader: Reader, clock: MovedClock) -> None:
    """An alert that waits, one that lapsed, and messages that have not been sent."""
    prins = await desk.voice("Sergeant Prins")
    preview = await prins.ask("alert.preview", places=[ESCAMP], **{**SAYS, "severity": "severe"})
    waiting = (await prins.ask("alert.broadcast", preview=preview["preview"], code=preview["code"]))["alert"]
    sent = await broadcast(desk)
    assert (await reader.get(f"/alerts/{waiting}.xml"))[0] == 404
    assert (await reader.get(f"/alerts/{sent}-2.xml"))[0] == 404
    assert await reader.said("/alerts.atom", "atom:entry/atom:title") == [SAYS["headline"]]
    clock.forward(minutes=6)
    assert (await reader.get(f"/alerts/{waiting}.xml"))[0] == 404


async def test_who_has_it_is_not_sent_it_again(desk: Desk, reader: Reader) -> None:
    """304 for the same bytes, with how long they may be kept."""
    alert = await broadcast(desk)
    for path, seconds in ((f"/alerts/{alert}.xml", 15), ("/alerts.atom", 15), ("/.well-known/bart-keys.json", 300)):
        _, body, headers = await reader.get(path)
        assert body
        assert headers["Cache-Control"] == f"public, max-age={seconds}"
        status, body, again = await reader.get(path, If_None_Match=headers["ETag"])
        assert (status, body, again["ETag"], again["Cache-Control"]) == (
            304, b"", headers["ETag"], headers["Cache-Control"],
        )  # fmt: skip
        assert (await reader.get(path, If_None_Match='"another"'))[0] == 200


# the feed --------------------------------------------------------------------------------------------


async def test_the_feed_has_those_in_force(desk: Desk, reader: Reader, clock: MovedClock, server: Running) -> None:
    """The newest message of each, until it ends by somebody or by the clock; the mark changes with it."""
    first = await broadcast(desk)
    exercise = await broadcast(desk, exercise=True, headline="Oefening rook")
    marks = set()

    async def entries() -> list[str]:
        clock.forward(ms=FEED_MS)
        marks.add((await reader.get("/alerts.atom"))[2]["ETag"])
        return await reader.said("/alerts.atom", "atom:entry/atom:title")

    assert sorted(await entries()) == ["Rook in Moerwijk", "[Exercise] Oefening rook"]
    await act(desk, "update", first, headline="Minder rook in Moerwijk")
    assert sorted(await entries()) == ["Minder rook in Moerwijk", "[Exercise] Oefening rook"]
    await act(desk, "cancel", exercise, reason="De oefening gaat niet door.")
    assert await entries() == ["Minder rook in Moerwijk"]
    (address,) = await reader.said("/alerts.atom", "atom:entry/atom:id")
    assert address == f"{server.url}/alerts/{first}-2.xml"
    clock.forward(minutes=121)
    assert await entries() == []
    assert len(marks) == 4


async def test_the_feed_read_half_a_year_of_alerts_for_every_name_it_was_asked_by(
    desk: Desk, reader: Reader, clock: MovedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ended days ago is not in it; it alone says when the feed last changed, where nothing has since."""
    old = await broadcast(desk)
    await act(desk, "clear", old)
    clock.forward(minutes=121)
    (changed,) = await reader.said("/alerts.atom", "atom:updated")
    clock.forward(days=5)
    assert await reader.said("/alerts.atom", "atom:updated") == [changed]
    young, look, looked = await broadcast(desk), alert_record._look_at, list[str]()

    async def noted(town: Town, alert_ids: Iterable[str]) -> Any:
        looked.extend(ids := list(alert_ids))
        return await look(town, ids)

    clock.forward(ms=FEED_MS)
    monkeypatch.setattr(alert_record, "_look_at", noted)
    await reader.get("/alerts.atom", Host="a.example")
    await reader.get("/alerts.atom", Host="b.example")
    assert looked == [young, young]


class TestBehindAnAddress:
    """A server that is told how the world knows it."""

    @pytest.fixture
    def settings(self) -> dict[str, Any]:
        """As behind a proxy."""
        return {"origins": "https://bart.example, https://other.example"}

    async def test_it_goes_by_its_first_origin(self, desk: Desk, reader: Reader) -> None:
        """Whatever name somebody asks it by."""
        alert = await broadcast(desk)
        _, body, _ = await reader.get("/alerts.atom", Host="evil.example")
        assert f"https://bart.example/alerts/{alert}.xml".encode() in body
        assert b"evil" not in body
        assert await reader.said(f"/alerts/{alert}.xml", "cap:sender") == ["alerts@bart.example"]


@pytest.mark.parametrize("host", ["a<b", "a b", "evil@host", "a/b", "[::1", "x" * 300])
async def test_a_host_that_is_none_is_not_repeated(desk: Desk, reader: Reader, host: str) -> None:
    """Nobody writes into the feed by a header."""
    await broadcast(desk)
    status, body, _ = await reader.get("/alerts.atom", Host=host)
    assert status in (200, 400)
    assert host.encode() not in body


# keys ------------------------------------------------------------------------------------------------


async def test_the_key_verifies_what_residents_are_given(desk: Desk, reader: Reader, server: Running) -> None:
    """The signature in an entry is of its body, by the key that the well-known address and the page name."""
    await broadcast(desk)
    (entry,) = [entry for entry in await log.between(server.town.store, MOERWIJK_WEST, 1, 9) if "body" in entry.data]
    _, body, headers = await reader.get("/.well-known/bart-keys.json")
    assert headers["Content-Type"].startswith("application/json")
    (key,) = json.loads(body)["keys"]
    public = bytes_of(key["x"])
    assert (key["kty"], key["crv"], key["kid"]) == ("OKP", "Ed25519", entry.data["key"])
    assert signature.key_id(public) == key["kid"]
    assert signature.verify(public, entry.data["body"].encode(), bytes_of(entry.data["signature"]))
    _, page, _ = await reader.get("/")
    assert b"</head>" not in page or signature.pins([public]).encode() in page


def bytes_of(text: str) -> bytes:
    """base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# places ----------------------------------------------------------------------------------------------


async def told_places(reader: Reader, of: Neighbour, **headers: str) -> tuple[int, bytes, Any]:
    return await reader.get("/api/places", Authorization=f"Bearer {of.token}", **headers)


async def test_staff_are_told_the_places_with_simple_borders(server: Running, reader: Reader, staff: Join) -> None:
    """Ids, names, kinds and parents as they are; borders with fewer points, in five decimals."""
    vega = await staff("Officer Vega")
    west = server.town.places.get(MOERWIJK_WEST)
    assert west is not None
    await server.town.import_places([Place(west.id, west.name, west.kind, west.parent, geometry=(BORDER,))])
    status, body, headers = await told_places(reader, vega)
    told = json.loads(body)
    assert (status, headers["Cache-Control"]) == (200, "private, no-cache")
    assert [place["id"] for place in told["places"]] == [place.id for place in server.town.places]
    drawn = next(place for place in told["places"] if place["id"] == MOERWIJK_WEST)
    square = [[4.28, 52.04], [4.29, 52.04], [4.29, 52.05], [4.28, 52.05], [4.28, 52.04]]
    assert drawn == {"id": MOERWIJK_WEST, "name": "Moerwijk-West", "kind": "neighbourhood", "parent": "WK051836",
                     "geometry": [[square]]}  # fmt: skip
    assert any("centre" in place for place in told["places"])
    assert len(told["version"]) == 16


async def test_places_are_packed_and_not_sent_again(server: Running, reader: Reader, staff: Join) -> None:
    """Until they change, which the version says too."""
    vega = await staff("Officer Vega")
    plain = json.loads((await told_places(reader, vega))[1])
    _, packed, headers = await told_places(reader, vega, Accept_Encoding="gzip")
    assert headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed)) == plain
    held = {"Accept_Encoding": "gzip", "If_None_Match": headers["ETag"]}
    assert (await told_places(reader, vega, **held))[:2] == (304, b"")
    await server.town.import_places([Place("BU05183699", "Nieuw-Moerwijk", "neighbourhood", "WK051836")])
    status, packed, _ = await told_places(reader, vega, **held)
    assert status == 200
    assert json.loads(gzip.decompress(packed))["version"] != plain["version"]


async def test_the_map_is_for_staff_at_work(server: Running, reader: Reader, join: Join, staff: Join) -> None:
    """Officers, moderators and auditors, who choose a book by it; no resident, nobody who only administers, and nobody
    without a session."""
    for person in (await join("Ada", connected=False), await staff("Admin Groot")):
        status, body, _ = await told_places(reader, person)
        assert (status, json.loads(body)["error"]["code"]) == (REFUSALS["not_permitted"].status, "not_permitted")
    for name in ("Moderator Bakker", "Auditor Klein"):
        assert (await told_places(reader, await staff(name)))[0] == 200
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}):
        status, body, _ = await reader.get("/api/places", **headers)
        assert (status, json.loads(body)["error"]["code"]) == (REFUSALS["signed_out"].status, "signed_out")
