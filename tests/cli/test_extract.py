"""`extract`: what transcripts say, line by line, in a run that can be stopped and gone on with."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from voyaltis_cli.exits import Code

from tests.cli.conftest import COMMAND, Run, environment

TRANSCRIPTS: list[dict[str, Any]] = [
    {
        "id": "fr-1",
        "lang": "fr",
        "turns": [
            {"asked": "opening", "says": "Deux S25 et un frigo."},
            {"asked": "which:refrigerateur", "says": "Le Family Hub."},
            {"asked": "customer_feedback", "says": "Ils ont adoré l'image."},
        ],
    },
    {
        "id": "en-1",
        "lang": "en",
        "turns": [{"says": "Three S25 Ultra. I'm done, let's stop here."}, {"says": "And two Galaxy Ring."}],
    },
    {"id": 3, "turns": []},
]
POINTS = {"sales", "customer_feedback", "emotional_context", "key_insights"}
ALWAYS = {"id", "unresolved", "outside_catalog", "wants_to_stop", "gaps", "evidence", "reading"}


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def read(flow: Run, tmp_path: Path) -> Run:
    """Runs `extract` from in.jsonl to out.jsonl."""

    def run(*more: str, to: str = "event_debrief") -> subprocess.CompletedProcess[str]:
        return flow("extract", "--flow", to, "--input", "in.jsonl", "--output", "out.jsonl", *more)

    return run


def test_a_line_out_has_each_point_of_the_flow_and_what_is_not_settled(read: Run, tmp_path: Path) -> None:
    write(tmp_path / "in.jsonl", TRANSCRIPTS)
    assert read().returncode == 0
    first, second, empty = rows_of(tmp_path / "out.jsonl")
    assert set(first) == POINTS | ALWAYS
    assert first["sales"] == {"ph-s25": 2, "fr-family-hub": 1}
    assert first["customer_feedback"] == "Ils ont adoré l'image"
    assert first["emotional_context"] == "neutre"
    assert {"turn": 0, "text": "Deux S25"} in first["evidence"][0]["quotes"]
    assert (empty["id"], empty["sales"], empty["wants_to_stop"]) == (3, {}, False)
    assert second["id"] == "en-1"


def test_reading_goes_on_after_the_wish_to_stop(read: Run, tmp_path: Path) -> None:
    write(tmp_path / "in.jsonl", TRANSCRIPTS[1:2])
    read()
    [row] = rows_of(tmp_path / "out.jsonl")
    assert row["wants_to_stop"] is True
    assert row["sales"] == {"ph-s25-ultra": 3, "bg-ring": 2}


def test_the_budget_does_not_end_the_reading(read: Run, tmp_path: Path) -> None:
    turns = [{"says": "Bon."}] * 30 + [{"asked": "sales", "says": "Deux S25."}]
    write(tmp_path / "in.jsonl", [{"id": 1, "lang": "fr", "turns": turns}])
    read()
    assert rows_of(tmp_path / "out.jsonl")[0]["sales"] == {"ph-s25": 2}


def test_bad_lines_are_told_and_skipped_and_exit_with_1(read: Run, tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", [TRANSCRIPTS[0], TRANSCRIPTS[0], TRANSCRIPTS[2]])
    source.write_text(source.read_text(encoding="utf-8") + "{torn", encoding="utf-8")
    done = read()
    assert done.returncode == Code.FAILED
    assert "line 2: the id 'fr-1' was there before, in line 1; skipped" in done.stderr
    assert "line 4: no JSON" in done.stderr
    assert "2 read" in done.stderr
    assert [row["id"] for row in rows_of(tmp_path / "out.jsonl")] == ["fr-1", 3]


def test_a_second_run_keeps_what_is_there_and_another_flow_does_not(read: Run, tmp_path: Path) -> None:
    write(tmp_path / "in.jsonl", TRANSCRIPTS)
    read()
    once = (tmp_path / "out.jsonl").read_bytes()
    assert "0 read" in (done := read()).stderr
    assert "3 kept" in done.stderr
    assert (tmp_path / "out.jsonl").read_bytes() == once
    assert "3 read" in read("--catalog", "showroom").stderr
    assert "3 read" in read(to="shop_visit").stderr
    assert all("facings" in row and "sales" not in row for row in rows_of(tmp_path / "out.jsonl"))


def test_an_interrupted_run_goes_on_and_ends_with_the_same_bytes(read: Run, tmp_path: Path) -> None:
    many = [{**TRANSCRIPTS[0], "id": number} for number in range(3000)]
    write(tmp_path / "in.jsonl", many)
    command = [COMMAND, "extract", "--flow", "event_debrief", "--input", "in.jsonl", "--output", "out.jsonl"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, text=True)
    out = tmp_path / "out.jsonl"
    while not out.exists() or out.stat().st_size < 20_000:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=20)
    assert process.returncode == Code.INTERRUPTED
    assert "Traceback" not in told
    done = len(rows_of(out))
    assert 0 < done < len(many)
    write(tmp_path / "in.jsonl", many[: done + 3])
    assert "3 read in" in (again := read()).stderr
    assert f"{done} kept" in again.stderr
    resumed = out.read_bytes()
    out.unlink()
    read()
    assert out.read_bytes() == resumed


def test_a_file_that_holds_something_else_is_left_alone(read: Run, tmp_path: Path) -> None:
    write(tmp_path / "in.jsonl", TRANSCRIPTS)
    (tmp_path / "out.jsonl").write_text("version: 2\nflow: mine\n")
    done = read()
    assert (done.returncode, (tmp_path / "out.jsonl").read_text()) == (2, "version: 2\nflow: mine\n")
    assert "holds something else" in done.stderr


def test_an_empty_file_is_no_mistake(read: Run, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").touch()
    done = read()
    assert done.returncode == 0
    assert "0 read" in done.stderr
    assert (tmp_path / "out.jsonl").read_bytes() == b""


def test_accents_emoji_and_halves_of_characters_come_through(read: Run, tmp_path: Path) -> None:
    turns = '[{"asked": "customer_feedback", "says": "Ils trouvent ça génial 🎉 \\ud83d"}]'
    (tmp_path / "in.jsonl").write_text(f'{{"id": "é🎉", "lang": "fr", "turns": {turns}}}\n', encoding="utf-8")
    assert read().returncode == 0
    [row] = rows_of(tmp_path / "out.jsonl")
    assert row["id"] == "é🎉"
    assert "Ils trouvent ça génial" in row["customer_feedback"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--flow", "event_debrief", "--input", "nosuch.jsonl", "--output", "out.jsonl"],
        ["--flow", "nosuch", "--input", "in.jsonl", "--output", "out.jsonl"],
        ["--flow", "event_debrief", "--input", "in.jsonl", "--output", "in.jsonl"],
        ["--flow", "event_debrief", "--input", "in.jsonl", "--output", "no/such/out.jsonl"],
    ],
)
def test_wrong_use_exits_with_2_and_leaves_the_input_alone(flow: Run, tmp_path: Path, arguments: list[str]) -> None:
    source = write(tmp_path / "in.jsonl", TRANSCRIPTS)
    before = source.read_bytes()
    done = flow("extract", *arguments)
    assert done.returncode == Code.MISUSE
    assert "Traceback" not in done.stderr
    assert source.read_bytes() == before
    assert not (tmp_path / "out.jsonl").exists()


def test_a_key_in_the_environment_does_not_make_a_month_of_transcripts_cost_money(flow: Run, tmp_path: Path) -> None:
    write(tmp_path / "in.jsonl", TRANSCRIPTS)
    done = flow(
        *("extract", "--flow", "event_debrief", "--input", "in.jsonl", "--output", "out.jsonl"),
        ANTHROPIC_API_KEY="any",
        ANTHROPIC_BASE_URL="http://127.0.0.1:9",
    )
    assert done.returncode == 0
    assert "3 read" in done.stderr


def test_a_responder_that_fails_is_told_and_tried_again(flow: Run, tmp_path: Path) -> None:
    write(tmp_path / "in.jsonl", TRANSCRIPTS[:1])
    command = ("extract", "--flow", "event_debrief", "--input", "in.jsonl", "--output", "out.jsonl")
    nowhere = {"ANTHROPIC_API_KEY": "any", "ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}
    for _ in range(2):
        done = flow(*command, "--responder", "claude", **nowhere)
        assert done.returncode == Code.FAILED
        assert "1 read" in done.stderr
        assert "network" in done.stderr
    [row] = rows_of(tmp_path / "out.jsonl")
    assert row["sales"] == {"ph-s25": 2, "fr-family-hub": 1}
    assert row["failures"]
