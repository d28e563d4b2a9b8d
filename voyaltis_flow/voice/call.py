"""A conversation while it is being held: who speaks when, who is there, and how it ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from livekit import rtc
from livekit.agents import CloseEvent, ErrorEvent

from voyaltis_flow.engine.events import EndReason
from voyaltis_flow.engine.turn import Turn
from voyaltis_flow.rooms.protocol import Correction
from voyaltis_flow.rooms.troubles import TroubleCode, trouble
from voyaltis_flow.voice.agent import FlowAgent
from voyaltis_flow.voice.channel import Channel, Wishes
from voyaltis_flow.voice.observe.meter import Meter
from voyaltis_flow.voice.pace import Pace
from voyaltis_flow.voice.presence import Happenings, Presence
from voyaltis_flow.voice.senses import Senses
from voyaltis_flow.voice.session import EndOfTurn, make_session, room_options
from voyaltis_flow.voice.silence import Silence
from voyaltis_flow.voice.talk import Talk

HEARING_OUT_SECONDS = 3.0
"""How long the words of a rep may take who has ended the conversation right after them."""
CONFIRMING_SECONDS = 1.0
MOST_UNSPOKEN = 3
"""Utterances in a row of which no sound came."""

log = logging.getLogger(__name__)


class Call:
    """Holds a conversation with a rep who is there, until it has ended or is to go on elsewhere."""

    def __init__(
        self,
        room: rtc.Room,
        rep: str,
        talk: Talk,
        channel: Channel,
        senses: Senses,
        meter: Meter,
        end_of_turn: EndOfTurn,
    ) -> None:
        self._room, self._rep, self._talk, self._channel, self._senses = room, rep, talk, channel, senses
        self._meter = meter
        self._conversation = talk.conversation
        self._session = make_session(senses.hearing, senses.voices, end_of_turn)
        self._agent = FlowAgent(talk, senses.voices)
        self._silence = Silence(self._session, self._fell_silent)
        self._tasks: set[asyncio.Task[None]] = set()
        self._failed = False
        self._unspoken = 0
        self.closed = asyncio.Event()
        """The framework has closed the session: the worker stops, or speech failed for good."""
        talk.on_settled = self._settled
        senses.hearing.unheard = self._heard_nothing
        self._pace = Pace(talk, meter)
        self._session.on("conversation_item_added", self._pace.on_item)
        self._session.on("conversation_item_added", self._agent.on_item)
        self._session.on("close", self._session_closed)
        self._session.on("error", self._part_failed)

    async def hold(self, begin: Callable[[float], Turn], lost: asyncio.Event) -> None:
        """Speaks first, and stays until it is over, the session was closed, or the conversation is `lost`."""
        self._lost = lost
        await self._session.start(
            self._agent, room=self._room, room_options=room_options(self._rep), session_host=False, record=False
        )
        self._channel.answer(self._rep, Wishes(self._end_by_app, self._correct))
        self._presence = Presence(self._room, self._rep, self._happenings())
        self._soon(self._speak(begin))
        try:
            await _first(self._talk.over, self.closed, lost)
        finally:
            self._presence.stop()
            self._silence.stop()
        if self._failed and not self._talk.over.is_set():
            await self._talk.end("failed")
        await self._talk.told()

    async def leave(self) -> None:
        """Says nothing more."""
        await self._hush()
        for task in list(self._tasks):
            task.cancel()

    async def _speak(self, make: Callable[[float], Turn]) -> None:
        """A turn of the agent's own, unless another one is on."""
        reply = self._talk.speak(make)
        if reply is None:
            return
        if not self.closed.is_set():
            speech = self._session.say(self._agent.sentences(reply))
            await speech.wait_for_playout()
            await self._count_unspoken(reply.heard == "" and not speech.interrupted)
        if self._talk.turn is reply.turn:
            await self._talk.settle()

    async def _settled(self, _: Turn) -> None:
        """A turn has happened: the app is told, and the next words are listened for."""
        await self._channel.progress(self._conversation.progress())
        self._senses.listen_for(self._conversation)
        self._senses.warm(self._conversation)

    def _fell_silent(self) -> None:
        if self._presence.here and not self._senses.hearing.hears:  # what was said may take its time to be words
            self._soon(self._after_silence())

    async def _after_silence(self) -> None:
        """A reply of which nothing was heard in all that time will not be heard any more."""
        if self._talk.turn is not None:
            await self._talk.settle()
            await self._count_unspoken(True)
        await self._speak(self._conversation.silence)

    async def _count_unspoken(self, unspoken: bool) -> None:
        """An agent without a voice does not stay."""
        self._unspoken = self._unspoken + 1 if unspoken else 0
        if self._unspoken == MOST_UNSPOKEN and not self._talk.over.is_set():
            await self._tell("environment_lacking", self._rep)
            await self._talk.end("failed")

    def _heard_nothing(self) -> None:
        """Somebody spoke, and nobody could make words of it."""
        self._soon(self._speak(partial(self._conversation.hear, "")))

    def _happenings(self) -> Happenings:
        return Happenings(
            came_back=lambda: self._soon(self._speak(self._conversation.resume)),
            stayed_away=lambda: self._soon(self._end("hung_up")),
            no_microphone=lambda: self._soon(self._tell("no_microphone", self._rep)),
            another=lambda who: self._soon(self._tell("too_many_reps", who)),
        )

    async def _tell(self, code: TroubleCode, whom: str) -> None:
        log.warning("trouble: %s", code)
        await self._channel.trouble(trouble(code, self._conversation.language), whom)

    async def _end(self, because: EndReason) -> None:
        await self._hush()
        await self._talk.end(because)

    async def _hush(self) -> None:
        with suppress(RuntimeError):  # the session is closing, and says nothing anyway
            await self._session.interrupt(force=True)

    async def _end_by_app(self) -> None:
        self._soon(self._end_heard_out())

    async def _end_heard_out(self) -> None:
        """The rep has ended it. What they were saying counts, and is waited for."""
        await self._hush()
        if self._senses.hearing.hears or self._session.user_state == "speaking":
            confirmed = self._talk.next_words()
            with suppress(RuntimeError):  # as above
                if await self._session.commit_user_turn(transcript_timeout=HEARING_OUT_SECONDS, skip_reply=True):
                    await _within(CONFIRMING_SECONDS, confirmed.wait())
        await self._end("app")

    async def _correct(self, asked: Correction) -> Mapping[str, Any] | str:
        if self._talk.over.is_set() or self._lost.is_set():
            return trouble("conversation_over", self._conversation.language).message
        refusal = await self._talk.correct(asked.point, asked.key, asked.value)
        if refusal is not None:
            return refusal.reason
        progress = self._conversation.progress()
        self._soon(self._channel.progress(progress))
        return progress

    def _session_closed(self, event: CloseEvent) -> None:
        self._failed = event.error is not None
        log.log(logging.ERROR if self._failed else logging.INFO, "session_closed: %s", event.reason.value)
        self.closed.set()

    def _part_failed(self, event: ErrorEvent) -> None:
        log.warning("part_failed: %s", type(event.source).__name__)

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("task_failed: %s", type(fault).__name__)


async def _within(seconds: float, what: Awaitable[object]) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(what, seconds)


async def _first(*events: asyncio.Event) -> None:
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
