"""A worker's process: `python -m voyaltis_flow.voice.supervisor.child SOCKET`, started by way of `guard`.

Ends with 0 once it was told to leave and its conversations are over, with 1 when LiveKit's worker failed.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import Any

from livekit.agents import AgentServer, JobProcess

from voyaltis_flow.voice.observe.logs import log_job, log_process
from voyaltis_flow.voice.observe.tracing import trace_process
from voyaltis_flow.voice.supervisor.link import BEAT_SECONDS, LEAVE, Beat, Orders

log = logging.getLogger(__name__)


def main(number: str) -> int:
    """Does what the supervisor orders; the exit code."""
    line = socket.socket(fileno=int(number))
    with line.makefile("rb") as orders_in:
        orders: Orders = pickle.load(orders_in)
    log_process(orders.log_level, orders.settings.secrets, alone=True)
    server = _built(orders)
    try:
        asyncio.run(_Serving(server, line).to_its_end(orders.drain_seconds))
    except Exception as fault:
        log.error("worker_failed: %s", type(fault).__name__, exc_info=fault)
        return 1
    return 0


class _Serving:
    """A server at work, and its signs of life."""

    def __init__(self, server: AgentServer, line: socket.socket) -> None:
        self._server, self._line = server, line
        self._registered = False
        server.on("worker_registered", self._on_registered)

    async def to_its_end(self, drain_seconds: int) -> None:
        """Until it is told to leave, and then until the conversations are over, or so many seconds have passed."""
        told = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._line, self._listen, told)
        beating = asyncio.create_task(self._beat(), name="beat")
        running = asyncio.create_task(self._server.run(), name="server")
        stopping = asyncio.create_task(told.wait(), name="stop")
        await asyncio.wait({running, stopping, beating}, return_when=asyncio.FIRST_COMPLETED)
        for task in (running, beating):
            if task.done():
                task.result()
        await self._leave(drain_seconds)
        beating.cancel()

    def _listen(self, told: asyncio.Event) -> None:
        """The one thing that is ever said is to leave. A supervisor that is gone says nothing: the guard sees to it."""
        asyncio.get_running_loop().remove_reader(self._line)
        if self._line.recv(len(LEAVE)) == LEAVE:
            told.set()

    async def _leave(self, drain_seconds: int) -> None:
        try:
            await self._server.drain(timeout=drain_seconds)
        except TimeoutError:
            log.warning("drain_cut: conversations went on after %d s", drain_seconds)
        await self._server.aclose()

    async def _beat(self) -> None:
        """From the loop that conversations depend on, so that it stops when that one hangs."""
        while True:
            with suppress(BlockingIOError):  # a supervisor that does not read has beats enough
                self._line.send(self._sign().line(), socket.MSG_DONTWAIT)
            await asyncio.sleep(BEAT_SECONDS)

    def _sign(self) -> Beat:
        """The framework tells when it has registered, but not when it has lost LiveKit and tries again."""
        registered = self._registered and not self._server._connecting
        return Beat(os.getpid(), registered, len(self._server.active_jobs) if self._registered else 0)

    def _on_registered(self, *_: Any) -> None:
        self._registered = True


def _built(orders: Orders) -> AgentServer:
    """The server, made to try for LiveKit as long as it takes, and to make each job's process ready to be observed."""
    module, _, name = orders.server.partition(":")
    build: Callable[..., AgentServer] = getattr(import_module(module), name)
    server = build(orders.settings, orders.livekit, recogniser=orders.recogniser, drain_seconds=orders.drain_seconds)
    server.update_options(max_retry=sys.maxsize)
    server.setup_fnc = partial(_prepare_job, server.setup_fnc)
    return server


def _prepare_job(setup: Callable[[JobProcess], Any] | None, process: JobProcess) -> None:
    log_job()
    trace_process()
    if setup is not None:
        setup(process)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
