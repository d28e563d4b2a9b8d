"""An agent that does what a test tells it, made with nothing but LiveKit's own SDK."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from livekit import rtc
from livekit.api import AccessToken, VideoGrants

from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.protocol import Announcement

RATE = 48_000


def tone(seconds: float) -> bytes:
    """A sound that nobody takes for silence."""
    return (8000 * np.sin(np.arange(int(seconds * RATE)) * 0.05)).astype(np.int16).tobytes()


def token(livekit: Livekit, room: str, identity: str, *, agent: bool = False) -> str:
    """Lets somebody into a room."""
    grants = VideoGrants(room_join=True, room=room, agent=agent, can_update_own_metadata=True)
    wanted = AccessToken(livekit.api_key, livekit.api_secret).with_identity(identity).with_grants(grants)
    return wanted.with_kind("agent" if agent else "standard").to_jwt()


class ScriptedAgent:
    """Speaks, shows states, and sends streams."""

    def __init__(self) -> None:
        self.room = rtc.Room()
        self.source = rtc.AudioSource(RATE, 1)
        self.asked: list[tuple[str, str]] = []

    @classmethod
    async def join(cls, livekit: Livekit, room: str, identity: str = "agent-1") -> ScriptedAgent:
        agent = cls()
        await agent.room.connect(livekit.url, token(livekit, room, identity, agent=True))
        track = rtc.LocalAudioTrack.create_audio_track("voice", agent.source)
        await agent.room.local_participant.publish_track(track)
        return agent

    async def speaks(self, seconds: float) -> None:
        """A sound of this length; returns when it is out."""
        await self.shows("speaking")
        samples = int(seconds * RATE)
        await self.source.capture_frame(rtc.AudioFrame(tone(seconds), RATE, 1, samples))
        await self.source.wait_for_playout()
        await self.shows("listening")

    async def shows(self, state: str) -> None:
        await self.room.local_participant.set_attributes({"lk.agent.state": state})

    async def hears(self, rep: str, segment: str, updates: Sequence[str]) -> None:
        """The rep's words, as LiveKit's agents send them: each update a stream with the full text, the last twice."""
        for text, final in [*((update, False) for update in updates), (updates[-1], True)]:
            await self._transcribes(rep, segment, [text], at_opening="true" if final else "false")

    async def says(self, segment: str, words: Sequence[str]) -> None:
        """The agent's own words: one stream of deltas, final only at its end."""
        await self._transcribes(self.room.local_participant.identity, segment, words, at_opening="false")

    async def _transcribes(self, sender: str, segment: str, chunks: Sequence[str], at_opening: str) -> None:
        attributes = {"lk.segment_id": segment, "lk.transcription_final": at_opening}
        writer = await self.room.local_participant.stream_text(
            topic="lk.transcription", attributes=attributes, sender_identity=sender
        )
        for chunk in chunks:
            await writer.write(chunk)
        closing = {"lk.transcription_final": "true"} if at_opening == "false" and len(chunks) > 1 else {}
        await writer.aclose(attributes=closing)

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
            if isinstance(answer, rtc.RpcError):
                raise answer
            return answer

        self.room.local_participant.register_rpc_method(method, handler)

    async def leaves(self) -> None:
        await self.room.disconnect()
