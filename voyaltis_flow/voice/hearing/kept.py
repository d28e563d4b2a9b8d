"""The sound that nobody has made words of yet, and whether somebody seems to speak in it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from livekit import rtc

PRE_ROLL = 0.5
"""Seconds kept from before somebody speaks, so that the beginning of a word is not cut off."""
LONGEST = 120.0
"""Seconds kept at most, when nobody makes words of them: the oldest go first."""
SPOKEN = 0.1
"""Seconds of loud sound that may be speech: a "six" has no more. Whether it is one is for others to tell."""
TAIL = 0.25
"""Seconds by which a word may go on after the place where it is said to end."""
PAUSE = 0.2
"""Seconds of quiet between two utterances."""
FORGOTTEN = 1.0
"""Seconds of quiet after which sound that was too short for speech is let go."""

LOUD = 100.0
"""Mean amplitude below which sound is never loud."""
ABOVE_NOISE = 4.0
"""How many times louder than the noise around it sound has to be."""
NOISE_RISES = 0.25
"""The share by which the noise that is expected may rise in a second. It falls at once."""


@dataclass(slots=True)
class _Piece:
    start: float
    frame: rtc.AudioFrame
    loud: bool


class Kept:
    """Sound as it comes, until it is covered by words. Places are seconds of sound since the beginning."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.at = 0.0
        """How much was heard so far."""
        self.covered = 0.0
        """Up to where words were made of it."""
        self.last_loud = 0.0
        """Where the last loud sound ended."""
        self.spoken_at = clock()
        """When that was, by the clock."""
        self._loud_samples = 0
        self._clock = clock
        self._pieces: deque[_Piece] = deque()
        self._noise = LOUD

    @property
    def loud_seconds(self) -> float:
        """How much of what is kept is loud."""
        return self._loud_samples / self._pieces[0].frame.sample_rate if self._pieces else 0.0

    @property
    def spoken(self) -> bool:
        """Somebody seems to have said something that no words were made of."""
        return self.loud_seconds >= SPOKEN

    @property
    def start(self) -> float:
        """Where what is kept begins."""
        return self._pieces[0].start if self._pieces else self.at

    @property
    def quiet_seconds(self) -> float:
        """Since the last loud sound, by the clock, so that a microphone that gives nothing is quiet, too."""
        return self._clock() - self.spoken_at

    def frames(self) -> list[rtc.AudioFrame]:
        """What is kept, in order."""
        return [piece.frame for piece in self._pieces]

    def hear(self, frame: rtc.AudioFrame) -> None:
        """More sound."""
        piece = _Piece(self.at, frame, self._is_loud(frame))
        self.at += frame.duration
        self._pieces.append(piece)
        if piece.loud:
            self._loud_samples += frame.samples_per_channel
            self.last_loud, self.spoken_at = self.at, self._clock()
        self._trim()

    def cover(self, until: float) -> None:
        """Words were made of what was heard until here. The cut is made in the pause after it, if there is one soon."""
        while self._pieces and self._pieces[0].start < until:
            self._drop()
        quiet = next((place for place, piece in enumerate(self._pieces) if not piece.loud), None)
        if quiet is not None and self._pieces[quiet].start <= until + TAIL:
            for _ in range(quiet):
                self._drop()
        self.covered = max(self.covered, until)

    def forget(self, until: float | None = None) -> None:
        """Nothing was said in it, or in what was heard until there."""
        self.cover(self.at if until is None else until)

    def let_go(self) -> None:
        """It is not worth keeping, though words may yet come of it."""
        while self._pieces:
            self._drop()

    def before_pause(self) -> float:
        """Where the last pause was: what was said before it is over. Here, where there was none."""
        quiet = 0.0
        for piece in reversed(self._pieces):
            quiet = 0.0 if piece.loud else quiet + piece.frame.duration
            if quiet >= PAUSE:
                return piece.start + quiet / 2
        return self.at

    def _is_loud(self, frame: rtc.AudioFrame) -> bool:
        level = float(np.abs(np.frombuffer(frame.data, np.int16).astype(np.int32)).mean()) if len(frame.data) else 0.0
        self._noise = min(level, self._noise * (1 + NOISE_RISES * frame.duration) + frame.duration)
        return level > max(LOUD, ABOVE_NOISE * self._noise)

    def _trim(self) -> None:
        if self._loud_samples and not self.spoken and self.at - self.last_loud > FORGOTTEN:
            self.cover(self.last_loud)
        longest = LONGEST if self._loud_samples else PRE_ROLL
        while self.at - self.start > longest:
            self._drop()

    def _drop(self) -> None:
        piece = self._pieces.popleft()
        if piece.loud:
            self._loud_samples -= piece.frame.samples_per_channel
