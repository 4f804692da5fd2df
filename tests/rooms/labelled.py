"""The labelled texts, and how a rule did on them: a table of what was meant against what was said."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "data"


class Labelled(NamedTuple):
    """A row of a data file.

    half: `seen`, from which the rules were written; `unseen`, written before them and never looked at for them;
    `fresh`, written when they stood. No rule may be made from a sentence of the last two: write others, as `seen`.
    """

    half: str
    language: str
    meant: str
    dangerous: bool
    text: str


def labelled(name: str, *halves: str) -> list[Labelled]:
    """The rows of data/<name>.tsv that are of one of *halves*; all without any."""
    with (FOLDER / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Labelled(row["half"], row["language"], row["meant"], row.get("dangerous") == "1", row["text"])
        for row in rows
        if not halves or row["half"] in halves
    ]


def right(pairs: Sequence[tuple[str, str]]) -> float:
    """The share of (meant, said) in which both are the same."""
    return sum(meant == said for meant, said in pairs) / len(pairs)


def table(title: str, pairs: Sequence[tuple[str, str]], columns: Iterable[str]) -> str:
    """The confusion table of (meant, said): a row for what was meant, a column for what was said."""
    counts, said = Counter(pairs), list(columns)
    width = max(len(name) for pair in pairs for name in pair) + 2
    head = [title, " " * width + "".join(f"{name:>14}" for name in said)]
    rows = [
        f"{meant:<{width}}" + "".join(f"{counts[meant, name]:>14}" for name in said)
        for meant in dict.fromkeys(meant for meant, _ in pairs)
    ]
    return "\n".join([*head, *rows])
