"""What a session costs beside a bare LiveKit agent's, with the same speech and the same vendors, in one run."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psutil

from tests.benchmarks.__main__ import Row
from tests.standins import deepgram, elevenlabs, messages_api
from tests.voice.live.house import environment, house
from voyaltis_flow.reports import Store
from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.metadata import JobMetadata
from voyaltis_flow.rooms.opening import Opened, open_room
from voyaltis_flow.rooms.participant import Participant
from voyaltis_flow.rooms.server import running_server

LINES = ("Deux S25 et un Family Hub.", "Les clients ont adoré l'image.")
MIB = 1 << 20
BARE = Path(__file__).with_name("bare_agent.py")
READY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Cost:
    """What the process that holds a session used: memory of its own, and of a core, while it was held."""

    uss: float
    core: float


def rows() -> list[Row]:
    """Ours, and the bare one's."""
    ours, bare = asyncio.run(_measure())
    return [
        ("CPU of a session, of a core", f"{ours.core:.1%}, {ours.core / bare.core:.2f} ×", "≤ 1.15 ×"),
        ("the same of a bare LiveKit agent", f"{bare.core:.1%}", ""),
        ("USS of a job", f"{ours.uss / MIB:.0f} MiB, + {(ours.uss - bare.uss) / MIB:.0f}", "≤ + 25 MiB"),
        ("the same of a bare LiveKit agent", f"{bare.uss / MIB:.0f} MiB", ""),
    ]


async def _measure() -> tuple[Cost, Cost]:
    with TemporaryDirectory() as folder:
        async with (
            running_server() as server,
            deepgram.Deepgram(LINES * 2) as ears,
            elevenlabs.ElevenLabs() as voice,
            messages_api.MessagesApi(messages_api.polite) as model,
        ):
            told = {
                **{f"{vendor}_API_KEY": "any" for vendor in ("DEEPGRAM", "ELEVENLABS", "ANTHROPIC")},
                "DEEPGRAM_BASE_URL": ears.base_url,
                "ELEVENLABS_BASE_URL": voice.base_url,
                "ANTHROPIC_BASE_URL": model.base_url,
            }
            async with house(server.livekit, Path(folder), **told) as agent:
                ours = await _held(await agent.open(language="fr"), agent.process.pid)
            async with _bare(server.livekit, folder, told) as (opened, pid):
                return ours, await _held(opened, pid)


async def _held(opened: Opened, root: int) -> Cost:
    """A call of some turns, and what the busiest of the agent's processes used meanwhile."""
    rep = await Participant.connect(opened.url, opened.token)
    try:
        await rep.until(lambda: rep.ear.voices, 30, "no opening")
        before = {process: _seconds(process) for process in _jobs(root)}
        began = asyncio.get_running_loop().time()
        for line in LINES:
            await _quiet(rep)
            said = await rep.say_text(line, "fr")
            ended = await rep.until(lambda said=said: said.ended, 20, "it was not said")  # type: ignore[misc]
            await rep.until(lambda ended=ended: rep.ear.first_since(ended), 20, "no answer")  # type: ignore[misc]
        took = asyncio.get_running_loop().time() - began
        used = {process: _seconds(process) - seconds for process, seconds in before.items()}
        busiest = max(used, key=used.__getitem__)
        return Cost(busiest.memory_full_info().uss, used[busiest] / took)
    finally:
        await rep.leave()


async def _quiet(rep: Participant) -> None:
    await rep.until(lambda: not rep.ear.hears and rep.agent and rep.agent.state == "listening", 30, "it does not end")


@asynccontextmanager
async def _bare(livekit: Livekit, folder: str, told: dict[str, str]) -> AsyncIterator[tuple[Opened, int]]:
    name, store = f"bare-{uuid4().hex[:8]}", f"sqlite:///{folder}/bare.db"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "livekit.agents", "start", str(BARE)),
        env=environment(livekit, store, **told, BARE_AGENT=name),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(READY_SECONDS):
            while b"registered worker" not in (line := await process.stdout.readline()):
                assert line, "the bare agent has ended"
        drain = asyncio.create_task(process.stdout.read())
        kept = Store.open(store)
        opened = await open_room(kept, livekit, JobMetadata("event_debrief", language="fr"), agent=name)
        kept.close()
        yield opened, process.pid
        drain.cancel()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _jobs(root: int) -> Iterator[psutil.Process]:
    """The processes that may hold a session: those without children of their own."""
    for process in psutil.Process(root).children(recursive=True):
        with suppress(psutil.Error):
            if not process.children() and any("forkserver" in part for part in process.cmdline()):
                yield process


def _seconds(process: psutil.Process) -> float:
    with suppress(psutil.Error):
        times = process.cpu_times()
        return times.user + times.system
    return 0.0
