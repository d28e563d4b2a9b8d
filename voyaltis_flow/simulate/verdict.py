"""What a run comes to, flow by flow: which scripts failed, the figures, and what is not as it should be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from voyaltis_flow.simulate.figures import Baseline, Share, Tally, short_of_goal
from voyaltis_flow.simulate.recorded import Line, retold
from voyaltis_flow.simulate.runs import Conditions, Job, Result
from voyaltis_flow.simulate.scripted import Failure, Outcome
from voyaltis_flow.simulate.simulated import Meeting
from voyaltis_flow.simulate.suite import Stage, Suite

READ = ("right", "not_made_up", "not_beside")
"""The figures that recorded debriefs have, too: in them nobody of ours asked anything."""
NAMED = 8
"""The most conversations that are named in a line."""
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
    digests: list[str] = field(default_factory=list)
    """Of each conversation, the scripted ones first."""
    recorded: Tally | None = None
    """The figures of recorded debriefs."""
    short: list[str] = field(default_factory=list)
    """What the figures lack of the goals and of the baseline."""

    @property
    def failed(self) -> bool:
        """Whether anything is not as it should be."""
        return bool(self.short) or any(outcome.failures for outcome in self.scripted)

    def take(self, job: Job, result: Result) -> None:
        """Counts a conversation in."""
        self.digests.append(result.digest)
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

    def compare(self, recorded: Sequence[Line]) -> None:
        """Reads those of the recorded debriefs that have values for the flow's points."""
        points = {point.id for point in self.suite.flow.points}
        fitting = [line for line in recorded if points & set(line["gold"])]
        if fitting:
            read = retold(Stage(self.suite).script(), fitting)
            self.recorded = read.tally
            self.digests += read.digests

    def shares(self) -> dict[str, Share]:
        """The figures that a baseline holds."""
        shares = {} if not self.scripted else {"scripted": Share(self.passed, len(self.scripted))}
        if self.recorded:
            shares |= {f"recorded_{name}": share for name, share in self.recorded.shares().items() if name in READ}
        if not self.all.conversations:
            return shares
        return shares | self.all.shares() | {"alike": Share(self.compared - len(self.unlike), self.compared)}

    @property
    def passed(self) -> int:
        """How many scripted scenarios met all that they expect."""
        return sum(not outcome.failures for outcome in self.scripted)

    def place(self, outcome: Outcome, failure: Failure) -> str:
        """Where an expectation stands: `file:line`."""
        place = next(at for at, each in enumerate(self.scripted) if each is outcome)
        return self.suite.place(("scripted", place, *failure.unmet.path))

    def _of(self, part: str, name: str) -> Tally:
        return self.by[part].setdefault(name, Tally(budget=self.suite.flow.budget.questions))


def verdicts(
    suites: Sequence[Suite],
    results: Iterable[tuple[Job, Result]],
    conditions: Conditions,
    baseline: Baseline | None,
    *,
    exact: bool = False,
    recorded: Sequence[Line] = (),
) -> list[Verdict]:
    """The verdict on each suite, held against its goals and the baseline; `exact`: to the letter.

    `recorded` are debriefs whose figures stand beside those of the flows that have their points.
    """
    found = [Verdict(suite, all=Tally(budget=suite.flow.budget.questions)) for suite in suites]
    for job, result in results:
        found[job.suite].take(job, result)
    for verdict in found:
        verdict.compare(recorded)
        verdict.short += _short(verdict, conditions, baseline)
        if exact and baseline is not None:
            verdict.short += _changed(verdict, baseline)
    return found


def _short(verdict: Verdict, conditions: Conditions, baseline: Baseline | None) -> Iterator[str]:
    if verdict.all.conversations:
        yield from short_of_goal(verdict.all, verdict.suite.scenarios.goals, conditions.noise)
    if verdict.unlike and not conditions.noise:
        yield f"{len(verdict.unlike)} of {verdict.compared} reps yielded other data in another style"
    if baseline is not None:
        yield from baseline.fallen(verdict.suite.name, verdict.shares())


def _changed(verdict: Verdict, baseline: Baseline) -> Iterator[str]:
    """What went otherwise than in the baseline, if anything did."""
    places = baseline.changed(verdict.suite.name, verdict.digests)
    if places:
        named = [_name(verdict, at) for at in places[:NAMED]]
        more = f" and {len(places) - NAMED} more" if len(places) > NAMED else ""
        yield f"{len(places)} conversations went otherwise than in the baseline: {', '.join(named)}{more}"


def _name(verdict: Verdict, place: int) -> str:
    """A conversation by its place among all: scripted, simulated, recorded."""
    scripts, runs = len(verdict.scripted), verdict.all.conversations
    if place < scripts:
        return verdict.scripted[place].name
    return f"run {place - scripts}" if place < scripts + runs else f"recorded {place - scripts - runs + 1}"


def baseline_of(found: Sequence[Verdict], conditions: Conditions) -> Baseline:
    """What later runs are held to."""
    digests = {verdict.suite.name: verdict.digests for verdict in found}
    course = {"runs": conditions.runs, "seed": conditions.seed, **digests}
    return Baseline(conditions.lasting, {verdict.suite.name: verdict.shares() for verdict in found}, course)


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
