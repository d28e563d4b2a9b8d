"""A conversation held for a scenario, on a clock of its own: the same words give the same report, to the byte."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Literal

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.events import NOBODY, Asked, Event, Person, decode, encode
from voyaltis_flow.engine.speech import Say
from voyaltis_flow.reading.model import Refusal
from voyaltis_flow.runtime.loop import Committed, Session
from voyaltis_flow.runtime.protocols import Responder

BEGINNING = 1_767_225_600.0
"""When every scenario begins: the first moment of 2026, UTC."""


@dataclass(frozen=True, slots=True)
class Line:
    """What was said or done, in the order of the conversation."""

    speaker: Literal["agent", "rep", "event"]
    text: str


@dataclass(frozen=True, slots=True)
class Who:
    """With whom, where and when a conversation is held."""

    conversation: str
    language: str | None = None
    rep: str | None = None
    event: str | None = None
    today: date | None = None
    seconds_a_turn: float = 10.0


class Held:
    """A conversation, its lines, and what the agent asked last."""

    def __init__(self, script: CompiledScript, responder: Responder, who: Who) -> None:
        self.conversation = Conversation(
            script,
            who.conversation,
            rep=_person(who.rep),
            event=_person(who.event),
            language=who.language,
            today=who.today,
        )
        self.lines: list[Line] = []
        self.asked: Asked | None = None
        self.reply = ""
        self._script, self._responder, self._pace = script, responder, who.seconds_a_turn
        self._now = BEGINNING
        self._events: list[Event] = []
        self._session = self._joined(self.conversation)

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.conversation.ended

    async def open(self) -> None:
        """The agent's first words."""
        await self._take(self._session.open())

    async def hear(self, text: str) -> None:
        """The rep says something, and the agent replies."""
        self.lines.append(Line("rep", text))
        self._now += self._pace
        await self._take(self._session.hear(text))

    async def silence(self) -> None:
        """The rep says nothing."""
        self.lines.append(Line("event", "silence"))
        self._now += self._pace
        await self._take(self._session.silence())

    async def cut_off(self) -> None:
        """The agent is lost; another one goes on from the journal."""
        self.lines.append(Line("event", "the agent was lost, another goes on"))
        journal = [decode(encode(event)) for event in self._events]
        self.conversation = Conversation.replayed(self._script, journal)
        self._session = self._joined(self.conversation)
        await self._take(self._session.resume())

    def hang_up(self) -> None:
        """The rep is gone."""
        self.lines.append(Line("event", "hung up"))
        self._events.extend(self.conversation.end("hung_up", self._now))

    def correct(self, point: str, key: str | None, value: Any) -> Refusal | None:
        """The rep corrects a value in the app; why it can't be, if it can't."""
        self.lines.append(Line("event", f"corrected in the app: {point}{f' {key}' if key else ''} = {value}"))
        found = self.conversation.correct(point, key, value, self._now)
        if isinstance(found, Refusal):
            return found
        self._events.extend(found)
        return None

    @property
    def digest(self) -> str:
        """A hash of all that was said and of the report: another one tells that something went otherwise."""
        said = [[line.speaker, line.text] for line in self.lines]
        return digest_of([said, self.conversation.report()])

    def _joined(self, conversation: Conversation) -> Session:
        return Session(conversation, self._responder, clock=lambda: self._now)

    async def _take(self, outputs: AsyncIterator[Any]) -> None:
        said: list[str] = []
        async for output in outputs:
            if isinstance(output, Say):
                said.append(output.text)
            elif isinstance(output, Committed):
                self._events.extend(output.events)
                self.asked = _asked(output.events)
        self.reply = " ".join(said)
        self.lines.append(Line("agent", self.reply))


def _asked(events: Sequence[Event]) -> Asked | None:
    return next((event for event in reversed(events) if isinstance(event, Asked)), None)


def _person(name: str | None) -> Person:
    return Person(name=name) if name else NOBODY


def digest_of(content: Any) -> str:
    """A short hash of what can be written as JSON."""
    return sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]
