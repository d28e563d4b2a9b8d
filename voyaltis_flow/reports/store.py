"""The store, as agents, supervisors and commands call it. SQL runs in worker threads, so that no session waits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from voyaltis_flow.engine.events import Event
from voyaltis_flow.reports import journal, leases, overview, retention
from voyaltis_flow.reports.database import Database
from voyaltis_flow.reports.leases import Lease, Order
from voyaltis_flow.reports.overview import Summary

T = TypeVar("T")


class Store:
    """Conversations: who holds them, what happened in them, their reports.

    What is written for a conversation is written with the lease of whoever holds it. Once another has it or it is over,
    that raises LeaseLost and writes nothing. A database that fails raises StoreError.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database, self._clock = database, clock

    @classmethod
    def open(cls, url: str | None = None) -> Store:
        """The store of a database URL, by default a SQLite file in the user's data folder.

        Blocks while its tables are brought up to date. Each process opens its own. Raises StoreError.
        """
        return cls(Database.open(url))

    def close(self) -> None:
        """Lets go of the connections. The store is not used after."""
        self._database.close()

    async def place(self, order: Order) -> Lease:
        """The lease of a room that is being started; the one there is, when it was placed before.

        While nobody holds it, the newest order stands. Raises ConversationOver.
        """
        return await self._write(lambda c: leases.place(c, order, self._clock()))

    async def take(self, order: Order, holder: str) -> Lease:
        """The lease to write with, for the job that was given the conversation; `holder` names the job.

        Raises LeaseHeld when another has it, ConversationOver when there is nothing left to hold.
        """
        return await self._write(lambda c: leases.take(c, order, holder, self._clock()))

    async def renew(self, lease: Lease) -> None:
        """Shows that the holder is alive; every second. Raises LeaseLost."""
        await self._write(lambda c: leases.renew(c, lease, self._clock()))

    async def release(self, lease: Lease) -> None:
        """Closes the conversation: it is over. Raises LeaseLost."""
        await self._write(lambda c: leases.write(c, lease, self._clock(), closed=True))

    async def hand_back(self, lease: Lease) -> None:
        """Frees the lease for the next to take, by its holder. Raises LeaseLost."""
        await self._write(lambda c: leases.hand_back(c, lease, self._clock()))

    async def evict(self, seen: Lease) -> bool:
        """Frees a lease that was seen to stand still, for the next to take. True for exactly one of all who try.

        False when it has moved since: renewed, taken, evicted or closed.
        """
        return await self._write(lambda c: leases.evict(c, seen))

    async def knock(self) -> None:
        """Returns when the store can be written: at once, unless somebody else is writing."""
        await self._write(lambda _: None)

    async def leases(self, agent: str) -> list[Lease]:
        """The open leases of the agent's name, oldest first."""
        return await self._read(lambda c: leases.of_agent(c, agent))

    async def lease(self, conversation: str) -> Lease | None:
        """The lease of a conversation, open or closed."""
        return await self._read(lambda c: leases.of_conversation(c, conversation))

    async def lease_in(self, room: str, agent: str) -> Lease | None:
        """The open lease of the agent's name in a room; the newest, should there be several."""
        return await self._read(lambda c: leases.in_room(c, room, agent))

    async def hold(self, lease: Lease, words: str, at: float) -> None:
        """Keeps words of the rep's, said at `at`, until the next `append`: an agent that dies answering loses none."""
        await self._write(lambda c: journal.hold(c, lease, words, at, self._clock()))

    async def append(self, lease: Lease, events: Sequence[Event]) -> None:
        """Adds events to the conversation's journal, all or none."""
        await self._write(lambda c: journal.append(c, lease, events, self._clock()))

    async def events(self, conversation: str) -> tuple[Event, ...]:
        """The journal. An event that can't be read is left out, and an error in the log names it."""
        return await self._read(lambda c: journal.events(c, conversation))

    async def keep_report(self, lease: Lease, report: bytes) -> None:
        """Keeps the report's bytes, in place of those kept before."""
        await self._write(lambda c: journal.keep_report(c, lease, report, self._clock()))

    async def report(self, conversation: str) -> bytes | None:
        """The bytes that were kept, to the letter."""
        return await self._read(lambda c: journal.report(c, conversation))

    async def summaries(self, limit: int = 50, beginning: str = "") -> list[Summary]:
        """The newest conversations, newest first; `beginning` is what their ids begin with."""
        return await self._read(lambda c: overview.summaries(c, limit, beginning))

    async def forget_before(self, moment: float) -> int:
        """Deletes every conversation that was last touched before a moment (seconds since 1970); how many those were.

        One that is being held now stays. On SQLite, nothing of the words can be found in the files afterwards.
        """
        return await asyncio.to_thread(retention.forget, self._database, moment, self._clock())

    async def _read(self, look: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(self._database.read, look)

    async def _write(self, change: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(self._database.write, change)
