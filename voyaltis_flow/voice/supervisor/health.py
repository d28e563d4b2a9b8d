"""What the agent tells of itself over HTTP: `/` whether it takes conversations, `/metrics` for Prometheus."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from voyaltis_flow.voice.observe.gathering import Gathering
from voyaltis_flow.voice.supervisor.workers import Sight


class PortTakenError(Exception):
    """The health page can't be served at its address. The message is for people."""


@dataclass(frozen=True, slots=True)
class Health:
    """How the agent is. `problems` are for people, and empty when it takes conversations."""

    agent: str
    livekit: str
    draining: bool
    problems: tuple[str, ...]
    workers: tuple[Sight, ...]

    @property
    def ready(self) -> bool:
        """Whether it takes conversations."""
        return not self.problems

    def told(self) -> dict[str, Any]:
        """The body of the health page."""
        conversations = sum(worker.conversations for worker in self.workers)
        status = "ok" if self.ready else "draining" if self.draining else "unavailable"
        return {"status": status, "conversations": conversations, **asdict(self)}


class Pages:
    """The web server. Listens from `open` to `close`."""

    def __init__(self, look: Callable[[], Awaitable[Health]], gathering: Gathering) -> None:
        self._look, self._gathering = look, gathering
        self._runner: web.AppRunner | None = None

    async def open(self, host: str, port: int) -> int:
        """Listens; the port, which 0 leaves to the system. Raises PortTakenError."""
        app = web.Application()
        app.add_routes([web.get("/", self._health), web.get("/metrics", self._metrics)])
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self.close()
            why = error.strerror or str(error)
            raise PortTakenError(
                f"Can't listen on {host}:{port}: {why}. Choose another with --port (0: any that is free)."
            ) from error
        return int(self._runner.addresses[0][1])

    async def close(self) -> None:
        """Listens no more. Fine where it never did."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _health(self, _: web.Request) -> web.Response:
        health = await self._look()
        return web.json_response(health.told(), status=200 if health.ready else 503)

    async def _metrics(self, _: web.Request) -> web.Response:
        text = await asyncio.to_thread(self._gathering.text)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})
