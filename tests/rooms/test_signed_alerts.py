"""Signed alerts for the client's own tests (clients/web/src/verify.test.ts): what this server signs, clients verify.

After a change that is meant, `SIGNED=write pytest tests/rooms/test_signed_alerts.py` writes tests/signed/alerts.json.
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

from rooms.signature import KeyPair, verify

FILE = Path(__file__).parents[1] / "signed" / "alerts.json"
TOWN = KeyPair(bytes(range(32)))
STRANGER = KeyPair(bytes(range(1, 33)))
BODY: dict[str, Any] = {
    "alert": "k3m9x2w7q4v5", "n": 1, "type": "alert", "organisation": "police", "sender_name": "Wijkagent Moerwijk",
    "sent": 1_000, "expires_at": 7_201_000, "severity": "moderate", "urgency": "immediate", "certainty": "likely",
    "category": "security",
    "words": [
        {"language": "nl", "event": "Orde en veiligheid", "headline": "Auto-inbraken in Moerwijk",
         "text": "Er zijn nu veel auto-inbraken. Laat niets in je auto liggen. Groet, José ✓"},
        {"language": "en", "event": "Law enforcement", "headline": "Car break-ins in Moerwijk",
         "text": "There are many car break-ins now. Leave nothing in your car."},
    ],
    "areas": [{"id": "BU05183637", "name": "Moerwijk-West"}], "rooms": ["BU05183637", "BU05183638"],
}  # fmt: skip


def test_the_clients_vectors_are_what_this_server_signs() -> None:
    """The file that the client's tests read holds exactly these bytes, and each signature is of its body."""
    vectors = _vectors()
    for name, told in vectors["told"].items():
        key = STRANGER if name == "unknown_key" else TOWN
        assert verify(key.public, told["body"].encode(), _bytes(told["signature"])) is (name != "altered")
    if os.environ.get("SIGNED") == "write":
        FILE.write_text(json.dumps(vectors, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert json.loads(FILE.read_text(encoding="utf-8")) == vectors


def _vectors() -> dict[str, Any]:
    """keys: as the page has them; told: an entry for each verdict of the client, and for each way to be replayed."""
    valid = _told(TOWN)
    altered = {**valid, "body": valid["body"].replace("Laat niets", "Laat iets")}
    return {
        "keys": f"{TOWN.id}:{_text(TOWN.public)}",
        "told": {
            "valid": valid,
            "altered": altered,
            "unknown_key": _told(STRANGER),
            "replayed_in_another_room": {**valid, "room": "BU05183639"},
            "replayed_as_a_later_message": {**valid, "n": 3},
            "replayed_as_another_alert": {**valid, "alert": "w7q4v5k3m9x2"},
            "replayed_as_an_all_clear": {**valid, "type": "clear"},
            "replayed_after_its_end": {**valid, "at": BODY["expires_at"]},
        },
    }


def _told(by: KeyPair) -> dict[str, Any]:
    """As an entry brings it, to a room of its own, as soon as it was sent."""
    body = json.dumps(BODY, ensure_ascii=False, separators=(",", ":"))
    place = {"room": BODY["rooms"][0], "alert": BODY["alert"], "n": BODY["n"], "type": BODY["type"], "at": BODY["sent"]}
    return {"body": body, "signature": _text(by.sign(body.encode())), "key": by.id, **place}


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")
