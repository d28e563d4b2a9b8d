"""`voyaltis-flow extract`: recorded transcripts, read through the engine as if they were being said."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

import voyaltis_flow
from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.project import Script, Settings
from voyaltis_flow.responders.claude import BatchedClaude
from voyaltis_flow.runtime.protocols import Responder, ResponderError
from voyaltis_flow.script.load import content_hash
from voyaltis_flow.script.models import Flow
from voyaltis_flow.transcripts.lines import BadLine, Transcript, read_transcripts
from voyaltis_flow.transcripts.reading import FAILURES, Reading, read
from voyaltis_flow.transcripts.readings import ForeignFileError, Readings
from voyaltis_flow.transcripts.rounds import read_in_rounds

from .content import AllowHooks, batched_responder_of, responder_of, script_of, settings_of
from .exits import Code, CommandError

Read = tuple[Transcript, Reading]
Reads = Callable[[Iterable[Transcript]], Iterator[Read]]


def extract(
    flow: Annotated[str, typer.Option("--flow", help="The flow, by name or path.")],
    source: Annotated[Path, typer.Option("--input", help="JSON Lines: {id, lang?, turns: [{asked?, says}]}.")],
    output: Annotated[Path, typer.Option("--output", help="Where the readings go; gone on with if it is there.")],
    catalog: Annotated[list[str] | None, typer.Option("--catalog", help="In place of the flow's own.")] = None,
    responder: Annotated[
        str | None, typer.Option("--responder", help="rules (the default), claude, replay:FILE.")
    ] = None,
    batch: Annotated[bool, typer.Option("--batch", help="With claude: in batches, later and for less.")] = False,
    allow_hooks: AllowHooks = None,
) -> None:
    """Read recorded transcripts, and write down what each one says. A stopped run goes on where it was.

    Exits with 1 when lines of the input could not be read, which are told with their number and skipped, or when a
    responder failed.
    """
    if output.resolve() == source.resolve():
        raise CommandError(Code.MISUSE, f"--output would overwrite the input, {source}")
    source.open("rb").close()  # before anything is written
    script, settings = script_of(flow, None, catalog, allow_hooks), _without_surprises(settings_of(responder))
    if batch and settings.responder != "claude":
        raise CommandError(Code.MISUSE, "--batch goes with --responder claude: nobody else reads in batches")
    compiled = CompiledScript.compile(script.flow, script.style, script.catalogs, script.hooks)
    reads = _in_batches(compiled, settings, output) if batch else _one_by_one(compiled, responder_of(settings))
    try:
        with Readings(output, _reader(script, settings)) as readings, reads as read_all:
            extraction = Extraction(readings, script.flow)
            extraction.run(source, read_all)
    except ForeignFileError as error:
        raise CommandError(Code.MISUSE, f"--output: {error}") from error
    if extraction.lacking:
        raise CommandError(Code.FAILED)


@contextmanager
def _one_by_one(script: CompiledScript, responder: Responder) -> Iterator[Reads]:
    """Each transcript read as it comes; the responder is let go of in the end."""
    with asyncio.Runner() as runner:
        try:
            yield lambda transcripts: ((each, runner.run(read(script, each, responder))) for each in transcripts)
        finally:
            runner.run(responder.aclose())


@contextmanager
def _in_batches(script: CompiledScript, settings: Settings, output: Path) -> Iterator[Reads]:
    """All transcripts read together. What has come of batches lies beside the output until all of it is used."""
    kept = output.with_name(f"{output.name}.batches")
    console = Console(stderr=True, highlight=False)
    responder = batched_responder_of(settings, kept, lambda line: console.print(line, markup=False, soft_wrap=True))
    with asyncio.Runner() as runner:
        yield lambda transcripts: _rounds(runner, script, transcripts, responder)
    responder.settle()


def _rounds(
    runner: asyncio.Runner, script: CompiledScript, transcripts: Iterable[Transcript], responder: BatchedClaude
) -> Iterator[Read]:
    readings = read_in_rounds(script, transcripts, responder)
    try:
        while (pair := runner.run(_next(readings))) is not None:
            yield pair
    except ResponderError as error:
        raise CommandError(Code.FAILED, f"{error}; the same command goes on from here") from error


async def _next(readings: AsyncGenerator[Read, None]) -> Read | None:
    return await anext(readings, None)


def _without_surprises(settings: Settings) -> Settings:
    """A month of transcripts goes through a model only when that was asked for: it costs money."""
    return replace(settings, responder="rules") if settings.responder == "auto" else settings


def _reader(script: Script, settings: Settings) -> str:
    """All that a reading depends on."""
    who = (settings.responder, settings.model, settings.effort) if settings.responder != "rules" else ("rules",)
    hooks = [hook.source for own in script.hooks.values() for hook in (own.check, own.read) if hook]
    return " ".join(map(str, (content_hash(script.flow, *script.catalogs), _program(), *who, *hooks)))


def _program() -> str:
    """The version, and the code itself: who changes it wants to see what that changes."""
    digest = sha256()
    for path in sorted(Path(voyaltis_flow.__file__).parent.rglob("*.*")):
        if path.suffix in (".py", ".yaml", ".txt"):
            digest.update(path.read_bytes())
    return f"{version('voyaltis-flow')} {digest.hexdigest()}"


class Extraction:
    """One run over a file: has read what was not read before, and counts."""

    def __init__(self, readings: Readings, flow: Flow) -> None:
        self._readings, self._console = readings, Console(stderr=True, highlight=False)
        self._told_of = (*(point.id for point in flow.points), "unresolved", "outside_catalog", "wants_to_stop")
        self._having: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._read_now = self._kept = self._bad = 0
        self._cost = 0.0

    @property
    def lacking(self) -> bool:
        """Whether a line was skipped, or read without the responder that was asked for."""
        return bool(self._bad or self._failed)

    def run(self, source: Path, read_all: Reads) -> None:
        """Goes through a file's lines, showing how far it is, and sums up, also when it is stopped."""
        started = time.monotonic()
        try:
            for transcript, reading in read_all(self._unread(source)):
                self._take(transcript, reading)
        except KeyboardInterrupt:
            self._tell("stopped; the same command goes on from here")
            raise
        finally:
            self._sum_up(time.monotonic() - started)

    def _unread(self, source: Path) -> Iterator[Transcript]:
        """The transcripts that no former run has read."""
        with _progress(self._console) as progress:
            task = progress.add_task(source.name, total=source.stat().st_size or None)
            for line in read_transcripts(source):
                if isinstance(line.holds, BadLine):
                    self._bad += 1
                    self._tell(f"line {line.holds.number}: {line.holds.why}; skipped")
                elif line.holds is not None and self._readings.has(line.holds):
                    self._kept += 1
                elif line.holds is not None:
                    yield line.holds
                progress.advance(task, line.size)

    def _take(self, transcript: Transcript, reading: Reading) -> None:
        self._readings.add(transcript, reading.row)
        self._having.update(key for key in self._told_of if reading.row[key])
        self._failed.update(reading.row.get(FAILURES, ()))
        self._cost += reading.cost
        self._read_now += 1

    def _sum_up(self, seconds: float) -> None:
        """How many were read, what it cost, and how many of them have a value for each point."""
        before = f", {self._kept} kept from before" if self._kept else ""
        cost = f", for ${self._cost:.4f}" if self._cost else ""
        self._tell(f"{self._read_now} read in {seconds:.1f} s{cost}{before}, {self._bad} skipped")
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
