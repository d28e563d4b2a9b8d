"""The wheel as a user gets it: built from the sources, installed alone, run in an empty folder."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.xdist_group("packaging")

ROOT = Path(__file__).parents[1]
SOURCES = ("pyproject.toml", "setup.py", "README.md", "LICENSE", "NOTICE")
FOLDERS = ("voyaltis_flow", "cli", "flows", "styles", "catalogs", "docs/rules")
NO_INDEX = ("No matching distribution", "NewConnectionError", "name resolution", "Max retries exceeded")
HELP_SECONDS = 0.2

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, since a build leaves its traces in the folder, and finds those of an earlier one."""
    copy = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        shutil.copy(ROOT / name, copy)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    _with_index(sys.executable, "-m", "build", "--quiet", "--outdir", str(copy / "dist"), str(copy))
    return next((copy / "dist").glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs the installed command in an empty folder, with nothing of this checkout in reach."""
    home = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    _with_index(str(home / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", str(wheel))
    empty = tmp_path_factory.mktemp("empty")
    environ = {"PATH": os.environ["PATH"], "HOME": str(empty), "LANG": "C.UTF-8"}

    def run(*arguments: str, says: str = "") -> subprocess.CompletedProcess[str]:
        command = [str(home / "bin" / "voyaltis-flow"), *arguments]
        return subprocess.run(
            command, input=says, cwd=empty, env=environ, capture_output=True, text=True, timeout=30, check=False
        )

    return run


def test_the_wheel_carries_all_that_is_not_code(wheel: Path) -> None:
    carried = set(ZipFile(wheel).namelist())
    content = {
        f"voyaltis_flow/shipped/{path.relative_to(ROOT)}"
        for name in FOLDERS[2:]
        for path in (ROOT / name).rglob("*")
        if path.is_file()
    }
    data = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "voyaltis_flow").rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    }
    assert content
    assert {"voyaltis_flow/py.typed", "voyaltis_flow/responders/prices.yaml"} <= data
    assert content | data <= carried
    assert not [name for name in carried if name.startswith("tests/")]


def test_help_answers_at_once(installed: Run) -> None:
    assert "talk" in installed("--help").stdout
    assert min(_cpu_seconds(lambda: installed("--help")) for _ in range(3)) <= HELP_SECONDS


def test_shipped_content_is_found_by_name_and_own_content_is_validated(installed: Run, tmp_path: Path) -> None:
    schema = installed("schema", "event_debrief")
    assert schema.returncode == 0, schema.stderr
    assert "sales" in json.loads(schema.stdout)["properties"]
    broken = tmp_path / "broken.yaml"
    broken.write_text("version: 2\nflow: broken\nlanguges: [fr]\n")
    assert installed("validate", str(broken)).returncode == 1
    assert installed("validate").returncode == 2
    assert installed("explain", "VF120").stdout.startswith("# VF120: ")


def test_a_debrief_can_be_had_in_an_empty_folder_with_no_key(installed: Run) -> None:
    talk = installed("talk", "event_debrief", "--plain", says="J'ai vendu deux S25.\nLes clients étaient ravis.\n")
    assert talk.returncode == 0, talk.stderr
    assert len(talk.stdout.splitlines()) >= 3
    assert "Traceback" not in talk.stderr


def _with_index(*command: str) -> None:
    """Runs a command that needs the package index; without one, the test says so and is skipped, but never in CI."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = done.stdout + done.stderr
    if done.returncode and any(sign in told for sign in NO_INDEX) and not os.environ.get("CI"):
        pytest.skip("the package index can't be reached")
    assert done.returncode == 0, told


def _cpu_seconds(action: Callable[[], object]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    action()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
