"""How many simulated conversations a core holds in a second, with the rules, on the flows that ship."""

from __future__ import annotations

from pathlib import Path
from time import process_time

from voyaltis_flow.project import find_project
from voyaltis_flow.simulate.runs import COMPARED_EVERY, Conditions, held, jobs
from voyaltis_flow.simulate.suite import Suite, load_suite

GOAL = 100
RUNS = 300


def rows() -> list[tuple[str, str, str]]:
    """Conversations a second of processor time, those in other styles counted as well."""
    suite = load_suite("event_debrief", find_project(Path(__file__).parents[2]))
    _seconds(suite, runs=20)
    conversations = len(jobs([suite], RUNS)) + RUNS // COMPARED_EVERY * (len(suite.styles) - 1)
    rate = conversations / _seconds(suite, RUNS)
    return [
        ("simulated conversations, a second of a core", f"{rate:.0f}, {rate / GOAL:.2f} × the goal", f"≥ {GOAL}"),
    ]


def _seconds(suite: Suite, runs: int) -> float:
    began = process_time()
    for _ in held([suite], Conditions(runs=runs), processes=1):
        pass
    return process_time() - began
