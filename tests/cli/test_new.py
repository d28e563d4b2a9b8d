"""A project from nothing, by the commands that a manager types."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_a_new_project_validates_is_laid_out_and_holds_its_scenarios(flow: Run, tmp_path: Path) -> None:
    made = flow("init")
    assert (made.returncode, "flows/my_debrief.yaml" in made.stdout.splitlines()) == (0, True)
    for command in (["validate", "--strict"], ["fmt", "--check"], ["simulate", "--runs", "20"]):
        done = flow(*command)
        assert done.returncode == 0, done.stdout + done.stderr
    again = flow("init")
    assert (again.returncode, again.stdout) == (0, "")
    assert "flows/my_debrief.yaml is there already" in again.stderr


def test_what_is_new_is_named_and_holds(flow: Run, tmp_path: Path) -> None:
    assert flow("new", "flow", "visit", "--like", "shop_visit").stdout == "flows/visit.yaml\n"
    assert flow("new", "style", "brisk").stdout == "styles/brisk.yaml\n"
    assert flow("new", "catalog", "tools").stdout == "catalogs/tools.yaml\n"
    assert flow("new", "scenario", "visit").stdout == "flows/visit.scenarios.yaml\n"
    assert flow("validate", "--strict").returncode == 0
    assert flow("simulate", "visit", "--runs", "4").returncode == 0


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (["thing", "x"], 2, "flow, style, catalog, scenario"),
        (["flow", "a b"], 2, "can't be a name"),
        (["flow", "x", "--like", "nobody"], 2, "No flow is named"),
        (["scenario", "nobody"], 2, "No flow is named"),
        (["scenario", "bad"], 1, "flows/bad.yaml:1:1: VF121"),
        (["scenario", "bad", "--like", "other"], 2, "--like"),
        (["scenario", "event_debrief"], 2, "`event_debrief` ships"),
    ],
)
def test_what_can_not_be_new_is_told(flow: Run, tmp_path: Path, args: list[str], code: int, told: str) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "bad.yaml").write_text("version: 2\nflow: bad\n")
    done = flow("new", *args)
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr
