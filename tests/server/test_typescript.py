"""The tables as TypeScript: each of our types in its words, and a file that a compiler takes."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import inspect

from rooms import shape
from rooms.event import EVENTS
from server import typescript


class Example(msgspec.Struct, frozen=True):
    """A field of each kind that the tables have."""

    text: str
    number: Annotated[int, msgspec.Meta(ge=1)]
    sure: bool
    by: shape.By
    rooms: tuple[shape.RoomInfo, ...]
    reaction: shape.ReactionWord | None
    here: int | None
    colour: Literal["blue", "red"]
    maybe: tuple[int | None, ...]
    names: tuple[str, ...] = ()
    reply_to: int | None = None
    organisation: shape.OrganisationName | None = None


def test_each_type_has_its_words() -> None:
    """What may be left out has a question mark; what must be there and may be null says null."""
    assert typescript.fields_of(Example) == [
        ("text", "string", True),
        ("number", "number", True),
        ("sure", "boolean", True),
        ("by", "By", True),
        ("rooms", "RoomInfo[]", True),
        ("reaction", "Reaction | null", True),
        ("here", "number | null", True),
        ("colour", '"blue" | "red"', True),
        ("maybe", "(number | null)[]", True),
        ("names", "string[]", False),
        ("reply_to", "number", False),
        ("organisation", "Organisation", False),
    ]


@pytest.mark.parametrize("kind", [dict[str, int], set[int], bytes])
def test_a_type_without_words_is_a_fault(kind: type) -> None:
    """Better no document than one that says less than the code."""
    with pytest.raises(TypeError, match="no TypeScript"):
        typescript.type_of(inspect.type_info(kind))


def test_words_of_the_same_set_have_one_name() -> None:
    """Or a reader could not tell which is meant."""
    assert len({frozenset(words) for words in typescript.WORDS}) == len(typescript.WORDS)
    assert len(set(typescript.WORDS.values()) | set(typescript.SHAPES.values())) == len(typescript.WORDS) + len(
        typescript.SHAPES
    )


def test_the_file_is_whole() -> None:
    """Every brace is closed, nothing is named that is not there, and nothing of Python shows through."""
    text = typescript.render()
    assert text.startswith("// Rendered by `bart contract`")
    assert text.count("{") == text.count("}")
    assert "None" not in text
    assert "<class" not in text
    for name in (*typescript.WORDS.values(), *typescript.SHAPES.values()):
        assert f"export type {name} = " in text or f"export interface {name} {{" in text


def test_an_event_stands_in_its_own_table() -> None:
    """What a log keeps can be told from what is fleeting by its type."""
    text = typescript.render()
    kept = text[text.index("interface KeptEvents") : text.index("interface FleetingEvents")]
    fleeting = text[text.index("interface FleetingEvents") : text.index("interface Commands")]
    for name, row in EVENTS.items():
        mine, other = (kept, fleeting) if row.keeps else (fleeting, kept)
        shown = f'"{name}": {{' if "." in name else f"  {name}: {{"
        assert shown in mine
        assert shown not in other


def test_a_command_has_its_payload_and_its_reply() -> None:
    """As in the table, with `ok: true` in the reply."""
    text = typescript.render()
    assert (
        '"message.post": {\n    payload: { room: string; client_id: string; text: string; reply_to?: number; };' in text
    )
    assert '"room.typing": {\n    payload: { room: string; };\n    reply: { ok: true; };' in text
