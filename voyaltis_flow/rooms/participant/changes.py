"""Waiting for what will happen, without asking over and over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class Overdue(TimeoutError):  # noqa: N818 - it names what happened
    """What was waited for did not come in time. The message is for people: what is missing, and the way out."""


class Changes:
    """Wakes whoever waits when something has changed. For one event loop; plain callbacks may call `tell`."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def tell(self) -> None:
        """Something has changed: everybody who waits looks again."""
        self._next.set()
        self._next = asyncio.Event()

    async def next(self) -> None:
        """Returns at the next change."""
        await self._next.wait()

    async def until(self, found: Callable[[], Found | None], within: float, otherwise: str) -> Found:
        """What `found` finds, as soon as that is true. Raises `Overdue`, worded as `otherwise`, after so long."""
        try:
            async with asyncio.timeout(within):
                while not (value := found()):
                    await self.next()
                return value
        except TimeoutError:
            raise Overdue(otherwise) from None
