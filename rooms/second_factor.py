"""The second factor of staff: shown when signing in, and again for what must not be done by whoever found a screen.

Signing in takes two steps. Who knows the password is given a ticket, good for five minutes; with it and a code of the
clock, or a recovery code, a session begins. Who has no second factor yet is given a new secret with the ticket, and
has a session only after a code of it: there is no session of staff without, but those that a program on the server's
own machine begins (session.begin).
"""

from __future__ import annotations

import secrets
from typing import Any

import msgpack
import msgspec
import structlog

from rooms import audit_deed, event, keys, letter_code, sealed_secret, session, totp
from rooms.account import Account, load
from rooms.attempt import attempt
from rooms.keys import PersonKeys
from rooms.person import Person
from rooms.pipeline import Argument
from rooms.refusal import Refusal
from rooms.sealed_secret import UnreadableError
from rooms.store import fields_of
from rooms.town import MINUTE_MS, Town

log = structlog.get_logger("second_factor")
TICKET_MS = 5 * MINUTE_MS
RECOVERY_CODES = 10


class Ticket(msgspec.Struct, frozen=True):
    """Half signed in. secret: of who has still to enrol, to be put into an app; address: the same for its QR code."""

    token: str
    secret: str | None = None
    address: str | None = None


class Passed(msgspec.Struct, frozen=True):
    """Somebody who has just signed in. recovery_codes: in clear, only where they are new."""

    person: Person
    token: str
    recovery_codes: tuple[str, ...] = ()


