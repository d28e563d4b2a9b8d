"""What `voyaltis-flow simulate` says of the shipped content, in this process; imported once a mutant is in place."""

from __future__ import annotations

from pathlib import Path

from tests.mutants.trial import BY_FIGURES, EXACTLY, ROOT, UNNOTICED
from voyaltis_flow.project import find_project
from voyaltis_flow.simulate.figures import Baseline
from voyaltis_flow.simulate.recorded import read_recorded
from voyaltis_flow.simulate.runs import Conditions, held
from voyaltis_flow.simulate.suite import Suite, suites_of
from voyaltis_flow.simulate.verdict import Verdict, baseline_of, verdicts

COMMANDS = (Conditions(runs=0), Conditions(runs=60), Conditions(runs=100, noise=0.2, chaos=0.4))
"""The scripted scenarios, which are quick; simulated ones; and simulated ones over a bad line with a bad model."""
DEBRIEFS = ROOT / "tests" / "data" / "debriefs"
"""Recorded ones, for the last command."""


def judge(baselines: Path, *, anew: bool, scripts_only: bool = False) -> int:
    """By what the first of the commands fails that does. `anew` writes the baselines that later calls are held to."""
    suites = suites_of([], find_project(ROOT))
    for number, conditions in enumerate(COMMANDS[:1] if scripts_only else COMMANDS):
        file = baselines / f"{number}.json"
        before = None if anew else Baseline.read(file)
        recorded = read_recorded(DEBRIEFS) if conditions is COMMANDS[-1] else ()
        found = verdicts(suites, held(suites, conditions, 1), conditions, before, recorded=recorded)
        if any(verdict.failed for verdict in found):
            return BY_FIGURES
        if before is None:
            baseline_of(found, conditions).write(file)
        elif _changed(suites, found, before):
            return EXACTLY
    return UNNOTICED


def _changed(suites: list[Suite], found: list[Verdict], before: Baseline) -> bool:
    """Whether `--exact` would have failed as well."""
    pairs = zip(suites, found, strict=True)
    return any(before.changed(suite.name, verdict.digests) for suite, verdict in pairs)
