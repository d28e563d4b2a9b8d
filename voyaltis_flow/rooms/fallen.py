"""Leases whose holder has fallen silent: killed, frozen, or cut off from the store."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from voyaltis_flow.reports import Lease, Store, StoreError
from voyaltis_flow.rooms.dispatch import Dispatches
from voyaltis_flow.rooms.livekit import LivekitError
from voyaltis_flow.rooms.stillness import Stillness

TTL = 3.0
"""Seconds that a held lease may stand still; its holder renews it every second."""
BLOCKED = 0.5
"""Seconds to write, from which on a store has kept the holders from renewing, too."""

log = logging.getLogger(__name__)


class Fallen:
    """Takes the lease from a holder that is silent, puts its agent out of the room, and sends another."""

    def __init__(
        self, store: Store, dispatches: Dispatches, ttl: float = TTL, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._dispatches, self._ttl = store, dispatches, ttl
        self._stillness, self._clock = Stillness(clock), clock
        self._owed: set[str] = set()
        """Conversations whose lease we took away, and to which no agent could be sent yet."""

    async def look(self) -> None:
        """One look at all leases. A server that can't be asked is tried again at the next."""
        leases = await self._store.leases(self._dispatches.agent)
        still = self._stillness.seen({lease.conversation: (lease.epoch, lease.beats) for lease in leases})
        self._owed &= {lease.conversation for lease in leases if lease.holder is None}
        fallen = [
            lease
            for lease in leases
            if lease.conversation in self._owed or (lease.holder is not None and still[lease.conversation] >= self._ttl)
        ]
        if fallen and await self._blocked():
            self._stillness.forget()
            return
        await asyncio.gather(*map(self._replace, fallen))

    async def _blocked(self) -> bool:
        """Whether the store took long to be written: that its holders are silent then proves nothing."""
        asked = self._clock()
        try:
            await self._store.knock()
        except StoreError:
            self._stillness.forget()
            raise
        return self._clock() - asked > BLOCKED

    async def _replace(self, lease: Lease) -> None:
        """Sends another agent, if nobody else does.

        Each try takes the lease anew: that shows the other watches that it is being seen to, and tells us when one of
        them was quicker.
        """
        retried = lease.conversation in self._owed
        try:
            if await self._store.evict(lease):
                self._owed.add(lease.conversation)
                await self._send(lease)
                log.warning("agent_replaced: conversation %s, epoch %d", lease.conversation, lease.epoch)
            self._owed.discard(lease.conversation)
        except (LivekitError, StoreError) as error:
            if not retried:
                log.warning("agent_not_replaced: conversation %s: %s", lease.conversation, error)

    async def _send(self, lease: Lease) -> None:
        room = lease.order.room
        if room in await self._dispatches.rooms():
            for identity in await self._dispatches.agents(room):
                await self._dispatches.remove(room, identity)
            for dispatch in await self._dispatches.of(room):
                await self._dispatches.withdraw(room, dispatch)
        await self._dispatches.send(room, lease.order.metadata)
