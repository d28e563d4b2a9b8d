"""Where speech begins and ends in the sound that comes in."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from voyaltis_flow.speech.pcm import AUDIBLE, Samples

PAUSE_SECONDS = 0.5
"""A silence this long ends a voice; the pauses between two sentences are shorter."""


@dataclass(slots=True)
class Voice:
    """A stretch of speech that was heard, from its first audible sample to its last. Times are seconds since 1970."""

    speaker: str
    began: float
    last: float
    """When the last audible sample came, so far."""
    ended: float | None = None
    """The same, once the silence behind it was long enough."""
    frames: list[Samples] = field(default_factory=list, repr=False)

    @property
    def samples(self) -> Samples:
        """What was heard."""
        return np.concatenate(self.frames) if self.frames else np.zeros(0, np.int16)


class Voices:
    """The voices of one speaker, found frame by frame."""

    def __init__(self, speaker: str, rate: int) -> None:
        self._speaker, self._rate = speaker, rate
        self._now: Voice | None = None

    @property
    def now(self) -> Voice | None:
        """The voice that is heard now, a short pause included."""
        return self._now

    def hear(self, frame: Samples, at: float) -> Voice | None:
        """Takes a frame whose last sample came `at`; the voice that begins or ends with it, if one does."""
        sounds = audible(frame)
        if self._now is not None:
            return self._went_on(self._now, frame, sounds, at)
        if sounds is None:
            return None
        began, last = (at - (len(frame) - index) / self._rate for index in sounds)
        self._now = Voice(self._speaker, began, last, frames=[frame])
        return self._now

    def stop(self) -> Voice | None:
        """The speaker is gone; the voice that ends by it."""
        ending, self._now = self._now, None
        if ending is not None:
            ending.ended = ending.last
        return ending

    def _went_on(self, voice: Voice, frame: Samples, sounds: tuple[int, int] | None, at: float) -> Voice | None:
        voice.frames.append(frame)
        if sounds is not None:
            voice.last = at - (len(frame) - sounds[1]) / self._rate
        return self.stop() if at - voice.last >= PAUSE_SECONDS else None


def audible(samples: Samples) -> tuple[int, int] | None:
    """The places of the first and the last audible sample; None in silence."""
    places = np.flatnonzero(np.abs(samples.astype(np.int32)) > AUDIBLE)
    return (int(places[0]), int(places[-1])) if places.size else None
