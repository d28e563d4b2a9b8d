"""The least that a worker can be: its jobs enter their room, and stay until it is closed."""

from __future__ import annotations

from livekit.agents import AgentServer, JobContext

from voyaltis_flow.project import Settings
from voyaltis_flow.rooms.livekit import Livekit


def build_server(
    settings: Settings, livekit: Livekit, *, recogniser: str | None = None, drain_seconds: int = 600
) -> AgentServer:
    """A server for `Orders.server`."""
    server = AgentServer(
        ws_url=livekit.url,
        api_key=livekit.api_key,
        api_secret=livekit.api_secret,
        host="127.0.0.1",
        port=0,
        num_idle_processes=0,
        load_fnc=lambda server: len(server.active_jobs) / 10,
        drain_timeout=drain_seconds,
    )
    server.rtc_session(stay, agent_name=settings.agent)
    return server


async def stay(context: JobContext) -> None:
    """One job."""
    await context.connect()