class _Held(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a ticket stands for. knew: the digest of the password as it was kept then; sealed: the secret of who has
    still to enrol."""

    device: str
    name: str
    at: int
    knew: str = ""
    sealed: bytes = b""


class _Proof(msgspec.Struct, frozen=True):
    """What was typed, as the scripts take it: a step of the clock or the digest of a recovery code, the other ''."""

    step: str = ""
    recovery: str = ""


# signing in --------------------------------------------------------------------------------------


async def is_set(town: Town, person: str) -> bool:
    return bool(await town.store.read("EXISTS", PersonKeys(person).second_factor))


async def ask(town: Town, known: Account, device: str, name: str = "") -> Ticket:
    """Give a ticket to somebody of the staff who knew the password. name: what the device calls itself."""
    person = known.person.id
    secret = b"" if await is_set(town, person) else secrets.token_bytes(totp.SECRET_BYTES)
    token = session.new_token(person)
    sealed = sealed_secret.seal(town.code_key, person, secret) if secret else b""
    knew = session.digest(known.password)
    held = _Held(device=device, name=name, at=town.clock.now_ms(), knew=knew, sealed=sealed)
    arguments: list[Argument] = [msgspec.msgpack.encode(held), TICKET_MS]
    await town.store.run("keep_ticket", [keys.ticket(person, session.digest(token))], arguments)
    if not secret:
        return Ticket(token)
    return Ticket(token, totp.written(secret), totp.address(secret, known.sign_in_name))


async def answer(town: Town, address: str, ticket: str, code: str) -> Passed:
    """Sign in with a ticket and the code that belongs to it. address: whose guess it is.

    A ticket is as good as the password that it was given for: with a new one it is over.
    Raises Refusal: ticket_over, wrong_second_factor, too_many_attempts, unavailable.
    """
    held = await _held(town, ticket)
    known = await load(town, session.person_of(ticket))
    if known is None or session.digest(known.password) != held.knew:
        raise Refusal("ticket_over")
    async with attempt(town, second_factor=known.person.id, second_factor_address=address):
        if held.sealed:
            return await _enrol(town, known, ticket, held, code)
        return await _enter(town, known, ticket, held, code)


async def _held(town: Town, ticket: str) -> _Held:
    """Raises Refusal("ticket_over") for what is no ticket, or one that is older than five minutes."""
    try:
        person = session.person_of(ticket)
    except Refusal:
        raise Refusal("ticket_over") from None
    row = await town.store.read("GET", keys.ticket(person, session.digest(ticket)))
    held = None if row is None else msgspec.msgpack.decode(row, type=_Held)
    if held is None or held.at + TICKET_MS < town.clock.now_ms():
        raise Refusal("ticket_over")
    return held


async def _enter(town: Town, known: Account, ticket: str, held: _Held, code: str) -> Passed:
    """With the second factor that the person has."""
    person = known.person
    proof = await _proof(town, person.id, code)
    token, head = _opening(town, known, held)
    await town.store.run("enter_by_factor", _keys(person.id, ticket), [*head, _try(), proof.step, proof.recovery])
    return Passed(person, token)


async def _enrol(town: Town, known: Account, ticket: str, held: _Held, code: str) -> Passed:
    """With the secret that the ticket came with, which is the person's second factor from now on."""
    person = known.person
    step = totp.step_of(_unsealed(town, person.id, held.sealed), _tidied(code), town.clock.now_ms())
    if step is None:
        raise Refusal("wrong_second_factor", field="code")
    codes, digests = _new_codes(town)
    token, head = _opening(town, known, held)
    ended = event.packed_signal("session.ended", {"keep": session.digest(token), "reason": "second_factor"})
    arguments: list[Argument] = [*head, _try(), step, held.sealed, ended, *digests]
    await town.store.run("enrol_factor", _keys(person.id, ticket), arguments)
    return Passed(person, token, codes)


def _new_codes(town: Town) -> tuple[tuple[str, ...], list[str]]:
    """Recovery codes as they are shown, once, and what is kept of them."""
    codes = [letter_code.make() for _ in range(RECOVERY_CODES)]
    return tuple(map(letter_code.spoken, codes)), [letter_code.digest(one, town.code_key) for one in codes]


def _keys(person: str, ticket: str) -> list[str]:
    mine = PersonKeys(person)
    return [mine.account, mine.sessions, mine.feed, mine.clock, mine.second_factor,
            keys.ticket(person, session.digest(ticket))]  # fmt: skip


def _opening(town: Town, known: Account, held: _Held) -> tuple[str, list[Argument]]:
    """A new token, and the arguments that open its session, in which the second factor has been shown, as long as the
    password is the known one."""
    person, now_ms = known.person.id, town.clock.now_ms()
    token = session.new_token(person)
    kept = session.as_kept(held.device, held.name, now_ms, proved=now_ms)
    return token, [now_ms, person, known.password, session.digest(token), kept]


def _try() -> str:
    """Tells one request from the next; what the store's own repeats hand in again is the same one."""
    return secrets.token_hex(8)


# proofs ------------------------------------------------------------------------------------------


async def _proof(town: Town, person: str, code: str) -> _Proof:
    """What was typed, where it fits the person's second factor; the script that spends it has the last word.

    Raises Refusal("wrong_second_factor"), also for a code of the clock that was used before.
    """
    factor = fields_of(await town.store.read("HGETALL", PersonKeys(person).second_factor))
    typed = _tidied(code)
    if b"secret" in factor and typed.isdecimal():
        secret = _unsealed(town, person, factor[b"secret"])
        step = totp.step_of(secret, typed, town.clock.now_ms(), last=int(factor[b"step"]))
        if step is not None:
            return _Proof(step=str(step))
    recovery = _recovery_digest(town, code)
    if f"recovery:{recovery}".encode() in factor:
        return _Proof(recovery=recovery)
    raise Refusal("wrong_second_factor", field="code")


def _unsealed(town: Town, person: str, sealed: bytes) -> bytes:
    """Raises Refusal("wrong_second_factor") where it was sealed under another key; the log says so."""
    try:
        return sealed_secret.unseal(town.code_key, person, sealed)
    except UnreadableError:
        log.error("alarm: a second factor can't be read; is this the town's own code key?")
        raise Refusal("wrong_second_factor", field="code") from None


def _tidied(code: str) -> str:
    """Apps show a code in two halves."""
    return "".join(code.split())


def _recovery_digest(town: Town, code: str) -> str:
    """'' for what can't be a recovery code."""
    try:
        return letter_code.digest(letter_code.normalise(code), town.code_key)
    except ValueError:
        return ""


# once more ---------------------------------------------------------------------------------------


async def prove(town: Town, person: str, mark: str, code: str) -> None:
    """Show the second factor again in the session of digest *mark*.

    Wrong ones are counted by session: who knows a password alone can't shut out those who are at work.
    Raises Refusal: not_permitted (no second factor), wrong_second_factor, too_many_attempts, signed_out, unavailable.
    """
    if not await is_set(town, person):
        raise Refusal("not_permitted")
    async with attempt(town, proof=mark):
        proof = await _proof(town, person, code)
        mine = PersonKeys(person)
        arguments: list[Argument] = [town.clock.now_ms(), mark, _try(), proof.step, proof.recovery]
        await town.store.run("prove_session", [mine.sessions, mine.second_factor], arguments)


async def renew_codes(town: Town, person: str, mark: str, code: str) -> tuple[str, ...]:
    """New recovery codes in place of all that were left, for who shows the second factor in the session of digest
    *mark*; they are in clear here and nowhere else. Asked again, because the answer was lost, the newest ones count.

    Raises Refusal as `prove` does.
    """
    if not await is_set(town, person):
        raise Refusal("not_permitted")
    codes, digests = _new_codes(town)
    async with attempt(town, proof=mark):
        proof = await _proof(town, person, code)
        mine = PersonKeys(person)
        arguments: list[Argument] = [town.clock.now_ms(), mark, _try(), proof.step, proof.recovery, *digests]
        await town.store.run("renew_codes", [mine.sessions, mine.second_factor], arguments)
    return codes


async def stale_proof(town: Town, person: str, mark: str) -> Refusal | None:
    """Why a command that needs a fresh proof may not be carried out in the session of digest *mark*; None where it may.

    Who has no second factor can't show it: residents, and staff whose session a program on the server's own machine
    began. A session that ended has no time left in which its connection may do such a thing.
    """
    mine = PersonKeys(person)
    is_enrolled, row = await town.store.read_all([("EXISTS", mine.second_factor), ("HGET", mine.sessions, mark)])
    if row is None and mark:
        return Refusal("signed_out")
    if not is_enrolled:
        return None
    kept: dict[str, Any] = {} if row is None else msgpack.unpackb(row)
    is_fresh = kept.get("proved", 0) + town.policy.proof_ms >= town.clock.now_ms()
    return None if is_fresh else Refusal("prove_again")


async def reset(town: Town, person: str) -> bool:
    """Forget the second factor of somebody who lost it: all sessions end, the next sign-in enrols. False: had none."""
    mine = PersonKeys(person)
    ended = event.packed_signal("session.ended", {"reason": "second_factor"})
    names = [mine.second_factor, mine.sessions, mine.feed, mine.clock, mine.due, mine.audit, mine.audit_head]
    row = audit_deed.of_account("account.factor", person, "")
    arguments: list[Argument] = [town.clock.now_ms(), person, ended, keys.book_of_person(person), row]
    (was,) = await town.store.run("reset_factor", names, arguments)
    return bool(was)
