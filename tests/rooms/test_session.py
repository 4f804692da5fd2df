"""Sessions: who holds the token is signed in, until it ends here, everywhere, or by age."""

from __future__ import annotations

from typing import Any

import msgpack
import pytest

from rooms import account, keys, session
from rooms.account import Account
from rooms.keys import PersonKeys
from rooms.refusal import Refusal
from rooms.store import Store, fields_of
from rooms.town import Town
from tests.rooms.voice import Voice
from tests.town import MovedClock, device_of


async def _is_good(town: Town, token: object) -> bool:
    outcome = "good"
    try:
        await session.resolve(town, token)
    except Refusal as refusal:
        outcome = refusal.code
    assert outcome in ("good", "signed_out")
    return outcome == "good"


async def _begin(town: Town, voice: Voice, number: int = 1) -> str:
    return await session.begin(town, voice.id, device_of(voice.person.name, number))


async def _told(town: Town, person: str) -> list[dict[str, Any]]:
    """What the person's connections were told about sessions, in order."""
    rows = await town.store.read("XRANGE", PersonKeys(person).feed, "-", "+")
    found = [fields_of(row) for _, row in rows]
    events = [msgpack.unpackb(fields[b"e"]) for fields in found if fields.get(b"p") == person.encode()]
    return [event["data"] for event in events if event["name"] == "session.ended"]


async def _account(town: Town, voice: Voice) -> Account:
    known = await account.load(town, voice.id)
    assert known is not None
    return known


async def test_the_token_is_the_person(town: Town, ada: Voice) -> None:
    """With the token, and nothing else, she is Ada."""
    assert await session.resolve(town, await _begin(town, ada)) == ada.person


@pytest.mark.parametrize(
    "nonsense", [None, "", 5, b"bytes", ["x"], "x", "aaaaaaaaaaaa.", "aaaaaaaaaaaa." + "x" * 43, "{p00}." + "x" * 43]
)
async def test_what_is_no_token_is_signed_out(town: Town, nonsense: object) -> None:
    """Nonsense and a guess are answered alike."""
    assert not await _is_good(town, nonsense)


async def test_a_token_is_good_for_its_person_alone(town: Town, ada: Voice, ben: Voice) -> None:
    """The secret of one session with the name of another opens nothing."""
    _, _, secret = (await _begin(town, ada)).partition(".")
    assert not await _is_good(town, f"{ben.id}.{secret}")


async def test_the_token_is_kept_nowhere(town: Town, ada: Voice, store: Store) -> None:
    """Who reads the store finds no token: only a digest that opens nothing."""
    token = await _begin(town, ada)
    secret = token.partition(".")[2].encode()
    for key in await store.read("KEYS", "*"):
        assert secret not in (await store.read("DUMP", key))
    assert session.digest(token).encode() in await store.read("HKEYS", PersonKeys(ada.id).sessions)
    assert not await _is_good(town, session.digest(token))


async def test_signing_out_ends_one_session_and_tells_it(town: Town, ada: Voice) -> None:
    """The phone is out, the tablet stays; a second time says nothing more."""
    phone, tablet = await _begin(town, ada), await _begin(town, ada, 2)
    await session.end(town, phone)
    await session.end(town, phone)
    assert not await _is_good(town, phone)
    assert await _is_good(town, tablet)
    assert await _told(town, ada.id) == [{"session": session.digest(phone), "reason": "signed_out"}]


async def test_signing_out_everywhere_ends_all(town: Town, ada: Voice, ben: Voice) -> None:
    """All devices of hers are out, none of anybody else's."""
    tokens = [await _begin(town, ada, number) for number in range(3)]
    bens = await _begin(town, ben)
    await session.end_everywhere(town, ada.id)
    assert [await _is_good(town, token) for token in tokens] == [False] * 3
    assert await _is_good(town, bens)
    assert await _told(town, ada.id) == [{"reason": "everywhere"}]


async def test_a_new_password_keeps_the_own_session_and_ends_the_others(town: Town, ada: Voice) -> None:
    """Who changes the password stays signed in; whoever else was is out."""
    mine, other = await _begin(town, ada), await _begin(town, ada, 2)
    await session.set_password(town, await _account(town, ada), "plain:nieuw", "abc", keep=session.digest(mine))
    assert await _is_good(town, mine)
    assert not await _is_good(town, other)
    known = await _account(town, ada)
    assert (known.password, known.recovery) == ("plain:nieuw", "abc")
    assert await _told(town, ada.id) == [{"keep": session.digest(mine), "reason": "password"}]


async def test_a_recovered_account_is_out_on_every_device(town: Town, ada: Voice) -> None:
    """Who recovers an account throws everybody else out of it."""
    token = await _begin(town, ada)
    await session.set_password(town, await _account(town, ada), "plain:nieuw", "abc")
    assert not await _is_good(town, token)


