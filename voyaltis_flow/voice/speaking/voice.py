"""One vendor's voice: a text to sound, watched so that nobody waits for a voice that has gone."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from livekit import rtc
from livekit.agents import tts

from voyaltis_flow.runtime.circuit import Circuit, CircuitSettings
from voyaltis_flow.voice.vendors import AT_ONCE

RATE = 24_000
"""Samples a second of all that is spoken, whichever voice speaks."""
FIRST_SECONDS = 1.5
"""How long a voice may take to begin."""
TRIAL_SECONDS = 0.8
"""How long one may take that failed before and is tried again."""
BETWEEN_SECONDS = 1.0
"""How long it may pause in what it has begun, or longer, as long as what it gave is still being heard."""


def _left_at_once() -> Circuit:
    """A failure is heard, so that one is enough to leave a voice alone for a while."""
    return Circuit(CircuitSettings(failures=1))


@dataclass(frozen=True, slots=True, eq=False)
class Voice:
    """A voice in one language. `key` tells it from others in what is kept of their speech."""

    vendor: str
    key: str
    tts: tts.TTS[Any] = field(repr=False)
    circuit: Circuit = field(default_factory=_left_at_once, repr=False)

    async def speak(self, text: str, patience: float = FIRST_SECONDS) -> AsyncGenerator[rtc.AudioFrame, None]:
        """The text as mono sound at `RATE`, as it comes. Raises TimeoutError, and what vendors' plugins raise."""
        resampler = None
        async with aclosing(_in_time(_sounds(self.tts, text), patience)) as sounds:
            async for frame in sounds:
                if frame.sample_rate == RATE:
                    yield frame
                    continue
                resampler = resampler or rtc.AudioResampler(frame.sample_rate, RATE)
                for resampled in resampler.push(frame):
                    yield resampled
        for resampled in resampler.flush() if resampler else ():
            yield resampled


async def _in_time(
    sounds: AsyncGenerator[rtc.AudioFrame, None], patience: float
) -> AsyncGenerator[rtc.AudioFrame, None]:
    """The sounds, unless one lets itself be waited for: `patience` seconds for the first of them."""
    heard_until = 0.0
    async with aclosing(sounds):
        while (frame := await _next(sounds, patience)) is not None:
            now = time.monotonic()
            heard_until = max(heard_until, now) + frame.duration
            patience = max(BETWEEN_SECONDS, heard_until - now)
            yield frame


async def _next(sounds: AsyncGenerator[rtc.AudioFrame, None], patience: float) -> rtc.AudioFrame | None:
    """The next sound; None at the end. `asyncio.wait_for` may miss that it is cancelled just when a sound comes."""
    async with asyncio.timeout(patience):
        return await anext(sounds, None)


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
