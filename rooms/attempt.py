"""Wrong attempts: counted before the attempt is made and taken back when it was a good one."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import structlog

from rooms import keys
from rooms.refusal import Refusal
from rooms.town import HOUR_MS, Town

log = structlog.get_logger("attempt")


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
}


@asynccontextmanager
async def attempt(town: Town, **who: str) -> AsyncIterator[None]:
    """Around something that may be guessed: `async with attempt(town, code_address=address, code_town=""):`.

    Only wrong_code and wrong_credentials inside count. Raises Refusal("too_many_attempts", retry_after_ms) first.
    """
    charged: list[str] = []
    try:
        for kind, name in who.items():
            await _charge(town, kind, name)
            charged.append(kind)
        yield
    except Refusal as refusal:
        if refusal.code not in ("wrong_code", "wrong_credentials"):
            await _refund(town, charged, who)
        raise
    except BaseException:
        await _refund(town, charged, who)
        raise
    else:
        await _refund(town, charged, who)


async def _charge(town: Town, kind: str, name: str) -> None:
    bound = BOUNDS[kind]
    try:
        await town.store.run("charge_try", [_key(town, kind, name)], [town.clock.now_ms(), bound.most, bound.window_ms])
    except Refusal as refusal:
        if bound.alarm and refusal.code == "too_many_attempts":
            log.error("alarm: too many wrong attempts", kind=kind, most=bound.most, window_ms=bound.window_ms)
        raise


async def _refund(town: Town, charged: list[str], who: dict[str, str]) -> None:
    for kind in charged:
        await town.store.run("refund_try", [_key(town, kind, who[kind])], [])


def _key(town: Town, kind: str, name: str) -> str:
    """Addresses and names are personal: only their HMAC is kept."""
    return keys.tries(kind, hmac.digest(town.code_key, f"{kind}:{name}".encode(), hashlib.sha256).hex()[:32])
