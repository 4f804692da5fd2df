"""Accounts over HTTP: every route's good answer and each refusal it can give, with its status."""

from __future__ import annotations

import asyncio
from base64 import b32decode
from typing import Any
from urllib.parse import unquote

import aiohttp
import pytest

from rooms import staff as staff_accounts
from rooms import totp
from rooms.refusal import REFUSALS
from server.app import Running
from tests import authenticator
from tests.conftest import Join, code_for
from tests.neighbour import Neighbour
from tests.server.test_letters import seen
from tests.town import GOUDKARPERSINGEL, JAN_LUYKENLAAN, MOERWIJK_WEST, PASSWORD, STAFF, MovedClock, device_of

NEW = "nog een lang wachtwoord"
HOME = {"id": JAN_LUYKENLAAN, "name": "Jan Luykenlaan"}, {"id": MOERWIJK_WEST, "name": "Moerwijk-West"}


@pytest.fixture
def outsider(server: Running) -> Neighbour:
    """Somebody without an account."""
    return Neighbour(server.url, "Ben")


def joining(code: str, **fields: Any) -> dict[str, Any]:
    return {"code": code, "name": "Ben", "password": PASSWORD, "device": device_of("Ben"), **fields}


def signing_in(name: str = "Ada", password: str = PASSWORD) -> dict[str, Any]:
    return {"name": name, "password": password, "device": device_of("Ada")}


async def refused(code: str, by: Neighbour, path: str, body: Any = None, token: str | None = None) -> dict[str, Any]:
    """The error of a request that is refused with this code, its row's status and its row's word on trying again."""
    status, answer = await by.post(path, body, token)
    assert answer["error"]["code"] == code, answer
    assert (status, answer["ok"]) == (REFUSALS[code].status, False)
    assert answer["error"]["retryable"] is REFUSALS[code].retryable
    error: dict[str, Any] = answer["error"]
    return error


async def test_joining(server: Running, outsider: Neighbour) -> None:
    """201 with a token, the person with its home, and a recovery code of ten letters."""
    status, answer = await outsider.post("/api/join", joining(await code_for(server.town, JAN_LUYKENLAAN)))
    assert status == 201
    assert set(answer) == {"token", "person", "recovery"}
    person = answer["person"]
    assert (person["name"], person["role"]) == ("Ben", "resident")
    assert (person["street"], person["neighbourhood"]) == HOME
    assert len(answer["recovery"].replace("-", "")) == 10


async def test_joining_again_signs_in(server: Running, outsider: Neighbour) -> None:
    """Who lost the first answer asks the same again: the same person, another token, a new recovery code."""
    body = joining(await code_for(server.town, JAN_LUYKENLAAN))
    first, second = (await outsider.post("/api/join", body))[1], (await outsider.post("/api/join", body))[1]
    assert first["person"] == second["person"]
    assert first["token"] != second["token"]
    assert first["recovery"] != second["recovery"]
    await refused("name_taken", outsider, "/api/join", {**body, "password": NEW})


async def test_joining_is_refused(server: Running, outsider: Neighbour, clock: MovedClock) -> None:
    """Each reason has its code and its status, and none of them uses the letter up."""
    code = await code_for(server.town, JAN_LUYKENLAAN, household=1)
    assert (await refused("wrong_code", outsider, "/api/join", joining("ABCDEFGHJK")))["field"] == "code"
    assert (await refused("wrong_code", outsider, "/api/join", joining("0000000000")))["field"] == "code"
    assert (await refused("name_not_allowed", outsider, "/api/join", joining(code, name="P0litie")))["field"] == "name"
    assert (await refused("weak_password", outsider, "/api/join", joining(code, password="kort")))[
        "field"
    ] == "password"
    assert (await outsider.post("/api/join", joining(code)))[0] == 201
    await refused("code_used_up", outsider, "/api/join", joining(code, name="Cor"))
    other = await code_for(server.town, JAN_LUYKENLAAN)
    assert (await refused("name_taken", outsider, "/api/join", joining(other, name="BEN")))["field"] == "name"
    clock.forward(days=31)
    await refused("code_expired", outsider, "/api/join", joining(other, name="Cor"))


