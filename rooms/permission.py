"""Who may do what, and how far: capability x role -> reach. Pure; every command names one of these capabilities."""

from __future__ import annotations

from enum import StrEnum

from rooms.person import Person, Role
from rooms.place import Places
from rooms.refusal import Refusal


class Reach(StrEnum):
    """How far a capability goes."""

    NONE = "none"
    MEMBER = "member"  # rooms one is a member of; the script looks again when it writes
    JURISDICTION = "jurisdiction"  # places inside the own areas
    TOWN = "town"


_M, _J, _T, _0 = Reach.MEMBER, Reach.JURISDICTION, Reach.TOWN, Reach.NONE

MATRIX: dict[str, dict[Role, Reach]] = {
    #                  resident        officer         moderator         auditor         admin
    "read_room": {Role.RESIDENT: _M, Role.OFFICER: _M, Role.MODERATOR: _M, Role.AUDITOR: _0, Role.ADMIN: _0},
    "talk": {Role.RESIDENT: _M, Role.OFFICER: _M, Role.MODERATOR: _M, Role.AUDITOR: _0, Role.ADMIN: _0},
    "warn": {Role.RESIDENT: _M, Role.OFFICER: _M, Role.MODERATOR: _M, Role.AUDITOR: _0, Role.ADMIN: _0},
    "follow_warning": {Role.RESIDENT: _M, Role.OFFICER: _M, Role.MODERATOR: _M, Role.AUDITOR: _0, Role.ADMIN: _0},
    "retract_warning": {Role.RESIDENT: _M, Role.OFFICER: _M, Role.MODERATOR: _J, Role.AUDITOR: _0, Role.ADMIN: _0},
    "escalate": {Role.RESIDENT: _M, Role.OFFICER: _M, Role.MODERATOR: _M, Role.AUDITOR: _0, Role.ADMIN: _0},
    "follow_case": {Role.RESIDENT: _M, Role.OFFICER: _M, Role.MODERATOR: _M, Role.AUDITOR: _0, Role.ADMIN: _0},
    "take_case": {Role.RESIDENT: _0, Role.OFFICER: _J, Role.MODERATOR: _J, Role.AUDITOR: _0, Role.ADMIN: _0},
    "broadcast": {Role.RESIDENT: _0, Role.OFFICER: _J, Role.MODERATOR: _J, Role.AUDITOR: _0, Role.ADMIN: _0},
    "read_alert": {Role.RESIDENT: _M, Role.OFFICER: _M, Role.MODERATOR: _M, Role.AUDITOR: _0, Role.ADMIN: _0},
    "enter": {Role.RESIDENT: _0, Role.OFFICER: _J, Role.MODERATOR: _J, Role.AUDITOR: _0, Role.ADMIN: _0},
    "report": {Role.RESIDENT: _M, Role.OFFICER: _M, Role.MODERATOR: _M, Role.AUDITOR: _0, Role.ADMIN: _0},
    "moderate": {Role.RESIDENT: _0, Role.OFFICER: _0, Role.MODERATOR: _J, Role.AUDITOR: _0, Role.ADMIN: _0},
    "be_on_duty": {Role.RESIDENT: _0, Role.OFFICER: _T, Role.MODERATOR: _T, Role.AUDITOR: _0, Role.ADMIN: _0},
    "watch_board": {Role.RESIDENT: _0, Role.OFFICER: _J, Role.MODERATOR: _J, Role.AUDITOR: _0, Role.ADMIN: _0},
    "read_audit": {Role.RESIDENT: _M, Role.OFFICER: _J, Role.MODERATOR: _J, Role.AUDITOR: _T, Role.ADMIN: _0},
    "prove": {Role.RESIDENT: _0, Role.OFFICER: _T, Role.MODERATOR: _T, Role.AUDITOR: _T, Role.ADMIN: _T},
    "be_here": {Role.RESIDENT: _T, Role.OFFICER: _T, Role.MODERATOR: _T, Role.AUDITOR: _T, Role.ADMIN: _T},
}
"""An admin reads no conversation; an auditor reads audit logs and figures, nothing else (product.md 2)."""


def reach(person: Person, capability: str) -> Reach:
    """How far *person*'s role takes the capability. A capability that is not in the matrix is a fault: KeyError."""
    return MATRIX[capability][person.role]


def permit(person: Person, capability: str, room: str | None, places: Places) -> None:
    """Refuse what the role can never do; membership itself is decided by the script that reads or writes.

    room: the id the command names, if any.  Raises Refusal("not_found") for a room the person could not know of,
    Refusal("not_permitted") where no room is concerned.  A room that does not exist is answered like a hidden one.
    """
    allowed = reach(person, capability)
    if allowed is Reach.NONE:
        raise Refusal("not_permitted" if room is None else "not_found")
    if room is not None and places.room(room) is None:
        raise Refusal("not_found")
