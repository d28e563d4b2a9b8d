"""Watches over the leases of an agent's name, so that no room stays without its agent.

An open-source LiveKit server never dispatches a lost job again, and drops a dispatch that finds no worker. Any number
of watches may run side by side, on any machines: what is done once is decided by compare-and-set, in the store or on
the server.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from voyaltis_flow.reports import Store, StoreError
from voyaltis_flow.rooms.dispatch import Dispatches
from voyaltis_flow.rooms.fallen import TTL, Fallen
from voyaltis_flow.rooms.livekit import Livekit, LivekitError
from voyaltis_flow.rooms.unserved import Unserved

EVERY = 0.25
"""Seconds between two looks at the leases."""

ROOMS_EVERY = 1.0
"""Seconds between two looks at the rooms on the server: it is asked about each one that has no lease."""

log = logging.getLogger(__name__)


class Watch:
    """Sends a new agent where one has fallen, and where none has come."""

    def __init__(
        self,
        store: Store,
        livekit: Livekit,
        agent: str,
        *,
        ttl: float = TTL,
        every: float = EVERY,
        rooms_every: float = ROOMS_EVERY,
        clock: Callable[[], float] = time.monotonic,
        on_sent: Callable[[], object] | None = None,
    ) -> None:
        """`ttl` is how long a lease may stand still, in seconds: an agent renews it every second.

        `on_sent` is called each time that an agent was sent.
        """
        self._store, self._livekit, self._agent = store, livekit, agent
        self._ttl, self._every, self._rooms_every = ttl, every, rooms_every
        self._clock, self._on_sent = clock, on_sent

    async def run(self) -> None:
        """Watches until it is cancelled; a store or a server that can't be reached is asked again."""
        async with self._livekit.api() as api, asyncio.TaskGroup() as group:
            dispatches = Dispatches(api, self._agent, self._on_sent)
            fallen = Fallen(self._store, dispatches, self._ttl, self._clock)
            unserved = Unserved(self._store, dispatches, self._clock)
            group.create_task(_again_and_again(fallen.look, self._every), name="watch fallen")
            group.create_task(_again_and_again(unserved.look, self._rooms_every), name="watch unserved")


async def _again_and_again(look: Callable[[], Awaitable[None]], every: float) -> None:
    failing = False
    while True:
        try:
            await look()
        except (LivekitError, StoreError) as error:
            if not failing:
                log.warning("watch_failing: %s", error)
            failing = True
        else:
            if failing:
                log.info("watch_recovered")
            failing = False
        await asyncio.sleep(every)
