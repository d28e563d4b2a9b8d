"""The SDK's side of the Message Batches API: many requests at once, answered within a day, for a share of the price."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import anthropic
from anthropic.types import Message
from anthropic.types.messages import MessageBatch, MessageBatchResult
from anthropic.types.messages.batch_create_params import Request

from voyaltis_flow.responders.claude.answers import Answer
from voyaltis_flow.responders.claude.exchange import translated
from voyaltis_flow.responders.claude.faults import ClaudeError, refused_with, stopped_with
from voyaltis_flow.responders.prices import Prices, cost
from voyaltis_flow.runtime.protocols import Usage

T = TypeVar("T")

UPLOAD_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Pauses:
    """Between two looks at a batch, in seconds: each is longer than the one before, up to the longest.

    A call that fails in passing is made again after such a pause, and given up after so many `failures` in a row.
    """

    first: float = 2.0
    growth: float = 1.5
    longest: float = 60.0
    failures: int = 20

    def after(self, times: int, retry_after: float = 0.0) -> float:
        """The pause after this many, from 0; at least what the service asks for."""
        return max(min(self.first * self.growth ** min(times, 30), self.longest), retry_after)


class Batches:
    """Sends batches and waits for them. Raises `ClaudeError` where the service does not take what is asked."""

    def __init__(self, client: anthropic.AsyncAnthropic, prices: Prices, pauses: Pauses) -> None:
        self._client, self._prices, self._pauses = client, prices, pauses

    async def send(self, bodies: Mapping[str, Mapping[str, Any]]) -> str:
        """The id of a new batch of these requests, by their names (up to 64 of `a-zA-Z0-9_-`)."""
        requests = [Request(custom_id=name, params=body) for name, body in bodies.items()]  # type: ignore[typeddict-item]
        create = self._client.messages.batches.create
        return (await self._insisting(lambda: create(requests=requests, timeout=UPLOAD_SECONDS))).id

    async def answers(self, batch: str) -> dict[str, Answer]:
        """What came of each request, once the batch has ended. Nothing where the service no longer has the batch."""
        try:
            ended = await self._ended(batch)
            return await self._insisting(lambda: self._results(batch)) if ended.results_url else {}
        except anthropic.NotFoundError:
            return {}

    async def _ended(self, batch: str) -> MessageBatch:
        times = 0
        while (found := await self._insisting(lambda: self._look(batch))).processing_status != "ended":
            await asyncio.sleep(self._pauses.after(times))
            times += 1
        return found

    async def _look(self, batch: str) -> MessageBatch:
        return await self._client.messages.batches.retrieve(batch)

    async def _results(self, batch: str) -> dict[str, Answer]:
        results = await self._client.messages.batches.results(batch)
        return {entry.custom_id: self._answer(entry.result) async for entry in results}

    def _answer(self, result: MessageBatchResult) -> Answer:
        match result.type:
            case "succeeded":
                return self._written(result.message)
            case "errored":
                error = result.error
                return _failed(refused_with(0, error.error.type, error.request_id, {}))
            case "expired":
                return _failed(ClaudeError("timeout", "it was not begun within a day", passing=True))
        return _failed(ClaudeError("unavailable", f"the request was {result.type}"))

    def _written(self, message: Message) -> Answer:
        text = "".join(block.text for block in message.content if block.type == "text")
        stopped = stopped_with(message.stop_reason)
        usage = self._usage(message)
        return replace(_failed(stopped), usage=usage) if stopped else Answer(text, usage)

    def _usage(self, message: Message) -> Usage:
        used = message.usage
        counted = Usage(
            "claude",
            message.model,
            used.input_tokens,
            used.cache_read_input_tokens or 0,
            used.cache_creation_input_tokens or 0,
            used.output_tokens,
        )
        return replace(counted, cost=cost(counted, self._prices) * self._prices.batch)

    async def _insisting(self, call: Callable[[], Awaitable[T]]) -> T:
        """What a call gives; one that fails in passing is made again."""
        for times in range(self._pauses.failures):
            try:
                return await call()
            except anthropic.NotFoundError:
                raise
            except Exception as error:
                fault = translated(error, begun=False)
            if not fault.passing:
                raise fault from None
            await asyncio.sleep(self._pauses.after(times, fault.retry_after))
        raise fault


def _failed(fault: ClaudeError) -> Answer:
    return Answer(failure=fault.failure, message=str(fault), passing=fault.passing)
