"""The recogniser's process: `python -m voyaltis_flow.speech.whisper.server SOCKET MODEL`. Ends with whoever started it.

Says `ready` on standard output once it listens, and then gives a sign of life each second. Utterances are recognised in
the order in which they came, one at a time: two at once would each take twice as long.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from voyaltis_flow.speech.whisper.recognition import Heard, Model
from voyaltis_flow.speech.whisper.wire import LONGEST_LINE, Answer, Request, WireError

BEAT_SECONDS = 1.0
"""Between two signs of life."""

log = logging.getLogger(__name__)


class Server:
    """Answers any number of clients."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._turn = asyncio.Lock()
        self._worker = ThreadPoolExecutor(1, "recogniser")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, until it hangs up."""
        try:
            while (request := await Request.read(reader)) is not None:
                answer = await self._unless_gone(reader, request)
                if answer is None:
                    return
                writer.write(answer.encoded())
                await writer.drain()
        except (WireError, asyncio.IncompleteReadError, ConnectionError) as error:
            log.warning("client_dropped: %s", type(error).__name__)
        finally:
            writer.close()

    async def _unless_gone(self, reader: asyncio.StreamReader, request: Request) -> Answer | None:
        """The answer; None where nobody waits for it any more. What is being recognised is finished all the same."""
        answering = asyncio.create_task(self._answer(request))
        leaving = asyncio.create_task(_gone(reader))
        await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        if answering.done():
            return answering.result()
        answering.cancel()
        return None

    async def _answer(self, request: Request) -> Answer:
        async with self._turn:
            began = time.perf_counter()
            try:
                heard = await asyncio.get_running_loop().run_in_executor(self._worker, self._hear, request)
            except Exception as fault:
                log.error("not_recognised: %s", type(fault).__name__)
                return Answer(error=type(fault).__name__)
            return Answer(heard.text, heard.language, heard.likelihood, round(time.perf_counter() - began, 3))

    def _hear(self, request: Request) -> Heard:
        return self._model.hear(request.sound, request.languages, request.terms, request.aliases)


async def _gone(reader: asyncio.StreamReader) -> None:
    """Returns when the client has hung up. While it waits for an answer it sends nothing."""
    while not reader.at_eof():
        await asyncio.sleep(0.05)


async def _beat() -> None:
    while True:
        await asyncio.sleep(BEAT_SECONDS)
        print("alive", flush=True)


async def _listen(path: str, folder: str) -> None:
    server = Server(Model(Path(folder), threads=os.cpu_count() or 1))
    async with await asyncio.start_unix_server(server.serve, path, limit=LONGEST_LINE) as listening:
        os.chmod(path, 0o600)
        print("ready", flush=True)
        standing, beating = asyncio.create_task(listening.serve_forever()), asyncio.create_task(_beat())
        await asyncio.to_thread(sys.stdin.buffer.read)  # until whoever started it is gone
        standing.cancel()
        beating.cancel()


if __name__ == "__main__":
    asyncio.run(_listen(*sys.argv[1:3]))
    os._exit(0)  # a model that is still at work would hold the process
