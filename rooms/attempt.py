"""Guessing: wrong attempts are counted, few may be under way at once, and beyond the bound all wait.

Only wrong ones count, so that a street that joins together from one address is not taken for a burglar. That few are
under way at once keeps a burst of parallel guesses from slipping through before the first wrong one is counted.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from weakref import WeakValueDictionary

import msgspec
import structlog

from rooms import keys
from rooms.refusal import Refusal
from rooms.town import HOUR_MS, Town

log = structlog.get_logger("attempt")
AT_ONCE = 2
MOST_WAITING = 50
WRONG = frozenset({"wrong_code", "wrong_credentials", "wrong_second_factor"})


class Bound(msgspec.Struct, frozen=True):
    """*most* wrong attempts in a window. alarm: reaching it is worth waking somebody."""

    most: int
    window_ms: int
    alarm: bool = False


BOUNDS: dict[str, Bound] = {
    "code_address": Bound(5, HOUR_MS // 4),  # product.md 2
    "code_town": Bound(100, HOUR_MS, alarm=True),
    "password_name": Bound(10, HOUR_MS // 4),
    "password_address": Bound(30, HOUR_MS // 4),
    # Three codes of a million are good at a time: 10 an hour take years, and only who knows the password may try.
    "second_factor": Bound(10, HOUR_MS, alarm=True),
    "second_factor_address": Bound(30, HOUR_MS // 4),
    "proof": Bound(10, HOUR_MS, alarm=True),
}


class Gate:
    """The attempts of one guesser in this process: two at a time, at most 50 waiting."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn. Raises Refusal("busy") when 50 wait already."""
        if self._waiting >= MOST_WAITING:
            raise Refusal("busy", retry_after_ms=2000)
        self._waiting += 1
        try:
            await self._turns.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._turns.release()


_gates: WeakValueDictionary[tuple[int, str], Gate] = WeakValueDictionary()


@asynccontextmanager
async def attempt(town: Town, **who: str) -> AsyncIterator[None]:
    """Around something that may be guessed: `async with attempt(town, code_address=address, code_town=""):`.

    Raises Refusal("too_many_attempts", retry_after_ms) without trying where a bound is reached, and counts a
    wrong_code, wrong_credentials or wrong_second_factor that is raised inside.
    """
    counted = {kind: _key(town, kind, name) for kind, name in who.items()}
    gates = [_gates.setdefault((id(town), key), Gate()) for key in counted.values()]
    async with AsyncExitStack() as stack:
        for gate in gates:
            await stack.enter_async_context(gate.turn())
        for kind, key in counted.items():
            await _check(town, kind, key)
        try:
            yield
        except Refusal as refusal:
            if refusal.code in WRONG:
                for kind, key in counted.items():
                    await _count(town, kind, key)
            raise


async def _check(town: Town, kind: str, key: str) -> None:
    bound = BOUNDS[kind]
    await town.store.run("check_tries", [key], [town.clock.now_ms(), bound.most, bound.window_ms])


async def _count(town: Town, kind: str, key: str) -> None:
    bound = BOUNDS[kind]
    (count,) = await town.store.run("count_try", [key], [town.clock.now_ms(), bound.window_ms])
    if bound.alarm and count >= bound.most:
        log.error("alarm: too many wrong attempts", kind=kind, most=bound.most, window_ms=bound.window_ms)


def _key(town: Town, kind: str, name: str) -> str:
    """Addresses and names are personal: only their HMAC is kept."""
    return keys.tries(kind, hmac.digest(town.code_key, f"{kind}:{name}".encode(), hashlib.sha256).hex()[:32])
