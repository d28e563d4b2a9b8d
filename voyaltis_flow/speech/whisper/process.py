"""Keeps a recogniser's process running: started when it is entered, started again whenever it has died or is frozen."""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from voyaltis_flow.speech.whisper.models import find_model

SERVER = "voyaltis_flow.speech.whisper.server"
READY_SECONDS = 60.0
LOOK_SECONDS = 1.0
MOST_SILENT = 5
"""Looks in a row without a sign of life, of a process that is frozen. It gives one each second, at work, too."""
PAUSE_SECONDS = 0.5
"""Before one that has died is started again."""

log = logging.getLogger(__name__)


class RecogniserProcess:
    """A recogniser for the time of an `async with`; clients find it at `path`. Raises NoModelError, TimeoutError."""

    def __init__(self, model: str | None = None) -> None:
        """`model` as in `find_model`."""
        self._model = model
        self._folder = TemporaryDirectory(prefix="voyaltis-ears-", ignore_cleanup_errors=True)
        self._process: asyncio.subprocess.Process | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._ready = False

    @property
    def ready(self) -> bool:
        """Whether it hears what is said now: it has started, and has not ended since."""
        return self._ready and self._process is not None and self._process.returncode is None

    @property
    def path(self) -> str:
        """The socket, in a folder that is the user's alone."""
        return str(Path(self._folder.name) / "socket")

    @property
    def pid(self) -> int | None:
        """Of the process that runs now."""
        return self._process.pid if self._process else None

    async def __aenter__(self) -> Self:
        try:
            self._found = await asyncio.to_thread(find_model, self._model)
            await self._start()
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        self._keeping = asyncio.create_task(self._keep(), name="recogniser")
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
        self._folder.cleanup()

    async def _start(self) -> None:
        self._ready = False
        Path(self.path).unlink(missing_ok=True)
        command = (sys.executable, "-m", SERVER, self.path, str(self._found))
        pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL  # what libraries print may hold words
        self._process = await asyncio.create_subprocess_exec(
            *command,
            stdin=pipe,
            stdout=pipe,
            stderr=nowhere,
            process_group=0,  # Ctrl-C is for us: whoever still speaks is to be heard
        )
        assert self._process.stdout is not None
        ready = await asyncio.wait_for(self._process.stdout.readline(), READY_SECONDS)
        if ready != b"ready\n":
            raise TimeoutError(f"the recogniser ended while it was starting, with code {await self._process.wait()}")
        self._ready = True

    async def _ended(self, process: asyncio.subprocess.Process) -> int:
        """Waits for its end, and brings it about where it is frozen; the exit code.

        Counted in looks rather than by the clock: who was stopped itself blames nobody for it.
        """
        assert process.stdout is not None
        silent, alive = 0, True
        while alive and silent < MOST_SILENT:
            try:
                alive = bool(await asyncio.wait_for(process.stdout.readline(), LOOK_SECONDS))
                silent = 0
            except TimeoutError:
                silent += 1
        with suppress(ProcessLookupError):
            process.kill()
        return await process.wait()

    async def _keep(self) -> None:
        while self._process is not None:
            log.error("recogniser_lost: code %d", await self._ended(self._process))
            await asyncio.sleep(PAUSE_SECONDS)
            try:
                await self._start()
                log.info("recogniser_back")
            except (OSError, TimeoutError) as error:
                log.error("recogniser_not_started: %s", type(error).__name__)
                with suppress(ProcessLookupError):
                    self._process.kill()
