"""`validate --watch`, as it runs in a terminal beside an editor."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

GOOD = "version: 1\nflow: x\nnotice: x\nopening: x?\npoints: [{id: a, type: text, collect: x}]\n"


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "x.yaml").write_text(GOOD)
    command = [str(Path(sys.executable).parent / "voyaltis-flow"), "validate", "--watch"]
    process = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1
    )
    yield process
    process.kill()
    process.communicate()


def until(process: subprocess.Popen[str], words: str) -> list[str]:
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if words in line:
            return lines
    raise AssertionError(f"it ended without {words!r}: {lines}")


def test_every_change_is_told_until_it_is_interrupted(watching: subprocess.Popen[str], tmp_path: Path) -> None:
    until(watching, "all fine")
    (tmp_path / "flows" / "x.yaml").write_text(GOOD + "titel: x\n")
    assert any("VF120" in line for line in until(watching, "1 error"))
    saved = tmp_path / "flows" / "x.new"
    saved.write_text(GOOD)
    saved.rename(tmp_path / "flows" / "x.yaml")
    until(watching, "all fine")
    watching.send_signal(signal.SIGINT)
    assert watching.wait(10) == 130
