"""Passwords: argon2 off the loop, as slow for a wrong name as for a wrong password, and a bounded queue."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from rooms import account, membership, session
from rooms import staff as staff_accounts
from rooms.person import Role
from rooms.refusal import Refusal
from rooms.second_factor import Ticket
from rooms.town import Town
from server import sign_in
from server.sign_in import MOST_WAITING, Argon2
from tests.conftest import code_for
from tests.town import JAN_LUYKENLAAN, PASSWORD, MovedClock, device_of

NEW = "nog een lang wachtwoord"
DEVICE, HERE = device_of("Ada"), "203.0.113.9"


@pytest.fixture
async def argon2() -> AsyncIterator[Argon2]:
    argon2 = Argon2()
    yield argon2
    argon2.close()


@pytest.fixture
async def ada(town: Town, argon2: Argon2) -> membership.Signed:
    code = await code_for(town, JAN_LUYKENLAAN)
    return await membership.join(town, argon2, HERE, code, "Ada", PASSWORD, DEVICE)


async def refused(code: str, asking: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await asking  # type: ignore[misc]  # a coroutine
    assert caught.value.code == code
    return caught.value


async def test_a_password_opens_its_own_text(argon2: Argon2) -> None:
    """argon2id with the OWASP minimum; two texts of one password differ."""
    first, second = await argon2.hash(PASSWORD), await argon2.hash(PASSWORD)
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert await argon2.verify(first, PASSWORD)
    assert not await argon2.verify(first, PASSWORD + " ")
    assert not await argon2.verify("no argon2 text", PASSWORD)


async def test_at_most_fifty_wait(argon2: Argon2, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond that `busy`, with when to come again; when the queue has gone, there is room."""
    opened = threading.Event()
    monkeypatch.setattr(argon2, "_matches", lambda *_: opened.wait(30))
    waiting = [asyncio.create_task(argon2.verify("text", PASSWORD)) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    busy = await refused("busy", argon2.verify("text", PASSWORD))
    assert (busy.row.retryable, busy.facts["retry_after_ms"]) == (True, 2000)
    await refused("busy", argon2.hash(PASSWORD))
    opened.set()
    assert await asyncio.gather(*waiting) == [True] * MOST_WAITING
    assert await argon2.verify("text", PASSWORD)


async def test_two_at_a_time(argon2: Argon2, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing never takes more than two cores."""
    meeting, most, now = threading.Barrier(2), 0, 0
    lock = threading.Lock()

    def matches(*_: str) -> bool:
        nonlocal most, now
        with lock:
            now += 1
            most = max(most, now)
        meeting.wait(10)
        with lock:
            now -= 1
        return True

    monkeypatch.setattr(argon2, "_matches", matches)
    await asyncio.gather(*(argon2.verify("text", PASSWORD) for _ in range(10)))
    assert most == 2


async def test_who_gives_up_waiting_frees_the_place(argon2: Argon2, monkeypatch: pytest.MonkeyPatch) -> None:
    """A caller that has gone is no longer counted."""
    opened = threading.Event()
    monkeypatch.setattr(argon2, "_matches", lambda *_: opened.wait(30))
    waiting = [asyncio.create_task(argon2.verify("text", PASSWORD)) for _ in range(MOST_WAITING)]
    await asyncio.sleep(0)
    for task in waiting[2:]:
        task.cancel()
    await asyncio.gather(*waiting[2:], return_exceptions=True)
    again = asyncio.create_task(argon2.verify("text", PASSWORD))
    opened.set()
    assert await again
    await asyncio.gather(*waiting[:2])


@pytest.mark.parametrize("name", ["Niemand", "Ada"])
async def test_an_unknown_name_costs_a_hash_too(
    town: Town, argon2: Argon2, ada: membership.Signed, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A name that nobody has is answered by the same work and the same words as a wrong password."""
    worked: list[str] = []
    matches = argon2._matches

    def counted(encoded: str, password: str) -> bool:
        worked.append(encoded)
        return matches(encoded, password)

    monkeypatch.setattr(argon2, "_matches", counted)
    refusal = await refused("wrong_credentials", sign_in.sign_in(town, argon2, HERE, name, "een ander woord", DEVICE))
    assert len(worked) == 1
    assert refusal.reply() == Refusal("wrong_credentials").reply()


@pytest.mark.parametrize("name", ["Ada", "ada", " ADA ", "Аda"], ids=["as it is", "small", "blanks", "a Cyrillic А"])
async def test_a_name_is_known_by_its_look(town: Town, argon2: Argon2, ada: membership.Signed, name: str) -> None:
    """Signing in goes by the skeleton, as taking a name does."""
    signed = await sign_in.sign_in(town, argon2, HERE, name, PASSWORD, DEVICE)
    assert signed.person == ada.person
    assert signed.recovery is None
    assert await session.resolve(town, signed.token) == ada.person


async def test_ten_wrong_passwords_close_the_name_for_a_while(
    town: Town, argon2: Argon2, ada: membership.Signed, clock: MovedClock
) -> None:
    """From whatever address; also the right password must wait; after 15 minutes it opens."""
    for number in range(10):
        asking = sign_in.sign_in(town, argon2, f"203.0.113.{number}", "Ada", "een ander woord", DEVICE)
        await refused("wrong_credentials", asking)
    refusal = await refused("too_many_attempts", sign_in.sign_in(town, argon2, HERE, "Ada", PASSWORD, DEVICE))
    assert 0 < int(refusal.facts["retry_after_ms"]) <= 15 * 60_000
    clock.forward(ms=int(refusal.facts["retry_after_ms"]) + 1000)
    await sign_in.sign_in(town, argon2, HERE, "Ada", PASSWORD, DEVICE)


async def test_good_attempts_never_count(town: Town, argon2: Argon2, ada: membership.Signed) -> None:
    """Signing in often closes nothing."""
    for _ in range(12):
        await sign_in.sign_in(town, argon2, HERE, "Ada", PASSWORD, DEVICE)


async def test_a_new_password_needs_the_old_one(town: Town, argon2: Argon2, ada: membership.Signed) -> None:
    """A wrong old password or a weak new one changes nothing."""
    other = (await sign_in.sign_in(town, argon2, HERE, "Ada", PASSWORD, DEVICE)).token
    asking = sign_in.change_password(town, argon2, HERE, ada.token, "een ander woord", NEW)
    assert (await refused("wrong_credentials", asking)).facts["field"] == "old"
    await refused("weak_password", sign_in.change_password(town, argon2, HERE, ada.token, PASSWORD, "kort"))
    assert await session.resolve(town, other) == ada.person

    await sign_in.change_password(town, argon2, HERE, ada.token, PASSWORD, NEW)
    assert await session.resolve(town, ada.token) == ada.person
    await refused("signed_out", session.resolve(town, other))
    await refused("wrong_credentials", sign_in.sign_in(town, argon2, HERE, "Ada", PASSWORD, DEVICE))
    await sign_in.sign_in(town, argon2, HERE, "Ada", NEW, DEVICE)


async def test_a_recovery_code_sets_a_new_password_once(town: Town, argon2: Argon2, ada: membership.Signed) -> None:
    """It may be typed with dashes and small letters; every session ends; the code that follows is another."""
    assert ada.recovery is not None
    typed = f"{ada.recovery[:5]}-{ada.recovery[5:]}".lower()
    back = await sign_in.recover(town, argon2, HERE, "Ada", typed, NEW, DEVICE)
    assert back.person == ada.person
    assert back.recovery not in (None, ada.recovery)
    await refused("signed_out", session.resolve(town, ada.token))
    assert await session.resolve(town, back.token) == ada.person
    await sign_in.sign_in(town, argon2, HERE, "Ada", NEW, DEVICE)
    await refused("wrong_credentials", sign_in.recover(town, argon2, HERE, "Ada", typed, PASSWORD, DEVICE))
    assert back.recovery is not None
    await sign_in.recover(town, argon2, HERE, "Ada", back.recovery, PASSWORD, DEVICE)


@pytest.mark.parametrize(("name", "recovery"), [("Ada", "ABCDEFGHJK"), ("Ada", "geen code"), ("Niemand", "ABCDEFGHJK")])
async def test_a_wrong_recovery_code_changes_nothing(
    town: Town, argon2: Argon2, ada: membership.Signed, name: str, recovery: str
) -> None:
    """A code that is none, another's, or an unknown name: one answer."""
    asking = sign_in.recover(town, argon2, HERE, name, recovery, NEW, DEVICE)
    assert (await refused("wrong_credentials", asking)).facts == {"field": "recovery"}
    assert await session.resolve(town, ada.token) == ada.person


async def test_the_password_of_staff_opens_no_session(town: Town, argon2: Argon2) -> None:
    """It earns a ticket, for which the second factor has still to be shown; so it stays after a new password."""
    made = await staff_accounts.add(town, argon2, "Klein", Role.AUDITOR, None, (), PASSWORD)
    await refused("wrong_credentials", sign_in.sign_in(town, argon2, HERE, "Klein", NEW, DEVICE))
    asked = await sign_in.sign_in(town, argon2, HERE, "Klein", PASSWORD, DEVICE)
    assert isinstance(asked, Ticket)
    assert await session.of_person(town, made.person.id, "") == []
    await refused("signed_out", session.resolve(town, asked.token))
    await staff_accounts.set_password(town, argon2, "Klein", NEW)
    assert isinstance(await sign_in.sign_in(town, argon2, HERE, "Klein", NEW, DEVICE), Ticket)


async def test_staff_have_no_recovery_code(town: Town, argon2: Argon2) -> None:
    """Staff are set again by an admin; the empty code opens nothing."""
    await staff_accounts.add(town, argon2, "Klein", Role.AUDITOR, None, (), PASSWORD)
    for recovery in ("", "ABCDEFGHJK"):
        await refused("wrong_credentials", sign_in.recover(town, argon2, HERE, "Klein", recovery, NEW, DEVICE))


async def test_what_is_kept_of_a_password_is_its_argon2_text(
    town: Town, argon2: Argon2, ada: membership.Signed
) -> None:
    """Neither the password nor the recovery code nor a token stands in the store."""
    known = await account.load(town, ada.person.id)
    assert known is not None
    assert known.password.startswith("$argon2id$")
    assert ada.recovery not in (known.recovery, None)
    values = [str(await town.store.read("DUMP", key)) for key in await town.store.read("KEYS", "*")]
    for secret in (PASSWORD, ada.recovery, ada.token[13:]):
        assert not any(str(secret) in value for value in values)
