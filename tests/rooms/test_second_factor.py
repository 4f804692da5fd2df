"""The second factor: codes of the clock count once, recovery codes once, and staff have no session without it."""

from __future__ import annotations

import asyncio
from base64 import b32decode
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgpack
import pytest

from rooms import account, keys, sealed_secret, second_factor, session, totp
from rooms import staff as staff_accounts
from rooms.account import Account
from rooms.call import Call, ClientId, Payload, Reply
from rooms.command import COMMANDS
from rooms.command_row import Row
from rooms.dispatch import Caller, digest, dispatch
from rooms.keys import PersonKeys
from rooms.refusal import Refusal
from rooms.sealed_secret import UnreadableError
from rooms.second_factor import Passed
from rooms.store import Store
from rooms.town import Town
from tests.rooms.test_membership import refused
from tests.rooms.voice import Voice
from tests.town import PASSWORD, STAFF, MovedClock, PlainPasswords, client_id, device_of

ADDRESS = "192.0.2.1"
DEVICE = device_of("Officer Vega")
KEY = bytes(range(32))
RFC_SECRET = b"12345678901234567890"
RFC_CODES = {
    59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037",
    20000000000: "65353130",
}  # fmt: skip
"""RFC 6238, appendix B, for SHA-1: seconds since 1970 and the code of eight digits."""


async def hired(town: Town, name: str = "Officer Vega") -> Account:
    role, organisation, areas = STAFF[name]
    return await staff_accounts.add(town, PlainPasswords(), name, role, organisation, areas, PASSWORD)


class Pocket:
    """What Vega carries: an app with the secret, and the recovery codes."""

    def __init__(self, town: Town, known: Account) -> None:
        self.town, self.known = town, known
        self.secret, self.passed = b"", Passed(known.person, "")

    async def enrol(self) -> Passed:
        ticket = await second_factor.ask(self.town, self.known, DEVICE)
        assert ticket.secret is not None
        self.secret = b32decode(ticket.secret)
        self.passed = await second_factor.answer(self.town, ADDRESS, ticket.token, self.code())
        return self.passed

    def code(self, ahead: int = 0) -> str:
        """Of the step of now, or of so many later."""
        return totp.code_at(self.secret, totp.step_at(self.town.clock.now_ms()) + ahead)

    async def sign_in(self, code: str, ticket: str = "") -> Passed:
        ticket = ticket or (await second_factor.ask(self.town, self.known, DEVICE)).token
        return await second_factor.answer(self.town, ADDRESS, ticket, code)

    async def refused(self, code: str, ticket: str = "", why: str = "wrong_second_factor") -> None:
        await refused(why, self.sign_in(code, ticket))


@pytest.fixture
async def vega(town: Town) -> Pocket:
    """An officer who has enrolled half a minute ago: no code of now was used."""
    pocket = Pocket(town, await hired(town))
    await pocket.enrol()
    town.clock.forward(seconds=60)  # type: ignore[attr-defined]  # the tests' clock
    return pocket


async def sessions_of(town: Town, person: str) -> int:
    return int(await town.store.read("HLEN", PersonKeys(person).sessions))


# codes of the clock ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "code"), RFC_CODES.items())
def test_a_code_is_the_one_of_the_rfc(seconds: int, code: str) -> None:
    """Every authenticator app makes the same."""
    step = totp.step_at(seconds * 1000)
    assert totp.code_at(RFC_SECRET, step, digits=8) == code
    assert totp.code_at(RFC_SECRET, step) == code[2:]


