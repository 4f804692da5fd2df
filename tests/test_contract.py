"""The contract: tables = protocol.md = the client's types = what the sources say."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from rooms.call import Call, Payload
from rooms.command import COMMANDS, Row
from rooms.dispatch import Caller, dispatch
from rooms.event import EVENTS
from rooms.key_dictionary import DICTIONARY
from rooms.limit import LIMITS
from rooms.permission import MATRIX, Reach
from rooms.person import Role
from rooms.refusal import REFUSALS
from rooms.town import Policy, Town
from server import contract, typescript
from server.settings import Settings
from tests import contract as fits
from tests.town import stranger

ROOT = contract.ROOT
PYTHON = sorted([*ROOT.glob("rooms/**/*.py"), *ROOT.glob("server/**/*.py")])
LUA = sorted(ROOT.glob("rooms/lua/**/*.lua"))
ROUTE = re.compile(r'web\.(?:get|post)\("(/[a-z-]+(?:/[a-z-]+)?)"')
NEVER_REFUSED = ("escalation.raise",)  # for load (product.md 5)
BESIDE = {"outside", "danger"}
"""Limits that no row names: of what was not found, and of a warning whose kind has danger."""
ENTRY_FIELDS = {"room": "BU05183637:jan-luykenlaan", "seq": 1, "at": 1795442461234}


# documents -------------------------------------------------------------------------------------------


def test_no_document_is_stale() -> None:
    """protocol.md and the client's types say what the tables say; `bart contract` renders them."""
    assert contract.stale() == []


def test_every_table_stands_in_the_protocol_once() -> None:
    """A table that nobody can read, or that stands in two places, is no contract."""
    found = re.findall(r"<!-- table: (\w+) -->", contract.PROTOCOL.read_text())
    assert sorted(found) == sorted(contract.TABLES)


def test_every_route_is_in_the_protocol() -> None:
    """What answers HTTP to a client is named where clients look."""
    text = contract.PROTOCOL.read_text()
    routes = {path for file in PYTHON for path in ROUTE.findall(file.read_text())}
    assert routes >= {"/api/join", "/healthz"}
    assert [path for path in sorted(routes) if not re.search(rf"[` ]{path}[` ]", text)] == []


@pytest.mark.parametrize("word", sorted({*COMMANDS, *EVENTS, *REFUSALS}))
def test_the_types_know_every_word(word: str) -> None:
    """A client that is compiled against the types can't meet a word it has never heard of."""
    quoted = f'"{word}"' if "." in word or word in REFUSALS else f"{word}: {{"
    assert quoted in typescript.render()


def test_planted_drift_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """`test_no_document_is_stale` can fail: a row that changes makes both documents stale."""
    monkeypatch.setitem(REFUSALS, "planted", REFUSALS["fault"])
    assert contract.stale() == ["protocol.md", "clients/web/src/protocol.gen.ts"]
    assert '"planted"' in typescript.render()


# commands --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_an_example_reads_as_its_own_payload(name: str) -> None:
    """The example of each command is one that the server takes."""
    row = COMMANDS[name]
    read = msgspec.convert(row.example, row.payload)
    written = msgspec.json.decode(msgspec.json.encode(read))
    again = {field: value for field, value in written.items() if field in row.example}
    assert again == row.example


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_named_and_described(name: str) -> None:
    """A command is `noun.verb`, says what it does in a sentence, and has a handler that can be awaited; what changes
    something says where: in a room, of a case, or by what is one's own."""
    row = COMMANDS[name]
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", name)
    assert re.fullmatch(r"[A-Z].*\.", row.summary)
    assert inspect.iscoroutinefunction(row.handler)
    where = {"room", "case", "report"} & set(row.payload.__struct_fields__) or name.startswith(
        ("alert.", "duty.", "correction.", "notice.")
    )
    assert where or not row.changes


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_a_permission_row_and_a_limit(name: str) -> None:
    """A command that nobody decided about fails the build."""
    assert COMMANDS[name].capability in MATRIX
    assert COMMANDS[name].limit in LIMITS or (COMMANDS[name].limit is None and name in NEVER_REFUSED)


