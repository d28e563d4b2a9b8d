"""Deepgram on 127.0.0.1: nova-3 (`/v1/listen`) and Flux (`/v2/listen`), with transcripts given or made from the sound.

python -m tests.standins.deepgram --port 8098 --say "Deux S25." --say "C'est tout." --final-ms 200
DEEPGRAM_BASE_URL=http://127.0.0.1:8098 DEEPGRAM_API_KEY=any voyaltis-flow agent
"""

from __future__ import annotations

import argparse
import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pkgutil import resolve_name
from typing import Literal, Self, get_args

from aiohttp import web

from tests.standins.deepgram_lines import Connection, Fault, Flux, Line, Nova, Pace, tokens

__all__ = ["Connection", "Deepgram", "Fault", "Line", "Pace", "Recognising", "tokens"]

ANSWERED_WITH: dict[Fault, int] = {"refused": 401, "rate_limited": 429, "server_error": 500}

Recognising = Callable[[bytes, int], str | Awaitable[str]]
"""What 16-bit mono sound of a sample rate says."""


@dataclass
class Deepgram:
    """A server for the time of an `async with`. Each utterance gets the next of `says` (then "euh"), or what a function
    makes of its sound. `faults` go wrong on each new line in turn, then `fault` on all, which may be set at any time.
    """

    says: Iterable[str | Line] | Recognising
    pace: Pace = field(default_factory=Pace)
    key: str | None = None
    """The key that is accepted; None accepts any."""
    port: int = 0
    faults: list[Fault | None] = field(default_factory=list)
    fault: Fault | None = None
    drop_after: float = 0.5
    """Seconds of speech after which the fault `dropped` breaks a line."""
    language: str = "fr"
    """The language that is heard, where a model tells it."""
    connections: list[Connection] = field(default_factory=list)
    base_url: str = ""

    async def __aenter__(self) -> Self:
        self._waiting = [] if callable(self.says) else [_line(said) for said in self.says]
        app = web.Application()
        app.router.add_get("/v1/listen", self._nova)
        app.router.add_get("/v2/listen", self._flux)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def expected(self) -> Line | None:
        """What the utterance that is being said will turn out to be, where that is given."""
        return self._waiting[0] if self._waiting else None

    async def transcript(self, sound: bytes, rate: int) -> str:
        """What an utterance says; it is said now."""
        if callable(self.says):
            made = self.says(sound, rate)
            return await made if inspect.isawaitable(made) else made
        return self._waiting.pop(0).text if self._waiting else "Euh."

    async def _nova(self, http: web.Request) -> web.StreamResponse:
        return await self._listen(http, 1)

    async def _flux(self, http: web.Request) -> web.StreamResponse:
        return await self._listen(http, 2)

    async def _listen(self, http: web.Request, version: Literal[1, 2]) -> web.StreamResponse:
        scheme, _, key = http.headers.get("Authorization", "").partition(" ")
        if scheme != "Token" or not key or (self.key and key != self.key):
            return _refusal(401, "INVALID_AUTH", "Invalid credentials.")
        if complaint := _complaint(http, version):
            return _refusal(400, "Bad Request", complaint)
        options = {name: http.query.getall(name) for name in http.query}
        connection = Connection(version, options, terms=options.get("keyterm", []))
        connection.hints = options.get("language_hint", [])
        self.connections.append(connection)
        own = self.faults.pop(0) if self.faults else None
        fault = own or self.fault
        if fault in ANSWERED_WITH:
            return _refusal(ANSWERED_WITH[fault], "ERROR", fault)
        if fault == "no_answer":
            await asyncio.sleep(3600)
        websocket = web.WebSocketResponse()
        await websocket.prepare(http)
        try:
            await (Nova if version == 1 else Flux)(self, connection, websocket, http, own).serve()
        finally:
            connection.closed = True
        return websocket


def _line(said: str | Line) -> Line:
    return said if isinstance(said, Line) else Line(said)


def _complaint(http: web.Request, version: int) -> str | None:
    model = http.query.get("model", "")
    if version == 1 and model.startswith("flux"):
        return f"{model} is served by /v2/listen"
    if version == 2 and not model.startswith("flux-general-"):
        return f"{model!r} is no model of /v2/listen"
    if "keywords" in http.query and model.startswith("nova-3"):
        return "keywords: not supported for this model, use keyterm"
    if "keyterm" in http.query and not model.startswith(("nova-3", "flux")):
        return "keyterm: not supported for this model"
    if "language_hint" in http.query and model != "flux-general-multi":
        return "language_hint: only supported by flux-general-multi"
    return None


def _refusal(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"err_code": code, "err_msg": message, "request_id": "request-1"}, status=status)


async def _serve(asked: argparse.Namespace) -> None:
    pace = Pace(asked.final_ms, asked.pause_ms)
    says = resolve_name(asked.recognise) if asked.recognise else asked.say
    async with Deepgram(says, pace, port=asked.port, fault=asked.fault) as api:
        print(api.base_url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.standins.deepgram", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--say", action="append", default=[], help="what the next utterance says; may be repeated")
    parser.add_argument("--recognise", metavar="MODULE:FUNCTION", help="what makes words of the sound instead")
    parser.add_argument("--final-ms", type=float, default=200.0)
    parser.add_argument("--pause-ms", type=float, default=200.0)
    parser.add_argument("--fault", choices=get_args(Fault), help="what goes wrong on every line")
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