@pytest.mark.parametrize(("ahead", "is_good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(ahead: int, is_good: bool) -> None:
    """Half a minute early or late is forgiven, a whole one is not."""
    now_ms = 1_795_442_461_234
    step = totp.step_at(now_ms) + ahead
    found = totp.step_of(RFC_SECRET, totp.code_at(RFC_SECRET, step), now_ms)
    assert found == (step if is_good else None)


def test_a_step_that_was_used_is_none() -> None:
    """Nor is one before it, although its code was never shown."""
    now_ms = 1_795_442_461_234
    step = totp.step_at(now_ms)
    assert totp.step_of(RFC_SECRET, totp.code_at(RFC_SECRET, step), now_ms, last=step) is None
    assert totp.step_of(RFC_SECRET, totp.code_at(RFC_SECRET, step - 1), now_ms, last=step) is None
    assert totp.step_of(RFC_SECRET, totp.code_at(RFC_SECRET, step + 1), now_ms, last=step) == step + 1


def test_the_address_says_what_an_app_needs() -> None:
    """Issuer, name, secret and the kind of code, with a name of any letters."""
    parts = urlsplit(totp.address(RFC_SECRET, "Wijkagent Çelik"))
    assert (parts.scheme, parts.netloc, parts.path) == ("otpauth", "totp", "/BART:Wijkagent%20%C3%87elik")
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert asked == {"secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "issuer": "BART", "algorithm": "SHA1",
                     "digits": "6", "period": "30"}  # fmt: skip


# sealing ---------------------------------------------------------------------------------------------


def test_what_is_sealed_opens_for_its_owner_alone() -> None:
    """With the town's key and the owner's name, and unharmed; two sealings of one secret differ."""
    sealed = sealed_secret.seal(KEY, "vega", RFC_SECRET)
    assert sealed_secret.unseal(KEY, "vega", sealed) == RFC_SECRET
    assert sealed != sealed_secret.seal(KEY, "vega", RFC_SECRET)
    harmed = bytes([*sealed[:-1], sealed[-1] ^ 1])
    for key, owner, what in ((KEY, "smit", sealed), (bytes(32), "vega", sealed), (KEY, "vega", harmed),
                             (KEY, "vega", b""), (KEY, "vega", sealed[:12])):  # fmt: skip
        with pytest.raises(UnreadableError):
            sealed_secret.unseal(key, owner, what)


async def test_nothing_of_it_is_kept_in_clear(town: Town, store: Store) -> None:
    """Who reads the store finds no secret, no recovery code, no ticket, no token."""
    known = await hired(town)
    waiting = await second_factor.ask(town, known, DEVICE)
    pocket = Pocket(town, known)
    passed = await pocket.enrol()
    assert waiting.secret is not None
    told = [waiting.token.partition(".")[2], waiting.secret, totp.written(pocket.secret), *passed.recovery_codes,
            passed.token.partition(".")[2]]  # fmt: skip
    hidden = [b32decode(waiting.secret), pocket.secret, *(text.encode() for text in told),
              *(code.replace("-", "").encode() for code in passed.recovery_codes)]  # fmt: skip
    for key in await store.read("KEYS", "*"):
        kind = (await store.read("TYPE", key)).decode()
        if kind in ("hash", "string"):  # a dump may be packed, and show nothing of anything
            values = await store.read("HGETALL", key) if kind == "hash" else [await store.read("GET", key)]
            assert not [part for part in hidden for value in [key, *values] if part in value]


async def test_under_another_key_nobody_gets_in(town: Town, vega: Pocket) -> None:
    """A store that was carried away, with a code key of one's own, lets nobody in."""
    town.code_key = bytes(32)
    await vega.refused(vega.code())


# signing in ------------------------------------------------------------------------------------------


async def test_who_has_none_enrols_before_a_session_begins(town: Town) -> None:
    """The ticket comes with a secret; no session is there until a code of it has been shown."""
    known = await hired(town)
    ticket = await second_factor.ask(town, known, DEVICE, "Firefox op Linux")
    assert ticket.secret is not None
    assert ticket.address == totp.address(b32decode(ticket.secret), "Officer Vega")
    assert await sessions_of(town, known.person.id) == 0
    assert not await second_factor.is_set(town, known.person.id)
    pocket = Pocket(town, known)
    passed = await pocket.enrol()
    assert await session.resolve(town, passed.token) == known.person
    assert len(set(passed.recovery_codes)) == second_factor.RECOVERY_CODES
    assert (await second_factor.ask(town, known, DEVICE)).secret is None


async def test_enrolling_takes_a_right_code(town: Town) -> None:
    """A wrong one sets nothing, and the same ticket takes the right one."""
    pocket = Pocket(town, await hired(town))
    ticket = await second_factor.ask(town, pocket.known, DEVICE)
    assert ticket.secret is not None
    pocket.secret = b32decode(ticket.secret)
    await pocket.refused(pocket.code(-2), ticket.token)
    assert not await second_factor.is_set(town, pocket.known.person.id)
    assert len((await pocket.sign_in(pocket.code(), ticket.token)).recovery_codes) == 10


async def test_of_two_who_enrol_the_first_counts(town: Town) -> None:
    """Who knew the password too, and comes second, has to show the code of the first."""
    pocket = Pocket(town, await hired(town))
    other = await second_factor.ask(town, pocket.known, DEVICE)
    assert other.secret is not None
    await pocket.enrol()
    late = totp.code_at(b32decode(other.secret), totp.step_at(town.clock.now_ms()))
    await pocket.refused(late, other.token, why="ticket_over")
    assert await sessions_of(town, pocket.known.person.id) == 1


async def test_enrolling_ends_the_sessions_without(town: Town) -> None:
    """A session from before there was a second factor is over, and its connections are told."""
    known = await hired(town)
    before = await session.begin(town, known.person.id, DEVICE)
    passed = await Pocket(town, known).enrol()
    await refused("signed_out", session.resolve(town, before))
    assert await session.resolve(town, passed.token) == known.person


async def test_a_code_signs_in_once(town: Town, vega: Pocket) -> None:
    """Who looked over the shoulder, and types it a second later, is refused; the next code is good."""
    code = vega.code()
    assert (await vega.sign_in(code)).recovery_codes == ()
    await vega.refused(code)
    await vega.refused(vega.code(-1))
    await vega.sign_in(vega.code(+1))


async def test_of_one_code_at_once_one_counts(town: Town, vega: Pocket) -> None:
    """Ten that come in the same moment with the same code are one sign-in and nine refusals."""
    tickets = [(await second_factor.ask(town, vega.known, DEVICE)).token for _ in range(10)]
    before = await sessions_of(town, vega.known.person.id)
    tries = (second_factor.answer(town, ADDRESS, ticket, vega.code()) for ticket in tickets)
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(answer, Passed) for answer in answers) == 1
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} == {"wrong_second_factor"}
    assert await sessions_of(town, vega.known.person.id) == before + 1


