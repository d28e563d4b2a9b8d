"""The pre-commit hooks, with the real pre-commit: installed from this very tree, without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import yaml
from voyaltis_cli.main import COMMANDS

from tests.ci.test_action import shown

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "build", "*.egg-info", "__pycache__", ".*_cache", "node_modules")
IDENTITY = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main")


def git(folder: Path, *arguments: str) -> str:
    command = ["git", *IDENTITY, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This tree as a repository of its own."""
    folder = tmp_path_factory.mktemp("source") / "voyaltis-flow"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT, symlinks=True)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "all of it")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps what it has installed: once for all tests."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def project(tmp_path: Path, repository: Path) -> Path:
    """A manager's repository, with the configuration that the README shows."""
    config = yaml.safe_load(shown(".pre-commit-config.yaml"))
    config["repos"][0] |= {"repo": str(repository), "rev": git(repository, "rev-parse", "HEAD")}
    if "simulate" not in COMMANDS:
        config["repos"][0]["hooks"] = [{"id": "voyaltis-flow-validate"}]
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    (tmp_path / "flows").mkdir()
    for file in (ROOT / "flows").glob("event_debrief*"):
        shutil.copy(file, tmp_path / "flows")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    return tmp_path


def committed(project: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """What the hooks say of all that is staged. What the package needs comes from here, not from a network."""
    offline = {
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip's way to say: build with what is here
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "PRE_COMMIT_HOME": str(home),
        "HOME": str(home),
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "LANG": "C.UTF-8",
    }
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--all-files", "--verbose"],
        cwd=project,
        env=offline,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_manifest_is_one_that_pre_commit_takes() -> None:
    manifest = ROOT / ".pre-commit-hooks.yaml"
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", manifest], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_what_is_right_is_committed(project: Path, home: Path) -> None:
    done = committed(project, home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Passed") == (2 if "simulate" in COMMANDS else 1)


def test_a_flow_with_a_mistake_is_not_committed_and_the_mistake_is_told(project: Path, home: Path) -> None:
    flow = project / "flows" / "event_debrief.yaml"
    flow.write_text(flow.read_text("utf-8").replace("budget:", "budgte:", 1), "utf-8")
    git(project, "add", "--all")
    done = committed(project, home)
    assert done.returncode == 1
    assert "VF120 `budgte`" in done.stdout


def test_a_commit_without_content_runs_nothing(project: Path, home: Path) -> None:
    git(project, "rm", "--quiet", "-r", "--cached", "flows")
    shutil.rmtree(project / "flows")
    done = committed(project, home)
    assert done.returncode == 0
    assert "no files to check" in done.stdout
