"""Permissions: one table for every role, and a hidden room that looks like none."""

from __future__ import annotations

import pytest

from rooms.command import COMMANDS
from rooms.permission import MATRIX, Reach, permit, reach
from rooms.person import Role
from rooms.place import Places
from rooms.refusal import Refusal
from rooms.town import Town
from tests.town import JAN_LUYKENLAAN, POLICE_DESK, stranger

IN_ROOMS = (Role.RESIDENT, Role.OFFICER, Role.MODERATOR)
NOT_IN_ROOMS = (Role.AUDITOR, Role.ADMIN)


def _refusal(role: Role, capability: str, room: str | None, places: Places) -> dict[str, object] | None:
    try:
        permit(stranger(role), capability, room, places)
    except Refusal as refusal:
        return refusal.reply()
    return None


@pytest.mark.parametrize("capability", MATRIX)
def test_every_role_has_a_cell(capability: str) -> None:
    """Nobody is forgotten, and nobody may by default."""
    assert set(MATRIX[capability]) == set(Role)


def test_every_capability_is_asked_for_by_a_command() -> None:
    """The table has no rows that nobody reads, and no command goes without one."""
    assert {row.capability for row in COMMANDS.values()} == set(MATRIX)


@pytest.mark.parametrize("capability", ["read_room", "talk"])
def test_conversation_is_for_members_alone(capability: str) -> None:
    """Residents, officers and moderators where they are members; those who keep the system nowhere."""
    assert all(reach(stranger(role), capability) is Reach.MEMBER for role in IN_ROOMS)
    assert all(reach(stranger(role), capability) is Reach.NONE for role in NOT_IN_ROOMS)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("capability", ["read_room", "talk"])
def test_a_room_that_is_not_there_looks_like_a_hidden_one(town: Town, role: Role, capability: str) -> None:
    """Who may not know of a room gets the same answer as for one that does not exist."""
    missing = _refusal(role, capability, "BU05183637:nergens", town.places)
    assert missing is not None
    assert missing["error"]["code"] == "not_found"  # type: ignore[index]
    for room in (JAN_LUYKENLAAN, POLICE_DESK):
        assert _refusal(role, capability, room, town.places) in (None, missing)


def test_what_concerns_no_room_is_refused_openly(town: Town) -> None:
    """Without a room there is nothing to hide."""
    refused = _refusal(Role.ADMIN, "talk", None, town.places)
    assert refused is not None
    assert refused["error"]["code"] == "not_permitted"  # type: ignore[index]
    assert _refusal(Role.RESIDENT, "talk", None, town.places) is None


def test_a_capability_that_nobody_wrote_down_is_a_fault(town: Town) -> None:
    """It is no permission, and no refusal that could be overlooked."""
    with pytest.raises(KeyError):
        permit(stranger(), "fly", None, town.places)
