"""Ed25519 signatures (RFC 8032) over bytes as they are sent, and the public keys for the world. PURE but for chance.

Only the very bytes that were sent are ever checked, and only those decoded: there is no canonical form to get wrong.
"""

import base64
import hashlib
from collections.abc import Iterable
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SEED_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64


class PublicKey(msgspec.Struct, frozen=True):
    """A public key as a JSON Web Key (RFC 8037, 2). x: 32 bytes in base64url; kid: its name, see `key_id`."""

    x: str
    kid: str
    kty: str = "OKP"
    crv: str = "Ed25519"
    alg: str = "EdDSA"
    use: str = "sig"


class _KeySet(msgspec.Struct, frozen=True):
    keys: tuple[PublicKey, ...]


class KeyPair:
    """A secret that signs, and what the world may know of it: `public` (32 bytes) and its `id`.

    Raises ValueError unless the seed has 32 bytes. Nothing of the secret shows when a pair is printed.
    """

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_BYTES:
            raise ValueError(f"a seed has {SEED_BYTES} bytes")
        self._secret = Ed25519PrivateKey.from_private_bytes(seed)
        self.public: Final = self._secret.public_key().public_bytes_raw()
        self.id: Final = key_id(self.public)

    def __repr__(self) -> str:
        return f"KeyPair({self.id})"

    def sign(self, message: bytes) -> bytes:
        """The signature over these bytes, 64 bytes; the same for the same bytes."""
        return self._secret.sign(message)

    def sign_text(self, text: str) -> str:
        """The signature over the UTF-8 bytes of *text*, in base64url without padding, as JSON carries it."""
        return _base64url(self.sign(text.encode()))


def new_seed() -> bytes:
    """A new secret by chance, to be kept where only the server reads."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the holder of *public* signed just these bytes; anything that is no key or no signature did not."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id(public: bytes) -> str:
    """The name of a public key that follows from the key itself: its thumbprint (RFC 7638, RFC 8037 A.3)."""
    # In this order and without spaces: the thumbprint is over these very characters.
    required = f'{{"crv":"Ed25519","kty":"OKP","x":"{_base64url(public)}"}}'
    return _base64url(hashlib.sha256(required.encode()).digest())


def public_keys(publics: Iterable[bytes]) -> bytes:
    """The JSON of /.well-known/bart-keys.json: {"keys": [PublicKey ...]}, the key in use first."""
    keys = tuple(PublicKey(x=_base64url(public), kid=key_id(public)) for public in publics)
    return msgspec.json.encode(_KeySet(keys))


def pins(publics: Iterable[bytes]) -> str:
    """The same keys for the client's page, which keeps them: "<kid>:<x> ...", the key in use first."""
    return " ".join(f"{key_id(public)}:{_base64url(public)}" for public in publics)


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
