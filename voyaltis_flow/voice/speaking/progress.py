"""How far a text was spoken, so that another voice can say the rest."""

from __future__ import annotations

from livekit import rtc
from livekit.agents.types import USERDATA_TIMED_TRANSCRIPT

CHARACTERS_PER_SECOND = 13.0
"""How fast a voice speaks that does not tell its words: rather too slow, so that a word comes twice and not never."""
ENDING = 2
"""Characters that may be missing from the end of what is whole: a mark, a breath."""


class Progress:
    """A text that is being spoken. Where the vendor tells when each word ends, that counts; else the time it took."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words: list[tuple[int, float]] = []
        """For each word that the vendor told: where it ends in the text, and when, in seconds."""
        self._seconds = 0.0

    def hear(self, frame: rtc.AudioFrame) -> None:
        """More sound of it."""
        self._seconds += frame.duration
        for word in frame.userdata.get(USERDATA_TIMED_TRANSCRIPT, ()):
            if isinstance(word.end_time, float | int):
                begins = self._words[-1][0] if self._words else 0
                self._words.append((begins + len(word), float(word.end_time)))

    @property
    def rest(self) -> str:
        """What was not said to its end, from the beginning of a word on; empty where all was said."""
        if not self._seconds:
            return self._text
        place = self._place()
        if place >= len(self._text) - ENDING:
            return ""
        begins = self._text.rfind(" ", 0, place + 1) + 1
        return self._text[begins:]

    def _place(self) -> int:
        """How many characters were said."""
        whole, until = 0, 0.0
        for ends, at in self._words:
            if at > self._seconds:
                return whole
            whole, until = ends, at
        pace = whole / until if until else CHARACTERS_PER_SECOND
        return whole + int((self._seconds - until) * pace)
