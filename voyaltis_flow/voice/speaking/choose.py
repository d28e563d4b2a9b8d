"""Whose voice a conversation has: the vendor's whose key is set, the one on this machine behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec

from voyaltis_flow.project import Settings
from voyaltis_flow.script.models import Style
from voyaltis_flow.voice.speaking import elevenlabs
from voyaltis_flow.voice.speaking.relay import Voices
from voyaltis_flow.voice.speaking.voice import Voice
from voyaltis_flow.voice.vendors import OFFLINE, Choice, Observer, SpeechChoiceError, SpeechUnavailableError

NAMES = ("auto", "elevenlabs", OFFLINE)
GET_ONE = "pip install 'voyaltis-flow[offline]', or set ELEVENLABS_API_KEY."


def chosen(settings: Settings) -> Choice:
    """Which voice the settings name, and why where nobody chose. Raises what says that it can't be had."""
    if settings.tts not in NAMES:
        raise SpeechChoiceError(f"VOYALTIS_TTS: {settings.tts!r} is none of {', '.join(NAMES)}")
    choice = _automatic(settings) if settings.tts == "auto" else Choice(settings.tts, "VOYALTIS_TTS is set")
    if choice.name == "elevenlabs" and not settings.elevenlabs_api_key:
        raise SpeechUnavailableError("VOYALTIS_TTS is elevenlabs, and ELEVENLABS_API_KEY is not set.")
    if choice.name == OFFLINE and not _has_pico():
        raise SpeechUnavailableError(f"No voice is on this machine ({choice.reason}): {GET_ONE}")
    return choice


def _automatic(settings: Settings) -> Choice:
    if settings.elevenlabs_api_key:
        return Choice("elevenlabs", "ELEVENLABS_API_KEY is set")
    return Choice(OFFLINE, "ELEVENLABS_API_KEY is not set")


def mistakes(settings: Settings, style: Style) -> list[str]:
    """Why this style can't be spoken with the voice that the settings name; empty where it can."""
    if chosen(settings).name != elevenlabs.VENDOR:
        return []
    return [
        f"voice.{language}.settings: {mistake}"
        for language, told in style.voice.items()
        for mistake in elevenlabs.mistakes(told.settings)
    ]


def voices(settings: Settings, style: Style, languages: Sequence[str], observer: Observer) -> Voices:
    """The voices for a conversation, in each language of its flow."""
    return Voices({language: list(_voices(settings, style, language)) for language in languages}, observer)


def _voices(settings: Settings, style: Style, language: str) -> Iterator[Voice]:
    if chosen(settings).name == "elevenlabs":
        key, told = settings.elevenlabs_api_key or "", style.voice.get(language)
        yield elevenlabs.voice(key, told, language, settings.elevenlabs_base_url)
    if _has_pico():
        from voyaltis_flow.voice.speaking.offline import OfflineTTS  # noqa: PLC0415 - its package is an extra

        yield Voice(OFFLINE, f"pico {language}", OfflineTTS(language))


def _has_pico() -> bool:
    return find_spec("py_nanotts") is not None
