"""The watch on a real server: a room does not stay without its agent, and never gets two."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from livekit import rtc
from livekit.api import CreateAgentDispatchRequest, LiveKitAPI

from tests.rooms.conftest import joined, until
from tests.rooms.worker import Worker, worker
from voyaltis_flow.engine.events import Opened as Begun
from voyaltis_flow.reports import Lease, Order, Store
from voyaltis_flow.rooms.dispatch import Dispatches, conversation_of
from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.metadata import JobMetadata
from voyaltis_flow.rooms.opening import open_room
from voyaltis_flow.rooms.server import running_server
from voyaltis_flow.rooms.tokens import rep_token
from voyaltis_flow.rooms.watch import Watch

FLOW = JobMetadata("event_debrief")


@asynccontextmanager
async def watching(
    store: Store, livekit: Livekit, agent: str, ttl: float = 0.6, on_sent: Callable[[], None] | None = None
) -> AsyncIterator[None]:
    """A watch beside the test; one that failed fails the test."""
    task = asyncio.create_task(Watch(store, livekit, agent, ttl=ttl, every=0.1, on_sent=on_sent).run())
    try:
        yield
    finally:
        failed = task.done()
        task.cancel()
        results = await asyncio.gather(task, return_exceptions=True)
        assert not failed, results


@pytest.fixture
async def api(livekit: Livekit) -> AsyncIterator[LiveKitAPI]:
    async with livekit.api() as client:
        yield client


async def arrived(working: Worker, jobs: int, within: float = 5.0) -> float:
    """Waits until so many jobs have come, and the agent of the last is in its room."""

    async def there() -> bool:
        return len(working.jobs) >= jobs and working.jobs[-1].id in working.rooms

    return await until(there, within, f"{jobs} jobs for a worker that has {len(working.jobs)}")


async def held(store: Store, working: Worker) -> Lease:
    """The lease, taken by the agent of the newest job as a real one does."""
    job = working.jobs[-1]
    lease = await store.lease_in(job.room.name, job.agent_name)
    assert lease is not None
    return await store.take(lease.order, working.identity(job))


async def test_an_agent_that_falls_silent_is_put_out_and_another_comes_with_the_same_order(
    store: Store, livekit: Livekit, agent: str
) -> None:
    sent: list[None] = []
    async with worker(livekit, agent) as working, watching(store, livekit, agent, on_sent=lambda: sent.append(None)):
        opened = await open_room(store, livekit, FLOW, agent=agent)
        async with joined(opened) as room:
            await arrived(working, 1)
            first = await held(store, working)
            await arrived(working, 2)
            assert [job.metadata for job in working.jobs] == [first.order.metadata] * 2
            lease = await store.lease(opened.conversation)
            assert lease is not None
            assert (lease.holder, lease.epoch > first.epoch) == (None, True)

            async def alone() -> bool:
                return set(room.remote_participants) == {working.identity(working.jobs[1])}

            await until(alone, 2.0, "the fallen agent has left, the new one is there")
    assert len(sent) == 1


async def test_agents_of_another_name_in_the_room_are_left_alone(
    store: Store, livekit: Livekit, agent: str, api: LiveKitAPI
) -> None:
    async with worker(livekit, agent) as working, worker(livekit, f"{agent}-other") as other:
        opened = await open_room(store, livekit, FLOW, agent=agent)
        async with joined(opened), watching(store, livekit, agent):
            await arrived(working, 1)
            await api.agent_dispatch.create_dispatch(
                CreateAgentDispatchRequest(agent_name=f"{agent}-other", room=opened.room)
            )
            await arrived(other, 1)
            await held(store, working)
            await arrived(working, 2)
            assert await Dispatches(api, f"{agent}-other").agents(opened.room) == [other.identity(other.jobs[0])]
            assert (len(other.jobs), other.ended) == (1, [])


async def test_three_watches_side_by_side_send_one_agent(store: Store, livekit: Livekit, agent: str) -> None:
    async with worker(livekit, agent) as working:
        opened = await open_room(store, livekit, FLOW, agent=agent)
        async with joined(opened):
            await arrived(working, 1)
            await held(store, working)
            async with (
                watching(store, livekit, agent),
                watching(store, livekit, agent),
                watching(store, livekit, agent),
            ):
                await arrived(working, 2)
                lease = await held(store, working)
                for _ in range(5):
                    await asyncio.sleep(0.2)
                    await store.renew(lease)
                assert len(working.jobs) == 2


async def test_a_room_that_found_no_worker_is_served_soon_after_one_registers(
    store: Store, livekit: Livekit, agent: str
) -> None:
    async with watching(store, livekit, agent):
        opened = await open_room(store, livekit, FLOW, agent=agent)
        async with joined(opened), livekit.api() as api:

            async def sent_again() -> bool:
                return len(await Dispatches(api, agent).of(opened.room)) > 1

            await until(sent_again, 4.0, "an agent was sent again")
            async with worker(livekit, agent) as working:
                assert await arrived(working, 1) < 5.0
                assert working.jobs[0].metadata.count(opened.conversation) == 1


async def test_a_room_of_somebody_elses_token_that_found_no_worker_gets_a_lease_and_an_agent(
    store: Store, livekit: Livekit, agent: str
) -> None:
    room = f"theirs-{uuid4().hex}"
    order = Order("unused", room, agent, '{"flow": "event_debrief", "rep": {"name": "Ana"}}')
    token = rep_token(livekit, order, FLOW.rep)
    rep = rtc.Room()
    await rep.connect(livekit.url, token)
    try:
        async with livekit.api() as api:
            (lost,) = await Dispatches(api, agent).of(room)
        async with watching(store, livekit, agent), watching(store, livekit, agent):

            async def leased() -> bool:
                return await store.lease_in(room, agent) is not None

            await until(leased, 4.0, "the room has a lease")
            async with worker(livekit, agent) as working:
                await arrived(working, 1)
                lease = await held(store, working)
                assert lease.conversation == conversation_of(lost.id)
                assert '"Ana"' in working.jobs[0].metadata
                for _ in range(5):
                    await asyncio.sleep(0.2)
                    await store.renew(lease)
                assert len(working.jobs) == 1
    finally:
        await rep.disconnect()


async def test_a_conversation_whose_room_is_gone_gets_an_agent_to_end_it(
    store: Store, livekit: Livekit, agent: str
) -> None:
    order = Order("c-" + uuid4().hex, f"gone-{uuid4().hex}", agent, FLOW.written())
    lease = await store.take(order, "agent-that-died")
    begun = Begun(at=1.0, conversation=order.conversation, flow="event_debrief", flow_hash="", style="s", language="fr")
    await store.append(lease, [begun])
    async with worker(livekit, agent) as working, watching(store, livekit, agent):
        await arrived(working, 1)
        assert working.jobs[0].room.name == order.room


async def test_a_server_that_is_away_is_asked_again_and_the_agent_comes_once(store: Store, agent: str) -> None:
    async with running_server() as server:
        livekit = server.livekit
        order = Order("c1", "r1", agent, FLOW.written())
        await store.take(order, "agent-that-died")
        await asyncio.to_thread(server.stop)
        async with watching(store, livekit, agent, ttl=0.3), watching(store, livekit, agent, ttl=0.3):

            async def evicted() -> bool:
                lease = await store.lease("c1")
                return lease is not None and lease.epoch > 2

            await until(evicted, 5.0, "it was tried more than once")
            await asyncio.to_thread(server.start)
            async with livekit.api() as api:
                dispatches = Dispatches(api, agent)

                async def sent() -> bool:
                    return "r1" in await dispatches.rooms() and len(await dispatches.of("r1")) > 0

                await until(sent, 5.0, "an agent was sent")
                assert len(await dispatches.of("r1")) == 1
