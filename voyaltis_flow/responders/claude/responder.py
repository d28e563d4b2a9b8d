"""Claude: one streamed request a turn, its JSON held to the flow's schema by the service itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from importlib import import_module
from itertools import count
from typing import TYPE_CHECKING, Any

from voyaltis_flow.engine.request import Request
from voyaltis_flow.responders.claude.faults import ClaudeError
from voyaltis_flow.responders.claude.prompt import body
from voyaltis_flow.responders.claude.settings import ClaudeSettings, Patience
from voyaltis_flow.responders.prices import Prices, load_prices
from voyaltis_flow.runtime.protocols import ResponderError, Usage

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

log = logging.getLogger(__name__)


class Claude:
    """Asks Claude. One of these serves every conversation of a process, so that its connections stay warm."""

    name = "claude"

    def __init__(
        self, settings: ClaudeSettings, patience: Patience | None = None, prices: Prices | None = None
    ) -> None:
        self._settings = settings
        self._patience = patience or Patience()
        self._prices = prices or load_prices()
        self._client: AsyncAnthropic | None = None
        self._connecting = asyncio.Lock()

    async def prepare(self) -> None:
        """Loads the SDK and connects ahead of the first reply. Never fails: what is wrong, the reply will tell."""
        client = await self._connected()
        try:
            await client.models.retrieve(self._settings.model, timeout=self._patience.first_token)
        except Exception as error:
            log.warning("claude_not_ready: %s", type(error).__name__)

    async def respond(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        """The reply. What fails in passing is asked again, as long as no word has come and one may still be in time."""
        client = await self._connected()
        clock = asyncio.get_running_loop().time
        asked_at = clock()
        for attempt in count():
            exchange = _sdk().Exchange(self._patience, self._prices, self._settings.model, asked_at, clock)
            failed: ClaudeError | None = None
            try:
                async with aclosing(exchange.texts(client, body(request, self._settings))) as texts:
                    async for text in texts:
                        yield text
            except ClaudeError as error:
                failed = error
            if usage := exchange.usage():
                yield usage
            if failed is None:
                return
            pause = self._patience.pause(attempt, failed.retry_after)
            in_time = clock() - asked_at + pause < self._patience.first_token
            if exchange.begun or not (failed.passing and in_time and attempt < self._patience.retries):
                raise ResponderError(failed.failure, str(failed)) from None
            log.info("claude_asked_again: %s", failed.failure)
            await asyncio.sleep(pause)

    async def aclose(self) -> None:
        """Closes the connections."""
        if self._client is not None:
            await self._client.close()

    async def _connected(self) -> AsyncAnthropic:
        async with self._connecting:
            if self._client is None:
                sdk = await asyncio.to_thread(_sdk)
                self._client = sdk.connect(self._settings, self._patience)
            return self._client


def _sdk() -> Any:
    """The module that imports the SDK; in a thread the first time, since that takes most of a second."""
    return import_module("voyaltis_flow.responders.claude.exchange")
