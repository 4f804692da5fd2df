"""The program's log: structured, and without anybody's words."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from server import logging as program_log
from server import metrics
from server.logging import SILENT, where

SECRET = "Ik ben op vakantie"


def deep(words: str, depth: int) -> None:
    if depth:
        deep(words, depth - 1)
    raise ValueError(words)


def caught(words: str, depth: int = 0) -> ValueError:
    with pytest.raises(ValueError, match=words) as raised:
        deep(words, depth)
    return raised.value


def test_a_place_holds_no_words() -> None:
    """An exception often repeats what it stumbled over: somebody's message, name or token."""
    told = where(caught(SECRET))
    assert SECRET not in told
    assert told.startswith("test_logging.py:")
    assert told.split(" < ")[0].endswith(" deep")


def test_the_last_places_come_first() -> None:
    """Four of them, the place of the fault in front; folders of this machine are left out."""
    told = where(caught(SECRET, depth=9)).split(" < ")
    assert len(told) == 4
    assert {place.split()[-1] for place in told} == {"deep"}
    assert "/" not in "".join(told)


def test_what_was_never_raised_has_no_place() -> None:
    """Then the line in the log has its kind alone."""
    assert where(ValueError(SECRET)) == ""


@pytest.fixture
def configured() -> object:
    """Whatever the test configures is undone."""
    levels = {name: logging.getLogger(name).level for name in SILENT}
    yield
    structlog.reset_defaults()
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_every_alarm_is_counted(configured: object, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever watches the figures is woken without reading the log; other lines are no alarm."""
    program_log.configure("json", "info")
    before = metrics.alarms._value.get()
    structlog.get_logger("anywhere").error("alarm: something is wrong", count=3)
    structlog.get_logger("anywhere").error("no alarm: all is well")
    assert metrics.alarms._value.get() == before + 1
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_lines_are_structured_for_programs(configured: object, capsys: pytest.CaptureFixture[str]) -> None:
    """One JSON object each, on standard error, from the chosen level up; standard output is for answers."""
    program_log.configure("json", "warning")
    log = structlog.get_logger("test")
    log.info("unheard")
    log.warning("heard", count=3)
    printed = capsys.readouterr()
    line = json.loads(printed.err)
    assert (line["event"], line["level"], line["count"]) == ("heard", "warning", 3)
    assert printed.out == ""


def test_libraries_are_silent(configured: object, capsys: pytest.CaptureFixture[str]) -> None:
    """They would write what they carry: whole packets, with everybody's words."""
    program_log.configure("console", "debug")
    for name in SILENT:
        logging.getLogger(name).error(SECRET)
    assert SECRET not in capsys.readouterr().err