async def test_signing_in_and_out(join: Join) -> None:
    """200 with a token and the person; after signing out the token is good for nothing."""
    ada = await join("Ada", connected=False)
    status, answer = await ada.post("/api/sign-in", signing_in())
    assert (status, set(answer)) == (200, {"token", "person"})
    assert answer["person"] == ada.person
    assert await ada.post("/api/sign-out", token=answer["token"]) == (200, {"ok": True})
    await refused("signed_out", ada, "/api/sign-out", token=answer["token"])
    await refused("wrong_credentials", ada, "/api/sign-in", signing_in(password=NEW))
    await refused("wrong_credentials", ada, "/api/sign-in", signing_in(name="Niemand"))


async def test_staff_sign_in_in_two_steps(server: Running, clock: MovedClock) -> None:
    """First a ticket and a secret with its QR code, then a session and ten recovery codes; later a ticket alone."""
    role, organisation, areas = STAFF["Officer Vega"]
    await staff_accounts.add(server.town, server.argon2, "Officer Vega", role, organisation, areas, PASSWORD)
    vega = Neighbour(server.url, "Officer Vega")
    status, asked = await vega.post("/api/sign-in", signing_in("Officer Vega"))
    assert (status, set(asked)) == (200, {"second_factor", "ticket", "now", "secret", "qr"})
    assert asked["second_factor"] == "enrol"
    assert read_qr(asked["qr"]) == totp.address(b32decode(asked["secret"]), "Officer Vega")
    await refused("wrong_second_factor", vega, "/api/second-factor", {"ticket": asked["ticket"], "code": "000000"})
    await refused("ticket_over", vega, "/api/second-factor", {"ticket": "x", "code": "000000"})
    showing = authenticator.shown("Officer Vega", asked)
    status, passed = await vega.post("/api/second-factor", showing)
    assert (status, set(passed)) == (200, {"token", "person", "recovery_codes"})
    assert (len(passed["recovery_codes"]), passed["person"]["name"]) == (10, "Wijkagent")
    await refused("ticket_over", vega, "/api/second-factor", showing)
    _, again = await vega.post("/api/sign-in", signing_in("Officer Vega"))
    assert (set(again), again["second_factor"]) == ({"second_factor", "ticket", "now"}, "needed")
    assert again["now"] == pytest.approx(clock.now_ms(), abs=60_000)
    used = {"ticket": again["ticket"], "code": showing["code"]}
    assert (await refused("wrong_second_factor", vega, "/api/second-factor", used))["field"] == "code"
    status, passed = await vega.post("/api/second-factor", authenticator.shown("Officer Vega", again))
    assert (status, set(passed)) == (200, {"token", "person"})


async def test_no_way_around_the_second_step(server: Running, staff: Join) -> None:
    """A ticket is no token, on no route and on no socket."""
    vega = await staff("Officer Vega")
    _, asked = await vega.post("/api/sign-in", signing_in("Officer Vega"))
    for path in ("/api/sign-out", "/api/sign-out-everywhere"):
        await refused("signed_out", vega, path, token=asked["ticket"])
    ticket = Neighbour(server.url, "Officer Vega", device=2)
    assert (await ticket.refused_to_connect({"token": asked["ticket"]}))["code"] == "signed_out"
    body = {"name": "Officer Vega", "recovery": "ABCDEFGHJK", "password": NEW, "device": vega.device}
    await refused("wrong_credentials", vega, "/api/recover", body)


