"""A recogniser that knows some lines by their sound, so that one stand-in can serve several rooms."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from livekit import rtc

from voyaltis_flow.rooms.participant.participant import SPEED
from voyaltis_flow.speech import pico

RATE = 16_000
STEP = RATE // 50


class KnownLines:
    """Called with what was said, tells which of the lines, spoken by the offline voice, is the most like it."""

    def __init__(self, lines: Iterable[str], language: str = "fr") -> None:
        self._shapes = {line: _shape(*_spoken(line, language)) for line in lines}

    def __call__(self, sound: bytes, rate: int) -> str:
        heard = _shape(np.frombuffer(sound, np.int16), rate)
        return max(self._shapes, key=lambda line: float(np.correlate(heard, self._shapes[line], "full").max()))


def _spoken(line: str, language: str) -> tuple[np.ndarray, int]:
    pcm = pico.speak(line, language, SPEED)
    return pcm.samples, pcm.rate


def _shape(samples: np.ndarray, rate: int) -> np.ndarray:
    """How loudness goes, every 20 ms, as a vector of length 1."""
    if rate != RATE:
        resampler = rtc.AudioResampler(rate, RATE)
        frames = [*resampler.push(bytearray(samples.tobytes())), *resampler.flush()]
        samples = np.concatenate([np.frombuffer(frame.data, np.int16) for frame in frames])
    steps = samples[: len(samples) // STEP * STEP].reshape(-1, STEP).astype(float)
    loudness = np.abs(steps).mean(axis=1)
    rising = np.diff(loudness, prepend=0.0)
    return rising / (np.linalg.norm(rising) or 1.0)
