"""The rep's ear: when the agents' voices begin and end, and what they sound like."""

from __future__ import annotations

import asyncio
import time

import numpy as np
from livekit import rtc

from voyaltis_flow.rooms.participant.changes import Changes
from voyaltis_flow.rooms.participant.recording import Side
from voyaltis_flow.rooms.participant.voices import Voice, Voices
from voyaltis_flow.speech.pcm import Samples

RATE = 16_000
_FRAME_MS = 10


class Ear:
    """Hears every track that it is given, until the track is taken away. `voices` has what was heard, in order."""

    def __init__(self, changes: Changes, record: Side | None = None) -> None:
        self._changes, self._record = changes, record
        self._hearing: dict[str, tuple[Voices, asyncio.Task[None]]] = {}
        self.voices: list[Voice] = []

    @property
    def hears(self) -> bool:
        """Whether somebody is speaking; a short pause does not count as silence."""
        return any(voices.now for voices, _ in self._hearing.values())

    def first_since(self, at: float) -> Voice | None:
        """The first voice that began after a moment."""
        return next((voice for voice in self.voices if voice.began >= at), None)

    def listen(self, track: rtc.Track, speaker: str) -> None:
        """Begins to hear a track."""
        voices = Voices(speaker, RATE)
        self._hearing[track.sid] = voices, asyncio.create_task(self._hear(track, voices))

    def lose(self, track_sid: str) -> asyncio.Task[None] | None:
        """Stops hearing a track. Without this the stream of one who was removed goes on, with the next one's audio."""
        voices, task = self._hearing.pop(track_sid, (None, None))
        if voices is not None and task is not None:
            voices.stop()
            task.cancel()
            self._changes.tell()
        return task

    async def close(self) -> None:
        """Stops hearing all of them."""
        tasks = [task for sid in [*self._hearing] if (task := self.lose(sid))]
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _hear(self, track: rtc.Track, voices: Voices) -> None:
        stream = rtc.AudioStream(track, sample_rate=RATE, num_channels=1, frame_size_ms=_FRAME_MS)
        try:
            async for event in stream:
                self._take(voices, np.frombuffer(event.frame.data, np.int16).copy(), time.time())
        finally:
            await stream.aclose()

    def _take(self, voices: Voices, frame: Samples, at: float) -> None:
        if self._record is not None:
            self._record.add(frame, at)
        changed = voices.hear(frame, at)
        if changed is None:
            return
        if changed.ended is None:
            self.voices.append(changed)
        self._changes.tell()
