"""ElevenLabs' voices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from json import dumps
from typing import Any

from livekit.plugins import elevenlabs

from voyaltis_flow.script import models
from voyaltis_flow.voice.speaking.voice import Voice
from voyaltis_flow.voice.vendors import SpeechChoiceError

VENDOR = "elevenlabs"
HOST = "https://api.elevenlabs.io"
MODEL = "eleven_flash_v2_5"
SHARES = {"stability": (0.0, 1.0), "similarity_boost": (0.0, 1.0), "style": (0.0, 1.0), "speed": (0.7, 1.2)}
"""The settings that are numbers, with the least and the most that ElevenLabs takes."""
SWITCHES = ("use_speaker_boost", "enable_logging")
"""The settings that are on or off. ElevenLabs lets enterprise accounts alone switch `enable_logging` off."""
SETTINGS = (*SHARES, *SWITCHES, "model")
_NEEDED = {"stability": 0.5, "similarity_boost": 0.75}
"""What ElevenLabs takes where a style says nothing of it."""


def voice(key: str, told: models.Voice | None, language: str, base_url: str | None = None) -> Voice:
    """The voice of a style in a language; ElevenLabs' own where the style names none.

    Raises SpeechChoiceError for settings that ElevenLabs does not know or take.
    """
    id_ = told.id if told else elevenlabs.DEFAULT_VOICE_ID
    asked = dict(told.settings) if told else {}
    if found := list(mistakes(asked)):
        raise SpeechChoiceError(f"the style's voice.{language}.settings: {'; '.join(found)}.")
    model, logging = asked.pop("model", MODEL), asked.pop("enable_logging", True)
    settings = {**_NEEDED, **asked}
    tts = elevenlabs.TTS(
        voice_id=id_,
        voice_settings=elevenlabs.VoiceSettings(**settings),
        model=model,
        encoding="pcm_24000",
        api_key=key,
        base_url=f"{(base_url or HOST).rstrip('/')}/v1",
        auto_mode=True,
        language=language,
        enable_logging=logging,
        preferred_alignment="original",  # the characters that were asked for: another voice may have to say the rest
    )
    return Voice(VENDOR, dumps([VENDOR, model, id_, language, settings], sort_keys=True), tts)


def mistakes(settings: Mapping[str, Any]) -> Iterator[str]:
    """What ElevenLabs does not know, or would not take, of a voice's settings."""
    for name, value in settings.items():
        if name not in SETTINGS:
            near = get_close_matches(name, SETTINGS, 1)
            known = f"did you mean {near[0]}?" if near else f"it has {', '.join(SETTINGS)}"
            yield f"ElevenLabs has no {name!r} ({known})"
        elif name in SHARES and not _between(value, *SHARES[name]):
            yield f"{name} is a number from {SHARES[name][0]:g} to {SHARES[name][1]:g}, not {value!r}"
        elif name in SWITCHES and not isinstance(value, bool):
            yield f"{name} is true or false, not {value!r}"
        elif name == "model" and not isinstance(value, str):
            yield f"{name} is the name of a model, such as {MODEL}, not {value!r}"


def _between(value: Any, least: float, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most
