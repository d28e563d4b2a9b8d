"""`voyaltis-flow simulate`: the scenarios of flows, held: scripted ones word by word, simulated ones by the hundred."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from voyaltis_flow.project import Settings
from voyaltis_flow.runtime.protocols import Responder
from voyaltis_flow.simulate.figures import Baseline, BaselineError, Tally
from voyaltis_flow.simulate.recorded import Line, RecordedError, read_recorded
from voyaltis_flow.simulate.reports import as_html, as_json, as_junit, shown, told
from voyaltis_flow.simulate.runs import Conditions, Job, Result, held, jobs
from voyaltis_flow.simulate.simulated import Meeting
from voyaltis_flow.simulate.suite import Suite
from voyaltis_flow.simulate.verdict import Verdict, baseline_of, verdicts

from .content import AllowHooks, responder_of, settings_of, suites_named, target
from .exits import Code, CommandError, any_end_is_an_interrupt

FAULTS_SHOWN = 3
"""Simulated conversations with a fault that are printed when the figures fail."""


def simulate(  # noqa: PLR0913, PLR0917 - each is a flag of the command
    flows: Annotated[
        list[str] | None, typer.Argument(metavar="FLOWS", help="By name or path; all that have scenarios if none.")
    ] = None,
    responder: Annotated[
        str | None, typer.Option("--responder", help="rules (the default), claude, replay:FILE.")
    ] = None,
    runs: Annotated[int, typer.Option("--runs", min=0, help="Simulated conversations for each flow.")] = 100,
    seed: Annotated[int, typer.Option("--seed", help="Another one is another hundred reps.")] = 1,
    noise: Annotated[float, typer.Option("--noise", min=0, max=1, help="How many words are misheard, 0..1.")] = 0.0,
    chaos: Annotated[float, typer.Option("--chaos", min=0, max=1, help="How many replies fail or lie, 0..1.")] = 0.0,
    recorded: Annotated[
        Path | None, typer.Option("--recorded", help="Labelled debriefs, whose figures are printed beside.")
    ] = None,
    junit: Annotated[Path | None, typer.Option("--junit", help="Write the results for CI to this file.")] = None,
    json: Annotated[Path | None, typer.Option("--json", help="Write all of it to this file.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page for people to this file.")] = None,
    baseline: Annotated[Path | None, typer.Option("--baseline", help="Fail when a figure is lower than its.")] = None,
    update_baseline: Annotated[bool, typer.Option("--update-baseline", help="Write --baseline anew.")] = False,
    exact: Annotated[bool, typer.Option("--exact", help="Fail when a conversation goes otherwise at all.")] = False,
    processes: Annotated[int, typer.Option("--processes", min=0, help="0: as many as there are cores.")] = 0,
    allow_hooks: AllowHooks = None,
) -> None:
    """Hold a flow's scenarios, scripted and simulated. Exits with 1 when one fails or a figure is too low."""
    for flag, path in {"--junit": junit, "--json": json, "--html": html, "--baseline": baseline}.items():
        target(flag, path)
    if (update_baseline or exact) and baseline is None:
        flag = "--update-baseline" if update_baseline else "--exact"
        raise CommandError(Code.MISUSE, f"{flag} goes with --baseline FILE; which file?")
    if update_baseline and baseline is not None and baseline.exists():
        _read_baseline(baseline)  # a file that holds something else is not written over
    settings = settings_of(responder)
    settings = replace(settings, responder="rules") if responder is None else settings
    conditions = Conditions(runs, seed, noise, chaos, settings.responder)
    suites, debriefs = suites_named(flows or [], allow_hooks), _debriefs(recorded)
    before = None if update_baseline or baseline is None else _baseline(baseline, conditions, exact)
    with any_end_is_an_interrupt():
        results = _watched(suites, conditions, processes or os.cpu_count() or 1, settings)
        found = verdicts(suites, results, conditions, before, exact=exact, recorded=debriefs)
    _tell(found)
    _write(junit, as_junit(found))
    _write(json, as_json(found, conditions))
    _write(html, as_html(found, conditions))
    if update_baseline and baseline is not None:
        baseline_of(found, conditions).write(baseline)
    if any(verdict.failed for verdict in found):
        raise CommandError(Code.FAILED)


