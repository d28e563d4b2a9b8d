"""A cache of its own for each test, and a `go` that does what the test wants."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

GO = """#!/bin/sh
if [ "$1" = version ]; then echo "go version go{version} linux/amd64"; exit 0; fi
env > "{log}.env"
echo built >> "{log}"
{then}
mkdir -p "$GOBIN"
printf '#!/bin/sh\\necho a server\\n' > "$GOBIN/server"
chmod +x "$GOBIN/server"
"""
FakeGo = Callable[..., Path]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, and a PATH on which there is neither a server nor Go."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    return tmp_path / "cache" / "voyaltis-flow"


@pytest.fixture
def go(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> FakeGo:
    """Puts a `go` on PATH that builds a shell script; the log that it returns has a line for each build."""

    def make(version: str = "1.26.0", then: str = "") -> Path:
        folder = tmp_path / "go"
        folder.mkdir()
        log = tmp_path / "builds"
        write_program(folder / "go", GO.format(version=version, log=log, then=then))
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin:/bin")
        return log

    return make


def write_program(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path
