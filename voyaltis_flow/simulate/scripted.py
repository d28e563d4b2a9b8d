"""Scripted scenarios: a conversation word by word, and what must be so on the way and in the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.runtime.protocols import Responder
from voyaltis_flow.script.problems import Path
from voyaltis_flow.script.scenarios import Expected, Scripted, Step
from voyaltis_flow.simulate.expectations import Unmet, unmet
from voyaltis_flow.simulate.held import Held, Line, Who


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that was not met, and after how many lines of the conversation."""

    unmet: Unmet
    line: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a scripted scenario went."""

    name: str
    lines: tuple[Line, ...]
    failures: tuple[Failure, ...]
    digest: str


async def play(scenario: Scripted, script: CompiledScript, responder: Responder) -> Outcome:
    """Holds the conversation. The paths of what was not met begin in the scenario: `steps`, 2, `expect`, `asked`."""
    held = Held(script, responder, _who(scenario))
    await held.open()
    failures: list[Failure] = []
    for place, step in enumerate(scenario.steps):
        found = [*await _done(step, held), *_unmet(("expect",), step.expect, held)]
        failures += [_placed(("steps", place), entry, held) for entry in found]
    failures += [_placed((), entry, held) for entry in _unmet(("expect",), scenario.expect, held)]
    return Outcome(scenario.name, tuple(held.lines), tuple(failures), held.digest)


def _who(scenario: Scripted) -> Who:
    return Who(
        scenario.name,
        scenario.language,
        scenario.rep,
        scenario.event,
        date.fromisoformat(scenario.today) if scenario.today else None,
        scenario.seconds_a_turn,
    )


async def _done(step: Step, held: Held) -> list[Unmet]:
    """Does what a step says; what kept it from being done."""
    if step.corrects:
        refusal = held.correct(step.corrects.point, step.corrects.key, step.corrects.value)
        return [Unmet(("corrects",), step.corrects.value, refusal.reason)] if refusal else []
    if step.says is None and step.does is None:
        return []
    if held.ended:
        return [
            Unmet(("says",) if step.does is None else ("does",), step.says or step.does, "the conversation is over")
        ]
    match step.does:
        case None:
            await held.hear(step.says or "")
        case "stays_silent":
            await held.silence()
        case "is_cut_off":
            await held.cut_off()
        case "hangs_up":
            held.hang_up()
    return []


def _unmet(path: Path, expected: Expected, held: Held) -> Iterator[Unmet]:
    for entry in unmet(expected, held):
        yield replace(entry, path=(*path, *entry.path))


def _placed(path: Path, entry: Unmet, held: Held) -> Failure:
    return Failure(replace(entry, path=(*path, *entry.path)), len(held.lines))
