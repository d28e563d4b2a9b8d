"""A call as a WAV file: each side on its channel, each sound at its time."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from voyaltis_flow.rooms.participant.recording import RATE, Recording
from voyaltis_flow.speech.pcm import Samples


def loud(seconds: float, rate: int) -> Samples:
    return np.full(int(seconds * rate), 1000, np.int16)


def channels(path: Path) -> Samples:
    """Both channels, a row each."""
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, 2).T


def test_both_sides_are_there_each_when_it_spoke(tmp_path: Path) -> None:
    recording = Recording(48_000, 16_000)
    recording.rep.add(loud(0.5, 48_000), at=100.5)
    recording.agent.add(loud(0.25, 16_000), at=101.25)
    recording.write(tmp_path / "call.wav")
    left, right = channels(tmp_path / "call.wav")
    assert np.flatnonzero(left)[[0, -1]].tolist() == [0, RATE // 2 - 1]
    assert np.flatnonzero(right)[[0, -1]].tolist() == [RATE, RATE + RATE // 4 - 1]


def test_frames_that_come_late_stay_together_and_a_gap_is_silence(tmp_path: Path) -> None:
    recording = Recording(16_000, 16_000)
    recording.agent.add(loud(0.01, 16_000), at=10.01)
    recording.agent.add(loud(0.01, 16_000), at=10.07)
    recording.agent.add(loud(0.01, 16_000), at=12.01)
    recording.write(tmp_path / "call.wav")
    _, right = channels(tmp_path / "call.wav")
    assert np.flatnonzero(right).tolist() == [*range(320), *range(2 * RATE, 2 * RATE + 160)]


def test_a_call_in_which_nobody_spoke_is_an_empty_file(tmp_path: Path) -> None:
    Recording(48_000, 16_000).write(tmp_path / "call.wav")
    assert channels(tmp_path / "call.wav").size == 0
