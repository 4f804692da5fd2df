"""The people of one process: the clients of each, which of them are staff, and whom a word to the staff concerns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rooms import account
from rooms.alert_rules import touches
from rooms.feed import Told
from rooms.keys import partition_of, partition_of_person
from rooms.person import STAFF_IN_ROOMS
from rooms.place import Places
from rooms.report import judges
from rooms.room import case_of
from server.client import Client


class People:
    """Who is connected here. by_person: the clients of each; staff: those of officers and moderators, in the order they
    came; strangers: those whose session is being looked up, with what the staff were told meanwhile."""

    def __init__(self) -> None:
        self.by_person: dict[str, set[Client]] = {}
        self.staff: dict[Client, None] = {}
        self.strangers: dict[Client, list[Told]] = {}

    def arrive(self, client: Client) -> None:
        """Somebody is there; who it is will be said by `recognise`."""
        self.by_person.setdefault(client.person_id, set()).add(client)
        self.strangers[client] = []

    def recognise(self, client: Client) -> list[Told]:
        """Take in who the client's person is, or is now. Returns what staff were told since it came, to be told to it
        as far as it concerns it: what it was looked up before that would not have it."""
        missed = self.strangers.pop(client, [])
        if client.person.role not in STAFF_IN_ROOMS:
            self.staff.pop(client, None)
            return []
        if client in self.by_person.get(client.person_id, ()):  # it may have gone while it was looked up
            self.staff[client] = None
        return missed

    def depart(self, client: Client) -> bool:
        """Forget a client; True where it was the person's last one here."""
        self.strangers.pop(client, None)
        self.staff.pop(client, None)
        others = self.by_person.get(client.person_id, set())
        others.discard(client)
        if others:
            return False
        self.by_person.pop(client.person_id, None)
        return True

    def of(self, person: str | None) -> list[Client]:
        """The clients of a person, as they are now."""
        return list(self.by_person.get(person or "", ()))

    def concerned(self, told: Told, places: Places) -> list[Client]:
        """The staff to whom a word for their organisation is to be said; it is kept for who is a stranger still."""
        for missed in self.strangers.values():
            missed.append(told)
        return [client for client in self.staff if concerns(told, client, places)]

    def may_have_missed(self, client: Client, partition: str) -> bool:
        """Whether a loss in this partition may be of more than rooms to this client: it is its person's, or the client
        is of the staff, who hear of all, or in the room of a private case, where it may belong no more."""
        return (
            partition_of_person(client.person_id) == partition
            or client in self.staff
            or client in self.strangers
            or any(case_of(room) is not None and partition_of(room) == partition for room in client.rooms)
        )


def missing(client: Client, partition: str, noted: Iterable[str], places: Places) -> list[str]:
    """The rooms of this partition in which to look for somebody who is not in them here: the account's, and *noted*.
    None for who has been sent away."""
    if not client.connection.open:
        return []
    rooms = dict.fromkeys([*account.rooms_of(client.person, places), *noted])
    known = client.rooms | client.opening
    return [room for room in rooms if partition_of(room) == partition and room not in known]


def concerns(told: Told, client: Client, places: Places) -> bool:
    """Whether a word for an organisation is for this client: of an alert that concerns its area; of a report that it
    could decide; of its case, if there is one, whose area it is in or whom it has reached, as far as its room does not
    tell them more."""
    if client.person.organisation != told.organisation:
        return False
    if (alert := told.data.get("alert")) is not None:
        return touches(places, client.person.jurisdiction, [area["id"] for area in alert["areas"]])
    if (report := told.data.get("report")) is not None:
        return judges(client.person, places, report["place"]["id"])
    case: dict[str, Any] | None = told.data.get("case")
    if case is None:
        return True
    if case["room"] in client.rooms:
        return False
    place = case["place"]["id"]
    return client.person_id in told.also or any(places.covers(area, place) for area in client.person.jurisdiction)
