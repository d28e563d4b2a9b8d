"""`voyaltis-flow talk --voice`: a whole call on this machine. A server, an agent, and a rep made of software."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from threading import Thread
from uuid import uuid4

from rich.console import Console

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.events import Person
from voyaltis_flow.project import Script, Settings
from voyaltis_flow.rooms.livekit import Livekit, LivekitError
from voyaltis_flow.rooms.metadata import JobMetadata
from voyaltis_flow.rooms.participant import read_lines
from voyaltis_flow.rooms.server import livekit_server

from .call import Placed
from .content import settings_of
from .exits import Code, CommandError

COMMAND = Path(sys.executable).parent / "voyaltis-flow"
PARTING_SECONDS = 10.0
REP, EVENT = Person(name="Thomas"), Person(name="la Foire de Lyon")


def spoken(
    flow: str, script: Script, lang: str | None, rep: str | None, event: str | None, responder: str | None
) -> None:
    """Holds the call, and prints it while it is spoken. What was started ends with it."""
    compiled = CompiledScript.compile(script.flow, script.style, script.catalogs)
    wanted = JobMetadata(
        flow,
        style=script.style.style,
        language=compiled.language(lang),
        rep=Person(name=rep) if rep else REP,
        event=Person(name=event) if event else EVENT,
    )
    settings = settings_of(responder, agent=f"demo-{uuid4().hex[:8]}")
    console = Console(highlight=False)
    try:
        with (
            livekit_server(settings.livekit_url, settings.livekit_api_key, settings.livekit_api_secret) as livekit,
            _agent(settings, livekit),
        ):
            placed = Placed(settings, livekit, wanted, compiled, compiled.language(lang), console)
            asyncio.run(placed.call(read_lines(_lines(compiled.language(lang))), None))
    except LivekitError as error:
        raise CommandError(Code.LACKING, str(error)) from error


def _lines(language: str) -> Path:
    return Path(__file__).with_name(f"spoken.{language}.txt")


@contextmanager
def _agent(settings: Settings, livekit: Livekit) -> Iterator[None]:
    """An agent of our own, ready to be called."""
    Console(stderr=True, highlight=False).print("Starting an agent …", style="dim")
    environ = {
        **os.environ,
        "LIVEKIT_URL": livekit.url,
        "LIVEKIT_API_KEY": livekit.api_key,
        "LIVEKIT_API_SECRET": livekit.api_secret,
        "VOYALTIS_RESPONDER": settings.responder,
        # The rep's voice is a machine's, whose sentences do not sound over to a model that has heard people.
        "VOYALTIS_END_OF_TURN": "vad",
    }
    process = Popen(
        [COMMAND, "agent", "--name", settings.agent, "--port", "0"], env=environ, stdin=DEVNULL, stderr=PIPE, text=True
    )
    try:
        _await_ready(process)
        yield
    finally:
        for _ in range(2):  # the second time says: at once
            with suppress(ProcessLookupError):
                process.terminate()
        try:
            process.wait(PARTING_SECONDS)
        except TimeoutExpired:
            process.kill()


def _await_ready(process: Popen[str]) -> None:
    """Reads the agent's log until it takes calls; what stops it from doing so is told."""
    assert process.stderr is not None
    told: list[str] = []
    for line in process.stderr:
        told.append(line.strip())
        with suppress(ValueError, AttributeError):
            if json.loads(line).get("event") == "ready":
                Thread(target=_drain, args=(process,), daemon=True).start()
                return
    raise CommandError(Code.LACKING, "\n".join(["the agent did not start", *told[-3:]]))


def _drain(process: Popen[str]) -> None:
    """The log goes on, and somebody has to take it."""
    assert process.stderr is not None
    for _ in process.stderr:
        pass
