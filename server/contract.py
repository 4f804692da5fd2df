"""The contract: tables -> protocol.md and the client's types. The contract test fails when either is stale."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from rooms.command import COMMANDS
from rooms.event import EVENTS
from rooms.key_dictionary import DICTIONARY
from rooms.limit import LIMITS
from rooms.permission import MATRIX
from rooms.person import Role
from rooms.refusal import REFUSALS
from server import typescript

ROOT = Path(__file__).resolve().parents[1]
PROTOCOL = ROOT / "protocol.md"
TYPES = ROOT / "clients" / "web" / "src" / "protocol.gen.ts"
_TABLE = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def write() -> list[str]:
    """Render what is stale; returns the paths that were written. Raises OSError outside a checkout."""
    written = stale()
    PROTOCOL.write_text(protocol(PROTOCOL.read_text()))
    TYPES.write_text(typescript.render())
    return written


def stale() -> list[str]:
    """The paths, from the root of the checkout, whose text is not what the tables say."""
    texts = {PROTOCOL: protocol(PROTOCOL.read_text()), TYPES: typescript.render()}
    return [
        str(path.relative_to(ROOT)) for path, text in texts.items() if not path.exists() or path.read_text() != text
    ]


def protocol(text: str) -> str:
    """protocol.md with its tables rendered anew; the prose stays as it is. KeyError for a table we don't have."""
    return _TABLE.sub(lambda found: f"{found[1]}{TABLES[found[2]]()}\n{found[3]}", text)


def _commands() -> str:
    rows = [
        (
            f"`{name}`",
            _shape(typescript.fields_of(row.payload)),
            _reply(row.reply),
            row.capability,
            row.limit or "-",
            f"{row.summary} **Fresh.**" if row.fresh else row.summary,
        )
        for name, row in COMMANDS.items()
    ]
    return _rows(("command", "payload", "reply, with `ok: true`", "capability", "limit", "what it does"), rows)


def _events(kept: bool) -> str:
    rows = [
        (f"`{name}`", _shape(typescript.fields_of(row.fields)), row.audience, row.summary)
        for name, row in EVENTS.items()
        if bool(row.keeps) is kept
    ]
    return _rows(("event", "data" if kept else "payload", "given to", "what happened"), rows)


def _shapes() -> str:
    rows = [(f"`{name}`", _shape(typescript.fields_of(shape))) for shape, name in typescript.SHAPES.items()]
    rows += [(f"`{name}`", ", ".join(f"`{word}`" for word in words)) for words, name in typescript.WORDS.items()]
    return _rows(("name", "fields or words"), rows)


def _examples() -> str:
    asked = {name: row.example for name, row in COMMANDS.items()}
    told = {name: row.example for name, row in EVENTS.items()}
    lines = [
        f"{arrow} {name} {_json(example)}"
        for arrow, some in (("->", asked), ("<-", told))
        for name, example in some.items()
    ]
    return "\n".join(["```", *lines, "```"])


def _refusals() -> str:
    rows = [
        (f"`{code}`", str(row.status), "yes" if row.retryable else "no", row.message) for code, row in REFUSALS.items()
    ]
    return _rows(("code", "HTTP", "retryable", "message"), rows)


def _permissions() -> str:
    rows = [(f"`{name}`", *(reaches[role].value for role in Role)) for name, reaches in MATRIX.items()]
    return _rows(("capability", *(role.value for role in Role)), rows)


def _limits() -> str:
    rows = [(f"`{name}`", str(limit.burst), str(limit.every_ms)) for name, limit in LIMITS.items()]
    return _rows(("limit", "at once", "ms for one more"), rows)


def _keys() -> str:
    return _rows(
        ("key", "type", "fields", "lifetime"),
        ((f"`{row.pattern}`", row.type, row.fields, row.lifetime) for row in DICTIONARY),
    )


TABLES: dict[str, Callable[[], str]] = {
    "commands": _commands,
    "kept": lambda: _events(kept=True),
    "fleeting": lambda: _events(kept=False),
    "shapes": _shapes,
    "examples": _examples,
    "refusals": _refusals,
    "permissions": _permissions,
    "limits": _limits,
    "keys": _keys,
}


def _shape(fields: Iterable[tuple[str, str, bool]]) -> str:
    return ", ".join(f"{name}{'' if required else '?'}: {kind}" for name, kind, required in fields) or "-"


def _reply(fields: dict[str, str]) -> str:
    return ", ".join(f"{name}: {kind}" for name, kind in fields.items()) or "-"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _rows(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [
        _line(names),
        _line("---" for _ in names),
        *(_line(cell.replace("|", "\\|") for cell in row) for row in rows),
    ]
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
