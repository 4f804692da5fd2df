"""The table of deeds that the open book tells, and a row of it. Pure.

Only deeds of staff are in the book, never talk. Every neighbourhood has one, and so has every seat of desks; private
cases and accounts of staff have theirs, which auditors alone read (`keys.book_of`). A row is written by the script
that does the deed:

    -- uses: ... audit
    local k = {..., audit = KEYS[7], audit_head = KEYS[8], due = KEYS[9]}     -- [stream] [hash] [zset]
    audit(k, now, book, row)                                   -- book, row: ARGV

    of = room_keys(room)
    names = [..., of.audit, of.audit_head, of.due]
    arguments = [..., keys.book_of(room), packed(AuditRow(deed="measure.locked", by=..., room=room, ground=...))]

With words, for which the script is given `audit_text = KEYS[..] -- [hash]` and the text as well:

    words = salted("De reden.", secrets.token_bytes(SALT))
    row = AuditRow(deed="measure.removed", by=..., room=room, target=str(seq), digest=digest(words))
    audit_words(k, now, book, row, words)

What is personal goes into the words and nowhere else, a resident's id too: only they can be erased. `by` is staff.
"""

from __future__ import annotations

from hashlib import sha256

import msgspec

from rooms.person import SYSTEM
from rooms.shape import By, Fields, Ground

SALT = 16
"""Bytes before the words: without them a short sentence could be guessed from its digest."""

DEEDS: dict[str, str] = {
    "staff.entered": "came into the room, on this ground",
    "staff.left": "went out of it; the row that came before has the same person, room and ground",
    "staff.refused": "was refused; target: the command, code: the refusal",
    "case.accepted": "took a case",
    "case.released": "let a case go",
    "case.handing_over": "asked others to take a case over; code: whom",
    "case.handed_over": "took a case over from others",
    "case.resolved": "gave the outcome of a case; code: which",
    "case.lost": "had a case no longer: silent for too long, or off duty",
    "report.taken": "took a report",
    "report.released": "gave a report back",
    "report.decided": "decided on a report; code: the decision",
    "report.appeal_decided": "decided on an appeal; code: the decision",
    "warning.cleared": "gave the all clear of the warning of somebody else",
    "warning.retracted": "took back the warning of somebody else",
    "measure.hidden": "hid an entry",
    "measure.restored": "brought an entry back",
    "measure.removed": "removed an entry",
    "measure.warned": "warned somebody",
    "measure.muted": "muted somebody",
    "measure.unmuted": "let somebody speak again",
    "measure.expel_asked": "asked a second person for an expulsion",
    "measure.expel_declined": "did not agree to an expulsion",
    "measure.expelled": "expelled somebody",
    "measure.slowed": "slowed the room down, or let it run; code: s between two messages",
    "measure.locked": "locked the room",
    "measure.unlocked": "unlocked the room",
    "arrangement.made": "gave staff a standing arrangement for the room",
    "arrangement.ended": "ended a standing arrangement",
    "alert.approved": "approved, as the second officer, what stands in the next row; code: how severe",
    "alert.broadcast": "sent an alert; code: how severe",
    "alert.updated": "changed an alert",
    "alert.cancelled": "took an alert back",
    "alert.cleared": "gave the all clear",
    "book.read": "read this book, or what it tells of the room; once an hour",
    "account.added": "made an account of staff; target: of whom, code: the role",
    "account.password": "set the password of an account of staff",
    "account.factor": "let somebody of the staff enrol a second factor anew",
    "account.removed": "ended an account of staff",
}
"""What `by` did."""


class AuditRow(Fields, frozen=True, kw_only=True):
    """One deed. n and time stand beside it, in the stream.

    deed: of DEEDS.  room: about which it was, None for all of the neighbourhood.  target: what it was done to: the id
    of a case, report, alert or account of staff, or the number of an entry.  code: which of several; see DEEDS.
    digest: 64 hex digits of the salted words beside the row, which may be gone.
    """

    deed: str
    by: By
    room: str | None = None
    ground: Ground | None = None
    target: str | None = None
    code: str | None = None
    digest: str | None = None


class AuditView(AuditRow, frozen=True, kw_only=True):
    """A row as readers are given it. n: its number in the book; at: ms; words: those beside it, as far as they are
    still kept."""

    n: int
    at: int
    words: str | None = None


class AuditHead(Fields, frozen=True, kw_only=True):
    """How far a book is sealed. n: the last sealed row, 0 for none; hash: its seal, 64 hex digits; first: the oldest
    row that is still kept."""

    n: int
    hash: str
    first: int = 1


def packed(row: AuditRow) -> bytes:
    """The row as the book stores it. Raises KeyError for a deed that is not in the table."""
    DEEDS[row.deed]
    return msgspec.msgpack.encode(row)


def of_account(deed: str, person: str, role: str) -> bytes:
    """A row about an account of staff, by whoever stands at the server's own command line; empty for a resident's.
    role: '' where it is of no matter."""
    if role == "resident":
        return b""
    return packed(AuditRow(deed=deed, by=By(**SYSTEM), target=person, code=role or None))


def unpacked(stored: bytes) -> AuditRow:
    """Raises msgspec.DecodeError for what is no row."""
    try:
        return msgspec.msgpack.decode(stored, type=AuditRow)
    except UnicodeDecodeError:
        raise msgspec.DecodeError("not UTF-8") from None


def salted(words: str, salt: bytes) -> bytes:
    """The words as they are kept beside the row; *salt*: SALT bytes by chance."""
    assert len(salt) == SALT
    return salt + words.encode()


def words_of(text: bytes) -> str:
    """The words again."""
    return text[SALT:].decode(errors="replace")


def digest(text: bytes) -> str:
    """What the row holds of salted words."""
    return sha256(text).hexdigest()
