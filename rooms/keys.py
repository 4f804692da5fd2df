"""Keys as they are spelt, and in which partition each lies; `key_dictionary` tells what every one of them holds.

One deed is one script, and a script in a Redis Cluster touches one slot. So all keys of a neighbourhood (its room, its
streets' rooms, their members and logs) carry the hash tag of one partition, `{p00}` ... `{p15}`; a person's account and
sessions carry that of the person's own partition, so that the end of a session travels by the same feeds; what is one
for the whole town (places, names, letter codes, attempts) carries `{town}`.
"""

from __future__ import annotations

from binascii import crc32
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rooms.place import partition_key
from rooms.room import case_of

PARTITIONS = 16
TOWN = "town"
ALL = (*(f"p{number:02}" for number in range(PARTITIONS)), TOWN)
"""Every partition; each has a feed."""


def partition_of(room: str) -> str:
    """The partition of a room: the same for a neighbourhood and all its streets, and that of a case for its room."""
    case = case_of(room)
    return _partition(partition_key(room)) if case is None else partition_of_case(case)


def partition_of_case(case: str) -> str:
    """The partition in which a case lives; it stands in its id."""
    return case.partition(".")[0]


def partition_of_person(person: str) -> str:
    return _partition(person)


def _partition(text: str) -> str:
    return f"p{crc32(text.encode()) % PARTITIONS:02}"


def batches(rooms: Iterable[str], most: int) -> Iterator[list[str]]:
    """These rooms in batches of at most so many, each of one partition: what one script may touch."""
    together: dict[str, list[str]] = defaultdict(list)
    for room in rooms:
        together[partition_of(room)].append(room)
    for some in together.values():
        yield from (some[first : first + most] for first in range(0, len(some), most))


def key(partition: str, *parts: str) -> str:
    return "{" + partition + "}:" + ":".join(parts)


def feed(partition: str) -> str:
    return key(partition, "feed")


def is_feed(name: str) -> bool:
    """Whether this is the key of some partition's feed."""
    return name.endswith("}:feed")


def fleeting(partition: str) -> str:
    return key(partition, "fleeting")


def clock(partition: str) -> str:
    return key(partition, "clock")


def due(partition: str) -> str:
    return key(partition, "due")


def rechecks(partition: str) -> str:
    return key(partition, "rechecks")


def done(partition: str, person: str, device: str) -> tuple[str, str]:
    """What this device of this person has done in a partition, and its order."""
    return key(partition, "done", person, device), key(partition, "done_order", person, device)


def bucket(partition: str, limit: str, person: str) -> str:
    return key(partition, "bucket", limit, person)


def open_cases(partition: str) -> str:
    return key(partition, "open", "escalation")


def kept_cases(partition: str) -> str:
    return key(partition, "kept", "escalation")


def routed(partition: str) -> str:
    return key(partition, "routed")


def asked(partition: str, person: str) -> str:
    return key(partition, "asked", person)


def open_reports(partition: str) -> str:
    return key(partition, "open", "report")


def kept_reports(partition: str) -> str:
    return key(partition, "kept", "report")


def owing(partition: str) -> str:
    return key(partition, "owing")


def report(report_id: str) -> str:
    return key(partition_of_case(report_id), "report", report_id)


def case(case_id: str) -> str:
    return key(partition_of_case(case_id), "escalation", case_id)


def book_of(room: str) -> str:
    """The book in which deeds about a room stand: that of its neighbourhood or of its seat of desks; of a private case
    that of all private cases of the partition, so that nothing of it is in the neighbourhood's."""
    return partition_key(room) if case_of(room) is None else f"case:{partition_of(room)}"


def book_of_person(person: str) -> str:
    """The book of deeds about accounts of staff in this one's partition."""
    return f"staff:{partition_of_person(person)}"


def partition_of_book(book: str) -> str:
    kind, _, rest = book.partition(":")
    return rest if kind in ("case", "staff") else _partition(book)


class BookKeys:
    """The keys of one book."""

    def __init__(self, book: str) -> None:
        self.partition = partition_of_book(book)
        self.audit, self.audit_head = key(self.partition, "audit", book), key(self.partition, "audit_head", book)
        self.audit_text, self.seals = key(self.partition, "audit_text", book), key(self.partition, "seals", book)
        self.due = due(self.partition)


