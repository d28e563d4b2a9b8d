"""The SDK's side: a connection to Claude, and one request with its streamed answer, read with patience and counted."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import replace
from math import ceil
from typing import Any, TypeVar

import anthropic
import httpx2

from voyaltis_flow.responders.claude.faults import ClaudeError, refused_with, stopped_with
from voyaltis_flow.responders.claude.settings import ClaudeSettings, Patience
from voyaltis_flow.responders.prices import Prices, cost
from voyaltis_flow.runtime.protocols import Usage

T = TypeVar("T")

KEPT_OPEN_SECONDS = 300
"""A rep may talk for minutes between two requests; the HTTP library would close the connection after five seconds."""

CHARACTERS_PER_TOKEN = 3
"""For an answer that was cut, whose count never came: rather too many tokens than too few."""


def connect(settings: ClaudeSettings, patience: Patience) -> anthropic.AsyncAnthropic:
    """A client that leaves retries to us, and whose connections outlast a rep's monologue."""
    # At DEBUG the SDK logs whole requests, which hold what the rep said.
    logging.getLogger("anthropic").setLevel(logging.INFO)
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=KEPT_OPEN_SECONDS)
    return anthropic.AsyncAnthropic(
        api_key=settings.api_key,
        base_url=settings.base_url,
        max_retries=0,
        timeout=patience.whole,
        open_telemetry=False,
        http_client=anthropic.DefaultAsyncHttpxClient(limits=limits, timeout=patience.whole),
    )


class Exchange:
    """A request and its answer: `texts` reads it, `usage` tells what it used, however it ended."""

    def __init__(
        self, patience: Patience, prices: Prices, model: str, asked_at: float, clock: Callable[[], float]
    ) -> None:
        self._patience = patience
        self._prices = prices
        self._model = model
        self._asked_at = asked_at
        self._clock = clock
        self._counted: Usage | None = None
        self._first_at: float | None = None
        self._characters = 0
        self._stopped: str | None = None
        self._finished = False

    @property
    def begun(self) -> bool:
        """Whether some of the answer's text has come."""
        return self._first_at is not None

    async def texts(self, client: anthropic.AsyncAnthropic, body: dict[str, Any]) -> AsyncGenerator[str, None]:
        """The answer's text as it comes, or a `ClaudeError`. An answer ends when the vendor says so: a stream that
        just closes was cut."""
        try:
            async with await self._in_time(client.messages.create(**body, stream=True)) as stream:
                events = stream.__aiter__()
                while not self._finished:
                    event = await self._in_time(anext(events, None))
                    if event is None:
                        raise ClaudeError("cut", "the stream ended early")
                    if text := self._take(event):
                        yield text
        except ClaudeError:
            raise
        except Exception as error:
            raise translated(error, begun=self.begun) from None
        if stopped := stopped_with(self._stopped):
            raise stopped

    def usage(self) -> Usage | None:
        """None where the request was turned away; with an estimate of the output where the answer was cut."""
        if self._counted is None:
            return None
        written = 0 if self._finished else ceil(self._characters / CHARACTERS_PER_TOKEN)
        counted = replace(self._counted, output_tokens=max(self._counted.output_tokens, written))
        first_token_ms = None if self._first_at is None else round((self._first_at - self._asked_at) * 1000, 1)
        return replace(counted, cost=cost(counted, self._prices), first_token_ms=first_token_ms)

    def _take(self, event: Any) -> str:
        match event.type:
            case "content_block_delta" if event.delta.type == "text_delta":
                return self._take_text(event.delta.text)
            case "message_start":
                self._count(event.message.usage, event.message.model)
            case "message_delta":
                self._stopped = event.delta.stop_reason or self._stopped
                self._count(event.usage, None)
            case "message_stop":
                self._finished = True
        return ""

    def _take_text(self, text: str) -> str:
        if text and self._first_at is None:
            self._first_at = self._clock()
        self._characters += len(text)
        return text

    def _count(self, usage: Any, model: str | None) -> None:
        """Counts are cumulative, and the last event leaves out those that did not change."""
        before = self._counted or Usage(responder="claude", model=model or self._model)
        self._counted = replace(
            before,
            input_tokens=_or(usage.input_tokens, before.input_tokens),
            cached_tokens=_or(usage.cache_read_input_tokens, before.cached_tokens),
            cache_write_tokens=_or(usage.cache_creation_input_tokens, before.cache_write_tokens),
            output_tokens=_or(usage.output_tokens, before.output_tokens),
        )

    async def _in_time(self, awaited: Awaitable[T]) -> T:
        """What is awaited, unless it takes longer than patience allows at this point of the answer."""
        gone = self._clock() - self._asked_at
        left = self._patience.whole - gone
        step = self._patience.between if self.begun else self._patience.first_token - gone
        try:
            async with asyncio.timeout(max(0.0, min(step, left))):
                return await awaited
        except TimeoutError:
            seconds = f"after {self._clock() - self._asked_at:.1f} s"
            raise ClaudeError("stalled" if self.begun and step < left else "timeout", seconds) from None


def translated(error: Exception, *, begun: bool) -> ClaudeError:
    """Whatever the SDK raised, or the HTTP library under it, whose errors come through bare in mid-answer."""
    match error:
        case anthropic.APIStatusError():
            return refused_with(error.status_code, error.type, error.request_id, error.response.headers)
        case anthropic.APITimeoutError() | httpx2.TimeoutException():
            return ClaudeError("stalled" if begun else "timeout")
        case anthropic.APIConnectionError():
            return ClaudeError("network", type(error.__cause__ or error).__name__)
        case httpx2.HTTPError() | httpx2.StreamError():
            return ClaudeError("cut", type(error).__name__)
        case json.JSONDecodeError() | UnicodeDecodeError():
            return ClaudeError("invalid", "an event that is not JSON")
    return ClaudeError("unavailable", type(error).__name__)


def _or(value: int | None, known: int) -> int:
    return known if value is None else value
