"""Finds where somebody speaks in a stream of sound, by loudness alone: good for clean sound, as tests have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

LOUD = 150
"""Mean amplitude of a piece of sound in which somebody speaks."""
PIECE_SECONDS = 0.05


class Expected(Protocol):
    """What is being said; it is `seconds` long, or until a pause."""

    @property
    def seconds(self) -> float | None: ...


@dataclass(eq=False)
class Utterance:
    """A stretch of speech: its `start` in the stream, the `seconds` up to its last sound, the `pause` after that."""

    start: float
    seconds: float = 0.0
    pause: float = 0.0
    sound: bytearray = field(default_factory=bytearray)
    over: bool = False
    announced: bool = False

    def words(self, text: str) -> list[dict[str, Any]]:
        """The words of a text, spread evenly over the utterance."""
        said = text.split()
        each = self.seconds / max(1, len(said))
        return [
            {
                "word": word.strip(".,!?").lower(),
                "punctuated_word": word,
                "start": round(self.start + place * each, 3),
                "end": round(self.start + (place + 1) * each, 3),
                "confidence": 0.97,
            }
            for place, word in enumerate(said)
        ]


class Utterances:
    """Cuts a stream into utterances; `pause` seconds of silence end one."""

    def __init__(self, rate: int, pause: float) -> None:
        self._rate, self._pause = rate, pause
        self._at = 0.0
        self._pending = bytearray()
        self._current: Utterance | None = None

    def hear(self, sound: bytes, expected: Expected | None) -> Iterator[Utterance]:
        """The utterance that is being said, once for each piece of it; the last time it is `over`."""
        self._pending += sound
        size = int(self._rate * PIECE_SECONDS) * 2
        while len(self._pending) >= size:
            piece = bytes(self._pending[:size])
            del self._pending[:size]
            if (utterance := self._piece(piece, expected)) is not None:
                yield utterance

    def finish(self) -> Iterator[Utterance]:
        """What is being said ends here."""
        if self._current is not None:
            yield self._ended(self._current)

    def _piece(self, piece: bytes, expected: Expected | None) -> Utterance | None:
        loud = np.abs(np.frombuffer(piece, np.int16).astype(np.int32)).mean() > LOUD
        begun, self._at = self._at, self._at + PIECE_SECONDS
        if self._current is None:
            if not loud:
                return None
            self._current = Utterance(begun)
        utterance = self._current
        utterance.sound += piece
        if loud:
            utterance.seconds, utterance.pause = self._at - utterance.start, 0.0
        else:
            utterance.pause += PIECE_SECONDS
        return self._ended(utterance) if self._is_over(utterance, expected) else utterance

    def _is_over(self, utterance: Utterance, expected: Expected | None) -> bool:
        if expected is not None and expected.seconds is not None:
            long_enough = self._at - utterance.start >= expected.seconds
            return long_enough and utterance.pause >= self._pause - PIECE_SECONDS / 2
        return utterance.pause >= self._pause - PIECE_SECONDS / 2

    def _ended(self, utterance: Utterance) -> Utterance:
        utterance.over, self._current = True, None
        return utterance
