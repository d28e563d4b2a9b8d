"""The rep's microphone: audio at the pace of real life, and silence between."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from livekit import rtc

from voyaltis_flow.rooms.participant.changes import Changes
from voyaltis_flow.rooms.participant.recording import Side
from voyaltis_flow.rooms.participant.voices import audible
from voyaltis_flow.speech.pcm import Pcm, Samples

RATE = 48_000
FRAME = RATE // 50
_SILENCE: Samples = np.zeros(FRAME, np.int16)
_QUEUE_MS = 100
"""What WebRTC may hold of frames that we were late with; with more, `Said.ended` would come too early."""


@dataclass(slots=True, eq=False)
class Said:
    """Something said into the microphone. Times are seconds since 1970; None where it is yet to come."""

    text: str
    seconds: float
    frames: deque[Samples] = field(repr=False)
    """What is still to be sent."""
    began: float | None = None
    ended: float | None = None
    """When the last audible sample was sent: from here on the rep waits for an answer."""

    @property
    def share(self) -> float:
        """How much of it is out, from 0 to 1."""
        return 1.0 - len(self.frames) * FRAME / RATE / self.seconds if self.seconds else 1.0


class Microphone:
    """Sends a frame every 20 ms from `open` to `close`, be there something to say or not."""

    def __init__(self, changes: Changes, record: Side | None = None) -> None:
        self._changes, self._record = changes, record
        self._source = rtc.AudioSource(RATE, 1, queue_size_ms=_QUEUE_MS)
        self._queue: deque[Said] = deque()
        self._sending: asyncio.Task[None] | None = None

    async def open(self, room: rtc.Room) -> None:
        """Publishes the track in a room, and begins to send."""
        track = rtc.LocalAudioTrack.create_audio_track("microphone", self._source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        await room.local_participant.publish_track(track, options)
        self._sending = asyncio.create_task(self._send())

    def say(self, pcm: Pcm, text: str = "") -> Said:
        """Says it as soon as what was said before is out; `text` is for whoever reads what was said."""
        frames = deque(_frames(pcm))
        said = Said(text, len(frames) * FRAME / RATE, frames)
        self._queue.append(said)
        return said

    def hush(self) -> None:
        """Breaks off in mid-word."""
        for said in self._queue:
            said.frames.clear()
            said.ended = time.time()
        self._queue.clear()
        self._changes.tell()

    async def close(self) -> None:
        """Sends no more."""
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)
        await self._source.aclose()

    async def _send(self) -> None:
        clock = asyncio.get_running_loop().time
        due = clock()
        while True:
            due += FRAME / RATE
            await asyncio.sleep(due - clock())
            said = self._queue[0] if self._queue else None
            frame = said.frames.popleft() if said else _SILENCE
            await self._source.capture_frame(rtc.AudioFrame(frame.tobytes(), RATE, 1, FRAME))
            now = time.time()
            if self._record is not None:
                self._record.add(frame, now)
            if said is not None and said.ended is None:
                self._note(said, now)

    def _note(self, said: Said, now: float) -> None:
        said.began = said.began or now
        if not said.frames:
            said.ended = now
            self._queue.popleft()
        self._changes.tell()


def _frames(pcm: Pcm) -> Iterator[Samples]:
    """The audio from its first audible sample to its last, in whole frames."""
    samples = pcm.at(RATE).samples
    first, last = audible(samples) or (0, len(samples) - 1)
    samples = samples[first : last + 1]
    padded = np.append(samples, np.zeros(-len(samples) % FRAME, np.int16))
    yield from padded.reshape(-1, FRAME) if len(padded) else [_SILENCE]
