"""Deepgram on 127.0.0.1: nova-3 (`/v1/listen`) and Flux (`/v2/listen`), with transcripts given or made from the sound.

python -m tests.standins.deepgram --port 8098 --say "Deux S25." --say "C'est tout." --final-ms 200
DEEPGRAM_BASE_URL=http://127.0.0.1:8098 DEEPGRAM_API_KEY=any voyaltis-flow agent
"""

from __future__ import annotations

import argparse
import asyncio
import inspect
import json
import re
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal, Self, get_args

from aiohttp import WSMsgType, web

from tests.standins.utterances import Utterance, Utterances

KEY_TERM_TOKENS = 500
"""The documented limit. Beyond it transcription stops without an error, and the line is closed half a minute later."""
OVER_THE_LIMIT_SECONDS = 30.0
UPDATE_SECONDS = 0.25

Fault = Literal[
    "refused", "rate_limited", "server_error", "no_answer", "slow", "mute", "dropped", "garbage", "no_final", "wordless"
]
ANSWERED_WITH: dict[Fault, int] = {"refused": 401, "rate_limited": 429, "server_error": 500}


@dataclass(frozen=True, slots=True)
class Line:
    """What is said next. With `seconds`, the utterance is as long as that, whatever pauses it has."""

    text: str
    seconds: float | None = None


Recognising = Callable[[bytes, int], str | Awaitable[str]]
"""What 16-bit mono sound of a sample rate says."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How soon the final comes after the last sound of speech, and the pause that ends an utterance."""

    final_ms: float = 200.0
    pause_ms: float = 200.0
    slow_ms: float = 5000.0
    """Of the fault `slow`."""


@dataclass
class Connection:
    """A line that was opened: how, and what came over it."""

    version: Literal[1, 2]
    options: dict[str, list[str]]
    messages: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0
    terms: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    closed: bool = False

    def option(self, name: str, default: str = "") -> str:
        """An option's value; of a repeated one the first."""
        return self.options.get(name, [default])[0]


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
            await (_Nova if version == 1 else _Flux)(self, connection, websocket, http, own).serve()
        finally:
            connection.closed = True
        return websocket


class _Session:
    """A line: sound comes in, messages go out."""

    def __init__(
        self, api: Deepgram, connection: Connection, websocket: web.WebSocketResponse, http: web.Request, fault: Any
    ) -> None:
        self._api, self._connection, self._websocket, self._http = api, connection, websocket, http
        self._begun_with: Fault | None = fault
        self._rate = int(connection.option("sample_rate", "16000"))
        self._utterances = Utterances(self._rate, min(api.pace.pause_ms, api.pace.final_ms) / 1000)
        self._over_limit = tokens(connection.terms) > KEY_TERM_TOKENS
        self._answers: set[asyncio.Task[None]] = set()
        self._told = 0.0

    async def serve(self) -> None:
        try:
            async for message in self._websocket:
                if message.type == WSMsgType.BINARY:
                    await self._hear(message.data)
                elif message.type == WSMsgType.TEXT and not await self._obey(json.loads(message.data)):
                    break
            if self._answers and not self._mute:
                await asyncio.gather(*self._answers)
        finally:
            for task in self._answers:
                task.cancel()
        await self._websocket.close()

    @property
    def _fault(self) -> Fault | None:
        return self._begun_with or self._api.fault

    @property
    def _mute(self) -> bool:
        return self._over_limit or self._fault == "mute"

    async def _hear(self, sound: bytes) -> None:
        self._connection.seconds += len(sound) / 2 / self._rate
        if self._over_limit and self._connection.seconds > OVER_THE_LIMIT_SECONDS:
            await self._websocket.close(code=1011, message=b"NET-0000")
        for utterance in self._utterances.hear(sound, self._api.expected()):
            if utterance.over:
                self._answer(utterance)
            else:
                await self._along(utterance)

    async def _along(self, utterance: Utterance) -> None:
        """While an utterance is being said."""
        if self._fault == "dropped" and utterance.seconds >= self._api.drop_after:
            assert self._http.transport is not None
            self._http.transport.abort()
        if not self._mute and self._connection.seconds - self._told >= UPDATE_SECONDS:
            self._told = self._connection.seconds
            await self._tell_interim(utterance)

    def _answer(self, utterance: Utterance) -> None:
        task = asyncio.create_task(self._give_final(utterance))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _give_final(self, utterance: Utterance) -> None:
        pace = self._api.pace
        wait = pace.slow_ms if self._fault == "slow" else pace.final_ms
        await asyncio.sleep(max(0.0, wait / 1000 - utterance.pause))
        if self._mute or self._fault in ("no_final", "garbage") or self._websocket.closed:
            return
        text = "" if self._fault == "wordless" else await self._api.transcript(bytes(utterance.sound), self._rate)
        with suppress(ConnectionError):
            await self._tell_final(utterance, self._spelled(text))

    def _spelled(self, text: str) -> str:
        """The text as it is written: without punctuation, unless that was asked for."""
        return text

    def _partly(self, utterance: Utterance) -> str:
        """As much of what is being said as can have been understood so far."""
        line = self._api.expected()
        if line is None or self._fault == "wordless":
            return ""
        words = line.text.split()
        return self._spelled(" ".join(words[: int(utterance.seconds / 0.4)]))

    async def _send(self, **message: Any) -> None:
        if self._fault == "garbage":
            await self._websocket.send_str('{"type": "Results", "channel": {"alternatives"')
        elif not self._websocket.closed:
            await self._websocket.send_json(message)

    async def _obey(self, message: dict[str, Any]) -> bool:
        self._connection.messages.append(message)
        if message["type"] in ("Finalize", "CloseStream"):
            for utterance in self._utterances.finish():
                self._answer(utterance)
        return message["type"] != "CloseStream"

    async def _tell_interim(self, utterance: Utterance) -> None:
        raise NotImplementedError

    async def _tell_final(self, utterance: Utterance, text: str) -> None:
        raise NotImplementedError


