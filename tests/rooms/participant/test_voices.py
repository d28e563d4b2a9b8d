"""Where a voice begins and ends, whatever the frames that it comes in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voyaltis_flow.rooms.participant.voices import PAUSE_SECONDS, Voice, Voices, audible
from voyaltis_flow.speech.pcm import AUDIBLE, Samples

RATE = 1000
"""A sample each millisecond."""


def sound(*parts: tuple[bool, int]) -> Samples:
    """Milliseconds of sound and of silence, in a row."""
    return np.concatenate([np.full(length, 5000 if loud else 0, np.int16) for loud, length in parts])


def heard(samples: Samples, frame: int) -> list[Voice]:
    """The voices in a sound that began at second 0, in frames of so many milliseconds."""
    voices, found = Voices("agent", RATE), list[Voice]()
    for start in range(0, len(samples) - frame + 1, frame):
        changed = voices.hear(samples[start : start + frame], (start + frame) / RATE)
        if changed is not None and changed.ended is None:
            found.append(changed)
    return found


@given(frame=st.integers(1, 50), quiet=st.integers(0, 400), loud=st.integers(60, 900))
def test_a_voice_lasts_from_its_first_audible_sample_to_its_last(frame: int, quiet: int, loud: int) -> None:
    (voice,) = heard(sound((False, quiet), (True, loud), (False, 700)), frame)
    assert voice.began == pytest.approx(quiet / RATE, abs=0.0021)
    assert voice.ended == pytest.approx((quiet + loud) / RATE, abs=0.0021)
    assert np.count_nonzero(voice.samples) == loud


def test_the_pause_between_two_sentences_ends_no_voice_but_a_longer_one_does() -> None:
    short, long = int(PAUSE_SECONDS * RATE) - 100, int(PAUSE_SECONDS * RATE) + 100
    assert len(heard(sound((True, 300), (False, short), (True, 300)), 10)) == 1
    assert len(heard(sound((True, 300), (False, long), (True, 300)), 10)) == 2


def test_a_speaker_who_is_taken_away_is_not_heard_any_more() -> None:
    voices = Voices("agent", RATE)
    voices.hear(sound((True, 100)), 0.1)
    assert voices.now is not None
    gone = voices.stop()
    assert gone is not None
    assert gone.ended == gone.last == pytest.approx(0.1, abs=0.002)
    assert voices.now is None
    assert voices.stop() is None


def test_a_whisper_of_the_codec_is_silence() -> None:
    assert audible(np.full(10, AUDIBLE, np.int16)) is None
    assert audible(np.array([0, -AUDIBLE - 1, 0, -32768, 0], np.int16)) == (1, 3)
