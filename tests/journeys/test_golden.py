"""Golden files, the server's half: given the deeds of tests/golden/*.json, a real server tells its reader exactly these
events and, to one who comes with nothing, exactly this snapshot. The client's half (clients/web/src/golden.test.ts)
demands that both lead `apply` to the same rooms: state + events = state.

After a change that is meant: `GOLDEN=write pytest tests/journeys/test_golden.py` writes what the server says now into
the files, from their deeds. A new story is a file with the four parts that are GIVEN, and then this. Read the
difference before it is committed.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from server.app import Running
from tests.conftest import Join
from tests.journeys.golden_story import Story, folded
from tests.town import MovedClock

FILES = sorted((Path(__file__).parents[1] / "golden").glob("*.json"))
IS_WRITING = os.environ.get("GOLDEN") == "write"
GIVEN = ("story", "reader", "before", "deeds")


@pytest.fixture
def settings() -> dict[str, Any]:
    """Neighbours who may talk as fast as the store takes it."""
    return {"limit_talk": "100000/1", "limit_read": "100000/1"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_the_server_tells_this_story(
    server: Running, clock: MovedClock, join: Join, staff: Join, file: Path
) -> None:
    """What the reader is told, live and afterwards, is what the golden file says."""
    golden = _read(file)
    story = Story(server, clock, join, staff, golden["reader"])
    await story.play(golden["before"])
    state = await story.snapshot()
    await story.play(golden["deeds"])
    events = [*story.told]
    snapshot = await story.snapshot()
    told = story.plain({"state": state, "events": events, "snapshot": snapshot})
    whole = {**{name: golden[name] for name in GIVEN}, **told, "expected": folded(told["snapshot"])}
    if IS_WRITING:
        _write(file, whole)
    else:
        assert golden == whole


def _read(file: Path) -> dict[str, Any]:
    golden: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return golden


def _write(file: Path, golden: dict[str, Any]) -> None:
    """JSON with one event, deed or row a line, so that a difference can be read."""
    parts = [f"  {_compact(name)}: {_lines(value)}" for name, value in golden.items()]
    file.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def _lines(value: Any) -> str:
    if isinstance(value, dict):
        rooms = [f"    {_compact(room)}: {_room(facts)}" for room, facts in value.items()]
        return "{\n" + ",\n".join(rooms) + "\n  }"
    return _list([_compact(item) for item in value], "  ") if isinstance(value, list) else _compact(value)


def _room(facts: dict[str, Any]) -> str:
    parts = [(name, [_compact(row) for row in facts[name]]) for name in ("rows", "pinned", "alerts") if name in facts]
    lists = ",\n".join(f'      "{name}": {_list(rows, "      ")}' for name, rows in parts)
    return f'{{\n      "head": {facts["head"]},\n      "read": {facts["read"]},\n{lists}\n    }}'


def _list(items: list[str], indent: str) -> str:
    return "[\n" + ",\n".join(f"{indent}  {item}" for item in items) + f"\n{indent}]" if items else "[]"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
