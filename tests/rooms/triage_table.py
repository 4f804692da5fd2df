"""How triage and the hint do on the labelled texts, and how long one takes: `python -m tests.rooms.triage_table`."""

from __future__ import annotations

import statistics
import time
from itertools import pairwise

from rooms.looks import only_looks
from rooms.triage import DESKS, propose
from tests.rooms.labelled import Labelled, labelled, right, table

HALVES = ("seen", "unseen", "fresh")
BUCKETS = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 1.01)
LONGEST = 500


def desks(rows: list[Labelled]) -> list[tuple[str, str]]:
    """(the desk meant, the desk proposed) of each row."""
    return [(row.meant, propose(row.text).desk) for row in rows]


def dangers(rows: list[Labelled]) -> list[tuple[str, str]]:
    """(whether 112 was meant to come first, whether it does) of each row."""
    words = {True: "112 first", False: "not first"}
    return [(words[row.dangerous], words[propose(row.text).dangerous]) for row in rows]


def hints(rows: list[Labelled]) -> list[tuple[str, str]]:
    """(what the text holds, whether it gets a hint) of each row."""
    return [(row.meant, "hint" if only_looks(row.text) else "no hint") for row in rows]


def hints_right(rows: list[Labelled]) -> float:
    """The share of texts that get a hint when they hold looks only, and none otherwise."""
    return right([(str(meant == "only_looks"), str(said == "hint")) for meant, said in hints(rows)])


def triage_tables(half: str) -> str:
    """The desks and the 112 of a half of the set."""
    rows = labelled("triage", half)
    pairs = desks(rows)
    title = f"triage, {half}: desk meant (rows) and proposed, {right(pairs):.1%} of {len(rows)} right"
    dangerous = table(f"triage, {half}: whether 112 comes first", dangers(rows), ("112 first", "not first"))
    return "\n\n".join([table(title, pairs, DESKS), dangerous])


def hint_table(half: str) -> str:
    """The hints of a half of the set."""
    rows = labelled("looks", half)
    title = (
        f"hint, {half}: what a text holds (rows) and whether it gets one, {hints_right(rows):.1%} of {len(rows)} right"
    )
    return table(title, hints(rows), ("hint", "no hint"))


def certainty(half: str) -> str:
    """How often a proposal is right, by how sure it said it was."""
    said = [(proposal.confidence, row.meant == proposal.desk)
            for row in labelled("triage", half) for proposal in [propose(row.text)]]  # fmt: skip
    lines = [f"triage, {half}: right by confidence"]
    for low, high in pairwise(BUCKETS):
        here = [hit for confidence, hit in said if low <= confidence < high]
        if here:
            lines.append(f"  {low:.1f} to {min(high, 1):.1f}: {statistics.mean(here):6.1%} of {len(here)}")
    return "\n".join(lines)


def times() -> str:
    """Milliseconds a sentence: those of the set as they are, and the same run together to 500 characters."""
    texts = [row.text for row in labelled("triage")]
    long = [(" ".join(texts[at : at + 12]) * 2)[:LONGEST] for at in range(0, len(texts), 2)]
    return "\n".join(f"{name}: {_times(some)}" for name, some in (("as typed", texts), (f"{LONGEST} characters", long)))


def _times(texts: list[str]) -> str:
    took = []
    for text in texts * 3:
        start = time.perf_counter()
        propose(text)
        took.append((time.perf_counter() - start) * 1000)
    took.sort()
    return f"median {statistics.median(took):.3f} ms, p99 {took[len(took) * 99 // 100]:.3f} ms, n {len(took)}"


def main() -> None:
    """Print everything."""
    for half in HALVES:
        print(triage_tables(half), certainty(half), sep="\n\n", end="\n\n")
    for half in HALVES:
        print(hint_table(half), end="\n\n")
    print(times())


if __name__ == "__main__":
    main()