async def test_a_ticket_is_good_once_and_for_five_minutes(town: Town, vega: Pocket, clock: MovedClock) -> None:
    """Afterwards one begins again with the password; nonsense is answered alike."""
    used = (await second_factor.ask(town, vega.known, DEVICE)).token
    await vega.sign_in(vega.code(), used)
    await vega.refused(vega.code(+1), used, why="ticket_over")
    late = (await second_factor.ask(town, vega.known, DEVICE)).token
    clock.forward(minutes=5.1)
    await vega.refused(vega.code(), late, why="ticket_over")
    for nonsense in ("x", "aaaaaaaaaaaa." + "x" * 43, vega.passed.token):
        await vega.refused(vega.code(), nonsense, why="ticket_over")


async def test_a_lost_answer_is_given_again(town: Town, vega: Pocket, store: Store) -> None:
    """What the store hands in a second time, since the first answer was lost, counts once and is answered alike."""
    token = (await second_factor.ask(town, vega.known, DEVICE)).token
    mine, step = PersonKeys(vega.known.person.id), totp.step_at(town.clock.now_ms())
    names = [mine.account, mine.sessions, mine.feed, mine.clock, mine.second_factor,
             keys.ticket(vega.known.person.id, session.digest(token))]  # fmt: skip
    kept, person, password = session.as_kept(DEVICE, "", 1), vega.known.person.id, vega.known.password
    before = await sessions_of(town, person)
    for _ in range(2):
        await store.run("enter_by_factor", names, [1, person, password, "d", kept, "a try", str(step), ""])
    assert await sessions_of(town, person) == before + 1
    again = store.run("enter_by_factor", names, [1, person, password, "e", kept, "another", str(step), ""])
    await refused("ticket_over", again)


