"""An agent as it runs for users: the command, in processes of its own, on a real LiveKit server, with a store."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil

from voyaltis_flow.engine.events import Person
from voyaltis_flow.reports import Store
from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.metadata import JobMetadata
from voyaltis_flow.rooms.opening import Opened, open_room
from voyaltis_flow.rooms.participant import Participant

COMMAND = str(Path(sys.executable).parent / "voyaltis-flow")
READY_SECONDS = 60.0
SERVING = re.compile(r"http://127\.0\.0\.1:(\d+)")


@dataclass
class House:
    """A running agent. `lines` are its log, as it comes."""

    livekit: Livekit
    store: Store
    name: str
    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)

    def logged(self, event: str) -> list[dict[str, Any]]:
        """What the log tells of an event."""
        return [entry for entry in self._entries() if entry.get("event") == event]

    async def open(self, flow: str = "event_debrief", **wanted: Any) -> Opened:
        """A room for a conversation with this agent."""
        told = {"rep": Person(name="Thomas"), "event": Person(name="la Foire de Lyon"), **wanted}
        return await open_room(self.store, self.livekit, JobMetadata(flow, **told), agent=self.name)

    @asynccontextmanager
    async def rep(self, flow: str = "event_debrief", **wanted: Any) -> AsyncIterator[tuple[Participant, Opened]]:
        """A rep in a room of their own, and the room."""
        opened = await self.open(flow, **wanted)
        participant = await Participant.connect(opened.url, opened.token)
        try:
            yield participant, opened
        finally:
            await participant.leave()

    def holder(self, conversation: str) -> psutil.Process:
        """The process that holds a conversation, by the log."""
        taken = [entry for entry in self.logged("conversation_taken") if entry["conversation"] == conversation]
        return psutil.Process(taken[-1]["process"])

    def workers(self) -> list[psutil.Process]:
        """The worker processes."""
        return [process for process in self._descendants() if _runs(process, "supervisor.child")]

    def jobs(self) -> list[psutil.Process]:
        """The processes that hold conversations, or wait for one."""
        return [process for process in self._descendants() if _runs(process, "forkserver") and not process.children()]

    def _descendants(self) -> Iterator[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            yield from psutil.Process(self.process.pid).children(recursive=True)

    def _entries(self) -> Iterator[dict[str, Any]]:
        for line in self.lines:
            with suppress(ValueError):
                yield json.loads(line)

    async def until_ready(self) -> None:
        """Waits until a worker is registered."""
        async with asyncio.timeout(READY_SECONDS):
            while not self.logged("ready"):
                assert self.process.returncode is None, "\n".join(self.lines)
                await asyncio.sleep(0.1)

    async def read(self, stream: asyncio.StreamReader) -> None:
        """Collects the log."""
        async for line in stream:
            self.lines.append(line.decode(errors="replace").rstrip())


def environment(livekit: Livekit, store: str, **more: str) -> dict[str, str]:
    """What an agent is told by its environment; nothing of this machine's own settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "XDG_CACHE_HOME") if name in os.environ}
    told = {
        "LIVEKIT_URL": livekit.url,
        "LIVEKIT_API_KEY": livekit.api_key,
        "LIVEKIT_API_SECRET": livekit.api_secret,
        "VOYALTIS_STORE": store,
        "VOYALTIS_END_OF_TURN": "vad",
    }
    return {**kept, **told, **more}


@asynccontextmanager
async def house(livekit: Livekit, folder: Path, *, workers: int = 1, **environ: str) -> AsyncIterator[House]:
    """An agent that takes conversations; stopped at once at the end, with all that it started."""
    url, name = f"sqlite:///{folder / 'store.db'}", f"agent-{uuid4().hex[:8]}"
    process = await asyncio.create_subprocess_exec(
        COMMAND,
        "agent",
        *("--name", name, "--port", "0", "--workers", str(workers)),
        cwd=folder,
        env=environment(livekit, url, **environ),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    running = House(livekit, Store.open(url), name, process)
    reading = asyncio.create_task(running.read(process.stderr))
    try:
        await running.until_ready()
        yield running
    finally:
        for _ in range(2):
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 10)
        with suppress(ProcessLookupError):
            process.kill()
        with suppress(TimeoutError):
            await asyncio.wait_for(reading, 10)
        running.store.close()


def _runs(process: psutil.Process, what: str) -> bool:
    with suppress(psutil.Error):
        return any(what in part for part in process.cmdline())
    return False
