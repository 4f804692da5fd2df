"""A secret that must be read again, kept so that the store alone tells nothing: AES-256-GCM under a key outside it.

The key is derived from the one that letter codes are kept under (HKDF, RFC 5869), for this use alone; each sealing is
bound to its owner, so that nobody's can be put in another's place.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

USE = b"bart: second factor"
NONCE_BYTES = 12


class UnreadableError(Exception):
    """It was sealed under another key, for somebody else, or has been damaged."""


def seal(code_key: bytes, owner: str, secret: bytes) -> bytes:
    """Nonce and ciphertext. owner: whom it is kept of."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _cipher(code_key).encrypt(nonce, secret, owner.encode())


def unseal(code_key: bytes, owner: str, sealed: bytes) -> bytes:
    """Raises UnreadableError."""
    try:
        return _cipher(code_key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], owner.encode())
    except (InvalidTag, ValueError):
        raise UnreadableError from None


def _cipher(code_key: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=USE).derive(code_key))
