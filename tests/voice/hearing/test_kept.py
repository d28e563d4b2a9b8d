"""What is kept of a rep's speech until somebody has made words of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livekit import rtc

from tests.responders.scripted import Clock
from voyaltis_flow.speech import pico
from voyaltis_flow.voice.hearing.kept import FORGOTTEN, LONGEST, PRE_ROLL, TAIL, Kept

RATE, SECONDS = 16_000, 0.02
PIECE = int(RATE * SECONDS)
LOUD = (np.sin(np.arange(PIECE) * 0.3) * 4000).astype(np.int16).tobytes()
QUIET = bytes(2 * PIECE)


def heard(kept: Kept, sound: bytes, seconds: float) -> None:
    for _ in range(round(seconds / SECONDS)):
        kept.hear(rtc.AudioFrame(sound, RATE, 1, PIECE))


def test_silence_is_let_go_but_for_a_moment_before_the_next_word() -> None:
    kept = Kept()
    heard(kept, QUIET, 10.0)
    assert not kept.spoken
    assert kept.at - kept.start == pytest.approx(PRE_ROLL, abs=SECONDS)


@pytest.mark.parametrize("word", ["Oui.", "Un.", "Deux.", "Six."])
def test_the_shortest_answer_counts_as_spoken_and_is_kept_whole(word: str) -> None:
    kept, sound = Kept(), pico.speak(word, "fr").trimmed().content
    heard(kept, QUIET, 3.0)
    for start in range(0, len(sound) - 2 * PIECE + 1, 2 * PIECE):
        kept.hear(rtc.AudioFrame(sound[start : start + 2 * PIECE], RATE, 1, PIECE))
    heard(kept, QUIET, 5.0)
    assert kept.spoken
    assert kept.start < 3.0 - PRE_ROLL / 2


def test_a_click_is_no_word_and_is_let_go() -> None:
    kept = Kept()
    heard(kept, LOUD, 0.06)
    assert not kept.spoken
    heard(kept, QUIET, FORGOTTEN + 0.1)
    assert kept.loud_seconds == 0


def test_steady_noise_is_soon_taken_for_what_it_is() -> None:
    kept = Kept()
    hum = (np.random.default_rng(1).normal(scale=150, size=PIECE)).astype(np.int16).tobytes()
    heard(kept, hum, 20.0)
    kept.forget()
    heard(kept, hum, 5.0)
    assert not kept.spoken


def test_the_end_of_the_last_word_goes_with_it_though_it_is_said_to_end_before() -> None:
    kept = Kept()
    heard(kept, LOUD, 1.0)
    heard(kept, QUIET, 0.5)
    kept.cover(1.0 - TAIL + 0.05)
    assert not kept.spoken


def test_words_that_follow_at_once_are_kept() -> None:
    kept = Kept()
    heard(kept, LOUD, 2.0)
    kept.cover(1.0)
    assert kept.loud_seconds == pytest.approx(1.0, abs=0.05)


def test_where_no_time_is_told_words_are_of_what_was_said_before_the_last_pause() -> None:
    kept = Kept()
    heard(kept, LOUD, 1.0)
    heard(kept, QUIET, 0.4)
    heard(kept, LOUD, 0.5)
    kept.cover(kept.before_pause())
    assert kept.loud_seconds == pytest.approx(0.5, abs=SECONDS)


def test_what_nobody_understands_is_not_kept_for_ever() -> None:
    kept = Kept()
    for _ in range(2 * round(LONGEST)):
        heard(kept, LOUD, 0.5)
        heard(kept, QUIET, 0.5)
    assert kept.at - kept.start <= LONGEST + SECONDS


def test_a_microphone_that_gives_nothing_is_quiet() -> None:
    clock = Clock()
    kept = Kept(clock)
    heard(kept, LOUD, 0.5)
    clock.now += 3.0
    assert kept.quiet_seconds == 3.0


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(10, 40), st.integers(1, 80)), max_size=12), st.lists(st.floats(0, 30), max_size=12)
)
def test_what_was_said_is_dropped_only_when_it_is_covered(said: list[tuple[int, int]], ends: list[float]) -> None:
    kept, covered, words = Kept(), 0.0, []
    for place, (loud, quiet) in enumerate(said):
        words.append(kept.at)
        heard(kept, LOUD, loud * SECONDS)
        heard(kept, QUIET, quiet * SECONDS)
        if place < len(ends) and ends[place] <= kept.at:
            kept.cover(ends[place])
            covered = max(covered, ends[place] + TAIL)
    assert all(kept.start <= begins + SECONDS / 2 for begins in words if begins > covered)
    assert sum(frame.duration for frame in kept.frames()) == pytest.approx(kept.at - kept.start, abs=1e-6)
