"""What the process counts, for Prometheus at /metrics. Labels are names of our tables, never anything of a person."""

from __future__ import annotations

from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

commands = Counter("bart_commands", "Commands by name and outcome", ["command", "outcome"], registry=REGISTRY)
command_seconds = Histogram(
    "bart_command_seconds", "From reading a command to its reply", ["command"], registry=REGISTRY,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)  # fmt: skip
deliveries = Counter("bart_deliveries", "Kept events handed to connections", registry=REGISTRY)


@cache
def _children(command: str, outcome: str) -> tuple[Counter, Histogram]:
    """Looking children up by their labels costs more than counting."""
    return commands.labels(command, outcome), command_seconds.labels(command)


def answered(command: str, outcome: str, seconds: float) -> None:
    """Count one command; both words are of our tables."""
    counter, histogram = _children(command, outcome)
    counter.inc()
    histogram.observe(seconds)


connections = Gauge("bart_connections", "Connections that have joined", registry=REGISTRY)
faults = Counter("bart_faults", "Exceptions that no rule foresees", registry=REGISTRY)
rollbacks = Counter("bart_rollbacks", "Times the store came back with less than it had told", registry=REGISTRY)
tick_age_s = Gauge("bart_tick_age_seconds", "Since the periodic jobs last ran", registry=REGISTRY)
redis_restarts = Gauge("bart_redis_restarts", "Restarts of the own Redis seen by this process", registry=REGISTRY)