def _write(path: Path | None, text: str) -> None:
    if path is not None:
        path.write_text(text, encoding="utf-8")


def _read_baseline(path: Path) -> Baseline:
    try:
        return Baseline.read(path)
    except BaselineError as error:
        raise CommandError(Code.MISUSE, str(error)) from error


def _baseline(path: Path, conditions: Conditions, exact: bool) -> Baseline:
    baseline = _read_baseline(path)
    try:
        baseline.check(conditions.as_data(), exact=exact)
    except BaselineError as error:
        raise CommandError(Code.MISUSE, str(error)) from error
    return baseline


def _watched(
    suites: Sequence[Suite], conditions: Conditions, processes: int, settings: Settings
) -> Iterator[tuple[Job, Result]]:
    """The conversations as they are held, with a bar on stderr, and how long it took."""
    console = Console(stderr=True, highlight=False)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    started, wanted = time.monotonic(), len(jobs(suites, conditions.runs))
    speaks = _responder(settings)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("conversations", total=wanted)
        for result in held(suites, conditions, processes, speaks):
            progress.advance(task)
            yield result
    seconds = time.monotonic() - started
    console.print(f"{wanted:,} conversations in {seconds:.1f} s", style="dim")


def _responder(settings: Settings) -> Responder | None:
    """Who speaks; None for the rules, which every process has for itself."""
    return None if settings.responder == "rules" else responder_of(settings)


def _debriefs(path: Path | None) -> list[Line]:
    """Recorded debriefs, if there are any."""
    try:
        return [] if path is None else read_recorded(path)
    except RecordedError as error:
        raise CommandError(Code.MISUSE, str(error)) from error


def _tell(found: Sequence[Verdict]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for verdict in found:
        console.print(Text(verdict.suite.name, "bold"))
        for outcome in verdict.scripted:
            if outcome.failures:
                console.print(Text(f"  FAILED  {outcome.name}", "red"))
                console.print(told(verdict, outcome), markup=False)
        if verdict.scripted:
            console.print(f"  scripted: {verdict.passed} of {len(verdict.scripted)} as expected")
        if verdict.all.conversations:
            console.print(_figures(verdict))
        for line in verdict.short:
            console.print(Text(f"  FAILED  {line}", "red"))
        for meeting in verdict.faulty[:FAULTS_SHOWN] if verdict.short else ():
            console.print(_meeting(meeting), markup=False)


def _figures(verdict: Verdict) -> Table:
    """The figures, those of recorded debriefs beside them."""
    table = Table(box=None, padding=(0, 3, 0, 2))
    table.add_column("")
    tallies = [("simulated", verdict.all), *([("recorded", verdict.recorded)] if verdict.recorded else [])]
    for name, _ in tallies:
        table.add_column(name, justify="right")
    for label, cell in _ROWS.items():
        table.add_row(label, *(cell(tally) for _, tally in tallies))
    styles = f"{verdict.compared - len(verdict.unlike)} of {verdict.compared}" if verdict.compared else "–"
    table.add_row("same data in all styles", styles)
    return table


def _questions(tally: Tally) -> str:
    asked = tally.questions.keys() - {0}
    return f"{tally.median_questions:g} of {tally.budget}" if asked else "–"


_ROWS: Mapping[str, Callable[[Tally], str]] = {
    "conversations": lambda tally: f"{tally.conversations:,}",
    "right, of what was told": lambda tally: f"{tally.right.value:.4f}",
    "made up, of what is recorded": lambda tally: f"{tally.made_up.value:.4f}",
    "wrong · missing · beside": lambda tally: " · ".join(
        str(tally.verdicts[kind]) for kind in ("wrong", "missing", "beside")
    ),
    "never told": lambda tally: f"{tally.untold} of {tally.told + tally.untold}",
    "questions at the median": _questions,
    "over budget": lambda tally: str(tally.over_budget),
    "turns at the median": lambda tally: f"{tally.median_turns:g}",
}


def _meeting(meeting: Meeting) -> str:
    cast = meeting.cast
    head = f"  scenario {cast.scenario + 1}, run {cast.number}, {cast.language}, {cast.temperament}"
    faults = [f"  ▶ {value.verdict}: {value}" for value in meeting.values if value.verdict != "right"]
    return "\n".join([head, *map(shown, meeting.lines), *faults])
