"""Who looked at our room: neighbours read the open book in a real browser, and see when somebody changed it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import expect

from rooms import keys
from rooms.keys import book_keys
from rooms.store import Store
from tests.neighbour import Neighbour
from tests.town import JAN_LUYKENLAAN, MOERWIJK_WEST, PASSWORD
from tests.web import layout
from tests.web.browser import Window
from tests.web.catalogue import words
from tests.web.pictures import SIZES, resize
from tests.web.stage import Stage
from tests.web.test_access import LOOKS, axe
from tests.web.test_escalation import desk, escalate, go_on_duty

pytestmark = pytest.mark.asyncio(loop_scope="module")

STILL: dict[str, Any] = {"reduced_motion": "reduce"}


async def come_and_go(stage: Stage, asker: Window, name: str) -> None:
    """An officer comes for a call of the asker's, and goes."""
    officer = await desk(stage, name)
    await go_on_duty(officer)
    await escalate(asker, "Er wordt aan alle deuren gevoeld.")
    await officer.at("page").get_by_test_id("accept").click()
    await officer.at("resolve").click()
    await officer.at("outcome-on_site").check(force=True)
    await officer.at("outcome-text").fill("Het was de bezorger, alles is goed.")
    await officer.at("outcome-send").click()
    await expect(asker.at("case").last).to_have_attribute("data-state", "resolved")
    await officer.at("duty").click()


async def open_book(window: Window) -> None:
    """From the head of the room; what the book says of its seal is there."""
    await window.at("book").click()
    await expect(window.at("audit-seal")).not_to_be_empty()


async def close_book(window: Window) -> None:
    await window.at("panel-close").click()
    await expect(window.at("audit")).to_have_count(0)


async def sealed(stage: Stage) -> Store:
    """The store, once every row of the neighbourhood has its seal."""
    (socket,) = [path for path in stage.process.data.rglob("*.sock") if path.is_socket()]
    store = Store(f"unix://{socket}")
    while True:
        n, head = await store.read("HMGET", book_keys(MOERWIJK_WEST).audit_head, "n", "sealed")
        if n == head and n is not None:
            return store


async def test_neighbours_read_who_came_and_see_what_was_changed(stage: Stage) -> None:
    """Who, for what, how long, in plain words; a second look finds all as it was, and a changed book shouts."""
    ada, ben = await stage.home("Ada"), await stage.home("Ben")
    await open_book(ben)
    await expect(ben.at("audit")).to_contain_text(words("audit.empty"))
    await close_book(ben)

    await come_and_go(stage, ada, "vega")
    store = await sealed(stage)
    await open_book(ada)
    stay = ada.at("audit-row").filter(has_text="kwam binnen")
    await expect(stay).to_have_text(
        re.compile(r"Wijkagent, politie, kwam binnen voor melding \w{4} en bleef minder dan")
    )
    await expect(ada.at("audit-row")).to_have_count(3)  # taken, stayed, closed
    await expect(ada.at("audit-seal")).to_contain_text(words("audit.seal_first"))
    await close_book(ada)

    await come_and_go(stage, ada, "kok")
    await sealed(stage)
    await open_book(ada)
    await expect(ada.at("audit-row")).to_have_count(6)
    await expect(ada.at("audit-seal")).to_contain_text(words("audit.seal_whole"))
    await close_book(ada)

    of = book_keys(keys.book_of(JAN_LUYKENLAAN))
    await store.read("HSET", of.audit_head, "head", "0" * 64)
    await open_book(ada)
    await expect(ada.at("audit-seal")).to_contain_text(words("audit.seal_changed_title"))
    await store.close()


async def test_on_a_phone_the_way_to_the_book_is_ones_own_panel(stage: Stage) -> None:
    """Where the room's head has no place; at no size is anything cut, and axe finds nothing serious."""
    cas = await stage.home("Cas", viewport={"width": 360, "height": 800})
    await expect(cas.at("book")).to_be_hidden()
    await cas.at("me").click()
    await cas.at("me-book").click()
    await expect(cas.at("me-book-of")).to_have_count(2)
    await cas.at("me-book-of").first.click()
    await expect(cas.at("me-panel")).to_have_count(0)
    await expect(cas.at("audit-row").first).to_be_visible()
    found = []
    for size, scheme in LOOKS:
        await resize(cas.page, size, scheme)
        found += [f"{size.name} {scheme}: {fault}" for fault in await axe(cas)]
    for size in SIZES:
        await resize(cas.page, size, "light")
        found += [f"{size.name}: {fault}" for fault in await layout.faults_of(cas.page)]
    assert found == []
    await cas.page.keyboard.press("Escape")
    await expect(cas.at("audit")).to_have_count(0)


async def test_an_auditor_reads_every_book_and_no_conversation(stage: Stage) -> None:
    """Finds the book by a street in it, reads all or one room, and on a second look finds it as it was."""
    dina = await stage.home("Dina", **STILL)
    await come_and_go(stage, dina, "smit")
    await (await sealed(stage)).close()
    status, _, errors = await stage.process.run(
        "staff", "add", "Toezicht", "--role", "auditor", "--password-stdin", stdin=PASSWORD
    )
    assert status == 0, errors
    window = await stage.window(**STILL)
    await window.come_as(await Neighbour(stage.process.url, "Toezicht").sign_in())
    await window.at("auditor-search").fill("jan luyken")
    await expect(window.at("auditor-pick")).to_have_count(1)
    await window.at("auditor-pick").focus()
    await window.page.keyboard.press("Enter")
    await expect(window.at("audit-row").filter(has_text="Jan Luykenlaan: ").first).to_be_visible()
    await expect(window.at("audit-seal")).to_contain_text(words("audit.seal_first"))
    await window.at("auditor-room").select_option(MOERWIJK_WEST)
    await expect(window.at("audit-seal")).not_to_be_empty()
    await window.at("auditor-room").select_option(JAN_LUYKENLAAN)
    await expect(window.at("audit-row").filter(has_text="bleef minder dan").first).to_be_visible()
    await expect(window.at("composer")).to_have_count(0)
    await window.at("auditor-room").select_option("")
    await expect(window.at("audit-seal")).to_contain_text(words("audit.seal_whole"))
    assert "deuren" not in await window.page.content()
    found = []
    for size, scheme in LOOKS:
        await resize(window.page, size, scheme)
        found += [f"{size.name} {scheme}: {fault}" for fault in await axe(window)]
    assert found == []
