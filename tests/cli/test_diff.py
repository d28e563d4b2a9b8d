"""`diff`: what a changed flow or catalog would record of last month's transcripts, before it is published."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from voyaltis_cli.exits import Code

from tests.cli.conftest import COMMAND, Run, environment
from tests.cli.test_extract import TRANSCRIPTS, write

ROOT = Path(__file__).parents[2]


@pytest.fixture
def month(tmp_path: Path) -> None:
    """Transcripts, a flow with another word for a mood, and a catalog without a product."""
    write(tmp_path / "month.jsonl", [*TRANSCRIPTS, {"id": "tired", "turns": [{"says": "Un S25, je suis grognon."}]}])
    flow = (ROOT / "flows" / "event_debrief.yaml").read_text(encoding="utf-8")
    (tmp_path / "new.yaml").write_text(flow.replace("[énervé, ", "[grognon, énervé, "), encoding="utf-8")
    lines = (ROOT / "catalogs" / "electronics.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if "id: fr-family-hub" not in line]
    (tmp_path / "electronics.new.yaml").write_text("".join(kept), encoding="utf-8")


@pytest.mark.usefixtures("month")
def test_what_changes_is_shown_with_its_words_and_summed_up(flow: Run) -> None:
    done = flow("diff", "event_debrief", "new.yaml", "--transcripts", "month.jsonl")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == [
        "tired",
        "  ~ emotional_context: neutre (assumed) → frustré  « je suis grognon »",
    ]
    assert "4 transcripts, 1 with changes" in done.stdout


@pytest.mark.usefixtures("month")
def test_json_has_both_sides_of_each_change(flow: Run) -> None:
    catalogs = ("electronics", "electronics.new.yaml", "--flow", "event_debrief")
    told: dict[str, Any] = json.loads(flow("diff", *catalogs, "--transcripts", "month.jsonl", "--json").stdout)
    assert (told["transcripts"], told["changed"], told["totals"]) == (4, 1, {"sales": {"vanishes": 1}})
    [change] = told["changes"]
    assert (change["id"], change["kind"], change["point"]) == ("fr-1", "vanishes", "sales")
    assert (change["before"]["key"], change["before"]["value"]) == ("fr-family-hub", 1)
    assert {"turn": 1, "text": "Le Family Hub"} in change["before"]["quotes"]


@pytest.mark.usefixtures("month")
@pytest.mark.parametrize(("new", "code"), [("event_debrief", 0), ("new.yaml", Code.FAILED)])
def test_a_script_can_ask_whether_anything_changes(flow: Run, new: str, code: int) -> None:
    done = flow("diff", "event_debrief", new, "--transcripts", "month.jsonl", "--exit-code")
    assert done.returncode == code


@pytest.mark.usefixtures("month")
def test_bad_lines_are_told_and_the_others_compared(flow: Run, tmp_path: Path) -> None:
    with (tmp_path / "month.jsonl").open("a", encoding="utf-8") as file:
        file.write("{torn\n")
    done = flow("diff", "event_debrief", "new.yaml", "--transcripts", "month.jsonl")
    assert done.returncode == Code.FAILED
    assert "line 5: no JSON" in done.stderr
    assert "4 transcripts, 1 with changes" in done.stdout


@pytest.mark.usefixtures("month")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["event_debrief", "electronics"], "is a catalog"),
        (["electronics", "electronics"], "--flow event_debrief"),
        (["event_debrief", "new.yaml", "--flow", "shop_visit"], "--flow goes with two catalogs"),
        (["coach_motivating", "casual_relaxed"], "a style changes nothing"),
        (["event_debrief", "nosuch"], "named `nosuch`"),
        (["event_debrief", "nosuch.yaml"], "nosuch.yaml"),
        (["event_debrief", "./month.jsonl"], "no flow"),
        (["event_debrief", "evnt_debrief"], "Did you mean `event_debrief`?"),
    ],
)
def test_wrong_use_is_told_with_the_way_out(flow: Run, arguments: list[str], told: str) -> None:
    done = flow("diff", *arguments, "--transcripts", "month.jsonl")
    assert done.returncode == Code.MISUSE
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("month")
def test_ctrl_c_ends_it_on_all_cores(tmp_path: Path) -> None:
    write(tmp_path / "year.jsonl", [{**TRANSCRIPTS[0], "id": number} for number in range(5000)])
    command = [COMMAND, "diff", "event_debrief", "new.yaml", "--transcripts", "year.jsonl"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    time.sleep(2)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == Code.INTERRUPTED
    assert "Traceback" not in told


@pytest.mark.usefixtures("month")
def test_a_flow_with_mistakes_is_told_with_its_lines(flow: Run, tmp_path: Path) -> None:
    broken = (tmp_path / "new.yaml").read_text(encoding="utf-8").replace("budget:", "budgte:", 1)
    (tmp_path / "new.yaml").write_text(broken, encoding="utf-8")
    done = flow("diff", "event_debrief", "new.yaml", "--transcripts", "month.jsonl")
    assert done.returncode == Code.FAILED
    assert "new.yaml:" in done.stderr
    assert "budgte" in done.stderr
