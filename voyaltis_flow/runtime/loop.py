"""The loop that joins engine, responder and journal: a turn's sentences as they become certain, then its commit.

Terminal, simulation and voice are small loops around a `Session`; voice, which knows only later how much of a turn was
heard, calls `perform` and commits by itself.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass

from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.events import Event, UsageCharged
from voyaltis_flow.engine.speech import Say
from voyaltis_flow.engine.turn import Output, Turn
from voyaltis_flow.runtime.protocols import Journal, Responder, ResponderError, Restart, Usage

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Committed:
    """The turn has happened, and its events are in the journal."""

    events: tuple[Event, ...]


async def perform(conversation: Conversation, turn: Turn, responder: Responder) -> AsyncGenerator[Output, None]:
    """What a turn says and finds, as it becomes certain. Commits nothing; a responder that fails leaves no silence."""
    if turn.acknowledgement:
        yield Say(turn.acknowledgement)
    async with aclosing(_answered(conversation, turn, responder)) as outputs:
        async for output in outputs:
            yield output
    for output in turn.finish():
        yield output


class Session:
    """A conversation with its responder, its journal and its clock. One turn at a time."""

    def __init__(
        self,
        conversation: Conversation,
        responder: Responder,
        journal: Journal | None = None,
        clock: Clock = time.time,
    ) -> None:
        self.conversation, self._responder, self._journal, self._clock = conversation, responder, journal, clock

    def open(self) -> AsyncGenerator[Output | Committed, None]:
        """The opening."""
        return self._run(self.conversation.open(self._clock()))

    def resume(self) -> AsyncGenerator[Output | Committed, None]:
        """The words after a break."""
        return self._run(self.conversation.resume(self._clock()))

    def hear(self, text: str) -> AsyncGenerator[Output | Committed, None]:
        """The turn in which the rep said this."""
        return self._run(self.conversation.hear(text, self._clock()))

    def silence(self) -> AsyncGenerator[Output | Committed, None]:
        """The rep has said nothing for a while."""
        return self._run(self.conversation.silence(self._clock()))

    async def keep(self, events: Sequence[Event]) -> None:
        """Writes events that no turn brought: an end, a correction."""
        if self._journal is not None and events:
            await self._journal.append(self.conversation.state.conversation, events)

    async def _run(self, turn: Turn) -> AsyncGenerator[Output | Committed, None]:
        charged = len(self.conversation.state.usage)
        heard: list[str] = []
        to_the_end = False
        try:
            async with aclosing(perform(self.conversation, turn, self._responder)) as outputs:
                async for output in outputs:
                    if isinstance(output, Say):
                        heard.append(output.text)
                    yield output
            to_the_end = True
        finally:  # whoever stops listening in mid-turn loses none of the rep's words
            said = None if to_the_end else " ".join(heard)
            events = self.conversation.commit(turn, heard=said, at=self._clock())
            await self.keep((*self.conversation.state.usage[charged:], *events))
        yield Committed(events)


async def _answered(conversation: Conversation, turn: Turn, responder: Responder) -> AsyncGenerator[Output, None]:
    """What a responder brings to a turn; nothing when it needs none, or may cost nothing more."""
    request = turn.request
    if request is None or request.without_model:
        return
    try:
        async with aclosing(responder.respond(request)) as items:
            async for item in items:
                for output in _taken(conversation, turn, item):
                    yield output
    except ResponderError as error:
        for output in turn.restart(error.failure, "plan"):
            yield output


def _taken(conversation: Conversation, turn: Turn, item: str | Usage | Restart) -> Sequence[Output]:
    if isinstance(item, str):
        return turn.feed(item)
    if isinstance(item, Restart):
        return turn.restart(item.failure, item.responder)
    return conversation.charge(UsageCharged(**asdict(item)))
