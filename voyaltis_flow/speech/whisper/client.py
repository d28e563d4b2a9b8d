"""The recogniser as a conversation uses it: light, and imports nothing of the model."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from voyaltis_flow.speech.pcm import Pcm
from voyaltis_flow.speech.whisper.wire import LONGEST_LINE, Answer, Request

CONNECT_SECONDS = 8.0
"""How long a recogniser may take to be there again after it was restarted."""
RETRY_SECONDS = 0.1


class RecogniserGoneError(ConnectionError):
    """The recogniser's process can't be reached, or was lost with the sound that it had."""


class RecogniserFailedError(RuntimeError):
    """The recogniser could not make anything of a sound. The message names its fault, and none of the words."""


class Recogniser:
    """Recognises, one sound at a time, through a socket of its own. Reconnects when the process was restarted."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._turn = asyncio.Lock()

    async def recognise(
        self, sound: Pcm, languages: Sequence[str], terms: Sequence[str] = (), aliases: Sequence[str] = ()
    ) -> Answer:
        """The words of a sound. One that was lost with the process is given to the next one, once.

        The first of the languages is expected. `terms` are names that may come up, `aliases` what else they are called.
        Raises RecogniserGoneError and RecogniserFailedError. May be cancelled: then nobody waits for the words.
        """
        request = Request(sound, tuple(languages), tuple(terms), tuple(aliases))
        async with self._turn:
            answer = await self._asked(request)
            if answer is None:
                await asyncio.sleep(RETRY_SECONDS)  # one that is dying may still take a call
                answer = await self._asked(request)
        if answer is None:
            raise RecogniserGoneError("the recogniser's process was lost twice over one sound")
        if answer.error is not None:
            raise RecogniserFailedError(answer.error)
        return answer

    async def aclose(self) -> None:
        """Hangs up."""
        if self._line is not None:
            _, writer = self._line
            self._line = None
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _asked(self, request: Request) -> Answer | None:
        """The answer; None when the process was lost. Whoever leaves in between hangs up, and is not waited for."""
        reader, writer = await self._connected()
        answer = None
        try:
            writer.write(request.encoded())
            await writer.drain()
            answer = await Answer.read(reader)
        except (ConnectionError, asyncio.IncompleteReadError):
            answer = None
        finally:
            if answer is None:
                await self.aclose()
        return answer

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        deadline = asyncio.get_running_loop().time() + CONNECT_SECONDS
        while self._line is None:
            try:
                self._line = await asyncio.open_unix_connection(self._path, limit=LONGEST_LINE)
            except OSError as error:
                if asyncio.get_running_loop().time() > deadline:
                    raise RecogniserGoneError(f"no recogniser listens at {self._path}") from error
                await asyncio.sleep(RETRY_SECONDS)
        return self._line
