"""`voyaltis-flow extract`: recorded transcripts, read through the engine as if they were being said."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

import voyaltis_flow
from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.project import Script, Settings
from voyaltis_flow.runtime.protocols import Responder
from voyaltis_flow.script.load import content_hash
from voyaltis_flow.script.models import Flow
from voyaltis_flow.transcripts.lines import BadLine, Transcript, read_transcripts
from voyaltis_flow.transcripts.reading import FAILURES, read
from voyaltis_flow.transcripts.readings import Readings

from .content import responder_of, script_of, settings_of
from .exits import Code, CommandError

Reads = Callable[[Transcript], Mapping[str, Any]]


def extract(
    flow: Annotated[str, typer.Option("--flow", help="The flow, by name or path.")],
    source: Annotated[Path, typer.Option("--input", help="JSON Lines: {id, lang?, turns: [{asked?, says}]}.")],
    output: Annotated[Path, typer.Option("--output", help="Where the readings go; gone on with if it is there.")],
    catalog: Annotated[list[str] | None, typer.Option("--catalog", help="In place of the flow's own.")] = None,
    responder: Annotated[
        str | None, typer.Option("--responder", help="rules (the default), claude, replay:FILE.")
    ] = None,
) -> None:
    """Read recorded transcripts, and write down what each one says. A stopped run goes on where it was.

    Exits with 1 when lines of the input could not be read, which are told with their number and skipped, or when a
    responder failed.
    """
    if output.resolve() == source.resolve():
        raise CommandError(Code.MISUSE, f"--output would overwrite the input, {source}")
    source.open("rb").close()  # before anything is written
    script, settings = script_of(flow, None, catalog), _without_surprises(settings_of(responder))
    compiled = CompiledScript.compile(script.flow, script.style, script.catalogs)
    with (
        asyncio.Runner() as runner,
        _let_go_of(runner, responder_of(settings)) as who,
        Readings(output, _reader(script, settings)) as readings,
    ):
        extraction = Extraction(readings, lambda each: runner.run(read(compiled, each, who)).row, script.flow)
        extraction.run(source)
    if extraction.lacking:
        raise CommandError(Code.FAILED)


@contextmanager
def _let_go_of(runner: asyncio.Runner, responder: Responder) -> Iterator[Responder]:
    """A responder that is let go of in the end."""
    try:
        yield responder
    finally:
        runner.run(responder.aclose())


def _without_surprises(settings: Settings) -> Settings:
    """A month of transcripts goes through a model only when that was asked for: it costs money."""
    return replace(settings, responder="rules") if settings.responder == "auto" else settings


def _reader(script: Script, settings: Settings) -> str:
    """All that a reading depends on."""
    who = (settings.responder, settings.model, settings.effort) if settings.responder != "rules" else ("rules",)
    return " ".join(map(str, (content_hash(script.flow, *script.catalogs), _program(), *who)))


def _program() -> str:
    """The version, and the code itself: who changes it wants to see what that changes."""
    digest = sha256()
    for path in sorted(Path(voyaltis_flow.__file__).parent.rglob("*.*")):
        if path.suffix in (".py", ".yaml", ".txt"):
            digest.update(path.read_bytes())
    return f"{version('voyaltis-flow')} {digest.hexdigest()}"


class Extraction:
    """One run over a file: reads what was not read before, and counts."""

    def __init__(self, readings: Readings, read: Reads, flow: Flow) -> None:
        self._readings, self._read, self._console = readings, read, Console(stderr=True, highlight=False)
        self._told_of = (*(point.id for point in flow.points), "unresolved", "outside_catalog", "wants_to_stop")
        self._having: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._read_now = self._kept = self._bad = 0

    @property
    def lacking(self) -> bool:
        """Whether a line was skipped, or read without the responder that was asked for."""
        return bool(self._bad or self._failed)

    def run(self, source: Path) -> None:
        """Goes through a file's lines, showing how far it is, and sums up, also when it is stopped."""
        started = time.monotonic()
        try:
            self._go_through(source)
        except KeyboardInterrupt:
            self._tell("stopped; the same command goes on from here")
            raise
        finally:
            self._sum_up(time.monotonic() - started)

    def _go_through(self, source: Path) -> None:
        with _progress(self._console) as progress:
            task = progress.add_task(source.name, total=source.stat().st_size or None)
            for line in read_transcripts(source):
                self._take(line.holds)
                progress.advance(task, line.size)

    def _take(self, held: Transcript | BadLine | None) -> None:
        if isinstance(held, BadLine):
            self._bad += 1
            self._tell(f"line {held.number}: {held.why}; skipped")
        elif held is not None and self._readings.has(held):
            self._kept += 1
        elif held is not None:
            row = self._read(held)
            self._readings.add(held, row)
            self._having.update(key for key in self._told_of if row[key])
            self._failed.update(row.get(FAILURES, ()))
            self._read_now += 1

    def _sum_up(self, seconds: float) -> None:
        """How many were read, and how many of them have a value for each point."""
        before = f", {self._kept} kept from before" if self._kept else ""
        self._tell(f"{self._read_now} read in {seconds:.1f} s{before}, {self._bad} skipped")
        width = max(map(len, self._told_of))
        for key in self._told_of if self._read_now else ():
            self._tell(f"  {key:{width}}  {self._having[key]}")
        if self._failed:
            why = ", ".join(f"{failure} {number}" for failure, number in self._failed.most_common())
            self._tell(
                f"{self._failed.total()} replies failed ({why}), and the rules read alone; the same command tries again"
            )

    def _tell(self, line: str) -> None:
        self._console.print(line, markup=False, soft_wrap=True)


def _progress(console: Console) -> Progress:
    columns = TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
