"""`voyaltis-flow call`: a rep made of software calls a running agent, says some lines, and gets the report."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.events import Person
from voyaltis_flow.project import Settings
from voyaltis_flow.reports import ConversationOver, DriverMissing, Store, StoreError
from voyaltis_flow.rooms.livekit import Livekit, LivekitError
from voyaltis_flow.rooms.metadata import JobMetadata
from voyaltis_flow.rooms.opening import OpeningRefusedError, open_room
from voyaltis_flow.rooms.participant import (
    HungUp,
    Line,
    LinesError,
    NoAgent,
    Overdue,
    Participant,
    Refused,
    Report,
    Script,
    read_lines,
    timings,
    turns,
)

from .account import account
from .captions import Captions
from .content import script_of, settings_of
from .exits import Code, CommandError


def call(  # noqa: PLR0913, PLR0917 - each is a flag of the command
    flow: Annotated[str, typer.Argument(metavar="FLOW", help="The flow, by name.")],
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
) -> None:
    """Start a room, call a running agent, say some lines, and print the conversation and its report."""
    script, settings = script_of(flow, style, None), settings_of(agent=agent)
    wanted = JobMetadata(flow, style=style, language=lang, rep=Person(name=rep), event=Person(name=event))
    compiled = CompiledScript.compile(script.flow, script.style, script.catalogs)
    console = Console(highlight=False)
    placed = Placed(settings, _livekit(settings), wanted, compiled, compiled.language(lang), console)
    document = asyncio.run(placed.call(_lines(say), record))
    if as_json is not None:
        as_json.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Placed:
    """A call that is to be made."""

    settings: Settings
    livekit: Livekit
    wanted: JobMetadata
    script: CompiledScript
    language: str
    console: Console

    async def call(self, lines: tuple[Line, ...], record: Path | None) -> dict[str, Any]:
        """Makes it, shown as it goes; the report and how it went. Raises CommandError, in the agent's words or ours."""
        try:
            async with self._room(record) as rep:
                going = Script(rep, lines, self.settings.agent, self.language)
                report = await self._followed(rep, going)
                told = _told(report, rep, going)
        except NoAgent as error:
            raise CommandError(Code.LACKING, str(error)) from error
        except (HungUp, Overdue, Refused) as error:
            raise CommandError(Code.FAILED, str(error)) from error
        self.console.print()
        self.console.print(account(self.script, told["report"]))
        return told

    async def _followed(self, rep: Participant, going: Script) -> Report:
        following = asyncio.create_task(Captions(self.script, self.language, self.console).follow(rep))
        try:
            return await going.run()
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    @asynccontextmanager
    async def _room(self, record: Path | None) -> AsyncIterator[Participant]:
        store = _store(self.settings)
        try:
            opened = await open_room(store, self.livekit, self.wanted, agent=self.settings.agent)
        except (OpeningRefusedError, ConversationOver) as error:
            raise CommandError(Code.MISUSE, str(error)) from error
        finally:
            store.close()
        try:
            rep = await Participant.connect(opened.url, opened.token, record=record)
        except HungUp as error:
            raise CommandError(Code.LACKING, f"{error}. Is a LiveKit server running there?") from error
        try:
            yield rep
        finally:
            await rep.leave()


def _told(report: Report, rep: Participant, going: Script) -> dict[str, Any]:
    """How a call went, for programs."""
    exchanged = turns(rep, going.exchanges)
    return {
        "report": json.loads(report.text),
        "turns": [
            {
                "asked": turn.asked,
                "said": turn.said,
                "recognised": turn.recognised,
                "heard": turn.heard,
                "seconds_to_first_sound": turn.seconds_to_first_sound,
            }
            for turn in exchanged
        ],
        "timings": timings(rep, going.exchanges),
    }


def _lines(say: Path) -> tuple[Line, ...]:
    try:
        return read_lines(say)
    except LinesError as error:
        raise CommandError(Code.MISUSE, str(error)) from error


def _livekit(settings: Settings) -> Livekit:
    try:
        livekit = Livekit.named(settings.livekit_url, settings.livekit_api_key, settings.livekit_api_secret)
    except LivekitError as error:
        raise CommandError(Code.LACKING, str(error)) from error
    if livekit is None:
        told = "LIVEKIT_URL is not set: the address of a LiveKit server. `make run ARGS=--voice` brings one of its own."
        raise CommandError(Code.LACKING, told)
    return livekit


def _store(settings: Settings) -> Store:
    try:
        return Store.open(settings.store)
    except DriverMissing as error:
        raise CommandError(Code.LACKING, str(error)) from error
    except StoreError as error:
        raise CommandError(Code.MISUSE, str(error)) from error
