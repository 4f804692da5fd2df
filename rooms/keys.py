"""The data dictionary: every key, its type, its fields, its lifetime and its partition.

One deed is one script, and a script in a Redis Cluster touches one slot. So all keys of a neighbourhood (its room, its
streets' rooms, their members and logs) carry the hash tag of one partition, `{p00}` ... `{p15}`; a person's account and
sessions carry that of the person's own partition, so that the end of a session travels by the same feeds; what is one
for the whole town (places, names, letter codes, attempts) carries `{town}`.

Lifetime "with the room" means: until the room is removed. Every number is decimal text, every time milliseconds.
"""

from __future__ import annotations

from binascii import crc32
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from rooms.place import partition_key
from rooms.room import case_of

PARTITIONS = 16
TOWN = "town"
ALL = (*(f"p{number:02}" for number in range(PARTITIONS)), TOWN)
"""Every partition; each has a feed."""


class Key(NamedTuple):
    """A row of the dictionary. `{tag}` is the partition; `<...>` is filled in."""

    pattern: str
    type: str
    fields: str
    lifetime: str


DICTIONARY: tuple[Key, ...] = (
    Key(
        "{tag}:feed",
        "stream",
        "<n>-0: r room, s seq, t at, e event | p person or o organisation, t at, e event",
        "newest 20,000",
    ),
    Key("{tag}:fleeting", "stream", "r room, b but not this person | p person; e event; never in a log", "newest 500"),
    Key("{tag}:clock", "hash", "at: latest time given to an entry, feed: last n of the feed", "for ever"),
    Key("{tag}:due", "zset", "<kind>:<id> by deadline", "until done"),
    Key("{tag}:rechecks", "zset", "<case>:<version> by when who is on duty is compared with it again", "seconds"),
    Key("{tag}:log:<room>", "stream", "<seq>-0: t at, f n of the copy in the feed, e event", "retention"),
    Key(
        "{tag}:head:<room>",
        "hash",
        "seq, epoch, oldest, locked, slow ms, arranged: how many arrangements stand; "
        "talk: <minute><messages in it>, hour: the same of the minutes before",
        "with the room",
    ),
    Key(
        "{tag}:members:<room>",
        "hash",
        "person -> msgpack {role, since, version?, grounds? {ground: since}, muted_until?, next_at?}",
        "while a member",
    ),
    Key("{tag}:left:<room>", "hash", "person -> version of the account by which somebody left", "while no member"),
    Key("{tag}:blank:<room>", "hash", "seq -> msgpack {reason, at}: what a reader is told instead", "retention"),
    Key("{tag}:edits:<room>", "hash", "seq of a message -> seqs of its later wordings, by spaces", "retention"),
    Key("{tag}:read:<room>", "hash", "person -> seq read", "while a member"),
    Key("{tag}:here:<room>", "zset", "person by end of lease", "leases"),
    Key(
        "{tag}:done:<person>:<device>",
        "hash",
        "counter -> digest (16) + at (13) + msgpack reply; floor; refused:<room> -> counter code",
        "2,000 and 7 days",
    ),
    Key("{tag}:done_order:<person>:<device>", "zset", "counter by counter", "as done"),
    Key("{tag}:bucket:<limit>:<person>", "string", "when the bucket is full again", "until full"),
    Key(
        "{tag}:account:<person>",
        "hash",
        "body msgpack, password, recovery, joined_at, joined_by, rooms, leaving, version",
        "until erased",
    ),
    Key(
        "{tag}:sessions:<person>",
        "hash",
        "SHA-256 of the token -> msgpack {device, at, name?, proved?}",
        "180 days, newest 20",
    ),
    Key(
        "{tag}:second_factor:<person>",
        "hash",
        "secret (sealed), since, step last used, try of the last proof, recovery:<HMAC> of each code not used yet",
        "until reset",
    ),
    Key("{tag}:ticket:<person>:<digest>", "string", "msgpack {device, name, at, sealed?}: half signed in", "5 minutes"),
    Key(
        "{tag}:guest:<person>", "hash", "room entered on a ground, or of an own private case -> since when", "the case"
    ),
    Key("{tag}:escalation:<case>", "hash", "version, body msgpack Case, seq of its first entry", "retention"),
    Key("{tag}:open:escalation", "zset", "case by time raised, while it waits or is owned", "while open"),
    Key("{tag}:kept:escalation", "zset", "every case by time raised", "retention"),
    Key(
        "{tag}:cases:<room>",
        "hash",
        "case -> seq of its first entry in 16 digits, msgpack CaseView, of those that are not over",
        "until final",
    ),
    Key("{tag}:called:<room>", "hash", "<seq of a warning>:<organisation> -> the open case for both", "while open"),
    Key("{tag}:warning:<room>", "hash", "seq -> msgpack {WarningView, person, state} of every warning", "retention"),
    Key("{tag}:in_force:<room>", "zset", "seq of a warning by its end", "while in force"),
    Key("{tag}:warned:<room>", "zset", "seq of every warning by time raised", "retention"),
    Key(
        "{tag}:answers:<room>",
        "hash",
        "<seq>:<person> -> see, not_here or over; <seq>:<answer> -> how many; <seq>:author, <seq>:enough",
        "while in force",
    ),
    Key(
        "{tag}:given:<room>",
        "hash",
        "person -> <seq that any device was given>[:<first that they could read>][-<end of a lease>: gone since]",
        "retention",
    ),
    Key("{tag}:correction:<room>", "hash", "seq -> msgpack {CorrectionView, made, author, by}", "retention"),
    Key("{tag}:owed:<room>", "hash", "<seq of a correction>:<person> -> member or left", "until the notice is given"),
    Key("{tag}:noted:<room>", "hash", "<seq of a correction>:<person> -> '': the notice was given", "retention"),
    Key("{tag}:corrections:<person>", "hash", "id -> msgpack CorrectionView; '' once it was seen", "retention"),
    Key("{tag}:alert_known:<room>", "hash", "<alert>:<person> -> delivered or seen", "retention"),
    Key("{tag}:audit:<book>", "stream", "<n>-0: t at, e msgpack AuditRow; n counts 1, 2, 3 ...", "retention"),
    Key(
        "{tag}:audit_head:<book>",
        "hash",
        "n rows, at of the last, sealed up to, head hash there; anchor n before the first row kept, anchor_hash there; "
        "alert:<alert> -> n of its last message that is told; looked:<person>:<room> -> when, of who read it",
        "for ever",
    ),
    Key("{tag}:audit_text:<book>", "hash", "n -> salt and the words of that row, until erased", "retention"),
    Key("{tag}:seals:<book>", "hash", "n -> SHA-256 over the hash before and the row, 64 hex digits", "retention"),
    Key("{tag}:inside:<room>", "hash", "staff who came on a ground -> msgpack {by, grounds {ground: at}}", "inside"),
    Key("{tag}:arrangements:<room>", "hash", "id -> msgpack {ArrangementView, seq}", "until it ends"),
    Key("{tag}:report:<report>", "hash", "version, body msgpack Report", "retention"),
    Key("{tag}:open:report", "zset", "report by time filed, until it is decided", "while open"),
    Key("{tag}:kept:report", "zset", "every report by time filed", "retention"),
    Key("{tag}:reported:<room>", "hash", "seq -> the open report on it", "while open"),
    Key("{tag}:owing", "hash", "<person>:<id> -> msgpack NoticeView that is yet to be given", "until it is given"),
    Key("{tag}:notices:<person>", "hash", "id -> msgpack NoticeView; '' once it was seen", "retention"),
    Key("{tag}:routed", "hash", "<desk proposed>:<desk chosen> -> how often", "for ever"),
    Key("{tag}:asked:<person>", "zset", "case by time raised: the asker's share", "30 days"),
    Key("{tag}:alerts:<room>", "hash", "alert -> msgpack {n, seq, at, by, data} of its newest entry", "while in force"),
    Key("{tag}:alerted:<room>", "hash", "alert -> <n of its newest entry>:<seq of the first>:<its time>", "retention"),
    Key("{town}:alert:<alert>", "hash", "version, body msgpack Alert", "retention"),
    Key("{town}:alerts", "zset", "every alert by when staff last saw it change", "retention"),
    Key("{town}:alert_due", "zset", "alert by when something happens to it by itself", "until nothing will"),
    Key("{town}:preview:<preview>", "string", "msgpack Preview: an alert that may be broadcast", "15 minutes"),
    Key("{town}:duty", "hash", "person -> msgpack {since, by, jurisdiction}", "while on duty"),
    Key("{town}:duty_lease", "zset", "person on duty by the time at which it lapses", "while on duty"),
    Key("{town}:places", "hash", "place id -> msgpack Place", "for ever"),
    Key("{town}:places_version", "string", "counts imports", "for ever"),
    Key("{town}:rules", "hash", "<organisation>:<urgency>:<place, '' for all> -> msgpack Rule of cases", "for ever"),
    Key("{town}:rules_version", "string", "counts changes of rules", "for ever"),
    Key("{town}:hints", "hash", "day, counted from 1970 -> hints given in the whole town", "for ever"),
    Key("{town}:names", "hash", "skeleton -> msgpack {person, at, code?, settled}", "until erased"),
    Key("{town}:staff", "hash", "person -> name to sign in with, '' while the account is ending", "until removed"),
    Key(
        "{town}:code:<digest>",
        "hash",
        "street, household, made_at, expires_at, withdrawn?, use:<person> -> at or 'settled'",
        "expiry + 30 days",
    ),
    Key("{town}:codes", "zset", "digest of every letter code by time made", "as code"),
    Key("{town}:audit_heads", "hash", "book -> <n> <hash> of the last seal, outside the book itself", "for ever"),
    Key("{town}:purged:<day>", "string", "1: the purge of that night has a process", "a day"),
    Key("{town}:tries:<kind>:<who>", "string", "wrong attempts in this window; who is an HMAC", "the window"),
)


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
        self.reported = self._own("reported")
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
        self.sessions = key(self.partition, "sessions", person)
        self.second_factor = key(self.partition, "second_factor", person)
        self.guest = key(self.partition, "guest", person)
        self.corrections = key(self.partition, "corrections", person)
        self.notices = key(self.partition, "notices", person)
        of = book_keys(book_of_person(person))
        self.audit, self.audit_head = of.audit, of.audit_head
        self.feed, self.clock, self.due = feed(self.partition), clock(self.partition), due(self.partition)


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
