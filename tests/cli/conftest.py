"""The command as a user has it: a process, its input and output, its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).parent / "voyaltis-flow")
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def environment(**more: str) -> dict[str, str]:
    """An environment with nothing in it that a test did not ask for."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8", "TERM": "xterm", **more}


@pytest.fixture
def flow(tmp_path: Path) -> Run:
    """Runs `voyaltis-flow` in an empty folder."""

    def run(*arguments: str, said: str | bytes = "", **environ: str) -> subprocess.CompletedProcess[str]:
        fed = said if isinstance(said, bytes) else said.encode()
        done = subprocess.run(
            [COMMAND, *arguments],
            input=fed,
            cwd=tmp_path,
            env=environment(**environ),
            capture_output=True,
            timeout=60,
            check=False,
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run
