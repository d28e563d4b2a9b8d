"""The agent's voice: whichever of its voices can speak, sentence by sentence, without a gap and without a repeat."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from livekit import rtc
from livekit.agents import DEFAULT_API_CONNECT_OPTIONS, APIConnectionError, APIConnectOptions, tts, utils

from voyaltis_flow.runtime.circuit import Advice
from voyaltis_flow.runtime.protocols import Failure
from voyaltis_flow.voice.speaking.kept import Kept
from voyaltis_flow.voice.speaking.progress import Progress
from voyaltis_flow.voice.speaking.voice import FIRST_SECONDS, RATE, TRIAL_SECONDS, Voice
from voyaltis_flow.voice.vendors import Observer, Unobserved, failure_of

AHEAD = 2
"""Sentences at work: the one that is spoken, and the next."""

log = logging.getLogger(__name__)


class Voices(tts.TTS[Any]):
    """Voices by language, the best first. What one can't say, or breaks off, the next one says."""

    def __init__(self, voices: Mapping[str, Sequence[Voice]], observer: Observer | None = None) -> None:
        super().__init__(capabilities=tts.TTSCapabilities(streaming=False), sample_rate=RATE, num_channels=1)
        self.by_language = voices
        self._observer = observer or Unobserved()
        self._kept = Kept()

    @property
    def model(self) -> str:
        return "relay"

    @property
    def provider(self) -> str:
        return next(iter(self.by_language.values()))[0].vendor

    async def frames(self, sentences: AsyncIterable[str], language: str) -> AsyncGenerator[rtc.AudioFrame, None]:
        """Sentences as sound, in their order. The next one is made ready while one is spoken. May be left at any time.

        Raises APIConnectionError when no voice can speak.
        """
        making = asyncio.Semaphore(AHEAD)
        queue: asyncio.Queue[_Sentence | None] = asyncio.Queue()
        gathering = asyncio.create_task(self._gather(sentences, language, making, queue))
        at_work: list[_Sentence] = []
        try:
            while (sentence := await queue.get()) is not None:
                at_work.append(sentence)
                async for frame in sentence.frames():
                    yield frame
                making.release()
            await gathering
        finally:
            while not queue.empty():
                if (waiting := queue.get_nowait()) is not None:
                    at_work.append(waiting)
            await utils.aio.cancel_and_wait(gathering, *(sentence.task for sentence in at_work))

    async def warm(self, lines: Iterable[str], language: str) -> None:
        """Has lines ready that will be said. What can't be had now is made when it is needed."""
        for line in lines:
            try:
                async with aclosing(self._spoken(line.strip(), language)) as frames:
                    async for _ in frames:
                        pass
            except APIConnectionError:
                log.info("not_warmed")
                return

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> tts.ChunkedStream:
        return _Whole(self, text, conn_options, next(iter(self.by_language)))

    async def aclose(self) -> None:
        """Lets go of all voices."""
        for voice in {voice for voices in self.by_language.values() for voice in voices}:
            await voice.tts.aclose()

    async def _gather(
        self,
        sentences: AsyncIterable[str],
        language: str,
        making: asyncio.Semaphore,
        queue: asyncio.Queue[_Sentence | None],
    ) -> None:
        try:
            async for text in sentences:
                if text.strip():
                    await making.acquire()
                    queue.put_nowait(_Sentence(self._spoken(text.strip(), language)))
        finally:
            queue.put_nowait(None)

    async def _spoken(self, text: str, language: str) -> AsyncGenerator[rtc.AudioFrame, None]:
        """A sentence by the first voice that can, the rest of it by the next one where that breaks off."""
        rest, failed = text, False
        for voice, advice in self._able(language, text):
            if failed:
                self._observer.took_over("tts", voice.vendor)
            progress = Progress(rest)
            try:
                async with aclosing(self._by(voice, rest, advice)) as frames:
                    async for frame in frames:
                        progress.hear(frame)
                        frame.userdata.clear()  # times that mean nothing once it is kept, or goes on in another voice
                        yield frame
                return
            except _BrokeOff:
                rest, failed = progress.rest, True
            if not rest:
                return
        raise APIConnectionError("no voice can speak", retryable=False)

    async def _by(self, voice: Voice, text: str, advice: Advice) -> AsyncGenerator[rtc.AudioFrame, None]:
        """A text by one voice; from what is kept, if it has said it before."""
        try:
            if (kept := self._kept.get((voice.key, text))) is not None:
                for frame in kept:
                    yield frame
                return
            frames: list[rtc.AudioFrame] = []
            asked = time.monotonic()
            patience = TRIAL_SECONDS if advice == "probe" else FIRST_SECONDS
            async with aclosing(voice.speak(text, patience)) as spoken:
                async for frame in spoken:
                    if not frames:
                        self._observer.first_byte(voice.vendor, time.monotonic() - asked)
                        self._observer.used(voice.vendor, "characters", len(text))
                    frames.append(frame)
                    yield frame
            if not frames and any(map(str.isalnum, text)):
                raise APIConnectionError("the voice said nothing")
            voice.circuit.succeeded()
            self._kept.put((voice.key, text), frames)
        except (asyncio.CancelledError, GeneratorExit):
            if advice == "probe":
                voice.circuit.left()
            raise
        except Exception as error:  # whatever a vendor's plugin raises, the next voice is to go on
            self._blame(voice, failure_of(error))
            raise _BrokeOff from error

    def _able(self, language: str, text: str) -> Iterator[tuple[Voice, Advice]]:
        """Those that said this before, or do not keep failing, the best first; for want of those, the others."""
        voices = self.by_language.get(language) or next(iter(self.by_language.values()))
        skipped: list[Voice] = []
        for voice in voices:
            advice: Advice = "ask" if self._kept.has((voice.key, text)) else voice.circuit.advice()
            if advice == "skip":
                skipped.append(voice)
            else:
                yield voice, advice
        for voice in skipped:
            yield voice, "ask"

    def _blame(self, voice: Voice, failure: Failure) -> None:
        log.warning("voice_failed: %s: %s", voice.vendor, failure)
        voice.circuit.failed(failure)
        self._observer.failed("tts", voice.vendor, failure)


