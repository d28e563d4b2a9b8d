"""What was spoken once, kept to be spoken again without waiting: openings, acknowledgements, closings."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from livekit import rtc

MOST_BYTES = 24 << 20
"""Some eight minutes of speech."""

Key = tuple[str, str]
"""A voice's key, and the text."""


class Kept:
    """Sound by voice and text; what was not asked for the longest goes first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._bytes = most_bytes, 0
        self._frames: OrderedDict[Key, tuple[rtc.AudioFrame, ...]] = OrderedDict()

    def get(self, key: Key) -> tuple[rtc.AudioFrame, ...] | None:
        """The sound, if it is kept."""
        if key in self._frames:
            self._frames.move_to_end(key)
        return self._frames.get(key)

    def has(self, key: Key) -> bool:
        """Whether it is kept, which counts as no use of it."""
        return key in self._frames

    def put(self, key: Key, frames: Sequence[rtc.AudioFrame]) -> None:
        """Keeps a sound."""
        if key in self._frames or not frames:
            return
        self._frames[key] = tuple(frames)
        self._bytes += _size(frames)
        while self._bytes > self._most:
            _, dropped = self._frames.popitem(last=False)
            self._bytes -= _size(dropped)


def _size(frames: Sequence[rtc.AudioFrame]) -> int:
    return sum(len(frame.data) * 2 for frame in frames)
