"""Events: one table of what can happen, and entries that come out of a log as they went in."""

from __future__ import annotations

from typing import Any

import msgpack
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms import event
from rooms.event import EVENTS, Entry
from rooms.person import SYSTEM
from tests.town import JAN_LUYKENLAAN

ADA = {"id": "k3v9x2m7q4w8", "name": "Ada", "role": "resident"}
KEPT = [name for name, row in EVENTS.items() if row.keeps]


@pytest.mark.parametrize("name", EVENTS)
def test_every_example_of_the_table_is_one(name: str) -> None:
    """What the documents show is what the fields say, to the last one."""
    row = EVENTS[name]
    read = msgspec.convert(row.example, row.fields)
    assert msgspec.to_builtins(read) == msgspec.to_builtins(msgspec.convert(msgspec.to_builtins(read), row.fields))
    assert row.example.keys() <= {field.name for field in msgspec.structs.fields(row.fields)}


@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept_comes_out_as_it_went_in(name: str) -> None:
    """A log gives back what was said, by whom, and when."""
    data = msgspec.convert(EVENTS[name].example, EVENTS[name].fields)
    entry = Entry.unpack(JAN_LUYKENLAAN, 7, 1_795_442_400_000, event.packed(name, ADA, data))
    assert entry.wire() == {
        "room": JAN_LUYKENLAAN, "seq": 7, "at": 1_795_442_400_000, "by": ADA, "data": EVENTS[name].example,
    }  # fmt: skip
    assert entry.row() == {"event": name, **entry.wire()}


@given(st.text(min_size=1, max_size=200))
def test_any_text_survives_the_log(text: str) -> None:
    """Every script, every emoji, to the sign."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return  # half a sign can't arrive: frames are strict UTF-8
    packed = event.packed("message.posted", ADA, event.MessagePosted(text=text, client_id="abcdefgh:1"))
    assert Entry.unpack(JAN_LUYKENLAAN, 1, 1, packed).data["text"] == text


def test_the_number_is_not_inside_the_event() -> None:
    """The same bytes go to the log and the feed; seq, room and time stand beside them."""
    packed = event.packed("message.posted", ADA, event.MessagePosted(text="Hallo", client_id="abcdefgh:1"))
    assert msgpack.unpackb(packed) == {
        "name": "message.posted", "by": ADA, "data": {"text": "Hallo", "client_id": "abcdefgh:1"},
    }  # fmt: skip


@pytest.mark.parametrize("reason", ["retention", "erasure"])
@pytest.mark.parametrize("there", [True, False])
def test_a_marker_holds_nothing_of_what_was_there(reason: str, there: bool) -> None:
    """The reason, and not a word more; of what is gone altogether nobody is the author."""
    packed = event.packed("message.posted", ADA, event.MessagePosted(text="kanarie", client_id="abcdefgh:1"))
    entry = Entry.unpack(JAN_LUYKENLAAN, 7, 1, packed if there else b"", reason)
    assert (entry.name, entry.data) == ("entry.blanked", {"reason": reason})
    assert entry.by == (ADA if there else SYSTEM)


@pytest.mark.parametrize("reason", ["retracted", "review", "hidden", "moderation"])
def test_the_marker_of_what_is_still_there_lets_the_author_find_it(reason: str) -> None:
    """The author's outbox knows its own number again, and readers whose later wording it was; not a word more."""
    packed = event.packed("message.edited", ADA, event.MessageEdited(target=3, text="kanarie", client_id="abcdefgh:2"))
    entry = Entry.unpack(JAN_LUYKENLAAN, 7, 1, packed, reason)
    assert entry.data == {"reason": reason, "client_id": "abcdefgh:2", "target": 3}


def test_an_event_with_the_fields_of_another_is_a_fault() -> None:
    """What the table does not say can't be written."""
    wrong: Any = event.MessageRetracted(target=1, client_id="abcdefgh:1")
    with pytest.raises(AssertionError):
        event.packed("message.posted", ADA, wrong)
