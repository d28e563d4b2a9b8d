"""What a run comes to, flow by flow: which scripts failed, the figures, and what is not as it should be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from voyaltis_flow.simulate.figures import Baseline, Share, Tally, short_of_goal
from voyaltis_flow.simulate.runs import Conditions, Job, Result
from voyaltis_flow.simulate.scripted import Failure, Outcome
from voyaltis_flow.simulate.simulated import Meeting
from voyaltis_flow.simulate.suite import Suite

SHOWN = 200
"""The most conversations with a fault that are kept to be shown."""


@dataclass
class Verdict:
    """How one flow's scenarios went."""

    suite: Suite
    scripted: list[Outcome] = field(default_factory=list)
    all: Tally = field(default_factory=Tally)
    by: dict[str, dict[str, Tally]] = field(default_factory=lambda: defaultdict(dict))
    """The figures by temperament, by language and by scenario."""
    points: dict[str, Tally] = field(default_factory=dict)
    compared: int = 0
    unlike: list[Meeting] = field(default_factory=list)
    faulty: list[Meeting] = field(default_factory=list)
    recorded: Tally | None = None
    short: list[str] = field(default_factory=list)
    """What the figures lack of the goals and of the baseline."""

    @property
    def failed(self) -> bool:
        """Whether anything is not as it should be."""
        return bool(self.short) or any(outcome.failures for outcome in self.scripted)

    def take(self, job: Job, result: Result) -> None:
        """Counts a conversation in."""
        if isinstance(result, Outcome):
            self.scripted.append(result)
            return
        simulated = self.suite.scenarios.simulated[job.scenario]
        named = {"temperament": result.cast.temperament, "language": result.cast.language, "scenario": simulated.name}
        for tally in (self.all, *(self._of(part, name) for part, name in named.items())):
            tally.add(result.values, result.told, result.untold, result.spent, result.turns)
        for value in result.values:
            self.points.setdefault(value.point, Tally()).verdicts[value.verdict] += 1
        self.compared += result.unlike is not None
        self.unlike += [result] if result.unlike else []
        if len(self.faulty) < SHOWN and any(value.verdict != "right" for value in result.values):
            self.faulty.append(result)

    def shares(self) -> dict[str, Share]:
        """The figures that a baseline holds."""
        shares = {} if not self.scripted else {"scripted": Share(self.passed, len(self.scripted))}
        if not self.all.conversations:
            return shares
        return shares | self.all.shares() | {"alike": Share(self.compared - len(self.unlike), self.compared)}

    @property
    def passed(self) -> int:
        """How many scripted scenarios met all that they expect."""
        return sum(not outcome.failures for outcome in self.scripted)

    def place(self, outcome: Outcome, failure: Failure) -> str:
        """Where an expectation stands: `file:line`."""
        names = [scripted.name for scripted in self.suite.scenarios.scripted]
        return self.suite.place(("scripted", names.index(outcome.name), *failure.unmet.path))

    def _of(self, part: str, name: str) -> Tally:
        return self.by[part].setdefault(name, Tally(budget=self.suite.flow.budget.questions))


def verdicts(
    suites: Sequence[Suite], results: Iterable[tuple[Job, Result]], conditions: Conditions, baseline: Baseline | None
) -> list[Verdict]:
    """The verdict on each suite, held against its goals and the baseline."""
    found = [Verdict(suite, all=Tally(budget=suite.flow.budget.questions)) for suite in suites]
    for job, result in results:
        found[job.suite].take(job, result)
    for verdict in found:
        verdict.short += _short(verdict, conditions, baseline)
    return found


def _short(verdict: Verdict, conditions: Conditions, baseline: Baseline | None) -> Iterator[str]:
    if verdict.all.conversations:
        yield from short_of_goal(verdict.all, verdict.suite.scenarios.goals, conditions.noise)
    if verdict.unlike and not conditions.noise:
        yield f"{len(verdict.unlike)} of {verdict.compared} reps yielded other data in another style"
    if baseline is not None:
        yield from baseline.fallen(verdict.suite.name, verdict.shares())


def as_data(verdict: Verdict) -> Mapping[str, Any]:
    """A verdict as JSON has it: the same bytes for the same conditions, content and program."""
    by = {part: {name: tallies[name].as_data() for name in sorted(tallies)} for part, tallies in verdict.by.items()}
    return {
        "flow": verdict.suite.name,
        "failed": verdict.failed,
        "short": verdict.short,
        "scripted": [_outcome(verdict, outcome) for outcome in verdict.scripted],
        "simulated": verdict.all.as_data() if verdict.all.conversations else None,
        "by": by,
        "points": {point: dict(sorted(tally.verdicts.items())) for point, tally in verdict.points.items()},
        "styles": {"compared": verdict.compared, "unlike": [_meeting(meeting) for meeting in verdict.unlike]},
        "faulty": [_meeting(meeting) for meeting in verdict.faulty],
        "recorded": verdict.recorded.as_data() if verdict.recorded else None,
    }


def _outcome(verdict: Verdict, outcome: Outcome) -> Mapping[str, Any]:
    failures = [{"at": verdict.place(outcome, failure), "told": str(failure.unmet)} for failure in outcome.failures]
    return {"name": outcome.name, "passed": not failures, "failures": failures}


def _meeting(meeting: Meeting) -> Mapping[str, Any]:
    cast = meeting.cast
    faults = [{"verdict": value.verdict, "told": str(value)} for value in meeting.values if value.verdict != "right"]
    return {
        "scenario": cast.scenario,
        "run": cast.number,
        "language": cast.language,
        "temperament": cast.temperament,
        "ended": meeting.ended,
        "unlike": list(meeting.unlike or ()),
        "faults": faults,
        "lines": [[line.speaker, line.text] for line in meeting.lines],
    }
