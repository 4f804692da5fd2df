"""What the town signed can be told from what somebody else did."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms import signature
from rooms.signature import KeyPair

RFC_8032 = [  # 7.1, tests 1 to 3: secret, public, message, signature
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]
TOWN = KeyPair(bytes.fromhex(RFC_8032[0][0]))
SOMEBODY = KeyPair(bytes.fromhex(RFC_8032[1][0]))


@pytest.mark.parametrize(("secret", "public", "message", "expected"), RFC_8032)
def test_signatures_are_those_of_the_rfc(secret: str, public: str, message: str, expected: str) -> None:
    """Whatever other library a client has, it computes the same."""
    pair, said = KeyPair(bytes.fromhex(secret)), bytes.fromhex(message)
    assert pair.public.hex() == public
    assert pair.sign(said).hex() == expected
    assert signature.verify(pair.public, said, bytes.fromhex(expected))


def test_public_key_is_told_as_a_web_key() -> None:
    """The key of RFC 8037, A.2, under its thumbprint of A.3."""
    assert json.loads(signature.public_keys([TOWN.public])) == {
        "keys": [
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
                "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
                "alg": "EdDSA",
                "use": "sig",
            }
        ]
    }


def test_keys_are_told_in_the_order_given() -> None:
    """A former key stands behind the one in use, so that old alerts still verify."""
    told = json.loads(signature.public_keys([TOWN.public, SOMEBODY.public]))["keys"]
    assert [key["kid"] for key in told] == [TOWN.id, SOMEBODY.id]


@given(st.binary(max_size=200), st.data())
def test_an_altered_message_or_signature_does_not_verify(message: bytes, data: st.DataObject) -> None:
    """One bit changed anywhere, and the police frame isn't drawn."""
    signed = TOWN.sign(message)
    assert signature.verify(TOWN.public, message, signed)
    assert not signature.verify(SOMEBODY.public, message, signed)
    whole = message + signed
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    changed = bytearray(whole)
    changed[bit // 8] ^= 1 << (bit % 8)
    altered, other = bytes(changed[: len(message)]), bytes(changed[len(message) :])
    assert not signature.verify(TOWN.public, altered, other)


@given(st.binary(max_size=70), st.binary(max_size=70))
def test_what_is_no_key_or_no_signature_is_refused_without_a_fault(public: bytes, signed: bytes) -> None:
    """A stranger's bytes are answered with no."""
    assert not signature.verify(public, b"Brand in Moerwijk", signed)


def test_every_new_secret_is_another() -> None:
    """A town's key is its own."""
    seeds = {signature.new_seed() for _ in range(5)}
    assert len(seeds) == 5
    assert {len(seed) for seed in seeds} == {signature.SEED_BYTES}


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_seed_of_another_length_is_refused(length: int) -> None:
    """A key file that was cut off is noticed at once."""
    with pytest.raises(ValueError, match="32 bytes"):
        KeyPair(bytes(length))


def test_a_key_pair_in_a_log_shows_no_secret() -> None:
    """Whoever prints it by mistake prints the public name alone."""
    assert repr(TOWN) == f"KeyPair({TOWN.id})"
    assert RFC_8032[0][0] not in repr(vars(TOWN))
