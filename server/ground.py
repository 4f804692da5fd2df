"""The ground every command stands on: the data folder, its Redis or one elsewhere, the secrets, the town.

async with open_town(settings) as ground: ...
"""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import structlog

from rooms.clock import Clock
from rooms.default_town import default_town
from rooms.refusal import Refusal
from rooms.signature import KeyPair
from rooms.store import Store, StoreFault
from rooms.town import Town
from server.disk import DiskWatch
from server.embedded_redis import EmbeddedRedis
from server.redis_binary import NoRedis
from server.settings import SettingError, Settings

log = structlog.get_logger("ground")
KEY_FILE = "code.key"
ALERT_KEY_FILE = "alert.key"


class Ground(msgspec.Struct, frozen=True):
    """An open town. redis: the own Redis, None where it is elsewhere."""

    town: Town
    redis: EmbeddedRedis | None
    settings: Settings


@asynccontextmanager
async def open_town(settings: Settings, *, default: bool = True, clock: Clock | None = None) -> AsyncIterator[Ground]:
    """Open the town, beside a running server or alone. default: an empty town becomes the default one.

    Raises NoRedis or SettingError, with what a person can do.
    """
    folder = settings.data_folder()
    own = None if settings.redis else await EmbeddedRedis.open(folder, maxmemory_bytes=settings.maxmemory_mb << 20)
    store = Store(own.url) if own else _store_elsewhere(settings.redis)
    try:
        town = Town(
            store,
            code_key(settings, folder),
            clock=clock,
            policy=settings.policy(),
            signing=KeyPair(alert_key(settings, folder)),
        )
        if own is None:
            await _warn_if_not_durable(store)
        await DiskWatch(town, settings).look()  # before the first thing is written
        town.clock.follow(await store.time_ms())
        await town.load_places()
        await town.load_rules()
        if default and not len(town.places):
            await town.import_places(default_town())
            log.info("the default town has been laid out", places=len(town.places))
        yield Ground(town, own, settings)
    finally:
        await store.close()
        if own is not None:
            await own.close()


def code_key(settings: Settings, folder: Path) -> bytes:
    """The secret under which codes are kept: as set, else from a file that is made at the first start (0600)."""
    return bytes.fromhex(settings.code_key) if settings.code_key else _key(folder / KEY_FILE)


def alert_key(settings: Settings, folder: Path) -> bytes:
    """The secret that signs alerts, 32 bytes: as set, else from a file of the same kind. Clients keep its public half:
    with another one, whoever has met the town before is told that its alerts can't be verified."""
    return bytes.fromhex(settings.alert_key) if settings.alert_key else _key(folder / ALERT_KEY_FILE)


def _key(path: Path) -> bytes:
    """32 bytes by chance, which serve as a seed as well. Raises SettingError where the file is damaged."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        _write_key(path)
    key = path.read_bytes()
    if len(key) != 32:
        raise SettingError(f"{path.name} in the data folder is damaged; restore it from a backup.")
    return key


def _write_key(path: Path) -> None:
    """Written aside and linked into place, so that two first starts end with one key and nobody reads half of it."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        log.info("another server has made the key")
    finally:
        aside.unlink()
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """A key whose name is lost in a power cut would void every letter that has been posted."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _store_elsewhere(address: str) -> Store:
    """Raises SettingError for what is no address; it may hold a password and is not repeated."""
    try:
        return Store(address)
    except ValueError:
        raise SettingError("The address of a Redis is redis://..., rediss://... or unix://...") from None


async def _warn_if_not_durable(store: Store) -> None:
    """Say loudly when an acknowledged message could be lost. Raises NoRedis where nobody answers."""
    wanted = {"appendonly": "yes", "appendfsync": "always"}
    try:
        answers = [await store.read("CONFIG", "GET", name) for name in wanted]
    except StoreFault:  # a hosted Redis may have no CONFIG
        log.warning("THIS REDIS DOES NOT TELL WHETHER IT IS DURABLE: if it is not, acknowledged messages can be lost.")
        return
    except Refusal as refusal:
        raise NoRedis("No Redis answers at the address given with --redis or BART_REDIS.") from refusal
    found = {answer[0].decode(): answer[1].decode() for answer in answers if answer}
    if found != wanted:
        log.warning("THIS REDIS IS NOT DURABLE: acknowledged messages can be lost. Set appendonly yes and appendfsync "
                    "always.", **found)  # fmt: skip