async def test_of_two_new_passwords_the_first_counts(town: Town, ada: Voice) -> None:
    """Who read the old password and comes second is refused; a repeat of the first is no second."""
    before = await _account(town, ada)
    await session.set_password(town, before, "plain:eerste", "abc")
    token = await _begin(town, ada)
    await session.set_password(town, before, "plain:eerste", "abc")
    assert await _is_good(town, token)
    with pytest.raises(Refusal) as refusal:
        await session.set_password(town, before, "plain:tweede", "def")
    assert refusal.value.code == "wrong_credentials"
    assert (await _account(town, ada)).password == "plain:eerste"


async def test_a_person_has_20_sessions_at_most(town: Town, ada: Voice, clock: MovedClock) -> None:
    """The twenty-first signs in, and the one that began first is out and told why."""
    await session.end_everywhere(town, ada.id)
    tokens = []
    for number in range(21):
        clock.forward(seconds=1)
        tokens.append(await _begin(town, ada, number))
    assert [await _is_good(town, token) for token in tokens] == [False] + [True] * 20
    assert (await _told(town, ada.id))[-1] == {"session": session.digest(tokens[0]), "reason": "too_many"}


async def test_a_session_ends_by_age_after_180_days(town: Town, ada: Voice, clock: MovedClock) -> None:
    """Half a year without signing in, and it takes the password again."""
    token = await _begin(town, ada)
    clock.forward(days=179.9)
    assert await _is_good(town, token)
    clock.forward(days=0.2)
    assert not await _is_good(town, token)


async def test_nobody_without_an_account_has_a_session(town: Town, ada: Voice, store: Store) -> None:
    """An account that has gone takes its sessions with it."""
    token = await _begin(town, ada)
    await store.read("DEL", keys.PersonKeys(ada.id).account)
    assert not await _is_good(town, token)
    with pytest.raises(Refusal) as refusal:
        await _begin(town, ada)
    assert refusal.value.code == "wrong_credentials"


async def test_a_session_begun_again_after_a_lost_answer_is_one(town: Town, ada: Voice, store: Store) -> None:
    """The same token handed in twice is one session and ends nobody's."""
    await session.end_everywhere(town, ada.id)
    mine, kept = PersonKeys(ada.id), session.as_kept("x", "", 1)
    for _ in range(30):
        await store.run("open_session", [mine.account, mine.sessions, mine.feed, mine.clock], [1, ada.id, "d", kept])
    assert await store.read("HLEN", mine.sessions) == 1


# the list --------------------------------------------------------------------------------------------


async def test_the_list_tells_where_one_is_signed_in(town: Town, ada: Voice, clock: MovedClock) -> None:
    """The newest first, by the name that each device gave itself, and which of them one is asking from."""
    await session.end_everywhere(town, ada.id)
    phone = await session.begin(town, ada.id, device_of("Ada"), "Firefox, Android")
    clock.forward(seconds=1)
    await _begin(town, ada, 2)
    listed = await session.of_person(town, ada.id, session.digest(phone))
    assert [(one.name, one.current) for one in listed] == [("", False), ("Firefox, Android", True)]
    assert listed[0].at - listed[1].at >= 1000
    assert not any(one.id in phone for one in listed)
    clock.forward(days=181)
    assert await session.of_person(town, ada.id, "") == []


async def test_the_list_tells_in_which_hour_a_session_was_used_last(town: Town, ada: Voice, clock: MovedClock) -> None:
    """By the hour and no finer; one that has ended is not called back to life by that."""
    await session.end_everywhere(town, ada.id)
    began = clock.now_ms()
    phone, tablet = await _begin(town, ada), await _begin(town, ada, 2)
    clock.forward(days=3)
    marks = [session.digest(token) for token in (phone, tablet)]
    await session.note_seen(town, [(ada.id, marks[0])])
    hour = clock.now_ms() // session.SEEN_MS * session.SEEN_MS
    seen = {one.current: one.seen for one in await session.of_person(town, ada.id, marks[0])}
    assert seen[True] == hour
    assert began <= seen[False] < began + 60_000
    await session.end(town, tablet)
    await session.note_seen(town, [(ada.id, mark) for mark in marks])
    assert len(await session.of_person(town, ada.id, "")) == 1
    assert not await _is_good(town, tablet)


async def test_a_session_of_the_list_can_be_ended(town: Town, ada: Voice, ben: Voice) -> None:
    """That one and its connections, once; nobody ends anybody else's."""
    phone, tablet = await _begin(town, ada), await _begin(town, ada, 2)
    of_phone = next(one.id for one in await session.of_person(town, ada.id, session.digest(phone)) if one.current)
    await ben.ask("session.end", session=of_phone)
    assert await _is_good(town, phone)
    for _ in range(2):
        assert await ada.ask("session.end", session=of_phone) == {"ok": True}
    assert [await _is_good(town, token) for token in (phone, tablet)] == [False, True]
    assert await _told(town, ada.id) == [{"session": session.digest(phone), "reason": "signed_out"}]
