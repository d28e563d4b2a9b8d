"""ElevenLabs' voices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from json import dumps
from typing import Any

from livekit.plugins import elevenlabs

from voyaltis_flow.script import models
from voyaltis_flow.voice.speaking.voice import Voice
from voyaltis_flow.voice.vendors import SpeechChoiceError

VENDOR = "elevenlabs"
HOST = "https://api.elevenlabs.io"
MODEL = "eleven_flash_v2_5"
_SETTINGS = {field.name for field in fields(elevenlabs.VoiceSettings)}
_NEEDED = {"stability": 0.5, "similarity_boost": 0.75}
"""What ElevenLabs takes where a style says nothing of it."""


def voice(key: str, told: models.Voice | None, language: str, base_url: str | None = None) -> Voice:
    """The voice of a style in a language; ElevenLabs' own where the style names none.

    Raises SpeechChoiceError for a setting that ElevenLabs does not know.
    """
    id_ = told.id if told else elevenlabs.DEFAULT_VOICE_ID
    settings = {**_NEEDED, **_known(told.settings if told else {})}
    tts = elevenlabs.TTS(
        voice_id=id_,
        voice_settings=elevenlabs.VoiceSettings(**settings),
        model=MODEL,
        encoding="pcm_24000",
        api_key=key,
        base_url=f"{(base_url or HOST).rstrip('/')}/v1",
        auto_mode=True,
        language=language,
        enable_logging=False,
    )
    return Voice(VENDOR, dumps([VENDOR, MODEL, id_, language, settings], sort_keys=True), tts)


def _known(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    unknown = sorted(settings.keys() - _SETTINGS)
    if unknown:
        told = f"voice settings that ElevenLabs does not know: {', '.join(unknown)}"
        raise SpeechChoiceError(f"{told}. It knows {', '.join(sorted(_SETTINGS))}.")
    return settings
