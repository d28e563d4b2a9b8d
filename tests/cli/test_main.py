"""The command as a whole: quick to answer, and no traceback for a user, ever."""

from __future__ import annotations

import os
import subprocess
from importlib.metadata import version

import pytest
from voyaltis_cli import main as command
from voyaltis_cli.exits import Code, CommandError

from tests.cli.conftest import COMMAND, Run, environment


def test_help_names_every_command_and_imports_none(flow: Run) -> None:
    done = flow("--help", PYTHONVERBOSE="")
    assert done.returncode == 0
    for name in command.COMMANDS:
        assert name in done.stdout
    loaded = subprocess.run(
        [COMMAND, "--help"], env=environment(PYTHONPROFILEIMPORTTIME="1"), capture_output=True, text=True, check=True
    ).stderr
    for heavy in ("pydantic", "jinja2", "jsonschema", "rich", "anthropic", "yaml", "voyaltis_flow.engine"):
        assert f" {heavy}\n" not in loaded


def test_help_takes_a_fifth_of_a_second_of_cpu() -> None:
    before = os.times()
    subprocess.run([COMMAND, "--help"], env=environment(), capture_output=True, check=True)
    after = os.times()
    spent = after.children_user - before.children_user + after.children_system - before.children_system
    assert spent <= 0.2


@pytest.mark.parametrize("name", command.COMMANDS)
def test_every_command_has_help(flow: Run, name: str) -> None:
    done = flow(name, "--help")
    assert done.returncode == 0, done.stderr
    assert "Usage: voyaltis-flow" in done.stdout


def test_the_version_is_the_packages(flow: Run) -> None:
    assert flow("--version").stdout == f"{version('voyaltis-flow')}\n"


@pytest.mark.parametrize(
    "arguments", [["tlk"], ["talk"], ["talk", "event_debrief", "--stile", "x"], ["talk", "nosuch"]]
)
def test_wrong_use_is_told_in_words_and_exits_with_2(flow: Run, arguments: list[str]) -> None:
    done = flow(*arguments)
    assert done.returncode == Code.MISUSE
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_a_flow_with_mistakes_is_told_with_its_lines_and_exits_with_1(flow: Run, tmp_path: object) -> None:
    broken = f"{tmp_path}/broken.yaml"
    with open(broken, "w", encoding="utf-8") as file:
        file.write("version: 2\nflow: broken\nopening: Hi?\npoints: []\nclozing: Bye\n")
    done = flow("talk", broken)
    assert done.returncode == Code.FAILED
    assert "broken.yaml:5:1" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("raised", "code", "told"),
    [
        (CommandError(Code.LACKING, "no key"), 3, "voyaltis-flow: no key\n"),
        (KeyboardInterrupt(), 130, ""),
        (
            FileNotFoundError(2, "No such file or directory", "x.yaml"),
            2,
            "voyaltis-flow: x.yaml: No such file or directory\n",
        ),
        (RuntimeError("oops"), 1, "voyaltis-flow: internal fault: RuntimeError: oops (VOYALTIS_DEBUG=1 shows where"),
    ],
)
def test_whatever_is_raised_ends_in_a_line_and_a_code(
    raised: BaseException, code: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> None:
        raise raised

    monkeypatch.setattr(command, "get_command", lambda app: fail)
    monkeypatch.delenv("VOYALTIS_DEBUG", raising=False)
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == code
    assert capsys.readouterr().err.startswith(told)


def test_an_internal_fault_can_be_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("oops")

    monkeypatch.setattr(command, "get_command", lambda app: fail)
    monkeypatch.setenv("VOYALTIS_DEBUG", "1")
    with pytest.raises(RuntimeError, match="oops"):
        command.main()
