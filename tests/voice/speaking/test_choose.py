"""Whose voice speaks, and that it is said what is missing where none can."""

from __future__ import annotations

import pytest
from livekit.agents.utils import http_context

from tests.voice.observer import Observed
from voyaltis_flow.project import Settings, find_project, load_style
from voyaltis_flow.voice.speaking import choose
from voyaltis_flow.voice.vendors import OFFLINE, SpeechChoiceError, SpeechUnavailableError


@pytest.mark.parametrize(
    ("settings", "name", "reason"),
    [
        (Settings(), OFFLINE, "ELEVENLABS_API_KEY is not set"),
        (Settings(elevenlabs_api_key="k"), "elevenlabs", "ELEVENLABS_API_KEY is set"),
        (Settings(elevenlabs_api_key="k", tts="offline"), OFFLINE, "VOYALTIS_TTS is set"),
        (Settings(elevenlabs_api_key="k", tts="elevenlabs"), "elevenlabs", "VOYALTIS_TTS is set"),
    ],
)
def test_the_vendor_speaks_whose_key_is_set_unless_one_is_named(settings: Settings, name: str, reason: str) -> None:
    assert choose.chosen(settings) == (name, reason)


def test_an_unknown_name_is_told_with_those_that_are_known() -> None:
    with pytest.raises(SpeechChoiceError, match="'polly' is none of auto, elevenlabs, offline"):
        choose.chosen(Settings(tts="polly"))


def test_a_named_vendor_needs_its_key() -> None:
    with pytest.raises(SpeechUnavailableError, match="ELEVENLABS_API_KEY is not set"):
        choose.chosen(Settings(tts="elevenlabs"))


@pytest.mark.parametrize("tts", ["auto", "offline"])
def test_where_nothing_can_speak_the_way_out_is_told(tts: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "find_spec", lambda name: None)
    with pytest.raises(SpeechUnavailableError, match=r"pip install 'voyaltis-flow\[offline\]'"):
        choose.chosen(Settings(tts=tts))


async def test_the_voice_of_this_machine_stands_behind_the_vendors_in_each_language() -> None:
    style = load_style("friendly_colleague", find_project()).value
    async with http_context.open():
        voices = choose.voices(Settings(elevenlabs_api_key="k"), style, ("fr", "en"), Observed())
        assert {language: [voice.vendor for voice in them] for language, them in voices.by_language.items()} == {
            "fr": ["elevenlabs", OFFLINE],
            "en": ["elevenlabs", OFFLINE],
        }
        await voices.aclose()
