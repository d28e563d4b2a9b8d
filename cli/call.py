"""`voyaltis-flow call`: a rep made of software calls a running agent, says some lines, and gets the report."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.events import Person
from voyaltis_flow.project import Settings
from voyaltis_flow.reports import ConversationOver
from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.metadata import JobMetadata
from voyaltis_flow.rooms.opening import Opened, OpeningRefusedError, open_room
from voyaltis_flow.rooms.participant import (
    Denied,
    HungUp,
    Line,
    LinesError,
    NoAgent,
    Overdue,
    Participant,
    Refused,
    Script,
    Turn,
    read_lines,
    timings,
    transcribed,
    turns,
)
from voyaltis_flow.speech.whisper.client import Recogniser
from voyaltis_flow.speech.whisper.models import NoModelError
from voyaltis_flow.speech.whisper.process import RecogniserProcess

from .account import account
from .captions import Captions
from .content import language_of, name_of, script_of, settings_of, target
from .exits import Code, CommandError, any_end_is_an_interrupt
from .servers import livekit_of
from .stores import opened_store

PARTING_SECONDS = 1.0
"""How long an agent that is left in mid-call may take to hear of it."""


def call(  # noqa: PLR0913, PLR0917 - each is a flag of the command
    flow: Annotated[str, typer.Argument(metavar="FLOW", help="The flow, by its name.")],
    say: Annotated[
        Path, typer.Option("--say", help="What the rep says: a text file, a line a turn; a folder of WAVs.")
    ],
    as_json: Annotated[
        Path | None, typer.Option("--json", help="Write how it went, and the report, to a file.")
    ] = None,
    style: Annotated[str | None, typer.Option("--style", help="How the agent speaks.")] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="The language of the lines: fr or en.")] = None,
    rep: Annotated[str | None, typer.Option("--rep", help="The rep's name.")] = None,
    event: Annotated[str | None, typer.Option("--event", help="Where the rep was.")] = None,
    agent: Annotated[str | None, typer.Option("--agent", help="The name of the agent that is called.")] = None,
    record: Annotated[Path | None, typer.Option("--record", help="Write what both said to a WAV file.")] = None,
    transcribe: Annotated[
        bool, typer.Option("--transcribe", help="Have the agent's voice recognised, too, for --json.")
    ] = False,
) -> None:
    """Start a room, call a running agent, say some lines, and print the conversation and its report."""
    script, settings = script_of(flow, style, None), settings_of(agent=agent)
    language = language_of(script.flow, lang)
    wanted = JobMetadata(name_of(flow), style=style, language=lang, rep=Person(name=rep), event=Person(name=event))
    compiled = CompiledScript.compile(script.flow, script.style, script.catalogs, script.hooks)
    placed = Placed(settings, livekit_of(settings), wanted, compiled, language, target("--record", record), transcribe)
    target("--json", as_json)
    lines = lines_of(say)
    with any_end_is_an_interrupt():
        held = asyncio.run(placed.held(lines))
    if as_json is not None:
        as_json.write_text(json.dumps(held.document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    held.conclude()


@dataclass(frozen=True, slots=True)
class Held:
    """A call that is over: how it went, for programs, and why it failed, if it did."""

    document: dict[str, Any]
    failure: CommandError | None

    def conclude(self) -> None:
        """Ends the command as the call ended."""
        if self.failure is not None:
            raise self.failure


@dataclass(frozen=True, slots=True)
class Placed:
    """A call that is to be made."""

    settings: Settings
    livekit: Livekit
    wanted: JobMetadata
    script: CompiledScript
    language: str
    record: Path | None = None
    transcribes: bool = False

    async def held(self, lines: Sequence[Line]) -> Held:
        """Makes it, and prints it while it goes on, and then its report."""
        console = Console(highlight=False)
        async with self._room(await self._opened()) as rep:
            going = Script(rep, lines, self.settings.agent, self.language)
            failure = await self._failure(rep, going, console)
            document = await self._told(rep, going)
        if document["report"] is not None:
            console.print()
            console.print(account(self.script, document["report"]))
        return Held(document, failure)

    async def _failure(self, rep: Participant, going: Script, console: Console) -> CommandError | None:
        """Follows the call to its end; why it failed, in the agent's words or ours."""
        following = asyncio.create_task(Captions(self.script, self.language, console).follow(rep))
        try:
            await going.run()
        except NoAgent as error:
            return CommandError(Code.LACKING, str(error))
        except (HungUp, Overdue, Refused) as error:
            return CommandError(Code.FAILED, str(error))
        finally:
            following.cancel()
            await asyncio.wait({following})
        return None

    async def _opened(self) -> Opened:
        with opened_store(self.settings) as store:
            try:
                return await open_room(store, self.livekit, self.wanted, agent=self.settings.agent)
            except (OpeningRefusedError, ConversationOver) as error:
                raise CommandError(Code.MISUSE, str(error)) from error

    @asynccontextmanager
    async def _room(self, opened: Opened) -> AsyncIterator[Participant]:
        try:
            rep = await Participant.connect(opened.url, opened.token, record=self.record)
        except HungUp as error:
            raise CommandError(Code.LACKING, f"{error}. Is a LiveKit server running there?") from error
        try:
            yield rep
        finally:
            if rep.streams.report is None:
                with suppress(Denied):
                    await rep.end(PARTING_SECONDS)
            await rep.leave()

    async def _told(self, rep: Participant, going: Script) -> dict[str, Any]:
        report, found = rep.streams.report, turns(rep, going.exchanges)
        told = [_turn(turn) for turn in found]
        if self.transcribes:
            for turn, text in zip(told, await self._transcribed(found), strict=True):
                turn["transcribed"] = text
        return {
            "report": report.document if report else None,
            "turns": told,
            "timings": timings(rep, going.exchanges),
        }

    async def _transcribed(self, found: Sequence[Turn]) -> list[str]:
        try:
            async with RecogniserProcess(self.settings.whisper) as ears:
                return await transcribed(found, Recogniser(ears.path), self.language)
        except (NoModelError, TimeoutError) as error:
            raise CommandError(Code.LACKING, f"--transcribe: {error}") from error


def _turn(turn: Turn) -> dict[str, Any]:
    return {
        "asked": turn.asked,
        "said": turn.said,
        "recognised": turn.recognised,
        "heard": turn.heard,
        "seconds_to_first_sound": turn.seconds_to_first_sound,
    }


def lines_of(say: Path) -> tuple[Line, ...]:
    """What is said in a call, from a text file or a folder of WAVs."""
    try:
        return read_lines(say)
    except LinesError as error:
        raise CommandError(Code.MISUSE, str(error)) from error
