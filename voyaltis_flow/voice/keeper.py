"""Keeps a conversation: writes what happens under its lease, and shows every second that its agent is alive.

An agent that was frozen, or cut from the store, may find that another one has taken over. Then `lost` is set, nothing
more is written, and it has to leave.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from voyaltis_flow.engine.events import Event
from voyaltis_flow.reports import Lease, LeaseLost, Store, StoreError

RENEW_SECONDS = 1.0
RETRY_SECONDS = 0.2
"""Between two tries of a write that the store could not take."""
GIVE_UP_SECONDS = 45.0
"""How long a rep is kept waiting for a store that can't be written."""

log = logging.getLogger(__name__)


class Keeper:
    """Writes in order. Only one write is under way at a time; one that fails is tried until the lease is lost."""

    def __init__(self, store: Store, lease: Lease) -> None:
        self.lost = asyncio.Event()
        """Another agent holds the conversation now, or will."""
        self.gave_up = False
        """It was lost since the store could not be written."""
        self._store, self._lease = store, lease
        self._order = asyncio.Lock()
        self._tasks: set[asyncio.Task[bool]] = set()

    @property
    def lease(self) -> Lease:
        """What is held."""
        return self._lease

    def hold(self, words: str, at: float) -> None:
        """The rep's words, before they are answered. Does not wait; what is appended later comes after it."""
        task = asyncio.create_task(self._write(partial(self._store.hold, self._lease, words, at)), name="hold")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def append(self, events: Sequence[Event]) -> bool:
        """What has happened; whether it is kept now, or the lease was lost."""
        return await self._write(partial(self._store.append, self._lease, events))

    async def keep_report(self, report: bytes) -> None:
        """The report, as it will be sent."""
        await self._write(partial(self._store.keep_report, self._lease, report))

    async def release(self) -> None:
        """The conversation is over, and nobody need take it up again."""
        await self._write(partial(self._store.release, self._lease))

    async def hand_back(self) -> None:
        """The conversation has not begun, and whoever comes into its room later may begin it."""
        await self._write(partial(self._store.hand_back, self._lease))
        self.lost.set()

    async def flush(self) -> None:
        """Waits for what is being held."""
        if self._tasks:
            await asyncio.wait(set(self._tasks))

    async def renew(self) -> None:
        """Shows, until it is cancelled or the lease is lost, that this agent is alive."""
        while not self.lost.is_set():
            try:
                await self._store.renew(self._lease)
            except LeaseLost:
                self._lose()
            except Exception as error:
                log.warning("lease_not_renewed: %s", type(error).__name__)
            await asyncio.sleep(RENEW_SECONDS)

    async def _write(self, write: Callable[[], Awaitable[None]]) -> bool:
        async with self._order:
            deadline = asyncio.get_running_loop().time() + GIVE_UP_SECONDS
            while not self.lost.is_set():
                try:
                    await write()
                    return True
                except LeaseLost:
                    self._lose()
                except StoreError as error:
                    log.warning("store_write_failed: %s", type(error).__name__)
                    if asyncio.get_running_loop().time() > deadline:
                        log.error("store_given_up: another agent goes on once there is a store")
                        self.gave_up = True
                        self._lose()
                    await asyncio.sleep(RETRY_SECONDS)
        return False

    def _lose(self) -> None:
        if not self.lost.is_set():
            log.warning("lease_lost")
        self.lost.set()
