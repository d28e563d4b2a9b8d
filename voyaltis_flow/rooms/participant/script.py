"""How a scripted call goes: waits for the agent, answers with the line that is due, ends when the report is there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from voyaltis_flow.rooms.participant.changes import Overdue
from voyaltis_flow.rooms.participant.lines import Line, due
from voyaltis_flow.rooms.participant.microphone import Said
from voyaltis_flow.rooms.participant.participant import Denied, Participant
from voyaltis_flow.rooms.participant.streams import AgentError, Report
from voyaltis_flow.rooms.participant.voices import Voice

LISTENS = ("", "listening")
"""The states in which an agent is done speaking; one that tells none is taken by its silence."""


class NoAgent(Exception):  # noqa: N818 - it names what happened
    """Nobody came to talk. The message is for people."""


class Refused(Exception):  # noqa: N818 - it names what happened
    """The agent does not serve this conversation; the message is its own."""

    def __init__(self, error: AgentError) -> None:
        super().__init__(f"{error.message} ({error.code})")
        self.code = error.code


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds the rep waits for what."""

    agent: float = 10.0
    opening: float = 20.0
    reply: float = 60.0
    """From the rep's last word to the end of the agent's; a long recap takes half of it."""
    progress: float = 3.0
    """What is asked is known a little after it was heard."""
    breath: float = 0.3
    """From the agent's last word to the rep's first."""
    closing: float = 3.0
    """For a report after the last line, before the rep asks for the end."""
    report: float = 20.0


@dataclass(slots=True, eq=False)
class Exchange:
    """What the rep said and what was asked before; the opening is one in which nothing was said."""

    since: float
    """When the rep began to wait: the room was entered, or the last word said. Seconds since 1970."""
    line: Line | None = None
    said: Said | None = None
    asked: str | None = None
    answer: Voice | None = None
    """The first thing that was heard after it."""

    @property
    def began(self) -> float:
        """When the first word was said; when the room was entered, in the opening."""
        return self.since if self.said is None else self.said.began or self.since

    @property
    def seconds_to_first_sound(self) -> float | None:
        """How long the rep heard nothing."""
        return None if self.answer is None else self.answer.began - self.since


class Script:
    """A call. However it ends, `exchanges` has how it went so far."""

    def __init__(
        self, rep: Participant, lines: Sequence[Line], agent: str, language: str, patience: Patience | None = None
    ) -> None:
        """`agent` is the name under which one was called, `language` that of the voice that says the lines."""
        self._rep, self._left, self._agent, self._language = rep, [*lines], agent, language
        self._patience = patience or Patience()
        self.exchanges: list[Exchange] = []

    async def run(self) -> Report:
        """Holds the call to its end; its report. Raises `NoAgent`, `Refused`, `Overdue` or `HungUp`."""
        await self._agent_comes()
        await self._hear_out(Exchange(self._rep.entered or 0.0), self._patience.opening)
        while self._left and not self._over():
            await self._say(due(self._left, self._asked()))
        return await self._report()

    async def _agent_comes(self) -> None:
        within = self._patience.agent
        try:
            await self._rep.until(lambda: self._rep.agent or self._over(), within, "")
        except Overdue:
            question = f"is `voyaltis-flow agent` running with --name {self._agent}?"
            raise NoAgent(f"no agent came within {within:g} s: {question}") from None

    async def _say(self, line: Line) -> None:
        self._left.remove(line)
        asked = self._asked()
        said = await self._speak(line)
        stuck = "the microphone does not get rid of its sound"
        ended = await self._rep.until(lambda: said.ended, said.seconds + 5.0, stuck)
        await self._hear_out(Exchange(ended, line, said, asked), self._patience.reply)

    async def _speak(self, line: Line) -> Said:
        if line.sound is None:
            return await self._rep.say_text(line.text, self._language)
        return self._rep.say(line.sound, line.text)

    async def _hear_out(self, exchange: Exchange, within: float) -> None:
        """Until the agent has answered and is done, and what it asks is known."""
        self.exchanges.append(exchange)
        turn = len(self.exchanges) - 1
        what = f"did not answer line {turn}" if turn else "came, and said nothing"
        overdue = f"the agent {what} ({within:g} s)"
        await self._rep.until(lambda: self._answered(exchange) or self._over(), within, overdue)
        with suppress(Overdue):
            await self._rep.until(lambda: self._over() or self._told_since(exchange.since), self._patience.progress, "")
        await asyncio.sleep(self._patience.breath)

    def _answered(self, exchange: Exchange) -> bool:
        agent = self._rep.agent
        exchange.answer = self._rep.ear.first_since(exchange.since)
        silent = not self._rep.ear.hears and agent is not None and agent.state in LISTENS
        return exchange.answer is not None and silent

    def _told_since(self, at: float) -> bool:
        return any(progress.at >= at for progress in self._rep.streams.progress)

    def _asked(self) -> str | None:
        told = self._rep.streams.progress
        return told[-1].asked if told else None

    def _over(self) -> bool:
        return bool(self._rep.streams.report or self._rep.streams.errors)

    async def _report(self) -> Report:
        with suppress(Overdue):
            await self._rep.until(self._over, self._patience.closing, "")
        if not self._over():
            with suppress(Denied):
                await self._rep.end()
        within = self._patience.report
        await self._rep.until(self._over, within, f"the agent gave no report within {within:g} s after the last line")
        if self._rep.streams.report is None:
            raise Refused(self._rep.streams.errors[-1])
        return self._rep.streams.report
