from __future__ import annotations

import sys

import pytest
from voyaltis_cli.main import main

from voyaltis_flow.script.problems import CODES


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def call(*args: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["voyaltis-flow", "explain", *args])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        return int(end.value.code or 0), out, err

    return call


def test_a_rule_is_explained_by_its_page(run, pytestconfig: pytest.Config) -> None:
    page = (pytestconfig.rootpath / "docs" / "rules" / "VF312.md").read_text("utf-8")
    assert run("VF312") == (0, page, "")
    assert run("vf312") == (0, page, "")


def test_without_a_code_all_are_listed(run) -> None:
    code, out, _ = run()
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == sorted(CODES)


@pytest.mark.parametrize(("asked", "hint"), [("VF3012", "Did you mean `VF301`?"), ("sales", "`explain` alone lists")])
def test_a_code_that_there_is_not_is_wrong_use(run, asked: str, hint: str) -> None:
    code, out, err = run(asked)
    assert (code, out) == (2, "")
    assert hint in err
