"""`voyaltis-flow talk --voice`: a whole call on this machine. A server, an agent, and a rep made of software."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import Thread, Timer
from typing import IO
from uuid import uuid4

from rich.console import Console

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.events import Person
from voyaltis_flow.project import Script, Settings, find_project
from voyaltis_flow.rooms.livekit import Livekit, LivekitError
from voyaltis_flow.rooms.metadata import JobMetadata
from voyaltis_flow.rooms.server import guard, livekit_server

from .call import Held, Placed, lines_of
from .content import settings_of
from .exits import Code, CommandError, any_end_is_an_interrupt

COMMAND = Path(sys.executable).parent / "voyaltis-flow"
READY_SECONDS = 60.0
"""What an agent may take to be ready for calls; where its LiveKit server is away, it would try for ever."""
REP, EVENT = "Thomas", {"fr": "la Foire de Lyon", "en": "the Lyon fair"}


def spoken(
    flow: str, script: Script, language: str, rep: Person, event: Person, responder: str | None, save: Path | None
) -> None:
    """Holds the call, and prints it while it is spoken; `save` is for its report. What was started ends with it.

    The rep says the lines beside the flow.
    """
    lines = lines_of(find_project().find("flow", flow).with_name(f"{flow}.{language}.txt"))
    compiled = CompiledScript.compile(script.flow, script.style, script.catalogs, script.hooks)
    rep, event = Person(name=rep.name or REP), Person(name=event.name or EVENT.get(language))
    wanted = JobMetadata(flow, style=script.style.style, language=language, rep=rep, event=event)
    settings = settings_of(responder, agent=f"demo-{uuid4().hex[:8]}")
    try:
        with any_end_is_an_interrupt(), _surroundings(settings) as livekit:
            placed = Placed(settings, livekit, wanted, compiled, language)
            held = asyncio.run(placed.held(lines))
    except LivekitError as error:
        raise CommandError(Code.LACKING, str(error)) from error
    _save(held, save)
    held.conclude()


def _save(held: Held, path: Path | None) -> None:
    if path is not None and held.document["report"] is not None:
        path.write_text(json.dumps(held.document["report"], ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


@contextmanager
def _surroundings(settings: Settings) -> Iterator[Livekit]:
    """The server of the settings or one of our own, and an agent of our own that is ready to be called."""
    with (
        livekit_server(settings.livekit_url, settings.livekit_api_key, settings.livekit_api_secret) as livekit,
        _agent(settings, livekit),
    ):
        yield livekit


@contextmanager
def _agent(settings: Settings, livekit: Livekit) -> Iterator[None]:
    """The agent's command. Its guard ends it when we say so, or die."""
    Console(stderr=True, highlight=False).print("Starting an agent …", style="dim")
    process = Popen(
        [sys.executable, "-I", "-S", guard.__file__, COMMAND, "agent", "--name", settings.agent, "--port", "0"],
        env=_environment(settings, livekit),
        stdin=PIPE,
        stdout=DEVNULL,
        stderr=PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for us: the agent hears from its rep that it is over
    )
    assert process.stdin is not None
    assert process.stderr is not None
    try:
        with _ended_after(READY_SECONDS, process):
            _await_ready(process.stderr)
        Thread(target=process.stderr.read, daemon=True).start()  # the log goes on, and somebody has to take it
        yield
    finally:
        with suppress(OSError):  # it has ended by itself
            process.stdin.write("end")
            process.stdin.close()
        process.wait()


@contextmanager
def _ended_after(seconds: float, process: Popen[str]) -> Iterator[None]:
    """Has the guard end what takes longer, so that whoever reads from it comes to an end, too."""
    assert process.stdin is not None
    patience = Timer(seconds, process.stdin.close)
    patience.start()
    try:
        yield
    finally:
        patience.cancel()


def _environment(settings: Settings, livekit: Livekit) -> dict[str, str]:
    return {
        **os.environ,
        "LIVEKIT_URL": livekit.url,
        "LIVEKIT_API_KEY": livekit.api_key,
        "LIVEKIT_API_SECRET": livekit.api_secret,
        "VOYALTIS_RESPONDER": settings.responder,
        # The rep's voice is a machine's, whose sentences do not sound over to a model that has heard people.
        "VOYALTIS_END_OF_TURN": "vad",
    }


def _await_ready(log: IO[str]) -> None:
    """Reads the agent's log until it takes calls; what it says instead is told."""
    told: list[str] = []
    for line in log:
        if not line.startswith("{"):
            told.append(line.strip())
        elif (entry := json.loads(line)).get("event") == "ready":
            return
        elif entry.get("event") == "not_ready":
            told.append(entry["reason"])
    raise CommandError(Code.LACKING, "\n".join(["the agent did not start", *told]))
