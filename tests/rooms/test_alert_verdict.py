"""Whoever reads an alert comes to the same verdict, in whatever language the reader is written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.alert_verdict import bytes_of, verdict
from tests.rooms.test_signed_alerts import FILE

VECTORS: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
KEYS = {name: bytes_of(key) or b"" for name, _, key in (pair.partition(":") for pair in VECTORS["keys"].split())}


@pytest.mark.parametrize("name", list(VECTORS["told"]))
def test_python_says_what_the_client_says(name: str) -> None:
    """By the very file that clients/web/src/verify.test.ts reads."""
    expected = "replayed" if name.startswith("replayed") else name
    assert verdict(VECTORS["told"][name], KEYS) == expected


def test_what_is_no_signature_is_none() -> None:
    """Nor is another alert's."""
    valid = VECTORS["told"]["valid"]
    for signature in ("", "#", "A", valid["signature"][:-2], valid["signature"].swapcase()):
        assert verdict({**valid, "signature": signature}, KEYS) == "altered"