book_keys = lru_cache(maxsize=10_000)(BookKeys)


def ticket(person: str, digest: str) -> str:
    """Of who knew the password and has still to show the second factor."""
    return key(partition_of_person(person), "ticket", person, digest)


class RoomKeys:
    """The keys of one room."""

    def __init__(self, room: str) -> None:
        self.room, self.partition = room, partition_of(room)
        self.feed, self.fleeting, self.clock = feed(self.partition), fleeting(self.partition), clock(self.partition)
        self.log, self.head = self._own("log"), self._own("head")
        self.members, self.left, self.blank = self._own("members"), self._own("left"), self._own("blank")
        self.edits, self.read, self.here = self._own("edits"), self._own("read"), self._own("here")
        self.cases, self.called = self._own("cases"), self._own("called")
        self.due = due(self.partition)
        self.warning, self.in_force, self.warned = self._own("warning"), self._own("in_force"), self._own("warned")
        self.answers, self.given, self.correction = self._own("answers"), self._own("given"), self._own("correction")
        self.owed, self.noted = self._own("owed"), self._own("noted")
        self.inside, self.arrangements = self._own("inside"), self._own("arrangements")
        self.reported, self.judged, self.muted = self._own("reported"), self._own("judged"), self._own("muted")
        self.alerts, self.alerted = self._own("alerts"), self._own("alerted")
        self.alert_known = self._own("alert_known")
        of = book_keys(book_of(room))
        self.audit, self.audit_head, self.audit_text = of.audit, of.audit_head, of.audit_text

    def _own(self, name: str) -> str:
        return key(self.partition, name, self.room)

    def done(self, person: str, device: str) -> tuple[str, str]:
        """What this device of this person has done in the room's partition, and its order."""
        return done(self.partition, person, device)

    def bucket(self, limit: str, person: str) -> str:
        return bucket(self.partition, limit, person)


room_keys = lru_cache(maxsize=10_000)(RoomKeys)
"""The keys of a room, spelt once: every command asks for them."""


class PersonKeys:
    """The keys of one person."""

    def __init__(self, person: str) -> None:
        self.partition = partition_of_person(person)
        self.account = key(self.partition, "account", person)
        self.erasing = key(self.partition, "erasing", person)
        self.sessions = key(self.partition, "sessions", person)
        self.second_factor = key(self.partition, "second_factor", person)
        self.guest = key(self.partition, "guest", person)
        self.corrections = key(self.partition, "corrections", person)
        self.notices = key(self.partition, "notices", person)
        of = book_keys(book_of_person(person))
        self.audit, self.audit_head = of.audit, of.audit_head
        self.feed, self.clock, self.due = feed(self.partition), clock(self.partition), due(self.partition)


def of_person(person: str) -> str:
    """A pattern for the names of all keys that hold this id; only the record of an erasure is not among what goes."""
    return f"*:{person}*"


DUTY = key(TOWN, "duty")
DUTY_LEASE = key(TOWN, "duty_lease")
PLACES = key(TOWN, "places")
PLACES_VERSION = key(TOWN, "places_version")
RULES = key(TOWN, "rules")
RULES_VERSION = key(TOWN, "rules_version")
HINTS = key(TOWN, "hints")
NAMES = key(TOWN, "names")
CODES = key(TOWN, "codes")
AUDIT_HEADS = key(TOWN, "audit_heads")
STAFF = key(TOWN, "staff")
ALERTS = key(TOWN, "alerts")
ALERT_DUE = key(TOWN, "alert_due")
DEMO = key(TOWN, "demo")


def alert(alert_id: str) -> str:
    return key(TOWN, "alert", alert_id)


def preview(preview_id: str) -> str:
    return key(TOWN, "preview", preview_id)


def code(digest: str) -> str:
    return key(TOWN, "code", digest)


def tries(kind: str, who: str) -> str:
    return key(TOWN, "tries", kind, who)


def purged(day: str) -> str:
    return key(TOWN, "purged", day)
