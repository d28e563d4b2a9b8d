"""A conversation as a WAV file: the rep on the left, the agent on the right."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from voyaltis_flow.speech.pcm import Samples

RATE = 16_000
_JITTER_SECONDS = 0.2
"""Frames that come this late are still the next ones; later, there was a gap, and silence takes its place."""


class Side:
    """One side's audio, each frame where it belongs in time."""

    def __init__(self, rate: int) -> None:
        self._step = rate // RATE
        self._began: float | None = None
        self._parts: list[Samples] = []
        self._length = 0

    @property
    def began(self) -> float | None:
        """When its first sample was; None when there is none."""
        return self._began

    def add(self, frame: Samples, at: float) -> None:
        """Takes a frame whose last sample was `at`, in seconds since 1970."""
        samples = frame.reshape(-1, self._step).mean(axis=1).astype(np.int16)
        start = at - len(samples) / RATE
        if self._began is None:
            self._began = start
        gap = int((start - self._began) * RATE) - self._length
        if gap > _JITTER_SECONDS * RATE:
            self._append(np.zeros(gap, np.int16))
        self._append(samples)

    def samples(self, since: float) -> Samples:
        """All of it, with silence from `since` to its first sample."""
        before = 0 if self._began is None else round((self._began - since) * RATE)
        return np.concatenate([np.zeros(before, np.int16), *self._parts])

    def _append(self, samples: Samples) -> None:
        self._parts.append(samples)
        self._length += len(samples)


class Recording:
    """Both sides of a call."""

    def __init__(self, rep_rate: int, agent_rate: int) -> None:
        self.rep, self.agent = Side(rep_rate), Side(agent_rate)

    def write(self, path: Path) -> None:
        """Writes the WAV file; an empty one when nothing was to be heard."""
        since = min((side.began for side in (self.rep, self.agent) if side.began is not None), default=0.0)
        left, right = self.rep.samples(since), self.agent.samples(since)
        both = np.zeros((max(len(left), len(right)), 2), np.int16)
        both[: len(left), 0], both[: len(right), 1] = left, right
        with wave.open(str(path), "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(both.tobytes())
