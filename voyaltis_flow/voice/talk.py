"""Whose turn it is: replies that may never be spoken, the one that is being spoken, and what then has happened.

The voice framework asks for replies before it is sure that the rep has finished, and tells only afterwards how much
of one was heard. So a turn goes through three states: *candidate* (any number, they leave no trace), *confirmed* (the
rep's words stand; they are held at once, in case the agent dies while it answers) and *settled* (committed with what
was heard, journalled, told to the app). The next turn begins when the last one is settled.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.events import EndReason, Event
from voyaltis_flow.engine.turn import Turn
from voyaltis_flow.reading.model import Refusal
from voyaltis_flow.runtime.protocols import Responder
from voyaltis_flow.voice.reply import Reply

PATIENCE = 1.0
"""Seconds that the rest of an interrupted reply may take, until the rep's next words are answered without it."""

Clock = Callable[[], float]


class Keeping(Protocol):
    """Keeps what happens (see `voice.keeper`)."""

    def hold(self, words: str, at: float) -> None: ...

    async def append(self, events: Sequence[Event]) -> None: ...


@dataclass(frozen=True, slots=True)
class Settled:
    """A turn that has happened, and its events."""

    turn: Turn
    events: tuple[Event, ...]


class Talk:
    """Takes turns with the rep. All calls come from one event loop; `key` tells the rep's turns apart."""

    def __init__(
        self,
        conversation: Conversation,
        responder: Responder,
        keeper: Keeping,
        clock: Clock = time.time,
    ) -> None:
        self.conversation = conversation
        self.on_settled: Callable[[Settled], Awaitable[None]] = _nobody_listens
        self.over = asyncio.Event()
        """The conversation has ended, and its last events are kept."""
        self._responder, self._keeper, self._clock = responder, keeper, clock
        self._candidates: dict[str, Reply] = {}
        self._speaking: Reply | None = None
        self._key: str | None = None
        self._waiting: list[tuple[str, str]] = []
        self._free = asyncio.Event()
        self._free.set()
        self._settling = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._charged = len(conversation.state.usage)

    @property
    def turn(self) -> Turn | None:
        """The turn that is being answered, None between two."""
        return self._speaking.turn if self._speaking else None

    async def answer(self, key: str, words: str) -> Reply | None:
        """The reply to the rep's words, a candidate unless they are confirmed; None when the conversation is over."""
        if key != self._key:
            await self._free.wait()
        if key == self._key:
            return self._speaking
        if self.conversation.ended:
            return None
        reply = self._candidates[key] = self._reply(self.conversation.hear(words, self._clock()))
        return reply

    def leave(self, key: str) -> None:
        """Nobody listens to a reply any more. A candidate is dropped; one that is confirmed goes on extracting."""
        if (reply := self._candidates.pop(key, None)) is not None:
            reply.abandon()

    def confirm(self, key: str, words: str) -> None:
        """The rep has said this for good."""
        if self.conversation.ended:
            return
        self._keeper.hold(words, self._clock())
        reply = self._candidates.pop(key, None)
        for other in list(self._candidates):
            self.leave(other)
        if self._speaking is not None:
            self._waiting.append((key, words))
        else:
            self._begin(reply or self._reply(self.conversation.hear(words, self._clock())), key)

    def speak(self, make: Callable[[float], Turn]) -> Reply | None:
        """A turn of the agent's own, None while another is being spoken or prepared, or when it is over."""
        if self._speaking is not None or self._candidates or self.conversation.ended:
            return None
        reply = self._reply(make(self._clock()))
        self._begin(reply, None)
        return reply

    def heard(self, text: str, *, interrupted: bool) -> None:
        """How much of what was being spoken was heard, now that it is over."""
        if self._speaking is not None:
            self._speaking.heard = text if interrupted else None
            task = asyncio.create_task(self.settle(), name="settle")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """What was being spoken has happened, as far as it was heard. Nothing happens where nothing was."""
        async with self._settling:
            if self._speaking is None:
                return
            await self._speaking.written(PATIENCE)
            await self._commit(self._speaking)
            self._speaking = self._key = None
            if self._waiting and not self.conversation.ended:
                key, words = self._waiting.pop(0)
                self._begin(self._reply(self.conversation.hear(words, self._clock())), key)
            else:
                self._free.set()

    async def end(self, because: EndReason) -> None:
        """It is over, without another word. What was said before is kept."""
        while self._speaking is not None:
            await self.settle()
        for key in list(self._candidates):
            self.leave(key)
        await self._keep(self.conversation.end(because, self._clock()))
        self.over.set()

    async def correct(self, point: str, key: str | None, value: object) -> Refusal | None:
        """The app's correction, or why it can't be."""
        events = self.conversation.correct(point, key, value, self._clock())
        if isinstance(events, Refusal):
            return events
        await self._keep(events)
        return None

    def _reply(self, turn: Turn) -> Reply:
        return Reply(self.conversation, turn, self._responder)

    def _begin(self, reply: Reply, key: str | None) -> None:
        self._speaking, self._key = reply, key
        self._free.clear()

    async def _commit(self, reply: Reply) -> None:
        events = self.conversation.commit(reply.turn, heard=reply.heard, at=self._clock())
        await self._keep(events)
        await self.on_settled(Settled(reply.turn, events))
        if self.conversation.ended:
            self.over.set()

    async def _keep(self, events: Sequence[Event]) -> None:
        """Writes what happened, and what was paid for since."""
        paid = self.conversation.state.usage[self._charged :]
        self._charged += len(paid)
        if paid or events:
            await self._keeper.append((*paid, *events))


async def _nobody_listens(_: Settled) -> None:
    pass