async def test_a_command_without_a_permission_row_is_never_carried_out(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should one get past the build, it still fails before its handler runs."""
    done = []

    async def handler(_town: Town, call: Call[Payload]) -> dict[str, bool]:
        done.append(call)
        return {"ok": True}

    planted = Row(Payload, handler, "fly", "read", "Fly.", {}, {})
    monkeypatch.setitem(COMMANDS, "room.fly", planted)
    with pytest.raises(KeyError, match="fly"):
        await dispatch(town, Caller(stranger()), "room.fly", {})
    assert not done


def test_every_limit_is_used_and_can_be_set() -> None:
    """A limit without a command limits nothing; one without a setting can't be chosen by a town."""
    assert {row.limit for row in COMMANDS.values() if row.limit is not None} | BESIDE == set(LIMITS)
    assert Settings().policy().limits == LIMITS == Policy().limits
    assert {f"limit_{name}" for name in LIMITS} == {
        name for name in Settings.__struct_fields__ if name.startswith("limit_")
    }


# permissions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("capability", MATRIX)
def test_a_capability_decides_for_every_role(capability: str) -> None:
    """No role is forgotten, and no capability is asked for by no command."""
    assert set(MATRIX[capability]) == set(Role)
    assert capability in {row.capability for row in COMMANDS.values()}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR])
def test_who_keeps_the_books_reads_no_conversation(role: Role) -> None:
    """An admin reads no conversation, and neither does an auditor (product.md 2)."""
    assert MATRIX["read_room"][role] is Reach.NONE
    assert MATRIX["talk"][role] is Reach.NONE


# events ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVENTS)
def test_an_example_fits_the_fields_of_its_event(name: str) -> None:
    """The example of each event is one that the server could have told."""
    row = EVENTS[name]
    by = {"id": "k3v9x2m7q4w8", "name": "Ada", "role": "resident"}
    fits.check_event(name, row.example if row.keeps is None else {**ENTRY_FIELDS, "by": by, "data": row.example})


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_says_what_happened(name: str) -> None:
    """A kept event is `noun.past`, and each says in a sentence what happened, and to whom it is told."""
    row = EVENTS[name]
    assert re.fullmatch(r"[a-z]+(\.[a-z_]+)?", name)
    assert row.keeps is None or "." in name
    assert re.fullmatch(r"[A-Z].*\.", row.summary)
    assert row.audience


def test_every_class_of_entries_has_a_retention() -> None:
    """Nothing is kept for ever because somebody forgot to say how long."""
    assert {row.keeps for row in EVENTS.values()} - {None} == set(Settings().policy().keep_ms)


# refusals --------------------------------------------------------------------------------------------


def test_every_refusal_that_is_raised_is_in_the_table() -> None:
    """A code that no client has heard of is no answer."""
    assert {code: place for code, place in _raised() if code not in REFUSALS} == {}


def test_every_refusal_of_the_table_is_raised_somewhere() -> None:
    """A row for something that can't happen is a promise of nothing."""
    assert set(REFUSALS) - {code for code, _ in _raised()} == set()


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_says_what_happened(code: str) -> None:
    """Its message is a sentence, and its status tells a client of HTTP the same as `retryable`."""
    row = REFUSALS[code]
    assert re.fullmatch(r"[A-Z].*\.", row.message)
    assert 400 <= row.status < 600
    assert row.retryable or row.status < 500
    assert not row.retryable or row.status in (403, 429, 500, 503)


def _raised() -> Iterator[tuple[str, str]]:
    """(code, place) of every refusal that Python raises or a script returns."""
    for file in PYTHON:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and _called(node) == "Refusal" and node.args:
                for code in _constants(node.args[0]):
                    yield code, f"{file.relative_to(ROOT)}:{node.lineno}"
    for file in LUA:
        for code in re.findall(r"\{'refused', '(\w+)'", _code(file)):
            yield code, str(file.relative_to(ROOT))


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _constants(node: ast.expr) -> Iterator[str]:
    """The strings that the expression can be: `"a"`, or `"a" if sure else "b"`."""
    if isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _code(file: Path) -> str:
    """A script without its comments, which also name refusals."""
    return re.sub(r"--.*", "", file.read_text())


# keys ------------------------------------------------------------------------------------------------


def test_a_key_is_in_the_dictionary_once() -> None:
    """One row per pattern, each with its type, its fields and its lifetime."""
    patterns = [row.pattern for row in DICTIONARY]
    assert len(patterns) == len(set(patterns))
    for row in DICTIONARY:
        assert row.pattern.startswith(("{tag}:", "{town}:"))
        assert row.type in {"string", "hash", "zset", "stream"}
        assert row.fields
        assert row.lifetime
