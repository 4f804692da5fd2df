"""How protocol.md is rendered: the tables anew, the prose as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from rooms.limit import LIMITS, Limit
from rooms.refusal import REFUSALS, Row
from server import contract

PROSE = "# The wire\n\nBefore.\n\n<!-- table: limits -->\n{}<!-- end -->\n\nAfter, with a | and a `word`.\n"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own, with a short protocol."""
    (tmp_path / "clients").mkdir()
    monkeypatch.setattr(contract, "ROOT", tmp_path)
    monkeypatch.setattr(contract, "PROTOCOL", tmp_path / "protocol.md")
    monkeypatch.setattr(contract, "TYPES", tmp_path / "clients" / "protocol.gen.ts")
    (tmp_path / "protocol.md").write_text(PROSE.format("old\n"))
    return tmp_path


def test_a_table_is_rendered_between_its_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A head, a line, and a row each; whatever stood there before is gone."""
    monkeypatch.setattr(contract, "LIMITS", {"talk": Limit(10, 2000), "touch": Limit(30, 500)})
    table = (
        "| limit | at once | ms for one more |\n| --- | --- | --- |\n| `talk` | 10 | 2000 |\n| `touch` | 30 | 500 |\n"
    )
    for before in ("", "old\n", "<!-- table -->\n", table, table + table):
        assert contract.protocol(PROSE.format(before)) == PROSE.format(table)


def test_prose_is_left_alone() -> None:
    """A text without marks comes back as it was."""
    text = "Nothing | of <!-- this --> is <!-- end --> a table.\n"
    assert contract.protocol(text) == text


def test_a_table_that_is_not_ours_is_a_fault() -> None:
    """A mark with a typing mistake must not stay empty for ever."""
    with pytest.raises(KeyError, match="limitz"):
        contract.protocol("<!-- table: limitz -->\n<!-- end -->\n")


def test_rendering_twice_changes_nothing() -> None:
    """Or every run would find the document stale."""
    once = contract.protocol(contract.PROTOCOL.read_text())
    assert contract.protocol(once) == once


def test_a_bar_inside_a_cell_is_not_the_end_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """`number | null` is one type in one column."""
    monkeypatch.setitem(REFUSALS, "either", Row("This | that."))
    line = next(line for line in contract.TABLES["refusals"]().splitlines() if "`either`" in line)
    assert line == "| `either` | 400 | no | This \\| that. |"


@pytest.mark.parametrize("name", [name for name in contract.TABLES if name != "examples"])
def test_a_table_has_as_many_cells_in_every_row(name: str) -> None:
    """What a reader of Markdown needs to draw it."""
    rows = [line.replace("\\|", "").count("|") for line in contract.TABLES[name]().splitlines()]
    assert len(rows) > 2
    assert len(set(rows)) == 1


def test_what_is_stale_is_told_and_written_once(checkout: Path) -> None:
    """Both documents are stale at first; after writing neither is, and writing again writes nothing."""
    assert contract.stale() == ["protocol.md", "clients/protocol.gen.ts"]
    assert contract.write() == ["protocol.md", "clients/protocol.gen.ts"]
    assert f"`{next(iter(LIMITS))}`" in (checkout / "protocol.md").read_text()
    assert contract.stale() == []
    assert contract.write() == []


def test_outside_a_checkout_nothing_is_rendered(checkout: Path) -> None:
    """An installed package has no protocol.md; the fault says so."""
    (checkout / "protocol.md").unlink()
    with pytest.raises(FileNotFoundError):
        contract.write()
    assert not contract.TYPES.exists()
