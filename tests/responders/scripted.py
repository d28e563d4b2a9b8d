"""A responder that does as it is told, in no time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from voyaltis_flow.engine.request import Request
from voyaltis_flow.runtime.protocols import ResponderError, Restart, Usage

Item = str | Usage | Restart


class Scripted:
    """Answers each request with the next script: items, seconds to wait, failures to raise. The last one repeats."""

    def __init__(self, *scripts: list[Item | float | ResponderError], name: str = "scripted") -> None:
        self.name = name
        self.asked = 0
        self.closed = 0
        self._scripts = list(scripts)

    async def prepare(self) -> None:
        pass

    async def respond(self, request: Request) -> AsyncGenerator[Item, None]:
        script = self._scripts[min(self.asked, len(self._scripts) - 1)]
        self.asked += 1
        try:
            for step in script:
                if isinstance(step, ResponderError):
                    raise step
                if isinstance(step, float):
                    await asyncio.sleep(step)
                else:
                    yield step
        finally:
            self.closed += 1

    async def aclose(self) -> None:
        pass


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now
