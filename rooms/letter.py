"""Letters: the codes an admin makes for a street, kept as an HMAC with a key that is not in Redis."""

from __future__ import annotations

from rooms import keys, letter_code
from rooms.attempt import attempt
from rooms.pipeline import Argument
from rooms.place import Place
from rooms.refusal import Refusal
from rooms.town import Town


async def make(town: Town, street: Place, count: int, household: int | None = None) -> list[str]:
    """Make *count* codes for a street, each good for a household; returned once, in clear, and kept nowhere."""
    return [await _make_one(town, street, household or town.policy.household) for _ in range(count)]


async def _make_one(town: Town, street: Place, household: int) -> str:
    """Draw until the code is one that nobody has; of 46 bits the first nearly always is."""
    while True:
        now_ms = town.clock.now_ms()
        code = letter_code.make()
        digest = letter_code.digest(code, town.code_key)
        arguments: list[Argument] = [now_ms, digest, street.id, household, now_ms + town.policy.code_valid_ms]
        (made,) = await town.store.run("make_code", [keys.code(digest), keys.CODES], arguments)
        if made:
            return code


async def withdraw(town: Town, code: str) -> None:
    """Make a code void; who joined by it stays. Raises Refusal("wrong_code") where there is no such code."""
    await town.store.run("withdraw_code", [keys.code(digest_of(town, code))], [town.clock.now_ms()])


async def known(town: Town, code: str, address: str) -> str:
    """The digest of a code that exists, whatever its state. address: whose guess it is.

    Raises Refusal: wrong_code, which counts; too_many_attempts.
    """
    async with attempt(town, code_address=address, code_town=""):
        digest = digest_of(town, code)
        if not await town.store.read("EXISTS", keys.code(digest)):
            raise Refusal("wrong_code", field="code")
    return digest


def digest_of(town: Town, code: str) -> str:
    """The digest of a code as somebody typed it. Raises Refusal("wrong_code") where it can't be one."""
    try:
        return letter_code.digest(letter_code.normalise(code), town.code_key)
    except ValueError:
        raise Refusal("wrong_code", field="code") from None
