"""A LiveKit worker of bare wire protocol: registers under an agent's name, takes jobs, and joins their rooms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
from livekit import api, rtc
from livekit.protocol import agent as wire
from livekit.protocol.models import ParticipantPermission

from voyaltis_flow.rooms.livekit import Livekit


class Worker:
    """What a worker was given: its jobs, and the rooms that it is in, by job."""

    def __init__(self, joins: bool) -> None:
        self.jobs: list[wire.Job] = []
        self.rooms: dict[str, rtc.Room] = {}
        self.ended: list[str] = []
        self._joins, self._joining = joins, list[asyncio.Task[None]]()

    def identity(self, job: wire.Job) -> str:
        """Under which it is in a job's room."""
        return f"agent-{job.id}"

    async def serve(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Answers the server until the connection ends."""
        async for frame in socket:
            message = wire.ServerMessage.FromString(frame.data)
            kind = message.WhichOneof("message")
            if kind == "availability":
                job = message.availability.job
                answer = wire.AvailabilityResponse(
                    job_id=job.id, available=True, participant_identity=self.identity(job), participant_name="agent"
                )
                await socket.send_bytes(wire.WorkerMessage(availability=answer).SerializeToString())
            elif kind == "assignment":
                await self._assigned(socket, message.assignment)
            elif kind == "termination":
                self.ended.append(message.termination.job_id)

    async def _assigned(self, socket: aiohttp.ClientWebSocketResponse, assignment: wire.JobAssignment) -> None:
        job = assignment.job
        self.jobs.append(job)
        running = wire.UpdateJobStatus(job_id=job.id, status=wire.JobStatus.JS_RUNNING)
        await socket.send_bytes(wire.WorkerMessage(update_job=running).SerializeToString())
        if self._joins:
            self._joining.append(asyncio.create_task(self._join(job.id, assignment.token)))

    async def _join(self, job: str, token: str) -> None:
        room = rtc.Room()
        await room.connect(self._url, token)
        self.rooms[job] = room

    async def run(self, livekit: Livekit, name: str, registered: asyncio.Event) -> None:
        """Registers, and works until it is cancelled."""
        self._url = livekit.url
        token = api.AccessToken(livekit.api_key, livekit.api_secret).with_grants(api.VideoGrants(agent=True)).to_jwt()
        url = livekit.url.replace("ws", "http", 1) + "/agent"
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(aiohttp.ClientSession())
            socket = await stack.enter_async_context(
                session.ws_connect(url, headers={"Authorization": f"Bearer {token}"})
            )
            permission = ParticipantPermission(can_publish=True, can_subscribe=True, can_publish_data=True, agent=True)
            register = wire.RegisterWorkerRequest(
                type=wire.JobType.JT_ROOM, agent_name=name, version="1", allowed_permissions=permission
            )
            await socket.send_bytes(wire.WorkerMessage(register=register).SerializeToString())
            await socket.receive()
            registered.set()
            try:
                await self.serve(socket)
            finally:
                await asyncio.gather(*self._joining)
                await asyncio.gather(*(room.disconnect() for room in self.rooms.values()))


@asynccontextmanager
async def worker(livekit: Livekit, name: str, joins: bool = True) -> AsyncIterator[Worker]:
    """A worker that is registered; `joins=False` takes jobs and never comes, as one that hangs while starting."""
    working, registered = Worker(joins), asyncio.Event()
    task = asyncio.create_task(working.run(livekit, name, registered))
    try:
        async with asyncio.timeout(5):
            await registered.wait()
        yield working
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
