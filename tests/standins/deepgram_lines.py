"""A line to Deepgram, from the service's end: sound comes in, what it says goes out, as nova-3 or Flux puts it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from aiohttp import WSMsgType, web

from tests.standins.utterances import Utterance, Utterances

KEY_TERM_TOKENS = 500
"""The documented limit. Beyond it transcription stops without an error, and the line is closed half a minute later."""
OVER_THE_LIMIT_SECONDS = 30.0
UPDATE_SECONDS = 0.25

Fault = Literal[
    "refused", "rate_limited", "server_error", "no_answer", "slow", "mute", "dropped", "garbage", "no_final", "wordless"
]


@dataclass(frozen=True, slots=True)
class Line:
    """What is said next. With `seconds`, the utterance is as long as that, whatever pauses it has."""

    text: str
    seconds: float | None = None


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


class Service(Protocol):
    """What a line asks of the service that it leads to."""

    pace: Pace
    fault: Fault | None
    drop_after: float
    language: str

    def expected(self) -> Line | None: ...

    async def transcript(self, sound: bytes, rate: int) -> str: ...


class Session:
    """A line: sound comes in, messages go out."""

    def __init__(
        self,
        service: Service,
        connection: Connection,
        websocket: web.WebSocketResponse,
        http: web.Request,
        fault: Fault | None,
    ) -> None:
        self._service, self._connection, self._websocket, self._http = service, connection, websocket, http
        self._begun_with = fault
        self._rate = int(connection.option("sample_rate", "16000"))
        self._utterances = Utterances(self._rate, min(service.pace.pause_ms, service.pace.final_ms) / 1000)
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
        return self._begun_with or self._service.fault

    @property
    def _mute(self) -> bool:
        return self._over_limit or self._fault == "mute"

    async def _hear(self, sound: bytes) -> None:
        self._connection.seconds += len(sound) / 2 / self._rate
        if self._over_limit and self._connection.seconds > OVER_THE_LIMIT_SECONDS:
            await self._websocket.close(code=1011, message=b"NET-0000")
        for utterance in self._utterances.hear(sound, self._service.expected()):
            if utterance.over:
                self._answer(utterance)
            else:
                await self._along(utterance)

    async def _along(self, utterance: Utterance) -> None:
        """While an utterance is being said."""
        if self._fault == "dropped" and utterance.seconds >= self._service.drop_after:
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
        pace = self._service.pace
        wait = pace.slow_ms if self._fault == "slow" else pace.final_ms
        await asyncio.sleep(max(0.0, wait / 1000 - utterance.pause))
        if self._mute or self._fault in ("no_final", "garbage") or self._websocket.closed:
            return
        text = "" if self._fault == "wordless" else await self._service.transcript(bytes(utterance.sound), self._rate)
        await self._tell_final(utterance, self._spelled(text))

    def _spelled(self, text: str) -> str:
        """The text as it is written: without punctuation, unless that was asked for."""
        return text

    def _partly(self, utterance: Utterance) -> str:
        """As much of what is being said as can have been understood so far."""
        line = self._service.expected()
        if line is None or self._fault == "wordless":
            return ""
        words = line.text.split()
        return self._spelled(" ".join(words[: int(utterance.seconds / 0.4)]))

    async def _send(self, **message: Any) -> None:
        with suppress(ConnectionError):
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


class Nova(Session):
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
            alternative["languages"] = [self._service.language]
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


class Flux(Session):
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
        told = {"languages": [self._service.language]} if self._connection.option("model").endswith("-multi") else {}
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
            **told,
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