async def test_a_device_says_what_it_is_called(join: Join) -> None:
    """The list of sessions shows it; what no list could show is refused."""
    ada = await join("Ada")
    named = {**signing_in(), "device_name": "Firefox, Android"}
    assert (await ada.post("/api/sign-in", named))[0] == 200
    listed = (await ada.ask("session.list", {}))["sessions"]
    assert {(one.get("name"), one.get("current", False)) for one in listed} == {
        ("Firefox, Android", False),
        (None, True),
    }
    for name in ("x" * 61, "a\nb"):
        assert (await refused("bad_request", ada, "/api/sign-in", {**named, "device_name": name}))[
            "field"
        ] == "device_name"


async def test_staff_who_sign_out_everywhere_are_cut_off_within_a_second(staff: Join, server: Running) -> None:
    """Every device of theirs is told and closed, and none comes back; so it is after an admin's reset."""
    vega = await staff("Officer Vega")
    tablet = await vega.other_device()
    async with asyncio.timeout(1):
        assert (await vega.post("/api/sign-out-everywhere", token=tablet.token))[0] == 200
        for device in (vega, tablet):
            assert (await device.expect("session.ended"))["reason"] == "everywhere"
            await device.gone()
    assert (await tablet.refused_to_connect({"token": tablet.token}))["code"] == "signed_out"
    await (await vega.sign_in()).connect()
    async with asyncio.timeout(1):
        await staff_accounts.reset_second_factor(server.town, "Officer Vega")
        assert (await vega.expect("session.ended"))["reason"] == "second_factor"
        await vega.gone()


async def test_one_session_is_ended_from_another(staff: Join) -> None:
    """The tablet that was left in the car is closed from the desk, and the desk stays."""
    vega = await staff("Officer Vega")
    tablet = await vega.other_device()
    listed = (await tablet.ask("session.list", {}))["sessions"]
    (mine,) = [one["id"] for one in listed if one.get("current")]
    assert (await vega.ask("session.end", {"session": mine}))["ok"]
    assert (await tablet.expect("session.ended"))["reason"] == "signed_out"
    await tablet.gone()
    assert vega.connected
    assert len((await vega.ask("session.list", {}))["sessions"]) == len(listed) - 1


