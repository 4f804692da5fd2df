"""What the process counts, for Prometheus at /metrics. Labels are names of our tables, never anything of a person."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter as Counts
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

REGISTRY = CollectorRegistry()
BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_NAMES = [*map(str, BOUNDS_S), "+Inf"]


class Answers(Collector):
    """Commands by name and outcome, and how long they took. The library's own counter and histogram lock and wrap each
    number, which costs a tenth of a command; these are plain numbers until somebody asks for them."""

    def __init__(self) -> None:
        self._outcomes: Counts[tuple[str, str]] = Counts()
        self._took: dict[str, list[int]] = {}  # per command, how many in each bucket
        self._sums_s: Counts[str] = Counts()

    def answered(self, command: str, outcome: str, seconds: float) -> None:
        """Count one command; both words are of our tables."""
        self._outcomes[command, outcome] += 1
        took = self._took.get(command)
        if took is None:
            took = self._took[command] = [0] * len(_NAMES)
        took[bisect_left(BOUNDS_S, seconds)] += 1
        self._sums_s[command] += seconds  # type: ignore[assignment]  # a Counter of seconds

    def came(self, outcome: str) -> None:
        """Count one connect; the word is of our tables."""
        self._outcomes["connect", outcome] += 1

    def collect(self) -> Iterator[Metric]:
        outcomes = CounterMetricFamily("bart_commands", "Commands by name and outcome", labels=["command", "outcome"])
        for labels, count in sorted(self._outcomes.items()):
            outcomes.add_metric(labels, count)
        yield outcomes
        took = HistogramMetricFamily("bart_command_seconds", "From reading a command to its reply", labels=["command"])
        for command, counts in sorted(self._took.items()):
            buckets = list(zip(_NAMES, map(float, accumulate(counts)), strict=True))
            took.add_metric([command], buckets, self._sums_s[command])
        yield took


answers = Answers()
REGISTRY.register(answers)
deliveries = Counter("bart_deliveries", "Kept events handed to connections", registry=REGISTRY)
connections = Gauge("bart_connections", "Connections that have joined", registry=REGISTRY)
alarms = Counter("bart_alarms", "Lines of the log that should wake somebody", registry=REGISTRY)
faults = Counter("bart_faults", "Exceptions that no rule foresees", registry=REGISTRY)
rollbacks = Counter("bart_rollbacks", "Times the store came back with less than it had told", registry=REGISTRY)
read_only = Gauge("bart_read_only", "1 while the disk is so full that nothing is written", registry=REGISTRY)
disk_free_bytes = Gauge("bart_disk_free_bytes", "Free where the own Redis keeps its file", registry=REGISTRY)
tick_age_s = Gauge("bart_tick_age_seconds", "Since the periodic jobs last ran", registry=REGISTRY)
redis_restarts = Gauge("bart_redis_restarts", "Restarts of the own Redis seen by this process", registry=REGISTRY)
