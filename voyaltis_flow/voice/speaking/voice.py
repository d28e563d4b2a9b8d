"""One vendor's voice: a text to sound, watched so that nobody waits for a voice that has gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from livekit import rtc
from livekit.agents import tts

from voyaltis_flow.runtime.circuit import Circuit
from voyaltis_flow.voice.vendors import AT_ONCE

RATE = 24_000
"""Samples a second of all that is spoken, whichever voice speaks."""
FIRST_SECONDS = 1.5
"""How long a voice may take to begin."""
BETWEEN_SECONDS = 1.0
"""How long it may pause in what it has begun."""


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """A voice in one language. `key` tells it from others in what is kept of their speech."""

    vendor: str
    key: str
    tts: tts.TTS[Any] = field(repr=False)
    circuit: Circuit = field(default_factory=Circuit, repr=False)

    async def speak(self, text: str) -> AsyncGenerator[rtc.AudioFrame, None]:
        """The text as mono sound at `RATE`, as it comes. Raises TimeoutError, and what vendors' plugins raise."""
        resampler = None
        patience = FIRST_SECONDS
        async with aclosing(_sounds(self.tts, text)) as sounds:
            while (frame := await asyncio.wait_for(anext(sounds, None), patience)) is not None:
                patience = BETWEEN_SECONDS
                if frame.sample_rate == RATE:
                    yield frame
                    continue
                resampler = resampler or rtc.AudioResampler(frame.sample_rate, RATE)
                for resampled in resampler.push(frame):
                    yield resampled
        for resampled in resampler.flush() if resampler else ():
            yield resampled


async def _sounds(voice: tts.TTS[Any], text: str) -> AsyncGenerator[rtc.AudioFrame, None]:
    """By a stream where the vendor has one: its line stays open from one sentence to the next."""
    if voice.capabilities.streaming:
        async with voice.stream(conn_options=AT_ONCE) as stream:
            stream.push_text(text)
            stream.end_input()
            async for frame in _frames(stream):
                yield frame
    else:
        async with voice.synthesize(text, conn_options=AT_ONCE) as spoken:
            async for frame in _frames(spoken):
                yield frame


async def _frames(events: AsyncIterator[tts.SynthesizedAudio]) -> AsyncGenerator[rtc.AudioFrame, None]:
    async for event in events:
        yield event.frame
