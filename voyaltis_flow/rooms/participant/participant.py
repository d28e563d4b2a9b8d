"""A rep in a LiveKit room, made of software: speaks, hears, and collects what the agent sends."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from livekit import rtc

from voyaltis_flow.rooms import protocol
from voyaltis_flow.rooms.participant import ear, microphone
from voyaltis_flow.rooms.participant.changes import Changes
from voyaltis_flow.rooms.participant.ear import Ear
from voyaltis_flow.rooms.participant.microphone import Microphone, Said
from voyaltis_flow.rooms.participant.recording import Recording
from voyaltis_flow.rooms.participant.streams import Streams
from voyaltis_flow.rooms.protocol import Correction
from voyaltis_flow.speech import pico
from voyaltis_flow.speech.pcm import Pcm

Found = TypeVar("Found")

SPEED = 0.8
"""How fast software says its lines: at full speed the offline voice swallows what people would not."""

_STATE = "lk.agent.state"


class HungUp(Exception):  # noqa: N818 - it names what happened
    """There is no connection to the room, or none any more. The message is for people."""


class Denied(Exception):  # noqa: N818 - it names what happened
    """The agent said no to a request, or did not answer it. The message is for people."""


@dataclass(slots=True, eq=False)
class Agent:
    """An agent that was seen in the room. Times are seconds since 1970."""

    identity: str
    joined: float
    state: str = ""
    """LiveKit's: initializing, listening, thinking, speaking; "" before it tells."""
    left: float | None = None


class Participant:
    """A rep. `ear.voices` has what was heard, `streams` what was sent, `agents` who was there, `said` what was said.

    All of it outlives the room: a rep who leaves may `enter` again, and goes on.
    """

    def __init__(self, url: str, token: str, *, with_microphone: bool = True, record: Path | None = None) -> None:
        """`record` is a WAV file, written when the room is left."""
        self._url, self._token, self._with_microphone, self._record = url, token, with_microphone, record
        self._recording = Recording(microphone.RATE, ear.RATE)
        self._room: rtc.Room | None = None
        self._microphone: Microphone | None = None
        self._lost = ""
        self.changes = Changes()
        self.ear = Ear(self.changes, self._recording.agent if record else None)
        self.streams = Streams(self.changes)
        self.agents: list[Agent] = []
        self.said: list[Said] = []
        self.entered: float | None = None
        """When the room was entered, the last time."""

    @classmethod
    async def connect(
        cls, url: str, token: str, *, with_microphone: bool = True, record: Path | None = None
    ) -> Participant:
        """A rep who has entered the room that the token is for. Raises `HungUp` when that can't be."""
        participant = cls(url, token, with_microphone=with_microphone, record=record)
        await participant.enter()
        return participant

    async def enter(self) -> None:
        """Enters the room, be it again. Raises `HungUp` when there is no server, or it refuses the token."""
        self._lost, self._room = "", rtc.Room()
        self._watch(self._room)
        self.streams.listen(self._room)
        try:
            await self._room.connect(self._url, self._token)
        except rtc.ConnectError as error:
            raise HungUp(f"no room could be entered at {self._url}: {error.message}") from None
        self.entered = time.time()
        self.streams.acknowledge(self._room)
        for other in self._room.remote_participants.values():
            self._met(other)
        if self._with_microphone:
            self._microphone = Microphone(self.changes, self._recording.rep if self._record else None)
            await self._microphone.open(self._room)

    async def leave(self) -> None:
        """Leaves the room as a rep who hangs up does."""
        room, self._room = self._room, None
        await self.ear.close()
        if room is not None:
            await room.disconnect()
        if self._microphone is not None:
            await self._microphone.close()
        await self.streams.close()
        if self._record is not None:
            self._recording.write(self._record)

    def say(self, pcm: Pcm, text: str = "") -> Said:
        """Begins to say it, also when the agent is speaking, behind what is still being said. Returns at once."""
        if self._microphone is None:
            raise RuntimeError("this rep has no microphone")
        self.said.append(self._microphone.say(pcm, text))
        return self.said[-1]

    async def say_text(self, text: str, language: str) -> Said:
        """Begins to say words, with the offline voice of their language."""
        return self.say(await asyncio.to_thread(pico.speak, text, language, SPEED), text)

    def hush(self) -> None:
        """Breaks off in mid-word."""
        if self._microphone is not None:
            self._microphone.hush()

    @property
    def agent(self) -> Agent | None:
        """The agent that is there now."""
        return next((agent for agent in reversed(self.agents) if agent.left is None), None)

    async def until(self, found: Callable[[], Found | None], within: float, otherwise: str) -> Found:
        """What `found` finds, as soon as it is true. Raises `Overdue` with those words, or `HungUp`."""

        def look() -> Found | None:
            result = found()
            if not result and self._lost:
                raise HungUp(self._lost)
            return result

        return await self.changes.until(look, within, otherwise)

    async def end(self, within: float = 5.0) -> None:
        """Asks the agent to end the conversation. Raises `Denied`."""
        await self._ask(protocol.END, "{}", within)

    async def correct(self, point: str, key: str | None, value: Any, within: float = 5.0) -> dict[str, Any]:
        """Corrects a value, None removes it; the new progress. Raises `Denied`."""
        answer = await self._ask(protocol.CORRECT, Correction(point, key, value).payload, within)
        return dict(json.loads(answer))

    async def _ask(self, method: str, payload: str, within: float) -> str:
        if self._room is None or self.agent is None:
            raise Denied("no agent is there to be asked")
        try:
            return await self._room.local_participant.perform_rpc(
                destination_identity=self.agent.identity,
                method=method,
                payload=payload,
                response_timeout=within,
            )
        except rtc.RpcError as error:
            raise Denied(error.message) from None

    def _watch(self, room: rtc.Room) -> None:
        room.on("participant_connected", self._met)
        room.on("participant_disconnected", self._parted)
        room.on("participant_attributes_changed", self._told)
        room.on("track_subscribed", self._hear)
        room.on("track_unsubscribed", self._lose)
        room.on("disconnected", self._disconnected)

    def _met(self, other: rtc.RemoteParticipant) -> None:
        if other.kind == rtc.ParticipantKind.PARTICIPANT_KIND_AGENT:
            self.agents.append(Agent(other.identity, time.time(), other.attributes.get(_STATE, "")))
            self.changes.tell()

    def _parted(self, other: rtc.RemoteParticipant) -> None:
        for sid in other.track_publications:
            self.ear.lose(sid)
        for agent in self._known(other.identity):
            agent.left = time.time()
        self.changes.tell()

    def _told(self, changed: dict[str, str], who: rtc.Participant) -> None:
        for agent in self._known(who.identity):
            agent.state = changed.get(_STATE, agent.state)
        self.changes.tell()

    def _known(self, identity: str) -> list[Agent]:
        return [agent for agent in self.agents if agent.identity == identity and agent.left is None]

    def _hear(self, track: rtc.Track, _publication: rtc.TrackPublication, other: rtc.RemoteParticipant) -> None:
        if track.kind == rtc.TrackKind.KIND_AUDIO and self._known(other.identity):
            self.ear.listen(track, other.identity)

    def _lose(self, track: rtc.Track, publication: rtc.TrackPublication, _other: rtc.RemoteParticipant) -> None:
        self.ear.lose(publication.sid)

    def _disconnected(self, reason: rtc.DisconnectReason.ValueType) -> None:
        if self._room is not None:
            self._lost = f"the connection to the room has ended: {rtc.DisconnectReason.Name(reason).lower()}"
        now = time.time()
        for agent in self.agents:
            agent.left = agent.left or now
        self.changes.tell()
