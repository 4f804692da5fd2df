"""The name of an asker in a private case: of this case alone, and with nothing in it that leads elsewhere. Pure.

It follows from the town's secret, the case and the person, so that nobody has to keep it. A `client_id` is masked the
same way, counter and all: a device counts on in the street and in the case, so a number missing there would tell whose
words stand here.
"""

from __future__ import annotations

import hmac
from base64 import b32encode

from rooms.shape import By


def alias(secret: bytes, case: str, person: str) -> By:
    """As whom the person is seen in this case."""
    digest = hmac.digest(secret, f"alias:{case}:{person}".encode(), "sha256")
    number = int.from_bytes(digest[8:12], "big") % 10_000
    return By(b32encode(digest[:8]).decode().lower()[:12], f"Buur {number:04}", "resident")


def mask(secret: bytes, case: str, client_id: str) -> str:
    """A client_id that tells one command of this case from another, and not whose device it was."""
    return f"{hmac.digest(secret, f'mask:{case}:{client_id}'.encode(), 'sha256')[:16].hex()}:1"
