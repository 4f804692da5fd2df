"""The views of the second factor: the second step, enrolling, recovery codes, the code once more, the sessions."""

from __future__ import annotations

import itertools

import msgspec
from playwright.async_api import expect

from rooms import staff as staff_accounts
from rooms.person import Role
from tests import authenticator
from tests.town import PASSWORD
from tests.web.browser import Window
from tests.web.views_alert_desk import alert_look
from tests.web.visit import Visit

_number = itertools.count(1)


async def fill_in(window: Window, name: str) -> None:
    """The first step of the door, as somebody of the staff."""
    await window.at("name").fill(name)
    await window.at("password").fill(PASSWORD)
    await window.at("sign-in").click()
    await expect(window.at("proof")).to_be_visible()


async def second_step(visit: Visit) -> Window:
    """Of an officer who has enrolled, after a code that was wrong."""
    window = await visit.open()
    await fill_in(window, visit.town.called.vega.name)
    await window.at("proof").fill("000 000")
    await window.at("second-do").click()
    await expect(window.at("wrong")).to_be_visible()
    return window


async def second_enrol(visit: Visit) -> Window:
    """Of somebody who signs in for the first time."""
    server, name = visit.town.server, f"Auditor {next(_number)}"
    await staff_accounts.add(server.town, server.argon2, name, Role.AUDITOR, None, (), PASSWORD)
    window = await visit.open()
    await fill_in(window, name)
    await expect(window.at("second-secret")).to_be_visible()
    return window


async def second_codes(visit: Visit) -> Window:
    """The recovery codes, shown once."""
    window = await second_enrol(visit)
    secret = (await window.at("second-secret").inner_text()).replace(" ", "")
    code = authenticator.Authenticator(secret).code(visit.town.server.town.clock.now_ms())
    await window.at("proof").fill(code)
    await window.at("second-do").click()
    await expect(window.at("recovery-codes").locator("li")).to_have_count(10)
    return window


async def second_prove(visit: Visit) -> Window:
    """An officer broadcasts, and the last proof is too old."""
    window, town = await alert_look(visit), visit.town.server.town
    policy, town.policy = town.policy, msgspec.structs.replace(town.policy, proof_ms=-1)
    await window.at("alert-code-typed").fill(await window.at("alert-code").inner_text())
    await window.at("alert-broadcast").click()
    await expect(window.at("prove")).to_be_visible()
    town.policy = policy
    return window


async def me_sessions(visit: Visit) -> Window:
    """Where one is signed in."""
    window = await visit.room(visit.town.kees.name)
    await window.at("me").click()
    await window.at("me-sessions").click()
    await expect(window.at("session").first).to_be_visible()
    return window


ALL = (second_step, second_enrol, second_codes, second_prove, me_sessions)
