"""The agent's ears: one stream of words for the voice framework, whichever recogniser finds them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from weakref import WeakSet

from livekit import rtc
from livekit.agents import (
    DEFAULT_API_CONNECT_OPTIONS,
    NOT_GIVEN,
    APIConnectionError,
    APIConnectOptions,
    NotGivenOr,
    inference,
    stt,
    utils,
    vad,
)

from voyaltis_flow.voice.hearing.kept import Kept
from voyaltis_flow.voice.hearing.listening import Listening
from voyaltis_flow.voice.hearing.recogniser import Recogniser, Tuning
from voyaltis_flow.voice.hearing.roster import Roster
from voyaltis_flow.voice.vendors import Observer, Unobserved

TICK_SECONDS = 0.1
RATE = 16_000
SPEECH_SECONDS = 0.2
"""Of voice in a sound that is taken for speech."""
SOON = 5.0
"""Seconds within which a stream may follow on another that broke."""


class Ears(stt.STT[Any]):
    """Recognisers, the best first. Each word that was said is told once, also where the one that heard it fails."""

    def __init__(
        self,
        recognisers: Sequence[Recogniser],
        observer: Observer | None = None,
        unheard: Callable[[], None] = lambda: None,
    ) -> None:
        """`unheard` is called when somebody spoke and nobody found words in it."""
        super().__init__(capabilities=stt.STTCapabilities(streaming=True, interim_results=True))
        self.unheard = unheard
        self.recognisers = Roster(recognisers)
        self._observer = observer or Unobserved()
        self._streams: WeakSet[_Stream] = WeakSet()
        self._left: tuple[float, Kept] | None = None

    @property
    def model(self) -> str:
        return "relay"

    @property
    def provider(self) -> str:
        return next(iter(self.recognisers)).vendor

    def tune(self, tuning: Tuning) -> None:
        """What is to be expected of the rep from the next words on."""
        stale = [recogniser for recogniser in self.recognisers if not recogniser.tune(tuning)]
        for stream in self._streams:
            stream.renew(stale)

    def stream(
        self,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> stt.RecognizeStream:
        stream = _Stream(self, conn_options, self.recognisers, self._observer)
        self._streams.add(stream)
        return stream

    @property
    def hears(self) -> bool:
        """Somebody seems to have said something that no words were made of yet."""
        return any(stream.hears for stream in self._streams)

    def leave(self, kept: Kept) -> None:
        """A stream has ended, and this it leaves to the next one."""
        self._left = (time.monotonic(), kept) if kept.spoken else None

    def inherit(self) -> Kept:
        """What no words were made of when the last stream broke, just now; else nothing."""
        left, self._left = self._left, None
        kept = Kept()
        if left is not None and time.monotonic() - left[0] < SOON:
            for frame in left[1].frames():
                kept.hear(frame)
        return kept

    async def _recognize_impl(
        self, buffer: utils.AudioBuffer, *, language: NotGivenOr[str] = NOT_GIVEN, conn_options: APIConnectOptions
    ) -> stt.SpeechEvent:
        raise NotImplementedError("these ears listen to streams")

    async def aclose(self) -> None:
        """Lets go of all recognisers."""
        for recogniser in self.recognisers:
            await recogniser.stt.aclose()


class _Stream(stt.RecognizeStream):
    def __init__(self, ears: Ears, conn_options: APIConnectOptions, roster: Roster, observer: Observer) -> None:
        super().__init__(stt=ears, conn_options=conn_options, sample_rate=RATE)
        self._ears, self._kept = ears, ears.inherit()
        self._listening = Listening(roster, self._kept, observer, _is_speech, self._event_ch.send_nowait, ears.unheard)
        self._began = False

    @property
    def hears(self) -> bool:
        return self._kept.spoken

    def renew(self, recognisers: Iterable[Recogniser]) -> None:
        """These expect something else now."""
        self._listening.renew(recognisers)

    async def aclose(self) -> None:
        """Ends it at once. What was said and not understood is left to the next stream."""
        await super().aclose()
        while not self._input_ch.empty():
            heard = self._input_ch.recv_nowait()
            if isinstance(heard, rtc.AudioFrame):
                self._kept.hear(heard)
        self._ears.leave(self._kept)

    async def _run(self) -> None:
        """Listens to the end, or until all have failed; then it is called again, a few times."""
        listening = self._listening
        if not self._began:
            self._began, listening.offset = True, self.start_time_offset
        listening.begin()
        feeding = asyncio.create_task(self._feed())
        try:
            while not listening.over:
                if feeding.done():
                    feeding.result()
                if listening.failed is not None:
                    raise APIConnectionError(f"nobody can listen: {listening.failed}")
                await listening.tick()
                await asyncio.sleep(TICK_SECONDS)
        finally:
            await utils.aio.cancel_and_wait(feeding)
            await listening.aclose()

    async def _feed(self) -> None:
        async for heard in self._input_ch:
            if isinstance(heard, rtc.AudioFrame):
                self._listening.hear(heard)
            else:
                self._listening.flush()
        self._listening.end()


async def _is_speech(frames: Sequence[rtc.AudioFrame]) -> bool:
    """Whether there is a voice in a sound, rather than a noise."""
    listening = inference.VAD().stream()
    for frame in frames:
        listening.push_frame(frame)
    listening.end_input()
    voiced = 0.0
    async for event in listening:
        if event.type == vad.VADEventType.INFERENCE_DONE and event.speaking:
            voiced = max(voiced, event.speech_duration)
    await listening.aclose()
    return voiced >= SPEECH_SECONDS
