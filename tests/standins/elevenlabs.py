"""ElevenLabs on 127.0.0.1: many voices' speech over one line (`multi-stream-input`), as a tone or by a voice of yours.

python -m tests.standins.elevenlabs --port 8097 --first-byte-ms 200
ELEVENLABS_BASE_URL=http://127.0.0.1:8097 ELEVENLABS_API_KEY=any voyaltis-flow agent
"""

from __future__ import annotations

import argparse
import asyncio
import inspect
import json
from base64 import b64encode
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pkgutil import resolve_name
from typing import Any, Literal, Self, get_args

import numpy as np
from aiohttp import WSMsgType, web

CHUNK_SECONDS = 0.2
TONE_SECONDS_PER_CHARACTER = 0.06
RATES = {f"pcm_{rate}": rate for rate in (8000, 16000, 22050, 24000, 44100, 48000)}
VOICE_SETTINGS = {"stability", "similarity_boost", "style", "speed", "use_speaker_boost"}

Fault = Literal[
    "refused",
    "rate_limited",
    "server_error",
    "no_answer",
    "slow",
    "mute",
    "stall",
    "dropped",
    "garbage",
    "error_message",
    "no_final",
]
ANSWERED_WITH: dict[Fault, int] = {"refused": 401, "rate_limited": 429, "server_error": 500}
MIDWAY: tuple[Fault, ...] = ("stall", "dropped", "garbage", "error_message")

Speaking = Callable[[str, str | None, int], bytes | Awaitable[bytes]]
"""A text, in a language, as 16-bit mono sound of a sample rate."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How soon the first sound of a text comes, and how many times faster than it plays; 0 is all at once."""

    first_byte_ms: float = 0.0
    times_real: float = 0.0
    slow_ms: float = 5000.0
    """Of the fault `slow`."""


@dataclass
class Context:
    """A piece of speech that was asked for: its voice and settings, and its texts."""

    id: str
    settings: dict[str, Any] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    seconds: float = 0.0
    """Of sound that was sent."""
    closed: bool = False

    @property
    def text(self) -> str:
        """All that was to be spoken."""
        return "".join(self.texts).strip()


@dataclass
class Connection:
    """A line that was opened: how, and what was spoken over it."""

    voice: str
    options: dict[str, str]
    contexts: dict[str, Context] = field(default_factory=dict)


def tone(text: str, language: str | None, rate: int) -> bytes:
    """A tone of 60 ms a character."""
    places = np.arange(int(rate * TONE_SECONDS_PER_CHARACTER * len(text)))
    return (np.sin(places * (2 * np.pi * 330 / rate)) * 3000).astype(np.int16).tobytes()


@dataclass
class ElevenLabs:
    """A server for the time of an `async with`. `faults` go wrong on the texts that come in turn (those of a line on
    each new line), then `fault` on all, which may be set at any time. `after` is the share of a text that is spoken
    before it goes wrong midway.
    """

    voice: Speaking = tone
    pace: Pace = field(default_factory=Pace)
    key: str | None = None
    """The key that is accepted; None accepts any."""
    port: int = 0
    fault: Fault | None = None
    faults: list[Fault | None] = field(default_factory=list)
    after: float = 0.5
    connections: list[Connection] = field(default_factory=list)
    base_url: str = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/v1/text-to-speech/{voice}/multi-stream-input", self._speak)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    @property
    def spoken(self) -> list[str]:
        """The texts that were asked for, in order, on all lines."""
        contexts = [context for connection in self.connections for context in connection.contexts.values()]
        return [context.text for context in contexts if context.text]

    def next_fault(self) -> Fault | None:
        """What goes wrong with the next text."""
        return self.faults.pop(0) if self.faults else self.fault

    async def sound(self, text: str, language: str | None, rate: int) -> bytes:
        """A text, spoken."""
        made = self.voice(text, language, rate)
        return await made if inspect.isawaitable(made) else made

    async def _speak(self, http: web.Request) -> web.StreamResponse:
        key = http.headers.get("xi-api-key")
        if not key or (self.key and key != self.key):
            return _refusal(401, "invalid_api_key")
        if http.query.get("output_format", "mp3_44100_128") not in RATES:
            return _refusal(400, f"this stand-in speaks {', '.join(RATES)}")
        if self.fault in ANSWERED_WITH:
            return _refusal(ANSWERED_WITH[self.fault], self.fault)
        if self.fault == "no_answer":
            await asyncio.sleep(3600)
        connection = Connection(http.match_info["voice"], dict(http.query))
        self.connections.append(connection)
        websocket = web.WebSocketResponse()
        await websocket.prepare(http)
        await _Session(self, connection, websocket, http).serve()
        return websocket


