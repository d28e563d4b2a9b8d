"""A rep who speaks into the agent's ears, at the pace of life, and what is understood."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import numpy as np
from livekit import rtc
from livekit.agents import stt
from livekit.agents.utils import http_context

from tests.standins.deepgram import Deepgram, Line
from tests.voice.observer import Observed
from voyaltis_flow.speech import pico
from voyaltis_flow.speech.pcm import Pcm
from voyaltis_flow.voice.hearing.deepgram import Deepgram as OurDeepgram
from voyaltis_flow.voice.hearing.relay import Ears

RATE = 16_000
FRAME = RATE // 50
SAID = "Deux S25 et trois The Frame en 55."
SOUND = pico.speak(SAID, "fr").trimmed()
AFTER = "Les clients ont adoré l'image."
AFTER_SOUND = pico.speak(AFTER, "fr").trimmed()
LINES = [Line(SAID, SOUND.seconds), Line(AFTER, AFTER_SOUND.seconds)]


class Behind(OurDeepgram):
    """The recogniser that takes over: another service of the same kind."""

    vendor = "behind"


class Hearing:
    """Ears that hear a microphone at the pace of life."""

    def __init__(self, stream: stt.RecognizeStream) -> None:
        self.stream = stream
        self.finals: list[str] = []
        self.interims: list[str] = []

    async def collect(self) -> None:
        async for event in self.stream:
            if event.type == stt.SpeechEventType.FINAL_TRANSCRIPT:
                self.finals.append(event.alternatives[0].text)
            elif event.type == stt.SpeechEventType.INTERIM_TRANSCRIPT:
                self.interims.append(event.alternatives[0].text)

    async def say(self, sound: Pcm | None, silence: float = 0.0) -> None:
        samples = np.concatenate(
            [sound.samples if sound else np.zeros(0, np.int16), np.zeros(int(RATE * silence), np.int16)]
        )
        due = asyncio.get_running_loop().time()
        for start in range(0, len(samples) - FRAME + 1, FRAME):
            self.stream.push_frame(rtc.AudioFrame(samples[start : start + FRAME].tobytes(), RATE, 1, FRAME))
            due += FRAME / RATE
            await asyncio.sleep(due - asyncio.get_running_loop().time())

    async def until(self, count: int, within: float = 8.0) -> None:
        """Goes on in silence until so many finals have come."""
        await self.until_it_is(lambda: len(self.finals) >= count, within)

    async def until_it_is(self, so: Callable[[], bool], within: float = 8.0) -> None:
        """Goes on in silence until this is so."""
        async with asyncio.timeout(within):
            while not so():
                await self.say(None, 0.1)


@asynccontextmanager
async def heard(relay: Ears) -> AsyncIterator[Hearing]:
    """A stream of these ears, listened to."""
    hearing = Hearing(relay.stream())
    collecting = asyncio.create_task(hearing.collect())
    try:
        yield hearing
    finally:
        collecting.cancel()
        await asyncio.gather(collecting, return_exceptions=True)
        await hearing.stream.aclose()


@asynccontextmanager
async def ears(
    first: Deepgram,
    second: Deepgram | None = None,
    observed: Observed | None = None,
    *,
    flux: bool = False,
    key: str = "any",
    unheard: Callable[[], None] = lambda: None,
) -> AsyncIterator[tuple[Ears, Hearing]]:
    async with http_context.open():
        recognisers = [OurDeepgram(key, ("fr",), first.base_url, flux=flux)]
        if second is not None:
            recognisers.append(Behind(key, ("fr",), second.base_url))
        relay = Ears(recognisers, observed, unheard)
        async with heard(relay) as hearing:
            yield relay, hearing
        await relay.aclose()
