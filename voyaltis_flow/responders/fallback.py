"""Joins two responders: when the first fails in mid-turn, the second takes the same turn over at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import partial

from voyaltis_flow.engine.request import Request
from voyaltis_flow.responders.draft import Draft
from voyaltis_flow.runtime.circuit import Circuit
from voyaltis_flow.runtime.protocols import Responder, ResponderError, Restart, Usage

Item = str | Usage | Restart

PROBE_SECONDS = 0.8
"""How long a responder that was down may take to begin when it is tried again: no rep shall notice the trial."""

log = logging.getLogger(__name__)


class Fallback:
    """Asks the first; on failure, or when what it writes can't be a reply, yields `Restart` and asks the second.

    A first that fails again and again is left alone for a while (`Circuit`), shared by all conversations of a process;
    then the second answers from the start, without a `Restart`.
    """

    def __init__(
        self, first: Responder, second: Responder, circuit: Circuit | None = None, probe_seconds: float = PROBE_SECONDS
    ) -> None:
        self._first = first
        self._second = second
        self._circuit = circuit or Circuit()
        self._probe_seconds = probe_seconds

    @property
    def name(self) -> str:
        """The first one's name."""
        return self._first.name

    async def prepare(self) -> None:
        """Prepares both."""
        await asyncio.gather(self._first.prepare(), self._second.prepare())

    async def respond(self, request: Request) -> AsyncGenerator[Item, None]:
        """The first one's reply, or as much of it as came, a `Restart`, and the second one's."""
        advice = self._circuit.advice()
        if advice != "skip":
            try:
                patience = self._probe_seconds if advice == "probe" else None
                async with aclosing(self._asked(request, patience)) as items:
                    async for item in items:
                        yield item
                return
            except ResponderError as error:
                log.warning("responder_taken_over: %s by %s: %s", self._first.name, self._second.name, error.failure)
                restart = Restart(error.failure, self._second.name)
            yield restart
        async with aclosing(self._second.respond(request)) as items:
            async for item in items:
                yield item

    async def aclose(self) -> None:
        """Closes both."""
        await asyncio.gather(self._first.aclose(), self._second.aclose())

    async def _asked(self, request: Request, patience: float | None) -> AsyncGenerator[Item, None]:
        """The first one's reply, judged as it comes; the circuit is told how it went, whichever way it ends."""
        draft = Draft()
        tell: Callable[[], None] = self._circuit.left
        try:
            async with aclosing(self._first.respond(request)) as items:
                async with asyncio.timeout(patience):
                    item = await anext(items, None)
                while item is not None:
                    if isinstance(item, str):
                        draft.feed(item)
                    yield item
                    item = await anext(items, None)
            draft.finish()
            tell = self._circuit.succeeded
        except TimeoutError:
            tell = partial(self._circuit.failed, "timeout")
            raise ResponderError("timeout", f"{self._first.name} did not begin within {patience} s") from None
        except ResponderError as error:
            tell = partial(self._circuit.failed, error.failure)
            raise
        finally:
            tell()