async def test_a_recovery_code_opens_once(town: Town, vega: Pocket) -> None:
    """Typed as it was written down, in any case and with any dashes, and never again."""
    first, second = vega.passed.recovery_codes[:2]
    await vega.sign_in(first.lower().replace("-", " "))
    await vega.refused(first)
    await vega.sign_in(second)
    await vega.refused("ABCDE-FGHJK")


async def test_guessing_ends_after_ten(town: Town, vega: Pocket, clock: MovedClock) -> None:
    """Ten wrong codes in an hour, whatever the addresses, and the right one waits as well."""
    ticket = (await second_factor.ask(town, vega.known, DEVICE)).token
    for number in range(10):
        wrong = second_factor.answer(town, f"203.0.113.{number}", ticket, vega.code(-5))
        await refused("wrong_second_factor", wrong)
    await vega.refused(vega.code(), ticket, why="too_many_attempts")
    clock.forward(minutes=61)
    await vega.sign_in(vega.code())


async def test_a_new_password_is_no_way_around(town: Town, vega: Pocket) -> None:
    """What an admin sets for who forgot it leaves the second factor as it is."""
    await staff_accounts.set_password(town, PlainPasswords(), "Officer Vega", f"{PASSWORD}!")
    assert (await second_factor.ask(town, vega.known, DEVICE)).secret is None


async def test_a_ticket_of_before_the_new_password_let_in(town: Town, vega: Pocket, store: Store) -> None:
    """Who knew the old password has nothing of it left: neither to sign in, nor to enrol an app of their own."""
    fresh = await hired(town, "Moderator Smit")
    enrolling = Pocket(town, fresh)
    tickets = [(pocket, await second_factor.ask(town, pocket.known, DEVICE)) for pocket in (vega, enrolling)]
    enrolling.secret = b32decode(tickets[1][1].secret or "")
    for name in ("Officer Vega", "Moderator Smit"):
        await staff_accounts.set_password(town, PlainPasswords(), name, f"{PASSWORD}!")
    for pocket, ticket in tickets:
        await pocket.refused(pocket.code(), ticket.token, why="ticket_over")
    assert not await store.read("EXISTS", PersonKeys(fresh.person.id).second_factor)
    assert [await sessions_of(town, pocket.known.person.id) for pocket, _ in tickets] == [0, 0]


