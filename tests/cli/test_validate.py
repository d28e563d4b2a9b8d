from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from voyaltis_cli.main import main

GOOD = "version: 2\nflow: good\nopening: x?\nnotice: x\npoints: [{id: a, type: text, collect: x}]\n"
WARNED = GOOD.replace("type: text", "type: quantities")
BAD = GOOD + "titel: 😀\nclosing: '😀 {{ rep.nme }}'\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.chdir(tmp_path)

    def call(*args: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["voyaltis-flow", *args])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        return int(end.value.code or 0), out, err

    return call


def test_content_without_problems_exits_0_and_says_so(run, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(GOOD)
    code, out, err = run("validate", "x.yaml")
    assert (code, out) == (0, "")
    assert err.endswith("\n1 file: all fine\n")


def test_what_a_flow_takes_at_the_most_is_told_with_the_rates_of_speech(run, tmp_path: Path) -> None:
    asked = GOOD.replace("collect: x", "required: true, collect: x, ask: Why and how and when was it?")
    (tmp_path / "x.yaml").write_text(asked)
    _, _, err = run("validate", "x.yaml")
    assert err.startswith("x.yaml: at most 2 questions and 0.6 minutes\nMinutes: the agent says 160 words a minute, ")


def test_a_problem_shows_its_line_a_caret_and_the_way_out(run, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(BAD)
    code, out, err = run("validate", "x.yaml")
    assert code == 1
    assert out.splitlines() == [
        "x.yaml:6:1: VF120 `titel` is not a key that is known here.",
        "    titel: 😀",
        "    ^",
        "    Did you mean `title`?",
        "x.yaml:7:20: VF208 `rep` has no `nme`.",
        "    closing: '😀 {{ rep.nme }}'",
        "                        ^",
        "    Did you mean `name`?",
    ]
    assert err == "1 file: 2 errors, 0 warnings\n"


def test_json_has_every_field_and_nothing_else(run, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(BAD)
    code, out, _ = run("validate", "--format", "json", "x.yaml")
    first, second = json.loads(out)
    assert code == 1
    assert first == {
        "code": "VF120",
        "severity": "error",
        "path": "x.yaml",
        "line": 6,
        "column": 1,
        "message": "`titel` is not a key that is known here.",
        "hint": "Did you mean `title`?",
    }
    assert (second["line"], second["column"]) == (7, 20)


def test_json_of_no_problems_is_an_empty_list(run, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(GOOD)
    assert run("validate", "--format", "json", "x.yaml")[:2] == (0, "[]\n")


def test_github_gets_a_command_per_problem(run, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(WARNED)
    code, out, _ = run("validate", "--format", "github", "x.yaml")
    assert code == 0
    assert out.startswith("::warning file=x.yaml,line=5,col=24,title=VF308::VF308 `a` collects products")


def test_warnings_fail_only_when_strict(run, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(WARNED)
    assert run("validate", "x.yaml")[0] == 0
    assert run("validate", "--strict", "x.yaml")[0] == 1


def test_the_project_is_validated_by_default(run, tmp_path: Path) -> None:
    (tmp_path / "voyaltis.yaml").write_text("modle: x\n")
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "x.yaml").write_text(BAD)
    (tmp_path / "elsewhere.yaml").write_text(BAD)
    code, out, _ = run("validate", "--format", "json")
    assert code == 1
    assert {problem["path"] for problem in json.loads(out)} == {"flows/x.yaml", "voyaltis.yaml"}


@pytest.mark.parametrize("args", [["none.yaml"], [], ["--format", "xml", "x.yaml"]])
def test_wrong_use_exits_2_and_says_why(run, args: list[str]) -> None:
    code, out, err = run("validate", *args)
    assert (code, out) == (2, "")
    assert err.startswith("voyaltis-flow: ")


def test_a_long_line_is_cut_around_its_caret(run, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(GOOD + "closing: " + "é" * 5000 + " {{ x }} " + "é" * 5000)
    _, out, _ = run("validate", "x.yaml")
    _, line, caret, *_ = out.splitlines()
    assert len(line) < 120
    assert line[caret.index("^")] == "x"
