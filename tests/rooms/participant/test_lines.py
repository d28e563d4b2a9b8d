"""What a rep is going to say: read from files as people write them, and given when it is due."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voyaltis_flow.rooms.participant import Line, LinesError, read_lines
from voyaltis_flow.rooms.participant.lines import due
from voyaltis_flow.speech.pcm import Pcm, write_wav


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "lines.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_line_is_a_turn_and_blank_ones_and_remarks_are_none(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufeff# how it went\r\n\r\n  Deux S25.  \r\n@sales: Trois frigos.\r\n")
    assert read_lines(path) == (Line("Deux S25."), Line("Trois frigos.", "sales"))


def test_a_line_may_answer_a_question_about_a_product(tmp_path: Path) -> None:
    path = written(tmp_path, "@which:fridge: Le Family Hub : le grand.\n@quantity:ph-s25: 12: pas plus.")
    assert read_lines(path) == (
        Line("Le Family Hub : le grand.", "which:fridge"),
        Line("12: pas plus.", "quantity:ph-s25"),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no line in it"),
        ("# nothing\n\n", "no line in it"),
        ("Deux S25.\n@sales Trois.", "lines.txt:2: a line for one question"),
        ("Deux S25.\n…\n", "lines.txt:2: there is no word in it"),
        (b"D\xe9j\xe0 deux S25.", "no UTF-8"),
    ],
)
def test_what_cannot_be_said_is_told_with_its_place(tmp_path: Path, text: str | bytes, told: str) -> None:
    with pytest.raises(LinesError, match=told):
        read_lines(written(tmp_path, text))


def test_recordings_are_said_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name, length in (("02 feedback.WAV", 200), ("01 sales.wav", 100)):
        write_wav(tmp_path / name, Pcm(np.full(length, 900, np.int16), 8000))
    (tmp_path / "notes.txt").write_text("not said")
    lines = read_lines(tmp_path)
    assert [(line.text, len(line.sound.samples)) for line in lines if line.sound] == [
        ("01 sales", 100),
        ("02 feedback", 200),
    ]


def test_a_folder_without_a_recording_and_one_that_is_none_are_told(tmp_path: Path) -> None:
    with pytest.raises(LinesError, match=r"no \.wav in it"):
        read_lines(tmp_path)
    (tmp_path / "broken.wav").write_bytes(b"RIFF")
    with pytest.raises(LinesError, match=r"broken\.wav is no WAV file"):
        read_lines(tmp_path)


def test_the_line_for_what_is_asked_comes_first_then_those_for_nothing_in_particular() -> None:
    feedback, sales, free = Line("Ravis.", "customer_feedback"), Line("Deux S25.", "sales"), Line("Bon.")
    lines = [feedback, free, sales]
    assert due(lines, "sales") is sales
    assert due(lines, "which:fridge") is free
    assert due(lines, None) is free
    assert due([feedback, sales], "which:fridge") is feedback


POINTS = st.sampled_from([None, "sales", "key_insights", "which:tv"])


@given(st.lists(POINTS), st.lists(POINTS, min_size=1))
def test_whatever_is_asked_each_line_is_said_once(asked: list[str | None], points: list[str | None]) -> None:
    left = [Line(f"line {place}", point) for place, point in enumerate(points)]
    said = []
    for question in [*asked, *points, *points][: len(points)]:
        said.append(due(left, question))
        left.remove(said[-1])
    assert sorted(line.text for line in said) == sorted(f"line {place}" for place in range(len(points)))
