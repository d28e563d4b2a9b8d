"""The output of `extract` can be gone on with, and never mixes two readings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from voyaltis_flow.transcripts.lines import Transcript
from voyaltis_flow.transcripts.readings import Readings


def transcript(name: str, words: str = "") -> Transcript:
    return Transcript(name, "fr", (), f"{name} {words}".encode())


A, B, C = transcript("a"), transcript("b"), transcript("c")


def run(
    path: Path, *transcripts: Transcript, reader: str = "flow-1", stop_before: Transcript | None = None
) -> list[Any]:
    """Reads transcripts as `extract` does; the ids that it had to read."""
    read = []
    with Readings(path, reader) as readings:
        for each in transcripts:
            if each is stop_before:
                raise KeyboardInterrupt
            if not readings.has(each):
                read.append(each.id)
                readings.add(each, {"by": reader})
    return read


def ids(path: Path) -> list[Any]:
    return [json.loads(line)["id"] for line in path.read_text().splitlines()]


def test_a_second_run_reads_nothing_again(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert run(out, A, B) == ["a", "b"]
    once = out.read_bytes()
    assert run(out, A, B) == []
    assert out.read_bytes() == once


def test_a_stopped_run_goes_on_where_it_was_and_ends_with_the_same_bytes(tmp_path: Path) -> None:
    whole, stopped = tmp_path / "whole.jsonl", tmp_path / "stopped.jsonl"
    run(whole, A, B, C)
    with pytest.raises(KeyboardInterrupt):
        run(stopped, A, B, C, stop_before=C)
    assert ids(stopped) == ["a", "b"]
    assert run(stopped, A, B, C) == ["c"]
    assert stopped.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("cut", [1, 20, -1])
def test_a_torn_last_line_is_mended(tmp_path: Path, cut: int) -> None:
    out = tmp_path / "out.jsonl"
    run(out, A, B)
    whole = out.read_bytes()
    first = whole.index(b"\n") + 1
    out.write_bytes(whole[: first + cut] if cut > 0 else whole[:-1])
    assert run(out, A, B) == ["b"]
    assert out.read_bytes() == whole


def test_another_flow_or_version_begins_anew(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    run(out, A, B)
    assert run(out, A, B, reader="flow-2") == ["a", "b"]
    assert [json.loads(line)["by"] for line in out.read_text().splitlines()] == ["flow-2", "flow-2"]


def test_a_changed_transcript_is_read_again_and_a_vanished_one_is_gone(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    run(out, A, B, C)
    changed = transcript("a", "other words")
    assert run(out, changed, C) == ["a"]
    assert ids(out) == ["a", "c"]


def test_the_lines_end_in_the_order_of_the_transcripts(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    run(out, C)
    run(out, A, B, C)
    assert ids(out) == ["a", "b", "c"]


def test_an_empty_input_leaves_an_empty_output(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert run(out) == []
    assert out.read_bytes() == b""


def test_what_is_not_ours_in_the_output_is_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text('{"id": "x"}\nnot json\n[1]\n')
    run(out, A)
    assert ids(out) == ["a"]


def test_a_reading_that_failed_is_read_again(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with Readings(out, "claude") as readings:
        readings.add(A, {"failures": ["timeout"]})
        readings.add(B, {})
    assert run(out, A, B, reader="claude") == ["a"]
    assert ids(out) == ["a", "b"]
    assert "timeout" not in out.read_text()
