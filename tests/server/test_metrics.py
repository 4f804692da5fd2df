"""What the process counts, as Prometheus reads it."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from server.metrics import BOUNDS_S, Answers


def _read(answers: Answers) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    registry = CollectorRegistry()
    registry.register(answers)
    families = text_string_to_metric_families(generate_latest(registry).decode())
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_commands_are_counted_by_name_and_outcome() -> None:
    """Each answer counts once, under its own words; a connect counts too and has no time."""
    answers = Answers()
    answers.answered("message.post", "ok", 0.002)
    answers.answered("message.post", "ok", 0.002)
    answers.answered("message.post", "too_fast", 0.002)
    answers.came("signed_out")
    counted = {key: value for key, value in _read(answers).items() if key[0] == "bart_commands_total"}
    assert counted == {
        ("bart_commands_total", (("command", "message.post"), ("outcome", "ok"))): 2,
        ("bart_commands_total", (("command", "message.post"), ("outcome", "too_fast"))): 1,
        ("bart_commands_total", (("command", "connect"), ("outcome", "signed_out"))): 1,
    }


def test_times_fall_into_the_buckets_that_prometheus_expects() -> None:
    """A bucket counts everything up to its bound, the bound included; the last one counts all."""
    answers = Answers()
    for seconds in (0.0005, 0.001, 0.0011, 99.0):
        answers.answered("room.read", "ok", seconds)
    found = _read(answers)
    buckets = {
        dict(labels)["le"]: value for (name, labels), value in found.items() if name == "bart_command_seconds_bucket"
    }
    assert len(buckets) == len(BOUNDS_S) + 1
    assert (buckets["0.001"], buckets["0.0025"], buckets["10.0"], buckets["+Inf"]) == (2, 3, 3, 4)
    assert found["bart_command_seconds_count", (("command", "room.read"),)] == 4
    assert abs(found["bart_command_seconds_sum", (("command", "room.read"),)] - 99.0026) < 1e-9
