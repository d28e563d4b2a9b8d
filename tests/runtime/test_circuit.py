"""When a part that fails is left alone: what is told late changes nothing."""

from __future__ import annotations

from tests.responders.scripted import Clock
from voyaltis_flow.runtime.circuit import Circuit, CircuitSettings


def test_failures_of_what_was_begun_before_it_was_left_alone_keep_it_away_no_longer() -> None:
    clock = Clock()
    circuit = Circuit(CircuitSettings(failures=1, cool_down=10.0, longest=300.0), clock)
    for _ in range(5):
        circuit.failed("cut")
    clock.now += 10.0
    assert circuit.advice() == "probe"
    circuit.failed("cut")
    clock.now += 19.9
    assert circuit.advice() == "skip"
    clock.now += 0.1
    assert circuit.advice() == "probe"