async def test_a_password_that_is_set_while_a_code_is_looked_at_is_in_time(
    town: Town, vega: Pocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The script that opens the session looks once more."""
    ticket, look = (await second_factor.ask(town, vega.known, DEVICE)).token, second_factor._proof

    async def slow(*args: Any) -> Any:
        await staff_accounts.set_password(town, PlainPasswords(), "Officer Vega", f"{PASSWORD}!")
        return await look(*args)

    monkeypatch.setattr(second_factor, "_proof", slow)
    await vega.refused(vega.code(), ticket, why="ticket_over")
    assert await sessions_of(town, vega.known.person.id) == 0


async def test_a_reset_signs_out_and_enrols_anew(town: Town, vega: Pocket) -> None:
    """Who lost the phone is reset by an admin: every session ends, old codes are void, new ones come."""
    recovery = vega.passed.recovery_codes[0]
    ticket = (await second_factor.ask(town, vega.known, DEVICE)).token
    assert await staff_accounts.reset_second_factor(town, "officer vega")
    await refused("signed_out", session.resolve(town, vega.passed.token))
    for code in (vega.code(), recovery):
        await vega.refused(code, ticket)
    assert (await second_factor.ask(town, vega.known, DEVICE)).secret is not None
    assert not await staff_accounts.reset_second_factor(town, "Officer Vega")
    await refused("not_found", staff_accounts.reset_second_factor(town, "Niemand"))


async def test_who_is_removed_leaves_none(town: Town, vega: Pocket, store: Store) -> None:
    """The account takes its second factor with it, and a ticket of before opens nothing."""
    ticket = (await second_factor.ask(town, vega.known, DEVICE)).token
    await staff_accounts.remove(town, "Officer Vega")
    assert not await store.read("EXISTS", PersonKeys(vega.known.person.id).second_factor)
    await vega.refused(vega.code(), ticket, why="ticket_over")


# once more -------------------------------------------------------------------------------------------


class Fly(Payload, frozen=True):
    client_id: ClientId


def flying(count: int = 1) -> dict[str, str]:
    return {"client_id": client_id("Officer Vega", count)}


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A command that needs a fresh proof; the persons for whom it was carried out."""
    done: list[str] = []

    async def handler(_town: Town, call: Call[Fly]) -> Reply:
        done.append(call.person.id)
        return {"ok": True}

    row = Row(Fly, handler, "be_on_duty", "touch", "Fly.", {}, {}, fresh=True)
    monkeypatch.setitem(COMMANDS, "room.fly", row)
    return done


def caller_of(passed: Passed) -> Caller:
    return Caller(passed.person, session.digest(passed.token))


async def test_a_proof_is_fresh_for_a_quarter_of_an_hour(
    town: Town, vega: Pocket, planted: list[str], clock: MovedClock
) -> None:
    """Then `prove_again`, until the second factor is shown once more."""
    caller = caller_of(await vega.sign_in(vega.code()))
    await dispatch(town, caller, "room.fly", flying())
    clock.forward(minutes=15.1)
    await refused("prove_again", dispatch(town, caller, "room.fly", flying()))
    assert len(planted) == 1
    await dispatch(town, caller, "session.prove", {"code": vega.code()})
    await dispatch(town, caller, "room.fly", flying())
    assert len(planted) == 2


async def test_what_was_done_already_is_answered_as_it_was(
    town: Town, vega: Pocket, planted: list[str], clock: MovedClock, store: Store
) -> None:
    """A repeat of a command whose answer was lost asks for no code, however late it comes."""
    passed = await vega.sign_in(vega.code())
    done, _ = keys.done(keys.TOWN, passed.person.id, DEVICE)
    answered = f"{digest('room.fly', flying())}{clock.now_ms():013}".encode() + msgpack.packb({"flown": 1})
    await store.read("HSET", done, "1", answered)
    clock.forward(minutes=20)
    assert await dispatch(town, caller_of(passed), "room.fly", flying()) == {"ok": True, "flown": 1}
    await refused("prove_again", dispatch(town, caller_of(passed), "room.fly", flying(2)))
    assert not planted


async def test_a_proof_is_of_one_session(town: Town, vega: Pocket, planted: list[str], clock: MovedClock) -> None:
    """What is shown on the tablet does nothing for a desk that somebody left unlocked."""
    desk, tablet = caller_of(await vega.sign_in(vega.code())), caller_of(await vega.sign_in(vega.code(+1)))
    clock.forward(minutes=20)
    await dispatch(town, tablet, "session.prove", {"code": vega.code()})
    await refused("prove_again", dispatch(town, desk, "room.fly", flying()))
    await refused("wrong_second_factor", dispatch(town, desk, "session.prove", {"code": vega.code()}))
    await dispatch(town, desk, "session.prove", {"code": vega.passed.recovery_codes[0]})
    await dispatch(town, desk, "room.fly", flying())
    assert planted


async def test_who_guesses_at_a_screen_left_open_is_stopped(town: Town, vega: Pocket, clock: MovedClock) -> None:
    """Ten wrong ones, and that session waits; the officer's own device does not."""
    screen, own = caller_of(await vega.sign_in(vega.code())), caller_of(await vega.sign_in(vega.code(+1)))
    clock.forward(minutes=20)
    for _ in range(10):
        await refused("wrong_second_factor", dispatch(town, screen, "session.prove", {"code": "000000"}))
        clock.forward(seconds=1)
    await refused("too_many_attempts", dispatch(town, screen, "session.prove", {"code": vega.code()}))
    await dispatch(town, own, "session.prove", {"code": vega.code()})


async def test_who_has_none_is_not_asked_for_it(town: Town, ada: Voice, planted: list[str]) -> None:
    """A session that a program on the server's own machine began is asked for nothing; residents have nothing."""
    known = await hired(town)
    token = await session.begin(town, known.person.id, DEVICE)
    await dispatch(town, Caller(known.person, session.digest(token)), "room.fly", flying())
    assert planted == [known.person.id]
    await refused("not_permitted", dispatch(town, Caller(ada.person), "room.fly", flying()))
    await refused("not_permitted", dispatch(town, Caller(ada.person), "session.prove", {"code": "287082"}))
    await refused("not_permitted", dispatch(town, Caller(known.person), "session.prove", {"code": "287082"}))


async def test_a_reset_took_the_question_away_from_an_open_screen(town: Town, vega: Pocket, planted: list[str]) -> None:
    """Between the reset and the end of the connection there is no session, and so nothing that needs a proof."""
    caller = caller_of(await vega.sign_in(vega.code()))
    await staff_accounts.reset_second_factor(town, "Officer Vega")
    await refused("signed_out", dispatch(town, caller, "room.fly", flying()))
    assert not planted


async def test_new_recovery_codes_take_the_place_of_all_others(town: Town, vega: Pocket, clock: MovedClock) -> None:
    """Who shows the second factor is given ten; the earlier ones open nothing, and each new one opens once."""
    caller, old = caller_of(vega.passed), vega.passed.recovery_codes
    await refused("wrong_second_factor", dispatch(town, caller, "session.new_codes", {"code": "000000"}))
    new = (await dispatch(town, caller, "session.new_codes", {"code": vega.code()}))["recovery_codes"]
    assert len(new) == second_factor.RECOVERY_CODES
    assert not set(new) & set(old)
    await refused("wrong_second_factor", dispatch(town, caller, "session.new_codes", {"code": vega.code()}))
    await vega.refused(old[0])
    await vega.sign_in(new[0])
    await vega.refused(new[0])
    factor = await town.store.read("HKEYS", PersonKeys(vega.known.person.id).second_factor)
    assert sum(name.startswith(b"recovery:") for name in factor) == second_factor.RECOVERY_CODES - 1


async def test_who_has_no_session_or_no_factor_is_given_no_codes(town: Town, vega: Pocket, ada: Voice) -> None:
    """Nor is a resident, nor who guesses."""
    passed = await vega.sign_in(vega.code())
    await session.end(town, passed.token)
    await refused("signed_out", dispatch(town, caller_of(passed), "session.new_codes", {"code": vega.code(+1)}))
    await refused("not_permitted", dispatch(town, Caller(ada.person), "session.new_codes", {"code": "287082"}))
    screen = caller_of(vega.passed)
    for _ in range(10):
        await refused("wrong_second_factor", dispatch(town, screen, "session.new_codes", {"code": "000000"}))
        town.clock.forward(seconds=1)  # type: ignore[attr-defined]  # the tests' clock
    for command in ("session.new_codes", "session.prove"):
        await refused("too_many_attempts", dispatch(town, screen, command, {"code": vega.code()}))


async def test_a_session_that_ended_proves_nothing(town: Town, vega: Pocket) -> None:
    """A proof that comes too late for its session opens nothing."""
    passed = await vega.sign_in(vega.code())
    await session.end(town, passed.token)
    await refused("signed_out", dispatch(town, caller_of(passed), "session.prove", {"code": vega.code(+1)}))
    assert await account.load(town, passed.person.id) is not None


def test_what_reaches_many_or_silences_somebody_needs_a_fresh_proof() -> None:
    """New words to whole areas, and measures against people; never what ends an alarm."""
    fresh = {name for name, row in COMMANDS.items() if row.fresh}
    assert fresh >= {"alert.broadcast", "alert.approve", "alert.update"}
    assert all(COMMANDS[name].changes for name in fresh), "only what waits in an outbox goes on by itself"
    assert not fresh & {"alert.cancel", "alert.clear", "alert.decline", "escalation.accept", "duty.start"}
