"""A style's voice settings: those that are wrong are told, all of them, before anybody is waiting to be spoken to."""

from __future__ import annotations

from typing import Any

import pytest

from voyaltis_flow.project import find_project, load_style
from voyaltis_flow.script.models import Voice as Told
from voyaltis_flow.voice.speaking import elevenlabs
from voyaltis_flow.voice.vendors import SpeechChoiceError

STYLES = ("casual_relaxed", "coach_motivating", "friendly_colleague", "professional_warm")


def test_all_mistakes_are_told_with_the_way_out() -> None:
    settings = {"stabilty": 0.4, "speed": 3, "style": "high", "use_speaker_boost": "yes"}
    with pytest.raises(SpeechChoiceError) as told:
        elevenlabs.voice("any", Told(id="anna", settings=settings), "fr")
    assert str(told.value) == (
        "the style's voice.fr.settings: ElevenLabs has no 'stabilty' (did you mean stability?); "
        "speed is a number from 0.7 to 1.2, not 3; style is a number from 0 to 1, not 'high'; "
        "use_speaker_boost is true or false, not 'yes'."
    )


@pytest.mark.parametrize("setting", [{"stability": True}, {"speed": 0.69}, {"model": 3}, {"warmth": 1}])
def test_what_the_vendor_would_refuse_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(SpeechChoiceError, match=next(iter(setting))):
        elevenlabs.voice("any", Told(id="anna", settings=setting), "fr")


def test_another_setting_is_kept_apart() -> None:
    calm, lively = (elevenlabs.voice("any", Told(id="anna", settings={"stability": s}), "fr") for s in (0.9, 0.1))
    assert calm.key != lively.key


@pytest.mark.parametrize("style", STYLES)
def test_the_voices_of_the_shipped_styles_are_fine(style: str) -> None:
    loaded = load_style(style, find_project()).value
    for language, told in loaded.voice.items():
        assert elevenlabs.voice("any", told, language).vendor == "elevenlabs"
