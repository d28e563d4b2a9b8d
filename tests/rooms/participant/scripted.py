"""An agent that does what a test tells it, made with nothing but LiveKit's own SDK; and a rep who meets it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from livekit import rtc
from livekit.api import AccessToken, RoomParticipantIdentity, VideoGrants

from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.participant import Participant
from voyaltis_flow.rooms.participant.changes import Changes
from voyaltis_flow.rooms.protocol import Announcement
from voyaltis_flow.speech.pcm import Pcm

RATE = 48_000
SOON = 10.0
"""Seconds in which all that a test waits for happens, whatever else the machine does."""


def tone(seconds: float) -> Pcm:
    """A sound that nobody takes for silence."""
    return Pcm((8000 * np.sin(np.arange(int(seconds * RATE)) * 0.05)).astype(np.int16), RATE)


class ScriptedAgent:
    """Speaks, shows states, sends streams, and answers calls."""

    def __init__(self, livekit: Livekit, room: str, identity: str) -> None:
        self.asked: list[tuple[str, str]] = []
        self.changes = Changes()
        self._livekit, self._name, self._identity = livekit, room, identity
        self.room, self._source = rtc.Room(), rtc.AudioSource(RATE, 1, queue_size_ms=5000)

    async def joins(self) -> None:
        await self.room.connect(self._livekit.url, token(self._livekit, self._name, self._identity, agent=True))
        track = rtc.LocalAudioTrack.create_audio_track("voice", self._source)
        await self.room.local_participant.publish_track(track)

    async def shows(self, state: str) -> None:
        await self.room.local_participant.set_attributes({"lk.agent.state": state})

    async def begins(self, sound: Pcm | float) -> None:
        """Begins to make a sound, or one of so many seconds."""
        await self.shows("speaking")
        sound = sound.at(RATE) if isinstance(sound, Pcm) else tone(sound)
        await self._source.capture_frame(rtc.AudioFrame(sound.content, RATE, 1, len(sound.samples)))

    async def speaks(self, sound: Pcm | float) -> None:
        """Makes a sound, or one of so many seconds, to its end."""
        await self.begins(sound)
        await self._source.wait_for_playout()
        await self.shows("listening")

    async def hears(self, rep: str, segment: str, updates: Sequence[str]) -> None:
        """The rep's words, as LiveKit's agents send them: each update a stream with all of it, the last one twice."""
        for text, final in [*((update, "false") for update in updates), (updates[-1], "true")]:
            await self._transcribes(rep, {"lk.segment_id": segment, "lk.transcription_final": final}, [text], {})

    async def says(self, segment: str, words: Sequence[str]) -> None:
        """The agent's own words: one stream of them, final at its end only."""
        at_first = {"lk.segment_id": segment, "lk.transcription_final": "false"}
        await self._transcribes(self._identity, at_first, words, {"lk.transcription_final": "true"})

    async def _transcribes(
        self, sender: str, at_first: dict[str, str], chunks: Sequence[str], at_last: dict[str, str]
    ) -> None:
        writer = await self.room.local_participant.stream_text(
            topic="lk.transcription", attributes=at_first, sender_identity=sender
        )
        for chunk in chunks:
            await writer.write(chunk)
        await writer.aclose(attributes=at_last)

    async def sends(self, topic: str, document: dict[str, Any]) -> None:
        await self.room.local_participant.send_text(json.dumps(document), topic=topic)

    async def reports(self, text: str, announced: Announcement) -> None:
        await self.room.local_participant.send_text(text, topic="voyaltis.report", attributes=announced.attributes)

    async def announces(self, rep: str, announced: Announcement) -> str:
        return await self.room.local_participant.perform_rpc(
            destination_identity=rep, method="voyaltis.report", payload=announced.payload
        )

    def answers(self, method: str, answer: str | rtc.RpcError) -> None:
        """From now on a call is answered so; `asked` has the calls."""

        async def handler(call: rtc.RpcInvocationData) -> str:
            self.asked.append((method, call.payload))
            self.changes.tell()
            if isinstance(answer, rtc.RpcError):
                raise answer
            return answer

        self.room.local_participant.register_rpc_method(method, handler)

    async def is_removed(self) -> None:
        """Is put out of the room, as one that has died is."""
        async with self._livekit.api() as api:
            await api.room.remove_participant(RoomParticipantIdentity(room=self._name, identity=self._identity))

    async def leaves(self) -> None:
        await self.room.disconnect()


class Meeting:
    """A rep in a room of their own, whom agents may join."""

    def __init__(self, livekit: Livekit, room: str) -> None:
        self.rep: Participant
        self.livekit, self.room = livekit, room
        self._agents: list[ScriptedAgent] = []

    async def agent(self, identity: str = "agent-1") -> ScriptedAgent:
        """An agent that has joined, and whom the rep has seen."""
        agent = ScriptedAgent(self.livekit, self.room, identity)
        await agent.joins()
        self._agents.append(agent)
        await self.rep.until(lambda: self.rep.agent, SOON, "the agent is not seen")
        return agent

    async def over(self) -> None:
        for agent in self._agents:
            await agent.leaves()
        await self.rep.leave()


@asynccontextmanager
async def meeting(livekit: Livekit, record: Path | None = None) -> AsyncIterator[Meeting]:
    """A rep who has entered a room."""
    met = Meeting(livekit, f"room-{uuid4().hex[:8]}")
    met.rep = await Participant.connect(livekit.url, token(livekit, met.room, "rep"), record=record)
    try:
        yield met
    finally:
        await met.over()


def token(livekit: Livekit, room: str, identity: str, *, agent: bool = False) -> str:
    """Lets somebody into a room."""
    grants = VideoGrants(room_join=True, room=room, agent=agent, can_update_own_metadata=True)
    wanted = AccessToken(livekit.api_key, livekit.api_secret).with_identity(identity).with_grants(grants)
    return wanted.with_kind("agent" if agent else "standard").to_jwt()
