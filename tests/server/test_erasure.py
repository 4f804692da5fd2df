"""Being erased and taking one's data along: the routes, the command line, the list beside the store, a backup."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from rooms import account, keys
from server.app import Running
from server.erased_list import NAME, ErasedList, read
from tests.conftest import Join, until
from tests.neighbour import Neighbour
from tests.process import ServerProcess
from tests.server.command import bart
from tests.town import JAN_LUYKENLAAN, MOERWIJK_WEST, PASSWORD, MovedClock

CANARY = "KANARIEVOGEL"


async def export(who: Neighbour, token: str | None = None) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {who.token if token is None else token}"}
    async with aiohttp.ClientSession() as http, http.get(f"{who.url}/api/me/export", headers=headers) as answer:
        return answer.status, await answer.json()


# over HTTP ---------------------------------------------------------------------------------------------


async def test_who_asks_for_it_is_gone(server: Running, join: Join, clock: MovedClock, tmp_path: Path) -> None:
    """The connections end, the name knows no password, neighbours load the room anew and find markers and no name."""
    ada, ben = await join("Ada"), await join("Ben")
    said = await ada.say(JAN_LUYKENLAAN, f"{CANARY} zegt iets")
    tablet = await ada.other_device()
    clock.forward(seconds=6)
    assert await ada.post("/api/erase", {"password": PASSWORD}, ada.token) == (200, {"ok": True})
    for device in (ada, tablet):
        assert (await device.expect("session.ended"))["reason"] == "erased"
        await device.gone()
    reset = await ben.expect("reset", room=JAN_LUYKENLAAN)
    page = (await ben.ask("room.history", {"room": JAN_LUYKENLAAN}))["entries"]
    assert [entry["data"] for entry in page if entry["seq"] == said] == [{"reason": "erasure"}]
    assert (reset["head"], "Ada" in str(page), CANARY in str(page)) == (page[-1]["seq"], False, False)
    assert read(tmp_path / NAME) == [ada.id]
    status, answer = await ada.post("/api/sign-in", {"name": "Ada", "password": PASSWORD, "device": ada.device})
    assert (status, answer["error"]["code"]) == (401, "wrong_credentials")
    assert (await ada.post("/api/erase", {"password": PASSWORD}, ada.token))[0] == 401


async def test_it_takes_the_password_again(server: Running, join: Join, staff: Join) -> None:
    """A phone that lies about erases nobody; staff are ended by an admin."""
    ada, vega = await join("Ada"), await staff("Officer Vega")
    status, answer = await ada.post("/api/erase", {"password": "geraden wachtwoord"}, ada.token)
    assert (status, answer["error"]["code"], answer["error"]["field"]) == (401, "wrong_credentials", "password")
    status, answer = await vega.post("/api/erase", {"password": PASSWORD}, vega.token)
    assert (status, answer["error"]["code"]) == (403, "not_permitted")
    assert (await ada.post("/api/erase", {"password": PASSWORD}))[0] == 401
    assert (await ada.post("/api/erase", {"password": PASSWORD, "name": "Ben"}, ada.token))[0] == 400
    assert await account.load(server.town, ada.id) is not None
    assert await account.load(server.town, vega.id) is not None


async def test_what_one_wrote_can_be_taken_along(server: Running, join: Join) -> None:
    """One's own words with room and time, and no neighbour's; without a session nothing."""
    ada, ben = await join("Ada"), await join("Ben")
    await ada.say(JAN_LUYKENLAAN, "Van Ada")
    await ben.say(JAN_LUYKENLAAN, "Van Ben")
    status, told = await export(ada)
    assert (status, told["account"]["street"]["id"]) == (200, JAN_LUYKENLAAN)
    texts = [row["data"]["text"] for row in told["written"] if row["event"] == "message.posted"]
    assert (texts, ben.id in str(told)) == (["Van Ada"], False)
    assert {row["room"] for row in told["memberships"]} == {JAN_LUYKENLAAN, MOERWIJK_WEST}
    assert [row["current"] for row in told["sessions"]] == [True]
    assert (await export(ada, token="niets"))[0] == 401


# the list ----------------------------------------------------------------------------------------------


def test_the_list_holds_each_person_once(tmp_path: Path) -> None:
    """Ids and nothing else, for nobody else to read, whichever process writes; a torn line spoils no other."""
    first, second = ErasedList(tmp_path / "data"), ErasedList(tmp_path / "data")
    assert first.persons() == []
    for listed in (first, second, first):
        listed.add("aaaaaaaaaaaa")
    with first.path.open("a") as file:
        file.write("bbbb")
    second.add("cccccccccccc")
    assert first.path.read_text() == "aaaaaaaaaaaa\nbbbb\ncccccccccccc\n"
    assert first.persons() == ["aaaaaaaaaaaa", "cccccccccccc"]
    assert stat.S_IMODE(first.path.stat().st_mode) == 0o600


def test_what_is_no_list_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    """Or who was erased would come back without a word."""
    (tmp_path / NAME).write_text("iets anders\n")
    with pytest.raises(RuntimeError, match="no list"):
        ErasedList(tmp_path).persons()


# the command line and a backup ---------------------------------------------------------------------------


async def _came(process: ServerProcess, name: str) -> Neighbour:
    return await Neighbour(process.url, name).join(await process.code())


async def test_an_older_backup_brings_nobody_back(process: ServerProcess, tmp_path: Path) -> None:
    """Taken along and erased by the operator, then restored from before that: erased again before anybody is let in."""
    ada = await _came(process, "Zwaantje")
    await (await ada.connect()).say(JAN_LUYKENLAAN, f"{CANARY} zegt iets")
    await ada.close()
    data, saved, taken = str(process.data), tmp_path / "town.tar", tmp_path / "ada.json"
    assert (await bart("backup", str(saved), "--data", data)).code == 0
    assert (await bart("people", "export", "Zwaantje", str(taken), "--data", data)).code == 0
    assert CANARY in str(json.loads(taken.read_text())["written"])
    done = await bart("people", "erase", "Zwaantje", "--yes", "--data", data)
    assert (done.code, ada.id in done.out) == (0, True), done.err
    listed, anew = process.data / NAME, tmp_path / "anew"
    assert read(listed) == [ada.id]
    assert CANARY.encode() in saved.read_bytes()
    done = await bart("restore", str(saved), "--data", str(anew), "--erased", str(listed))
    assert done.code == 0, done.err
    assert _files_with(anew, CANARY) == []
    assert read(anew / NAME) == [ada.id]


async def test_a_server_erases_again_who_is_back(process: ServerProcess) -> None:
    """Whatever brought them back: the list is compared at the start, and the words leave the disk."""
    ada = await (await _came(process, "Zwaantje")).connect()
    await ada.say(JAN_LUYKENLAAN, f"{CANARY} zegt iets")
    await ada.close()
    await process.stop()
    ErasedList(process.data).add(ada.id)
    await process.start()
    status, _ = await ada.post("/api/sign-in", {"name": "Zwaantje", "password": PASSWORD, "device": ada.device})
    assert status == 401
    await until(lambda: not _files_with(process.data, f"{keys.PersonKeys(ada.id).account}"))


def _files_with(folder: Path, text: str) -> list[str]:
    return [file.name for file in folder.rglob("*") if file.is_file() and text.encode() in file.read_bytes()]