class _Nova(_Session):
    async def _tell_interim(self, utterance: Utterance) -> None:
        if self._connection.option("vad_events") == "true" and not utterance.announced:
            utterance.announced = True
            await self._send(type="SpeechStarted", channel=[0], timestamp=utterance.start)
        if self._connection.option("interim_results") == "true":
            await self._results(utterance, self._partly(utterance), final=False)

    async def _tell_final(self, utterance: Utterance, text: str) -> None:
        await self._results(utterance, text, final=True)

    async def _results(self, utterance: Utterance, text: str, *, final: bool) -> None:
        alternative: dict[str, Any] = {"transcript": text, "confidence": 0.97, "words": utterance.words(text)}
        if self._connection.option("language") == "multi":
            alternative["languages"] = ["fr"]
        await self._send(
            type="Results",
            channel_index=[0, 1],
            start=utterance.start,
            duration=utterance.seconds,
            is_final=final,
            speech_final=final,
            channel={"alternatives": [alternative]},
            metadata={"request_id": "request-1", "model_info": {"name": self._connection.option("model")}},
        )

    def _spelled(self, text: str) -> str:
        if "true" in (self._connection.option("punctuate"), self._connection.option("smart_format")):
            return text
        return re.sub(r"[^\w\s'’-]", "", text).lower()


class _Flux(_Session):
    _turn = 0

    async def serve(self) -> None:
        if not self._mute:
            await self._send(type="Connected", request_id="request-1", sequence_id=0)
        await super().serve()

    async def _tell_interim(self, utterance: Utterance) -> None:
        if not utterance.announced:
            utterance.announced = True
            await self._turn_info("StartOfTurn", utterance, "")
        await self._turn_info("Update", utterance, self._partly(utterance))

    async def _tell_final(self, utterance: Utterance, text: str) -> None:
        if not text:
            return
        if self._connection.option("eager_eot_threshold"):
            await self._turn_info("EagerEndOfTurn", utterance, text)
        await self._turn_info("EndOfTurn", utterance, text)
        self._turn += 1

    async def _turn_info(self, event: str, utterance: Utterance, text: str) -> None:
        multi = {"languages": self._connection.hints[:1]} if self._connection.hints else {}
        await self._send(
            type="TurnInfo",
            request_id="request-1",
            event=event,
            turn_index=self._turn,
            audio_window_start=utterance.start,
            audio_window_end=utterance.start + utterance.seconds,
            transcript=text,
            words=utterance.words(text),
            end_of_turn_confidence=0.8,
            **multi,
        )

    async def _obey(self, message: dict[str, Any]) -> bool:
        if message["type"] == "Configure":
            self._connection.terms = message.get("keyterms", self._connection.terms)
            self._connection.hints = message.get("language_hints", self._connection.hints)
            self._over_limit = tokens(self._connection.terms) > KEY_TERM_TOKENS
            await self._send(type="ConfigureSuccess", request_id="request-1")
        return await super()._obey(message)


def tokens(terms: Iterable[str]) -> int:
    """What key terms count, reckoned dearly: a token for each three letters begun, each digit and each mark."""
    parts = [part for term in terms for part in re.findall(r"[^\W\d_]+|\S", term)]
    return sum(-(-len(part) // 3) for part in parts)


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
    async with Deepgram(asked.say, pace, port=asked.port, fault=asked.fault) as api:
        print(api.base_url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.standins.deepgram", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--say", action="append", default=[], help="what the next utterance says; may be repeated")
    parser.add_argument("--final-ms", type=float, default=200.0)
    parser.add_argument("--pause-ms", type=float, default=200.0)
    parser.add_argument("--fault", choices=get_args(Fault), help="what goes wrong on every line")
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
