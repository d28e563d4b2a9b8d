"""The GitHub Action: sound to actionlint, and its steps do to a project what they say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from voyaltis_cli.main import COMMANDS

from tests.ci.actionlint import actionlint

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = {step.get("name", step.get("uses")): step for step in ACTION["runs"]["steps"]}
README = (ROOT / "README.md").read_text("utf-8")


def shown(file: str) -> str:
    """The block of the README that shows a file."""
    found = re.search(rf"```yml\n# {re.escape(file)}\n(.*?)```", README, re.DOTALL)
    assert found, f"the README shows no {file}"
    return found[1]


def linted(folder: Path, **workflows: Any) -> str:
    """What actionlint says of a repository with this action and these workflows."""
    where = folder / ".github" / "workflows"
    where.mkdir(parents=True)
    (folder / ".git").mkdir()
    shutil.copy(ROOT / "action.yml", folder)
    for name, workflow in workflows.items():
        text = workflow if isinstance(workflow, str) else yaml.safe_dump(workflow, sort_keys=False)
        (where / f"{name}.yml").write_text(text, "utf-8")
    command = [str(actionlint()), "-no-color", "-shellcheck=", "-pyflakes="]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def test_what_the_readme_shows_is_five_lines_that_actionlint_takes(tmp_path: Path) -> None:
    text = shown(".github/workflows/flows.yml")
    assert len(text.splitlines()) == 5
    local = re.sub(r"[\w-]+/voyaltis-flow@v[\w.]+", "./", text)
    assert local != text
    assert linted(tmp_path, flows=local) == ""


def test_a_misspelt_input_is_found_by_actionlint(tmp_path: Path) -> None:
    steps = [{"uses": "./", "with": {"path": "flows"}}]
    told = linted(tmp_path, flows={"on": "push", "jobs": {"x": {"runs-on": "ubuntu-latest", "steps": steps}}})
    assert 'input "path" is not defined in action "Voyaltis Flow"' in told


def test_the_steps_and_their_expressions_are_sound(tmp_path: Path) -> None:
    """actionlint does not look into composite steps; as those of a workflow with the same inputs, it does."""
    inputs = {name: {"type": "string", "default": each["default"]} for name, each in ACTION["inputs"].items()}
    job = {"runs-on": "ubuntu-latest", "steps": ACTION["runs"]["steps"]}
    assert linted(tmp_path, steps={"on": {"workflow_call": {"inputs": inputs}}, "jobs": {"flows": job}}) == ""


def test_no_input_is_written_into_a_script() -> None:
    """What a workflow passes in reaches a shell as a variable, never as code."""
    assert [name for name, step in STEPS.items() if "${{" in step.get("run", "")] == []


def run(step: str, folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Runs a step as the runner does, with the inputs that are given and the defaults of the others."""
    given = {name: each["default"] for name, each in ACTION["inputs"].items()} | inputs
    environ = {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: given[found[1]], value)
        for name, value in STEPS[step]["env"].items()
    }
    here = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(folder), "LANG": "C.UTF-8"}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[step]["run"]],
        cwd=folder,
        env=here | environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the debrief and what lies beside it."""
    (tmp_path / "flows").mkdir()
    for file in (ROOT / "flows").glob("event_debrief*"):
        shutil.copy(file, tmp_path / "flows")
    return tmp_path


def test_validating_takes_what_is_right_and_shows_what_is_not_beside_its_line(project: Path) -> None:
    assert run("Validate", project).returncode == 0
    flow = project / "flows" / "event_debrief.yaml"
    flow.write_text(flow.read_text("utf-8").replace("budget:", "budgte:", 1), "utf-8")
    done = run("Validate", project)
    assert done.returncode == 1
    assert re.search(
        r"^::error file=flows/event_debrief.yaml,line=\d+,col=\d+,title=VF120::", done.stdout, re.MULTILINE
    )
    assert run("Validate", project, paths="flows/nosuch.yaml").returncode == 2


def test_warnings_fail_where_that_is_wanted(project: Path) -> None:
    flow = project / "flows" / "event_debrief.yaml"
    flow.write_text(flow.read_text("utf-8").replace("catalog: electronics\n", "", 1), "utf-8")
    assert run("Validate", project, paths="flows").returncode == 0
    assert run("Validate", project, paths="flows", strict="true").returncode == 1


@pytest.mark.skipif("simulate" not in COMMANDS, reason="there is no `voyaltis-flow simulate` yet")
def test_simulating_holds_the_scenarios_and_leaves_their_results(project: Path) -> None:
    done = run("Simulate", project, flows="event_debrief", runs="5", junit="results.xml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "<testsuite" in (project / "results.xml").read_text("utf-8")
    assert run("Simulate", project, flows="nosuch").returncode == 2
