"""The supervisor: keeps the workers running and tells how they are, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, get_args

from voyaltis_flow.reports import Store, StoreError
from voyaltis_flow.speech.whisper.process import RecogniserProcess
from voyaltis_flow.voice.hearing.choose import chosen
from voyaltis_flow.voice.observe import metrics
from voyaltis_flow.voice.observe.gathering import Gathering
from voyaltis_flow.voice.supervisor.health import Health, Pages
from voyaltis_flow.voice.supervisor.link import Orders
from voyaltis_flow.voice.supervisor.process import WorkerProcess
from voyaltis_flow.voice.supervisor.workers import Sight, State, Worker
from voyaltis_flow.voice.vendors import OFFLINE

LOOK_SECONDS = 1.0
SUM_UP_SECONDS = 60.0
STORE_SECONDS = 2.0
"""A store that takes longer to answer is no store to hold a conversation with."""
PARTING_SECONDS = 20.0
"""What a worker may take to end when its conversations are over, or were cut."""

Chore = Callable[[], Awaitable[object]]
"""Something to be done beside, as long as the agent runs."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Duty:
    """What an agent is to be: what its workers do, how many they are, and where it tells how they are."""

    orders: Orders
    workers: int = 1
    host: str = "127.0.0.1"
    port: int = 8081


class Supervisor:
    """An agent. `run` returns when it was told to stop and its conversations are over.

    `ears` are shared by all conversations: entered before the first worker is started, and left after the last ended.
    """

    def __init__(
        self, duty: Duty, store: Store, chores: Iterable[Chore] = (), ears: RecogniserProcess | None = None
    ) -> None:
        self._duty, self._store, self._chores, self._ears = duty, store, tuple(chores), ears
        self._gathering = Gathering()
        self._workers = [Worker(number, self._start) for number in range(1, duty.workers + 1)]
        self._told = asyncio.Event()
        self._now = asyncio.Event()
        self._last: tuple[str, ...] | None = None
        self._asked: asyncio.Task[str | None] | None = None
        self.port: int | None = None
        """Where the health page is, once it is there."""

    async def run(self) -> bool:
        """Runs the agent; False where it was told twice, and did not wait for its conversations.

        Raises PortTakenError before anything is started, and what entering the ears raises.
        """
        pages = Pages(self.look, self._gathering)
        for kind in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(kind, self.stop)
        try:
            self.port = await pages.open(self._duty.host, self._duty.port)
            log.info("serving: http://%s:%d, %d workers", self._duty.host, self.port, len(self._workers))
            async with self._ears or nullcontext():
                return await self._serve()
        finally:
            await pages.close()
            self._gathering.close()

    def stop(self) -> None:
        """Once: no more conversations, and the end when they are over. Twice: the end, now."""
        if self._told.is_set():
            self._now.set()
        self._told.set()

    def seen(self) -> tuple[Sight, ...]:
        """The workers at this moment."""
        return tuple(worker.seen() for worker in self._workers)

    async def look(self) -> Health:
        """How the agent is at this moment. Asks the store."""
        orders = self._duty.orders
        workers = self.seen()
        problems = []
        if self._told.is_set():
            problems.append("draining: no more conversations are taken")
        elif not any(worker.state == "registered" for worker in workers):
            problems.append(f"no worker is registered with LiveKit at {orders.livekit.url}")
        if trouble := await self._store_trouble():
            problems.append(trouble)
        if self._deaf():
            problems.append("the recogniser on this machine does not run; it is being started")
        return Health(orders.settings.agent, orders.livekit.url, self._told.is_set(), tuple(problems), workers)

    async def _serve(self) -> bool:
        keeping = [asyncio.create_task(self._beside(worker.keep)) for worker in self._workers]
        chores = [asyncio.create_task(self._beside(chore)) for chore in (self._watch, self._sum_up, *self._chores)]
        try:
            await self._told.wait()
            return await self._drained(keeping)
        finally:
            await _cancelled(*keeping, *chores)

    async def _drained(self, keeping: list[asyncio.Task[None]]) -> bool:
        """Waits for the conversations, at most as long as they may take; False where it was told not to."""
        limit = self._duty.orders.drain_seconds
        log.info("draining: conversations may go on for %d s", limit)
        for worker in self._workers:
            worker.leave()
        over, hurry = asyncio.create_task(asyncio.wait(keeping)), asyncio.create_task(self._now.wait())
        await asyncio.wait((over, hurry), timeout=limit + PARTING_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        drained = over.done()
        await _cancelled(over, hurry)
        log.log(logging.INFO if drained else logging.WARNING, "stopped: %s", "drained" if drained else "at once")
        return not self._now.is_set()

    async def _start(self, name: str) -> WorkerProcess:
        return await WorkerProcess.start(self._duty.orders, self._gathering.folder(name))

    async def _beside(self, chore: Chore) -> None:
        """What fails must not end the agent: it is told, and begun again."""
        while True:
            try:
                await chore()
                return
            except Exception as fault:
                log.error("chore_failed: %s", type(fault).__name__, exc_info=fault)
                await asyncio.sleep(LOOK_SECONDS)

    async def _watch(self) -> None:
        """Keeps the gauges, and tells each change of how the agent is once."""
        while True:
            health = await self.look()
            _show(health)
            if health.problems != self._last:
                self._last = health.problems
                _tell(health)
            await asyncio.sleep(LOOK_SECONDS)

    async def _sum_up(self) -> None:
        while True:
            await asyncio.sleep(SUM_UP_SECONDS)
            await asyncio.to_thread(self._gathering.sum_up)

    def _deaf(self) -> bool:
        """Whether nothing recognises what reps say. Behind a vendor's ears, those on this machine can wait."""
        if self._ears is None or self._ears.ready:
            return False
        return chosen(self._duty.orders.settings).name == OFFLINE

    async def _store_trouble(self) -> str | None:
        """Asks the store, unless it still has to answer the last time."""
        if self._asked is None or self._asked.done():
            self._asked = asyncio.create_task(self._ask_store())
        await asyncio.wait({self._asked}, timeout=STORE_SECONDS)
        if not self._asked.done():
            return f"the store did not answer within {STORE_SECONDS:g} s"
        return self._asked.result()

    async def _ask_store(self) -> str | None:
        try:
            await self._store.leases(self._duty.orders.settings.agent)
        except StoreError as error:
            return f"the store does not answer: {error}"
        return None


def _tell(health: Health) -> None:
    if health.ready:
        log.info("ready")
    else:
        log.warning("not_ready: %s", "; ".join(health.problems))


def _show(health: Health) -> None:
    metrics.ready.set(health.ready)
    metrics.conversations_active.set(sum(worker.conversations for worker in health.workers))
    for state in get_args(State):
        metrics.workers.labels(state).set(sum(worker.state == state for worker in health.workers))


async def _cancelled(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
