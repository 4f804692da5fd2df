"""Dispatch: what is asked is looked up, read, limited and permitted, in that order, and answered or refused."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from rooms.command import COMMANDS
from rooms.dispatch import Caller, bad_request, digest, dispatch
from rooms.limit import LIMITS
from rooms.permission import MATRIX, Reach
from rooms.person import Role
from rooms.refusal import REFUSALS, Refusal
from rooms.town import Town
from tests.rooms.voice import Voice
from tests.town import JAN_LUYKENLAAN, client_id

SECRET = "kanarie"


async def _refusal(voice: Voice, name: str, payload: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        await dispatch(voice.town, Caller(voice.person), name, payload)
    return refusal.value


@pytest.mark.parametrize("name", ["", "message", "message.shout", "Message.Post", "message.post ", "__class__"])
async def test_an_unknown_command_is_refused(ada: Voice, name: str) -> None:
    """There are the commands of the table and no others."""
    assert (await _refusal(ada, name, {})).code == "unknown_command"


@pytest.mark.parametrize("payload", [None, 5, "text", [], [1, 2], True, {1: 2}, {b"room": "x"}, b"\x80"])
@pytest.mark.parametrize("name", COMMANDS)
async def test_a_payload_that_is_no_set_of_fields_is_refused(ada: Voice, name: str, payload: Any) -> None:
    """Whatever comes in place of fields, the answer is bad_request."""
    assert (await _refusal(ada, name, payload)).code == "bad_request"


@pytest.mark.parametrize("name", COMMANDS)
async def test_an_unknown_field_is_refused_and_named(ada: Voice, name: str) -> None:
    """A misspelled field is not overlooked."""
    refusal = await _refusal(ada, name, {**COMMANDS[name].example, "colour": SECRET})
    assert (refusal.code, refusal.facts) == ("bad_request", {"field": "colour"})
    assert SECRET not in str(refusal.reply())


@pytest.mark.parametrize("name", COMMANDS)
async def test_a_missing_or_wrong_field_is_named_and_never_repeated(ada: Voice, name: str) -> None:
    """The refusal says which field, and nothing of what it held."""
    for field in COMMANDS[name].example:
        wrong = {**COMMANDS[name].example, field: [[SECRET]]}  # one list is what places are named in
        refusal = await _refusal(ada, name, wrong)
        assert (refusal.code, refusal.facts) == ("bad_request", {"field": field})
        assert SECRET not in str(refusal.reply())
    for field in [field.name for field in msgspec.structs.fields(COMMANDS[name].payload) if field.required][:1]:
        refusal = await _refusal(ada, name, {})
        assert (refusal.code, refusal.facts) == ("bad_request", {"field": field})


@pytest.mark.parametrize(
    "number",
    ["", "1", "abcdefgh", "abcdefgh:", "abcdefgh:0", "abcdefgh:01", "abcdefgh:-1", "abcdefgh:1.5", "kort:1",
     "a b c d e f:1", "abcdefgh:1\n", "{p00}abc:1", "abcdefgh:" + "9" * 17, "x" * 65 + ":1", 5, None],
)  # fmt: skip
async def test_a_client_id_that_is_none_is_refused(ada: Voice, number: object) -> None:
    """A device of 8 to 64 signs, a colon, a counter from 1."""
    payload = {"room": JAN_LUYKENLAAN, "client_id": number, "text": "Hallo"}
    refusal = await _refusal(ada, "message.post", payload)
    assert (refusal.code, refusal.facts) == ("bad_request", {"field": "client_id"})


@pytest.mark.parametrize("counter", [1, 2**53 - 1, 9_999_999_999_999_999])
async def test_any_counter_of_the_form_is_carried_out_once(ada: Voice, counter: int) -> None:
    """Up to sixteen digits, a number is a number."""
    number = client_id("Ada", counter)
    first = await ada.ask("message.post", text="Hallo", client_id=number)
    assert await ada.ask("message.post", text="Hallo", client_id=number) == first


async def test_bad_form_is_refused_before_anything_is_spent(ada: Voice) -> None:
    """Who sends nonsense a hundred times may still speak."""
    for _ in range(100):
        await ada.refused("bad_request", "message.post", text="")
        await ada.refused("bad_request", "room.history", limit=0)
    await ada.say("Hallo")
    await ada.page()


async def test_reading_is_limited_per_connection(ada: Voice) -> None:
    """Sixty at once and ten a second; the other device has a bucket of its own."""
    for _ in range(LIMITS["read"].burst):
        await ada.ask("room.read", seq=1)
    refusal = await ada.refused("too_fast", "room.history")
    ada.town.clock.forward(ms=refusal["error"]["retry_after_ms"])  # type: ignore[index, attr-defined]
    await ada.page()
    await ada.other_device().page()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"a": 1, "b": "x"}, {"b": "x", "a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ({"a": 1}, {"a": "1"}, False),
        ({"a": 1}, {"b": 1}, False),
        ({"a": "x", "b": ""}, {"a": "", "b": "x"}, False),
        ({"a": None}, {}, False),
    ],
)
def test_the_digest_tells_a_repeat_from_another_command(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    """The order of the fields makes no difference, every content does."""
    assert (digest("x", one) == digest("x", other)) is same
    assert digest("x", one) != digest("y", one)
    assert len(digest("x", one)) == 16


def test_every_row_of_the_table_is_whole() -> None:
    """Capability and limit exist, and the example is one that the payload accepts."""
    for name, row in COMMANDS.items():
        assert row.capability in MATRIX, name
        assert row.limit in LIMITS or name == "escalation.raise", name
        assert row.changes == ("client_id" in row.example), name


@pytest.mark.parametrize("name", COMMANDS)
async def test_every_example_of_the_table_is_understood(town: Town, ada: Voice, name: str) -> None:
    """What the documents show is refused for its content at most, never for its form."""
    example = COMMANDS[name].example
    if (refused := _refused(name, example)) is not None:
        assert (await _refusal(ada, name, example)).code == refused
        return
    reply = await dispatch(town, Caller(ada.person), name, example)
    assert reply.keys() - {"ok"} == COMMANDS[name].reply.keys()


def _refused(name: str, example: dict[str, Any]) -> str | None:
    """What a resident hears of an example: it is of staff alone, or names what is not there; None where it is done."""
    if MATRIX[COMMANDS[name].capability][Role.RESIDENT] is Reach.NONE:
        return "not_found" if "room" in example else "not_permitted"
    if "target" in example or name == "audit.proof":  # of a message, or a row of the book
        return "wrong_target"
    return "not_found" if {"case", "report", "alert"} & set(example) else None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ("Expected `str`, got `int` - at `$.text`", "text"),
        ("Object missing required field `room`", "room"),
        ("Object contains unknown field `colour`", "colour"),
        ("Expected `int` <= 5 - at `$.cursors[0]`", "cursors"),
        ("Something else", None),
    ],
)
def test_what_was_wrong_is_said_in_a_sentence_and_a_field(said: str, field: str | None) -> None:
    """The reader of payloads is understood by people and by clients."""
    refusal = bad_request(said)
    assert refusal.facts.get("field") == field
    assert refusal.message.endswith(".")


def test_every_refusal_has_a_sentence_and_a_status() -> None:
    """No code goes without words, and none tells of success."""
    for code, row in REFUSALS.items():
        assert row.message.endswith("."), code
        assert 400 <= row.status < 600, code
        assert Refusal(code).reply() == {
            "ok": False, "error": {"code": code, "message": row.message, "retryable": row.retryable},
        }  # fmt: skip
