"""Whose turn it is: replies that may never be spoken, the one that is being spoken, and what then has happened.

The voice framework asks for replies before it is sure that the rep has finished, and tells only afterwards how much
of one was heard. So a turn goes through three states: *candidate* (any number, they leave no trace), *confirmed* (the
rep's words stand; they are held at once, in case the agent dies while it answers) and *settled* (committed with what
was heard, journalled, told to the app). The next turn begins when the last one is settled.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Protocol

from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.events import EndReason, Event
from voyaltis_flow.engine.turn import Turn
from voyaltis_flow.reading.model import Refusal
from voyaltis_flow.runtime.protocols import Responder
from voyaltis_flow.voice.reply import Reply

PATIENCE = 1.0
"""Seconds that the rest of an interrupted reply may take, until the rep's next words are answered without it."""

TELLING_SECONDS = 3.0
"""How long the app may take to be told of the last turn, before its report is sent."""

Clock = Callable[[], float]

log = logging.getLogger(__name__)


class Keeping(Protocol):
    """Keeps what happens (see `voice.keeper`)."""

    def hold(self, words: str, at: float) -> None: ...

    async def append(self, events: Sequence[Event]) -> bool: ...


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
        self.on_settled: Callable[[Turn], Awaitable[None]] = _nobody_listens
        """Is called for each turn that has happened, in order, beside the conversation."""
        self.on_happened: Callable[[Sequence[Event]], None] = lambda events: None
        """Is told of all events as they are kept, what was paid for included."""
        self.over = asyncio.Event()
        """The conversation has ended, and its last events are kept."""
        self._responder, self._keeper, self._clock = responder, keeper, clock
        self._candidates: dict[str, Reply] = {}
        self._speaking: Reply | None = None
        self._key: str | None = None
        self._waiting: list[tuple[str, str]] = []
        self._change = asyncio.Event()
        self._words = asyncio.Event()
        self._settling = asyncio.Lock()
        self._telling: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._charged = len(conversation.state.usage)

    @property
    def turn(self) -> Turn | None:
        """The turn that is being answered, None between two."""
        return self._speaking.turn if self._speaking else None

    async def answer(self, key: str, words: str) -> Reply | None:
        """The reply to the rep's words, a candidate unless they are confirmed; None when the conversation is over."""
        while self._speaking is not None and key != self._key:
            await self._change.wait()
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
        """The rep has said this for good. A candidate that was written to its end is the reply."""
        if self.conversation.ended:
            return
        reply = self._candidates.pop(key, None)
        self._drop_candidates()
        if self._speaking is not None:
            self._waiting.append((key, words))
        else:
            self._begin(reply or self._reply(self.conversation.hear(words, self._clock())), key)
        self._hold()
        self._words.set()

    def next_words(self) -> asyncio.Event:
        """Is set when words of the rep's are confirmed the next time."""
        self._words = asyncio.Event()
        return self._words

    def speak(self, make: Callable[[float], Turn]) -> Reply | None:
        """A turn of the agent's own, None while another is being spoken or prepared, or when it is over."""
        preparing = any(not reply.done for reply in self._candidates.values())
        if self._speaking is not None or preparing or self.conversation.ended:
            return None
        self._drop_candidates()
        reply = self._reply(make(self._clock()))
        self._begin(reply, None)
        return reply

    def heard(self, text: str, *, interrupted: bool) -> None:
        """How much of what is being spoken was heard, now that it is over."""
        if self._speaking is not None:
            self._speaking.heard = text if interrupted else None
            task = asyncio.create_task(self.settle(), name="settle")
            self._tasks.add(task)
            task.add_done_callback(self._settled)

    async def settle(self) -> None:
        """What is being spoken now has happened, as far as it was heard. Nothing happens where nothing is."""
        reply = self._speaking
        async with self._settling:
            if reply is None or reply is not self._speaking:
                return
            try:
                await reply.written(PATIENCE)
                await self._commit(reply)
            finally:
                self._next()

    async def end(self, because: EndReason) -> None:
        """It is over, without another word. What was said before is kept, though it be a candidate yet."""
        try:
            while self._speaking is not None:
                await self.settle()
            if self._candidates:
                key, newest = [*self._candidates.items()][-1]
                self.confirm(key, newest.turn.text)
                await self.settle()
            await self._keep(self.conversation.end(because, self._clock()))
        finally:
            self.over.set()

    async def told(self) -> None:
        """Waits until the app was told of all that has settled."""
        if self._telling is not None:
            await asyncio.wait({self._telling}, timeout=TELLING_SECONDS)

    async def correct(self, point: str, key: str | None, value: object) -> Refusal | None:
        """The app's correction, or why it can't be. It stands, whatever is being answered meanwhile."""
        events = self.conversation.correct(point, key, value, self._clock())
        if isinstance(events, Refusal):
            return events
        for reply in self._replies():
            reply.corrections.append((point, key, value))
        await self._keep(events)
        self._hold()
        return None

    def _replies(self) -> Iterator[Reply]:
        """Those that were made of what was known before, and may yet happen."""
        if self._speaking is not None:
            yield self._speaking
        yield from self._candidates.values()

    def _hold(self) -> None:
        """What the rep has said for good, and has not happened yet: an agent that dies now loses none of it."""
        speaking = [self._speaking.turn.text] if self._speaking is not None else []
        if words := " ".join(filter(None, (*speaking, *(words for _, words in self._waiting)))):
            self._keeper.hold(words, self._clock())

    def _reply(self, turn: Turn) -> Reply:
        return Reply(self.conversation, turn, self._responder)

    def _begin(self, reply: Reply, key: str | None) -> None:
        self._speaking, self._key = reply, key
        self._changed()

    def _next(self) -> None:
        """The turn is over: the next words, if some wait, have theirs."""
        self._speaking = self._key = None
        if self._waiting and not self.conversation.ended:
            key, words = self._waiting.pop(0)
            self._begin(self._reply(self.conversation.hear(words, self._clock())), key)
            self._hold()
        self._changed()

    def _changed(self) -> None:
        self._change.set()
        self._change = asyncio.Event()

    def _drop_candidates(self) -> None:
        for key in list(self._candidates):
            self.leave(key)

    async def _commit(self, reply: Reply) -> None:
        kept = await self._keep(self.conversation.commit(reply.turn, heard=reply.heard, at=self._clock()))
        for point, key, value in reply.corrections:
            corrected = self.conversation.correct(point, key, value, self._clock())
            if not isinstance(corrected, Refusal):
                await self._keep(corrected)
        if kept:
            self._telling = asyncio.create_task(self._tell(self._telling, reply.turn), name="tell")
        if self.conversation.ended:
            self.over.set()

    async def _tell(self, before: asyncio.Task[None] | None, turn: Turn) -> None:
        """In order, and beside the conversation: an app that is slow to listen does not hold it up."""
        if before is not None:
            await asyncio.wait({before})
        try:
            await self.on_settled(turn)
        except Exception as fault:
            log.error("not_told: %s", type(fault).__name__, exc_info=fault)

    async def _keep(self, events: Sequence[Event]) -> bool:
        """Writes what happened, and what was paid for since; whether it is kept."""
        paid = self.conversation.state.usage[self._charged :]
        self._charged += len(paid)
        if not paid and not events:
            return True
        self.on_happened((*paid, *events))
        return await self._keeper.append((*paid, *events))

    def _settled(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("not_settled: %s", type(fault).__name__, exc_info=fault)


async def _nobody_listens(_: Turn) -> None:
    pass
