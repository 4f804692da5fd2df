"""The data dictionary: every key, its type, its fields, its lifetime and its partition.

`keys` spells them. Lifetime "with the room" means: until the room is removed. Every number is decimal text, every time
milliseconds.
"""

from __future__ import annotations

from typing import NamedTuple


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
    Key(
        "{tag}:edits:<room>",
        "hash",
        "seq of a message or warning -> seqs of its later wordings, by spaces",
        "retention",
    ),
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
        "{tag}:erasing:<person>",
        "hash",
        "version of the account that was, rooms msgpack list; looked: 1 once all was looked through",
        "until erased",
    ),
    Key(
        "{tag}:sessions:<person>",
        "hash",
        "SHA-256 of the token -> msgpack {device, at, name?, proved?, seen?: the hour of its last use}",
        "180 days, newest 20",
    ),
    Key(
        "{tag}:second_factor:<person>",
        "hash",
        "secret (sealed), since, step last used, try of the last proof, recovery:<HMAC> of each code not used yet",
        "until reset",
    ),
    Key(
        "{tag}:ticket:<person>:<digest>",
        "string",
        "msgpack {device, name, at, knew, sealed?}: half signed in",
        "5 minutes",
    ),
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
    Key("{tag}:alert_known:<room>", "hash", "<alert>:<person> -> delivered, or seen:<n of the message>", "retention"),
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
    Key("{tag}:reported:<room>", "hash", "seq -> the open report on it; <seq>:<report> -> another one", "while open"),
    Key(
        "{tag}:judged:<room>", "hash", "seq -> newest seq when a report on it was last decided, and its id", "retention"
    ),
    Key("{tag}:muted:<room>", "hash", "person who is no member now -> end of the mute", "until they come back; purge"),
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
    Key("{town}:demo", "string", "1: people of this town are made up; `bart serve` refuses it", "for ever"),
    Key("{town}:purged:<day>", "string", "1: the purge of that night has a process", "a day"),
    Key("{town}:tries:<kind>:<who>", "string", "wrong attempts in this window; who is an HMAC", "the window"),
)
