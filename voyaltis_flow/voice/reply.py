"""A turn being answered, in a task of its own: barge-in ends the speaking of it, and what is extracted goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator

from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.speech import Say
from voyaltis_flow.engine.turn import Turn
from voyaltis_flow.runtime.loop import perform
from voyaltis_flow.runtime.protocols import Responder

log = logging.getLogger(__name__)


class Reply:
    """The sentences of a turn as they become certain. A fault of ours is no silence: the plan's own words are said."""

    def __init__(self, conversation: Conversation, turn: Turn, responder: Responder) -> None:
        self.turn = turn
        self.heard: str | None = ""
        """What the rep heard of it: "" until something is known, None for all of it."""
        self.corrections: list[tuple[str, str | None, object]] = []
        """What the app has corrected since it was asked for, and it can't know of: point, key and value."""
        self._says: asyncio.Queue[Say | None] = asyncio.Queue()
        self._task = asyncio.create_task(self._run(conversation, responder), name="reply")

    @property
    def done(self) -> bool:
        """Whether it is written to its end, or given up."""
        return self._task.done()

    async def says(self) -> AsyncGenerator[Say, None]:
        """Each sentence once. For one listener, who may leave at any time."""
        while (say := await self._says.get()) is not None:
            yield say

    def abandon(self) -> None:
        """Nobody will hear it: no more is written. What was extracted so far stays in the turn."""
        self._task.cancel()

    async def written(self, patience: float) -> None:
        """Waits for the end of what is being written, at most so many seconds; what is missing then is left out."""
        await asyncio.wait({self._task}, timeout=patience)
        if not self._task.done():
            log.info("reply_cut")
            self._task.cancel()
            await asyncio.wait({self._task})
        self.turn.finish()

    async def _run(self, conversation: Conversation, responder: Responder) -> None:
        try:
            async for output in perform(conversation, self.turn, responder):
                if isinstance(output, Say):
                    self._says.put_nowait(output)
        except Exception as fault:
            log.error("reply_failed: %s", type(fault).__name__, exc_info=fault)
            self._fall_back()
        finally:
            self._says.put_nowait(None)

    def _fall_back(self) -> None:
        """The plan's own words, unless they are what failed."""
        try:
            for output in self.turn.finish():
                if isinstance(output, Say):
                    self._says.put_nowait(output)
        except Exception as fault:
            log.error("nothing_to_say: %s", type(fault).__name__, exc_info=fault)
