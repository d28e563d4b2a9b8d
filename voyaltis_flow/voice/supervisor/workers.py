"""A worker that is always there: its process is started again whenever it has died or is frozen."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from voyaltis_flow.voice.observe import metrics
from voyaltis_flow.voice.supervisor.process import WorkerProcess

State = Literal["starting", "registered", "unregistered", "leaving", "gone"]
"""`unregistered`: it runs, and LiveKit can't be reached; `gone`: it died young, and is not started again yet."""

YOUNG_SECONDS = 10.0
"""A process that died before was not well to begin with."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before a process is started again whose forerunners died young, but for the first of them."""

Reason = Literal["exited", "frozen"]

Start = Callable[[str], Awaitable[WorkerProcess]]
"""Starts a process; is given a name that no process had before."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sight:
    """What there is to see of a worker."""

    number: int
    pid: int | None
    state: State
    conversations: int
    restarts: int


class Worker:
    """One of the workers. `keep` runs for as long as the agent does."""

    def __init__(self, number: int, start: Start) -> None:
        self._number, self._start = number, start
        self._process: WorkerProcess | None = None
        self._leaving = asyncio.Event()
        self._restarts = 0
        self._young = 0

    def seen(self) -> Sight:
        """The worker at this moment."""
        process = self._process
        conversations = process.beat.conversations if process and process.beat else 0
        return Sight(self._number, process.pid if process else None, self._state(), conversations, self._restarts)

    async def keep(self) -> None:
        """Keeps a process running until `leave` was called and it has ended. Ends it when it is cancelled."""
        lost = None
        try:
            while not self._leaving.is_set():
                process = await self._begin()
                reason = await self._live(process, lost)
                lost = time.monotonic()
                await process.kill()
                self._process = None
                await self._grieve(reason, lost - process.began)
        finally:
            if self._process is not None:
                await self._process.kill()

    def leave(self) -> None:
        """The process takes no more conversations, and is not started again."""
        self._leaving.set()
        if self._process is not None:
            self._process.leave()

    def _state(self) -> State:
        if self._process is None:
            return "gone"
        if self._leaving.is_set():
            return "leaving"
        if self._process.beat is None:
            return "starting"
        return "registered" if self._process.beat.registered else "unregistered"

    async def _begin(self) -> WorkerProcess:
        self._process = await self._start(f"worker-{self._number}-{self._restarts}")
        if self._leaving.is_set():  # told so while it was being started
            self._process.leave()
        return self._process

    async def _live(self, process: WorkerProcess, lost: float | None) -> Reason:
        """Returns when the process is dead, or as good as dead; why."""
        ended, frozen = asyncio.create_task(process.ended()), asyncio.create_task(process.frozen())
        back = asyncio.create_task(self._tell_back(process, lost))
        try:
            await asyncio.wait((ended, frozen), return_when=asyncio.FIRST_COMPLETED)
            return "exited" if ended.done() else "frozen"
        finally:
            for task in (ended, frozen, back):
                task.cancel()

    async def _tell_back(self, process: WorkerProcess, lost: float | None) -> None:
        await process.registered.wait()
        if lost is None:
            log.info("worker_registered: worker %d", self._number)
        else:
            log.info("worker_back: worker %d, %.1f s after it was lost", self._number, time.monotonic() - lost)

    async def _grieve(self, reason: Reason, lived: float) -> None:
        """Tells of a process that is gone, and waits where starting another at once has not helped before."""
        if self._leaving.is_set():
            return
        self._restarts += 1
        metrics.worker_restarts.labels(reason).inc()
        log.error("worker_lost: worker %d, %s after %.0f s", self._number, reason, lived)
        self._young = self._young + 1 if lived < YOUNG_SECONDS else 0
        if self._young > 1:
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self._young - 2))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._leaving.wait(), pause)
