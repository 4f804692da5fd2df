"""The cast and the map: who lives where in the stories that the tests tell."""

from __future__ import annotations

import hashlib

from rooms.clock import Clock
from rooms.person import Organisation, Person, Role

JAN_LUYKENLAAN = "BU05183637:jan-luykenlaan"
BETJE_WOLFFSTRAAT = "BU05183637:betje-wolffstraat"
MOERWIJK_WEST = "BU05183637"
GOUDKARPERSINGEL = "BU05184420:goudkarpersingel"
DE_VISSEN = "BU05184420"
ESCAMP = "GM0518.escamp"
POLICE_DESK = "desk:GM0518.escamp:police"
SHARED_DESK = "desk:GM0518.escamp:shared"

PASSWORD = "een lang wachtwoord"

STAFF: dict[str, tuple[Role, Organisation | None, tuple[str, ...]]] = {
    "Officer Vega": (Role.OFFICER, Organisation.POLICE, (ESCAMP,)),
    "Moderator Smit": (Role.MODERATOR, Organisation.POLICE, (ESCAMP,)),
    "Moderator Bakker": (Role.MODERATOR, Organisation.MUNICIPALITY, (ESCAMP,)),
    "Auditor Klein": (Role.AUDITOR, None, ()),
    "Admin Groot": (Role.ADMIN, None, ()),
}


def device_of(name: str, number: int = 1) -> str:
    """The device of somebody: 32 hex digits, the same in every run."""
    return hashlib.sha256(f"{name}:{number}".encode()).hexdigest()[:32]


def client_id(name: str, count: int, number: int = 1) -> str:
    return f"{device_of(name, number)}:{count}"


class MovedClock(Clock):
    """The town's clock with a hand that tests turn."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead_ms = 0

    def now_ms(self) -> int:
        return super().now_ms() + self._ahead_ms

    def forward(self, *, ms: int = 0, seconds: float = 0, minutes: float = 0, days: float = 0) -> None:
        self._ahead_ms += ms + int((seconds + 60 * minutes + 86_400 * days) * 1000)


class PlainPasswords:
    """Passwords of the domain's tests: what argon2 does is tried in tests/server/test_sign_in.py."""

    async def hash(self, password: str) -> str:
        return f"plain:{password}"

    async def verify(self, encoded: str, password: str) -> bool:
        return encoded == f"plain:{password}"


def stranger(role: Role = Role.RESIDENT) -> Person:
    """Somebody who is a member of nothing."""
    return Person(id="aaaaaaaaaaaa", name="Niemand", role=role)
