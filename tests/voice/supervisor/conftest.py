"""A real LiveKit server, and agents whose workers do nothing but stay in their rooms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest
from livekit import api
from livekit.protocol.models import ParticipantInfo

from voyaltis_flow.project import Settings
from voyaltis_flow.reports import Store
from voyaltis_flow.rooms.server import LocalServer, running_server
from voyaltis_flow.speech.whisper.process import RecogniserProcess
from voyaltis_flow.voice.supervisor.link import Orders
from voyaltis_flow.voice.supervisor.supervisor import Chore, Duty, Supervisor

BARE = "tests.voice.supervisor.bare:build_server"
AGENT = "tester"
PATIENCE = 40.0


async def until(true: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Waits for something to become true."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.05)


class Agent:
    """A supervisor at work, as somebody outside sees it."""

    def __init__(self, supervisor: Supervisor, server: LocalServer) -> None:
        self.supervisor, self._server = supervisor, server
        self.task = asyncio.create_task(supervisor.run())

    async def get(self, path: str = "/") -> tuple[int, str]:
        """The status and the body of a page."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{self.supervisor.port}{path}") as answer,
        ):
            return answer.status, await answer.text()

    async def ready(self) -> None:
        """Waits until it takes conversations."""
        async with asyncio.timeout(PATIENCE):
            while (await self.get())[0] != 200:
                await asyncio.sleep(0.05)

    async def unready(self) -> None:
        """Waits until it says that it does not."""
        async with asyncio.timeout(PATIENCE):
            while (await self.get())[0] == 200:
                await asyncio.sleep(0.05)

    def worker(self) -> psutil.Process:
        """The first worker's process."""
        pid = self.supervisor.seen()[0].pid
        assert pid is not None
        return psutil.Process(pid)

    async def conversation(self, room: str, words: str = "") -> None:
        """A conversation that goes on until its room is deleted. The words are all that is said in it."""
        asked = api.CreateAgentDispatchRequest(agent_name=AGENT, room=room, metadata=words)
        async with self._server.livekit.api() as livekit:
            await livekit.agent_dispatch.create_dispatch(asked)
            async with asyncio.timeout(PATIENCE):
                while not await self._agent_in(livekit, room):
                    await asyncio.sleep(0.05)

    async def hang_up(self, room: str) -> None:
        """Ends a conversation."""
        async with self._server.livekit.api() as livekit:
            await livekit.room.delete_room(api.DeleteRoomRequest(room=room))

    async def _agent_in(self, livekit: api.LiveKitAPI, room: str) -> bool:
        listed = await livekit.room.list_participants(api.ListParticipantsRequest(room=room))
        return any(person.state == ParticipantInfo.State.ACTIVE for person in listed.participants)


@pytest.fixture(scope="session")
def server() -> Iterator[LocalServer]:
    with running_server() as local:
        yield local


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'store.db'}")
    yield opened
    opened.close()


@asynccontextmanager
async def running(
    server: LocalServer,
    store: Store,
    *,
    workers: int = 1,
    drain_seconds: int = 60,
    chores: Iterable[Chore] = (),
    ears: RecogniserProcess | None = None,
) -> AsyncIterator[Agent]:
    """An agent at work, which ends with the test."""
    orders = Orders(BARE, Settings(agent=AGENT), server.livekit, drain_seconds=drain_seconds)
    agent = Agent(Supervisor(Duty(orders, workers, port=0), store, chores, ears), server)
    await until(lambda: agent.supervisor.port)
    try:
        yield agent
    finally:
        agent.supervisor.stop()
        agent.supervisor.stop()
        await asyncio.wait({agent.task})
