"""What people hand in as transcripts: every line is either read or reported, none is silently lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voyaltis_flow.transcripts.lines import BadLine, Said, Transcript, read_transcripts


def lines_of(folder: Path, content: bytes) -> list[Transcript | BadLine | None]:
    path = folder / "in.jsonl"
    path.write_bytes(content)
    return [line.holds for line in read_transcripts(path)]


def test_a_transcript_keeps_what_was_asked_and_said(tmp_path: Path) -> None:
    row = {"id": "a", "lang": "fr", "turns": [{"asked": "opening", "says": "Deux S25."}, {"says": "C'est tout."}]}
    [read] = lines_of(tmp_path, json.dumps(row).encode())
    assert isinstance(read, Transcript)
    assert (read.id, read.lang) == ("a", "fr")
    assert read.turns == (Said("Deux S25.", "opening"), Said("C'est tout.", None))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"{torn", "no JSON"),
        (b"[1, 2]", "not an object"),
        (b'{"turns": []}', "`id` is missing"),
        (b'{"id": true, "turns": []}', "`id` is missing"),
        (b'{"id": "a"}', "`turns` is missing"),
        (b'{"id": "a", "turns": [{"text": "x"}]}', "turn 0 has no text"),
        (b'{"id": "a", "turns": [{"says": "x", "asked": 3}]}', "`asked` is no text"),
        (b'{"id": "a", "lang": 3, "turns": []}', "`lang` is a language"),
        (b'{"id": "\xff"}', "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_the_others_are_read(tmp_path: Path, line: bytes, why: str) -> None:
    good = b'{"id": "good", "turns": []}'
    first, bad, last = lines_of(tmp_path, b"\n".join([b'{"id": 1, "turns": []}', line, good]))
    assert isinstance(first, Transcript)
    assert isinstance(bad, BadLine)
    assert isinstance(last, Transcript)
    assert bad.number == 2
    assert why in bad.why


def test_the_second_of_two_equal_ids_is_a_bad_line_that_names_the_first(tmp_path: Path) -> None:
    line = b'{"id": "a", "turns": []}\n'
    first, second = lines_of(tmp_path, line * 2)
    assert isinstance(first, Transcript)
    assert isinstance(second, BadLine)
    assert "line 1" in second.why


def test_blank_lines_windows_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    held = lines_of(tmp_path, b'\xef\xbb\xbf{"id": "a", "turns": []}\r\n\r\n{"id": "b", "turns": []}\r\n')
    assert [row.id for row in held if isinstance(row, Transcript)] == ["a", "b"]
    assert not any(isinstance(row, BadLine) for row in held)


def test_half_a_character_does_not_stop_the_reading(tmp_path: Path) -> None:
    [read] = lines_of(tmp_path, b'{"id": "a", "turns": [{"says": "deux \\ud83d S25"}]}')
    assert isinstance(read, Transcript)
    assert read.turns[0].says == "deux ? S25"


def test_the_sizes_add_up_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes("é\n\n{}".encode())
    assert sum(line.size for line in read_transcripts(path)) == path.stat().st_size


@given(st.lists(st.binary(max_size=40)))
def test_whatever_the_bytes_every_line_has_an_answer(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    held = lines_of(tmp_path_factory.mktemp("any"), b"\n".join(lines))
    assert all(isinstance(row, Transcript | BadLine | None) for row in held)
