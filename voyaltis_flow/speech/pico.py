"""The offline voice: SVOX Pico, French and English. A sentence takes some 30 ms, and sounds like a machine."""

from __future__ import annotations

import re
import threading

import numpy as np
import py_nanotts

from voyaltis_flow.speech.pcm import Pcm

RATE = 16_000
VOICES = {"fr": "fr-FR", "en": "en-GB"}
MOST_CHARACTERS = 1000
"""Of a text that is spoken; the engine says no more in one turn."""

_MARKUP = re.compile(r"<[^>]*>|[<>&]")
_UNSPOKEN = re.compile(r"[^\w\s.,;:!?'’%€$£&+/()°-]")
_SIGNS = {"fr": {"&": " et ", "+": " plus ", "€": " euros "}, "en": {"&": " and ", "+": " plus ", "€": " euros "}}
_engine = threading.local()


def speak(text: str, language: str, speed: float = 1.0) -> Pcm:
    """A text as sound, at 16 kHz, in French where the language has no voice. Empty for a text with nothing to say."""
    said = sayable(text, language)
    if not re.search(r"\w", said):
        return Pcm(np.zeros(0, np.int16), RATE)
    return Pcm.of(_voice().speak(said, VOICES.get(language, VOICES["fr"]), speed=speed), RATE)


def sayable(text: str, language: str) -> str:
    """A text without what the voice takes for commands, or spells out."""
    said = _MARKUP.sub(lambda mark: " & " if mark.group() == "&" else " ", text)
    for sign, words in _SIGNS.get(language, _SIGNS["fr"]).items():
        said = said.replace(sign, words)
    return " ".join(_UNSPOKEN.sub(" ", said).split())[:MOST_CHARACTERS]


def _voice() -> py_nanotts.NanoTTS:
    """The engine is not safe to share: each thread has its own."""
    if not hasattr(_engine, "voice"):
        _engine.voice = py_nanotts.NanoTTS()
    voice: py_nanotts.NanoTTS = _engine.voice
    return voice
