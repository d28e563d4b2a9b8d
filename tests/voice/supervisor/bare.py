"""The least that a worker can be: its jobs enter their room, are measured, and stay until the room is closed."""

from __future__ import annotations

import logging
import sys

from livekit.agents import AgentServer, JobContext

from tests.engine.scene import make_flow
from voyaltis_flow.project import Settings
from voyaltis_flow.responders.prices import load_prices
from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.voice.observe.logs import stamp
from voyaltis_flow.voice.observe.meter import Meter, TurnTimes

REPORT = {"timing": {"seconds": 1.0}, "ended_because": "app", "usage": {"questions": 1}, "gaps": []}

log = logging.getLogger("voyaltis_flow.bare")


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
    """One job. Its metadata is what somebody said, which it has nowhere to leave."""
    words = context.job.metadata
    room = context.job.room.name
    stamp(conversation=f"of-{room}")
    log.info("staying: %s", room)
    logging.getLogger("library").error("they said %s", words)
    print(words, file=sys.stderr)
    meter = Meter(make_flow(), load_prices(), "rules")
    meter.began(f"of-{room}", room, resumed=False)
    meter.turn(TurnTimes(last_word=100.0, first_sound=0.5))

    async def leave() -> None:
        meter.ended(REPORT)

    context.add_shutdown_callback(leave)
    await context.connect()
