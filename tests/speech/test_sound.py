"""Sound as numbers, and the offline voice."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voyaltis_flow.speech import pico
from voyaltis_flow.speech.pcm import Pcm, SoundFileError, read_wav, write_wav


def tone(seconds: float, rate: int = 16_000) -> Pcm:
    places = np.arange(int(seconds * rate))
    return Pcm((np.sin(places * 0.1) * 8000).astype(np.int16), rate)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    sound = tone(0.3)
    write_wav(tmp_path / "a.wav", sound)
    again = read_wav(tmp_path / "a.wav")
    assert again.rate == sound.rate
    assert np.array_equal(again.samples, sound.samples)


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_any_width_and_several_channels_are_read_alike(tmp_path: Path, width: int) -> None:
    samples = tone(0.1).samples.astype(np.int64)
    scaled = {1: (samples >> 8) + 128, 2: samples, 3: samples << 8, 4: samples << 16}[width]
    content = b"".join(int(value).to_bytes(width, "little", signed=width > 1) * 2 for value in scaled)
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(width)
        file.setframerate(16_000)
        file.writeframes(content)
    read = read_wav(tmp_path / "a.wav").samples
    assert np.abs(read.astype(int) - samples).max() <= (256 if width == 1 else 1)


def test_what_is_no_sound_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("Deux S25.")
    for path in (tmp_path / "a.wav", tmp_path / "none.wav", tmp_path):
        with pytest.raises(SoundFileError, match=path.name):
            read_wav(path)


def test_another_rate_is_the_same_sound() -> None:
    assert tone(1.0).at(48_000).seconds == pytest.approx(1.0, abs=0.01)
    assert tone(1.0).at(16_000).samples is not None


def test_silence_at_both_ends_is_trimmed() -> None:
    quiet = np.zeros(8_000, np.int16)
    sound = Pcm(np.concatenate([quiet, tone(0.5).samples, quiet]), 16_000)
    assert sound.trimmed().seconds == pytest.approx(0.5, abs=0.05)
    assert Pcm(quiet, 16_000).trimmed().seconds == 0


def test_the_voice_speaks_french_and_english() -> None:
    for text, language in (("Deux frigos et trois S25.", "fr"), ("Two fridges and three S25.", "en")):
        spoken = pico.speak(text, language)
        assert spoken.rate == pico.RATE
        assert 1.0 < spoken.seconds < 6.0


def test_a_slower_voice_takes_longer() -> None:
    assert pico.speak("Deux frigos.", "fr", 0.8).seconds > pico.speak("Deux frigos.", "fr").seconds


def test_what_can_be_said_holds_no_commands() -> None:
    assert pico.sayable("<speed level='20'>Prix & co : 3 €</speed>", "fr") == "Prix et co : 3 euros"


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["fr", "en", "de"]))
def test_whatever_is_to_be_said_makes_a_sound_or_none(text: str, language: str) -> None:
    assert pico.speak(text, language).seconds >= 0
