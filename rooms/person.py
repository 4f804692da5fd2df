"""A person: role, organisation, home or jurisdiction, and what others may see of it. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec


class Role(StrEnum):
    RESIDENT = "resident"
    OFFICER = "officer"
    MODERATOR = "moderator"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Organisation(StrEnum):
    POLICE = "police"
    MUNICIPALITY = "municipality"


STAFF_IN_ROOMS = frozenset({Role.OFFICER, Role.MODERATOR})
ORGANISATIONS_OF: dict[Role, frozenset[Organisation]] = {
    Role.RESIDENT: frozenset(),
    Role.OFFICER: frozenset({Organisation.POLICE}),
    Role.MODERATOR: frozenset(Organisation),
    Role.AUDITOR: frozenset(),
    Role.ADMIN: frozenset(),
}
TITLES: dict[tuple[Role, Organisation | None], str] = {
    (Role.OFFICER, Organisation.POLICE): "Wijkagent",
    (Role.MODERATOR, Organisation.POLICE): "Moderator politie",
    (Role.MODERATOR, Organisation.MUNICIPALITY): "Moderator gemeente",
    (Role.AUDITOR, None): "Auditor",
    (Role.ADMIN, None): "Beheer",
}
SYSTEM: dict[str, Any] = {"id": "system", "name": "BART", "role": "system"}
"""The author of what nobody wrote: a marker where an entry has gone."""
ERASED: dict[str, Any] = {"id": "erased", "name": "Oud-buur", "role": "resident"}
"""Who stands where a resident stood who was erased, and where others need to know that there was somebody."""


class Person(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who somebody is, as far as rules need to know.

    name: what others see; a resident's own choice, for staff the function.
    street: place id of a resident's home.  jurisdiction: place ids of staff.
    """

    id: str
    name: str
    role: Role
    organisation: Organisation | None = None
    street: str | None = None
    jurisdiction: tuple[str, ...] = ()

    @property
    def is_staff(self) -> bool:
        return self.role is not Role.RESIDENT

    def by(self) -> dict[str, Any]:
        """The author as every entry names it: {id, name, role, organisation?}."""
        author: dict[str, Any] = {"id": self.id, "name": self.name, "role": self.role.value}
        if self.organisation:
            author["organisation"] = self.organisation.value
        return author
