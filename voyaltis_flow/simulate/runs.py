"""Holds all scenarios of some suites, on all cores. What comes out is the same for any number of processes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from voyaltis_flow.responders.rules import Rules
from voyaltis_flow.runtime.protocols import Responder
from voyaltis_flow.simulate.chaos import Chaos
from voyaltis_flow.simulate.scripted import Outcome, play
from voyaltis_flow.simulate.simulated import Meeting, cast_of, compared, meet
from voyaltis_flow.simulate.suite import Stage, Suite

AT_ONCE = 20
"""How many conversations a process is given at a time."""
COMPARED_EVERY = 5
"""One run in so many is held in all styles."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """All that the figures of a run depend on, beside the content and the program."""

    runs: int = 100
    """Simulated conversations for each flow."""
    seed: int = 1
    noise: float = 0.0
    chaos: float = 0.0
    """Like the noise, in the simulated conversations alone: a script says what comes of just these words."""
    responder: str = "rules"

    @property
    def lasting(self) -> dict[str, Any]:
        """Those without which figures can't be compared: with other reps they can."""
        return {name: value for name, value in asdict(self).items() if name not in ("runs", "seed")}

    def as_data(self) -> dict[str, Any]:
        """As JSON has them."""
        return asdict(self)


class Job(NamedTuple):
    """One conversation to be held; `number` is None for a scripted one."""

    suite: int
    scenario: int
    number: int | None = None


Result = Outcome | Meeting


def jobs(suites: Sequence[Suite], runs: int) -> list[Job]:
    """All conversations: the scripted ones, then the simulated ones, whose scenarios take turns."""
    found = []
    for place, suite in enumerate(suites):
        found += [Job(place, scenario) for scenario in range(len(suite.scenarios.scripted))]
        several = len(suite.scenarios.simulated)
        found += [Job(place, run % several, run // several) for run in range(runs if several else 0)]
    return found


def held(
    suites: Sequence[Suite], conditions: Conditions, processes: int, responder: Responder | None = None
) -> Iterator[tuple[Job, Result]]:
    """Each conversation with its result, in order. A responder that is given is used in this process, one by one."""
    wanted = jobs(suites, conditions.runs)
    if responder is not None or processes < 2 or len(wanted) <= AT_ONCE:
        house = _House(suites, conditions, responder)
        with asyncio.Runner() as runner:
            for job in wanted:
                yield job, runner.run(house.hold(job))
        return
    with ProcessPoolExecutor(processes, initializer=_move_in, initargs=(suites, conditions)) as pool:
        batches = [wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE)]
        for batch in pool.map(_hold, batches):
            yield from batch


class _House:
    """What a process needs for its conversations, made once."""

    def __init__(self, suites: Sequence[Suite], conditions: Conditions, responder: Responder | None = None) -> None:
        self._stages = [Stage(suite) for suite in suites]
        self._conditions, self._responder = conditions, responder or Rules()

    async def hold(self, job: Job) -> Result:
        stage, set_to = self._stages[job.suite], self._conditions
        if job.number is None:
            scripted = stage.suite.scenarios.scripted[job.scenario]
            return await play(scripted, stage.script(scripted.style), self._responder)
        responder = self._spoilt(stage)
        meeting = await meet(stage, cast_of(stage, job.scenario, job.number), responder, set_to.seed, set_to.noise)
        if job.number % COMPARED_EVERY:
            return meeting
        return await compared(stage, meeting, responder, set_to.seed, set_to.noise)

    def _spoilt(self, stage: Stage) -> Responder:
        if not self._conditions.chaos:
            return self._responder
        return Chaos(self._responder, self._conditions.chaos, str(self._conditions.seed), stage.products)


_house: _House | None = None
"""In a process of the pool: what it was given when it began."""


def _move_in(suites: Sequence[Suite], conditions: Conditions) -> None:
    global _house  # noqa: PLW0603 - a pool's processes have no other place for it
    _house = _House(suites, conditions)


def _hold(wanted: Sequence[Job]) -> list[tuple[Job, Result]]:
    assert _house, "the pool's processes begin with _move_in"
    house = _house

    async def all_of_them() -> list[tuple[Job, Result]]:
        return [(job, await house.hold(job)) for job in wanted]

    return asyncio.run(all_of_them())
