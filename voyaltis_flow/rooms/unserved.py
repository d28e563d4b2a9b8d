"""Rooms that wait for an agent: with a lease that nobody has taken, or with a dispatch that found no worker."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace

from voyaltis_flow.reports import ConversationOver, Lease, LeaseHeld, LeaseLost, Order, Store
from voyaltis_flow.rooms.dispatch import Dispatch, Dispatches, Gone, conversation_of
from voyaltis_flow.rooms.metadata import MetadataRefused, parse_metadata
from voyaltis_flow.rooms.stillness import Stillness
from voyaltis_flow.rooms.tokens import LIFETIME

PATIENCE = 2.0
"""Seconds for a worker to take the lease of a room, before an agent is sent again."""

JOINING = 5.0
"""Seconds for it when a worker has the job, or its agent is in the room already."""

LOST = 1.0
"""Seconds after which a dispatch that no worker is seen to have may have been dropped: another one does no harm."""

DROPPED = 10.0
"""Seconds after which it surely was: a worker's job is listed after five at most."""

_KEPT = 3
"""Of the dispatches into a room, how many of the newest are left alone: an agent of theirs may be on its way."""

log = logging.getLogger(__name__)


class Unserved:
    """Sends agents, again and again, until one takes the lease."""

    def __init__(self, store: Store, dispatches: Dispatches, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._dispatches = store, dispatches
        self._leases, self._unseen = Stillness(clock), Stillness(clock)

    async def look(self) -> None:
        """One look at the open leases and at the rooms on the server."""
        leases = await self._store.leases(self._dispatches.agent)
        rooms = await self._dispatches.rooms()
        free = {lease.conversation: lease for lease in leases if lease.holder is None}
        waited = self._leases.seen({id: (lease.epoch, lease.order.room in rooms) for id, lease in free.items()})
        for conversation, lease in free.items():
            if waited[conversation] >= PATIENCE:
                with suppress(Gone):  # the others wait for their agents, too
                    await self._serve(lease, waited[conversation], rooms)
        await self._find_lost(rooms - {lease.order.room for lease in leases})

    async def _serve(self, lease: Lease, waited: float, rooms: Iterable[str]) -> None:
        """Sends an agent for a lease that nobody has taken, unless one is on its way or the rep has not come yet."""
        room = lease.order.room
        there = room in rooms
        if there and waited < JOINING and await self._comes(lease):
            return
        if not there and not await self._begun(lease):
            if waited >= LIFETIME.total_seconds():
                await self._close(lease)
            return
        if not await self._store.evict(lease):
            return
        if there:
            for dispatch in (await self._dispatches.of(room))[:-_KEPT]:
                await self._dispatches.withdraw(room, dispatch)
        await self._dispatches.send(room, lease.order.metadata)
        log.warning("agent_sent_again: conversation %s", lease.conversation)

    async def _comes(self, lease: Lease) -> bool:
        if await self._dispatches.agents(lease.order.room):
            return True
        sent = await self._dispatches.of(lease.order.room)
        return any(dispatch.taken and dispatch.metadata == lease.order.metadata for dispatch in sent)

    async def _begun(self, lease: Lease) -> bool:
        """Whether there is a conversation to bring to its end, though its room is gone."""
        return lease.epoch > 0 and bool(await self._store.events(lease.conversation))

    async def _close(self, lease: Lease) -> None:
        """Nobody can come any more: the rep's token is too old."""
        with suppress(LeaseHeld, LeaseLost, ConversationOver):
            await self._store.release(await self._store.take(lease.order, "nobody"))
            log.info("never_joined: conversation %s", lease.conversation)

    async def _find_lost(self, rooms: Iterable[str]) -> None:
        """Sees to rooms that others made, with tokens of their own, and whose dispatch found no worker."""
        unseen: dict[str, Dispatch] = {}
        for room in rooms:
            with suppress(Gone):
                unseen.update((room, dispatch) for dispatch in await self._dispatches.of(room) if not dispatch.taken)
        ages = self._unseen.seen({room: newest.id for room, newest in unseen.items()})
        for room, newest in unseen.items():
            with suppress(Gone):
                if ages[room] >= LOST and not await self._dispatches.agents(room):
                    await self._adopt(room, newest, ages[room])

    async def _adopt(self, room: str, dispatch: Dispatch, age: float) -> None:
        """Gives a room a lease like those that we open, and sends an agent."""
        read = parse_metadata(dispatch.metadata)
        if isinstance(read, MetadataRefused):
            await self._send_to_refuse(room, dispatch, age)
            return
        wanted = replace(read, conversation=read.conversation or conversation_of(dispatch.id))
        assert wanted.conversation is not None
        try:
            order = Order(wanted.conversation, room, self._dispatches.agent, wanted.written())
            lease = await self._store.place(order)
        except ConversationOver:
            await self._dispatches.withdraw(room, dispatch)
            return
        if lease.order.room != room:
            await self._send_to_refuse(room, dispatch, age)
        elif lease.epoch == 0 and await self._store.evict(lease):
            await self._dispatches.send(room, order.metadata)
            log.warning("lost_dispatch: conversation %s", lease.conversation)

    async def _send_to_refuse(self, room: str, dispatch: Dispatch, age: float) -> None:
        """What can't be served has no lease: an agent is sent all the same, to tell the rep why."""
        if age >= DROPPED and await self._dispatches.withdraw(room, dispatch):
            await self._dispatches.send(room, dispatch.metadata)
