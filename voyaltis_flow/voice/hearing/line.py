"""A recogniser at work: hears sound from some place on, and tells what it makes of it, until it ends or fails."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from livekit import rtc
from livekit.agents import stt

from voyaltis_flow.runtime.protocols import Failure
from voyaltis_flow.voice.hearing.recogniser import Recogniser
from voyaltis_flow.voice.vendors import AT_ONCE, failure_of

TRANSCRIPTS = (
    stt.SpeechEventType.INTERIM_TRANSCRIPT,
    stt.SpeechEventType.PREFLIGHT_TRANSCRIPT,
    stt.SpeechEventType.FINAL_TRANSCRIPT,
)


class Line:
    """`tell` is called with each event. Its times are those of the stream: `begins` is where the first sound is in it.
    `lost` is called when it ends by itself, with the failure, if there was one.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        begins: float,
        tell: Callable[[Line, stt.SpeechEvent], None],
        lost: Callable[[Line, Failure | None], None],
    ) -> None:
        self.recogniser = recogniser
        self._since = time.monotonic()
        self.understood = ""
        """What it last made of what is being said, and did not say for good yet."""
        self.proven = False
        """It has understood something for good."""
        self._tell, self._lost = tell, lost
        self._stream = recogniser.stt.stream(conn_options=AT_ONCE)
        self._stream.start_time_offset = begins
        self._task = asyncio.create_task(self._listen(), name=f"line-{recogniser.vendor}")

    @property
    def age(self) -> float:
        """Seconds since it was opened."""
        return time.monotonic() - self._since

    def push(self, frames: Iterable[rtc.AudioFrame]) -> None:
        """Sound, in order."""
        with suppress(RuntimeError):  # the stream is over; `lost` is about to be told
            for frame in frames:
                self._stream.push_frame(frame)

    def flush(self) -> None:
        """What was said so far is over."""
        with suppress(RuntimeError):
            self._stream.flush()

    def end(self) -> None:
        """No more sound is to come."""
        with suppress(RuntimeError):
            self._stream.end_input()

    async def aclose(self) -> None:
        """Lets go of it at once. Nothing is told any more."""
        self._tell, self._lost = _nobody, _nobody
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _listen(self) -> None:
        failure: Failure | None = None
        try:
            async with self._stream as events:
                async for event in events:
                    self._note(event)
                    self._tell(self, event)
        except Exception as error:
            failure = failure_of(error)
        self._lost(self, failure)

    def _note(self, event: stt.SpeechEvent) -> None:
        text = event.alternatives[0].text.strip() if event.alternatives else ""
        if event.type in TRANSCRIPTS and text:
            final = event.type == stt.SpeechEventType.FINAL_TRANSCRIPT
            self.proven = self.proven or final
            self.understood = "" if final else text


def _nobody(*_: object) -> None:
    """Whom a line tells that nobody listens to."""
