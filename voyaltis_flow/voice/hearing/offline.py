"""Ears on this machine: the shared recogniser as the voice framework wants one.

Recognition begins in the first moment of a pause, while it is still open whether the rep has finished. Where they go
on, its words are thrown away, and the longer sound is recognised in the next pause.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from livekit import rtc
from livekit.agents import (
    DEFAULT_API_CONNECT_OPTIONS,
    NOT_GIVEN,
    APIConnectionError,
    APIConnectOptions,
    APIError,
    LanguageCode,
    NotGivenOr,
    inference,
    stt,
    utils,
    vad,
)

from voyaltis_flow.speech.pcm import Pcm
from voyaltis_flow.speech.whisper.client import Recogniser, RecogniserFailedError, RecogniserGoneError
from voyaltis_flow.speech.whisper.wire import Answer
from voyaltis_flow.voice.vendors import OFFLINE

GUESS_SECONDS = 0.2
"""A pause after which recognition begins."""
PAUSE_SECONDS = 0.4
"""A pause after which what was said is given out."""
BEFORE_SECONDS = 0.6
"""Sound from before somebody speaks, so that the beginning of a word is not cut off."""
LONGEST_SECONDS = 25.0
"""What the model can hear at a time: after so much, any pause ends an utterance."""
RATE = 16_000


class OfflineSTT(stt.STT[Any]):
    """Whisper, by way of the recogniser's socket. What is expected may be changed for the utterances to come."""

    def __init__(
        self, path: str, languages: Sequence[str], terms: Sequence[str] = (), aliases: Sequence[str] = ()
    ) -> None:
        super().__init__(capabilities=stt.STTCapabilities(streaming=True, interim_results=False))
        self._path = path
        self.languages, self.terms, self.aliases = tuple(languages), tuple(terms), tuple(aliases)
        self._vad = inference.VAD(min_silence_duration=GUESS_SECONDS)

    @property
    def model(self) -> str:
        return "whisper"

    @property
    def provider(self) -> str:
        return OFFLINE

    def update_options(
        self,
        *,
        languages: Sequence[str] | None = None,
        terms: Sequence[str] | None = None,
        aliases: Sequence[str] | None = None,
    ) -> None:
        """What is to be expected from the next utterance on; `terms` and `aliases` as in `Recogniser.recognise`."""
        self.languages = self.languages if languages is None else tuple(languages)
        self.terms = self.terms if terms is None else tuple(terms)
        self.aliases = self.aliases if aliases is None else tuple(aliases)

    async def recognised(self, recogniser: Recogniser, sound: Pcm, languages: Sequence[str] | None = None) -> Answer:
        """What a sound says, with what is expected now; a failure is one of the framework's."""
        try:
            return await recogniser.recognise(sound, languages or self.languages, self.terms, self.aliases)
        except RecogniserGoneError as error:
            raise APIConnectionError(str(error)) from error
        except RecogniserFailedError as error:
            raise APIError(str(error), retryable=False) from error

    async def _recognize_impl(
        self, buffer: utils.AudioBuffer, *, language: NotGivenOr[str] = NOT_GIVEN, conn_options: APIConnectOptions
    ) -> stt.SpeechEvent:
        languages = (language,) if utils.is_given(language) else None
        frames = buffer if isinstance(buffer, list) else [buffer]
        recogniser = Recogniser(self._path)
        try:
            return _event(await self.recognised(recogniser, _sound(frames), languages))
        finally:
            await recogniser.aclose()

    def stream(
        self,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> stt.RecognizeStream:
        return _Stream(self, conn_options, self._vad, Recogniser(self._path))


class _Stream(stt.RecognizeStream):
    """Listens for pauses. `_heard` is the sound of which no words were given out, and a little from before it."""

    def __init__(
        self, ears: OfflineSTT, conn_options: APIConnectOptions, voice: vad.VAD, recogniser: Recogniser
    ) -> None:
        super().__init__(stt=ears, conn_options=conn_options, sample_rate=RATE)
        self._ears, self._voice, self._recogniser = ears, voice, recogniser
        self._heard: deque[rtc.AudioFrame] = deque()
        self._left = 0.0
        """Seconds of sound before what is in `_heard`."""
        self._speaking = False
        self._guessing: asyncio.Task[None] | None = None

    async def _run(self) -> None:
        listening = self._voice.stream()
        feeding = asyncio.create_task(self._feed(listening))
        try:
            async for event in listening:
                if event.type == vad.VADEventType.START_OF_SPEECH:
                    self._begins()
                elif event.type == vad.VADEventType.END_OF_SPEECH:
                    self._pauses()
                elif self._guessing is not None and self._guessing.done():
                    self._guessing.result()
                self._forget(event.timestamp - BEFORE_SECONDS)
            if self._guessing is not None:
                await self._guessing
        finally:
            await utils.aio.cancel_and_wait(feeding, *([self._guessing] if self._guessing else []))
            await listening.aclose()
            await self._recogniser.aclose()

    async def _feed(self, listening: vad.VADStream) -> None:
        async for heard in self._input_ch:
            if isinstance(heard, rtc.AudioFrame):
                self._heard.append(heard)
                listening.push_frame(heard)
            else:
                listening.flush()
        listening.end_input()

    def _forget(self, until: float) -> None:
        """Lets go of silence. Sound may come faster than the detector looks at it: what it has not seen stays."""
        while not self._speaking and self._heard and self._left + self._heard[0].duration <= until:
            self._drop()

    def _drop(self) -> None:
        self._left += self._heard.popleft().duration

    def _seconds(self) -> float:
        return sum(frame.duration for frame in self._heard)

    def _begins(self) -> None:
        if self._guessing is not None and self._speaking:
            self._guessing.cancel()  # they go on
            self._guessing = None
        if not self._speaking:
            self._speaking = True
            self._event_ch.send_nowait(stt.SpeechEvent(stt.SpeechEventType.START_OF_SPEECH))

    def _pauses(self) -> None:
        long = self._seconds() > LONGEST_SECONDS
        self._guessing = asyncio.create_task(self._guess(0.0 if long else PAUSE_SECONDS - GUESS_SECONDS))

    async def _guess(self, wait: float) -> None:
        """The words so far, given out once the pause is long enough."""
        sound = list(self._heard)
        answer, _ = await asyncio.gather(self._ears.recognised(self._recogniser, _sound(sound)), asyncio.sleep(wait))
        self._speaking = False
        for _ in sound:
            self._drop()
        if answer.text:
            self._event_ch.send_nowait(_event(answer))
        self._event_ch.send_nowait(stt.SpeechEvent(stt.SpeechEventType.END_OF_SPEECH))


def _event(answer: Answer) -> stt.SpeechEvent:
    confidence = float(np.exp(answer.likelihood))
    said = stt.SpeechData(LanguageCode(answer.language or "fr"), answer.text, confidence=confidence)
    return stt.SpeechEvent(stt.SpeechEventType.FINAL_TRANSCRIPT, alternatives=[said])


def _sound(frames: Collection[rtc.AudioFrame]) -> Pcm:
    if not frames:
        return Pcm(np.zeros(0, np.int16), RATE)
    whole = rtc.combine_audio_frames(list(frames))
    samples = np.frombuffer(whole.data, np.int16)
    if whole.num_channels > 1:
        samples = samples.reshape(-1, whole.num_channels).mean(axis=1).astype(np.int16)
    return Pcm(samples, whole.sample_rate)