class _Session:
    """A line: texts come in, each of a context, and their sound goes out."""

    def __init__(
        self, api: ElevenLabs, connection: Connection, websocket: web.WebSocketResponse, http: web.Request
    ) -> None:
        self._api, self._connection, self._websocket, self._http = api, connection, websocket, http
        self._rate = RATES[connection.options["output_format"]]
        self._said: dict[str, asyncio.Queue[str | None]] = {}
        self._speakers: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        try:
            async for message in self._websocket:
                if message.type == WSMsgType.TEXT and not await self._obey(json.loads(message.data)):
                    break
        finally:
            for speaker in self._speakers:
                speaker.cancel()
        await self._websocket.close()

    async def _obey(self, message: dict[str, Any]) -> bool:
        if message.get("close_socket"):
            return False
        id = message.get("context_id", "default")
        context = self._connection.contexts.get(id) or self._open(id)
        if complaint := _complaint(message):
            await self._send(id, error=complaint)
        context.settings |= message.get("voice_settings") or {}
        if (text := message.get("text", "")).strip():
            context.texts.append(text)
            self._said[id].put_nowait(text)
        if message.get("close_context"):
            context.closed = True
            self._said[id].put_nowait(None)
        return True

    def _open(self, id: str) -> Context:
        context = self._connection.contexts[id] = Context(id)
        self._said[id] = asyncio.Queue()
        speaker = asyncio.create_task(self._speak(context, self._api.next_fault()))
        self._speakers.add(speaker)
        speaker.add_done_callback(self._speakers.discard)
        return context

    async def _speak(self, context: Context, fault: Fault | None) -> None:
        with suppress(ConnectionError):
            while (text := await self._said[context.id].get()) is not None:
                if not await self._speak_text(context, text, fault):
                    return
            if fault not in ("no_final", "mute"):
                await self._send(context.id, isFinal=True)

    async def _speak_text(self, context: Context, text: str, fault: Fault | None) -> bool:
        """Speaks a text. False when it went wrong so that nothing more is to come."""
        pace = self._api.pace
        await asyncio.sleep((pace.slow_ms if fault == "slow" else pace.first_byte_ms) / 1000)
        if fault == "mute":
            return False
        language = self._connection.options.get("language_code")
        sound = await self._api.sound(text.strip(), language, self._rate)
        size = int(self._rate * CHUNK_SECONDS) * 2
        ends = int(len(sound) * (self._api.after if fault in MIDWAY else 1.0))
        due, begins = asyncio.get_running_loop().time(), context.seconds
        for at in range(0, ends, size):
            await asyncio.sleep(due - asyncio.get_running_loop().time())
            piece = sound[at : min(at + size, ends) // 2 * 2]
            share = (at / len(sound), (at + size) / len(sound))
            alignment = _alignment(text, share, begins, len(sound) / 2 / self._rate)
            context.seconds += len(piece) / 2 / self._rate
            audio = b64encode(piece).decode()
            await self._send(context.id, audio=audio, alignment=alignment, normalizedAlignment=alignment)
            due += CHUNK_SECONDS / pace.times_real if pace.times_real else 0
        return not await self._goes_wrong(context, fault)

    async def _goes_wrong(self, context: Context, fault: Fault | None) -> bool:
        match fault:
            case "dropped":
                assert self._http.transport is not None
                self._http.transport.abort()
            case "garbage":
                await self._websocket.send_str('{"audio": "')
            case "error_message":
                await self._send(context.id, error="internal_server_error")
        return fault in MIDWAY

    async def _send(self, context: str, **message: Any) -> None:
        if not self._websocket.closed:
            await self._websocket.send_json({"contextId": context, **message})


def _alignment(text: str, share: tuple[float, float], begins: float, seconds: float) -> dict[str, list[Any]] | None:
    """Where the characters of a share of the text are in its context's sound, in milliseconds: they are all as long."""
    first, last = round(share[0] * len(text)), min(round(share[1] * len(text)), len(text))
    if first >= last:
        return None
    each = seconds * 1000 / len(text)
    return {
        "chars": list(text[first:last]),
        "charStartTimesMs": [round(begins * 1000 + place * each) for place in range(first, last)],
        "charDurationsMs": [round(each)] * (last - first),
    }


def _complaint(message: dict[str, Any]) -> str | None:
    unknown = set(message.get("voice_settings") or {}) - VOICE_SETTINGS
    return f"voice_settings: unknown {', '.join(sorted(unknown))}" if unknown else None


def _refusal(status: int, kind: str) -> web.Response:
    return web.json_response({"detail": {"status": kind, "message": kind}}, status=status)


async def _serve(asked: argparse.Namespace) -> None:
    pace = Pace(asked.first_byte_ms, asked.times_real)
    async with ElevenLabs(resolve_name(asked.voice), pace, port=asked.port, fault=asked.fault) as api:
        print(api.base_url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.standins.elevenlabs", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--port", type=int, default=0)
    voice = "tests.standins.elevenlabs:tone"
    parser.add_argument("--voice", metavar="MODULE:FUNCTION", default=voice, help="what makes sound of a text")
    parser.add_argument("--first-byte-ms", type=float, default=0.0)
    parser.add_argument("--times-real", type=float, default=0.0, help="how many times faster than it plays; 0: at once")
    parser.add_argument("--fault", choices=get_args(Fault), help="what goes wrong with every text")
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
