"""A worker's process as its supervisor sees it: started, listened to, told to leave, killed."""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

from voyaltis_flow.voice.observe.gathering import VARIABLE
from voyaltis_flow.voice.supervisor.link import BEAT_SECONDS, LEAVE, Beat, Orders

CHILD = "voyaltis_flow.voice.supervisor.child"
_GUARD = Path(__file__).with_name("guard.py")
SILENT_SECONDS = 3.0
"""A worker that has shown no sign of life for so long is frozen."""
STARTING_SECONDS = 60.0
"""What it may take to the first one."""

log = logging.getLogger(__name__)


class WorkerProcess:
    """Runs from `start` on, in a process group that ends as a whole."""

    def __init__(self, process: asyncio.subprocess.Process, line: socket.socket) -> None:
        self._process, self._line = process, line
        self._beats = 0
        self.beat: Beat | None = None
        """The last sign of life; None before the first."""
        self.registered = asyncio.Event()
        """It has been registered with LiveKit once."""
        self.began = time.monotonic()
        self._line.setblocking(False)
        asyncio.get_running_loop().add_reader(self._line, self._listen)

    @classmethod
    async def start(cls, orders: Orders, metrics: Path) -> Self:
        """A new process, on its way to register with LiveKit. Its metrics, and its jobs', go to that folder."""
        ours, theirs = socket.socketpair()
        with theirs:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", str(_GUARD), str(theirs.fileno())),
                *(sys.executable, "-m", CHILD, str(theirs.fileno())),
                stdin=asyncio.subprocess.PIPE,
                pass_fds=(theirs.fileno(),),
                process_group=0,
                env={**os.environ, VARIABLE: str(metrics)},
            )
        ours.sendall(pickle.dumps(orders))
        return cls(process, ours)

    @property
    def pid(self) -> int | None:
        """The worker's own process, once it has shown itself."""
        return self.beat.pid if self.beat else None

    async def ended(self) -> int:
        """Waits for its end; the exit code, or a signal's number below zero."""
        return await self._process.wait()

    async def frozen(self) -> None:
        """Returns when it has been silent for too long.

        Counted in looks rather than by the clock: a supervisor that was stopped itself blames nobody for it.
        """
        silent = 0.0
        while silent < (SILENT_SECONDS if self.beat is not None else STARTING_SECONDS):
            heard = self._beats
            await asyncio.sleep(BEAT_SECONDS)
            silent = 0.0 if self._beats > heard else silent + BEAT_SECONDS

    def leave(self) -> None:
        """Asks it to take no more conversations, and to end when those that it has are over."""
        with suppress(OSError):  # it is gone, or was killed
            self._line.send(LEAVE)

    async def kill(self) -> None:
        """Ends it and all that it started, at once. Fine where it has ended already."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._close()
        await self._process.communicate()

    def _listen(self) -> None:
        try:
            told = self._line.recv(65536)
        except ConnectionError:
            told = b""
        if told:
            self._hear(told)
        else:
            self._close()

    def _hear(self, told: bytes) -> None:
        """Beats are sent whole, and read so but for one that a long stop has cut."""
        self._beats += 1
        whole = [line for line in told.split(b"\n") if line.startswith(b"{") and line.endswith(b"}")]
        if whole:
            self.beat = Beat.read(whole[-1])
            if self.beat.registered:
                self.registered.set()

    def _close(self) -> None:
        if self._line.fileno() == -1:
            return
        asyncio.get_running_loop().remove_reader(self._line)
        self._line.close()
