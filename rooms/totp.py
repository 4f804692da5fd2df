"""Codes of the clock: TOTP of RFC 6238 (SHA-1, 6 digits, 30 s), as every authenticator app makes them. Pure.

SHA-1 is what the apps know, and inside an HMAC its collisions are of no use to anybody (RFC 4226, B.2).
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from typing import Final
from urllib.parse import quote, urlencode

STEP_MS: Final = 30_000
DIGITS: Final = 6
SECRET_BYTES: Final = 20
"""As long as what SHA-1 gives (RFC 4226, 4, R6)."""
DRIFT: Final = 1
"""Steps that a phone's clock may be off, either way (RFC 6238, 5.2)."""
ISSUER: Final = "BART"


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of one step of the clock (RFC 4226, 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}}"


def step_at(now_ms: int) -> int:
    """Which step of the clock it is."""
    return now_ms // STEP_MS


def step_of(secret: bytes, code: str, now_ms: int, last: int = -1) -> int | None:
    """The step of which this is the code, among those that are near and later than *last*; None where it is of none.

    Every step is looked at in full, so that how long it takes tells nothing.
    """
    now = step_at(now_ms)
    near = range(max(now - DRIFT, 0), now + DRIFT + 1)
    found = [step for step in near if hmac.compare_digest(code_at(secret, step).encode(), code.encode())]
    return next((step for step in found if step > last), None)


def written(secret: bytes) -> str:
    """A secret as people type it into an app: base32 without padding."""
    return b32encode(secret).decode().rstrip("=")


def address(secret: bytes, name: str) -> str:
    """What the QR code of a secret says: otpauth://totp/BART:<name>?secret=..."""
    how = {"algorithm": "SHA1", "digits": DIGITS, "period": STEP_MS // 1000}
    asked = {"secret": written(secret), "issuer": ISSUER, **how}
    return f"otpauth://totp/{quote(f'{ISSUER}:{name}', safe=':')}?{urlencode(asked)}"
