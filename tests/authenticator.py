"""What staff in stories have in their pocket: an app that makes codes of the clock, and the recovery codes.

Every server of a test is a town of its own, so the newest enrolment under a name is the one that counts. The time is
the one that the server tells, since tests turn its clock.
"""

from __future__ import annotations

from base64 import b32decode
from typing import Any

from rooms import totp

ON_THE_WAY_MS = 10_000


class Authenticator:
    """One person's. used: the last step of the clock that was shown; each counts once."""

    def __init__(self, secret: str) -> None:
        self.secret = b32decode(secret)
        self.used = -1
        self.recovery_codes: list[str] = []

    def code(self, now_ms: int) -> str:
        """The earliest code that is good now, and still when the request arrives, and was not shown before; a recovery
        code when the last one was."""
        step = max(totp.step_at(now_ms + ON_THE_WAY_MS) - totp.DRIFT, self.used + 1)
        if step > totp.step_at(now_ms) + totp.DRIFT:
            return self.recovery_codes.pop()
        self.used = step
        return totp.code_at(self.secret, step)


_OF: dict[str, Authenticator] = {}


def of(name: str) -> Authenticator:
    """Of who enrolled under this name last."""
    return _OF[name]


def shown(name: str, asked: dict[str, Any]) -> dict[str, Any]:
    """The body for /api/second-factor that answers what /api/sign-in asked; enrols where it asks for that."""
    if asked["second_factor"] == "enrol":
        _OF[name] = Authenticator(asked["secret"])
    return {"ticket": asked["ticket"], "code": _OF[name].code(asked["now"])}


def keep(name: str, answer: dict[str, Any]) -> None:
    """Put away the recovery codes that came with an enrolment."""
    if "recovery_codes" in answer:
        _OF[name].recovery_codes = list(answer["recovery_codes"])
