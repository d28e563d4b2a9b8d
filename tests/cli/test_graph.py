from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_a_flow_is_drawn_as_its_output_is_named(flow: Run, tmp_path: Path) -> None:
    assert flow("graph", "event_debrief").stdout.splitlines()[3] == "flowchart TD"
    done = flow("graph", "event_debrief", "--output", "flow.svg")
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "flow.svg").read_text("utf-8").startswith("<svg ")
    assert flow("graph", "event_debrief", "--format", "svg", "--lang", "en").stdout.startswith("<svg ")


def test_what_can_not_be_drawn_is_told(flow: Run, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("version: 2\nflow: x\n")
    assert [flow("graph", *args).returncode for args in (["nobody"], ["x.yaml"])] == [2, 1]
    for args in (["--format", "png"], ["--lang", "de"], ["--output", "nowhere/x.svg"]):
        assert flow("graph", "event_debrief", *args).returncode == 2


def test_content_is_never_drawn_over_and_another_ending_is_told(flow: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("version: 2\nflow: mine\npoints: []\n")
    done = flow("graph", "event_debrief", "--output", "mine.yaml", "--format", "mermaid")
    assert (done.returncode, (tmp_path / "mine.yaml").read_text()) == (2, "version: 2\nflow: mine\npoints: []\n")
    assert flow("graph", "event_debrief", "--output", "mine.png").returncode == 2
