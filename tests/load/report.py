"""The comparison as a table for people and as JSON for machines."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.load import reach
from tests.load.bench import MOST_OTHERS, Bench, Result

SHOWN = ("per_s", "s", "first_ms", "last_ms", "answer_ms", "cpu_us", "redis_us", "p50_ms", "p99_ms", "kb", "gone_s",
         "server_mb", "kernel_mb", "cpu_us_beyond_idle", "idle_core",
         "core", "delay_ms", "worst_delay_ms")  # fmt: skip
BUSY = 0.97  # above it the load client, not the server, may be what is measured


def as_json(bench: Bench, facts: dict[str, str]) -> dict[str, Any]:
    """{facts, options, results: [{row, server, figures, runs, wrong}], reach: [{what, goal, found, says}]}"""
    return {
        "facts": facts,
        "options": msgspec.to_builtins(bench.options),
        "results": msgspec.to_builtins(bench.results),
        "reach": msgspec.to_builtins(reach.verdicts(bench)),
    }


def as_text(bench: Bench, facts: dict[str, str]) -> str:
    lines = [*(f"{name}: {fact}" for name, fact in facts.items()), ""]
    lines += _table(["row", "server", "figures", ""], [_row(result) for result in bench.results])
    found = [[one.what, one.goal, _number(one.found), one.says] for one in reach.verdicts(bench)]
    return "\n".join([*lines, "", *_table(["what", "goal", "found", ""], found)])


def _row(result: Result) -> list[str]:
    shown = [f"{name} {_number(result.figures[name])}" for name in SHOWN if result.figures.get(name)]
    notes = [f"{result.wrong} WRONG"] if result.wrong else []
    if result.figures.get("client_busy", 0) > BUSY:
        notes.append("the load client was fully busy")
    if (others := result.figures.get("others", 0)) > MOST_OTHERS:
        notes.append(f"other programs took {others:.0%} of a core")
    return [result.row, result.server, "  ".join(shown), ", ".join(notes)]


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    padded = ([cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines)
    return [f"| {' | '.join(cells)} |" for cells in padded]
