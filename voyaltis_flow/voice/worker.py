"""A worker: registers with the LiveKit server, and holds each conversation that it is given in a process of its own."""

from __future__ import annotations

import asyncio
from functools import partial

from livekit.agents import AgentServer, JobContext, JobProcess

from voyaltis_flow.project import Settings
from voyaltis_flow.responders.choose import automatic
from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.voice.equipment import Equipment
from voyaltis_flow.voice.job import Job

CONVERSATIONS = 8
"""How many conversations a worker holds at a time: what two cores can do."""
IDLE_PROCESSES = 2
"""Processes kept ready for the next conversations: with one, two reps at the same moment are one too many."""
SHARED = "voyaltis_flow.voice.shared"
"""What job processes share from the start, so that none of them makes it for itself."""
PARTING_SECONDS = 8.0
"""How long a job that is stopped may take to write what it has heard."""


def build_server(
    settings: Settings, livekit: Livekit, *, recogniser: str | None = None, drain_seconds: int = 600
) -> AgentServer:
    """The framework's server for this agent, not yet running. Its own HTTP port is private and random."""
    server = AgentServer(
        ws_url=livekit.url,
        api_key=livekit.api_key,
        api_secret=livekit.api_secret,
        host="127.0.0.1",
        port=0,
        num_idle_processes=IDLE_PROCESSES,
        load_fnc=_load,
        load_threshold=1.0,
        drain_timeout=drain_seconds,
        preload_modules=[*_of_responder(settings), SHARED],
        setup_fnc=partial(_prepare, settings, recogniser),
    )
    server.rtc_session(hold, agent_name=settings.agent)
    return server


async def hold(context: JobContext) -> None:
    """One job. Returns as soon as the room is entered, so that the framework can stop it at any time."""
    job = Job(context, context.proc.userdata["equipment"])
    await context.connect()
    staying = asyncio.create_task(job.run(), name="job")

    async def part() -> None:
        await asyncio.wait({staying}, timeout=PARTING_SECONDS)

    context.add_shutdown_callback(part)


def _prepare(settings: Settings, recogniser: str | None, process: JobProcess) -> None:
    from voyaltis_flow.voice.shared import scripts  # noqa: PLC0415 - of no use to the worker itself

    process.userdata["equipment"] = Equipment.ready(settings, scripts(), recogniser=recogniser)


def _of_responder(settings: Settings) -> list[str]:
    """The SDK takes a second and more, also where it is not used."""
    name = automatic(settings).name if settings.responder == "auto" else settings.responder
    return [] if name == "rules" else ["voyaltis_flow.responders.claude.exchange"]


def _load(server: AgentServer) -> float:
    """By conversations, never by the machine's load: what else runs there is no reason to refuse a rep."""
    return len(server.active_jobs) / CONVERSATIONS