class _BrokeOff(Exception):  # noqa: N818 - it is no error: the next voice goes on
    """A voice did not say a text to its end."""


class _Sentence:
    """A sentence that is being made into sound, from now on, be somebody listening yet or not."""

    def __init__(self, sounds: AsyncGenerator[rtc.AudioFrame, None]) -> None:
        self._frames: asyncio.Queue[rtc.AudioFrame | None] = asyncio.Queue()
        self.task = asyncio.create_task(self._make(sounds), name="sentence")

    async def frames(self) -> AsyncGenerator[rtc.AudioFrame, None]:
        """Its sound, as it comes. Raises what making it raised."""
        while (frame := await self._frames.get()) is not None:
            yield frame
        await self.task

    async def _make(self, sounds: AsyncGenerator[rtc.AudioFrame, None]) -> None:
        try:
            async with aclosing(sounds):
                async for frame in sounds:
                    self._frames.put_nowait(frame)
        finally:
            self._frames.put_nowait(None)


class _Whole(tts.ChunkedStream):
    """A text for the framework, where it speaks for itself."""

    def __init__(self, voices: Voices, text: str, conn_options: APIConnectOptions, language: str) -> None:
        super().__init__(tts=voices, input_text=text, conn_options=conn_options)
        self._relay, self._language = voices, language

    async def _run(self, output: tts.AudioEmitter) -> None:
        output.initialize(
            request_id=utils.shortuuid(), sample_rate=RATE, num_channels=1, mime_type="audio/pcm", stream=False
        )
        async for frame in self._relay.frames(_once(self._input_text), self._language):
            output.push(bytes(frame.data))
        output.flush()


async def _once(text: str) -> AsyncGenerator[str, None]:
    yield text
