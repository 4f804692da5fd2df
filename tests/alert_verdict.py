"""What any reader of an alert can tell by the public keys alone, as clients/web/src/verify.ts does."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, Literal

import aiohttp
import msgspec

from rooms.alert_shape import AlertBody, AlertType
from rooms.signature import verify

Verdict = Literal["valid", "altered", "unknown_key", "replayed"]
TYPES: dict[str, AlertType] = {
    "alert.broadcast": "alert", "alert.updated": "update", "alert.cancelled": "cancel", "alert.cleared": "clear",
}  # fmt: skip


def verdict(told: Mapping[str, Any], keys: Mapping[str, bytes]) -> Verdict:
    """told: {body, signature, key} and where they were told: {room, alert, n, type, at}.  keys: by their names.

    altered: not this text; unknown_key: of nobody whose key is known; replayed: true once, but not here or not now.
    """
    if told["key"] not in keys:
        return "unknown_key"
    signature = bytes_of(told["signature"])
    if signature is None or not verify(keys[told["key"]], told["body"].encode(), signature):
        return "altered"
    said = msgspec.json.decode(told["body"], type=AlertBody)
    is_this = (said.alert, said.n, said.type) == (told["alert"], told["n"], told["type"])
    is_here = told["room"] in said.rooms and told["at"] < said.expires_at
    return "valid" if is_this and is_here else "replayed"


def told_in(name: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of that name, as `verdict` reads it."""
    return {**entry["data"], "room": entry["room"], "at": entry["at"], "type": TYPES[name]}


async def keys_of(url: str) -> dict[str, bytes]:
    """The public keys that a server names to the world."""
    async with aiohttp.ClientSession() as http, http.get(f"{url}/.well-known/bart-keys.json") as answer:
        found = json.loads(await answer.read())["keys"]
    return {key["kid"]: public for key in found if (public := bytes_of(key["x"])) is not None}


def bytes_of(text: str) -> bytes | None:
    """base64url without padding; None where it is none."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        return None