async def test_what_goes_over_the_wire_is_in_no_log(
    server: Running, staff: Join, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither secret nor code nor ticket nor recovery code, whatever the level."""
    caplog.set_level("DEBUG")
    vega = await staff("Officer Vega")
    _, asked = await vega.post("/api/sign-in", signing_in("Officer Vega"))
    await refused("wrong_second_factor", vega, "/api/second-factor", {"ticket": asked["ticket"], "code": "918273"})
    await vega.ask("session.prove", {"code": "827364"})
    pocket = authenticator.of("Officer Vega")
    said = caplog.text + "".join(capfd.readouterr())
    hidden = [asked["ticket"], totp.written(pocket.secret), "918273", "827364", *pocket.recovery_codes, vega.token]
    assert [text for text in hidden if text in said] == []


def read_qr(address: str) -> str:
    """What a camera reads from a picture given as a data address."""
    kind, _, picture = address.partition(",")
    assert kind == "data:image/svg+xml;charset=utf-8"
    (found,) = seen(unquote(picture).replace("'", '"'))
    return found


async def test_too_many_wrong_passwords(join: Join, server: Running) -> None:
    """429 with Retry-After in whole seconds, as the error says in milliseconds."""
    ada = await join("Ada", connected=False)
    for _ in range(10):
        await refused("wrong_credentials", ada, "/api/sign-in", signing_in(password=NEW))
    async with aiohttp.ClientSession() as http, http.post(server.url + "/api/sign-in", json=signing_in()) as reply:
        error = (await reply.json())["error"]
    assert (reply.status, error["code"]) == (429, "too_many_attempts")
    assert int(reply.headers["Retry-After"]) == -(-error["retry_after_ms"] // 1000) > 0


async def test_signing_out_everywhere(join: Join) -> None:
    """Every token of the person is void, and nobody else's."""
    ada, ben = await join("Ada", connected=False), await join("Ben", connected=False)
    other = (await ada.post("/api/sign-in", signing_in()))[1]["token"]
    assert await ada.post("/api/sign-out-everywhere", token=other) == (200, {"ok": True})
    for token in (ada.token, other):
        await refused("signed_out", ada, "/api/sign-out-everywhere", token=token)
    assert (await ben.post("/api/sign-out", token=ben.token))[0] == 200


async def test_changing_the_password(join: Join) -> None:
    """200; a wrong old one and a weak new one are told apart by their field."""
    ada = await join("Ada", connected=False)
    wrong = await refused("wrong_credentials", ada, "/api/password", {"old": NEW, "new": NEW}, ada.token)
    assert wrong["field"] == "old"
    await refused("weak_password", ada, "/api/password", {"old": PASSWORD, "new": "wachtwoord"}, ada.token)
    assert await ada.post("/api/password", {"old": PASSWORD, "new": NEW}, ada.token) == (200, {"ok": True})
    assert (await ada.post("/api/sign-in", signing_in(password=NEW)))[0] == 200


async def test_recovering(join: Join) -> None:
    """200 with a token and a new recovery code; the old password and the old code open nothing."""
    ada = await join("Ada", connected=False)
    body = {"name": "Ada", "recovery": ada.recovery, "password": NEW, "device": ada.device}
    status, answer = await ada.post("/api/recover", body)
    assert (status, set(answer)) == (200, {"token", "person", "recovery"})
    assert (await refused("wrong_credentials", ada, "/api/recover", body))["field"] == "recovery"
    await refused("wrong_credentials", ada, "/api/sign-in", signing_in())
    await refused("signed_out", ada, "/api/sign-out", token=ada.token)


async def test_moving(join: Join, server: Running) -> None:
    """200 with the person in its new home; the same code again changes nothing more."""
    ada = await join("Ada", connected=False)
    code = await code_for(server.town, GOUDKARPERSINGEL)
    first = await ada.post("/api/move", {"code": code}, ada.token)
    assert first[0] == 200
    assert first[1]["person"]["street"]["id"] == GOUDKARPERSINGEL
    assert await ada.post("/api/move", {"code": code}, ada.token) == first
    await refused("wrong_code", ada, "/api/move", {"code": "ABCDEFGHJK"}, ada.token)
    await refused("signed_out", ada, "/api/move", {"code": code})


async def test_staff_do_not_move(staff: Join, server: Running) -> None:
    """The home of staff is an admin's to give."""
    vega = await staff("Officer Vega")
    code = await code_for(server.town, GOUDKARPERSINGEL)
    await refused("not_permitted", vega, "/api/move", {"code": code}, vega.token)


async def test_answers_are_kept_by_nobody(join: Join, server: Running) -> None:
    """What carries a token is JSON that no cache keeps, refusals too."""
    await join("Ada", connected=False)
    async with aiohttp.ClientSession() as http:
        for body in (signing_in(), signing_in(password=NEW)):
            async with http.post(server.url + "/api/sign-in", json=body) as reply:
                assert reply.headers["Cache-Control"] == "no-store"
                assert reply.headers["Content-Type"].startswith("application/json")
                assert reply.headers["X-Content-Type-Options"] == "nosniff"


async def test_health_and_figures(server: Running, join: Join) -> None:
    """A living server says so, says when it is not ready, and counts by the names of its tables alone."""
    ada = await join("Ada")
    await ada.say(JAN_LUYKENLAAN, "Hallo.")
    async with aiohttp.ClientSession() as http:
        for path, status in (("/healthz", 200), ("/readyz", 200)):
            async with http.get(server.url + path) as reply:
                assert (reply.status, (await reply.json())["ok"]) == (status, True)
        server.gateway.draining = True
        async with http.get(server.url + "/readyz") as reply:
            assert (reply.status, await reply.json()) == (503, {"ok": False, "reason": "draining"})
        server.gateway.draining = False
        async with http.get(server.url + "/metrics") as reply:
            figures = await reply.text()
    assert 'bart_commands_total{command="message.post",outcome="ok"}' in figures
    assert "bart_connections " in figures
    assert ada.id not in figures
