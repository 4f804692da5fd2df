"""What a fault's run comes to: what was found wrong, and the figures."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

Say = Callable[[str], None]
"""Is told how far a run is, many times a second."""
SHOWN = 20


class Cannot(Exception):  # noqa: N818 - a fact about the machine, not an error
    """This machine lacks what the fault needs; the text says what."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """problems: each break of what the fault's module promises, a sentence each; figures: name and value, in order."""

    problems: list[str]
    figures: dict[str, object]
    seconds: float

    @property
    def good(self) -> bool:
        return not self.problems

    def told(self, name: str, seed: int) -> str:
        """The problems, the figures and the verdict, a line each."""
        held = "the promise held" if self.good else f"{len(self.problems)} PROBLEMS"
        return "\n".join(
            [
                *(f"  {problem}" for problem in self.problems[:SHOWN]),
                *(f"{figure:34} {value}" for figure, value in self.figures.items()),
                f"{name}: {held}; {self.seconds:.0f} s; seed {seed}",
            ]
        )


def spread(numbers: list[float], unit: str = "ms") -> str:
    """The least, the median, the 99th percentile and the most of what was measured."""
    if not numbers:
        return "-"
    ordered = sorted(numbers)
    middle, p99 = ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100]
    return f"least {ordered[0]:.0f}, median {middle:.0f}, p99 {p99:.0f}, most {ordered[-1]:.0f} {unit}"
